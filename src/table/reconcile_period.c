/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One series, several spans: parts of a year printed as the year, running totals that fall, sums of
 * years against published cumulatives.  Only flows: a count at a day has no parts in time.
 */
#include "table/reconcile_set.h"

static bool within_a_year(struct span s)
{
    return span_days(s) <= 366;
}

static bool usable(const struct claim *c)
{
    return span_is_flow(c->period) && claim_adds_up(c) && !c->percent && !c->planned &&
           !c->superseded;
}

/* A count at days, somewhere in the series: its years are no flows either. */
static bool is_stock(const struct group *g)
{
    for (uint32_t i = 0; i < g->claims; i++)
        if (!span_is_flow(g->claim[i]->period))
            return true;
    return false;
}

static struct text claim_text(struct claims *s, const struct claim *c)
{
    struct tale t = tale_new(s);
    tale_claim(&t, c);
    return tale_end(&t);
}

static void tale_spanned(struct tale *t, const struct claim *c)
{
    tale_text(t, c->period_text);
    tale_say(t, ": ");
    tale_claim(t, c);
}

/* "2018-01-01/P9M: 122 (...) = 2018: 122 (...)" */
static struct text against(struct claims *s, const struct claim *a, const char *sign,
                           const struct claim *b)
{
    struct tale t = tale_new(s);
    tale_spanned(&t, a);
    tale_say(&t, sign);
    tale_spanned(&t, b);
    return tale_end(&t);
}

/* ---- part of a year printed as the year ---- */

/* Another claim of the whole period that is larger, or a longer part that is: NULL for none. */
static const struct claim *larger_whole(const struct group *g, const struct claim *whole,
                                        const struct claim *part)
{
    const struct claim *best = NULL;
    for (uint32_t i = 0; i < g->claims; i++) {
        const struct claim *c = g->claim[i];
        bool longer = span_equal(c->period, whole->period) ||
                      (span_holds(whole->period, c->period) && span_holds(c->period, part->period));
        if (longer && scopes_agree(c, whole) && !c->planned &&
            exceeds(c->value, whole->value, 100) &&
            (!best || span_days(c->period) > span_days(best->period)))
            best = c;
    }
    return best;
}

static void tell_part(struct claims *s, const struct group *g, struct claim *whole,
                      const struct claim *part)
{
    bool equal = values_equal(whole, part);
    const struct claim *larger = larger_whole(g, whole, part);
    bool falls = !equal && span_months(whole->period) != 12; /* two running totals, no year */
    enum finding_class class = falls ? CLASS_FALLING : CLASS_PART_PERIOD;
    struct finding *f = finding_new(s, class, larger || !equal ? WEIGHT_ERROR : WEIGHT_DOUBT);
    contradiction_add(s, f, whole);
    contradiction_add(s, f, part);
    f->doubtful = whole;
    f->evidence = against(s, part, equal ? " = " : " > ", whole);
    if (larger) {
        struct tale t = tale_new(s);
        tale_text(&t, f->evidence);
        tale_say(&t, " < ");
        tale_spanned(&t, larger);
        f->evidence = tale_end(&t);
        f->used = span_equal(larger->period, whole->period) ? larger : NULL;
        contradiction_add(s, f, larger);
        claims_explain(s, whole, larger);
    }
    whole->struck = true;
    if (falls)
        finding_read(s, f,
                     "Un cumul ne baisse pas : %1 compte moins qu’une partie de ses jours (%2).",
                     "A cumulative does not fall: %1 counts less than a part of its days (%2).",
                     claim_text(s, whole), part->period_text);
    else
        finding_read(s, f, "%1 est le chiffre arrêté à %2, imprimé pour toute la période.",
                     "%1 is the count of %2, printed for the whole period.", claim_text(s, whole),
                     part->period_text);
}

static bool is_part_printed(const struct claim *whole, const struct claim *part)
{
    if (!usable(whole) || part->percent || part->planned || !scopes_agree(whole, part) ||
        whole == part || !within_a_year(whole->period) ||
        !span_holds(whole->period, part->period) || !span_is_flow(part->period) ||
        digits_significant(whole->value) < 1)
        return false;
    int order = decimal_compare(whole->value, part->value);
    bool rough = !claim_exact(whole) && !claim_exact(part);
    if (order == 0)
        return !rough && whole->period.first == part->period.first &&
               decimal_compare(whole->value, decimal_of(10)) >= 0;
    return order < 0 && whole->bearing != BEARING_ABOVE && part->bearing != BEARING_BELOW &&
           !values_agree(whole, part);
}

