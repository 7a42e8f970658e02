/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quotients of decimals, as a clerk would divide on paper.
 *
 * quotient_format() writes a / b times 10^shift: without rounding (QUOTIENT_FULL) the exact decimal
 * where there is one in 18 digits, else the shortest text of the nearest double; with `places` the exact
 * quotient rounded half away from zero, never a rounded double rounded again.  So 23096 / 27649 with
 * shift 2 to 1 place is 83.5.  Source: long division; a remainder is below 10^18, so that ten times it
 * fits 64 bits.  Cost: a division of integers a digit.  Misuse: b zero, operands that are not EXACT.
 */
#ifndef MARSAD_BASE_QUOTIENT_H
#define MARSAD_BASE_QUOTIENT_H

#include "base/number.h"

enum { QUOTIENT_FULL = -1, QUOTIENT_TEXT = 128 };

/* At most QUOTIENT_TEXT bytes, no NUL; places QUOTIENT_FULL or 0..18, shift 0..9. */
size_t quotient_format(struct decimal a, struct decimal b, int shift, int places, char *out);

#endif
