/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Indicators that the catalogue derives, printed as figures: cumulative(A) must not fall and must
 * grow by A, growth(A) and change(A) must follow from A; and parts that exceed their whole.
 */
#include "base/quotient.h"
#include "table/reconcile_set.h"

/* The operand of `name(A)`; empty for other formulas. */
static struct text operand(const struct claims *s, const struct claim *c, const char *name)
{
    struct text f = catalogue_cell(s, c->indicator, "formula"), n = text_of(name);
    if (!text_starts(f, n) || f.len < n.len + 3 || f.at[n.len] != '(' || f.at[f.len - 1] != ')')
        return TEXT("");
    return text_trim((struct text){f.at + n.len + 1, f.len - n.len - 2});
}

/* The claim of the period just before, of the same producer and scope. */
static const struct claim *before(const struct group *g, const struct claim *c)
{
    struct span previous;
    for (uint32_t i = 0; g && span_previous(c->period, &previous) && i < g->claims; i++)
        if (span_equal(g->claim[i]->period, previous) && producers_equal(g->claim[i], c) &&
            scopes_equal(g->claim[i], c) && !g->claim[i]->superseded)
            return g->claim[i];
    return NULL;
}

static const struct claim *same_period(const struct group *g, const struct claim *c)
{
    const struct claim *best = g ? claim_nearest(g, c, c->period) : NULL;
    return best && producers_equal(best, c) ? best : NULL;
}

/* ---- cumulatives by year ---- */

static void tell_fall(struct claims *s, const struct claim *c, const struct claim *last)
{
    struct finding *f = finding_new(s, CLASS_FALLING, WEIGHT_ERROR);
    struct tale t = tale_new(s);
    contradiction_add(s, f, last);
    contradiction_add(s, f, c);
    tale_text(&t, last->period_text);
    tale_say(&t, ": ");
    tale_claim(&t, last);
    tale_say(&t, " > ");
    tale_text(&t, c->period_text);
    tale_say(&t, ": ");
    tale_claim(&t, c);
    f->evidence = tale_end(&t);
    finding_read(s, f, "Un cumul ne baisse pas d’une période à la suivante.",
                 "A cumulative does not fall from one period to the next.", TEXT(""), TEXT(""));
}

/* c - last = step, or the cumulative and the series do not agree. */
static void tell_step(struct claims *s, const struct claim *c, const struct claim *last,
                      const struct claim *step)
{
    struct finding *f = finding_new(s, CLASS_YEARS, WEIGHT_ERROR);
    struct tale t = tale_new(s);
    contradiction_add(s, f, last);
    contradiction_add(s, f, c);
    contradiction_add(s, f, step);
    tale_number(&t, last->value);
    tale_say(&t, " + ");
    tale_number(&t, step->value);
    tale_say(&t, " = ");
    tale_number(&t, decimal_plus(last->value, step->value));
    tale_say(&t, " ≠ ");
    tale_claim(&t, c);
    f->evidence = tale_end(&t);
    finding_read(s, f, "Le cumul ne croît pas de la valeur de la période.",
                 "The cumulative does not grow by the value of the period.", TEXT(""), TEXT(""));
}

static void try_cumulative(struct claims *s, const struct claim *c, struct text of)
{
    const struct claim *last = before(&s->group[c->group], c);
    if (!last || !claim_exact(last) || !claim_exact(c))
        return;
    const struct claim *step = same_period(claims_group(s, of, false, c->place), c);
    if (decimal_compare(last->value, c->value) > 0)
        tell_fall(s, c, last);
    else if (step && claim_exact(step) &&
             decimal_compare(decimal_plus(last->value, step->value), c->value) != 0)
        tell_step(s, c, last, step);
}

/* ---- changes and growth ---- */

static bool expected(const struct claim *now, const struct claim *last, bool percent, int places,
                     struct decimal *out)
{
    char text[QUOTIENT_TEXT];
    struct decimal d = decimal_subtract(now->value, last->value);
    *out = d;
    if (d.kind != NUMBER_EXACT || (percent && last->value.mantissa <= 0))
        return false;
    if (!percent)
        return true;
    size_t n = quotient_format(d, last->value, 2, places + 4, text);
    *out = decimal_parse((struct text){text, (uint32_t)n});
    return out->kind == NUMBER_EXACT;
}