/* The part that the whole period repeats, else the longest one that it falls below. */
static const struct claim *part_of(const struct group *g, const struct claim *whole)
{
    const struct claim *best = NULL;
    for (uint32_t i = 0; i < g->claims; i++) {
        const struct claim *c = g->claim[i];
        if (!is_part_printed(whole, c))
            continue;
        bool equal = values_equal(c, whole), was = best && values_equal(best, whole);
        bool longer = best && span_days(c->period) > span_days(best->period);
        if (!best || (equal && !was) || (equal == was && longer))
            best = c;
    }
    return best;
}

/* ---- two lists of one vintage, one at or below the other everywhere ---- */

/* Lists are in the order of indicator, axis, the other axes, period: those alike stand together. */
static bool same_table(const struct list *a, const struct list *b)
{
    const struct claim *x = a->claim[0], *y = b->claim[0];
    return span_equal(x->period, y->period) && x->percent == y->percent &&
           text_equal(x->indicator, y->indicator) &&
           text_equal(x->axis[a->axis].name, y->axis[b->axis].name);
}

static bool same_subject(const struct list *a, const struct list *b)
{
    const struct claim *x = a->claim[0], *y = b->claim[0];
    return text_equal(x->indicator, y->indicator) && x->percent == y->percent &&
           span_equal(x->period, y->period) && producers_equal(x, y) && scopes_equal(x, y) &&
           text_equal(x->as_of_text, y->as_of_text) && a->axis == b->axis && x->axes == y->axes &&
           text_equal(x->axis[a->axis].name, y->axis[b->axis].name);
}

static const struct claim *same_label(const struct list *l, const struct claim *c)
{
    for (uint32_t i = 0; i < l->claims; i++)
        if (text_equal(l->claim[i]->place, c->place))
            return l->claim[i];
    return NULL;
}

/* At least two below, none above: one list may stop earlier. */
static bool lies_below(const struct list *a, const struct list *b)
{
    uint32_t below = 0;
    for (uint32_t i = 0; i < a->claims; i++) {
        const struct claim *o = same_label(b, a->claim[i]);
        int order = o ? decimal_compare(a->claim[i]->value, o->value) : 1;
        if (order > 0)
            return false;
        below += order < 0;
    }
    return below >= 2 && a->claims >= 3;
}

static void tell_below(struct claims *s, const struct list *a, const struct list *b)
{
    struct finding *f = finding_new(s, CLASS_PART_PERIOD, WEIGHT_DOUBT);
    struct tale t = tale_new(s);
    for (uint32_t i = 0; i < a->claims; i++) {
        const struct claim *o = same_label(b, a->claim[i]);
        contradiction_add(s, f, a->claim[i]);
        contradiction_add(s, f, o);
        claims_explain(s, a->claim[i], o);
        tale_say(&t, i ? ", " : "");
        tale_value(&t, a->claim[i]);
        tale_say(&t, values_equal(a->claim[i], o) ? " = " : " < ");
        tale_value(&t, o);
    }
    f->evidence = tale_end(&t);
    finding_read(
        s, f,
        "Une liste est partout au plus égale à l’autre : sans doute une période plus courte "
        "(%1). Vérifier les années couvertes.",
        "One list is nowhere above the other: probably a shorter period (%1). Check the "
        "years covered.",
        a->claim[0]->source, TEXT(""));
}

/* ---- a calendar year as of a day well before its end ---- */

enum { DAYS_EARLY = 15 };

static bool is_early(const struct claim *c)
{
    struct date first = date_of_days(c->period.first);
    bool flow = span_is_flow(c->period) && claim_adds_up(c) && !c->percent && !c->planned;
    return flow && !c->struck && span_months(c->period) == 12 && first.month == 1 &&
           first.day == 1 && c->as_of.last >= c->period.first &&
           c->as_of.last + DAYS_EARLY < c->period.last;
}

