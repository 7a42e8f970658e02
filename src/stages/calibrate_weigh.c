/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One set of weights of the stage calibrate: adjusted, calibrated, trimmed; or what stood against
 * it. */
#include "calibrate.h"

#include "stages/calibration_option.h"
#include "table/group.h"

#include <math.h>

/* Weights of all records by those of their units. */
static int solve_households(struct step *step, struct arena *arena, double *weight,
                            struct calibration_result *r)
{
    struct calibrate *c = step_state(step);
    uint32_t fault, n = groups_count(c->households);
    struct calibration_units units = {
        c->rows,     margins_count(c->margins), c->x.start, c->x.column, c->x.value, weight,
        c->scales.at};
    const struct calibration_units *grouped =
        calibration_households(arena, &units, c->household.at, n, &fault);
    if (!grouped)
        return step_fail(step, EX_DATAERR, NOWHERE,
                         "record %u has another weight than the others of its household; "
                         "--by-household needs the household's weight",
                         fault + 1);
    double *own = arena_array(arena, n, sizeof *own);
    calibration_solve(arena, grouped, margins_total(c->margins), &c->rule, own, r);
    for (uint32_t k = 0; k < c->rows; k++)
        weight[k] = own[c->household.at[k]];
    return STEP_OK;
}

/* Records with the same row are one unit; weight[] is theirs times that unit's g. */
static void solve_rows(struct step *step, struct arena *arena, double *weight,
                       struct calibration_result *r)
{
    struct calibrate *c = step_state(step);
    double *base = arena_zarray(arena, c->x.rows, sizeof *base);
    double *g = arena_array(arena, c->x.rows, sizeof *g);
    struct calibration_units units = {
        c->x.rows,   margins_count(c->margins), c->x.start, c->x.column, c->x.value, base,
        c->scales.at};
    for (uint32_t k = 0; k < c->rows; k++)
        base[c->row_of.at[k]] += weight[k];
    calibration_solve(arena, &units, margins_total(c->margins), &c->rule, g, r);
    for (uint32_t row = 0; row < c->x.rows; row++)
        g[row] = base[row] > 0 ? g[row] / base[row] : 1;
    for (uint32_t k = 0; k < c->rows; k++)
        weight[k] *= g[c->row_of.at[k]];
}

static int solve_margins(struct step *step, struct arena *arena, double *weight, const char *where)
{
    struct calibrate *c = step_state(step);
    struct calibration_result r = {0};
    if (!c->household_columns)
        solve_rows(step, arena, weight, &r);
    else if (solve_households(step, arena, weight, &r) != STEP_OK)
        return STEP_FAIL;
    return r.outcome == CALIBRATION_MET ? STEP_OK
                                        : calibration_failed(step, c->margins, &c->rule, &r, where);
}

double calibrate_rounded(double weight)
{
    return fabs(weight) < 0.1 && fabs(weight) > 1e-9 ? real_round(weight, 18) : weight;
}

int calibrate_weigh(struct step *step, double *weight, double *adjusted, const char *where)
{
    struct calibrate *c = step_state(step);
    struct arena *arena = arena_new();
    uint32_t fault;
    int result = STEP_OK;
    if (c->responds && !calibration_response(arena, weight, c->responds, c->cell.at, c->rows,
                                             groups_count(c->cells), &fault))
        result =
            step_fail(step, EX_DATAERR, NOWHERE,
                      "%snobody answered in the cell of record %u: merge cells", where, fault + 1);
    if (adjusted)
        memcpy(adjusted, weight, c->rows * sizeof *adjusted);
    if (result == STEP_OK && margins_count(c->margins))
        result = solve_margins(step, arena, weight, where);
    if (result == STEP_OK && c->trim_high > 0 &&
        !calibration_trim(weight, c->rows, c->trim_low, c->trim_high, c->strict))
        result = step_fail(step, EX_DATAERR, NOWHERE,
                           "%sthe sum of the weights does not fit into the range of --trim", where);
    arena_free(arena);
    return result;
}
