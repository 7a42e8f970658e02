/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sorter of rows is inside: for row_sort.c, which fills it, and row_merge.c, which empties
 * it. */
#ifndef MARSAD_TABLE_ROW_SORT_INSIDE_H
#define MARSAD_TABLE_ROW_SORT_INSIDE_H

#include "io/spill.h"
#include "table/row_sort.h"
#include "table/sort.h"

/* The cells of a key, and what they are as numbers. */
struct key_column {
    struct text *text;
    struct decimal *decimal;
    size_t text_room, decimal_room;
};

struct row_merge;

struct row_sort {
    uint32_t columns, keys;
    const struct row_key *key;
    size_t memory;
    struct arena *arena;
    const char **row; /* packed, in the arena */
    struct key_column *held;
    size_t row_room, order_room;
    uint32_t rows, *order;
    bool sorted;
    struct spill *spill;
    struct row_sort *next; /* those that were joined */
    struct row_merge *merge;
};

/* Arrays as sort.h wants them. */
void row_sort_form(const struct row_sort *, const struct key_column *, struct sort_key *form);

void row_merge_free(struct row_merge *);

#endif