/* One release: it says the same of all its figures of the year. */
static bool same_release(const struct claim *a, const struct claim *b)
{
    return a->period.first == b->period.first && producers_equal(a, b) &&
           text_equal(a->as_of_text, b->as_of_text) && text_equal(a->indicator, b->indicator);
}

static void tell_early(struct claims *s, struct claim *const *early, uint32_t n)
{
    struct finding *f = finding_new(s, CLASS_PART_PERIOD, WEIGHT_DOUBT);
    const struct claim *c = early[0];
    struct tale t = tale_new(s);
    tale_text(&t, c->as_of_text);
    tale_say(&t, " < ");
    tale_text(&t, c->period_text);
    tale_say(&t, ": ");
    tale_claim(&t, c);
    for (uint32_t i = 0; i < n; i++)
        if (same_release(early[i], c))
            contradiction_add(s, f, early[i]);
    f->doubtful = f->claims == 1 ? c : NULL;
    f->evidence = tale_end(&t);
    finding_read(s, f, "Compté avant la fin de l’année (%1) : une partie, non l’année.",
                 "Counted before the end of the year (%1): a part of it, not the year.",
                 c->as_of_text, TEXT(""));
}

static void find_early(struct claims *s)
{
    struct claim **early = arena_array(s->arena, s->count + 1, sizeof *early);
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->count; i++)
        if (!is_stock(&s->group[s->at[i]->group]) && is_early(s->at[i]))
            early[n++] = s->at[i];
    for (uint32_t i = 0; i < n; i++) {
        bool told = false;
        for (uint32_t k = 0; k < i && !told; k++)
            told = same_release(early[k], early[i]);
        if (!told)
            tell_early(s, early + i, n - i);
    }
}

void find_part_period(struct claims *s)
{
    for (uint32_t i = 0; i < s->groups; i++) {
        const struct group *g = &s->group[i];
        if (is_stock(g))
            continue;
        for (uint32_t k = 0; k < g->claims; k++) {
            const struct claim *part = part_of(g, g->claim[k]);
            if (part)
                tell_part(s, g, g->claim[k], part);
        }
    }
    find_early(s);
    for (uint32_t i = 0; i < s->lists; i++) {
        uint32_t first = i, end = i + 1;
        while (first > 0 && same_table(&s->list[first - 1], &s->list[i]))
            first--;
        while (end < s->lists && same_table(&s->list[i], &s->list[end]))
            end++;
        for (uint32_t k = first; k < end; k++)
            if (i != k && same_subject(&s->list[i], &s->list[k]) &&
                s->list[i].claims == s->list[k].claims && lies_below(&s->list[i], &s->list[k]))
                tell_below(s, &s->list[i], &s->list[k]);
    }
}

/* ---- running totals of one year ---- */

static bool same_run(const struct claim *a, const struct claim *b)
{
    return a->period.first == b->period.first && scopes_agree(a, b);
}

static bool repeats_period(const struct finding *f, const struct claim *c)
{
    for (uint32_t i = 0; i < f->claims; i++)
        if (span_equal(f->claim[i]->period, c->period))
            return true;
    return false;
}

static bool is_calendar_year(struct span p)
{
    return span_months(p) == 12;
}

/* The longest running total of a year that has no figure of its own. */
static bool is_longest(const struct group *g, const struct claim *c)
{
    for (uint32_t i = 0; i < g->claims; i++) {
        const struct claim *o = g->claim[i];
        if (o != c && usable(o) && same_run(o, c) && within_a_year(o->period) &&
            (o->period.last > c->period.last || (o->period.last == c->period.last && o < c)))
            return false;
    }
    return within_a_year(c->period);
}

