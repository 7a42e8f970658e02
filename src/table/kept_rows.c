/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packed rows (table/packed_row.h), one behind the other. */
#include "table/kept_rows.h"

#include "table/packed_row.h"
#include "table/writer.h"

enum { PIECE = 1 << 20 };

struct piece {
    struct piece *next;
    size_t used, room;
    char *at;
};

struct kept_rows {
    struct arena *arena;
    const struct schema *in;
    const bool *leave;
    uint32_t *column, columns; /* those that are kept */
    const struct text **cell;  /* of the present batch */
    uint32_t rows;
    struct piece *first, *last, *reading;
    size_t read; /* in `reading` */
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
    k->column = arena_array(k->arena, k->in->columns, sizeof *k->column);
    k->cell = arena_array(k->arena, k->in->columns, sizeof *k->cell);
    for (uint32_t c = 0; c < k->in->columns; c++)
        if (batch_has(b, c) && !(k->leave && k->leave[c]))
            k->column[k->columns++] = c;
}

static void find_room(struct kept_rows *k, size_t size)
{
    struct piece *p = k->last;
    if (p && p->room - p->used >= size)
        return;
    p = arena_zalloc(k->arena, sizeof *p);
    p->room = size > PIECE ? size : PIECE;
    p->at = arena_alloc(k->arena, p->room);
    if (k->last)
        k->last->next = p;
    else
        k->first = k->reading = p;
    k->last = p;
}

static void add_row(struct kept_rows *k, uint32_t row, struct text record)
{
    find_room(k, packed_row_room(k->cell, k->columns, row, record));
    char *start = k->last->at + k->last->used;
    k->last->used += (size_t)(packed_row_put(start, k->cell, k->columns, row, record) - start);
}

void kept_rows_add(struct kept_rows *k, const struct batch *b)
{
    if (!k->column)
        begin(k, b);
    for (uint32_t c = 0; c < k->columns; c++)
        k->cell[c] = batch_text(b, k->column[c]);
    if (k->columns) {
        struct text *record = arena_array(b->arena, b->rows, sizeof *record);
        writer_records(k->cell, k->columns, b->rows, record);
        for (uint32_t i = 0; i < b->rows; i++)
            add_row(k, i, record[i]);
    }
    k->rows += b->rows;
}

uint32_t kept_rows_count(const struct kept_rows *k)
{
    return k->rows;
}

/* Where the next row begins. */
static const char *next_row(struct kept_rows *k)
{
    while (k->read == k->reading->used) {
        k->reading = k->reading->next;
        k->read = 0;
    }
    return k->reading->at + k->read;
}

void kept_rows_take(struct kept_rows *k, struct batch *b)
{
    struct text *record = arena_array(b->arena, b->rows, sizeof *record);
    if (k->columns == 0)
        return;
    for (uint32_t i = 0; i < b->rows; i++)
        k->read = (size_t)(packed_row_take(next_row(k), &record[i]) - k->reading->at);
    batch_new_packed(b, k->column, k->columns, record);
}
