/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/kept_rows.h"

#include "table/table.h"

struct kept_rows {
    struct arena *arena;
    const struct schema *in, *narrow;
    const bool *leave;
    int *place; /* of each column in `narrow`, or NO_COLUMN */
    uint32_t rows;
    struct table_builder *builder; /* NULL before the first batch */
};

struct kept_rows *kept_rows_new(struct arena *arena, const struct schema *in, const bool *leave)
{
    struct kept_rows *k = arena_zalloc(arena, sizeof *k);
    k->arena = arena;
    k->in = in;
    k->leave = leave;
    return k;
}

/* Which columns there are is the same in every batch. */
static void begin(struct kept_rows *k, const struct batch *b)
{
    struct schema *narrow = schema_new(k->arena);
    k->place = arena_array(k->arena, k->in->columns, sizeof *k->place);
    for (uint32_t c = 0; c < k->in->columns; c++)
        k->place[c] = batch_has(b, c) && !(k->leave && k->leave[c])
                          ? schema_add(narrow, k->in->name[c])
                          : NO_COLUMN;
    k->narrow = narrow;
    k->builder = table_builder_new(k->arena, narrow, "rows");
}

void kept_rows_add(struct kept_rows *k, const struct batch *b)
{
    if (!k->builder)
        begin(k, b);
    struct batch *narrow = batch_derive(b, k->narrow);
    for (uint32_t c = 0; c < k->in->columns; c++)
        if (k->place[c] != NO_COLUMN)
            batch_share(narrow, (uint32_t)k->place[c], b, c);
    table_builder_add(k->builder, narrow);
    k->rows += b->rows;
}

uint32_t kept_rows_count(const struct kept_rows *k)
{
    return k->rows;
}

void kept_rows_fill(const struct kept_rows *k, uint32_t first, struct batch *b)
{
    if (!k->builder)
        return;
    const struct table *t = table_builder_table(k->builder);
    for (uint32_t c = 0; c < k->in->columns; c++)
        if (k->place[c] != NO_COLUMN)
            memcpy(batch_new_text(b, c), t->column[k->place[c]] + first,
                   b->rows * sizeof(struct text));
}
