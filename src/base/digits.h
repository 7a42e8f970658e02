/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The significant digits of a number of any length: what number.c and real.c share.
 *
 * digits_scan() reads `[+-]digits[.digits][e[+-]digits]`; the value is digit[0..count) taken as
 * an integer times 10^exponent, without zeros at either end (zero has count 0).  Beyond
 * DIGITS_KEPT digits only whether the rest is zero can matter to the nearest double (767 are the
 * most that a midpoint between two doubles has); a rest that is not becomes one more digit 1.
 */
#ifndef MARSAD_BASE_DIGITS_H
#define MARSAD_BASE_DIGITS_H

#include "base/text.h"

enum { DIGITS_KEPT = 800 };

extern const int64_t digits_power[19]; /* 10^0 .. 10^18 */

struct digits {
    bool negative;
    uint32_t count;
    int64_t exponent;
    char digit[DIGITS_KEPT + 1]; /* '0'..'9' */
};

/* False where the text is no number. */
bool digits_scan(struct text, struct digits *);

/* The nearest double (ties to even); infinity beyond the range. */
double digits_real(const struct digits *);

#endif
