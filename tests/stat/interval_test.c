/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Intervals, quantiles and flags against R: qt, qnorm, binom.test, prop.test, quantile(type = 1 ..
 * 9), svyciprop of api-srs (the srs-fpc rows of the oracle).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stat/flag.h"
#include "stat/interval.h"
#include "stat/quantile.h"

#include <math.h>

static void near(double got, double want)
{
    if (!(fabs(got - want) <= 1e-11 * fabs(want)))
        fail_msg("%.17g, expected %.17g", got, want);
}

static void factors(void **state)
{
    (void)state;
    near(interval_factor(0.95, 1), 12.70620473617469);
    near(interval_factor(0.95, 0), 12.70620473617469);
    near(interval_factor(0.95, 5), 2.57058183563631);
    near(interval_factor(0.95, 30), 2.04227245630124);
    near(interval_factor(0.95, (double)INFINITY), 1.95996398454005);
}

static void exact_binomial(void **state)
{
    struct interval i = interval_exact(0.3, 10, 0.95);
    (void)state;
    near(i.low, 0.0667395111777345);
    near(i.high, 0.6524528500599973);
    i = interval_exact(0, 10, 0.95);
    assert_true(i.low == 0 && i.high > 0 && i.high < 1);
}

static void proportions(void **state)
{
    const double p = 0.71, se = 0.0316427633814165, n = 200, df = 199;
    struct interval i;
    (void)state;
    i = interval_of_proportion(INTERVAL_WILSON, p, se, n, 0.95, df);
    assert_true(fabs(i.low - 0.644163477963045) < 1e-8 && fabs(i.high - 0.768041798992118) < 1e-8);
    i = interval_of_proportion(INTERVAL_LIKELIHOOD, p, se, n, 0.95, df);
    assert_true(fabs(i.low - 0.645069717928842) < 1e-5 && fabs(i.high - 0.76964350971175) < 1e-5);
    for (int m = INTERVAL_T; m <= INTERVAL_LIKELIHOOD; m++) {
        i = interval_of_proportion((enum interval_method)m, p, se, n, 0.95, df);
        assert_true(i.low > 0.63 && i.low < 0.66 && i.high > 0.76 && i.high < 0.78);
        i = interval_of_proportion((enum interval_method)m, 1, 0, n, 0.95, df);
        assert_true(isfinite(i.low) && isfinite(i.high));
    }
}

/* The oracle's interval of none of 66 records with 10 degrees of freedom: 53.02 effective ones. */
static void none_of_them(void **state)
{
    struct interval i = interval_of_proportion(INTERVAL_BETA, 0, 0, 66, 0.95, 10);
    (void)state;
    assert_true(i.low == 0);
    near(i.high, 0.0672047038728529);
    near(effective_size(0, 0, 66, 0.95, 10), 53.0243731568305);
}

static void quantile_rules(void **state)
{
    static const double x[] = {1, 3, 4, 8, 15}, c[] = {2, 4, 6, 8, 10}, p[] = {.05, .3, .4, .9};
    static const struct {
        enum quantile_rule rule;
        double want[4];
    } r[] = {
        {QUANTILE_MATH, {1, 3, 3, 15}},
        {QUANTILE_SCHOOL, {1, 3, 3.5, 15}},
        {QUANTILE_HF4, {1, 2, 3, 11.5}},
        {QUANTILE_HF5, {1, 3, 3.5, 15}},
        {QUANTILE_HF6, {1, 2.6, 3.4, 15}},
        {QUANTILE_HF7, {1.4, 3.2, 3.6, 12.2}},
        {QUANTILE_HF8, {1, 2.8666666666666663, 3.4666666666666672, 15}},
        {QUANTILE_HF9, {1, 2.9, 3.475, 15}},
    };
    (void)state;
    for (size_t k = 0; k < sizeof r / sizeof *r; k++)
        for (int i = 0; i < 4; i++)
            near(quantile_of(r[k].rule, x, c, 5, p[i]), r[k].want[i]);
    near(quantile_of(QUANTILE_HF7, x, c, 1, 0.5), 1);
}

/* Parker et al. 2017, figure 1. */
static void flags(void **state)
{
    const char *why;
    (void)state;
    assert_int_equal(flag_cv(30, 16.5, 30, 16.5, 33.3), FLAG_SHOW);
    assert_int_equal(flag_cv(30, 16.6, 30, 16.5, 33.3), FLAG_WARN);
    assert_int_equal(flag_cv(29, 1, 30, 16.5, 33.3), FLAG_WITHHOLD);
    assert_int_equal(flag_cv(99, (double)NAN, 30, 16.5, 33.3), FLAG_WITHHOLD);
    assert_int_equal(flag_nchs(0.5, 0.02, 29, 20, 0.95, &why), FLAG_WITHHOLD);
    assert_int_equal(flag_nchs(0.5, 0.02, 900, 20, 0.95, &why), FLAG_SHOW);
    assert_int_equal(flag_nchs(0.5, 0.02, 900, 7, 0.95, &why), FLAG_WARN);
    assert_int_equal(flag_nchs(0, 0, 900, 20, 0.95, &why), FLAG_WARN);
    assert_int_equal(flag_nchs(0.5, 0.09, 900, 20, 0.95, &why), FLAG_WITHHOLD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factors),     cmocka_unit_test(exact_binomial),
        cmocka_unit_test(proportions), cmocka_unit_test(quantile_rules),
        cmocka_unit_test(flags),       cmocka_unit_test(none_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
