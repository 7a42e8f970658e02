/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parts against their total, along one axis of one publication.
 *
 * A list is complete when nothing can be missing: both sexes, ages from zero without end, a pair
 * such as minors and adults, a rest (`autres`).  A list that is not may stay below its total. Parts
 * that exceed it are nested (some of them add up to the total exactly), or overlap, or are wrong.
 */
#include "table/reconcile_set.h"

enum { MOST_PARTS = 16, AGES_NO_END = 999 };

/* ---- ages ---- */

static bool number_at(struct text t, uint32_t *i, int *out)
{
    while (*i < t.len && (t.at[*i] < '0' || t.at[*i] > '9'))
        ++*i;
    if (*i == t.len)
        return false;
    for (*out = 0; *i < t.len && t.at[*i] >= '0' && t.at[*i] <= '9' && *out < 1000; ++*i)
        *out = *out * 10 + (t.at[*i] - '0');
    return true;
}

static bool holds(struct text t, const char *word)
{
    size_t n = strlen(word);
    for (uint32_t i = 0; i + n <= t.len; i++)
        if (memcmp(t.at + i, word, n) == 0)
            return true;
    return false;
}

/* Ages within, both included, of a class as written or coded; false where it is none.
 * `moins de 15 ans`, `15-59 ans`, `60 ans et plus`, `plus de 50 ans`, Y15T29, Y_LT6, Y_GE60. */
static bool age_bounds(struct text t, int *low, int *high)
{
    uint32_t i = 0;
    int a, b;
    if (!number_at(t, &i, &a))
        return false;
    bool second = number_at(t, &i, &b);
    *low = a;
    *high = second ? b : a;
    if (second)
        return b >= a;
    if (holds(t, "moins de") || holds(t, "under") || holds(t, "LT") || holds(t, "lt") ||
        holds(t, "اقل"))
        *low = 0, *high = a - 1;
    else if (holds(t, "et plus") || holds(t, "GE") || holds(t, "ge") || holds(t, "plus de") ||
             holds(t, "over") || holds(t, "GT") || holds(t, "gt"))
        *high = AGES_NO_END;
    return true;
}

static bool bounds_of(const struct list *l, uint32_t i, int *low, int *high)
{
    const struct claim *c = l->claim[i];
    return age_bounds(c->axis[l->axis].code, low, high) || age_bounds(c->written, low, high);
}

static bool is_age_axis(const struct list *l)
{
    return holds(l->claim[0]->axis[l->axis].name, "age");
}

static bool is_nationality(const struct list *l)
{
    return text_equal(l->claim[0]->axis[l->axis].name, TEXT("nationality"));
}

/* Every age once, from 0 without end: sorted by nothing, so each end must find its beginning. */
static bool ages_partition(const struct list *l)
{
    int reached = 0, low, high;
    for (uint32_t step = 0; step < l->claims && reached <= AGES_NO_END; step++) {
        bool found = false;
        for (uint32_t i = 0; i < l->claims && !found; i++)
            if (bounds_of(l, i, &low, &high) && low == reached) {
                reached = high + 1;
                found = true;
            }
        if (!found)
            return false;
    }
    return reached > AGES_NO_END;
}

/* ---- complete lists ---- */

static bool has_code(const struct list *l, const char *code)
{
    for (uint32_t i = 0; i < l->claims; i++)
        if (text_equal(l->claim[i]->axis[l->axis].code, text_of(code)))
            return true;
    return false;
}

static bool has_rest(const struct list *l)
{
    for (uint32_t i = 0; i < l->claims; i++)
        if (text_starts(l->claim[i]->axis[l->axis].code, TEXT("_OTHER")))
            return true;
    return false;
}

