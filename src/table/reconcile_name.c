/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Countries taken for one another: a printed name that means two, and which one its rank suggests.
 *
 * The rank of a country in a list is 1 + how many countries of the list have more.  A name that
 * several codes claim is read plainly as the country whose name it begins with (Nigériens: Niger);
 * where the plain reading is not the one that the ranks of other lists suggest, or there is none,
 * the name is reported with these ranks.  A resolved name is reported where another source prints
 * the very value under the country it is confused with.
 */
#include "table/fold.h"
#include "table/reconcile_set.h"

enum { MOST_CANDIDATES = 8, LEAST_LIST = 3 };

struct candidate {
    struct text code;
    uint32_t lists; /* other lists it is in */
    uint32_t best, worst;
};

static bool is_country_axis(const struct claim *c)
{
    return c->axes == 1 && text_starts(c->axis[0].name, TEXT("nationality"));
}

static uint32_t rank_in(const struct list *l, const struct claim *c)
{
    uint32_t rank = 1;
    for (uint32_t i = 0; i < l->claims; i++)
        rank +=
            decimal_compare(l->claim[i]->value, c->value) > 0 && l->claim[i]->axis[0].code.len == 3;
    return rank;
}

/* The name stands for this code and no other. */
static bool is_plain(const struct claims *s, const struct claim *c)
{
    struct text code;
    return text_missing(c->written) ||
           codelist_resolve(s->nationality, c->written, &code) != MATCH_AMBIGUOUS;
}

static void look_up(const struct claims *s, struct candidate *x)
{
    for (uint32_t i = 0; i < s->lists; i++) {
        const struct list *l = &s->list[i];
        if (l->claims < LEAST_LIST || !is_country_axis(l->claim[0]))
            continue;
        for (uint32_t k = 0; k < l->claims; k++) {
            if (!text_equal(l->claim[k]->axis[0].code, x->code) || !is_plain(s, l->claim[k]))
                continue;
            uint32_t rank = rank_in(l, l->claim[k]);
            x->best = x->lists && x->best < rank ? x->best : rank;
            x->worst = x->worst > rank ? x->worst : rank;
            x->lists++;
        }
    }
}

static const struct list *list_of(const struct claims *s, const struct claim *c)
{
    for (uint32_t i = 0; i < s->lists; i++)
        for (uint32_t k = 0; k < s->list[i].claims; k++)
            if (s->list[i].claim[k] == c)
                return &s->list[i];
    return NULL;
}

/* The candidate whose whole name the written one begins with. */
static bool begins_with_name(const struct claims *s, struct text written, struct text code)
{
    static const char *const names[] = {"fr", "en", "ar"};
    char room[2][FOLD_TEXT];
    struct text folded = fold_text(written, room[0]);
    const struct table *t = s->countries;
    int column = t ? schema_find(t->schema, TEXT("code")) : NO_COLUMN;
    for (uint32_t row = 0; t && column != NO_COLUMN && row < t->rows; row++) {
        if (!text_equal(table_get(t, row, column), code))
            continue;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            struct text name = table_get(t, row, schema_find(t->schema, text_of(names[i])));
            name = fold_text(name, room[1]);
            if (name.len > 2 && memcmp(name.at + name.len - 2, "ا", 2) == 0)
                name.len -= 2; /* غينيا: غينيون */
            if (name.len >= 4 && text_starts(folded, name))
                return true;
        }
    }
    return false;
}

/* How far the rank is from those that the candidate has elsewhere. */
static uint32_t distance(const struct candidate *x, uint32_t rank)
{
    if (!x->lists)
        return UINT32_MAX;
    return rank < x->best ? x->best - rank : rank > x->worst ? rank - x->worst : 0;
}

static void tale_count(struct tale *t, uint32_t n)
{
    tale_number(t, decimal_of(n));
}

