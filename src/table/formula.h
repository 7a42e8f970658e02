/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The formulas of the indicator catalogue: one call, whose operands are observed indicators.
 *
 *     ratio(A, B)   share(A, dimension)   per(A, B, n)   index(A, period)
 *     cumulative(A)   change(A)   growth(A)   moving_average(A, n)
 *
 * formula_parse() reads the text only; that A and B exist is the catalogue's to check.  Spaces
 * between the words do not matter.  An empty text is FORMULA_NONE: an observed indicator.
 */
#ifndef MARSAD_TABLE_FORMULA_H
#define MARSAD_TABLE_FORMULA_H

#include "table/span.h"

enum formula_kind {
    FORMULA_NONE,
    FORMULA_RATIO,
    FORMULA_SHARE,
    FORMULA_PER,
    FORMULA_INDEX,
    FORMULA_CUMULATIVE,
    FORMULA_CHANGE,
    FORMULA_GROWTH,
    FORMULA_MOVING_AVERAGE,
};

struct formula {
    enum formula_kind kind;
    struct text a, b;      /* operands; b only of ratio and per */
    struct text dimension; /* share */
    struct span base;      /* index */
    int32_t n;             /* per: 1..10^9; moving_average: 2..100 */
};

/* Texts point into the given one.  False: *message says why, *at is the byte (from 0). */
bool formula_parse(struct text, struct formula *, const char **message, uint32_t *at);

#endif
