/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows that a stage keeps until its end, to give them back with something beside them.
 *
 * Only the columns that batches hold are kept, that is those that somebody reads (batch_has);
 * columns that the stage writes anew can be left out.  Any rows come back, to several threads if
 * need be.  Memory, in the arena: the text of a cell and 2 bytes; where some columns are not kept,
 * a byte a cell, and 4 and the text where it is not that of the row before.
 */
#ifndef MARSAD_TABLE_KEPT_ROWS_H
#define MARSAD_TABLE_KEPT_ROWS_H

#include "table/batch.h"

struct kept_rows;

/* leave[column] (may be NULL): not kept. */
struct kept_rows *kept_rows_new(struct arena *, const struct schema *, const bool *leave);

void kept_rows_add(struct kept_rows *, const struct batch *);

uint32_t kept_rows_count(const struct kept_rows *);

/* b->rows rows from `first` on: the kept columns become the columns of the same number of the
 * batch.
 */
void kept_rows_take(const struct kept_rows *, struct batch *b, uint32_t first);

#endif
