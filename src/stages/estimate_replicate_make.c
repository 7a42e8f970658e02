/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replicates made here: which there are, and the factors of the primary units. */
#include "stages/estimate_replicate.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/radix.h"

/* When each PSU of stratum h came first, and as what it came: rank[i] of PSU i. */
static void rank_psus(const struct frame *f, uint32_t h, uint32_t *rank)
{
    const struct design *d = &f->design;
    uint32_t first = d->stage[0].first[h], n = d->stage[0].first[h + 1] - first;
    struct radix_entry *entry = memory_alloc(2 * n * sizeof *entry);
    for (uint32_t i = 0; i < n; i++)
        entry[i] = (struct radix_entry){UINT64_MAX, i};
    for (uint32_t leaf = 0; leaf < f->units; leaf++) {
        uint32_t psu = design_psu(d, leaf) - first;
        if (psu < n && f->unit_at[leaf] < entry[psu].word)
            entry[psu].word = f->unit_at[leaf];
    }
    radix_sort(entry, entry + n, n);
    for (uint32_t i = 0; i < n; i++)
        rank[entry[i].item] = i;
    free(entry);
}

/* Those of successive differences hang on the order in which the PSUs were drawn. */
static void order_factors(const struct estimate *e)
{
    const struct replicates *r = e->replicates;
    const struct design *d = &e->frame.design;
    uint32_t *rank = memory_alloc(d->stage[0].units * sizeof *rank);
    double *by_name = memory_alloc((size_t)d->stage[0].units * r->count * sizeof *by_name);
    memcpy(by_name, r->factor, (size_t)d->stage[0].units * r->count * sizeof *by_name);
    for (uint32_t h = 0; h < d->strata; h++) {
        uint32_t first = d->stage[0].first[h], n = d->stage[0].first[h + 1] - first;
        rank_psus(&e->frame, h, rank);
        for (uint32_t i = 0; i < n; i++)
            memcpy(r->factor + (size_t)(first + i) * r->count,
                   by_name + (size_t)(first + rank[i]) * r->count, r->count * sizeof *by_name);
    }
    free(rank);
    free(by_name);
}

void replicates_make(struct estimate *e)
{
    struct replicates *r = e->replicates;
    const struct replicate_plan *plan = &r->plan;
    const struct design *d = &e->frame.design;
    r->factor = memory_alloc((size_t)d->stage[0].units * r->count * sizeof *r->factor);
    for (uint32_t h = 0; h < d->strata; h++)
        replicate_factors(plan, h, r->factor + (size_t)d->stage[0].first[h] * r->count);
    if (r->type == REPLICATE_SDR)
        order_factors(e);
    for (uint32_t i = 0; i < r->count; i++)
        r->scales[i] = isnan(r->scale) ? replicate_scale(plan, i) : r->scale;
}

/* A stratum of one PSU, not all of its population, has no replicate: as --lonely says. */
static int check_lonely(struct step *step, const struct estimate *e)
{
    const struct design *d = &e->frame.design;
    bool strata =
        e->replicates->type == REPLICATE_JKN || e->replicates->type == REPLICATE_BOOTSTRAP;
    for (uint32_t h = 0; h < d->strata && strata; h++) {
        bool alone = d->stage[0].first[h + 1] - d->stage[0].first[h] == 1;
        if (!alone || design_fraction(d, 0, h) > 1 - 1e-7)
            continue;
        if (d->lonely == LONELY_FAIL)
            return sample_lonely(step, &e->frame, DESIGN_LONELY, h);
        if (d->lonely == LONELY_ADJUST || d->lonely == LONELY_AVERAGE)
            return step_fail(step, EX_USAGE, NOWHERE,
                             "--lonely %s does not go with replicates: remove, certainty and "
                             "collapse do",
                             step_option(step, "lonely"));
    }
    return STEP_OK;
}

int replicates_plan(struct step *step, struct estimate *e)
{
    struct replicates *r = e->replicates;
    struct replicate_plan *plan = &r->plan;
    const struct design *d = &e->frame.design;
    long long count = 0, seed = 0;
    uint32_t *psus = arena_array(step_arena(step), d->strata, sizeof *psus), stratum;
    if (step_integer(step, "replicate-count", 2, 100000, 0, &count) != STEP_OK ||
        step_integer(step, "seed", 0, INT64_MAX, 0, &seed) != STEP_OK ||
        check_lonely(step, e) != STEP_OK)
        return STEP_FAIL;
    double *fraction = arena_array(step_arena(step), d->strata, sizeof *fraction);
    for (uint32_t h = 0; h < d->strata; h++)
        fraction[h] = design_fraction(d, 0, h);
    for (uint32_t h = 0; h < d->strata; h++)
        psus[h] = d->stage[0].first[h + 1] - d->stage[0].first[h];
    *plan = (struct replicate_plan){.type = r->type,
                                    .replicates = (uint32_t)count,
                                    .rho = r->rho,
                                    .seed = (uint64_t)seed,
                                    .strata = d->strata,
                                    .psus = psus,
                                    .fraction = fraction};
    const char *why = replicate_plan_set(step_arena(step), plan, &stratum);
    if (why)
        return step_fail(step, EX_DATAERR, NOWHERE, "--replicate-type %s: %s",
                         replicate_type_name(r->type), why);
    if (plan->order > plan->wanted)
        step_warn(step, NOWHERE, "%u replicates: a Hadamard matrix of order %u is not offered",
                  plan->order, plan->wanted);
    r->count = plan->replicates;
    return STEP_OK;
}
