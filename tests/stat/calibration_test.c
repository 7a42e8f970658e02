/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calibration against what can be had on paper: post-strata, the ratio estimator, raking of a
 * two by two table (iterative proportional fitting by hand, below), households by persons with the
 * mean row, residuals by group means, and by the definition of each method: the totals are met and
 * the inverse of F of g is linear in x.  Then everything that must be refused, by its name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stat/calibration.h"

#include <math.h>
#include <string.h>

enum { UNITS = 8, COLUMNS = 5 };

/* a: 1 1 1 1 2 2 2 2; b: 1 1 2 2 1 1 2 2; y a number */
static const size_t start[] = {0, 3, 6, 9, 12, 15, 18, 21, 24};
static const uint32_t column[] = {0, 2, 4, 0, 2, 4, 0, 3, 4, 0, 3, 4,
                                  1, 2, 4, 1, 2, 4, 1, 3, 4, 1, 3, 4};
static const double value[] = {1, 1, 3,  1, 1, 8, 1, 1, 5, 1, 1, 11,
                               1, 1, 12, 1, 1, 4, 1, 1, 7, 1, 1, 9};
static const double base[] = {10, 12, 9, 8, 11, 10, 7, 13};

static struct calibration_units units_all(void)
{
    return (struct calibration_units){UNITS, COLUMNS, start, column, value, base, NULL};
}

static void check_totals(const struct calibration_units *u, const double *weight,
                         const double *total)
{
    double sum[COLUMNS] = {0};
    for (uint32_t k = 0; k < u->units; k++)
        for (size_t i = u->start[k]; i < u->start[k + 1]; i++)
            sum[u->column[i]] += weight[k] * u->value[i];
    for (uint32_t j = 0; j < u->columns; j++)
        assert_true(fabs(sum[j] - total[j]) <= 1e-10 * (1 + fabs(total[j])));
}

static bool solve(const struct calibration_units *u, const double *total,
                  const struct calibration_rule *rule, double *weight, struct calibration_result *r)
{
    struct arena *arena = arena_new();
    bool met = calibration_solve(arena, u, total, rule, weight, r);
    r->total = NULL;
    arena_free(arena);
    return met;
}

/* The inverse of F. */
static double inverse(const struct calibration_rule *r, double g)
{
    double a = (r->high - r->low) / ((1 - r->low) * (r->high - 1));
    if (r->method == CALIBRATION_RAKING)
        return log(g);
    if (r->method == CALIBRATION_LOGIT)
        return log((g - r->low) * (r->high - 1) / ((r->high - g) * (1 - r->low))) / a;
    return g - 1;
}

/* u = inverse(g) is a sum of an effect of a, one of b and a slope in y: with three numbers from
 * four cells of two units each the rest follows. */
static void check_linear(const struct calibration_rule *rule, const double *weight)
{
    double u[UNITS], slope;
    for (int k = 0; k < UNITS; k++)
        u[k] = inverse(rule, weight[k] / base[k]);
    slope = (u[1] - u[0]) / (8 - 3);
    assert_true(fabs(u[3] - u[2] - slope * 6) < 1e-8);
    assert_true(fabs(u[5] - u[4] + slope * 8) < 1e-8);
    assert_true(fabs(u[7] - u[6] - slope * 2) < 1e-8);
    assert_true(fabs(u[0] - slope * 3 - (u[2] - slope * 5) -
                     (u[4] - slope * 12 - (u[6] - slope * 7))) < 1e-8);
}

static void meets_totals(void **state)
{
    static const double total[] = {43, 40, 45, 38, 600};
    static const struct calibration_rule rules[] = {{CALIBRATION_LINEAR, 0, 0},
                                                    {CALIBRATION_RAKING, 0, 0},
                                                    {CALIBRATION_LOGIT, 0.5, 2},
                                                    {CALIBRATION_TRUNCATED, 0.3, 3}};
    struct calibration_units u = units_all();
    (void)state;
    for (int m = 0; m < 4; m++) {
        double weight[UNITS];
        struct calibration_result r;
        assert_true(solve(&u, total, &rules[m], weight, &r));
        assert_int_equal(r.outcome, CALIBRATION_MET);
        check_totals(&u, weight, total);
        check_linear(&rules[m], weight);
    }
}