static void tell_change(struct claims *s, const struct claim *c, const struct claim *now,
                        const struct claim *last, struct decimal is)
{
    struct finding *f = finding_new(s, CLASS_SHARE, WEIGHT_ERROR);
    struct tale t = tale_new(s);
    contradiction_add(s, f, c);
    contradiction_add(s, f, now);
    contradiction_add(s, f, last);
    f->doubtful = c;
    tale_number(&t, now->value);
    tale_say(&t, c->percent ? "/" : " − ");
    tale_number(&t, last->value);
    tale_say(&t, c->percent ? " − 1 = " : " = ");
    tale_number(&t, decimal_round(is, 2));
    tale_say(&t, c->percent ? " % ≠ " : " ≠ ");
    tale_claim(&t, c);
    f->evidence = tale_end(&t);
    finding_read(s, f, "L’évolution publiée ne suit pas des deux valeurs.",
                 "The published change does not follow from the two values.", TEXT(""), TEXT(""));
}

static void try_change(struct claims *s, const struct claim *c, struct text of)
{
    const struct group *g = claims_group(s, of, false, c->place);
    const struct claim *now = same_period(g, c), *last = now ? before(g, now) : NULL;
    struct decimal is, step = {1, c->value.scale, NUMBER_EXACT};
    if (!last || !expected(now, last, c->percent, c->value.scale, &is))
        return;
    struct decimal off = decimal_distance(is, c->value);
    if (off.kind == NUMBER_EXACT && decimal_compare(off, step) >= 0)
        tell_change(s, c, now, last, is);
}

void find_running(struct claims *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        const struct claim *c = s->at[i];
        struct text of = operand(s, c, "cumulative");
        if (of.len)
            try_cumulative(s, c, of);
        of = operand(s, c, c->percent ? "growth" : "change");
        if (of.len)
            try_change(s, c, of);
    }
}

/* ---- parts above their whole ---- */

static void tell_above(struct claims *s, const struct claim *part, const struct claim *whole)
{
    struct finding *f = finding_new(s, whole ? CLASS_SUM : CLASS_SHARE, WEIGHT_ERROR);
    struct tale t = tale_new(s);
    contradiction_add(s, f, part);
    if (whole)
        contradiction_add(s, f, whole);
    tale_claim(&t, part);
    tale_say(&t, " > ");
    if (whole)
        tale_claim(&t, whole);
    else
        tale_say(&t, "100 %");
    f->evidence = tale_end(&t);
    f->doubtful = whole ? NULL : part;
    finding_read(s, f, "Une partie dépasse son tout.", "A part exceeds its whole.", TEXT(""),
                 TEXT(""));
}

static bool is_above(const struct claim *part, const struct claim *whole)
{
    return whole && whole != part && producers_equal(part, whole) && scopes_agree(part, whole) &&
           part->planned == whole->planned && part->bearing != BEARING_BELOW &&
           whole->bearing != BEARING_ABOVE && decimal_compare(part->value, whole->value) > 0 &&
           !values_agree(part, whole);
}

/* A category alone in its list; lists of several are summed by reconcile_parts.c. */
static void try_category(struct claims *s, const struct claim *c)
{
    for (uint32_t k = 0; k < c->axes; k++) {
        const struct group *g = claims_group(s, c->indicator, false, place_without(s, c, k));
        const struct claim *total = g ? claim_nearest(g, c, c->period) : NULL;
        if (is_above(c, total))
            tell_above(s, c, total);
    }
}

/* Every A of ratio(A, B) in percent is among the B. */
static void try_ratio(struct claims *s, const struct claim *c)
{
    const struct table *t = s->catalogue;
    struct text a, b;
    for (uint32_t row = 0; t && row < t->rows; row++) {
        int formula = schema_find(t->schema, TEXT("formula")),
            unit = schema_find(t->schema, TEXT("unit"));
        if (!ratio_operands(table_get(t, row, formula), &a, &b) || !text_equal(a, c->indicator) ||
            !text_equal(table_get(t, row, unit), TEXT("PT")))
            continue;
        const struct group *g = claims_group(s, b, false, c->place);
        const struct claim *whole = g ? claim_nearest(g, c, c->period) : NULL;
        if (is_above(c, whole))
            tell_above(s, c, whole);
    }
}

void find_impossible(struct claims *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        const struct claim *c = s->at[i];
        struct text code = c->indicator, share = TEXT("_SHARE");
        bool named = code.len > share.len &&
                     memcmp(code.at + code.len - share.len, share.at, share.len) == 0;
        if (c->percent && named && decimal_compare(c->value, decimal_of(100)) > 0)
            tell_above(s, c, NULL);
        if (!c->percent && claim_adds_up(c)) {
            try_category(s, c);
            try_ratio(s, c);
        }
    }
}
