/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Integers of 512 bits, two's complement: the slow road of exact sums.
 *
 * Sums keep 256 bits and work in 512, so that rescaling a sum by 10^36 (120 bits) or comparing two
 * of them at a common scale cannot overflow in between; wide_store() says whether the result
 * still fits where it is kept.  Nothing here checks for overflow of 512 bits: callers stay below
 * by their own bounds.  Cost: tens of nanoseconds; a quotient under two microseconds.
 * Source: schoolbook long division in base 2, rounded by IEEE 754's conversion of an integer.
 */
#ifndef MARSAD_BASE_WIDE_H
#define MARSAD_BASE_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WIDE_LIMBS = 16, WIDE_TEXT = 160 };

struct wide {
    uint32_t limb[WIDE_LIMBS]; /* low limb first */
};

/* From and to n words of 64 bits, two's complement, low word first.  wide_store() leaves the words
 * alone and returns false unless there is a bit to spare: -2^(64n-2) <= w < 2^(64n-2). */
struct wide wide_load(const uint64_t *word, int n);
bool wide_store(const struct wide *, uint64_t *word, int n);

bool wide_is_negative(const struct wide *);
bool wide_is_zero(const struct wide *);
void wide_negate(struct wide *);
void wide_add(struct wide *, const struct wide *);
void wide_scale(struct wide *, unsigned digits); /* times 10^digits */
void wide_multiply(struct wide *, uint64_t by);

/* The decimal digits of w >= 0, one at least; returns their number, at most WIDE_TEXT. */
size_t wide_digits(struct wide, char *out);

/* The double nearest to a/b, ties to even; a >= 0, b > 0, both below 2^447. */
double wide_quotient(struct wide a, struct wide b);

#endif
