/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A statistic by each replicate, and its variance. */
#include "stages/estimate_replicate.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

struct moments {
    double *w, *x, *y, *xx; /* of each replicate */
};

static struct moments new_moments(const struct replicates *r, struct arena *a)
{
    return (struct moments){
        arena_zarray(a, r->count, sizeof(double)), arena_zarray(a, r->count, sizeof(double)),
        arena_zarray(a, r->count, sizeof(double)), arena_zarray(a, r->count, sizeof(double))};
}

/* By place: that of a part, or of a unit, which is its leaf. */
const double *replicates_factors(const struct estimate *e, uint32_t place)
{
    const struct replicates *r = e->replicates;
    if (r->part)
        return r->part + (size_t)place * r->count;
    return r->factor + (size_t)design_psu(&e->frame.design, place) * r->count;
}

static void made_moments(const struct estimate *e, const struct leaf_sums *s, struct moments *m)
{
    for (uint32_t i = 0; i < s->count; i++) {
        const double *factor = replicates_factors(e, s->leaf[i]);
        for (uint32_t k = 0; k < e->replicates->count; k++) {
            m->w[k] += factor[k] * s->w[i];
            m->x[k] += factor[k] * s->x[i];
            m->y[k] += factor[k] * s->y[i];
            m->xx[k] += factor[k] * s->xx[i];
        }
    }
}

static void read_sums(const struct tally *t, uint32_t domain, uint32_t count, double *to)
{
    for (uint32_t k = 0; k < count && domain != UINT32_MAX; k++) {
        struct sum s = tally_sum(t, domain * count + k);
        to[k] = sum_real(&s);
    }
}

static void given_moments(const struct estimate *e, uint32_t fold, uint32_t domain,
                          uint32_t level_domain, const struct request *q, struct moments *m)
{
    const struct replicates *r = e->replicates;
    const struct replicate_sums *s = &r->fold[fold];
    read_sums(&s->weight[q->set], domain, r->count, m->w);
    if (request_has_levels(q))
        read_sums(&r->level[(size_t)fold * e->requests.levels + q->level].weight[0], level_domain,
                  r->count, m->x);
    else if (q->kind != STAT_COUNT)
        read_sums(&s->first[q->x_sum], domain, r->count, m->x);
    if (q->kind == STAT_RATIO)
        read_sums(&s->first[q->y_sum], domain, r->count, m->y);
    for (uint32_t k = 0; q->kind == STAT_VARIANCE && k < r->count; k++)
        m->xx[k] = grid_real(&s->second[q->xx], domain * r->count + k);
}

static double statistic(const struct request *q, const struct moments *m, uint32_t k, double n)
{
    double mean = m->x[k] / m->w[k];
    switch (q->kind) {
    case STAT_COUNT:
        return m->w[k];
    case STAT_TOTAL:
    case STAT_TALLY:
        return m->x[k];
    case STAT_RATIO:
        return m->x[k] / m->y[k];
    case STAT_VARIANCE:
        return n / (n - 1) * (m->xx[k] / m->w[k] - mean * mean);
    default:
        return mean;
    }
}

int replicates_values(struct step *step, struct estimate *e, uint32_t fold, uint32_t domain,
                      const struct request *q, struct text level, struct arena *a, double *value)
{
    const struct replicates *r = e->replicates;
    struct moments m = new_moments(r, a);
    struct result whole = {.n = 0};
    uint32_t inner =
        request_has_levels(q) ? estimate_level_domain(e, fold, domain, q, level, a) : UINT32_MAX;
    if (q->kind == STAT_VARIANCE)
        estimate_result(step, e, fold, domain, q, level, a, &whole);
    if (r->column && !r->part) {
        given_moments(e, fold, domain, inner, q, &m);
    } else {
        struct leaf_sums s;
        linear_leaves(e, fold, domain, inner, q, a, &s);
        made_moments(e, &s, &m);
    }
    for (uint32_t k = 0; k < r->count; k++)
        value[k] = statistic(q, &m, k, whole.n);
    return STEP_OK;
}

/* A replicate in which the domain is empty (a mean of nothing) does not count, and one of scale 0
 * not for the mean, as in R. */
void replicates_variance(const struct estimate *e, const double *value, struct result *r)
{
    const struct replicates *p = e->replicates;
    double sum = 0, centre = r->value, n = 0;
    long double squares = 0;
    for (uint32_t k = 0; k < p->count; k++) {
        bool counts = isfinite(value[k]) && p->scales[k] > 0;
        sum += counts ? value[k] : 0;
        n += counts;
    }
    if (!p->mse && n > 0)
        centre = sum / n;
    for (uint32_t k = 0; k < p->count; k++)
        if (isfinite(value[k]))
            squares += (long double)(p->scales[k] * (value[k] - centre) * (value[k] - centre));
    r->se = sqrt((double)squares);
    if (e->deff < DEFF_KISH && !isnan(r->deff))
        r->deff = r->se * r->se / r->deff;
}