static struct text ranks(struct claims *s, const struct candidate *x, uint32_t n, uint32_t rank,
                         const struct claim *c, const struct list *l)
{
    struct tale t = tale_new(s);
    tale_text(&t, c->written.len ? c->written : c->axis[0].code);
    tale_say(&t, " ");
    tale_value(&t, c);
    tale_say(&t, ": #");
    tale_count(&t, rank);
    tale_say(&t, "/");
    tale_count(&t, l->claims);
    for (uint32_t i = 0; i < n; i++) {
        tale_say(&t, " ; ");
        tale_text(&t, x[i].code);
        tale_say(&t, ": ");
        if (!x[i].lists) {
            tale_say(&t, "∅");
            continue;
        }
        tale_say(&t, "#");
        tale_count(&t, x[i].best);
        tale_say(&t, "..");
        tale_count(&t, x[i].worst);
        tale_say(&t, " ×");
        tale_count(&t, x[i].lists);
    }
    return tale_end(&t);
}

static uint32_t candidates_of(struct claims *s, const struct claim *c, struct candidate *x)
{
    struct text list = codelist_candidates(s->nationality, c->written, s->arena), code;
    uint32_t n = 0;
    while (n < MOST_CANDIDATES && text_next(&list, '|', &code))
        x[n++] = (struct candidate){code, 0, 0, 0};
    for (uint32_t i = 0; i < n; i++)
        look_up(s, &x[i]);
    return n;
}

/* The list names all the candidates but one besides: then that one is meant. */
static bool others_named(const struct candidate *x, uint32_t n, const struct claim *c,
                         const struct list *l)
{
    uint32_t named = 0;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < l->claims; k++)
            if (l->claim[k] != c && text_equal(l->claim[k]->axis[0].code, x[i].code)) {
                named++;
                break;
            }
    return named + 1 >= n;
}

static void tell_name(struct claims *s, const struct claim *c, const struct list *l)
{
    struct candidate x[MOST_CANDIDATES];
    uint32_t n = candidates_of(s, c, x), rank = rank_in(l, c), near = 0;
    const struct candidate *plain = NULL;
    for (uint32_t i = 0; i < n; i++) {
        near = distance(&x[i], rank) < distance(&x[near], rank) ? i : near;
        if (begins_with_name(s, c->written, x[i].code) && (!plain || x[i].lists))
            plain = &x[i];
    }
    bool tied = false;
    for (uint32_t i = 0; i < n; i++)
        tied |= i != near && distance(&x[i], rank) == distance(&x[near], rank);
    bool coded = c->axis[0].code.len == 3;
    if (others_named(x, n, c, l) || (plain && l->claims < LEAST_LIST))
        return;
    if (n < 2 || (plain && (&x[near] == plain || tied) &&
                  (!coded || text_equal(c->axis[0].code, plain->code))))
        return;
    struct finding *f = finding_new(s, CLASS_CONFUSABLE, plain ? WEIGHT_ERROR : WEIGHT_DOUBT);
    contradiction_add(s, f, c);
    f->doubtful = plain ? NULL : c;
    f->evidence = ranks(s, x, n, rank, c, l);
    struct text read = coded && plain ? c->axis[0].code : tied ? TEXT("") : x[near].code;
    if (read.len && plain)
        finding_read(s, f, "« %1 » : le rang est celui de %2 dans les autres listes ; lire %2.",
                     "“%1”: the rank is that of %2 in other lists; read %2.", c->written, read);
    else
        finding_read(
            s, f, "« %1 » désigne plusieurs pays : demander lequel ; les rangs penchent pour %2.",
            "“%1” stands for several countries: ask which; the ranks lean to %2.", c->written,
            read.len ? read : TEXT("_U"));
}

/* ---- the same value under the country it is confused with ---- */

static const char confused[][2][4] = {
    {"NER", "NGA"}, {"COD", "COG"}, {"SDN", "SSD"}, {"GIN", "GNB"}, {"GIN", "GNQ"},
    {"IRN", "IRQ"}, {"AUT", "AUS"}, {"KOR", "PRK"}, {"DMA", "DOM"}, {"SVK", "SVN"},
    {"LTU", "LVA"}, {"MRT", "MUS"}, {"GMB", "ZMB"}, {"LBN", "LBY"}, {"LBR", "LBY"},
};

static bool swaps_country(const struct claim *a, const struct claim *b)
{
    return span_equal(a->period, b->period) && values_equal(a, b) &&
           digits_significant(a->value) >= 2 && !same_printing(a, b);
}

