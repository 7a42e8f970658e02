/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calibration: what can be said before Newton, Newton, and what to say where it fails. */
#include "stat/calibration_normal.h"

#include <math.h>
#include <string.h>

#define AGREE 1e-10 /* totals of columns that depend on each other */
#define WIDEST 1e6  /* bounds are widened so many times at most */
#define NARROW 1e-4 /* bisection of bounds ends here */

static bool is_bounded(const struct calibration_rule *rule)
{
    return rule->method == CALIBRATION_LOGIT || rule->method == CALIBRATION_TRUNCATED;
}

static bool fail(struct calibration_result *r, enum calibration_outcome outcome, uint32_t column,
                 double reached)
{
    r->outcome = outcome;
    r->column = column;
    r->reached = reached;
    return false;
}

/* ---- before Newton ---- */

/* Sums of each column with weights base times low where x > 0 and high where x < 0. */
static void extreme(const struct calibration_units *u, double low, double high, double *sum)
{
    memset(sum, 0, u->columns * sizeof *sum);
    for (uint32_t k = 0; k < u->units; k++)
        for (size_t i = u->start[k]; i < u->start[k + 1]; i++)
            if (u->base[k] > 0 && u->value[i] != 0) /* 0 times infinity */
                sum[u->column[i]] += u->base[k] * u->value[i] * (u->value[i] > 0 ? low : high);
}

/* No column whose total is beyond what weights within the bounds can give. */
static bool totals_in_reach(struct arena *arena, const struct calibration_units *u,
                            const double *total, const struct calibration_rule *rule,
                            struct calibration_result *r)
{
    double *least = arena_array(arena, u->columns, sizeof *least);
    double *most = arena_array(arena, u->columns, sizeof *most);
    bool open = rule->method != CALIBRATION_TRUNCATED;
    double low = is_bounded(rule) ? rule->low : 0, high = is_bounded(rule) ? rule->high : HUGE_VAL;
    extreme(u, low, high, least);
    extreme(u, high, low, most);
    for (uint32_t j = 0; j < u->columns; j++) {
        double slack = AGREE * (1 + fabs(total[j]));
        bool empty = least[j] == 0 && most[j] == 0;
        if (empty && fabs(total[j]) > 0)
            return fail(r, CALIBRATION_EMPTY, j, 0);
        if (empty || rule->method == CALIBRATION_LINEAR)
            continue;
        if (total[j] < least[j] - slack || (open && total[j] <= least[j]))
            return fail(r, CALIBRATION_OUT_OF_REACH, j, least[j]);
        if (total[j] > most[j] + slack || (open && total[j] >= most[j]))
            return fail(r, CALIBRATION_OUT_OF_REACH, j, most[j]);
    }
    return true;
}

/* Column j of sum d q x x', whole. */
static void matrix_column(const struct calibration_units *u, uint32_t j, double *out)
{
    memset(out, 0, u->columns * sizeof *out);
    for (uint32_t k = 0; k < u->units; k++) {
        double own = 0;
        for (size_t i = u->start[k]; i < u->start[k + 1]; i++)
            own += u->column[i] == j ? u->value[i] : 0;
        if (own == 0 || !(u->base[k] > 0))
            continue;
        own *= u->scale ? u->base[k] / u->scale[k] : u->base[k];
        for (size_t i = u->start[k]; i < u->start[k + 1]; i++)
            out[u->column[i]] += own * u->value[i];
    }
}

/* A column that is a combination of others has the same combination of their totals. */
static bool totals_agree(struct arena *arena, const struct calibration_units *u,
                         const double *total, struct calibration_result *r)
{
    struct calibration_normal *n = calibration_normal_of(arena, u);
    double *xz = arena_array(arena, u->columns, sizeof *xz);
    double *b = arena_array(arena, u->columns, sizeof *b);
    for (uint32_t i = n->rank; i < u->columns; i++) {
        uint32_t j = (uint32_t)n->order[i];
        double implied = 0, size = 0;
        if (n->scale[j] == 0)
            continue;
        matrix_column(u, j, xz);
        calibration_coefficients(n, xz, b);
        for (uint32_t c = 0; c < u->columns; c++) {
            implied += b[c] * total[c];
            size += fabs(b[c] * total[c]);
        }
        if (fabs(implied - total[j]) > AGREE * (1 + fabs(total[j])) + AGREE / 100 * size)
            return fail(r, CALIBRATION_CONTRADICTION, j, implied);
    }
    return true;
}

