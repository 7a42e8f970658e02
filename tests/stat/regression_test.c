/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Regression where the answer is known by hand: means, saturated tables, three points; each record
 * a primary unit of one stratum, drawn with replacement.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stat/regression.h"

#include <math.h>

enum { MOST = 16 };

static void assert_near(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance * fmax(1, fabs(want))))
        fail_msg("%.17g, not %.17g", got, want);
}

/* Coefficients and variances, each record a unit. */
static bool solve(enum regression_model model, uint32_t n, uint32_t terms, const double *x,
                  const double *y, const double *w, struct regression_fit *fit, double *variance)
{
    uint32_t leaf[MOST], stratum;
    const uint32_t first[] = {0, n};
    double v[MOST * MOST];
    struct regression r = {.model = model, .n = n, .terms = terms, .x = x, .y = y, .w = w};
    struct design d = {.strata = 1, .stages = 1};
    d.stage[0].units = n;
    d.stage[0].first = first;
    for (uint32_t i = 0; i < n; i++)
        leaf[i] = i;
    if (!regression_fit(&r, fit))
        return false;
    assert_int_equal(regression_covariance(&r, fit, &d, leaf, v, &stratum), DESIGN_FINE);
    for (uint32_t j = 0; j < terms; j++)
        variance[j] = v[j * terms + j];
    return true;
}

static void fits_a_line(void **state)
{
    (void)state;
    const double x[] = {1, 0, 1, 1, 1, 2}, y[] = {0, 1, 5}, w[] = {1, 1, 1};
    double v[2];
    struct regression_fit fit;
    assert_true(solve(REGRESSION_LINEAR, 3, 2, x, y, w, &fit, v));
    assert_near(fit.value[0], -0.5, 1e-13);
    assert_near(fit.value[1], 2.5, 1e-13);
    /* residuals .5, -1, .5; z = (x - 1) e / 2 = -.25, 0, .25; 3/2 of the sum of squares */
    assert_near(v[1], 0.1875, 1e-13);
    regression_free(&fit);
}

static void fits_means(void **state)
{
    (void)state;
    const double one[] = {1, 1, 1, 1}, share[] = {0, 1, 0, 0}, count[] = {1, 2, 3, 6};
    double v[1];
    struct regression_fit fit;
    assert_true(solve(REGRESSION_LOGIT, 4, 1, one, share, one, &fit, v));
    assert_near(fit.value[0], log(1.0 / 3), 1e-13);
    /* z = (y - 1/4) / (4 3/16); 4/3 (9/16 + 3/16) / (3/4)^2 */
    assert_near(v[0], 16.0 / 9, 1e-13);
    regression_free(&fit);
    assert_true(solve(REGRESSION_POISSON, 4, 1, one, count, one, &fit, v));
    assert_near(fit.value[0], log(3), 1e-13);
    /* z = (y - 3) / 12; 4/3 14 / 144 */
    assert_near(v[0], 14.0 / 108, 1e-13);
    regression_free(&fit);
}

static void gives_the_odds_ratio(void **state)
{
    (void)state;
    /* Weights make the table 3, 1 without and 2, 5 with: the odds are 1/3 and 5/2. */
    const double x[] = {1, 0, 1, 0, 1, 1, 1, 1}, y[] = {0, 1, 0, 1}, w[] = {3, 1, 2, 5};
    double v[2];
    struct regression_fit fit;
    assert_true(solve(REGRESSION_LOGIT, 4, 2, x, y, w, &fit, v));
    assert_near(fit.value[0], log(1.0 / 3), 1e-12);
    assert_near(fit.value[1], log(7.5), 1e-12);
    regression_free(&fit);
}

static void drops_what_is_collinear(void **state)
{
    (void)state;
    const double x[] = {1, 0, 0, 1, 1, 2, 1, 2, 4, 1, 3, 6}, y[] = {1, 3, 5, 7};
    const double w[] = {1, 2, 1, 1};
    double v[3];
    struct regression_fit fit;
    assert_true(solve(REGRESSION_LINEAR, 4, 3, x, y, w, &fit, v));
    assert_int_equal(fit.kept, 2);
    assert_true(fit.dropped[2] && !fit.dropped[0] && !fit.dropped[1]);
    assert_near(fit.value[0], 1, 1e-12);
    assert_near(fit.value[1], 2, 1e-12);
    assert_near(v[1], 0, 1e-20);
    regression_free(&fit);
}

static void refuses_separation(void **state)
{
    (void)state;
    const double x[] = {1, 0, 1, 1, 1, 2, 1, 3}, y[] = {0, 0, 1, 1}, w[] = {1, 1, 1, 1};
    double v[2];
    struct regression_fit fit;
    assert_false(solve(REGRESSION_LOGIT, 4, 2, x, y, w, &fit, v));
    regression_free(&fit);
    const double none[] = {0, 0, 0, 0};
    assert_false(solve(REGRESSION_LINEAR, 4, 1, none, y, w, &fit, v));
    regression_free(&fit);
}

/* Terms of very different size: 1e6 and 1e-6. */
static void scales(void **state)
{
    (void)state;
    const double x[] = {1, 1e6, 1e-6, 1, 2e6, 3e-6, 1, 3e6, 2e-6, 1, 5e6, 7e-6, 1, 4e6, 1e-6};
    const double w[] = {1, 1, 1, 1, 1};
    double y[5], v[3];
    struct regression_fit fit;
    for (int i = 0; i < 5; i++)
        y[i] = 2 + 3e-6 * x[3 * i + 1] - 4e6 * x[3 * i + 2];
    assert_true(solve(REGRESSION_LINEAR, 5, 3, x, y, w, &fit, v));
    assert_near(fit.value[0], 2, 1e-11);
    assert_near(fit.value[1] * 1e6, 3, 1e-11);
    assert_near(fit.value[2] * 1e-6, -4, 1e-11);
    regression_free(&fit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_a_line),          cmocka_unit_test(fits_means),
        cmocka_unit_test(gives_the_odds_ratio), cmocka_unit_test(drops_what_is_collinear),
        cmocka_unit_test(refuses_separation),   cmocka_unit_test(scales),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
