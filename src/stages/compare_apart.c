/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Variances of the waves within strata alone, beside covariances within rotation groups.
 *
 *     V(b - a) = V(a) + V(b) - 2 Cov(a, b)
 *
 * Units rotate in groups, and only within these a covariance is seen (compare.c).  A wave by itself
 * is a sample of all groups of its strata, whose units are compared with each other too (Berger &
 * Priam 2016, J. R. Stat. Soc. A 179, take the same parts).  A second frame keeps each wave's units
 * by stratum; influence values go there by unit and wave.
 */
#include "stages/compare.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/radix.h"

int compare_apart_open(struct step *step, struct compare *c)
{
    const char *by = step_option(step, "variance-by");
    c->by_strata = by && strcmp(by, "strata") == 0;
    if (!c->by_strata)
        return STEP_OK;
    if (step_flag(step, "independent") || c->e.frame.fpcs || step_option(step, "calibrated"))
        return step_fail(step, EX_USAGE, NOWHERE,
                         "--variance-by strata goes without --independent, --fpc and --calibrated");
    step_alone(step);
    c->apart.design.lonely = c->e.frame.design.lonely;
    return frame_open_further(step, &c->apart, "wave", true);
}

void compare_apart_close(struct compare *c)
{
    if (!c->by_strata)
        return;
    frame_close(&c->apart);
    free(c->unit_of);
    free(c->wave_of);
    free(c->leaf_of);
}

int compare_apart_add(struct step *step, struct compare *c, const struct batch *b,
                      const uint64_t *origin, const uint32_t *unit)
{
    const struct text *wave = batch_text(b, (uint32_t)c->wave);
    uint32_t *own = arena_array(b->arena, b->rows, sizeof *own);
    struct weights weight;
    if (frame_add(step, &c->apart, b, origin, own, &weight) != STEP_OK)
        return STEP_FAIL;
    c->unit_of = memory_grow(c->unit_of, &c->unit_room, c->apart.units, sizeof *c->unit_of);
    c->wave_of = memory_grow(c->wave_of, &c->wave_room, c->apart.units, sizeof *c->wave_of);
    for (uint32_t i = 0; i < b->rows; i++) {
        c->unit_of[own[i]] = unit[i];
        c->wave_of[own[i]] = group_find(c->waves, &wave[i], NULL);
    }
    return STEP_OK;
}

int compare_apart_finish(struct step *step, struct compare *c)
{
    uint32_t units = c->e.frame.units;
    if (frame_finish(step, &c->apart) != STEP_OK)
        return STEP_FAIL;
    c->leaf_of = memory_alloc((size_t)units * groups_count(c->waves) * sizeof *c->leaf_of + 1);
    for (uint32_t u = 0; u < c->apart.units; u++)
        c->leaf_of[(size_t)c->wave_of[u] * units + c->unit_of[u]] = c->apart.leaf[u];
    return STEP_OK;
}

static uint32_t find_wave(const struct compare *c, struct text name)
{
    uint32_t w = 0;
    while (w < groups_count(c->waves) && !text_equal(group_key(c->waves, w)[0], name))
        w++;
    return w;
}

/* The influence values of a wave by the units of the second frame, in order. */
static struct influence move_values(const struct compare *c, uint32_t wave,
                                    const struct influence *in, struct arena *a)
{
    struct influence out = {in->count, arena_array(a, in->count, sizeof *out.leaf),
                            arena_array(a, in->count, sizeof *out.z)};
    struct radix_entry *entry = memory_alloc(2 * (size_t)in->count * sizeof *entry + 1);
    for (uint32_t i = 0; i < in->count; i++) {
        uint32_t unit = c->e.frame.unit_at[in->leaf[i]];
        entry[i] = (struct radix_entry){c->leaf_of[(size_t)wave * c->e.frame.units + unit], i};
    }
    radix_sort(entry, entry + in->count, in->count);
    for (uint32_t i = 0; i < in->count; i++) {
        out.leaf[i] = (uint32_t)entry[i].word;
        out.z[i] = in->z[entry[i].item];
    }
    free(entry);
    return out;
}

int compare_apart_variance(struct step *step, const struct compare *c, struct text wave,
                           const struct result *r, struct arena *a, double *variance, double *df)
{
    struct influence in = move_values(c, find_wave(c, wave), &r->influence, a);
    struct unit_sums sums = {in.count, 1, in.leaf, in.z};
    uint32_t stratum;
    enum design_fault fault = design_covariance(&c->apart.design, &sums, variance, &stratum);
    *df = (double)design_domain_freedom(&c->apart.design, in.leaf, in.count);
    return fault == DESIGN_FINE ? STEP_OK : sample_lonely(step, &c->apart, fault, stratum);
}

double compare_apart_freedom(const struct compare *c, double of_domains)
{
    if (c->e.df == DF_INFINITE)
        return (double)INFINITY;
    return c->e.df == DF_DESIGN ? (double)design_freedom(&c->apart.design) : of_domains;
}
