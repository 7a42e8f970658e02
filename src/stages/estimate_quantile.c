/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quantiles of a domain: the values are kept, sorted once a domain and column.
 *
 * Interval: that of the share at or below the quantile, turned back by the same rule (Woodruff
 * 1952, JASA 47; Francisco & Fuller 1991, Ann. Stat. 19); the standard error is its width over twice
 * the t quantile.
 */
#include "stages/estimate.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

struct value {
    double x, w;
    uint32_t unit, number;
};

static int compare_values(const void *left, const void *right)
{
    const struct value *a = left, *b = right;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

/* The values of a domain in order. */
static struct value *sorted_values(const struct store *s, uint32_t domain, uint32_t *count)
{
    const uint32_t *row = s->order + s->start[domain];
    uint32_t n = s->start[domain + 1] - s->start[domain];
    struct value *v = memory_alloc((size_t)n * sizeof *v);
    for (uint32_t i = 0; i < n; i++)
        v[i] = (struct value){s->x[row[i]], s->w[row[i]], s->unit[row[i]], i};
    *count = n;
    qsort(v, n, sizeof *v, compare_values);
    return v;
}

struct series {
    double *x, *c;
    uint32_t n;
};

static struct series series_of(const struct value *v, uint32_t n, struct arena *a)
{
    struct series s = {arena_array(a, n, sizeof *s.x), arena_array(a, n, sizeof *s.c), n};
    long double sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        sum += v[i].w;
        s.x[i] = v[i].x;
        s.c[i] = (double)sum;
    }
    return s;
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
static double share_below(const struct estimate *e, const struct value *v, uint32_t n, double q,
                          struct arena *a, struct influence *out)
{
    struct leaf_sum *s = arena_array(a, n, sizeof *s);
    long double in = 0, all = 0;
    uint32_t leaves = 0;
    for (uint32_t i = 0; i < n; i++) {
        s[i] = (struct leaf_sum){e->frame.place[v[i].unit], v[i].x <= q ? v[i].w : 0, v[i].w};
        in += s[i].in;
        all += v[i].w;
    }
    qsort(s, n, sizeof *s, compare_leaves);
    double p = (double)(in / all);
    out->leaf = arena_array(a, n, sizeof *out->leaf);
    out->z = arena_zarray(a, n, sizeof *out->z);
    for (uint32_t i = 0; i < n; i++) {
        if (i == 0 || s[i].leaf != s[i - 1].leaf)
            out->leaf[leaves++] = s[i].leaf;
        out->z[leaves - 1] += (s[i].in - p * s[i].all) / (double)all;
    }
    out->count = leaves;
    return p;
}

static int interval(struct step *step, const struct estimate *e, const struct series *s, double p,
                    struct result *r)
{
    if (result_variance(step, e, r) != STEP_OK)
        return STEP_FAIL;
    struct interval i = interval_of_proportion(e->quantile_interval, p, r->se, r->n,
                                               e->level_of_confidence, r->df);
    r->interval.low = quantile_of(e->rule, s->x, s->c, s->n, i.low < 0 ? 0 : i.low);
    r->interval.high = quantile_of(e->rule, s->x, s->c, s->n, i.high > 1 ? 1 : i.high);
    r->se = (r->interval.high - r->interval.low) /
            (2 * interval_factor(e->level_of_confidence, r->df));
    return STEP_OK;
}

int quantile_result(struct step *step, const struct estimate *e, const struct fold *f,
                    uint32_t domain, const struct request *q, struct arena *a, struct result *r)
{
    uint32_t n = 0;
    struct value *v = sorted_values(&f->store[q->store], domain, &n);
    int status = STEP_OK;
    *r = (struct result){.value = NAN, .se = NAN, .deff = NAN, .df = NAN, .n = n, .empty = n == 0};
    if (n > 0) {
        struct series s = series_of(v, n, a);
        r->value = quantile_of(e->rule, s.x, s.c, n, q->p);
        double p = share_below(e, v, n, r->value, a, &r->influence);
        status = interval(step, e, &s, p, r);
    }
    free(v);
    return status;
}
