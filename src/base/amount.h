/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An amount is a number that stays exact as long as 18 digits hold it, and is a double from there on.
 *
 * For formulas over published figures: sums and differences of decimals are exact, quotients are
 * quotient.h's; only operands of more than 18 digits (or a result of them) make it fall back on doubles,
 * rounded as real_round() does.  `real` is always set.  A missing amount has exact.kind
 * NUMBER_MISSING and must not be reckoned with.
 */
#ifndef MARSAD_BASE_AMOUNT_H
#define MARSAD_BASE_AMOUNT_H

#include "base/arena.h"
#include "base/number.h"

enum { AMOUNT_FULL = -1 }; /* no rounding; else 0..18 places, half away from zero */

struct amount {
    struct decimal exact; /* NUMBER_EXACT, NUMBER_WIDE or NUMBER_MISSING */
    double real;
};

/* False where the text is no number; an empty one is missing. */
bool amount_parse(struct text, struct amount *);

struct amount amount_add(struct amount, struct amount);
struct amount amount_subtract(struct amount, struct amount);
int amount_sign(struct amount);
bool amount_equal(struct amount, struct amount);

/* Texts live in the arena. */
struct text amount_text(struct arena *, struct amount, int places);
/* a / b times factor (1..10^9); b not zero. */
struct text amount_quotient(struct arena *, struct amount a, struct amount b, int32_t factor,
                            int places);

#endif
