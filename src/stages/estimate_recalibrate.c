/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replicates of calibrated weights: the base weights of each replicate are calibrated to the
 * margins by themselves, as R's calibrate() does with a design of replicates (Valliant 1993, JASA
 * 88).
 *
 * Weights over base weights depend on the row of margins alone, so that records with the same row
 * are one unit of the calibration, and those of a part (estimate_calibrated.h) one number a
 * replicate.  Cost: a calibration of the distinct rows a replicate, by several threads; 8 bytes a
 * part and replicate.  Misuse: weights that were trimmed, or calibrated by another method than is
 * told (a warning); adjustment for non-response is not repeated.
 */
#include "stages/estimate_calibrated.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stages/calibration_option.h"
#include "stages/estimate_replicate.h"

#define ALIKE 1e-5 /* of a weight */

struct job {
    const struct estimate *e;
    const struct calibrated *c;
    struct replicates *r;
    struct calibration_units units;
    uint32_t *unit_of, *psu; /* of each part */
    bool *failed;            /* of each replicate */
};

/* ---- units: distinct rows, or parts where these have a scale or a household's mean row ---- */

static void spread_parts(struct job *j, struct arena *a)
{
    const struct calibration_units *rows = &j->c->units;
    size_t entries = 0, at = 0;
    for (uint32_t p = 0; p < j->c->parts; p++)
        entries += rows->start[j->c->part[p].row + 1] - rows->start[j->c->part[p].row];
    size_t *start = arena_array(a, (size_t)j->c->parts + 1, sizeof *start);
    uint32_t *column = arena_array(a, entries, sizeof *column);
    double *value = arena_array(a, entries, sizeof *value);
    double *scale = arena_array(a, j->c->parts, sizeof *scale);
    for (uint32_t p = 0; p < j->c->parts; p++) {
        const struct part *part = &j->c->part[p];
        start[p] = at;
        for (size_t i = rows->start[part->row]; i < rows->start[part->row + 1]; i++, at++) {
            column[at] = rows->column[i];
            value[at] = rows->value[i];
        }
        scale[p] = part->scale / part->records;
        j->unit_of[p] = p;
    }
    start[j->c->parts] = at;
    j->units =
        (struct calibration_units){j->c->parts, rows->columns, start, column, value, NULL, scale};
}

static void find_units(struct job *j, struct arena *a)
{
    const struct calibrated *c = j->c;
    const struct frame *f = &j->e->frame;
    j->unit_of = arena_array(a, c->parts, sizeof *j->unit_of);
    j->psu = arena_array(a, c->parts, sizeof *j->psu);
    for (uint32_t p = 0; p < c->parts; p++) {
        j->unit_of[p] = c->part[p].row;
        j->psu[p] = design_psu(&f->design, f->leaf[c->part[p].unit]);
    }
    j->units = c->units;
    if (c->households || c->scale != NO_COLUMN)
        spread_parts(j, a);
}

/* ---- one replicate ---- */

/* The base weight of a part; of the whole sample where k is the number of replicates. */
static double base_of(const struct job *j, uint32_t part, uint32_t k)
{
    if (k == j->r->count)
        return j->c->part[part].base;
    if (j->c->replicate)
        return j->c->replicate[(size_t)part * j->r->count + k];
    return j->c->part[part].base * j->r->factor[(size_t)j->psu[part] * j->r->count + k];
}

/* g[] of the units. */
static bool solve(const struct job *j, uint32_t k, struct arena *a, double *g,
                  struct calibration_result *result)
{
    struct calibration_units units = j->units;
    double *base = arena_zarray(a, units.units, sizeof *base);
    for (uint32_t at = 0; at < j->c->places; at++) {
        uint32_t part = j->c->part_at[at];
        base[j->unit_of[part]] += base_of(j, part, k);
    }
    units.base = base;
    bool met = calibration_solve(a, &units, margins_total(j->c->margins), &j->c->rule, g, result);
    for (uint32_t u = 0; u < units.units; u++)
        g[u] = base[u] > 0 ? g[u] / base[u] : 1;
    return met;
}

