/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Statistics of a domain from sums by cell, and their influence values by leaf of the design:
 *
 *     total      sum w x                 w x
 *     mean       sum w x / sum w         w (x - mean) / sum w
 *     ratio      sum w x / sum w y       w (x - ratio y) / sum w y
 *     variance   n/(n-1) sum w (x - mean)^2 / sum w      w (n/(n-1) (x - mean)^2 - variance) / sum
 * w
 *
 * (Woodruff 1971, JASA 66; Sarndal, Swensson & Wretman 1992, results 5.6.1-5.7.1; for the variance
 * Deville 1999, Survey Methodology 25.)  Design effects: Kish 1965, 8.2; against a simple random
 * sample without or with replacement of the n records, whose s^2 is n/(n-1) sum w (x - mean)^2 /
 * sum w; kish: n sum w^2 / (sum w)^2 (Kish 1992, J. Off. Stat. 8).
 */
#include "stages/estimate.h"
#include "stages/estimate_calibrated.h"

#include <math.h>

/* A standard error up to this share of the value is rounding. */
static const double rounding = 1e-12;

/* The cells of a domain, and what is missing in a set. */
struct slice {
    const struct fold *fold;
    const struct missing *missing;
    const struct first_moment *base; /* of each first moment, which tells its own */
    const uint32_t *cell;
    uint32_t count;
};

static struct slice slice_of(const struct estimate *e, const struct fold *f, uint32_t domain,
                             uint32_t set)
{
    struct slice s = {.fold = f, .base = e->requests.first};
    if (!f || domain == UINT32_MAX)
        return s;
    if (set != NO_SET && f->missing)
        s.missing = &f->missing[f->missing[set].as];
    if (s.missing && !s.missing->n)
        s.missing = NULL;
    s.cell = f->order + f->start[domain - f->from];
    s.count = f->stop[domain - f->from] - f->start[domain - f->from];
    return s;
}

static inline uint32_t records(const struct slice *s, uint32_t i)
{
    uint32_t c = s->cell[i], n = fold_records(s->fold, c);
    return s->missing ? n - s->missing->n[c] : n;
}

static inline long double weight_of(const struct slice *s, uint32_t i)
{
    uint32_t c = s->cell[i];
    long double w = s->fold->weights ? s->fold->weights[c] : tally_real(&s->fold->weight, c);
    return s->missing && s->missing->n[c] ? w - tally_real(&s->missing->weight, c) : w;
}

static struct sum weight_total(const struct slice *s)
{
    return tally_total(&s->fold->weight, s->missing ? &s->missing->weight : NULL, s->cell,
                       s->count);
}

static struct sum first_total(const struct slice *s, uint32_t first)
{
    const struct tally *less = &s->fold->less[first];
    return tally_total(&s->fold->first[s->base[first].base], less->room ? less : NULL, s->cell,
                       s->count);
}

static inline long double first_of(const struct slice *s, uint32_t i, uint32_t first)
{
    const struct fold *f = s->fold;
    if (f->firsts_of)
        return f->firsts_of[first][s->cell[i]];
    return tally_difference(&f->first[s->base[first].base], &f->less[first], s->cell[i]);
}

/* Room for influence values, and the number of records. */
static void begin(struct slice *s, struct arena *a, struct result *r)
{
    *r = (struct result){.value = NO_NUMBER, .se = NO_NUMBER, .deff = NO_NUMBER, .df = NO_NUMBER};
    r->influence.leaf = arena_array(a, s->count, sizeof *r->influence.leaf);
    r->influence.z = arena_array(a, s->count, sizeof *r->influence.z);
    for (uint32_t i = 0; i < s->count; i++)
        r->n += records(s, i);
    r->empty = r->n == 0;
}

static inline void put(const struct estimate *e, const struct slice *s, struct result *r,
                       uint32_t i, long double z)
{
    struct influence *in = &r->influence;
    if (records(s, i) == 0)
        return;
    in->leaf[in->count] = e->frame.place[s->fold->unit[s->cell[i]]];
    in->z[in->count++] = (double)z;
}

/* Exact sums of a domain: of weights, and of what the statistic adds up or divides by. */
struct totals {
    struct sum w, x, y;
};

/* ---- design effects: what the variance is divided by ---- */

static double simple_variance(const struct estimate *e, double s2, double n, double weight,
                              bool of_total)
{
    double v = s2 / n;
    if (e->deff == DEFF_WITHOUT)
        v *= (weight - n) / weight;
    v *= of_total ? weight * weight : 1;
    return v > 0 && isfinite(v) ? v : NO_NUMBER;
}