static void keeps_bounds(void **state)
{
    static const double total[] = {43, 40, 45, 38, 630};
    static const struct calibration_rule rule = {CALIBRATION_TRUNCATED, 0.9, 1.2};
    struct calibration_units u = units_all();
    double weight[UNITS];
    struct calibration_result r;
    int at_bound = 0;
    (void)state;
    assert_true(solve(&u, total, &rule, weight, &r));
    check_totals(&u, weight, total);
    for (int k = 0; k < UNITS; k++) {
        double g = weight[k] / base[k];
        assert_true(g >= rule.low && g <= rule.high);
        at_bound += g == rule.low || g == rule.high;
    }
    assert_true(at_bound > 0);
}

/* Deming and Stephan's fitting, cell by cell: rows, columns, rows, ... */
static void rakes_like_fitting(void **state)
{
    static const size_t at[] = {0, 2, 4, 6, 8};
    static const uint32_t cells[] = {0, 2, 0, 3, 1, 2, 1, 3};
    static const double one[] = {1, 1, 1, 1, 1, 1, 1, 1}, d[] = {22, 17, 21, 20},
                        total[] = {43, 40, 45, 38};
    static const struct calibration_rule rule = {CALIBRATION_RAKING, 0, 0};
    struct calibration_units u = {4, 4, at, cells, one, d, NULL};
    double weight[4], w[4];
    struct calibration_result r;
    (void)state;
    memcpy(w, d, sizeof w);
    for (int turn = 0; turn < 200; turn++) {
        double a = 43 / (w[0] + w[1]), b = 40 / (w[2] + w[3]);
        w[0] *= a, w[1] *= a, w[2] *= b, w[3] *= b;
        a = 45 / (w[0] + w[2]), b = 38 / (w[1] + w[3]);
        w[0] *= a, w[2] *= a, w[1] *= b, w[3] *= b;
    }
    assert_true(solve(&u, total, &rule, weight, &r));
    for (int k = 0; k < 4; k++)
        assert_true(fabs(weight[k] / w[k] - 1) < 1e-12);
}

static void cells_and_ratio(void **state)
{
    static const size_t at[] = {0, 1, 2, 3};
    static const uint32_t cells[] = {0, 1, 0}, only[] = {0, 0, 0};
    static const double one[] = {1, 1, 1}, x[] = {2, 3, 5}, d[] = {10, 20, 30}, total[] = {80, 30},
                        sum[] = {460};
    static const struct calibration_rule rule = {CALIBRATION_LINEAR, 0, 0};
    struct calibration_units u = {3, 2, at, cells, one, d, NULL};
    double weight[3];
    struct calibration_result r;
    (void)state;
    assert_true(solve(&u, total, &rule, weight, &r));
    assert_true(weight[0] == 20 && weight[1] == 30 && weight[2] == 60);
    /* 1/q = x: all weights times 460/230 (ratio estimator) */
    u = (struct calibration_units){3, 1, at, only, x, d, x};
    assert_true(solve(&u, sum, &rule, weight, &r));
    for (int k = 0; k < 3; k++)
        assert_true(fabs(weight[k] - 2 * d[k]) < 1e-12);
}

static void fail_by_name(void **state)
{
    static const double empty[] = {5, 78}, contradiction[] = {43, 40, 45, 39, 600},
                        too_much[] = {90, 40, 92, 38, 900}, together[] = {43, 40, 45, 38, 700};
    static const size_t at[] = {0, 1, 2};
    static const uint32_t cells[] = {1, 1};
    static const double one[] = {1, 1};
    static const struct calibration_rule raking = {CALIBRATION_RAKING, 0, 0},
                                         logit = {CALIBRATION_LOGIT, 0.8, 1.25};
    struct calibration_units u = {2, 2, at, cells, one, base, NULL};
    double weight[UNITS];
    struct calibration_result r;
    (void)state;
    assert_false(solve(&u, empty, &raking, weight, &r));
    assert_int_equal(r.outcome, CALIBRATION_EMPTY);
    assert_int_equal(r.column, 0);
    u = units_all();
    assert_false(solve(&u, contradiction, &raking, weight, &r));
    assert_int_equal(r.outcome, CALIBRATION_CONTRADICTION);
    assert_memory_equal(weight, base, sizeof weight);
    assert_false(solve(&u, too_much, &logit, weight, &r));
    assert_int_equal(r.outcome, CALIBRATION_OUT_OF_REACH);
    assert_int_equal(r.column, 0);
    assert_true(fabs(r.reached - 1.25 * 39) < 1e-12);
    assert_false(solve(&u, together, &logit, weight, &r));
    assert_int_equal(r.outcome, CALIBRATION_NO_SOLUTION);
    assert_memory_equal(weight, base, sizeof weight);
}

