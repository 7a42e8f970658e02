/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of a two-way table where the answer is known by hand: under simple random sampling the
 * covariance is that of a multinomial and the correction is none; twice that covariance halves the
 * statistic.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stat/rao_scott.h"
#include "stat/significance.h"

#include <math.h>

static void assert_near(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance * fmax(1, fabs(want))))
        fail_msg("%.17g, not %.17g", got, want);
}

/* factor times the covariance of multinomial counts of n. */
static void multinomial(const double *count, uint32_t k, double n, double factor, double *v)
{
    for (uint32_t i = 0; i < k; i++)
        for (uint32_t j = 0; j < k; j++)
            v[i * k + j] = factor * ((i == j) * count[i] - count[i] * count[j] / n);
}

static void is_pearson_under_simple_sampling(void **state)
{
    (void)state;
    const double count[] = {30, 10, 20, 40};
    double v[16];
    multinomial(count, 4, 100, 1, v);
    const struct two_way t = {2, 2, count, v, 100, 99, NULL};
    struct two_way_test f, x;
    assert_true(two_way_test(&t, TWO_WAY_F, &f));
    assert_true(two_way_test(&t, TWO_WAY_CHISQ, &x));
    /* 100 (30 40 - 10 20)^2 / (40 60 50 50) */
    assert_near(f.value, 50.0 / 3, 1e-12);
    assert_near(f.df1, 1, 1e-12);
    assert_near(f.df2, 99, 1e-10);
    assert_near(x.value, 50.0 / 3, 1e-12);
    assert_near(x.p, p_of_chi_square(50.0 / 3, 1), 1e-12);
    assert_true(isnan(x.df2));
}

static void halves_under_twice_the_covariance(void **state)
{
    (void)state;
    const double count[] = {20, 10, 15, 15, 10, 30};
    double v[36], pearson = 0;
    const double row[] = {30, 30, 40}, column[] = {45, 55};
    for (uint32_t i = 0; i < 3; i++)
        for (uint32_t j = 0; j < 2; j++) {
            double expected = row[i] * column[j] / 100, off = count[i * 2 + j] - expected;
            pearson += off * off / expected;
        }
    multinomial(count, 6, 100, 2, v);
    const struct two_way t = {3, 2, count, v, 100, 10, NULL};
    struct two_way_test f, x;
    assert_true(two_way_test(&t, TWO_WAY_F, &f));
    assert_true(two_way_test(&t, TWO_WAY_CHISQ, &x));
    assert_near(f.value, pearson / 4, 1e-12);
    assert_near(f.df1, 2, 1e-12);
    assert_near(f.df2, 20, 1e-12);
    assert_near(x.value, pearson, 1e-12);
    assert_near(x.p, p_of_chi_square(pearson / 2, 2), 1e-12);
}

/* pFsum() and pchisqsum() of R survey 4.1.1 for design effects of 2, 2 and of 1. */
static void knows_saddlepoints(void **state)
{
    (void)state;
    const double six[] = {20, 10, 15, 15, 10, 30}, four[] = {30, 10, 20, 40};
    double v[36];
    multinomial(six, 6, 100, 2, v);
    struct two_way t = {3, 2, six, v, 100, 10, NULL};
    struct two_way_test s;
    assert_true(two_way_test(&t, TWO_WAY_SADDLEPOINT, &s));
    assert_near(s.value, 12.45791245791246, 1e-12);
    assert_near(s.p, 6.757094724937039e-02, 1e-8);
    t.freedom = (double)INFINITY;
    assert_true(two_way_test(&t, TWO_WAY_SADDLEPOINT, &s));
    assert_near(s.p, 4.511266615457833e-02, 1e-8);
    multinomial(four, 4, 100, 1, v);
    t = (struct two_way){2, 2, four, v, 100, 99, NULL};
    assert_true(two_way_test(&t, TWO_WAY_SADDLEPOINT, &s));
    assert_near(s.p, 9.765641895376788e-05, 1e-8);
}

static void knows_wald(void **state)
{
    (void)state;
    const double count[] = {30, 10, 20, 40};
    double v[16];
    multinomial(count, 4, 100, 1, v);
    struct two_way t = {2, 2, count, v, 100, 12, NULL};
    struct two_way_test w;
    /* Y = 30 - 40 50/100 = 10; derivatives .3, -.3, -.2, .2: variance 100 (.06 - .1^2) = 5 */
    assert_true(two_way_test(&t, TWO_WAY_WALD, &w));
    assert_near(w.value, 20, 1e-12);
    assert_near(w.p, p_of_f(20, 1, 12), 1e-14);
    assert_true(two_way_test(&t, TWO_WAY_ADJUSTED_WALD, &w));
    assert_near(w.value, 20, 1e-12);
    assert_near(w.df2, 12, 1e-12);
}

static void adjusts_wald(void **state)
{
    (void)state;
    const double count[] = {20, 10, 15, 15, 10, 30};
    double v[36];
    multinomial(count, 6, 100, 1, v);
    const struct two_way t = {3, 2, count, v, 100, 10, NULL};
    struct two_way_test w, a;
    assert_true(two_way_test(&t, TWO_WAY_WALD, &w));
    assert_true(two_way_test(&t, TWO_WAY_ADJUSTED_WALD, &a));
    assert_near(a.value, w.value * 9 / 10, 1e-12);
    assert_near(a.df2, 9, 1e-12);
}

static void refuses(void **state)
{
    (void)state;
    const double count[] = {30, 10, 20, 40}, none[16] = {0};
    double v[16];
    struct two_way_test w;
    multinomial(count, 4, 100, 1, v);
    const struct two_way still = {2, 2, count, none, 100, 12, NULL},
                         row = {1, 4, count, v, 100, 12, NULL};
    const struct two_way free_of = {2, 2, count, v, 100, 0, NULL};
    assert_false(two_way_test(&still, TWO_WAY_WALD, &w));
    assert_false(two_way_test(&still, TWO_WAY_F, &w));
    assert_false(two_way_test(&row, TWO_WAY_F, &w));
    assert_false(two_way_test(&free_of, TWO_WAY_F, &w));
}

static void knows_tails(void **state)
{
    (void)state;
    assert_near(p_of_t(1, 1), 0.5, 1e-14);                    /* Cauchy */
    assert_near(p_of_t(-sqrt(2), 2), 1 - sqrt(2) / 2, 1e-14); /* 1 - t / sqrt(t^2 + 2) */
    assert_near(p_of_t(1.959963984540054, (double)INFINITY), 0.05, 1e-14);
    assert_near(p_of_f(3, 2, 2), 0.25, 1e-14); /* 1 / (1 + f) */
    assert_near(p_of_f(1e6, 2, 2) * 1e6, 1, 2e-6);
    assert_near(p_of_f(5, 2, (double)INFINITY), exp(-5), 1e-14);
    assert_near(p_of_chi_square(3, 2), exp(-1.5), 1e-14);
    assert_true(isnan(p_of_t(1, 0)));
    /* Far out the digits stay: of two degrees of freedom 1 - t/sqrt(t^2+2) is about 1/t^2. */
    assert_near(p_of_t(1e9, 2) * 1e18, 1, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_pearson_under_simple_sampling),
        cmocka_unit_test(halves_under_twice_the_covariance),
        cmocka_unit_test(knows_saddlepoints),
        cmocka_unit_test(knows_wald),
        cmocka_unit_test(adjusts_wald),
        cmocka_unit_test(refuses),
        cmocka_unit_test(knows_tails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
