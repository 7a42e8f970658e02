/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/design.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* A fraction of the population that is taken up to this is all of it (R survey). */
static const double certain = 1e-7;

/* The sums of the units of one stage: those of the last are lent, others gathered from the stage
 * below. */
struct level {
    uint32_t count;
    const uint32_t *unit;
    const double *z;
    uint32_t *own_unit; /* NULL where they are lent */
    double *own_z;
};

/* One group of units: a stratum, or a unit of the stage above. */
struct group {
    uint32_t stage, parent;
    uint32_t from, to; /* of the units present */
};

struct work {
    const struct design *design;
    uint32_t width;
    struct level level[DESIGN_STAGES];
    double *mean, *own;   /* width; width x width of one group */
    uint32_t around;      /* PSUs of the strata that hold a record */
    uint32_t found, good; /* strata present, and those of them with a variance */
    enum design_fault fault;
    uint32_t stratum;
};

/* ---- tree ---- */

static uint32_t parents_at(const struct design *d, uint32_t stage)
{
    return stage == 0 ? d->strata : d->stage[stage - 1].units;
}

static uint32_t parent_of(const struct design *d, uint32_t stage, uint32_t unit)
{
    const uint32_t *first = d->stage[stage].first;
    uint32_t low = 0, high = parents_at(d, stage);
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (first[mid] <= unit)
            low = mid;
        else
            high = mid;
    }
    return low;
}

static uint32_t units_in(const struct design *d, uint32_t stage, uint32_t parent)
{
    return d->stage[stage].first[parent + 1] - d->stage[stage].first[parent];
}

double design_fraction(const struct design *d, uint32_t stage, uint32_t parent)
{
    const double *population = d->stage[stage].population;
    if (!population || isinf(population[parent]))
        return 0;
    return (double)units_in(d, stage, parent) / population[parent];
}

uint32_t design_psu(const struct design *d, uint32_t unit)
{
    for (uint32_t s = d->stages - 1; s > 0; s--)
        unit = parent_of(d, s, unit);
    return unit;
}

int64_t design_freedom(const struct design *d)
{
    return (int64_t)d->stage[0].units - (int64_t)d->strata;
}

/* Of ascending units the first from number `from` on that is not below `end`: its number. */
static uint32_t behind(const uint32_t *unit, uint32_t from, uint32_t count, uint32_t end)
{
    uint32_t step = 1;
    while (from + step < count && unit[from + step] < end)
        step *= 2;
    for (; step; step /= 2)
        if (from + step <= count && unit[from + step - 1] < end)
            from += step;
    return from;
}

/* Where each unit is a PSU. */
static int64_t freedom_of_psus(const struct design *d, const uint32_t *psu, uint32_t count)
{
    int64_t freedom = count;
    for (uint32_t i = 0; i < count; freedom--)
        i = behind(psu, i, count, d->stage[0].first[parent_of(d, 0, psu[i]) + 1]);
    return freedom;
}

int64_t design_domain_freedom(const struct design *d, const uint32_t *unit, uint32_t count)
{
    if (d->stages == 1)
        return freedom_of_psus(d, unit, count);
    int64_t freedom = 0;
    uint32_t last = UINT32_MAX, end = 0; /* the first PSU behind the present stratum */
    for (uint32_t i = 0; i < count; i++) {
        uint32_t psu = design_psu(d, unit[i]);
        if (psu == last)
            continue;
        freedom++;
        last = psu;
        if (psu < end)
            continue;
        end = d->stage[0].first[parent_of(d, 0, psu) + 1];
        freedom--;
    }
    return freedom;
}

/* ---- one group of units ---- */

static void add_outer(double *v, const double *x, uint32_t width, double factor)
{
    for (uint32_t i = 0; i < width; i++)
        for (uint32_t j = 0; j <= i; j++)
            v[(size_t)i * width + j] += factor * x[i] * x[j];
}

static void add_deviation(struct work *w, const double *z, double factor)
{
    const double *mean = w->mean;
    for (uint32_t i = 0; i < w->width; i++)
        for (uint32_t j = 0; j <= i; j++)
            w->own[(size_t)i * w->width + j] += factor * (z[i] - mean[i]) * (z[j] - mean[j]);
}

/* The same of units that count alike and have one number each.  Four sums do not wait for each
 * other. */