/* One column: sum d x g = 3 d x needs an upper bound of 3; 1 + s (U - 1) with U = 1.25: s = 8. */
static void nearest_bounds(void **state)
{
    static const size_t at[] = {0, 2, 4};
    static const uint32_t cells[] = {0, 1, 0, 1};
    static const double x[] = {1, 2, 1, 2}, d[] = {10, 10}, total[] = {60, 120};
    static const struct calibration_rule rule = {CALIBRATION_TRUNCATED, 0.9, 1.25};
    struct calibration_units u = {2, 2, at, cells, x, d, NULL};
    double weight[2];
    struct calibration_result r;
    (void)state;
    assert_false(solve(&u, total, &rule, weight, &r));
    assert_true(r.high >= 3 && r.high < 3.003);
    assert_true(r.low > 0.197 && r.low <= 0.2);
    struct calibration_rule wide = {CALIBRATION_TRUNCATED, r.low, r.high};
    assert_true(solve(&u, total, &wide, weight, &r));
}

/* Persons with the mean row of their household, one by one. */
static void households(void **state)
{
    static const uint32_t household[] = {0, 1, 2, 1, 2, 2};
    static const size_t at[] = {0, 2, 4, 6, 8, 10, 12};
    static const uint32_t cells[] = {0, 2, 1, 2, 0, 2, 0, 2, 0, 2, 1, 2};
    static const double x[] = {1, 5, 1, 2, 1, 8, 1, 4, 1, 1, 1, 6};
    static const double d[] = {10, 20, 15, 20, 15, 15}, other[] = {10, 20, 15, 20, 16, 15};
    static const size_t mean_at[] = {0, 2, 5, 8, 11, 14, 17};
    static const uint32_t mean_cells[] = {0, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2};
    static const double mean[] = {1,  5, .5,      .5,      3, 2.0 / 3, 1.0 / 3, 5, .5,
                                  .5, 3, 2.0 / 3, 1.0 / 3, 5, 2.0 / 3, 1.0 / 3, 5};
    static const double total[] = {66, 36, 410};
    struct calibration_units persons = {6, 3, at, cells, x, d, NULL};
    struct calibration_units means = {6, 3, mean_at, mean_cells, mean, d, NULL};
    struct calibration_result r;
    uint32_t fault;
    (void)state;
    struct arena *arena = arena_new();
    struct calibration_units *h = calibration_households(arena, &persons, household, 3, &fault);
    assert_non_null(h);
    for (int m = 0; m < 2; m++) {
        struct calibration_rule rule = {m ? CALIBRATION_RAKING : CALIBRATION_LINEAR, 0, 0};
        double own[3], weight[6];
        assert_true(calibration_solve(arena, h, total, &rule, own, &r));
        assert_true(calibration_solve(arena, &means, total, &rule, weight, &r));
        for (int k = 0; k < 6; k++)
            assert_true(fabs(own[household[k]] / weight[k] - 1) < 1e-9);
    }
    persons.base = other;
    assert_null(calibration_households(arena, &persons, household, 3, &fault));
    assert_int_equal(fault, 4);
    arena_free(arena);
}