static void calibrate_replicate(void *context, uint64_t k)
{
    const struct job *j = context;
    struct arena *a = arena_new();
    struct calibration_result result;
    double *g = arena_array(a, j->units.units, sizeof *g);
    j->failed[k] = !solve(j, (uint32_t)k, a, g, &result);
    for (uint32_t at = 0; at < j->c->places && !j->failed[k]; at++) {
        uint32_t p = j->c->part_at[at];
        double weight = base_of(j, p, (uint32_t)k) * g[j->unit_of[p]], whole = j->c->part[p].weight;
        j->r->part[(size_t)at * j->r->count + k] = whole != 0 ? weight / whole : 0;
        j->failed[k] |= whole == 0 && weight != 0;
    }
    arena_free(a);
}

/* ---- all ---- */

static int tell_failure(struct step *step, const struct job *j, uint32_t k)
{
    struct arena *a = step_arena(step);
    struct calibration_result result;
    double *g = arena_array(a, j->units.units, sizeof *g);
    const char *where = arena_print(a, "replicate %u: ", k + 1);
    if (solve(j, k, a, g, &result))
        return step_fail(step, EX_DATAERR, NOWHERE,
                         "a calibrated weight is 0 and would not be 0 in %s"
                         "let calibrate --replicates make the weights of all replicates",
                         where);
    return calibration_failed(step, j->c->margins, &j->c->rule, &result, where);
}

/* The method is told, and can be told wrong. */
static void check_method(struct step *step, const struct job *j)
{
    struct arena *a = arena_new();
    struct calibration_result result;
    double *g = arena_array(a, j->units.units, sizeof *g), most = 0;
    bool met = solve(j, j->r->count, a, g, &result);
    for (uint32_t p = 0; p < j->c->parts && met; p++) {
        double weight = j->c->part[p].weight, again = j->c->part[p].base * g[j->unit_of[p]];
        most = fmax(most, fabs(again - weight) / fmax(fabs(weight), 1e-9));
    }
    if (!met || most > ALIKE || j->c->uneven)
        step_warn(
            step, NOWHERE,
            "the weights are not those that calibrating --base-weight so gives (up to %.2g "
            "%% off), but replicates are calibrated so: see --calibrated-method, and whether they "
            "were rounded, trimmed or adjusted",
            100 * most);
    arena_free(a);
}

int recalibrate(struct step *step, struct estimate *e)
{
    struct job j = {.e = e, .c = e->calibrated, .r = e->replicates};
    if (j.c->parts == 0)
        return STEP_OK;
    find_units(&j, step_arena(step));
    j.failed = arena_zarray(step_arena(step), j.r->count, sizeof *j.failed);
    j.r->part = memory_zalloc((size_t)j.c->places * j.r->count * sizeof *j.r->part);
    check_method(step, &j);
    step_each(step, calibrate_replicate, &j, j.r->count);
    for (uint32_t k = 0; k < j.r->count; k++)
        if (j.failed[k])
            return tell_failure(step, &j, k);
    return STEP_OK;
}

uint32_t recalibrated_rank(const struct estimate *e, const uint32_t *place, uint32_t count)
{
    const struct replicates *r = e->replicates;
    const struct calibrated *c = e->calibrated;
    struct row_space s = {0};
    double *row = memory_alloc(r->count * sizeof *row);
    for (uint32_t i = 0; i < (place ? count : c->places) && s.rank < r->count; i++) {
        uint32_t at = place ? place[i] : i;
        double weight = c->part[c->part_at[at]].weight;
        for (uint32_t k = 0; k < r->count; k++)
            row[k] = r->part[(size_t)at * r->count + k] * weight;
        if (weight != 0)
            row_space_add(&s, row, r->count);
    }
    uint32_t rank = s.rank;
    row_space_free(&s);
    free(row);
    return rank;
}
