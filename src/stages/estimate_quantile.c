/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quantiles of a domain: the values are kept, sorted once a domain and column.
 *
 * Interval: that of the share at or below the quantile, turned back by the same rule (Woodruff
 * 1952, JASA 47; Francisco & Fuller 1991, Ann. Stat. 19); the standard error is its width over
 * twice the t quantile.  Score: the values at which the share is not t standard errors, those at
 * the value, off p (Francisco & Fuller, eq. 3.5).
 */
#include "stages/estimate.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

struct value {
    double x, w;
    uint64_t origin;
    uint32_t unit, row;
};

static int compare_values(const void *left, const void *right)
{
    const struct value *a = left, *b = right;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    return (a->origin > b->origin) - (a->origin < b->origin);
}

/* The values of a domain in order; equal ones as they came. */
static struct value *sorted_values(const struct store *s, uint32_t domain, uint32_t *count)
{
    const uint32_t *row = s->order + s->start[domain];
    uint32_t n = s->start[domain + 1] - s->start[domain];
    struct value *v = memory_alloc((size_t)n * sizeof *v);
    for (uint32_t i = 0; i < n; i++)
        v[i] =
            (struct value){s->x[row[i]], s->w[row[i]], s->origin[row[i]], s->unit[row[i]], row[i]};
    qsort(v, n, sizeof *v, compare_values);
    *count = n;
    return v;
}

void quantile_series(const struct estimate *e, const struct fold *f, uint32_t domain,
                     const struct request *q, struct arena *a, struct series *s)
{
    struct value *v = sorted_values(&f->store[q->store], domain, &s->n);
    long double sum = 0;
    (void)e;
    s->x = arena_array(a, s->n, sizeof *s->x);
    s->c = arena_array(a, s->n, sizeof *s->c);
    s->w = arena_array(a, s->n, sizeof *s->w);
    s->unit = arena_array(a, s->n, sizeof *s->unit);
    s->row = arena_array(a, s->n, sizeof *s->row);
    for (uint32_t i = 0; i < s->n; i++) {
        sum += (long double)v[i].w;
        s->x[i] = v[i].x;
        s->c[i] = (double)sum;
        s->w[i] = v[i].w;
        s->unit[i] = v[i].unit;
        s->row[i] = v[i].row;
    }
    free(v);
}

struct leaf_sum {
    uint32_t leaf;
    double in, all;
};

static int compare_leaves(const void *left, const void *right)
{
    const struct leaf_sum *a = left, *b = right;
    return (a->leaf > b->leaf) - (a->leaf < b->leaf);
}

/* Influence values of the share at or below q. */
static double share_below(const struct estimate *e, const struct series *v, double q,
                          struct arena *a, struct influence *out)
{
    struct leaf_sum *s = arena_array(a, v->n, sizeof *s);
    long double in = 0, all = 0;
    uint32_t leaves = 0;
    for (uint32_t i = 0; i < v->n; i++) {
        s[i] = (struct leaf_sum){e->frame.place[v->unit[i]], v->x[i] <= q ? v->w[i] : 0, v->w[i]};
        in += (long double)s[i].in;
        all += (long double)v->w[i];
    }
    qsort(s, v->n, sizeof *s, compare_leaves);
    double p = (double)(in / all);
    out->leaf = arena_array(a, v->n, sizeof *out->leaf);
    out->z = arena_zarray(a, v->n, sizeof *out->z);
    for (uint32_t i = 0; i < v->n; i++) {
        if (i == 0 || s[i].leaf != s[i - 1].leaf)
            out->leaf[leaves++] = s[i].leaf;
        out->z[leaves - 1] += (s[i].in - p * s[i].all) / (double)all;
    }
    out->count = leaves;
    return p;
}

void quantile_interval(const struct estimate *e, const struct series *s, double p, struct result *r)
{
    double level = e->level_of_confidence;
    struct interval i = interval_of_proportion(e->quantile_interval, p, r->se, r->n, level, r->df);
    r->interval.low = quantile_of(e->rule, s->x, s->c, s->n, i.low < 0 ? 0 : i.low);
    r->interval.high = quantile_of(e->rule, s->x, s->c, s->n, i.high > 1 ? 1 : i.high);
    r->se = (r->interval.high - r->interval.low) / (2 * interval_factor(level, r->df));
}

/* How many standard errors the share at or below a value is above p. */
static int score_at(struct step *step, const struct estimate *e, const struct series *s, double x,
                    double p, double *score)
{
    struct arena *a = arena_new();
    struct result r = {.value = NO_NUMBER, .deff = NO_NUMBER};
    double share = share_below(e, s, x, a, &r.influence);
    int status = result_variance(step, e, &r);
    *score = r.se > 0 ? (share - p) / r.se : share < p ? -(double)INFINITY : (double)INFINITY;
    arena_free(a);
    return status;
}

/* The first value whose score is above (or is) `least`, or the last. */
static int first_scored(struct step *step, const struct estimate *e, const struct series *s,
                        double p, double least, double *share)
{
    uint32_t low = 0, high = s->n - 1;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        double score;
        if (score_at(step, e, s, s->x[mid], p, &score) != STEP_OK)
            return STEP_FAIL;
        if (least < 0 ? score > least : score >= least)
            high = mid;
        else
            low = mid + 1;
    }
    while (low + 1 < s->n && s->x[low + 1] <= s->x[low])
        low++;
    *share = s->c[low] / s->c[s->n - 1];
    return STEP_OK;
}

static int score_interval(struct step *step, const struct estimate *e, const struct series *s,
                          double p, struct result *r)
{
    double t = interval_factor(e->level_of_confidence, r->df), low, high;
    if (first_scored(step, e, s, p, -t, &low) != STEP_OK ||
        first_scored(step, e, s, p, t, &high) != STEP_OK)
        return STEP_FAIL;
    r->interval.low = quantile_of(e->rule, s->x, s->c, s->n, low);
    r->interval.high = quantile_of(e->rule, s->x, s->c, s->n, high);
    r->se = (r->interval.high - r->interval.low) / (2 * t);
    return STEP_OK;
}

int quantile_result(struct step *step, const struct estimate *e, const struct fold *f,
                    uint32_t domain, const struct request *q, struct arena *a, struct result *r)
{
    struct series s;
    quantile_series(e, f, domain, q, a, &s);
    *r = (struct result){
        .value = NO_NUMBER, .se = NO_NUMBER, .deff = NO_NUMBER, .df = NO_NUMBER, .n = s.n};
    r->empty = s.n == 0;
    if (r->empty)
        return STEP_OK;
    r->value = quantile_of(e->rule, s.x, s.c, s.n, q->p);
    if (e->quota || e->replicates)
        return STEP_OK;
    double p = share_below(e, &s, r->value, a, &r->influence);
    if (result_variance(step, e, r) != STEP_OK)
        return STEP_FAIL;
    if (!isnan(r->se) && e->quantile_by_score)
        return score_interval(step, e, &s, q->p, r);
    if (!isnan(r->se))
        quantile_interval(e, &s, p, r);
    return STEP_OK;
}
