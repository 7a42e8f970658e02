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
#include "stages/estimate_calibrated.h"
#include "stages/estimate_slice.h"

#include <math.h>

/* A standard error up to this share of the value is rounding. */
static const double rounding = 1e-12;

static void begin(const struct complete *c, struct result *r)
{
    *r = (struct result){.value = NO_NUMBER, .se = NO_NUMBER, .deff = NO_NUMBER, .df = NO_NUMBER};
    r->n = c->n;
    r->weight = sum_real(&c->weight.total);
    r->empty = r->n == 0;
}

/* What a statistic adds up or divides by. */
struct terms {
    const struct complete *complete;
    const struct domain_column *w, *x, *y;
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
static void set_deff(const struct slice *s, const struct request *q, double squares,
                     struct result *r)
{
    const struct estimate *e = s->e;
    bool of_total = q->kind == STAT_TOTAL || q->kind == STAT_TALLY || q->kind == STAT_COUNT ||
                    q->kind == STAT_RATIO;
    double n = r->n, w = r->weight;
    if (e->deff == DEFF_KISH)
        r->deff = n * product_real(&s->fold->second[q->square], s->domain) / (w * w);
    else if (e->deff != DEFF_NONE && n > 1)
        r->deff = simple_variance(e, n / (n - 1) * squares / w, n, w, of_total);
}

static double second_of(const struct slice *s, uint32_t i)
{
    const struct product_tally *second = s->fold->second;
    uint32_t base = s->e->requests.second[i].base;
    return base == i ? product_real(&second[i], s->domain)
                     : product_difference(&second[base], &second[i], s->domain);
}

static bool exact_second(const struct slice *s, uint32_t i, struct sum *exact)
{
    const struct product_tally *second = s->fold->second;
    uint32_t base = s->e->requests.second[i].base;
    return product_sum(&second[base], base == i ? NULL : &second[i], s->domain, exact);
}

/* sum w (x - mean)^2; in doubles where products are too long to be exact. */
static double squares_about_mean(const struct slice *s, const struct request *q,
                                 const struct terms *t)
{
    struct exact_moments m = {.xy = t->x->total, .xx = t->w->total};
    double xx = second_of(s, q->xx), mean = sum_ratio(&t->x->total, &t->w->total), squares;
    if (exact_second(s, q->xx, &m.yy) && residual_squares(&m, &m.xy, &m.xx, &squares))
        return squares > 1e-24 * xx ? squares : 0;
    squares = xx - mean * sum_real(&t->x->total);
    return squares > 1e-12 * xx ? squares : 0;
}

/* The same of the residuals of a ratio, over the square of what it is divided by. */
static double squares_about_ratio(const struct slice *s, const struct request *q,
                                  const struct terms *t, double ratio)
{
    struct exact_moments m; /* the statistic's x is the y of the residuals */
    double y = sum_real(&t->y->total), squares;
    bool exact = exact_second(s, q->xx, &m.yy) && exact_second(s, q->xy, &m.xy) &&
                 exact_second(s, q->yy, &m.xx) &&
                 residual_squares(&m, &t->x->total, &t->y->total, &squares);
    if (!exact)
        squares = second_of(s, q->xx) - 2 * ratio * second_of(s, q->xy) +
                  ratio * ratio * second_of(s, q->yy);
    return squares / (y * y);
}

static double squares_of(const struct slice *s, const struct request *q, const struct terms *t,
                         double value)
{
    return q->kind == STAT_RATIO ? squares_about_ratio(s, q, t, value)
                                 : squares_about_mean(s, q, t);
}

/* ---- statistics ---- */

static void total_result(const struct slice *s, const struct terms *t, struct arena *a,
                         struct result *r)
{
    double *z = arena_array(a, s->count, sizeof *z);
    r->value = sum_real(&t->x->total);
    influence_of_total(&t->x->sums, s->count, z);
    r->influence = slice_influence(s, t->complete, z);
}

static void ratio_result(const struct slice *s, const struct terms *t, struct arena *a,
                         struct result *r)
{
    double *z = arena_array(a, s->count, sizeof *z);
    r->empty = sum_is_zero(&t->y->total);
    if (r->empty)
        return;
    r->value = sum_ratio(&t->x->total, &t->y->total);
    influence_of_ratio(&t->x->sums, &t->y->sums, r->value, sum_real(&t->y->total), s->count, z);
    r->influence = slice_influence(s, t->complete, z);
}

static struct sum whole_sum(const struct unit_column *c, uint32_t i)
{
    int64_t value = c->whole[i];
    return (struct sum){.near = {(uint64_t)value, value < 0 ? UINT64_MAX : 0}, .scale = c->scale};
}

/* sum w (x - mean)^2 of a cell. */
static long double squares_at(const struct slice *s, const struct request *q, const struct terms *t,
                              long double mean, uint32_t i)
{
    const struct domain_column *tw = t->w, *tx = t->x;
    struct exact_moments m;
    double squares;
    if (tw->sums.whole && tx->sums.whole &&
        product_sum(&s->fold->second[q->xx], NULL, s->cell[i], &m.yy)) {
        m.xy = whole_sum(&tx->sums, i);
        m.xx = whole_sum(&tw->sums, i);
        if (residual_squares(&m, &tx->total, &tw->total, &squares))
            return (long double)squares;
    }
    long double w = unit_column_real(&t->w->sums, i), x = unit_column_real(&t->x->sums, i);
    long double xx = (long double)product_real(&s->fold->second[q->xx], s->cell[i]);
    return xx + mean * (mean * w - 2 * x);
}

static void variance_result(const struct slice *s, const struct request *q, const struct terms *t,
                            struct arena *a, struct result *r)
{
    long double mean = (long double)sum_ratio(&t->x->total, &t->w->total);
    long double factor = (long double)(r->n > 1 ? r->n / (r->n - 1) : 0);
    long double all = 0, base = (long double)r->weight;
    long double *squares = arena_array(a, s->count, sizeof *squares);
    double *z = arena_array(a, s->count, sizeof *z);
    for (uint32_t i = 0; i < s->count; i++) {
        squares[i] = factor * squares_at(s, q, t, mean, i);
        all += squares[i] / base;
    }
    for (uint32_t i = 0; i < s->count; i++)
        z[i] = (double)((squares[i] - all * unit_column_real(&t->w->sums, i)) / base);
    r->value = (double)all;
    r->influence = slice_influence(s, t->complete, z);
}

/* Of a count the weights are what is added up. */
static struct terms terms_of(struct slice *s, const struct request *q)
{
    struct terms t = {.complete = slice_complete(s, q->set)};
    t.w = &t.complete->weight;
    t.x = q->kind == STAT_COUNT ? t.w : slice_first(s, q->x_sum);
    t.y = q->kind == STAT_RATIO ? slice_first(s, q->y_sum) : t.w;
    return t;
}

void linear_result(struct slice *s, const struct request *q, struct arena *a, struct result *r)
{
    bool of_total = q->kind == STAT_COUNT || q->kind == STAT_TOTAL;
    double squares = 0;
    begin(slice_complete(s, q->set), r);
    if (r->empty && !of_total)
        return;
    struct terms t = terms_of(s, q);
    if (of_total)
        total_result(s, &t, a, r);
    else if (q->kind == STAT_VARIANCE)
        variance_result(s, q, &t, a, r);
    else
        ratio_result(s, &t, a, r);
    if (!r->empty && s->e->deff < DEFF_KISH && q->kind != STAT_COUNT && q->kind != STAT_VARIANCE)
        squares = squares_of(s, q, &t, r->value);
    if (!r->empty)
        set_deff(s, q, squares, r);
}

/* A level of a column: its share of the domain, or its total. */
void level_result(struct slice *s, const struct fold *levels, uint32_t level_domain,
                  const struct request *q, struct arena *a, struct result *r)
{
    const struct complete *c = slice_complete(s, q->set);
    bool share = q->kind == STAT_PROPORTION;
    double *z = arena_array(a, s->count, sizeof *z), in_level;
    begin(c, r);
    if (share && r->empty)
        return;
    struct domain_column inside = slice_level(s, levels, level_domain, &in_level);
    double p = r->empty ? 0 : sum_ratio(&inside.total, &c->weight.total);
    r->value = share ? p : sum_real(&inside.total);
    if (share)
        influence_of_ratio(&inside.sums, &c->weight.sums, p, r->weight, s->count, z);
    else
        influence_of_total(&inside.sums, s->count, z);
    r->influence = slice_influence(s, c, z);
    set_deff(s, q, p * (1 - p) * r->weight, r);
    r->n = share ? r->n : in_level;
}

/* ---- sums by leaf, for replicates ---- */

/* One column, of the cells that have a record. */
static double *leaves_of(const struct slice *s, const struct complete *c,
                         const struct unit_column *x, struct arena *a)
{
    double *z = arena_array(a, s->count, sizeof *z);
    for (uint32_t i = 0; i < s->count; i++)
        z[i] = (double)unit_column_real(x, i);
    return slice_influence(s, c, z).z;
}

static double *squares_by_leaf(const struct slice *s, const struct complete *c, uint32_t second,
                               struct arena *a)
{
    double *z = arena_array(a, s->count, sizeof *z);
    for (uint32_t i = 0; i < s->count; i++)
        z[i] = product_real(&s->fold->second[second], s->cell[i]);
    return slice_influence(s, c, z).z;
}

void linear_leaves(const struct estimate *e, uint32_t fold, uint32_t domain, uint32_t level_domain,
                   const struct request *q, struct arena *a, struct leaf_sums *out)
{
    struct slice s;
    double records;
    slice_open(&s, e, e->fold[fold], domain, a);
    const struct complete *c = slice_complete(&s, q->set);
    double *none = arena_zarray(a, s.count, sizeof *none);
    *out = (struct leaf_sums){c->leaves, c->leaf, leaves_of(&s, c, &c->weight.sums, a),
                              none,      none,    none};
    if (request_has_levels(q)) {
        const struct fold *levels = e->level[(size_t)fold * e->requests.levels + q->level];
        struct domain_column inside = slice_level(&s, levels, level_domain, &records);
        out->x = leaves_of(&s, c, &inside.sums, a);
    } else if (q->kind != STAT_COUNT) {
        out->x = leaves_of(&s, c, &slice_first(&s, q->x_sum)->sums, a);
    }
    if (q->kind == STAT_RATIO)
        out->y = leaves_of(&s, c, &slice_first(&s, q->y_sum)->sums, a);
    if (q->kind == STAT_VARIANCE)
        out->xx = squares_by_leaf(&s, c, q->xx, a);
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
