/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/reconcile.h"

#include <stdlib.h>

#include "table/reconcile_set.h"

/* In the order of the report. */
const struct class_info reconcile_classes[CLASSES] = {
    [CLASS_SUPERSEDED] = {"superseded", "un chiffre plus récent du même producteur le remplace",
                          "a later vintage of the same producer replaces it",
                          "رقم أحدث من المنتج نفسه يحل محله", find_superseded},
    [CLASS_PART_PERIOD] = {"part-period", "une partie de la période imprimée comme le tout",
                           "a part of the period printed as the whole",
                           "جزء من الفترة نُشر على أنه الكل", find_part_period},
    [CLASS_CUTOFF] = {"cutoff", "des cumuls d’une même année arrêtés à des dates différentes",
                      "running totals of one year, cut off on different days",
                      "مجاميع السنة نفسها موقوفة في تواريخ مختلفة", find_cutoff},
    [CLASS_MISPRINT] = {"misprint", "un chiffre changé", "one digit replaced", "رقم واحد مغير",
                        find_slips},
    [CLASS_PERMUTED] = {"permuted", "des chiffres permutés", "the same digits in another order",
                        "أرقام مقلوبة الترتيب", NULL},
    [CLASS_REVERSED] = {"reversed", "des chiffres lus de droite à gauche",
                        "digits read from right to left", "أرقام قُرئت من اليمين إلى اليسار", NULL},
    [CLASS_TENFOLD] = {"factor-ten", "un facteur dix", "ten times, or a tenth",
                       "عشرة أضعاف أو العُشر", NULL},
    [CLASS_PRODUCERS] = {"producers", "des producteurs différents", "producers differ",
                         "منتجون مختلفون", find_producers},
    [CLASS_SCOPES] = {"scopes", "des champs différents", "scopes differ", "نطاقات مختلفة",
                      find_scopes},
    [CLASS_PRINTINGS] = {"printings", "deux impressions d’un même chiffre",
                         "two printings of one figure differ", "نشرتان مختلفتان للرقم نفسه",
                         find_printings},
    [CLASS_LABELS] = {"labels", "mêmes valeurs, libellés décalés",
                      "the same values under other labels", "القيم نفسها تحت تسميات أخرى",
                      find_labels},
    [CLASS_SUM] = {"sum", "les parties ne font pas le total", "parts do not add to the total",
                   "الأجزاء لا تساوي المجموع", find_sum},
    [CLASS_OVERLAP] = {"overlap", "des classes qui se recouvrent", "classes that overlap",
                       "فئات متداخلة", find_overlap},
    [CLASS_SHARE] = {"share", "une part ou un taux qui ne suit pas des effectifs",
                     "a share or rate that does not follow from its parts",
                     "نسبة لا تنتج عن أعدادها", find_share},
    [CLASS_FALLING] = {"falling", "un cumul qui baisse", "a cumulative that falls",
                       "مجموع تراكمي ينخفض", find_falling},
    [CLASS_YEARS] = {"sum-years", "la somme des années contre le cumul publié",
                     "the sum of years against a published cumulative",
                     "مجموع السنوات مقابل التراكم المنشور", find_years},
    [CLASS_CONFUSABLE] = {"confusable", "un pays pris pour un autre",
                          "one country taken for another", "بلد أُخذ مكان آخر", find_confusable},
    [CLASS_NEIGHBOUR] = {"neighbour", "la valeur de la ligne voisine recopiée",
                         "the value of the adjacent row copied", "قيمة السطر المجاور منسوخة",
                         find_neighbour},
    [CLASS_MONEY] = {"money", "un multiple exact d’une série d’argent",
                     "an exact multiple of a series of money", "مضاعف تام لسلسلة مالية",
                     find_money},
    [CLASS_ROUNDED] = {"rounded", "un arrondi ou une borne contre la valeur exacte",
                       "a rounded figure or a bound against the exact one",
                       "تقريب أو حد مقابل القيمة الدقيقة", find_rounded},
    [CLASS_PLANNED] = {"planned", "prévu contre réalisé", "planned against achieved",
                       "متوقع مقابل منجز", find_planned},
    [CLASS_DIRECTION] = {"direction", "le flux inverse", "the opposite flow", "التدفق المعاكس",
                         find_direction},
    [CLASS_TEXT] = {"text", "le texte contre le chiffre", "the text against the figure",
                    "النص مقابل الرقم", find_text},
};

/* What explains a difference comes before what only states it. */
static const enum finding_class run_order[] = {
    CLASS_PLANNED,   CLASS_LABELS,    CLASS_NEIGHBOUR, CLASS_CONFUSABLE,  CLASS_MONEY,
    CLASS_MISPRINT,  CLASS_ROUNDED,   CLASS_SHARE,     CLASS_PART_PERIOD, CLASS_FALLING,
    CLASS_YEARS,     CLASS_SUM,       CLASS_OVERLAP,   CLASS_SCOPES,      CLASS_SUPERSEDED,
    CLASS_PRINTINGS, CLASS_PRODUCERS, CLASS_CUTOFF,    CLASS_DIRECTION,   CLASS_TEXT,
};

enum finding_class reconcile_class(struct text name)
{
    int i = 0;
    while (i < CLASSES && !text_equal(name, text_of(reconcile_classes[i].name)))
        i++;
    return (enum finding_class)i;
}

struct claim *claims_add(struct claims *s)
{
    s->at = arena_grow(s->arena, s->at, s->count, &s->room, sizeof *s->at);
    return s->at[s->count++] = arena_zalloc(s->arena, sizeof(struct claim));
}

/* ---- groups and lists ---- */