static void tell_swap(struct claims *s, const struct claim *a, const struct claim *b)
{
    struct finding *f = finding_equal(s, CLASS_CONFUSABLE, WEIGHT_ERROR, a, b);
    finding_read(
        s, f, "Le même chiffre sous %1 et sous %2, que l’on confond : comparer aux autres années.",
        "The same figure under %1 and %2, which get confused: compare with other years.",
        a->axis[0].code, b->axis[0].code);
}

/* ---- two of them change places from one year to another ---- */

/* The figures of another country, of the same indicator. */
static const struct group *group_of(const struct claims *s, const struct claim *c, struct text code)
{
    struct text place = text_of(arena_print(s->arena, "%.*s=%.*s", (int)c->axis[0].name.len,
                                            c->axis[0].name.at, (int)code.len, code.at));
    return claims_group(s, c->indicator, c->percent, place);
}

/* That of the same printing and period. */
static const struct claim *beside(const struct group *g, const struct claim *c)
{
    const struct claim *o = claim_nearest(g, c, c->period);
    return o && producers_equal(o, c) && scopes_equal(o, c) ? o : NULL;
}

/* a is at least three times b. */
static bool dwarfs(const struct claim *a, const struct claim *b)
{
    return a->value.mantissa > 0 && exceeds(a->value, b->value, 300);
}

/* Neither is three times the other: they may be of one series. */
static bool is_near(const struct claim *a, const struct claim *b)
{
    return !exceeds(a->value, b->value, 300) && !exceeds(b->value, a->value, 300);
}

static void tell_places(struct claims *s, const struct claim *const c[4])
{
    struct finding *f = finding_new(s, CLASS_CONFUSABLE, WEIGHT_DOUBT);
    struct tale t = tale_new(s);
    for (int i = 0; i < 4; i++) {
        contradiction_add(s, f, c[i]);
        tale_say(&t, i == 2 ? " ; " : i ? ", " : "");
        tale_text(&t, c[i]->axis[0].code);
        tale_say(&t, " ");
        tale_text(&t, c[i]->period_text);
        tale_say(&t, ": ");
        tale_claim(&t, c[i]);
    }
    f->evidence = tale_end(&t);
    finding_read(s, f,
                 "%1 et %2, que l’on confond, changent de place d’une année à l’autre : l’une des "
                 "deux listes les a sans doute échangés.",
                 "%1 and %2, which get confused, change places from one year to another: one of "
                 "the lists has probably exchanged them.",
                 c[0]->axis[0].code, c[1]->axis[0].code);
}

/* One list against several that agree is telling from lower figures on than one against one. */
static bool is_settled(uint32_t above, uint32_t below)
{
    return (above == 1 && below > 1) || (below == 1 && above > 1);
}

/* A group of a country: its figure against that of the country it is confused with, over time. */
static void try_places(struct claims *s, const struct group *g, const struct group *other)
{
    const struct claim *above = NULL, *below = NULL;
    uint32_t highs = 0, lows = 0;
    for (uint32_t i = 0; i < g->claims; i++) {
        const struct claim *c = g->claim[i], *o = c->superseded ? NULL : beside(other, c);
        bool high = o && dwarfs(c, o), low = o && dwarfs(o, c);
        above = high && !above ? c : above;
        below = low && !below ? c : below;
        highs += high;
        lows += low;
    }
    if (!above || !below)
        return;
    const struct claim *c[4] = {above, beside(other, above), below, beside(other, below)};
    struct decimal least = decimal_of(is_settled(highs, lows) ? 20 : 100);
    if (!c[1] || !c[3])
        return;
    if (digits_significant(c[1]->value) > 1 && is_near(c[0], c[3]) && is_near(c[1], c[2]) &&
        decimal_compare(c[1]->value, least) >= 0 && decimal_compare(c[2]->value, least) >= 0)
        tell_places(s, c);
}

/* ---- one of them stands once where the other always does ---- */

