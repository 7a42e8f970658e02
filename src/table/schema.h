/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A schema is the header of a CSV: the names of the columns, in order, and nothing else.
 *
 * What is not in the CSV does not exist, so a schema carries no types or labels.  Names are unique
 * and not empty (schema_add refuses others).  The arena given to schema_new() owns all of it.
 */
#ifndef MARSAD_TABLE_SCHEMA_H
#define MARSAD_TABLE_SCHEMA_H

#include "base/arena.h"
#include "base/text.h"

struct key_index;

struct schema {
    struct arena *arena;
    uint32_t columns, room;
    struct text *name;
    struct key_index *index; /* of the names, where they are many; else NULL */
};

enum { NO_COLUMN = -1 };

struct schema *schema_new(struct arena *);

/* Appends a column and returns its index, or NO_COLUMN where the name is empty or taken. */
int schema_add(struct schema *, struct text name);

/* Appends all columns of another schema; false where one is taken. */
bool schema_add_all(struct schema *, const struct schema *);

/* Index of a column, or NO_COLUMN.  Call it in open, not for each row. */
int schema_find(const struct schema *, struct text name);

bool schema_equal(const struct schema *, const struct schema *);

#endif
