/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Some columns of rows that are kept, column by column.
 *
 * Of a run of equal cells the text is kept once, and a byte a row tells where runs begin, which the
 * batch that gets them back knows too (batch_changes): nobody behind looks for them again.  Rows
 * come back in their order, once.  Memory: a byte a cell, and 4 and the text a run, in the arena.
 */
#ifndef MARSAD_TABLE_KEPT_COLUMNS_H
#define MARSAD_TABLE_KEPT_COLUMNS_H

#include "table/batch.h"

struct kept_columns;

struct kept_columns *kept_columns_new(struct arena *, const uint32_t *column, uint32_t columns);
void kept_columns_add(struct kept_columns *, const struct batch *);
void kept_columns_take(struct kept_columns *, struct batch *);

#endif
