/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Influence values of totals and ratios, from sums by unit of the sample.
 *
 *     total     z = y                       ratio     z = (y - r x) / base
 *
 * y and x are sums of w y and w x over the records of a unit, r the ratio of their totals; of a
 * mean x is the sum of w, and of a share y that of the weights inside (Woodruff 1971, JASA 66;
 * Sarndal, Swensson & Wretman 1992, result 5.6.2).
 *
 * The terms of a ratio nearly cancel where y hardly varies, as years of birth do.  So r is a
 * decimal m and a small rest: y - m x is a whole number, exact in 64 bits, and the rest is the
 * total of these over that of x, so that the rounding of r does not matter either.  Relative error
 * of z: some units of 2^-53, and as many of (r - m) x / z.  Cost: two products a value.
 */
#ifndef MARSAD_STAT_INFLUENCE_H
#define MARSAD_STAT_INFLUENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sum.h"

/* Sums by unit: whole numbers of 10^-scale; where 64 bits do not hold one, reals (whole NULL). */
struct unit_column {
    const int64_t *whole;
    const long double *real;
    uint64_t largest; /* no magnitude in whole[] is above; below 2^63 */
    uint32_t scale;
};

/* z[i] of `count` units.  base: the total of x, which is not 0; ratio: that of y over it. */
void influence_of_total(const struct unit_column *y, uint32_t count, double *z);
void influence_of_ratio(const struct unit_column *y, const struct unit_column *x, double ratio,
                        double base, uint32_t count, double *z);

/* Exact sums of w y y, w x y and w x x; of deviations from a mean x is 1. */
struct exact_moments {
    struct sum yy, xy, xx;
};

/* sum w (y - r x)^2, r the ratio of two totals, by a decimal m near it as above: that of y - m x is
 * exact before it is rounded, and what the rest adds is small.  false: that outgrows exact sums. */
bool residual_squares(const struct exact_moments *, const struct sum *y, const struct sum *x,
                      double *squares);

/* To 64 bits. */
long double unit_column_real(const struct unit_column *, uint32_t i);

#endif
