/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A stable order of rows by keys: row numbers are sorted, cells stay where they are.
 *
 * A key is a column of texts, in byte order, or of numbers (then `decimal` holds the same cells
 * parsed; none may be NUMBER_BAD).  Numbers compare exactly, also those too wide for a decimal:
 * numeral_compare() looks at their digits.  Missing cells come last, ascending or descending.
 *
 *     struct sort_key key = {.text = table->column[2], .descending = true};
 *     sort_rows(arena, &key, 1, table->rows, order);
 *
 * Merge sort (n log n compares, stable) of row numbers that carry the first eight bytes of their
 * first key, or its double, so that most compares touch no cell.  32 bytes of the arena a row.
 */
#ifndef MARSAD_TABLE_SORT_H
#define MARSAD_TABLE_SORT_H

#include "base/arena.h"
#include "base/number.h"

struct sort_key {
    const struct text *text;
    const struct decimal *decimal; /* NULL: in byte order */
    bool descending;
};

/* Fills order[0..rows-1] with the row numbers in order. */
void sort_rows(struct arena *, const struct sort_key *, uint32_t keys, uint32_t rows,
               uint32_t *order);

/* The order of two rows; 0 where all keys are equal. */
int sort_compare(const struct sort_key *, uint32_t keys, uint32_t a, uint32_t b);

/* The exact order of two texts that decimal_parse() calls EXACT or WIDE. */
int numeral_compare(struct text a, struct text b);

#endif