/* Three or more cut-offs: each of them gets quoted as the year. */
static void tell_cutoffs(struct claims *s, const struct group *g, const struct claim *whole)
{
    struct finding *f = finding_new(s, CLASS_CUTOFF, WEIGHT_NOTE);
    uint32_t spans = 0;
    struct tale t = tale_new(s);
    for (uint32_t i = 0; i < g->claims; i++) {
        const struct claim *c = g->claim[i];
        if (!usable(c) || c->struck || !same_run(c, whole) || c->period.last > whole->period.last)
            continue;
        spans += !repeats_period(f, c);
        tale_say(&t, f->claims ? " ; " : "");
        tale_spanned(&t, c);
        contradiction_add(s, f, c);
    }
    if (spans < 3) {
        s->findings--;
        return;
    }
    f->evidence = tale_end(&t);
    if (!is_calendar_year(whole->period)) {
        finding_read(
            s, f, "Cumuls de dates différentes : aucun ne vaut pour l’année (le plus long : %1).",
            "Running totals of different days: none holds for the year (the longest: %1).",
            claim_text(s, whole), TEXT(""));
        return;
    }
    f->used = whole;
    finding_read(s, f, "Cumuls de dates différentes : seul %1 vaut pour l’année.",
                 "Running totals of different days: only %1 holds for the year.",
                 claim_text(s, whole), TEXT(""));
}

void find_cutoff(struct claims *s)
{
    for (uint32_t i = 0; i < s->groups; i++) {
        const struct group *g = &s->group[i];
        const struct claim *done = NULL;
        if (is_stock(g))
            continue;
        for (uint32_t k = 0; k < g->claims; k++) {
            const struct claim *c = g->claim[k];
            if (usable(c) && !c->struck && (is_calendar_year(c->period) || is_longest(g, c)) &&
                (!done || !span_equal(done->period, c->period))) {
                tell_cutoffs(s, g, c);
                done = c;
            }
        }
    }
}

/* ---- a cumulative that falls ---- */

/* `low` spans more and counts less. */
static bool falls(const struct claim *high, const struct claim *low)
{
    if (!usable(high) || !usable(low) || !scopes_agree(high, low) || high->struck ||
        within_a_year(low->period) || !span_holds(low->period, high->period) ||
        high->bearing == BEARING_BELOW || !text_equal(high->unit, low->unit))
        return false;
    int slack = low->bearing == BEARING_ABOVE || low->bearing == BEARING_UNCLEAR ||
                        high->bearing == BEARING_UNCLEAR
                    ? 120
                    : 100;
    return exceeds(high->value, low->value, slack);
}

/* Of the claims that it contradicts, an exact one before others. */
static const struct claim *fallen(const struct group *g, const struct claim *high)
{
    const struct claim *best = NULL;
    for (uint32_t i = 0; i < g->claims; i++)
        if (falls(high, g->claim[i]) && (!best || (claim_exact(g->claim[i]) && !claim_exact(best))))
            best = g->claim[i];
    return best;
}

/* A tenth fits where the whole does not. */
static bool is_tenfold(const struct claim *high, const struct claim *low)
{
    struct decimal low_ten = decimal_times(low->value, 10);
    return !exceeds(high->value, low_ten, 100) && exceeds(high->value, low_ten, 25);
}

static void tell_falling(struct claims *s, struct claim *high, const struct claim *low)
{
    bool ten = is_tenfold(high, low);
    struct finding *f = finding_new(s, ten ? CLASS_TENFOLD : CLASS_FALLING, WEIGHT_ERROR);
    contradiction_add(s, f, high);
    contradiction_add(s, f, low);
    f->evidence = against(s, high, " > ", low);
    if (ten) {
        f->doubtful = high;
        high->struck = true;
        finding_read(
            s, f, "%1 dépasse un cumul plus long ; dix fois moins y tiendrait : un zéro de trop.",
            "%1 exceeds a longer cumulative; a tenth of it would fit: one zero too many.",
            claim_text(s, high), TEXT(""));
        return;
    }
    f->doubtful = claim_exact(low) && !claim_exact(high) ? high : NULL;
    finding_read(s, f, "Un cumul ne baisse pas : %1 ou %2 est faux, ou d’un autre champ.",
                 "A cumulative does not fall: %1 or %2 is wrong, or of another scope.",
                 claim_text(s, high), claim_text(s, low));
}

void find_falling(struct claims *s)
{
    find_running(s);
    for (uint32_t i = 0; i < s->groups; i++) {
        const struct group *g = &s->group[i];
        if (is_stock(g))
            continue;
        for (uint32_t k = 0; k < g->claims; k++) {
            const struct claim *low = fallen(g, g->claim[k]);
            if (low)
                tell_falling(s, g->claim[k], low);
        }
    }
}
