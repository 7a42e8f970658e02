/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers inside an expression: exact decimals while they hold, the nearest double beyond.
 *
 * A number is worth what its shortest text is worth, after every single operation: a decimal has
 * no trailing zeros, and a double whose shortest text is a decimal of 18 digits *is* that decimal.
 * So it makes no difference whether a result is used at once or written to a file and read again.
 * A result that is no finite number has kind NUMBER_BAD; operands are never BAD or MISSING.
 */
#ifndef MARSAD_TABLE_EXPRESSION_NUMBER_H
#define MARSAD_TABLE_EXPRESSION_NUMBER_H

#include "base/number.h"

struct number {
    union {
        int64_t mantissa; /* EXACT */
        double real;      /* WIDE */
    };
    int8_t scale;
    uint8_t kind; /* enum number_kind */
};

enum { NUMBER_TEXT = DECIMAL_TEXT > REAL_TEXT ? DECIMAL_TEXT : REAL_TEXT };

static inline struct number number_of_kind(enum number_kind kind)
{
    return (struct number){.mantissa = 0, .scale = 0, .kind = (uint8_t)kind};
}

struct number number_of_decimal(struct decimal); /* EXACT or MISSING */
struct number number_of_real(double);
struct number number_of_integer(int64_t); /* |integer| < 10^18 */
struct number number_of_text(struct text);

double number_real(struct number);
size_t number_format(struct number, char out[NUMBER_TEXT]); /* 0 where there is no number */
int number_compare(struct number, struct number);
bool number_is_zero(struct number);

/* True where it is a whole number in low..high, which is then stored. */
bool number_integer(struct number, int64_t low, int64_t high, int64_t *out);

struct number number_add(struct number, struct number);
struct number number_subtract(struct number, struct number);
struct number number_multiply(struct number, struct number);

/* Divisor not zero.  A quotient that ends within 18 digits is exact. */
struct number number_divide(struct number, struct number);

/* a - b * floor(a / b), which has the sign of b; divisor not zero. */
struct number number_modulo(struct number, struct number);

struct number number_negate(struct number);
struct number number_round(struct number, int digits);
struct number number_floor(struct number);
struct number number_ceil(struct number);

#endif
