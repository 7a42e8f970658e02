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
 * As much of the keys as a word holds is sorted by radix (table/sort_plan.h, base/radix.h); rows
 * with equal words by the next word.  With a crew, slices are sorted by several threads and merged
 * two by two, each merge in parts; the order is the same.  Linear in rows; 32 bytes of heap a row
 * while it runs.
 */
#ifndef MARSAD_TABLE_SORT_H
#define MARSAD_TABLE_SORT_H

#include "base/number.h"

struct sort_key {
    const struct text *text;
    const struct decimal *decimal; /* NULL: in byte order */
    const uint64_t *word;          /* of texts: sort_text_word() of each at 0; or NULL */
    bool descending;
};

/* Who shares out work: each() calls work(of, i) for every i < n, in any order, and returns when all
 * is done.  NULL for a crew: nobody. */
struct sort_crew {
    void (*each)(void *context, void (*work)(void *of, uint64_t i), void *of, uint64_t n);
    void *context;
    uint32_t threads;
};

/* Fills order[0..rows-1] with the row numbers in order. */
void sort_rows(const struct sort_key *, uint32_t keys, uint32_t rows, const struct sort_crew *,
               uint32_t *order);

/* In how many slices n rows are shared out, and where slice i begins. */
uint32_t sort_slices(const struct sort_crew *, uint32_t n);
static inline uint32_t sort_slice(uint32_t n, uint32_t slices, uint64_t i)
{
    return (uint32_t)(n * i / slices);
}
void sort_share(const struct sort_crew *, void (*work)(void *of, uint64_t i), void *of, uint64_t n);

/* Eight bytes of a text from `depth` on, zeros behind it, so that they compare as numbers. */
static inline uint64_t sort_text_word(struct text t, uint32_t depth)
{
    return depth < t.len ? __builtin_bswap64(text_word(t.at + depth, t.len - depth)) : 0;
}

/* The double of a number as a word: rows whose words differ come in the order of these. */
uint64_t sort_number_word(const struct sort_key *, uint32_t row);

/* The order of two rows; 0 where all keys are equal. */
int sort_compare(const struct sort_key *, uint32_t keys, uint32_t a, uint32_t b);

/* The exact order of two texts that decimal_parse() calls EXACT or WIDE. */
int numeral_compare(struct text a, struct text b);

#endif
