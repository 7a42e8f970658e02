/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers as statistics offices write them: exact decimals, and doubles where a formula needs them.
 *
 * A number is `[+-]digits[.digits][e[+-]digits]`.  Up to 18 significant digits and a scale of 18 it
 * is a decimal, exact: mantissa / 10^scale.  Wider numbers are NUMBER_WIDE: no decimal, but
 * real_parse() gives the nearest double.  An empty text is NUMBER_MISSING.  Everything else
 * (`1,5`, ` 1`, `0x1`, `nan`, `inf`, `.5`, `1.`, and `1e999`, which no double holds) is NUMBER_BAD.
 *
 * Canonical text: decimal_format() writes no exponent, no leading zeros but one, no trailing zeros
 * of a fraction (1.50 -> 1.5, -0 -> 0); real_format() the shortest text that reads back as the same
 * double, plain where the exponent is in -7..17, else like 1.5e-09.  Neither looks at the locale.
 */
#ifndef MARSAD_BASE_NUMBER_H
#define MARSAD_BASE_NUMBER_H

#include "base/text.h"

enum { DECIMAL_DIGITS = 18, DECIMAL_SCALE = 18, DECIMAL_TEXT = 48, REAL_TEXT = 48 };

enum number_kind { NUMBER_EXACT, NUMBER_MISSING, NUMBER_WIDE, NUMBER_BAD };

struct decimal {
    int64_t mantissa; /* |mantissa| < 10^18; 0 unless NUMBER_EXACT */
    int8_t scale;     /* digits behind the point, 0..18 */
    uint8_t kind;     /* enum number_kind */
};

/* What some decimals have among them. */
struct decimal_range {
    uint64_t magnitude; /* no mantissa is larger, either way */
    uint32_t scale;     /* the greatest */
    uint32_t kinds;     /* OR of all: 0 where all are EXACT, 1 where some are MISSING, else more */
};

static inline struct decimal_range decimal_range_join(struct decimal_range a,
                                                      struct decimal_range b)
{
    return (struct decimal_range){a.magnitude | b.magnitude, a.scale > b.scale ? a.scale : b.scale,
                                  a.kinds | b.kinds};
}

/* Decimals as integers at one scale, so that many can be added at once: value[i] / 10^scale. */
struct scaled {
    const int64_t *value;  /* 0 where not EXACT; NULL: 64 bits do not hold all */
    uint64_t magnitude;    /* none is larger, either way */
    uint32_t scale, kinds; /* as in struct decimal_range */
};

static inline struct decimal decimal_missing(void)
{
    return (struct decimal){0, 0, NUMBER_MISSING};
}

/* Digits are required before the point and behind a point that is written.  `1.50` is {150, 2};
 * where there is an exponent or are over 19 bytes, trailing zeros of a fraction are dropped. */
struct decimal decimal_parse(struct text);
/* A whole column of cells. */
struct decimal_range decimals_parse(const struct text *, struct decimal *, uint32_t n);
struct decimal_range decimals_range(const struct decimal *, uint32_t n);
/* Fills value[0..n-1]. */
struct scaled decimals_scale(const struct decimal *, struct decimal_range, uint32_t n,
                             int64_t *value);
/* Both: cells to decimals, and these to one scale. */
struct scaled decimals_read(const struct text *, uint32_t n, struct decimal *, int64_t *value);
struct decimal decimal_of(int64_t integer); /* NUMBER_WIDE from 10^18 on */

/* Both write at most DECIMAL_TEXT (REAL_TEXT) bytes, no NUL, and return the length.
 * decimal_format of anything but NUMBER_EXACT, and real_format of NaN or infinity, write nothing.
 */
size_t decimal_format(struct decimal, char *out);
size_t real_format(double, char *out);

/* The nearest double.  real_parse takes all that decimal_parse calls EXACT or WIDE; false
 * otherwise. */
double decimal_real(struct decimal);
/* The same of many, NaN of MISSING; false: some is neither, or over 2^53, and nothing is said of
 * any.
 */
bool decimals_real(const struct decimal *, uint32_t n, double *out);
/* The same by decimals at one scale, which is quicker. */
bool scaled_real(const struct scaled *, uint32_t n, double *out);
bool real_parse(struct text, double *);
/* The same of what a person types as an option: `.5` is 0.5. */
bool real_read(struct text, double *);

/* Order of two exact decimals whatever their scales: <0, 0, >0. */
int decimal_compare(struct decimal a, struct decimal b);

/* Exact results; kind NUMBER_WIDE where 18 digits and scale 18 do not hold it. Operands EXACT. */
struct decimal decimal_add(struct decimal a, struct decimal b);
struct decimal decimal_subtract(struct decimal a, struct decimal b);
struct decimal decimal_multiply(struct decimal a, struct decimal b);

/* To `digits` behind the point (negative: tens, hundreds), half away from zero. */
struct decimal decimal_round(struct decimal, int digits);

/* The same for a double: rounds the shortest text of it, so 2.675 to 2 digits is 2.68.  What would
 * leave the range of doubles stays as it is. */
double real_round(double, int digits);

#endif