/* r->deff becomes the denominator, and result_variance() divides; kish needs no variance. */
static void set_deff(const struct estimate *e, const struct slice *s, uint32_t domain,
                     const struct request *q, double squares, struct result *r)
{
    bool of_total = q->kind == STAT_TOTAL || q->kind == STAT_TALLY || q->kind == STAT_COUNT ||
                    q->kind == STAT_RATIO;
    double n = r->n, w = r->weight;
    if (e->deff == DEFF_KISH)
        r->deff = n * grid_real(&s->fold->second[q->square], domain) / (w * w);
    else if (e->deff != DEFF_NONE && n > 1)
        r->deff = simple_variance(e, n / (n - 1) * squares / w, n, w, of_total);
}

static double second_of(const struct estimate *e, const struct slice *s, uint32_t domain,
                        uint32_t i)
{
    const struct grid_tally *second = s->fold->second;
    uint32_t base = e->requests.second[i].base;
    return base == i ? grid_real(&second[i], domain)
                     : grid_difference(&second[base], &second[i], domain);
}

/* sum w (x - mean)^2, or of the ratio's residuals. */
static double squares_of(const struct estimate *e, const struct slice *s, uint32_t domain,
                         const struct request *q, const struct totals *t, double value)
{
    double x = sum_real(&t->x), y = sum_real(&t->y);
    double xx = second_of(e, s, domain, q->xx), squares = xx - x * x / sum_real(&t->w);
    if (q->kind == STAT_RATIO)
        squares = (xx - 2 * value * second_of(e, s, domain, q->xy) +
                   value * value * second_of(e, s, domain, q->yy)) /
                  (y * y);
    return squares > 1e-12 * xx || q->kind == STAT_RATIO ? squares : 0;
}

/* ---- statistics ---- */

static void total_result(const struct estimate *e, struct slice *s, const struct request *q,
                         const struct totals *t, struct result *r)
{
    r->value = sum_real(q->kind == STAT_COUNT ? &t->w : &t->x);
    for (uint32_t i = 0; i < s->count; i++)
        put(e, s, r, i, q->kind == STAT_COUNT ? weight_of(s, i) : first_of(s, i, q->x_sum));
}

static void ratio_result(const struct estimate *e, struct slice *s, const struct request *q,
                         const struct totals *t, struct result *r)
{
    bool mean = q->kind == STAT_MEAN;
    if (sum_is_zero(&t->y)) {
        r->empty = true;
        return;
    }
    long double value = (long double)sum_ratio(&t->x, &t->y), base = (long double)sum_real(&t->y);
    r->value = (double)value;
    for (uint32_t i = 0; i < s->count; i++) {
        long double below = mean ? weight_of(s, i) : first_of(s, i, q->y_sum);
        put(e, s, r, i, (first_of(s, i, q->x_sum) - value * below) / base);
    }
}

static void variance_result(const struct estimate *e, struct slice *s, const struct request *q,
                            const struct totals *t, struct result *r)
{
    long double mean = (long double)sum_ratio(&t->x, &t->w), all = 0;
    long double base = (long double)sum_real(&t->w);
    long double factor = (long double)(r->n > 1 ? r->n / (r->n - 1) : 0);
    for (int turn = 0; turn < 2; turn++)
        for (uint32_t i = 0; i < s->count; i++) {
            long double wi = weight_of(s, i);
            long double squares = (long double)grid_real(&s->fold->second[q->xx], s->cell[i]) +
                                  mean * (mean * wi - 2 * first_of(s, i, q->x_sum));
            if (turn == 0)
                all += factor * squares / base;
            else
                put(e, s, r, i, (factor * squares - all * wi) / base);
        }
    r->value = (double)all;
}

void linear_result(const struct estimate *e, const struct fold *f, uint32_t domain,
                   const struct request *q, struct arena *a, struct result *r)
{
    struct slice s = slice_of(e, f, domain, q->set);
    begin(&s, a, r);
    struct totals t = {.w = weight_total(&s)};
    r->weight = sum_real(&t.w);
    if (r->empty && q->kind != STAT_COUNT && q->kind != STAT_TOTAL)
        return;
    if (q->kind != STAT_COUNT)
        t.x = first_total(&s, q->x_sum);
    t.y = q->kind == STAT_RATIO ? first_total(&s, q->y_sum) : t.w;
    if (q->kind == STAT_COUNT || q->kind == STAT_TOTAL)
        total_result(e, &s, q, &t, r);
    else if (q->kind == STAT_VARIANCE)
        variance_result(e, &s, q, &t, r);
    else
        ratio_result(e, &s, q, &t, r);
    double squares = 0;
    if (!r->empty && e->deff < DEFF_KISH && q->kind != STAT_COUNT && q->kind != STAT_VARIANCE)
        squares = squares_of(e, &s, domain, q, &t, r->value);
    if (!r->empty)
        set_deff(e, &s, domain, q, squares, r);
}