static int number_compare(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int group_order(const struct claim *a, const struct claim *b)
{
    int order = text_compare(a->indicator, b->indicator);
    if (!order)
        order = (int)a->percent - (int)b->percent;
    return order ? order : text_compare(a->place, b->place);
}

static int group_compare(const void *a, const void *b)
{
    const struct claim *x = *(struct claim *const *)a, *y = *(struct claim *const *)b;
    int order = group_order(x, y);
    if (!order)
        order = span_compare(x->period, y->period);
    return order ? order : number_compare(x->row, y->row);
}

static void make_groups(struct claims *s)
{
    struct claim **at = arena_array(s->arena, s->count, sizeof *at);
    s->group = arena_zarray(s->arena, s->count, sizeof *s->group);
    s->cell = arena_zarray(s->arena, s->count, sizeof *s->cell);
    for (uint32_t i = 0; i < s->count; i++)
        at[i] = s->at[i];
    if (s->count)
        qsort(at, s->count, sizeof *at, group_compare);
    for (uint32_t i = 0; i < s->count; i++) {
        if (!i || group_order(at[i - 1], at[i]))
            s->group[s->groups++].claim = at + i;
        s->group[s->groups - 1].claims++;
        at[i]->group = s->groups - 1;
        if (!i || !claims_same_cell(at[i - 1], at[i]))
            s->cell[s->cells++].claim = at + i;
        s->cell[s->cells - 1].claims++;
    }
}

struct entry {
    struct claim *claim;
    uint32_t axis;
    struct text context;
};

static int list_order(const struct entry *a, const struct entry *b)
{
    const struct claim *x = a->claim, *y = b->claim;
    int order = text_compare(x->indicator, y->indicator);
    if (!order)
        order = (int)x->percent - (int)y->percent;
    if (!order)
        order = text_compare(x->axis[a->axis].name, y->axis[b->axis].name);
    if (!order)
        order = text_compare(a->context, b->context);
    if (!order)
        order = span_compare(x->period, y->period);
    if (!order)
        order = text_compare(x->producer, y->producer);
    if (!order)
        order = text_compare(x->scope, y->scope);
    if (!order)
        order = text_compare(x->as_of_text, y->as_of_text);
    return order ? order : text_compare(x->source, y->source);
}

static int entry_compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = list_order(x, y);
    return order ? order : number_compare(x->claim->row, y->claim->row);
}

static void make_lists(struct claims *s)
{
    uint32_t count = 0, n = 0;
    for (uint32_t i = 0; i < s->count; i++)
        count += s->at[i]->axes;
    struct entry *e = arena_array(s->arena, count, sizeof *e);
    struct claim **claim = arena_array(s->arena, count, sizeof *claim);
    for (uint32_t i = 0; i < s->count; i++)
        for (uint32_t k = 0; k < s->at[i]->axes; k++)
            e[n++] = (struct entry){s->at[i], k, place_without(s, s->at[i], k)};
    if (n)
        qsort(e, n, sizeof *e, entry_compare);
    s->list = arena_zarray(s->arena, n, sizeof *s->list);
    for (uint32_t i = 0; i < n; i++) {
        claim[i] = e[i].claim;
        if (!i || list_order(&e[i - 1], &e[i]))
            s->list[s->lists++] = (struct list){e[i].axis, 0, claim + i};
        s->list[s->lists - 1].claims++;
    }
}

/* ---- vintages ---- */

/* Of the same cell, producer and scope; an unknown vintage supersedes nothing, nor does a figure
 * that is found wrong, or that differs by what looks like a misprint. */
static bool supersedes(const struct claims *s, const struct claim *a, const struct claim *b)
{
    if (a->struck || a->planned != b->planned || !producers_equal(a, b) || !scopes_equal(a, b) ||
        !text_equal(a->unit, b->unit) || a->as_of.last < 0 || text_missing(a->producer) ||
        text_equal(a->producer, TEXT("_U")))
        return false;
    if (claim_exact(a) != claim_exact(b))
        return claim_exact(a);
    return span_compare(a->as_of, b->as_of) > 0 && !claims_explained(s, a, b);
}

static void mark_superseded(struct claims *s)
{
    for (uint32_t i = 0; i < s->cells; i++)
        for (uint32_t j = 0; j < s->cell[i].claims; j++) {
            bool superseded = false;
            for (uint32_t k = 0; k < s->cell[i].claims && !superseded; k++)
                superseded = supersedes(s, s->cell[i].claim[k], s->cell[i].claim[j]);
            s->cell[i].claim[j]->superseded = superseded;
        }
}

/* ---- all of it ---- */

static int finding_compare(const void *a, const void *b)
{
    const struct finding *x = *(struct finding *const *)a, *y = *(struct finding *const *)b;
    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    uint32_t n = x->claims < y->claims ? x->claims : y->claims;
    for (uint32_t i = 0; i < n; i++)
        if (x->claim[i]->row != y->claim[i]->row)
            return number_compare(x->claim[i]->row, y->claim[i]->row);
    if (x->claims != y->claims)
        return number_compare(x->claims, y->claims);
    return text_compare(x->evidence, y->evidence);
}

static void keep_wanted(struct claims *s)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < s->findings; i++)
        if (s->on[s->finding[i]->class])
            s->finding[kept++] = s->finding[i];
    s->findings = kept;
    if (kept)
        qsort(s->finding, kept, sizeof *s->finding, finding_compare);
}

void claims_reconcile(struct claims *s)
{
    make_groups(s);
    make_lists(s);
    mark_superseded(s);
    claims_fit(s);
    for (size_t i = 0; i < sizeof run_order / sizeof *run_order; i++) {
        if (run_order[i] == CLASS_SCOPES) /* now it is known which figures are wrong */
            mark_superseded(s);
        reconcile_classes[run_order[i]].find(s);
    }
    keep_wanted(s);
}
