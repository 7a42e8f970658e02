/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One cell, several values: vintages, producers, scopes, plans, roundings and printings.
 */
#include "table/reconcile_set.h"

/* "a ≠ b ≠ c", each with who says so. */
static struct text differ(struct claims *s, const struct finding *f)
{
    struct tale t = tale_new(s);
    for (uint32_t i = 0; i < f->claims; i++) {
        if (i)
            tale_say(&t, " ≠ ");
        tale_claim(&t, f->claim[i]);
    }
    return tale_end(&t);
}

static struct text value_text(struct claims *s, const struct claim *c)
{
    struct tale t = tale_new(s);
    tale_value(&t, c);
    return tale_end(&t);
}

static struct text claim_text(struct claims *s, const struct claim *c)
{
    struct tale t = tale_new(s);
    tale_claim(&t, c);
    return tale_end(&t);
}

/* ---- superseded ---- */

static bool same_series(const struct claim *a, const struct claim *b)
{
    return producers_equal(a, b) && scopes_equal(a, b) && text_equal(a->unit, b->unit);
}

/* The last of the claims of the cell that nothing supersedes or refutes. */
static const struct claim *current_of(const struct group *g, const struct claim *c)
{
    const struct claim *best = NULL;
    for (uint32_t i = 0; i < g->claims; i++)
        if (same_series(g->claim[i], c) && !g->claim[i]->superseded && !g->claim[i]->struck)
            best = g->claim[i];
    return best;
}

static void tell_superseded(struct claims *s, const struct group *g, uint32_t first)
{
    const struct claim *c = g->claim[first], *current = current_of(g, c);
    struct finding *f = NULL;
    for (uint32_t i = 0; i < g->claims; i++) {
        const struct claim *o = g->claim[i];
        if (!current || !same_series(o, c) || !o->superseded || values_agree(o, current) ||
            !claim_exact(o) || claims_explained(s, o, current))
            continue;
        if (!f)
            f = finding_new(s, CLASS_SUPERSEDED, WEIGHT_NOTE);
        contradiction_add(s, f, o);
        claims_explain(s, o, current);
        f->doubtful = o;
    }
    if (!f)
        return;
    contradiction_add(s, f, current);
    f->used = current;
    f->evidence = differ(s, f);
    finding_read(s, f,
                 "Même producteur, même champ : la valeur la plus récente, %1, remplace l’autre.",
                 "Same producer, same scope: the latest value, %1, replaces the other.",
                 claim_text(s, current), TEXT(""));
}

static bool series_begins(const struct group *g, uint32_t at)
{
    for (uint32_t i = 0; i < at; i++)
        if (same_series(g->claim[i], g->claim[at]))
            return false;
    return true;
}

void find_superseded(struct claims *s)
{
    for (uint32_t i = 0; i < s->cells; i++)
        for (uint32_t k = 0; k < s->cell[i].claims; k++)
            if (series_begins(&s->cell[i], k))
                tell_superseded(s, &s->cell[i], k);
}

/* ---- planned against achieved ---- */

static void tell_planned(struct claims *s, const struct claim *plan, const struct claim *done)
{
    claims_explain(s, plan, done);
    if (values_equal(plan, done))
        return;
    struct finding *f = finding_new(s, CLASS_PLANNED, WEIGHT_ERROR);
    contradiction_add(s, f, plan);
    contradiction_add(s, f, done);
    f->doubtful = plan;
    f->used = done;
    f->evidence = differ(s, f);
    finding_read(s, f, "%1 est prévu (statut F), %2 est observé (statut A) : ne pas les mêler.",
                 "%1 is planned (status F), %2 is observed (status A): do not mix them.",
                 claim_text(s, plan), claim_text(s, done));
}