/* e = z - x'B of all units, by calibration_coefficients(). */
static void find_residuals(struct arena *arena, const struct calibration_units *u, const double *z,
                           double *e)
{
    struct calibration_normal *n = calibration_normal_of(arena, u);
    double *xz = arena_zarray(arena, u->columns, sizeof *xz);
    double *b = arena_array(arena, u->columns, sizeof *b);
    for (uint32_t k = 0; k < u->units; k++)
        for (size_t i = u->start[k]; i < u->start[k + 1]; i++)
            xz[u->column[i]] += u->value[i] * z[k] * u->base[k] / (u->scale ? u->scale[k] : 1);
    calibration_coefficients(n, xz, b);
    for (uint32_t k = 0; k < u->units; k++) {
        e[k] = z[k];
        for (size_t i = u->start[k]; i < u->start[k + 1]; i++)
            e[k] -= u->value[i] * b[u->column[i]];
    }
}

/* Of cells: the value less the weighted mean of its cell. */
static void residuals(void **state)
{
    static const size_t at[] = {0, 1, 2, 3, 4};
    static const uint32_t cells[] = {0, 1, 0, 1};
    static const double one[] = {1, 1, 1, 1}, d[] = {1, 2, 3, 6}, z[] = {4, 10, 8, 2};
    struct calibration_units u = {4, 2, at, cells, one, d, NULL}, all = units_all();
    double e[UNITS], sum[COLUMNS] = {0};
    (void)state;
    struct arena *arena = arena_new();
    find_residuals(arena, &u, z, e);
    assert_true(fabs(e[0] + 3) < 1e-14 && fabs(e[1] - 6) < 1e-14);
    assert_true(fabs(e[2] - 1) < 1e-14 && fabs(e[3] + 2) < 1e-14);
    /* in general they are orthogonal to every column, with columns that depend on each other too */
    find_residuals(arena, &all, base, e);
    for (int k = 0; k < UNITS; k++)
        for (size_t i = start[k]; i < start[k + 1]; i++)
            sum[column[i]] += base[k] * value[i] * e[k];
    for (int j = 0; j < COLUMNS; j++)
        assert_true(fabs(sum[j]) < 1e-10);
    arena_free(arena);
}

static void trims(void **state)
{
    double once[] = {1, 4, 5, 10, 0}, strict[] = {1, 4.5, 5, 10, 0}, none[] = {9, 9};
    (void)state;
    /* 10 becomes 6, 1 becomes 2: 3 are shared by two */
    assert_true(calibration_trim(once, 5, 2, 6, false));
    assert_true(once[0] == 2 && once[1] == 5.5 && once[2] == 6.5 && once[3] == 6 && once[4] == 0);
    /* all four end between: the sum 20.5 stays, 6 is not exceeded */
    assert_true(calibration_trim(strict, 5, 2, 6, true));
    assert_true(fabs(strict[0] + strict[1] + strict[2] + strict[3] - 20.5) < 1e-9);
    for (int k = 0; k < 4; k++)
        assert_true(strict[k] >= 2 && strict[k] <= 6 * (1 + 1e-11));
    assert_false(calibration_trim(none, 2, 1, 5, false));
}

static void response(void **state)
{
    static const bool responds[] = {true, false, true, false};
    static const uint32_t cell[] = {0, 0, 1, 0}, alone[] = {0, 0, 1, 2};
    double weight[] = {10, 5, 8, 15}, same[] = {10, 5, 8, 15};
    uint32_t fault;
    (void)state;
    struct arena *arena = arena_new();
    assert_true(calibration_response(arena, weight, responds, cell, 4, 2, &fault));
    assert_true(weight[0] == 30 && weight[1] == 0 && weight[2] == 8 && weight[3] == 0);
    assert_false(calibration_response(arena, same, responds, alone, 4, 3, &fault));
    assert_int_equal(fault, 3);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(meets_totals),
        cmocka_unit_test(keeps_bounds),
        cmocka_unit_test(rakes_like_fitting),
        cmocka_unit_test(cells_and_ratio),
        cmocka_unit_test(fail_by_name),
        cmocka_unit_test(nearest_bounds),
        cmocka_unit_test(households),
        cmocka_unit_test(residuals),
        cmocka_unit_test(trims),
        cmocka_unit_test(response),
    };
    return cmocka_run_group_tests_name("calibration", tests, NULL, NULL);
}