uint32_t replicates_covariance(const struct estimate *e, const double *value, const double *whole,
                               uint32_t width, double *covariance)
{
    const struct replicates *p = e->replicates;
    double *centre = memory_zalloc((2 * (size_t)width + 1) * sizeof *centre), n = 0;
    double *off = centre + width;
    bool *out = memory_zalloc(p->count + 1);
    uint32_t left_out = 0;
    for (uint32_t k = 0; k < p->count; k++) {
        const double *of = value + (size_t)k * width;
        for (uint32_t j = 0; j < width; j++)
            out[k] |= !isfinite(of[j]);
        left_out += out[k];
        n += !out[k] && p->scales[k] > 0;
        for (uint32_t j = 0; j < width && !out[k] && p->scales[k] > 0; j++)
            centre[j] += of[j];
    }
    for (uint32_t j = 0; j < width; j++)
        centre[j] = p->mse || n == 0 ? whole[j] : centre[j] / n;
    memset(covariance, 0, (size_t)width * width * sizeof *covariance);
    for (uint32_t k = 0; k < p->count; k++) {
        for (uint32_t j = 0; j < width; j++)
            off[j] = out[k] ? 0 : value[(size_t)k * width + j] - centre[j];
        for (uint32_t i = 0; i < width; i++)
            for (uint32_t j = 0; j < width; j++)
                covariance[(size_t)i * width + j] += p->scales[k] * off[i] * off[j];
    }
    free(out);
    free(centre);
    return left_out;
}

/* ---- quantiles ---- */

static double weight_in(const struct estimate *e, const double *kept, const struct series *s,
                        uint32_t i, uint32_t k)
{
    if (kept)
        return kept[(size_t)s->row[i] * e->replicates->count + k];
    return s->w[i] * replicates_factors(e, e->frame.place[s->unit[i]])[k];
}

/* Its own quantile by a replicate; or, where `at` is a number, the share at or below that. */
static double quantile_of_replicate(const struct estimate *e, const double *kept,
                                    const struct series *s, const struct request *q, double at,
                                    uint32_t k, double *x, double *c)
{
    double in = 0, all = 0;
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->n; i++) {
        double w = weight_in(e, kept, s, i, k);
        in += s->x[i] <= at ? w : 0;
        all += w;
        if (w <= 0)
            continue;
        x[n] = s->x[i];
        c[n++] = all;
    }
    if (isnan(at))
        return n ? quantile_of(e->rule, x, c, n, q->p) : NO_NUMBER;
    return in / all;
}

static void quantile_values(const struct estimate *e, uint32_t fold, const struct request *q,
                            const struct series *s, double at, struct arena *a, double *value)
{
    const struct replicates *p = e->replicates;
    const double *kept =
        p->column && !p->part ? p->kept[(size_t)fold * e->requests.stores + q->store] : NULL;
    double *x = arena_array(a, s->n, sizeof *x), *c = arena_array(a, s->n, sizeof *c);
    for (uint32_t k = 0; k < p->count; k++)
        value[k] = quantile_of_replicate(e, kept, s, q, at, k, x, c);
}

/* The leaves that hold a record, of a statistic without influence values. */
static void set_leaves(const struct estimate *e, uint32_t fold, uint32_t domain,
                       const struct request *q, struct arena *a, struct result *r)
{
    struct leaf_sums sums;
    struct request count = {.kind = STAT_COUNT, .set = q->set};
    linear_leaves(e, fold, domain, UINT32_MAX, &count, a, &sums);
    r->influence.leaf = sums.leaf;
    r->influence.z = arena_zarray(a, sums.count, sizeof *r->influence.z);
    r->influence.count = sums.count;
}

int replicates_quantile(const struct estimate *e, uint32_t fold, uint32_t domain,
                        const struct request *q, struct arena *a, double *value, struct result *r)
{
    struct series s;
    quantile_series(e, e->fold[fold], domain, q, a, &s);
    quantile_values(e, fold, q, &s, NO_NUMBER, a, value);
    set_leaves(e, fold, domain, q, a, r);
    return STEP_OK;
}

static int quantile_variance(struct estimate *e, uint32_t fold, uint32_t domain,
                             const struct request *q, struct arena *a, struct result *r)
{
    const struct replicates *p = e->replicates;
    const struct fold *f = e->fold[fold];
    struct series s;
    double at = r->value, *value = arena_array(a, p->count, sizeof *value), in = 0;
    quantile_series(e, f, domain, q, a, &s);
    quantile_values(e, fold, q, &s, e->quantile_by_replicates ? NO_NUMBER : at, a, value);
    set_leaves(e, fold, domain, q, a, r);
    r->df = replicates_freedom(e, fold, domain, q, &r->influence);
    for (uint32_t i = 0; i < s.n; i++)
        in += s.x[i] <= at ? s.w[i] : 0;
    double share = in / s.c[s.n - 1];
    r->value = e->quantile_by_replicates ? at : share;
    replicates_variance(e, value, r);
    r->value = at;
    if (e->quantile_by_replicates)
        r->interval = interval_of(at, r->se, e->level_of_confidence, r->df);
    else
        quantile_interval(e, &s, share, r);
    return STEP_OK;
}

int replicates_result(struct step *step, struct estimate *e, uint32_t fold, uint32_t domain,
                      const struct request *q, struct text level, struct arena *a, struct result *r)
{
    double *value = arena_array(a, e->replicates->count, sizeof *value);
    if (q->kind == STAT_QUANTILE)
        return quantile_variance(e, fold, domain, q, a, r);
    if (replicates_values(step, e, fold, domain, q, level, a, value) != STEP_OK)
        return STEP_FAIL;
    r->df = replicates_freedom(e, fold, domain, q, &r->influence);
    replicates_variance(e, value, r);
    return STEP_OK;
}