/* A level of a column: its share of the domain, or its total. */
void level_result(const struct estimate *e, const struct fold *f, uint32_t domain,
                  const struct fold *levels, uint32_t level_domain, const struct request *q,
                  struct arena *a, struct result *r)
{
    struct slice s = slice_of(e, f, domain, q->set);
    struct slice l = slice_of(e, levels, level_domain, NO_SET);
    bool share = q->kind == STAT_PROPORTION;
    begin(&s, a, r);
    struct sum w = weight_total(&s), x = weight_total(&l);
    r->weight = sum_real(&w);
    if (share && r->empty)
        return;
    long double value = (long double)(share ? sum_ratio(&x, &w) : sum_real(&x));
    long double base = (long double)(share ? r->weight : 1);
    double p = r->empty ? 0 : sum_ratio(&x, &w), in_level = 0;
    r->value = (double)value;
    for (uint32_t i = 0, k = 0; i < s.count; i++) {
        long double inside = 0;
        if (k < l.count && levels->unit[l.cell[k]] == s.fold->unit[s.cell[i]]) {
            in_level += records(&l, k);
            inside = weight_of(&l, k++);
        }
        put(e, &s, r, i, share ? (inside - value * weight_of(&s, i)) / base : inside);
    }
    set_deff(e, &s, domain, q, p * (1 - p) * r->weight, r);
    r->n = share ? r->n : in_level;
}

/* ---- sums by leaf, for replicates ---- */

void linear_leaves(const struct estimate *e, uint32_t fold, uint32_t domain, uint32_t level_domain,
                   const struct request *q, struct arena *a, struct leaf_sums *out)
{
    const struct fold *f = e->fold[fold];
    const struct fold *levels =
        request_has_levels(q) ? e->level[(size_t)fold * e->requests.levels + q->level] : NULL;
    struct slice s = slice_of(e, f, domain, q->set);
    struct slice l = slice_of(e, levels, level_domain, NO_SET);
    *out = (struct leaf_sums){0,
                              arena_array(a, s.count, sizeof *out->leaf),
                              arena_zarray(a, s.count, sizeof(double)),
                              arena_zarray(a, s.count, sizeof(double)),
                              arena_zarray(a, s.count, sizeof(double)),
                              arena_zarray(a, s.count, sizeof(double))};
    for (uint32_t i = 0, k = 0; i < s.count; i++) {
        uint32_t n = out->count;
        bool inside = k < l.count && levels->unit[l.cell[k]] == f->unit[s.cell[i]];
        out->leaf[n] = e->frame.place[f->unit[s.cell[i]]];
        out->w[n] = (double)weight_of(&s, i);
        if (inside)
            out->x[n] = (double)weight_of(&l, k++);
        else if (!levels && q->kind != STAT_COUNT)
            out->x[n] = (double)first_of(&s, i, q->x_sum);
        if (q->kind == STAT_RATIO)
            out->y[n] = (double)first_of(&s, i, q->y_sum);
        if (q->kind == STAT_VARIANCE)
            out->xx[n] = grid_real(&f->second[q->xx], s.cell[i]);
        out->count += records(&s, i) > 0;
    }
}

/* ---- variance ---- */

/* Rule average: whether it has something to take the mean of, at least in the whole design. */
static bool has_pair(const struct design *d)
{
    for (uint32_t h = 0; h < d->strata; h++)
        if (d->stage[0].first[h + 1] - d->stage[0].first[h] > 1)
            return true;
    return false;
}

enum design_fault result_errors(const struct estimate *e, struct result *r, uint32_t *stratum)
{
    struct unit_sums sums = {r->influence.count, 1, r->influence.leaf, r->influence.z};
    struct influence leaves = r->influence;
    double v = 0;
    if (e->calibrated)
        calibrated_sums(e, &r->influence, &leaves, &sums);
    r->df = sample_freedom(e, leaves.leaf, leaves.count);
    enum design_fault fault = design_covariance(&e->frame.design, &sums, &v, stratum);
    if (fault == DESIGN_NO_STRATUM && e->gaps && has_pair(&e->frame.design)) {
        r->se = r->deff = NO_NUMBER;
        return DESIGN_FINE;
    }
    r->se = v > 0 ? sqrt(v) : 0;
    if (r->se <= rounding * fabs(r->value))
        r->se = v = 0;
    if (e->deff < DEFF_KISH && !isnan(r->deff))
        r->deff = v / r->deff;
    return fault;
}

int result_variance(struct step *step, const struct estimate *e, struct result *r)
{
    uint32_t stratum;
    enum design_fault fault = result_errors(e, r, &stratum);
    return fault == DESIGN_FINE ? STEP_OK : sample_lonely(step, &e->frame, fault, stratum);
}
