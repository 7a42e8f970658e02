/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row in one piece of bytes: the length of its record, and the record as it will be written.
 *
 * Cells that lie side by side, as they were read, are copied at once; what needs quotes gets them.
 * For rows that are kept by the million or go to a temporary file: four bytes and the text.  Not
 * for other machines.
 *
 *     writer_records(cell, columns, rows, record);
 *     to = arena_alloc(a, packed_row_room(cell, columns, i, record[i]));
 *     end = packed_row_put(to, cell, columns, i, record[i]);
 *     at = packed_row_take(to, &text);
 *     packed_row_cells(text, columns, own, arena);
 */
#ifndef MARSAD_TABLE_PACKED_ROW_H
#define MARSAD_TABLE_PACKED_ROW_H

#include "base/text.h"

/* Bytes that packed_row_put() may touch; it takes fewer. */
size_t packed_row_room(const struct text *const *cell, uint32_t columns, uint32_t row,
                       struct text record);

char *packed_row_put(char *to, const struct text *const *cell, uint32_t columns, uint32_t row,
                     struct text record);

/* The record; returns what follows it. */
const char *packed_row_take(const char *at, struct text *record);

/* The cells of a record as it is written.  Those with quotes inside them are made in the arena. */
void packed_row_cells(struct text record, uint32_t columns, struct text *cell, struct arena *);

#endif
