/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows in the order of keys, however many there are.
 *
 * Rows are kept packed until they take the memory that is allowed; then they are sorted
 * (table/sort.h) and put aside as a run (io/spill.h).  Each batch comes with a number, larger than
 * those before it by its rows; rows with equal keys come in the order of the input, so sorters of
 * several workers may be joined and the bytes are the same.
 *
 *     row_sort_add()... | row_sort_join()... | row_sort_begin()
 *     row_sort_rows(): all are in memory, and row_sort_batch() gives any of them, to any thread
 *     else row_sort_next()... merges the runs and what is still in memory
 *
 * Memory: a row's bytes and about 70 (16 to 32 more for each further key), and for reading runs 64
 * KiB each, less where they are many.
 */
#ifndef MARSAD_TABLE_ROW_SORT_H
#define MARSAD_TABLE_ROW_SORT_H

#include "base/arena.h"
#include "base/error.h"
#include "table/batch.h"
#include "table/sort.h"

struct row_key {
    uint32_t column;
    bool number, descending;
};

struct row_sort;

/* The keys live as long as the sorter, or until it is joined to another.  memory: bytes that its
 * rows may take; most: how many there may be in memory. */
struct row_sort *row_sort_new(uint32_t columns, const struct row_key *, uint32_t keys,
                              size_t memory);
void row_sort_free(struct row_sort *);

/* No cell of a number key may be NUMBER_BAD. */
bool row_sort_add(struct row_sort *, const struct batch *, uint64_t number, struct error *);

/* Takes over the rows of another sorter with the same keys, which is empty then. */
void row_sort_join(struct row_sort *, struct row_sort *from);

/* After the last row: makes ready for what follows. */
bool row_sort_begin(struct row_sort *, const struct sort_crew *, struct error *);

/* How many rows there are, if all are in memory. */
bool row_sort_rows(const struct row_sort *, uint64_t *rows);

/* Fills a batch, whose columns are all unset, with its number of rows from row `from` on. */
void row_sort_batch(const struct row_sort *, uint64_t from, struct batch *);

/* The next rows, at most as many as the batch has, which is cut.  Returns how many, 0 after the
 * last; -1: *error is set. */
int64_t row_sort_next(struct row_sort *, struct batch *, struct error *);

#endif
