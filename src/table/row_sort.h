/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows in the order of keys, however many there are.
 *
 * Rows are kept packed until they take the memory that is allowed; then they are sorted
 * (table/sort.h) and put aside as a run (io/spill.h).  row_sort_next() merges the runs and what is
 * still in memory. Each batch comes with a number, larger than those before it; rows with equal
 * keys come in the order of these numbers, then of rows, so sorters of several workers may be
 * joined and the bytes are the same.
 *
 *     row_sort_add()... | row_sort_settle() | row_sort_join()... | row_sort_begin()
 * row_sort_next()...
 *
 * Memory: a row's bytes and about 80 (16 to 32 more for each further key), and for reading runs 64
 * KiB each, less where they are many.
 */
#ifndef MARSAD_TABLE_ROW_SORT_H
#define MARSAD_TABLE_ROW_SORT_H

#include "base/arena.h"
#include "base/error.h"
#include "table/batch.h"

struct row_key {
    uint32_t column;
    bool number, descending;
};

struct row_sort;

/* The keys live as long as the sorter, or until it is joined to another.  memory: bytes that its
 * rows may take. */
struct row_sort *row_sort_new(uint32_t columns, const struct row_key *, uint32_t keys,
                              size_t memory);
void row_sort_free(struct row_sort *);

/* No cell of a number key may be NUMBER_BAD. */
bool row_sort_add(struct row_sort *, const struct batch *, uint64_t number, struct error *);

/* Sorts what is in memory, so that this is not left to row_sort_begin(). */
void row_sort_settle(struct row_sort *);

/* Takes over the rows of another sorter with the same keys, which is empty then. */
void row_sort_join(struct row_sort *, struct row_sort *from);

/* After the last row: makes ready for row_sort_next(). */
bool row_sort_begin(struct row_sort *, struct error *);

/* The next rows, at most `most`, as cell[column][i]; texts live in the arena or as long as the
 * sorter.  Returns how many, 0 after the last; -1: *error is set. */
int64_t row_sort_next(struct row_sort *, struct arena *, struct text *const *cell, uint32_t most,
                      struct error *);

#endif
