/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row in one piece of bytes, as it will be written.
 *
 * A row that the writer would take as it is (its cells lie side by side, none needs quotes): the
 * length of its record and the record.  Another is loose: a mark, and each of its cells with its
 * length.  For rows that are kept by the million or go to a temporary file: four bytes and the
 * text.  Not for other machines.
 *
 *     to = arena_alloc(a, packed_row_room(cell, columns, row));
 *     end = packed_row_put(to, cell, columns, row);
 *     at = packed_row_take(to, &record);               .at NULL: then packed_row_take() each cell
 */
#ifndef MARSAD_TABLE_PACKED_ROW_H
#define MARSAD_TABLE_PACKED_ROW_H

#include "base/text.h"

/* Bytes that packed_row_put() may touch; it takes fewer. */
size_t packed_row_room(const struct text *const *cell, uint32_t columns, uint32_t row);

char *packed_row_put(char *to, const struct text *const *cell, uint32_t columns, uint32_t row);

/* The record, or NULL at .at; what follows the record, or the mark, where a cell is taken too. */
const char *packed_row_take(const char *at, struct text *);

/* All cells of a row. */
void packed_row_cells(const char *at, uint32_t columns, struct text *cell);
/* What follows a row. */
const char *packed_row_end(const char *at, uint32_t columns);

#endif