/* Of the observed claims of the cell, the current one of each scope. */
void find_planned(struct claims *s)
{
    for (uint32_t i = 0; i < s->cells; i++) {
        const struct group *g = &s->cell[i];
        for (uint32_t j = 0; j < g->claims; j++)
            for (uint32_t k = 0; k < g->claims; k++)
                if (g->claim[j]->planned && !g->claim[k]->planned && !g->claim[k]->superseded)
                    tell_planned(s, g->claim[j], g->claim[k]);
    }
}

/* ---- rounded figures and bounds ---- */

static bool is_round(const struct claim *c)
{
    return !claim_exact(c) ||
           (!c->percent && c->value.scale == 0 && digits_significant(c->value) > 0 &&
            decimal_compare(decimal_step(c->value), decimal_of(100)) >= 0);
}

static bool bound_holds(const struct claim *bound, const struct claim *exact)
{
    int order = decimal_compare(exact->value, bound->value);
    return bound->bearing == BEARING_ABOVE ? order >= 0 : order <= 0;
}

static bool is_bound(const struct claim *c)
{
    return c->bearing == BEARING_ABOVE || c->bearing == BEARING_BELOW;
}

/* The claim that a rough one can be held against: of the same producer if there is one. */
static const struct claim *exact_for(const struct group *g, const struct claim *rough)
{
    const struct claim *best = NULL;
    bool own = false;
    for (uint32_t i = 0; i < g->claims; i++) {
        const struct claim *c = g->claim[i];
        bool finer = claim_exact(c) && (!is_round(c) || !claim_exact(rough));
        if (c == rough || !finer || !scopes_agree(c, rough) || c->planned != rough->planned ||
            c->struck)
            continue;
        bool closer = best && decimal_compare(decimal_distance(c->value, rough->value),
                                              decimal_distance(best->value, rough->value)) < 0;
        bool mine = producers_equal(c, rough);
        if (!best || (mine && !own) || (mine == own && closer)) {
            best = c;
            own = mine;
        }
    }
    return best;
}

static void read_rounded(struct claims *s, struct finding *f, const struct claim *rough,
                         const struct claim *exact)
{
    struct text a = value_text(s, rough), b = claim_text(s, exact);
    if (rounds_to(exact->value, rough->value) && !(is_bound(rough) && !bound_holds(rough, exact)))
        finding_read(s, f, "%1 est un arrondi de %2 : publier la valeur exacte.",
                     "%1 is %2 rounded: publish the exact value.", a, b);
    else if (is_bound(rough) && bound_holds(rough, exact))
        finding_read(s, f, "%1 est une borne que %2 respecte : publier la valeur exacte.",
                     "%1 is a bound that %2 keeps: publish the exact value.", a, b);
    else if (is_bound(rough))
        finding_read(s, f, "%1 exclut %2 : l’une des deux est fausse ou d’une autre date.",
                     "%1 excludes %2: one of them is wrong, or of another date.", a, b);
    else
        finding_read(s, f, "%1 n’est pas un arrondi de %2 : publier la valeur exacte.",
                     "%1 is not %2 rounded: publish the exact value.", a, b);
}

static void tell_rounded(struct claims *s, const struct group *g, const struct claim *rough)
{
    const struct claim *exact = exact_for(g, rough);
    if (!exact || values_equal(exact, rough))
        return;
    bool fits = rounds_to(exact->value, rough->value);
    if (claim_exact(rough) && (!fits || claims_explained(s, rough, exact)))
        return;
    bool held = is_bound(rough) ? bound_holds(rough, exact) : fits;
    struct finding *f = finding_new(s, CLASS_ROUNDED, held ? WEIGHT_NOTE : WEIGHT_DOUBT);
    contradiction_add(s, f, rough);
    contradiction_add(s, f, exact);
    f->doubtful = rough;
    f->used = exact;
    f->evidence = differ(s, f);
    read_rounded(s, f, rough, exact);
    for (uint32_t i = 0; i < g->claims; i++)
        if (g->claim[i] == exact || values_agree(g->claim[i], rough))
            claims_explain(s, rough, g->claim[i]);
}

