/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A writer puts batches out as CSV: comma, LF, quotes only where a cell needs them.
 *
 * The same cells give the same bytes wherever they come from: cells that lie side by side as in a
 * record are copied together where nothing in them needs quotes.  Both functions return what
 * output_write() returns.  Cost: a pass over the bytes.
 */
#ifndef MARSAD_TABLE_WRITER_H
#define MARSAD_TABLE_WRITER_H

#include "io/output.h"
#include "table/batch.h"

int writer_header(struct output *, const struct schema *, struct error *);
int writer_batch(struct output *, const struct batch *, struct error *);

/* Bytes that may be written behind what is put out. */
enum { WRITER_SLACK = 16 };

/* One cell, quoted where needed, at `to`, which has room for 2 * len + 2 + WRITER_SLACK bytes;
 * returns its end. */
char *writer_cell(char *to, struct text);

/* Of each row the text from the first of the n > 0 cells cell[c][row] to the last, where they stand
 * side by side in memory with commas between, as they were read; else .at is NULL. */
void writer_records(const struct text *const *cell, uint32_t n, uint32_t rows, struct text *record);

/* One record without its line end, at `to`, which has room for 2 * len + 3 bytes a cell and
 * WRITER_SLACK; returns its end.  `record` is what writer_records() found. */
char *writer_record(char *to, const struct text *const *cell, uint32_t n, uint32_t row,
                    struct text record);

#endif
