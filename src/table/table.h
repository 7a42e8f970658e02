/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table is a whole CSV in memory, for side inputs: code lists, catalogues, the other half of a
 * join.
 *
 * Cells are texts in column-major arrays, owned by the table's arena.  table_cell() is the only way
 * in that most callers need.  table_real/decimal forms are not kept: parse the cell.
 */
#ifndef MARSAD_TABLE_TABLE_H
#define MARSAD_TABLE_TABLE_H

#include "base/error.h"
#include "table/batch.h"

struct table {
    const struct schema *schema;
    uint32_t rows;
    struct text **column; /* column[c][row] */
    const char *name;     /* file name, for messages */
};

static inline struct text table_cell(const struct table *t, uint32_t row, uint32_t column)
{
    return t->column[column][row];
}

/* An empty text where column is NO_COLUMN. */
struct text table_get(const struct table *, uint32_t row, int column);

/* Parses a whole strict CSV held in memory; the table and its texts live in the arena (texts may
 * point into `bytes`, which must live as long).  NULL and *error set when the CSV is not well
 * formed. */
const struct table *table_parse(struct arena *, const char *name, const char *bytes, size_t len,
                                struct error *);

/* Grows a table batch by batch. */
struct table_builder;
struct table_builder *table_builder_new(struct arena *, const struct schema *, const char *name);
void table_builder_add(struct table_builder *, const struct batch *);
const struct table *table_builder_table(struct table_builder *); /* the same table, growing */

#endif
