/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Covariances of totals against R survey (svytotal, vcov): strata, two stages with their fpc, a
 * stratum of one unit; degrees of freedom and joined strata by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stat/design.h"

#include <math.h>

static void near(double got, double want)
{
    if (!(fabs(got - want) <= 1e-12 * fabs(want)))
        fail_msg("%.17g, expected %.17g", got, want);
}

/* svydesign(id=~1, strata=~h): strata of 2, 3 and 1 units, two variables. */
static const uint32_t strata_first[] = {0, 2, 5, 6};
static const struct design three = {
    .strata = 3, .stages = 1, .stage = {{6, strata_first, NULL, NULL}}};
static const uint32_t six[] = {0, 1, 2, 3, 4, 5};
static const double two_sums[] = {1, 2, 3, 1, 2, 0, 6, 4, 7, 4, 5, 1};

static void lonely_strata(void **state)
{
    struct unit_sums s = {6, 2, six, two_sums};
    struct design d = three;
    double v[4];
    uint32_t stratum = 99;
    (void)state;
    d.lonely = LONELY_REMOVE;
    assert_int_equal(design_covariance(&d, &s, v, &stratum), DESIGN_FINE);
    near(v[0], 25);
    near(v[1], 16);
    near(v[2], 16);
    near(v[3], 17);
    d.lonely = LONELY_AVERAGE;
    assert_int_equal(design_covariance(&d, &s, v, &stratum), DESIGN_FINE);
    near(v[0], 37.5);
    near(v[1], 24);
    near(v[3], 25.5);
    d.lonely = LONELY_FAIL;
    assert_int_equal(design_covariance(&d, &s, v, &stratum), DESIGN_LONELY);
    assert_int_equal(stratum, 2);
}

/* Rule adjust: the total of Age of tests/lonely.psu.R in R survey 4.5; of the domain that has the
 * first and the last stratum alone by hand: 2 * 2 * 52.5^2 + (660 - (320.25 + 425.25 + 660) / 3)^2.
 */
static void around_the_mean(void **state)
{
    static const uint32_t first[] = {0, 2, 4, 5}, some[] = {0, 1, 4};
    static const double z[] = {320.25, 425.25, 700, 1040, 660}, part[] = {320.25, 425.25, 660};
    struct unit_sums all = {5, 1, six, z}, domain = {3, 1, some, part};
    struct design d = {
        .strata = 3, .stages = 1, .stage = {{5, first, NULL, NULL}}, .lonely = LONELY_ADJUST};
    double v;
    uint32_t stratum;
    (void)state;
    design_covariance(&d, &all, &v, &stratum);
    near(v, 127579.81);
    design_covariance(&d, &domain, &v, &stratum);
    near(v, 11025 + 36672.25);
}

/* Units without a record count with zeros: the same as giving the zeros. */
static void absent_units(void **state)
{
    static const uint32_t some[] = {1, 3};
    static const double z[] = {3, 6}, zeros[] = {0, 3, 0, 6, 0, 0};
    struct unit_sums sparse = {2, 1, some, z}, full = {6, 1, six, zeros};
    struct design d = three;
    double a, b;
    uint32_t stratum;
    (void)state;
    d.lonely = LONELY_REMOVE;
    design_covariance(&d, &sparse, &a, &stratum);
    design_covariance(&d, &full, &b, &stratum);
    near(a, b);
    near(a, 9 + 36);
}

/* svydesign(id=~p+s, fpc=~N1+N2): three PSUs of 10 with 3, 2, 3 of 6, 4, 5 units. */
static void two_stages(void **state)
{
    static const uint32_t psus[] = {0, 3}, units[] = {0, 3, 5, 8};
    static const uint32_t eight[] = {0, 1, 2, 3, 4, 5, 6, 7};
    static const double population[] = {10}, within[] = {6, 4, 5}, y[] = {2, 4, 9, 1, 5, 3, 3, 8};
    struct design d = {
        .strata = 1, .stages = 2, .stage = {{3, psus, population, NULL}, {8, units, within, NULL}}};
    struct unit_sums s = {8, 1, eight, y};
    double v;
    uint32_t stratum;
    (void)state;
    assert_int_equal(design_covariance(&d, &s, &v, &stratum), DESIGN_FINE);
    near(v, 62.35);
    d.stage[0].population = NULL;
    design_covariance(&d, &s, &v, &stratum);
    near(v, 51.1 / 0.7);
    assert_int_equal(design_psu(&d, 4), 1);
    assert_int_equal(design_freedom(&d), 2);
    assert_int_equal(design_domain_freedom(&d, eight + 3, 2), 0);
    assert_int_equal(design_domain_freedom(&d, eight, 8), 2);
}

static void joined_strata(void **state)
{
    static const uint32_t first[] = {0, 1, 3, 4, 5}, one[] = {0, 2, 3, 5};
    struct design d = {.strata = 4, .stages = 1, .stage = {{5, first, NULL, NULL}}};
    uint32_t into[4];
    (void)state;
    assert_int_equal(design_collapse(&d, into), 2); /* three of one unit: all together */
    assert_int_equal(into[0], into[2]);
    assert_int_equal(into[2], into[3]);
    assert_int_not_equal(into[0], into[1]);
    struct design single = {.strata = 3, .stages = 1, .stage = {{5, one, NULL, NULL}}};
    assert_int_equal(design_collapse(&single, into), 2); /* one: to the next */
    assert_int_equal(into[1], into[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lonely_strata), cmocka_unit_test(around_the_mean),
        cmocka_unit_test(absent_units),  cmocka_unit_test(two_stages),
        cmocka_unit_test(joined_strata),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
