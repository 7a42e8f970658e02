/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exact sums of decimals and of products of two decimals.
 *
 * A sum holds mantissa / 10^scale: a 128-bit accumulator that spills into 256 bits before it
 * overflows, so the result does not depend on order, threads or machine.  A zeroed struct is an
 * empty sum.  sum_merge() adds another sum: merging is adding.  False means that the result is too
 * wide (over 76 digits, fraction included), and then the sum is as it was: the caller refuses and
 * names rounding as the way out.  Cost: an add of 128 bits a call, as long as scales do not grow.
 */
#ifndef MARSAD_BASE_SUM_H
#define MARSAD_BASE_SUM_H

#include "base/number.h"

struct sum {
    uint64_t near[2]; /* 128-bit two's complement, low word first: what was added lately */
    uint64_t far[4];  /* 256-bit two's complement, low word first: what was carried away */
    uint64_t count;   /* numbers that were added */
    uint32_t scale;
};

enum { SUM_TEXT = 128 };

bool sum_add(struct sum *, struct decimal);                         /* operand EXACT */
bool sum_add_product(struct sum *, struct decimal, struct decimal); /* operands EXACT */

bool sum_merge(struct sum *into, const struct sum *from);

/* Times a decimal, EXACT; false, and nothing is changed: it would outgrow the sum. */
bool sum_multiply(struct sum *, struct decimal);

/* Canonical text (see number.h), every digit; returns its length, at most SUM_TEXT. */
size_t sum_format(const struct sum *, char *out);

/* The double nearest to the exact value, and to the exact quotient a/b; ties to even.  Both are
 * always correctly rounded: 1/3 of two sums is the double that "0.333..." reads as.  b / 0 is NaN.
 */
double sum_real(const struct sum *);
double sum_ratio(const struct sum *a, const struct sum *b);

bool sum_is_zero(const struct sum *);
int sum_sign(const struct sum *);

#endif
