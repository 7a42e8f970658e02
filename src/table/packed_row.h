/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row in one piece of bytes: the lengths of its cells (one byte, or 255 and four), then the
 * cells.
 *
 * For rows that are kept by the million or go to a temporary file: about one byte a cell and the
 * text.  In front stand the number that the caller gave, and the size.  Not for other machines.
 */
#ifndef MARSAD_TABLE_PACKED_ROW_H
#define MARSAD_TABLE_PACKED_ROW_H

#include "base/arena.h"
#include "table/batch.h"

struct packed_head {
    uint64_t number;
    uint64_t size; /* of what follows */
};

/* All rows of a batch, row[i] in the arena. */
void packed_rows(struct arena *, const struct batch *, uint64_t number, const char **row);

struct packed_head packed_row_head(const char *row);

/* The cells of a row without its head; texts point into it. */
void packed_row_cells(const char *body, uint32_t columns, struct text *cell);

#endif
