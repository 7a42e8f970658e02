/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows that a stage keeps until its end, to give them back with something beside them.
 *
 * Only the columns that batches hold are kept, that is those that somebody reads (batch_has);
 * columns that the stage writes anew can be left out.  Rows come back in their order, once. Memory:
 * the text of a cell and 2 bytes, in the arena.
 */
#ifndef MARSAD_TABLE_KEPT_ROWS_H
#define MARSAD_TABLE_KEPT_ROWS_H

#include "table/batch.h"

struct kept_rows;

/* leave[column] (may be NULL): not kept. */
struct kept_rows *kept_rows_new(struct arena *, const struct schema *, const bool *leave);

void kept_rows_add(struct kept_rows *, const struct batch *);

uint32_t kept_rows_count(const struct kept_rows *);

/* The next b->rows rows: the kept columns become the columns of the same number of the batch. */
void kept_rows_take(struct kept_rows *, struct batch *b);

#endif