/* Two rough claims and no exact one: `~420` and `>425`. */
static void tell_both_rough(struct claims *s, const struct claim *a, const struct claim *b)
{
    struct finding *f = finding_new(s, CLASS_ROUNDED, WEIGHT_NOTE);
    contradiction_add(s, f, a);
    contradiction_add(s, f, b);
    f->evidence = differ(s, f);
    claims_explain(s, a, b);
    finding_read(s, f, "%1 et %2 sont deux approximations : aucune valeur exacte n’est publiée.",
                 "%1 and %2 are both approximate: no exact value is published.", claim_text(s, a),
                 claim_text(s, b));
}

static bool both_rough(const struct claims *s, const struct claim *a, const struct claim *b)
{
    return !claim_exact(a) && !claim_exact(b) && scopes_agree(a, b) && !values_equal(a, b) &&
           !claims_explained(s, a, b);
}

void find_rounded(struct claims *s)
{
    find_whole_percents(s);
    for (uint32_t i = 0; i < s->cells; i++) {
        const struct group *g = &s->cell[i];
        for (uint32_t k = 0; k < g->claims; k++)
            if (is_round(g->claim[k]) && !g->claim[k]->planned)
                tell_rounded(s, g, g->claim[k]);
        for (uint32_t k = 0; k < g->claims; k++)
            for (uint32_t j = 0; j < k; j++)
                if (both_rough(s, g->claim[j], g->claim[k]) && !exact_for(g, g->claim[k]))
                    tell_both_rough(s, g->claim[j], g->claim[k]);
    }
}

/* ---- scopes ---- */

/* Of one producer: persons here, households there. */
static bool units_differ(const struct claim *a, const struct claim *b)
{
    return producers_equal(a, b) && !text_missing(a->unit) && !text_missing(b->unit) &&
           !text_equal(a->unit, b->unit);
}

static bool counts_differ(const struct claim *a, const struct claim *b)
{
    return !scopes_equal(a, b) || units_differ(a, b);
}

static bool scopes_conflict(const struct claims *s, const struct claim *a, const struct claim *b)
{
    return counts_differ(a, b) && !a->superseded && !b->superseded && !a->planned && !b->planned &&
           !values_agree(a, b) && !claims_explained(s, a, b);
}

/* From one period to the next no scope goes on: the series changes what it counts. */
static bool scope_breaks(const struct group *g, const struct claim *a, const struct claim *b)
{
    if (b->period.first != a->period.last + 1 || scopes_equal(a, b) || !span_is_flow(a->period) ||
        span_months(a->period) != 12 || span_months(b->period) != 12)
        return false;
    for (uint32_t i = 0; i < g->claims; i++)
        for (uint32_t k = 0; k < g->claims; k++)
            if (span_equal(g->claim[i]->period, a->period) &&
                span_equal(g->claim[k]->period, b->period) &&
                scopes_equal(g->claim[i], g->claim[k]))
                return false;
    return true;
}

/* Adds the unbroken run of years before the break. */
static void add_run(struct claims *s, struct finding *f, const struct group *g,
                    const struct claim *last)
{
    contradiction_add(s, f, last);
    for (uint32_t i = g->claims; i-- > 0;)
        if (g->claim[i]->period.last + 1 == last->period.first &&
            span_months(g->claim[i]->period) == 12 && scopes_equal(g->claim[i], last)) {
            add_run(s, f, g, g->claim[i]);
            return;
        }
}

static void tell_break(struct claims *s, const struct group *g, const struct claim *a,
                       const struct claim *b)
{
    struct finding *f = finding_new(s, CLASS_SCOPES, WEIGHT_DOUBT);
    contradiction_add(s, f, b);
    add_run(s, f, g, a);
    f->evidence = differ(s, f);
    finding_read(s, f,
                 "Le champ change d’une année à l’autre (%1, puis %2) : ce n’est pas une série.",
                 "The scope changes from one year to the next (%1, then %2): this is no series.",
                 claim_text(s, a), claim_text(s, b));
}