/* The claims of the group by this producer: how many periods, and whether c's is among them. */
static uint32_t periods_of(const struct group *g, const struct claim *c, bool *same)
{
    uint32_t n = 0;
    *same = false;
    for (uint32_t i = 0; i < g->claims; i++) {
        const struct claim *o = g->claim[i];
        if (!producers_equal(o, c))
            continue;
        *same |= span_equal(o->period, c->period);
        n += i == 0 || !span_equal(o->period, g->claim[i - 1]->period);
    }
    return n;
}

/* The producer's figure that is nearest in time. */
static const struct claim *usual_of(const struct group *g, const struct claim *c)
{
    const struct claim *best = NULL;
    int32_t least = INT32_MAX;
    for (uint32_t i = 0; i < g->claims; i++) {
        int32_t away = g->claim[i]->period.first - c->period.first;
        away = away < 0 ? -away : away;
        if (producers_equal(g->claim[i], c) && away < least) {
            best = g->claim[i];
            least = away;
        }
    }
    return best;
}

/* The country would be among those that the list names. */
static bool is_expected(const struct list *l, const struct claim *usual)
{
    for (uint32_t i = 0; i < l->claims; i++)
        if (l->claim[i]->axis[0].code.len == 3 &&
            decimal_compare(l->claim[i]->value, usual->value) < 0)
            return true;
    return false;
}

static void tell_stand_in(struct claims *s, const struct claim *c, const struct claim *usual)
{
    struct finding *f = finding_new(s, CLASS_CONFUSABLE, WEIGHT_DOUBT);
    struct tale t = tale_new(s);
    contradiction_add(s, f, c);
    contradiction_add(s, f, usual);
    f->doubtful = c;
    tale_text(&t, c->axis[0].code);
    tale_say(&t, " ");
    tale_text(&t, c->period_text);
    tale_say(&t, ": ");
    tale_claim(&t, c);
    tale_say(&t, " ; ");
    tale_text(&t, usual->axis[0].code);
    tale_say(&t, " ");
    tale_text(&t, usual->period_text);
    tale_say(&t, ": ");
    tale_claim(&t, usual);
    f->evidence = tale_end(&t);
    finding_read(s, f,
                 "%1 n’est que dans cette liste, %2 dans toutes les autres et non ici, à hauteur "
                 "semblable : l’un sans doute pour l’autre.",
                 "%1 is in this list alone, %2 in all others and not here, with a figure like it: "
                 "probably the one for the other.",
                 c->axis[0].code, usual->axis[0].code);
}

/* g: a country that the producer names once; other: that which it names at two other times. */
static void try_stand_in(struct claims *s, const struct group *g, const struct group *other)
{
    for (uint32_t i = 0; other && i < g->claims; i++) {
        const struct claim *c = g->claim[i], *usual = usual_of(other, c);
        const struct list *l = c->superseded ? NULL : list_of(s, c);
        bool own, same;
        if (!l || !usual || periods_of(g, c, &own) != 1 || periods_of(other, c, &same) < 2 || same)
            continue;
        if (is_near(c, usual) && digits_significant(c->value) >= 2 && is_expected(l, usual))
            tell_stand_in(s, c, usual);
    }
}

static void try_confused(struct claims *s, const struct group *g, const struct group *other)
{
    if (!other)
        return;
    for (uint32_t i = 0; i < g->claims; i++)
        for (uint32_t k = 0; k < other->claims; k++)
            if (swaps_country(g->claim[i], other->claim[k]))
                tell_swap(s, g->claim[i], other->claim[k]);
    try_places(s, g, other);
}

void find_confusable(struct claims *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        struct claim *c = s->at[i];
        if (!is_country_axis(c) || text_missing(c->written) || is_plain(s, c))
            continue;
        const struct list *l = list_of(s, c);
        if (l)
            tell_name(s, c, l);
    }
    for (uint32_t i = 0; i < s->groups; i++) {
        const struct claim *c = s->group[i].claim[0];
        for (size_t k = 0; is_country_axis(c) && k < sizeof confused / sizeof *confused; k++)
            for (int side = 0; side < 2; side++) {
                if (!text_equal(c->axis[0].code, text_of(confused[k][side])))
                    continue;
                const struct group *other = group_of(s, c, text_of(confused[k][!side]));
                if (!side)
                    try_confused(s, &s->group[i], other);
                try_stand_in(s, &s->group[i], other);
            }
    }
}