static bool is_complete(const struct list *l)
{
    static const char *const pairs[][2] = {
        {"M", "F"},
        {"hommes", "femmes"},
        {"mineurs", "adultes"},
        {"mineurs", "majeurs"},
        {"enfants", "adultes"},
        {"urbain", "rural"},
        {"MAR", "etrangers"},
        {"MAR", "X_NONMA"},
        {"marocains", "etrangers"},
        {"Y_LT18", "Y_GE18"},
        {"migrants", "non migrants"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (has_code(l, pairs[i][0]) && has_code(l, pairs[i][1]))
            return true;
    return has_rest(l) || has_code(l, "_O") || (is_age_axis(l) && ages_partition(l));
}

static bool is_rate(const struct claim *c)
{
    return c->percent && c->indicator.len > 5 &&
           memcmp(c->indicator.at + c->indicator.len - 5, "_RATE", 5) == 0;
}

static bool repeats_label(const struct list *l)
{
    for (uint32_t i = 0; i < l->claims; i++)
        for (uint32_t k = 0; k < i; k++)
            if (text_equal(l->claim[i]->place, l->claim[k]->place))
                return true;
    return false;
}

static struct decimal sum_of(const struct list *l)
{
    struct decimal sum = decimal_of(0);
    for (uint32_t i = 0; i < l->claims; i++)
        sum = decimal_plus(sum, l->claim[i]->value);
    return sum;
}

/* What roundings may add up to. */
static struct decimal slack_of(const struct list *l, const struct claim *total)
{
    struct decimal slack =
        total && !claim_exact(total) ? decimal_step(total->value) : decimal_of(0);
    int8_t finest = 0; /* 6 beside 20.3 is 6.0 */
    for (uint32_t i = 0; i < l->claims; i++)
        if (l->claim[i]->value.scale > finest)
            finest = l->claim[i]->value.scale;
    for (uint32_t i = 0; i < l->claims; i++)
        if (l->claim[i]->percent || !claim_exact(l->claim[i])) {
            struct decimal step = decimal_step(l->claim[i]->value);
            if (l->claim[i]->percent)
                step = (struct decimal){1, finest, NUMBER_EXACT};
            slack = decimal_plus(slack, step);
        }
    return slack;
}

/* ---- the total ---- */

static const struct group *totals_of(const struct claims *s, const struct list *l)
{
    const struct claim *c = l->claim[0];
    return claims_group(s, c->indicator, c->percent, place_without(s, c, l->axis));
}

/* The total of the same producer, nearest to the list; one that the parts do make wins. */
static const struct claim *total_for(const struct claims *s, const struct list *l,
                                     struct decimal sum)
{
    const struct claim *c = l->claim[0];
    const struct group *g = totals_of(s, l);
    const struct claim *best = claim_nearest(g, c, c->period);
    if (!best || !producers_equal(best, c))
        return NULL;
    for (uint32_t i = 0; i < g->claims; i++) {
        const struct claim *o = g->claim[i];
        if (span_equal(o->period, c->period) && producers_equal(o, c) && scopes_agree(o, c) &&
            decimal_compare(o->value, sum) == 0)
            return o;
    }
    return best;
}

static void tale_list(struct tale *t, const struct list *l, uint32_t mask)
{
    bool first = true;
    for (uint32_t i = 0; i < l->claims; i++) {
        if (l->claims <= MOST_PARTS && !(mask >> i & 1))
            continue;
        tale_say(t, first ? "" : " + ");
        tale_number(t, l->claim[i]->value);
        first = false;
    }
}

static struct finding *tell(struct claims *s, enum finding_class class, enum weight weight,
                            const struct list *l, const struct claim *total)
{
    struct finding *f = finding_new(s, class, weight);
    for (uint32_t i = 0; i < l->claims; i++)
        contradiction_add(s, f, l->claim[i]);
    if (total)
        contradiction_add(s, f, total);
    struct tale t = tale_new(s);
    tale_list(&t, l, UINT32_MAX);
    tale_say(&t, " = ");
    tale_number(&t, sum_of(l));
    tale_say(&t, " ≠ ");
    if (total)
        tale_claim(&t, total);
    else
        tale_say(&t, "100 %");
    f->evidence = tale_end(&t);
    return f;
}

static struct text number_text(struct claims *s, struct decimal d)
{
    struct tale t = tale_new(s);
    tale_number(&t, d);
    return tale_end(&t);
}

/* The misprint in the total or in a part that would explain why they differ.  Of the last digit
 * of a total it is not said: that is off for many reasons. */
static void tell_slip(struct claims *s, const struct finding *f, const struct list *l,
                      const struct claim *total)
{
    struct decimal sum = sum_of(l), off = decimal_distance(sum, total->value);
    bool small = decimal_compare(off, decimal_of(10)) < 0;
    if (!claim_exact(total) || (!small && tell_slip_beside(s, f, total, sum)))
        return;
    tell_slip_inside(s, f, (const struct claim *const *)l->claim, l->claims, total->value);
}

/* ---- parts inside parts ---- */

/* Some of the parts, two at least, that make the total exactly: the others lie within them. */
static uint32_t exact_subset(const struct list *l, struct decimal total)
{
    if (l->claims > MOST_PARTS)
        return 0;
    for (uint32_t mask = 3; mask + 1 < UINT32_C(1) << l->claims; mask++) {
        struct decimal sum = decimal_of(0);
        for (uint32_t i = 0; i < l->claims; i++)
            if (mask >> i & 1)
                sum = decimal_plus(sum, l->claim[i]->value);
        if ((mask & (mask - 1)) && decimal_compare(sum, total) == 0)
            return mask;
    }
    return 0;
}

static struct decimal smallest(const struct list *l)
{
    struct decimal least = l->claim[0]->value;
    for (uint32_t i = 1; i < l->claims; i++)
        if (decimal_compare(l->claim[i]->value, least) < 0)
            least = l->claim[i]->value;
    return least;
}

/* Along it each is in one class: where, not how or why. */
static bool is_of_places(const struct list *l)
{
    static const char *const axes[] = {"region", "prefecture", "province",    "country",
                                       "route",  "office",     "destination", "origin"};
    for (size_t i = 0; i < sizeof axes / sizeof *axes; i++)
        if (text_equal(l->claim[0]->axis[l->axis].name, text_of(axes[i])))
            return true;
    return false;
}

/* Nobody can be in two of them: a rest beside countries, two sexes, ages in a row. */
static bool is_disjoint(const struct list *l)
{
    for (uint32_t i = 0; i < l->claims; i++) {
        struct text code = l->claim[i]->axis[l->axis].code;
        if (text_starts(code, TEXT("X_")) || text_starts(code, TEXT("UN:")))
            return false;
    }
    if (is_age_axis(l) && ages_partition(l))
        return true;
    return is_complete(l) && (l->claims == 2 || is_nationality(l) || is_of_places(l));
}

static void tell_excess(struct claims *s, const struct list *l, const struct claim *total)
{
    struct decimal excess = decimal_distance(sum_of(l), total ? total->value : decimal_of(100));
    uint32_t mask = total ? exact_subset(l, total->value) : 0;
    if (!mask && (is_disjoint(l) || decimal_compare(excess, smallest(l)) < 0)) {
        struct finding *f = tell(s, CLASS_SUM, WEIGHT_ERROR, l, total);
        finding_read(s, f, "Les parties dépassent leur total de %1.",
                     "The parts exceed their total by %1.", number_text(s, excess), TEXT(""));
        if (total && is_disjoint(l))
            tell_slip(s, f, l, total);
        return;
    }
    struct finding *f = tell(s, CLASS_OVERLAP, mask ? WEIGHT_NOTE : WEIGHT_DOUBT, l, total);
    if (mask) {
        struct tale t = tale_new(s);
        tale_list(&t, l, mask);
        finding_read(s, f, "%1 = %2 : les autres classes sont comprises dans celles-ci.",
                     "%1 = %2: the other classes lie within these.", tale_end(&t),
                     number_text(s, total->value));
        return;
    }
    finding_read(s, f, "Les classes se recouvrent : ne pas les additionner.",
                 "The classes overlap: do not add them up.", TEXT(""), TEXT(""));
}

/* ---- one part ten times too large or too small ---- */

/* The only part that the others leave ten times less, or more, room for; NULL for none or two. */
static struct claim *tenfold_part(const struct list *l, const struct claim *total,
                                  struct decimal *fits)
{
    struct claim *found = NULL;
    struct decimal sum = sum_of(l);
    for (uint32_t i = 0; i < l->claims; i++) {
        struct decimal others = decimal_subtract(sum, l->claim[i]->value);
        struct decimal room =
            others.kind == NUMBER_EXACT ? decimal_subtract(total->value, others) : others;
        if (room.kind != NUMBER_EXACT || room.mantissa <= 0 ||
            slip_between(room, l->claim[i]->value) != SLIP_TENFOLD)
            continue;
        if (found)
            return NULL;
        found = l->claim[i];
        *fits = room;
    }
    return found;
}

static bool tell_tenfold(struct claims *s, const struct list *l, const struct claim *total)
{
    struct decimal fits;
    struct claim *part =
        total && claim_exact(total) && is_complete(l) ? tenfold_part(l, total, &fits) : NULL;
    if (!part)
        return false;
    struct finding *f = tell(s, CLASS_TENFOLD, WEIGHT_ERROR, l, total);
    f->doubtful = part;
    part->struck = true;
    finding_read(s, f, "Un facteur dix : avec %1 au lieu de %2, les parties font le total.",
                 "A power of ten: with %1 in place of %2 the parts make the total.",
                 number_text(s, fits), number_text(s, part->value));
    return true;
}

/* ---- parts that fall short ---- */

/* What is short is less than any class that is printed: a list of the largest would hold it. */
static bool nearly_whole(const struct list *l, struct decimal sum, struct decimal total)
{
    struct decimal d = decimal_distance(sum, total);
    return l->claims >= 5 && !exceeds(d, total, 1) && decimal_compare(d, smallest(l)) < 0;
}

/* Shares of both sexes, and the like, that come near to 100. */
static bool nearly_hundred(const struct list *l, struct decimal sum)
{
    return l->claim[0]->percent && is_complete(l) && !exceeds(decimal_of(100), sum, 105);
}

static void tell_short(struct claims *s, const struct list *l, const struct claim *total)
{
    struct decimal sum = sum_of(l);
    struct decimal full = total ? total->value : decimal_of(100);
    struct decimal rest = decimal_distance(sum, full);
    enum slip slip = total ? slip_between(sum, full) : SLIP_NONE;
    bool complete = total && is_complete(l);
    struct finding *f = tell(s, CLASS_SUM, complete ? WEIGHT_ERROR : WEIGHT_DOUBT, l, total);
    if (slip == SLIP_NONE) {
        finding_read(
            s, f,
            "%1 du total ne sont dans aucune classe : reste non précisé (_U) ; une part se "
            "rapporte à %2.",
            "%1 of the total are in no class: the rest is unknown (_U); a share is of %2.",
            number_text(s, rest), number_text(s, sum));
        if (complete && is_disjoint(l))
            tell_slip(s, f, l, total);
        return;
    }
    finding_read(
        s, f,
        "La somme %1 et le total se ressemblent chiffre à chiffre : coquille probable dans "
        "le total ou une partie.",
        "The sum %1 and the total resemble each other digit by digit: probably a misprint in the "
        "total or a part.",
        number_text(s, sum), TEXT(""));
    tell_slip_beside(s, f, total, sum);
}

/* ---- rates ---- */

/* The rate of all lies between the rates of the parts of a complete list. */
static void try_rate(struct claims *s, const struct list *l)
{
    const struct claim *total = total_for(s, l, decimal_of(-1));
    if (!total || !is_complete(l) || l->claims < 2)
        return;
    struct decimal low = l->claim[0]->value, high = low;
    for (uint32_t i = 1; i < l->claims; i++) {
        struct decimal v = l->claim[i]->value;
        low = decimal_compare(v, low) < 0 ? v : low;
        high = decimal_compare(v, high) > 0 ? v : high;
    }
    if (decimal_compare(total->value, low) >= 0 && decimal_compare(total->value, high) <= 0)
        return;
    struct finding *f = tell(s, CLASS_SUM, WEIGHT_ERROR, l, total);
    struct tale t = tale_new(s);
    tale_number(&t, low);
    tale_say(&t, " .. ");
    tale_number(&t, high);
    tale_say(&t, " ∌ ");
    tale_claim(&t, total);
    f->evidence = tale_end(&t);
    finding_read(s, f, "Un taux d’ensemble est entre ceux de ses parties (%1).",
                 "The rate of the whole lies between those of its parts (%1).", tale_end(&t),
                 TEXT(""));
}

/* ---- the classes ---- */

static bool is_left_out(const struct list *l)
{
    return l->claims < 2 || repeats_label(l) || !claim_adds_up(l->claim[0]) ||
           l->claim[0]->planned != l->claim[1]->planned;
}

static void try_list(struct claims *s, const struct list *l)
{
    struct decimal sum = sum_of(l), full = decimal_of(100);
    const struct claim *c = l->claim[0], *total = total_for(s, l, sum);
    if (sum.kind != NUMBER_EXACT || (!total && (!c->percent || c->axes > 1)))
        return;
    if (total)
        full = total->value;
    struct decimal twice = decimal_times(decimal_distance(sum, full), 2);
    if (decimal_compare(twice, slack_of(l, total)) <= 0)
        return;
    if (tell_tenfold(s, l, total))
        return;
    if (decimal_compare(sum, full) > 0) {
        if (!total || total->bearing != BEARING_ABOVE)
            tell_excess(s, l, total);
        return;
    }
    if (nearly_whole(l, sum, full) || (!total && nearly_hundred(l, sum)) ||
        (total && !c->percent && is_complete(l)))
        tell_short(s, l, total);
}

void find_sum(struct claims *s)
{
    for (uint32_t i = 0; i < s->lists; i++) {
        const struct list *l = &s->list[i];
        if (is_left_out(l))
            continue;
        if (is_rate(l->claim[0]))
            try_rate(s, l);
        else
            try_list(s, l);
    }
}

/* A class begins where none ends, though there is a first and a last one. */
static bool ages_gape(const struct list *l)
{
    bool first = false, last = false, gap = false;
    for (uint32_t i = 0; i < l->claims; i++) {
        int low, high, a, b;
        if (!bounds_of(l, i, &low, &high))
            return false;
        bool follows = low == 0;
        for (uint32_t k = 0; k < l->claims; k++)
            follows |= bounds_of(l, k, &a, &b) && b + 1 == low;
        first |= low == 0;
        last |= high >= AGES_NO_END;
        gap |= !follows;
    }
    return first && last && gap;
}

/* They make their whole all the same: then the labels are wrong, and no class is left out. */
static bool makes_whole(const struct claims *s, const struct list *l)
{
    struct decimal sum = sum_of(l), full = decimal_of(100);
    const struct claim *total = total_for(s, l, sum);
    if (sum.kind != NUMBER_EXACT || (!total && !l->claim[0]->percent))
        return false;
    full = total ? total->value : full;
    struct decimal twice = decimal_times(decimal_distance(sum, full), 2);
    return decimal_compare(twice, slack_of(l, total)) <= 0;
}

/* Two age classes that share an age. */
static bool ages_overlap(const struct list *l)
{
    int a, b, c, d;
    for (uint32_t i = 0; i < l->claims; i++)
        for (uint32_t k = 0; k < i; k++)
            if (bounds_of(l, i, &a, &b) && bounds_of(l, k, &c, &d) && a <= d && c <= b)
                return true;
    return false;
}

static void tell_ages(struct claims *s, const struct list *l, const char *fr, const char *en)
{
    struct finding *f = finding_new(s, CLASS_OVERLAP, WEIGHT_ERROR);
    struct tale t = tale_new(s);
    for (uint32_t k = 0; k < l->claims; k++) {
        contradiction_add(s, f, l->claim[k]);
        tale_say(&t, k ? " + " : "");
        tale_text(&t, l->claim[k]->written);
        tale_say(&t, " ");
        tale_value(&t, l->claim[k]);
    }
    tale_say(&t, " = ");
    tale_number(&t, sum_of(l));
    f->evidence = tale_end(&t);
    finding_read(s, f, fr, en, TEXT(""), TEXT(""));
}

void find_overlap(struct claims *s)
{
    find_joint(s);
    for (uint32_t i = 0; i < s->lists; i++) {
        const struct list *l = &s->list[i];
        if (is_left_out(l) || !is_age_axis(l) || is_rate(l->claim[0]))
            continue;
        if (ages_overlap(l))
            tell_ages(s, l,
                      "Des classes d’âge se recouvrent : leur somme ne compte personne une fois.",
                      "Age classes overlap: their sum counts some people twice.");
        else if (ages_gape(l) && makes_whole(s, l))
            tell_ages(
                s, l,
                "Les classes d’âge font le tout, mais laissent un trou : une borne est fausse.",
                "The age classes make the whole, but leave a gap: a bound is wrong.");
    }
}