static void tell_scopes(struct claims *s, const struct group *g)
{
    struct finding *f = NULL;
    for (uint32_t j = 0; j < g->claims; j++)
        for (uint32_t k = 0; k < j; k++) {
            if (!scopes_conflict(s, g->claim[k], g->claim[j]))
                continue;
            if (!f)
                f = finding_new(s, CLASS_SCOPES, WEIGHT_DOUBT);
            contradiction_add(s, f, g->claim[k]);
            contradiction_add(s, f, g->claim[j]);
        }
    if (!f)
        return;
    for (uint32_t j = 0; j < f->claims; j++)
        for (uint32_t k = 0; k < j; k++)
            if (counts_differ(f->claim[k], f->claim[j]))
                claims_explain(s, f->claim[k], f->claim[j]);
    f->evidence = differ(s, f);
    finding_read(s, f,
                 "Ces chiffres ne comptent pas la même chose : garder le champ comme dimension.",
                 "These figures do not count the same thing: keep the scope as a dimension.",
                 TEXT(""), TEXT(""));
}

/* The same number of persons and of attempts, of dirhams and of euros. */
static void try_units(struct claims *s, const struct claim *a, const struct claim *b)
{
    if (text_equal(a->unit, b->unit) || text_missing(a->unit) || text_missing(b->unit) ||
        !values_equal(a, b) || digits_significant(a->value) < 2)
        return;
    struct finding *f = finding_new(s, CLASS_SCOPES, WEIGHT_DOUBT);
    struct tale t = tale_new(s);
    contradiction_add(s, f, a);
    contradiction_add(s, f, b);
    tale_claim(&t, a);
    tale_say(&t, " ");
    tale_text(&t, a->unit);
    tale_say(&t, " = ");
    tale_claim(&t, b);
    tale_say(&t, " ");
    tale_text(&t, b->unit);
    f->evidence = tale_end(&t);
    finding_read(s, f, "Le même nombre dans deux unités (%1, %2) : l’une des deux est fausse.",
                 "The same number in two units (%1, %2): one of them is wrong.", a->unit, b->unit);
}

void find_scopes(struct claims *s)
{
    for (uint32_t i = 0; i < s->cells; i++)
        for (uint32_t j = 0; j < s->cell[i].claims; j++)
            for (uint32_t k = 0; k < j; k++)
                try_units(s, s->cell[i].claim[k], s->cell[i].claim[j]);
    for (uint32_t i = 0; i < s->cells; i++)
        tell_scopes(s, &s->cell[i]);
    for (uint32_t i = 0; i < s->groups; i++) {
        const struct group *g = &s->group[i];
        for (uint32_t k = 1; k < g->claims; k++)
            for (uint32_t j = 0; j < k; j++)
                if (scope_breaks(g, g->claim[j], g->claim[k]))
                    tell_break(s, g, g->claim[j], g->claim[k]);
    }
}

/* ---- producers, and printings of one producer ---- */

static bool is_open(const struct claims *s, const struct claim *a, const struct claim *b)
{
    return !a->superseded && !b->superseded && !a->planned && !b->planned && !a->struck &&
           !b->struck && scopes_agree(a, b) && !values_agree(a, b) && !claims_explained(s, a, b);
}

static void read_producers(struct claims *s, struct finding *f)
{
    bool units = false;
    for (uint32_t i = 1; i < f->claims; i++)
        units |= !text_equal(f->claim[i]->unit, f->claim[0]->unit);
    if (units)
        finding_read(s, f, "Producteurs et unités différents : deux séries, jamais fondues.",
                     "Producers and units differ: two series, never merged.", TEXT(""), TEXT(""));
    else
        finding_read(
            s, f, "Producteurs différents : une série n’existe que par une règle (--rules).",
            "Producers differ: a series exists only by a rule (--rules).", TEXT(""), TEXT(""));
}

