/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How two printed numbers may be the same number, damaged by a typist.
 *
 * Digits are compared as they were printed, at the finer scale of the two: one digit replaced
 * (Hamming distance 1), the same digits in another order, digits read from right to left (whole, or
 * the two sides of the decimal mark exchanged: 8.35 and 35.8), the decimal mark moved.  Zeros at
 * the end of both carry nothing: 3400 and 4300 are 34 and 43.  Cost: a few loops over 18 digits.
 * Misuse: on numbers that have no reason to be equal; three digits are near by chance.
 */
#ifndef MARSAD_TABLE_RECONCILE_DIGITS_H
#define MARSAD_TABLE_RECONCILE_DIGITS_H

#include "base/number.h"

enum slip { SLIP_NONE, SLIP_ONE_DIGIT, SLIP_PERMUTED, SLIP_REVERSED, SLIP_TENFOLD };

/* Both EXACT.  SLIP_NONE for equal numbers too, and where one is the other rounded. */
enum slip slip_between(struct decimal a, struct decimal b);

/* Significant digits of the number without zeros at its end: 28000 has 2. */
int digits_significant(struct decimal);

/* The step to which a number that is printed as approximate is good: 28000 -> 1000, 7.5 -> 0.1. */
struct decimal decimal_step(struct decimal);

/* Whether `exact` printed to the step of `rounded` gives it: rounded, or cut off. */
bool rounds_to(struct decimal exact, struct decimal rounded);

/* The sum, the difference without its sign, n times a small integer: NUMBER_WIDE where one of the
 * operands is, or 18 digits do not hold it. */
struct decimal decimal_plus(struct decimal a, struct decimal b);
struct decimal decimal_distance(struct decimal a, struct decimal b);
struct decimal decimal_times(struct decimal a, int64_t n);

#endif
