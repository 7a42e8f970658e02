/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A stable order of rows by keys: row numbers are sorted, cells stay where they are.
 *
 * A key is a column of texts, in byte order, or of numbers (then `decimal` holds the same cells
 * parsed; none may be NUMBER_BAD).  Numbers compare exactly, also those too wide for a decimal:
 * numeral_compare() looks at their digits.  Missing cells come last, ascending or descending.
 *
 *     struct sort_key key = {.text = table->column[2], .descending = true};
 *     sort_rows(&key, 1, table->rows, order);
 *
 * Eight bytes at a time, behind what all texts have in common, or the double of a number, by radix
 * sort (base/radix.h); what these leave undecided is sorted by the next eight, or the next key.
 * Linear in rows; 32 bytes of heap a row while it runs.
 */
#ifndef MARSAD_TABLE_SORT_H
#define MARSAD_TABLE_SORT_H

#include "base/number.h"

struct sort_key {
    const struct text *text;
    const struct decimal *decimal; /* NULL: in byte order */
    bool descending;
};

/* Fills order[0..rows-1] with the row numbers in order. */
void sort_rows(const struct sort_key *, uint32_t keys, uint32_t rows, uint32_t *order);

/* A number for a row: rows whose numbers differ come in the order of these.  `depth` bytes of a
 * text are passed over, which must be common to all. */
uint64_t sort_word(const struct sort_key *, uint32_t row, uint32_t depth);

/* The order of two rows; 0 where all keys are equal. */
int sort_compare(const struct sort_key *, uint32_t keys, uint32_t a, uint32_t b);

/* The exact order of two texts that decimal_parse() calls EXACT or WIDE. */
int numeral_compare(struct text a, struct text b);

#endif
