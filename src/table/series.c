/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Formulas that look across the periods of one series: change, growth, index, cumulative,
 * moving_average.
 *
 * A series is what one producer says of one cell, the best vintage of each period.  The period
 * before is the adjacent one (span_previous), never merely an earlier one; only days, which are
 * points in time such as a census, compare with the point before, and the note says which.  A
 * running sum takes years only, begins with the first of them, and is missing from the first gap
 * on.
 */
#include "table/derivation.h"
#include "table/period_label.h"

struct series {
    struct derivation *d;
    const struct indicator *indicator;
    const struct observation **at; /* by period */
    uint32_t count;
};

static bool is_missing(const struct observation *o)
{
    return o->value.exact.kind == NUMBER_MISSING;
}

static const struct observation *series_find(const struct series *s, struct span p)
{
    uint32_t low = 0, high = s->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (span_compare(s->at[middle]->period, p) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < s->count && span_equal(s->at[low]->period, p) ? s->at[low] : NULL;
}

static struct text period_name(const struct series *s, struct span p)
{
    return span_label(s->d->arena, p, s->d->language);
}

static struct text plain_note(const struct series *s, enum remark remark)
{
    return derivation_note(s->d, remark, TEXT(""));
}

static struct text period_note(const struct series *s, enum remark remark, struct span p)
{
    return derivation_note(s->d, remark, period_name(s, p));
}

/* ---- change, growth ---- */

static const struct observation *point_before(const struct series *s, uint32_t k)
{
    while (k > 0)
        if (span_is_day(s->at[--k]->period))
            return s->at[k];
    return NULL;
}

/* The figure of the period before, or NULL and *why. */
static const struct observation *figure_before(const struct series *s, uint32_t k, struct text *why)
{
    struct span p;
    const struct observation *o = NULL;
    *why = plain_note(s, REMARK_NO_EARLIER);
    if (span_is_day(s->at[k]->period)) {
        o = point_before(s, k);
    } else if (span_previous(s->at[k]->period, &p)) {
        *why = period_note(s, REMARK_NO_FIGURE, p);
        o = series_find(s, p);
    }
    if (!o || !is_missing(o))
        return o;
    *why = period_note(s, REMARK_NO_FIGURE, o->period);
    return NULL;
}

static void change_emit(const struct series *s, uint32_t k)
{
    const struct observation *o = s->at[k];
    struct blend blend = blend_new(s->d->arena, s->d->ranks);
    struct result r = {.indicator = s->indicator, .beside = o, .blend = &blend};
    struct text why;
    const struct observation *before = figure_before(s, k, &why);
    if (is_missing(o) || !before) {
        blend_add(&blend, o, BEARING_EXACT);
        derivation_miss(s->d, &r, "L", is_missing(o) ? plain_note(s, REMARK_NO_PERIOD) : why);
        return;
    }
    if (span_is_day(o->period))
        r.note = period_note(s, REMARK_SINCE, before->period);
    struct amount change = amount_subtract(o->value, before->value);
    if (s->indicator->formula.kind == FORMULA_CHANGE) {
        blend_add(&blend, o, o->bearing);
        blend_add(&blend, before, bearing_turn(before->bearing));
        r.value = amount_text(s->d->arena, change, derivation_places(s->d, s->indicator));
        derivation_emit(s->d, &r);
        return;
    }
    blend_add(&blend, o, derivation_bearing(o, before, false));
    blend_add(&blend, before, derivation_bearing(before, o, true));
    derivation_quotient(s->d, &r, change, before->value, derivation_factor(s->indicator));
}

/* ---- index ---- */

/* The figure of the base period, or of the only day in it. */
static const struct observation *index_base(const struct series *s)
{
    struct span base = s->indicator->formula.base;
    const struct observation *found = series_find(s, base);
    if (found)
        return found;
    for (uint32_t k = 0; k < s->count; k++) {
        struct span p = s->at[k]->period;
        if (!span_is_day(p) || p.first < base.first || p.last > base.last)
            continue;
        if (found)
            return NULL;
        found = s->at[k];
    }
    return found;
}

static void index_emit(const struct series *s, const struct observation *base, uint32_t k)
{
    const struct observation *o = s->at[k];
    struct blend blend = blend_new(s->d->arena, s->d->ranks);
    struct result r = {.indicator = s->indicator, .beside = o, .blend = &blend};
    if (is_missing(o) || !base || is_missing(base)) {
        blend_add(&blend, o, BEARING_EXACT);
        derivation_miss(s->d, &r, "L",
                        is_missing(o) ? plain_note(s, REMARK_NO_PERIOD)
                                      : period_note(s, REMARK_NO_BASE, s->indicator->formula.base));
        return;
    }
    blend_add(&blend, o, o == base ? BEARING_EXACT : derivation_bearing(o, base, false));
    if (o != base)
        blend_add(&blend, base, derivation_bearing(base, o, true));
    derivation_quotient(s->d, &r, o->value, base->value, 100);
}

static void index_series(const struct series *s)
{
    const struct observation *base = index_base(s);
    for (uint32_t k = 0; k < s->count; k++)
        index_emit(s, base, k);
}

/* ---- cumulative ---- */

struct running {
    struct blend blend;
    struct amount sum;
    const struct observation *last; /* the year added last */
    struct text gap;                /* what is told of the first one; empty: there is none */
};

/* A figure of part of the missing days, or NULL: it is told, not added. */
static const struct observation *part_inside(const struct series *s, struct span gap)
{
    for (uint32_t k = 0; k < s->count; k++) {
        struct span p = s->at[k]->period;
        if (p.first >= gap.first && p.last <= gap.last && span_months(p) != 12 &&
            !is_missing(s->at[k]))
            return s->at[k];
    }
    return NULL;
}

static struct text gap_note(const struct series *s, struct span gap)
{
    const struct observation *part = part_inside(s, gap);
    if (!part)
        return period_note(s, REMARK_GAP, gap);
    return remark_text(s->d->arena, s->d->language, REMARK_GAP_PART, period_name(s, gap),
                       period_name(s, part->period));
}

static void running_add(const struct series *s, struct running *sum, const struct observation *o)
{
    struct span before;
    bool adjacent =
        !sum->last || (span_previous(o->period, &before) && span_equal(before, sum->last->period));
    if (text_missing(sum->gap) && !adjacent)
        sum->gap = sum->last->period.last < o->period.first
                       ? gap_note(s, (struct span){sum->last->period.last + 1, o->period.first - 1})
                       : plain_note(s, REMARK_OVERLAP);
    if (text_missing(sum->gap) && is_missing(o))
        sum->gap = gap_note(s, o->period);
    if (text_missing(sum->gap))
        sum->sum = sum->last ? amount_add(sum->sum, o->value) : o->value;
    sum->last = o;
    blend_add(&sum->blend, o, o->bearing);
}

static void cumulative_series(const struct series *s)
{
    struct running sum = {.blend = blend_new(s->d->arena, s->d->ranks)};
    for (uint32_t k = 0; k < s->count; k++) {
        const struct observation *o = s->at[k];
        if (span_months(o->period) != 12)
            continue;
        running_add(s, &sum, o);
        struct result r = {.indicator = s->indicator, .beside = o, .blend = &sum.blend};
        if (!text_missing(sum.gap)) {
            derivation_miss(s->d, &r, "L", sum.gap);
            continue;
        }
        r.value = amount_text(s->d->arena, sum.sum, derivation_places(s->d, s->indicator));
        derivation_emit(s->d, &r);
    }
}

/* ---- moving average ---- */

static void average_emit(const struct series *s, uint32_t k)
{
    const struct observation *o = s->at[k];
    struct blend blend = blend_new(s->d->arena, s->d->ranks);
    struct result r = {.indicator = s->indicator, .beside = o, .blend = &blend};
    struct amount sum = o->value;
    struct span p = o->period;
    int32_t n = s->indicator->formula.n;
    blend_add(&blend, o, o->bearing);
    if (is_missing(o)) {
        derivation_miss(s->d, &r, "L", plain_note(s, REMARK_NO_PERIOD));
        return;
    }
    for (int32_t i = 1; i < n; i++) {
        bool has = span_previous(p, &p);
        const struct observation *before = has ? series_find(s, p) : NULL;
        if (!before || is_missing(before)) {
            derivation_miss(s->d, &r, "L",
                            has ? period_note(s, REMARK_NO_FIGURE, p)
                                : plain_note(s, REMARK_POINT));
            return;
        }
        sum = amount_add(sum, before->value);
        blend_add(&blend, before, before->bearing);
    }
    struct amount count = {decimal_of(n), (double)n};
    derivation_quotient(s->d, &r, sum, count, 1);
}

/* ---- all series of an indicator ---- */

/* Years taken together (`2018-01-01/P5Y`) are a sum over the series, not a period of it. */
static bool is_period(struct span p)
{
    return p.last - p.first < 366;
}

static void series_emit(const struct series *s)
{
    if (s->indicator->formula.kind == FORMULA_CUMULATIVE) {
        cumulative_series(s);
    } else if (s->indicator->formula.kind == FORMULA_INDEX) {
        index_series(s);
    } else {
        for (uint32_t k = 0; k < s->count; k++) {
            if (s->indicator->formula.kind == FORMULA_MOVING_AVERAGE)
                average_emit(s, k);
            else
                change_emit(s, k);
        }
    }
}

int series_run(struct derivation *d, const struct indicator *i)
{
    struct figures f;
    if (derivation_operand(d, i, i->formula.a, true, &f))
        return -1;
    struct figure_order order = derivation_order(d, UINT32_MAX);
    uint32_t kept = 0;
    for (uint32_t k = 0; k < f.count; k++)
        if (is_period(f.at[k]->period))
            f.at[kept++] = f.at[k];
    f.count = kept;
    for (uint32_t from = 0, end; from < f.count; from = end) {
        end = figures_run(&f, &order, order.count, from);
        struct series s = {.d = d, .indicator = i, .at = f.at + from, .count = end - from};
        series_emit(&s);
    }
    return 0;
}