static double sum_squares(const double *z, uint32_t count, double mean)
{
    double sum[4] = {0};
    uint32_t i = 0;
    for (; i + 4 <= count; i += 4)
        for (uint32_t k = 0; k < 4; k++)
            sum[k] += (z[i + k] - mean) * (z[i + k] - mean);
    for (; i < count; i++)
        sum[0] += (z[i] - mean) * (z[i] - mean);
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static double sum_values(const double *z, uint32_t count)
{
    double sum[4] = {0};
    uint32_t i = 0;
    for (; i + 4 <= count; i += 4)
        for (uint32_t k = 0; k < 4; k++)
            sum[k] += z[i + k];
    for (; i < count; i++)
        sum[0] += z[i];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* 1 - p_i of a unit, or 1 - n/N of all. */
static double unit_factor(const struct design *d, const struct group *g, uint32_t unit)
{
    const double *p = d->stage[g->stage].probability;
    return p ? 1 - p[unit] : 1 - design_fraction(d, g->stage, g->parent);
}

static double factors_of_all(const struct design *d, const struct group *g)
{
    const uint32_t *first = d->stage[g->stage].first + g->parent;
    double sum = 0;
    if (!d->stage[g->stage].probability)
        return (double)(first[1] - first[0]) * unit_factor(d, g, first[0]);
    for (uint32_t u = first[0]; u < first[1]; u++)
        sum += unit_factor(d, g, u);
    return sum;
}

static void find_mean(struct work *w, const struct group *g, uint32_t n)
{
    const struct level *l = &w->level[g->stage];
    if (w->width == 1) {
        *w->mean = sum_values(l->z + g->from, g->to - g->from) / n;
        return;
    }
    for (uint32_t k = 0; k < w->width; k++) {
        double sum = 0;
        for (uint32_t i = g->from; i < g->to; i++)
            sum += l->z[(size_t)i * w->width + k];
        w->mean[k] = sum / n;
    }
}

/* Adds all units of a group; returns the sum of their factors. */
static double add_units(struct work *w, const struct group *g, double scale)
{
    const struct design *d = w->design;
    const struct level *l = &w->level[g->stage];
    bool alike = !d->stage[g->stage].probability;
    double factor = alike ? unit_factor(d, g, 0) : 0, seen = 0;
    if (alike && w->width == 1) {
        *w->own += scale * factor * sum_squares(l->z + g->from, g->to - g->from, *w->mean);
        return factor * (g->to - g->from);
    }
    for (uint32_t i = g->from; i < g->to; i++) {
        if (!alike)
            factor = unit_factor(d, g, l->unit[i]);
        add_deviation(w, l->z + (size_t)i * w->width, scale * factor);
        seen += factor;
    }
    return seen;
}

/* Fills w->own; false where this group has no variance of its own (rule average). */
static bool group_variance(struct work *w, const struct group *g)
{
    const struct design *d = w->design;
    const struct level *l = &w->level[g->stage];
    uint32_t n = units_in(d, g->stage, g->parent), present = g->to - g->from;
    double all = factors_of_all(d, g), scale = n > 1 ? n / (n - 1.0) : 1;
    bool alone = n == 1 || (present == 1 && d->lonely_domains);
    memset(w->own, 0, (size_t)w->width * w->width * sizeof *w->own);
    if (all < certain * n)
        return true;
    if (n == 1 && d->lonely == LONELY_FAIL) {
        w->fault = g->stage == 0 ? DESIGN_LONELY : DESIGN_LONELY_WITHIN;
        w->stratum = g->stage == 0 ? g->parent : parent_of(d, 0, design_psu(d, l->unit[g->from]));
        return true;
    }
    if (alone && d->lonely == LONELY_AVERAGE)
        return false;
    bool around_all = alone && d->lonely == LONELY_ADJUST && g->stage == 0;
    const struct group all_units = {g->stage, 0, 0, l->count};
    find_mean(w, around_all ? &all_units : g, around_all ? w->around : n);
    double seen = add_units(w, g, scale);
    if (present < n)
        add_outer(w->own, w->mean, w->width, scale * (all - seen));
    return true;
}

/* ---- stages ---- */

static void add_stage(struct work *, uint32_t stage, double *v);

/* How much the variance within a unit counts: the sampled fractions of all stages above. */
static double weight_within(const struct design *d, uint32_t stage, uint32_t parent)
{
    double weight = 1;
    for (uint32_t s = stage; s > 0; s--) {
        const double *p = d->stage[s - 1].probability;
        uint32_t above = parent_of(d, s - 1, parent);
        weight *= p ? p[parent] : design_fraction(d, s - 1, above);
        parent = above;
    }
    return weight;
}

/* The PSUs of the strata that hold a record. */
static uint32_t units_around(const struct design *d, const struct level *l)
{
    uint32_t units = 0, end = 0;
    for (uint32_t i = 0; i < l->count; i++) {
        if (l->unit[i] < end)
            continue;
        uint32_t stratum = parent_of(d, 0, l->unit[i]);
        end = d->stage[0].first[stratum + 1];
        units += units_in(d, 0, stratum);
    }
    return units;
}

/* All groups of a stage; those of the first are counted for the rule average. */
static void add_stage(struct work *w, uint32_t stage, double *v)
{
    const struct level *l = &w->level[stage];
    struct group g = {stage, 0, 0, 0};
    if (stage == 0 && w->design->lonely == LONELY_ADJUST)
        w->around = units_around(w->design, l);
    for (uint32_t i = 0; i < l->count; i = g.to) {
        g.parent = parent_of(w->design, stage, l->unit[i]);
        uint32_t end = w->design->stage[stage].first[g.parent + 1];
        g.from = i;
        g.to = behind(l->unit, i, l->count, end);
        double weight = weight_within(w->design, stage, g.parent);
        if (weight == 0.0)
            continue;
        bool good = group_variance(w, &g);
        w->found += stage == 0;
        w->good += stage == 0 && good;
        for (size_t k = 0; good && k < (size_t)w->width * w->width; k++)
            v[k] += weight * w->own[k];
    }
}

/* The sums of a stage from those of the stage below. */
static void gather(struct work *w, uint32_t stage)
{
    const struct level *from = &w->level[stage + 1];
    uint32_t *unit = memory_alloc((size_t)from->count * sizeof *unit + 1), count = 0;
    double *sum = memory_zalloc((size_t)from->count * w->width * sizeof *sum + 1);
    for (uint32_t i = 0; i < from->count; i++) {
        uint32_t parent = parent_of(w->design, stage + 1, from->unit[i]);
        if (count == 0 || unit[count - 1] != parent)
            unit[count++] = parent;
        double *z = sum + (size_t)(count - 1) * w->width;
        for (uint32_t k = 0; k < w->width; k++)
            z[k] += from->z[(size_t)i * w->width + k];
    }
    w->level[stage] = (struct level){count, unit, sum, unit, sum};
}

static void mirror(double *v, uint32_t width, double factor)
{
    for (uint32_t i = 0; i < width; i++)
        for (uint32_t j = 0; j <= i; j++)
            v[(size_t)j * width + i] = v[(size_t)i * width + j] *= factor;
}

static bool fraction_above(const struct design *d, uint32_t stage)
{
    return d->stage[stage].population || d->stage[stage].probability;
}

static void add_stages(struct work *w, const struct unit_sums *s, double *v)
{
    uint32_t last = w->design->stages - 1, size = s->width * s->width;
    double factor = 1;
    w->level[last] = (struct level){s->count, s->unit, s->z, NULL, NULL};
    for (uint32_t t = last; t-- > 0;)
        gather(w, t);
    memset(v, 0, size * sizeof *v);
    add_stage(w, 0, v);
    if (w->design->lonely == LONELY_AVERAGE && w->good)
        factor = (double)w->found / w->good;
    mirror(v, w->width, factor);
    for (uint32_t t = 1; t <= last && fraction_above(w->design, t - 1); t++)
        add_stage(w, t, v);
    mirror(v, w->width, 1);
    if (w->design->lonely == LONELY_AVERAGE && w->found > 0 && w->good == 0)
        w->fault = DESIGN_NO_STRATUM;
}

enum design_fault design_covariance(const struct design *d, const struct unit_sums *s,
                                    double *covariance, uint32_t *stratum)
{
    struct work w = {.design = d, .width = s->width};
    w.mean = memory_alloc(s->width * sizeof *w.mean + 1);
    w.own = memory_alloc((size_t)s->width * s->width * sizeof *w.own + 1);
    add_stages(&w, s, covariance);
    for (uint32_t t = 0; t < d->stages; t++) {
        free(w.level[t].own_unit);
        free(w.level[t].own_z);
    }
    free(w.mean);
    free(w.own);
    *stratum = w.stratum;
    return w.fault;
}

/* ---- collapsed strata ---- */

/* The groups of lonely strata, 2 each, 3 the last; -> number of strata left. */
static uint32_t pair_up(const struct design *d, uint32_t *into, uint32_t lonely)
{
    uint32_t left = 0, seen = 0, open = 0;
    for (uint32_t h = 0; h < d->strata; h++) {
        if (units_in(d, 0, h) != 1) {
            into[h] = left++;
            continue;
        }
        bool joins = seen % 2 == 1 || (seen + 1 == lonely && seen > 0);
        if (!joins)
            open = left++;
        into[h] = open;
        seen++;
    }
    return left;
}

uint32_t design_collapse(const struct design *d, uint32_t *into)
{
    uint32_t lonely = 0, at = 0;
    for (uint32_t h = 0; h < d->strata; h++) {
        if (units_in(d, 0, h) == 1) {
            lonely++;
            at = h;
        }
        into[h] = h;
    }
    if (lonely == 0 || d->strata == 1)
        return d->strata;
    if (lonely > 1)
        return pair_up(d, into, lonely);
    uint32_t with = at + 1 < d->strata ? at + 1 : at - 1, low = at < with ? at : with;
    for (uint32_t h = low + 1; h < d->strata; h++)
        into[h] = h - 1;
    return d->strata - 1;
}