/* ---- post-strata ---- */

/* Each row is a single 1 (or empty): cells that do not overlap. */
static bool are_cells(const struct calibration_units *u)
{
    if (u->scale)
        return false;
    for (uint32_t k = 0; k < u->units; k++)
        if (u->start[k + 1] - u->start[k] > 1 ||
            (u->start[k + 1] > u->start[k] && u->value[u->start[k]] != 1))
            return false;
    return true;
}

/* g = T / sum d; totals are in reach, so that g is within the bounds. */
static void solve_cells(struct arena *arena, const struct calibration_units *u, const double *total,
                        double *weight, struct calibration_result *r)
{
    double *base = arena_array(arena, u->columns, sizeof *base);
    extreme(u, 1, 1, base);
    for (uint32_t k = 0; k < u->units; k++) {
        size_t at = u->start[k];
        weight[k] = u->base[k];
        if (at < u->start[k + 1] && u->base[k] > 0)
            weight[k] *= total[u->column[at]] / base[u->column[at]];
    }
    r->total = arena_array(arena, u->columns, sizeof *r->total);
    memcpy(r->total, total, u->columns * sizeof *total);
}

/* ---- all of it ---- */

static uint32_t worst_column(const struct calibration_result *r, const double *total, uint32_t n)
{
    uint32_t worst = 0;
    double most = -1;
    for (uint32_t j = 0; j < n; j++) {
        double error = fabs(r->total[j] - total[j]) / (1 + fabs(total[j]));
        if (!(error <= most)) {
            most = error;
            worst = j;
        }
    }
    return worst;
}

static bool solve(struct arena *arena, const struct calibration_units *u, const double *total,
                  const struct calibration_rule *rule, double *weight, struct calibration_result *r)
{
    if (!totals_in_reach(arena, u, total, rule, r))
        return false;
    if (are_cells(u)) {
        solve_cells(arena, u, total, weight, r);
        return true;
    }
    if (!totals_agree(arena, u, total, r))
        return false;
    if (calibration_newton(arena, u, total, rule, weight, r))
        return true;
    uint32_t worst = worst_column(r, total, u->columns);
    return fail(r, CALIBRATION_NO_SOLUTION, worst, r->total[worst]);
}

bool calibration_solve(struct arena *arena, const struct calibration_units *u, const double *total,
                       const struct calibration_rule *rule, double *weight,
                       struct calibration_result *r)
{
    *r = (struct calibration_result){0};
    if (solve(arena, u, total, rule, weight, r))
        return true;
    memcpy(weight, u->base, u->units * sizeof *weight);
    if (is_bounded(rule) &&
        (r->outcome == CALIBRATION_OUT_OF_REACH || r->outcome == CALIBRATION_NO_SOLUTION))
        calibration_nearest_bounds(arena, u, total, rule, &r->low, &r->high);
    return false;
}

/* ---- bounds that can be met ---- */

static struct calibration_rule widened(const struct calibration_rule *rule, double times)
{
    double low = 1 - times * (1 - rule->low);
    return (struct calibration_rule){CALIBRATION_TRUNCATED, low > 0 ? low : 0,
                                     1 + times * (rule->high - 1)};
}

static bool can_meet(const struct calibration_units *u, const double *total,
                     const struct calibration_rule *rule, double times, double *weight)
{
    struct arena *arena = arena_new();
    struct calibration_rule wide = widened(rule, times);
    struct calibration_result r = {0};
    bool met = solve(arena, u, total, &wide, weight, &r);
    arena_free(arena);
    return met;
}

bool calibration_nearest_bounds(struct arena *arena, const struct calibration_units *u,
                                const double *total, const struct calibration_rule *rule,
                                double *low, double *high)
{
    double *weight = arena_array(arena, u->units, sizeof *weight), least = 1, most = 1;
    while (most < WIDEST && !can_meet(u, total, rule, most, weight)) {
        least = most;
        most *= 2;
    }
    if (most >= WIDEST)
        return false;
    while (most - least > NARROW * most) {
        double middle = (least + most) / 2;
        if (can_meet(u, total, rule, middle, weight))
            most = middle;
        else
            least = middle;
    }
    struct calibration_rule wide = widened(rule, most * (1 + NARROW));
    *low = floor(wide.low * 1000) / 1000; /* outwards, so that they can be typed in */
    *high = ceil(wide.high * 1000) / 1000;
    return true;
}