void find_producers(struct claims *s)
{
    for (uint32_t i = 0; i < s->cells; i++) {
        const struct group *g = &s->cell[i];
        struct finding *f = NULL;
        for (uint32_t j = 0; j < g->claims; j++)
            for (uint32_t k = 0; k < j; k++) {
                if (producers_equal(g->claim[j], g->claim[k]) ||
                    !is_open(s, g->claim[j], g->claim[k]))
                    continue;
                if (!f)
                    f = finding_new(s, CLASS_PRODUCERS, WEIGHT_DOUBT);
                contradiction_add(s, f, g->claim[k]);
                contradiction_add(s, f, g->claim[j]);
            }
        if (!f)
            continue;
        f->evidence = differ(s, f);
        read_producers(s, f);
    }
}

/* ---- one value under two periods ---- */

static bool disjoint(struct span a, struct span b)
{
    return a.last < b.first || b.last < a.first;
}

/* Years counted from the same day on, to different ends. */
static bool grows(struct span a, struct span b)
{
    return a.first == b.first && a.last != b.last && span_months(a) > 12 && span_months(b) > 12;
}

/* Several years, and the last of them. */
static bool ends_with(struct span a, struct span b)
{
    return a.last == b.last && a.first != b.first && span_months(a) >= 12 && span_months(b) >= 12;
}

static bool is_moved(const struct claim *a, const struct claim *b)
{
    int least = grows(a->period, b->period) || ends_with(a->period, b->period) ? 3 : 4;
    return (least == 3 || disjoint(a->period, b->period)) && values_equal(a, b) && claim_exact(a) &&
           claim_exact(b) && digits_significant(a->value) >= least && !same_printing(a, b) &&
           scopes_agree(a, b) && !a->planned && !b->planned;
}

static void tell_moved(struct claims *s, const struct claim *a, const struct claim *b)
{
    struct finding *f = finding_new(s, CLASS_PRINTINGS, WEIGHT_DOUBT);
    struct tale t = tale_new(s);
    contradiction_add(s, f, a);
    contradiction_add(s, f, b);
    tale_text(&t, a->period_text);
    tale_say(&t, ": ");
    tale_claim(&t, a);
    tale_say(&t, " = ");
    tale_text(&t, b->period_text);
    tale_say(&t, ": ");
    tale_claim(&t, b);
    f->evidence = tale_end(&t);
    finding_read(s, f,
                 "Le même chiffre pour deux périodes (%1, %2) : l’une des deux dates est fausse.",
                 "The same figure for two periods (%1, %2): one of the dates is wrong.",
                 a->period_text, b->period_text);
}

static void find_moved(struct claims *s)
{
    for (uint32_t i = 0; i < s->groups; i++) {
        const struct group *g = &s->group[i];
        for (uint32_t j = 0; j < g->claims; j++)
            for (uint32_t k = 0; k < j; k++)
                if (is_moved(g->claim[k], g->claim[j]))
                    tell_moved(s, g->claim[k], g->claim[j]);
    }
}

void find_printings(struct claims *s)
{
    find_moved(s);
    for (uint32_t i = 0; i < s->cells; i++) {
        const struct group *g = &s->cell[i];
        for (uint32_t j = 0; j < g->claims; j++)
            for (uint32_t k = 0; k < j; k++) {
                const struct claim *a = g->claim[k], *b = g->claim[j];
                if (!producers_equal(a, b) || !scopes_equal(a, b) || !is_open(s, a, b))
                    continue;
                struct finding *f = finding_new(s, CLASS_PRINTINGS, WEIGHT_DOUBT);
                contradiction_add(s, f, a);
                contradiction_add(s, f, b);
                f->evidence = differ(s, f);
                claims_explain(s, a, b);
                finding_read(s, f, "Même producteur, même date : relire les deux publications.",
                             "Same producer, same date: read both publications again.", TEXT(""),
                             TEXT(""));
            }
    }
}
