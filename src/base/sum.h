/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exact sums of decimals and of products of two decimals.
 *
 * A sum holds mantissa / 10^scale: a 128-bit accumulator that spills into 256 bits before it
 * overflows, so the result does not depend on order, threads or machine.  A zeroed struct is an
 * empty sum.  sum_merge() adds another sum: merging is adding.  False means that 256 bits do not
 * hold the result (about 77 digits, fraction included): the caller refuses and names rounding as
 * the way out.  Cost: an add of 128 bits a call.
 */
#ifndef MARSAD_BASE_SUM_H
#define MARSAD_BASE_SUM_H

#include "base/number.h"

struct sum {
    uint64_t near[2]; /* 128-bit two's complement, low word first: what was added lately */
    uint64_t far[4];  /* 256-bit two's complement, low word first: what was carried away */
    uint32_t scale;
};

enum { SUM_TEXT = 128 };

bool sum_add(struct sum *, struct decimal);                            /* operand EXACT */
bool sum_add_product(struct sum *, struct decimal, struct decimal);    /* operands EXACT */
bool sum_merge(struct sum *into, const struct sum *from);

/* Canonical text (see number.h), every digit; returns its length, at most SUM_TEXT. */
size_t sum_format(const struct sum *, char *out);

/* The nearest double of the exact value, and of the exact quotient a/b computed from both
 * (b not zero): the quotient of the two nearest doubles where one of them has over 53 bits. */
double sum_real(const struct sum *);
double sum_ratio(const struct sum *a, const struct sum *b);

bool sum_is_zero(const struct sum *);
int sum_sign(const struct sum *);

#endif
