/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Distances of calibration, and Newton's method on the convex dual.
 *
 * A step solves (sum d q F' x x') p = T - sum d F x over the columns that do not depend on others,
 * with a ridge of RIDGE times the first matrix, so that units that lie at their bounds (F' = 0)
 * cannot make it singular.  It is halved until the dual falls by Armijo's rule or the totals come
 * nearer; near the solution the dual itself is all rounding.  With bounds, T'lambda above the most
 * that weights within them can give proves that there is no solution (a separating hyperplane), and
 * the search ends.
 */
#include "stat/calibration_normal.h"

#include <math.h>
#include <string.h>

enum { STEPS_MOST = 200, HALVINGS_MOST = 60 };
#define RIDGE 1e-9
#define FINISH 1e-13 /* go on to here as long as it gets better */
#define ARMIJO 1e-4
#define FAR 500.0 /* exp() beyond it is its limit */

/* ---- distances ---- */

static struct calibration_point truncated(double low, double high, double u)
{
    if (u < low - 1)
        return (struct calibration_point){low, 0,
                                          (low - 1) * (1 + (low - 1) / 2) + low * (u - low + 1)};
    if (u > high - 1)
        return (struct calibration_point){
            high, 0, (high - 1) * (1 + (high - 1) / 2) + high * (u - high + 1)};
    return (struct calibration_point){1 + u, 1, u * (1 + u / 2)};
}

static struct calibration_point logit(double low, double high, double u)
{
    double a = (high - low) / ((1 - low) * (high - 1)), t = a * u;
    if (t > FAR)
        return (struct calibration_point){high, 0, high * u + (high - low) / a * log(1 - low)};
    if (t < -FAR)
        return (struct calibration_point){low, 0, low * u + (high - low) / a * log(high - 1)};
    double e = exp(t), below = high - 1 + (1 - low) * e;
    double g = (low * (high - 1) + high * (1 - low) * e) / below;
    return (struct calibration_point){
        g, a * (high - low) * (high - 1) * (1 - low) * e / (below * below),
        low * u + (high - low) / a * log(below)};
}

struct calibration_point calibration_distance(const struct calibration_rule *rule, double u)
{
    switch (rule->method) {
    case CALIBRATION_RAKING:
        return (struct calibration_point){exp(u), exp(u), exp(u)};
    case CALIBRATION_LOGIT:
        return logit(rule->low, rule->high, u);
    case CALIBRATION_TRUNCATED:
        return truncated(rule->low, rule->high, u);
    case CALIBRATION_LINEAR:
        break;
    }
    return (struct calibration_point){1 + u, 1, u * (1 + u / 2)};
}

/* ---- one point of the dual ---- */

struct search {
    const struct calibration_units *units;
    const struct calibration_rule *rule;
    const double *target;
    uint32_t columns;
    bool *dependent;
    double *diagonal; /* of the first matrix */
    double *lambda, *trial, *step, *gap, *carry;
    struct calibration_normal *normal;
    double dual, error, beyond; /* beyond: T'lambda less the most that bounds allow */
};

/* A compensated sum (Neumaier 1974). */
static void add(double *sum, double *carry, double x)
{
    double t = *sum + x;
    *carry += fabs(*sum) >= fabs(x) ? (*sum - t) + x : (x - t) + *sum;
    *sum = t;
}

static double support(const struct calibration_rule *rule, double u)
{
    if (rule->method == CALIBRATION_LOGIT || rule->method == CALIBRATION_TRUNCATED)
        return u > 0 ? rule->high * u : rule->low * u;
    return rule->method == CALIBRATION_RAKING && u <= 0 ? 0 : HUGE_VAL;
}

static void add_unit(struct search *s, uint32_t k, double *total, double *weight, double *most)
{
    const struct calibration_units *units = s->units;
    double u = calibration_dot(units, k, s->trial), q = units->scale ? 1 / units->scale[k] : 1;
    struct calibration_point f = calibration_distance(s->rule, q * u);
    weight[k] = units->base[k] * f.g;
    s->dual += units->base[k] * f.integral / q;
    *most += u == 0 ? 0 : units->base[k] * support(s->rule, u);
    for (size_t i = units->start[k]; i < units->start[k + 1]; i++)
        add(&total[units->column[i]], &s->carry[units->column[i]], weight[k] * units->value[i]);
}

/* Weights, totals, dual and error at s->trial. */
static void evaluate(struct search *s, double *total, double *weight)
{
    double most = 0, along = 0;
    s->dual = s->error = 0;
    memset(total, 0, s->columns * sizeof *total);
    memset(s->carry, 0, s->columns * sizeof *s->carry);
    for (uint32_t k = 0; k < s->units->units; k++)
        if (s->units->base[k] > 0)
            add_unit(s, k, total, weight, &most);
        else
            weight[k] = 0;
    for (uint32_t j = 0; j < s->columns; j++) {
        total[j] += s->carry[j];
        along += s->target[j] * s->trial[j];
        double error = fabs(total[j] - s->target[j]) / (1 + fabs(s->target[j]));
        s->error = error <= s->error ? s->error : error; /* NaN is kept */
    }
    s->dual -= along;
    s->beyond = along - most - 1e-9 * (fabs(along) + fabs(most));
}

/* ---- steps ---- */

static void add_matrix(struct search *s)
{
    const struct calibration_units *units = s->units;
    calibration_normal_clear(s->normal);
    for (uint32_t k = 0; k < units->units; k++) {
        size_t at = units->start[k];
        double q = units->scale ? 1 / units->scale[k] : 1;
        double slope =
            calibration_distance(s->rule, q * calibration_dot(units, k, s->lambda)).slope;
        if (units->base[k] * slope > 0)
            calibration_normal_add(s->normal, (uint32_t)(units->start[k + 1] - at),
                                   units->column + at, units->value + at,
                                   units->base[k] * q * slope);
    }
}

static void solve_step(struct search *s, const double *total)
{
    size_t n = s->columns;
    add_matrix(s);
    for (uint32_t j = 0; j < n; j++) {
        s->normal->matrix[j * (n + 1)] += RIDGE * s->diagonal[j];
        for (uint32_t i = 0; i < n; i++)
            if (s->dependent[j] || s->dependent[i])
                s->normal->matrix[i * n + j] = 0;
        s->gap[j] = s->target[j] - total[j];
    }
    calibration_normal_finish(s->normal);
    calibration_coefficients(s->normal, s->gap, s->step);
}

/* False where no part of the step is better: *total and weight[] are then those of s->lambda. */
static bool walk(struct search *s, double *total, double *weight)
{
    double dual = s->dual, error = s->error, slope = 0, part = 1;
    for (uint32_t j = 0; j < s->columns; j++)
        slope -= s->gap[j] * s->step[j];
    for (int halving = 0; halving < HALVINGS_MOST; halving++) {
        for (uint32_t j = 0; j < s->columns; j++)
            s->trial[j] = s->lambda[j] + part * s->step[j];
        evaluate(s, total, weight);
        if (isfinite(s->dual) && isfinite(s->error) &&
            (s->dual < dual + ARMIJO * part * slope || s->error < error * (1 - ARMIJO * part))) {
            memcpy(s->lambda, s->trial, s->columns * sizeof *s->lambda);
            return true;
        }
        part /= 2;
    }
    memcpy(s->trial, s->lambda, s->columns * sizeof *s->lambda);
    evaluate(s, total, weight);
    return false;
}

/* The first matrix: which columns depend on others, and how large is the diagonal. */
static void begin(struct arena *arena, struct search *s)
{
    s->dependent = arena_zarray(arena, s->columns, sizeof *s->dependent);
    s->diagonal = arena_zarray(arena, s->columns, sizeof *s->diagonal);
    s->lambda = arena_zarray(arena, s->columns, sizeof *s->lambda);
    s->trial = arena_zarray(arena, s->columns, sizeof *s->trial);
    s->step = arena_zarray(arena, s->columns, sizeof *s->step);
    s->gap = arena_zarray(arena, s->columns, sizeof *s->gap);
    s->carry = arena_zarray(arena, s->columns, sizeof *s->carry);
    s->normal = calibration_normal_of(arena, s->units);
    for (uint32_t i = s->normal->rank; i < s->columns; i++)
        s->dependent[s->normal->order[i]] = true;
    for (uint32_t j = 0; j < s->columns; j++)
        s->diagonal[j] =
            s->normal->scale[j] > 0 ? 1 / (s->normal->scale[j] * s->normal->scale[j]) : 0;
}

bool calibration_newton(struct arena *arena, const struct calibration_units *units,
                        const double *target, const struct calibration_rule *rule, double *weight,
                        struct calibration_result *result)
{
    struct search s = {.units = units, .rule = rule, .target = target, .columns = units->columns};
    begin(arena, &s);
    result->total = arena_zarray(arena, s.columns, sizeof *result->total);
    evaluate(&s, result->total, weight);
    for (result->steps = 0; result->steps < STEPS_MOST && s.error > FINISH; result->steps++) {
        double before = s.error;
        solve_step(&s, result->total);
        if (!walk(&s, result->total, weight))
            break;
        if (s.beyond > 0 && s.error > CALIBRATION_TOLERANCE)
            break;
        if (before <= CALIBRATION_TOLERANCE && s.error > before / 2)
            break;
    }
    result->error = s.error;
    return s.error <= CALIBRATION_TOLERANCE;
}
