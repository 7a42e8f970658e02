/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Influence values by hand, in decimals: values that hardly differ, sums of other scales, ratios
 * below 0, and sums that 64 bits do not hold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stat/influence.h"

#include <math.h>

static void near(double got, double want)
{
    if (!(fabs(got - want) <= 4e-16 * fabs(want)))
        fail_msg("%.17g, expected %.17g", got, want);
}

/* Weights 2.5, 4.0 and 3.5 of units in which x is 10^15, 10^15 + 1 and 10^15 + 2: the mean is 10^15
 * + 1.1, and w (x - mean) / 10 are -0.275, -0.04 and 0.315. */
static void alike(void **state)
{
    static const int64_t w[] = {25, 40, 35},
                         y[] = {25000000000000000, 40000000000000040, 35000000000000070};
    const struct unit_column weight = {w, NULL, 63, 1}, sum = {y, NULL, 1LL << 56, 1};
    double z[3];
    (void)state;
    influence_of_ratio(&sum, &weight, 1000000000000001.1, 10, 3, z);
    near(z[0], -0.275);
    near(z[1], -0.04);
    near(z[2], 0.315);
}

/* y 1.25 and -7.5, x 2 and 3: r = -1.25, z = (y + 1.25 x) / 5 = 0.75 and -0.75, whichever scale. */
static void scales(void **state)
{
    static const int64_t fine[] = {125, -750}, coarse[] = {2, 3}, finer[] = {2000, 3000};
    const struct unit_column y = {fine, NULL, 1023, 2}, x = {coarse, NULL, 3, 0},
                             thousandths = {finer, NULL, 4095, 3};
    double z[2];
    (void)state;
    influence_of_ratio(&y, &x, -1.25, 5, 2, z);
    near(z[0], 0.75);
    near(z[1], -0.75);
    influence_of_ratio(&y, &thousandths, -1.25, 5, 2, z);
    near(z[0], 0.75);
    near(z[1], -0.75);
    influence_of_total(&y, 2, z);
    near(z[0], 1.25);
    near(z[1], -7.5);
}

/* Terms of 10^18 units leave no room for a digit, and those of reals are reals. */
static void large(void **state)
{
    static const int64_t y[] = {4000000000000000000, 2000000000000000000}, x[] = {3, 1};
    static const long double real[] = {0x1p101L, 0x1p100L};
    const struct unit_column whole = {y, NULL, INT64_MAX, 0}, wide = {NULL, real, 0, 0},
                             below = {x, NULL, 3, 0};
    double z[2];
    (void)state;
    influence_of_ratio(&whole, &below, 1.5e18, 4, 2, z); /* 4e18 - 4.5e18, 2e18 - 1.5e18 */
    near(z[0], -0.125e18);
    near(z[1], 0.125e18);
    influence_of_ratio(&wide, &below, 0x1.8p99, 4, 2, z); /* 2^101 - 3 x 3/4 2^100 */
    near(z[0], -0x1p96);
    near(z[1], 0x1p96);
    influence_of_total(&wide, 2, z);
    near(z[1], 0x1p100);
    near((double)unit_column_real(&whole, 1), 2e18);
}

static struct sum whole(int64_t value, uint32_t scale)
{
    return (struct sum){.near = {(uint64_t)value, value < 0 ? UINT64_MAX : 0}, .scale = scale};
}

/* Weights 1, 2, 1 of 10^9 + 0.5, 10^9 and 10^9 - 0.25: the mean is 10^9 + 0.0625, and sum w (x -
 * mean)^2 is 0.19140625 + 2 x 0.00390625 + 0.09765625 = 0.296875. */
static void squares(void **state)
{
    const struct decimal half = {10000000005, 1, NUMBER_EXACT}, quarter = {99999999975, 2, 0};
    struct exact_moments m = {.xx = whole(4, 0), .xy = whole(400000000025, 2)};
    struct sum square = whole(10000000005, 1), other = whole(99999999975, 2);
    double got;
    (void)state;
    m.yy = whole(2000000000000000000, 0);
    assert_true(sum_multiply(&square, half) && sum_multiply(&other, quarter));
    assert_true(sum_merge(&m.yy, &square) && sum_merge(&m.yy, &other));
    assert_true(residual_squares(&m, &m.xy, &m.xx, &got));
    near(got, 0.296875);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alike),
        cmocka_unit_test(scales),
        cmocka_unit_test(large),
        cmocka_unit_test(squares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
