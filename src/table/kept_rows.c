/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Some columns of many are kept column by column.  Where all are, rows stand one behind the other.
 * A row that the writer would take as it is: its length and its bytes.  Another: LOOSE, and each of
 * its cells in that way. */
#include "table/kept_rows.h"

#include "table/kept_columns.h"
#include "table/writer.h"

enum { PIECE = 1 << 20 };
#define LOOSE UINT32_MAX

struct piece {
    struct piece *next;
    size_t used, room;
    unsigned char *at;
};

struct kept_rows {
    struct arena *arena;
    const struct schema *in;
    const bool *leave;
    uint32_t *column, columns; /* those that are kept */
    const struct text **cell;  /* of the present batch */
    struct kept_columns *some; /* NULL: all columns are kept */
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
    bool all = true;
    for (uint32_t c = 0; c < k->in->columns; c++) {
        bool left = k->leave && k->leave[c], has = batch_has(b, c);
        if (has && !left)
            k->column[k->columns++] = c;
        all = all && (has || left);
    }
    k->some = all ? NULL : kept_columns_new(k->arena, k->column, k->columns);
}

static size_t row_size(const struct kept_rows *k, uint32_t row)
{
    size_t size = 4 + (size_t)k->columns * 4;
    for (uint32_t c = 0; c < k->columns; c++)
        size += k->cell[c][row].len;
    return size;
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

static unsigned char *put_text(unsigned char *to, struct text t)
{
    memcpy(to, &t.len, 4);
    if (t.len)
        memcpy(to + 4, t.at, t.len);
    return to + 4 + t.len;
}

static void add_row(struct kept_rows *k, uint32_t row)
{
    static const uint32_t loose = LOOSE;
    struct text record;
    bool plain = writer_is_plain(k->cell, k->columns, row, &record);
    find_room(k, plain ? 4 + (size_t)record.len : row_size(k, row));
    unsigned char *start = k->last->at + k->last->used, *to = start;
    if (plain) {
        to = put_text(to, record);
    } else {
        memcpy(to, &loose, 4);
        to += 4;
        for (uint32_t c = 0; c < k->columns; c++)
            to = put_text(to, k->cell[c][row]);
    }
    k->last->used += (size_t)(to - start);
}

void kept_rows_add(struct kept_rows *k, const struct batch *b)
{
    if (!k->column)
        begin(k, b);
    k->rows += b->rows;
    if (k->some) {
        kept_columns_add(k->some, b);
        return;
    }
    for (uint32_t c = 0; c < k->columns; c++)
        k->cell[c] = batch_text(b, k->column[c]);
    for (uint32_t i = 0; i < b->rows && k->columns; i++)
        add_row(k, i);
}

uint32_t kept_rows_count(const struct kept_rows *k)
{
    return k->rows;
}

/* Where the next row begins; *plain: its record, or .at NULL. */
static const unsigned char *next_row(struct kept_rows *k, struct text *plain)
{
    while (k->read == k->reading->used) {
        k->reading = k->reading->next;
        k->read = 0;
    }
    const unsigned char *at = k->reading->at + k->read;
    memcpy(&plain->len, at, 4);
    plain->at = plain->len == LOOSE ? NULL : (const char *)at + 4;
    return at + 4;
}

static const unsigned char *take_text(const unsigned char *at, struct text *t)
{
    memcpy(&t->len, at, 4);
    t->at = (const char *)at + 4;
    return at + 4 + t->len;
}

/* Row by row into record[], or .at NULL where a row's cells are apart: those are in cell[][]. */
static bool take_rows(struct kept_rows *k, struct text *record, struct text **cell, uint32_t rows)
{
    bool all = true;
    for (uint32_t i = 0; i < rows; i++) {
        const unsigned char *at = next_row(k, &record[i]);
        if (record[i].at) {
            at += record[i].len;
        } else {
            all = false;
            for (uint32_t c = 0; c < k->columns; c++)
                at = take_text(at, &cell[c][i]);
        }
        k->read = (size_t)(at - k->reading->at);
    }
    return all;
}

void kept_rows_take(struct kept_rows *k, struct batch *b)
{
    struct text *record = arena_array(b->arena, b->rows, sizeof *record);
    struct text **cell = arena_array(b->arena, k->columns, sizeof(struct text *));
    if (k->columns == 0)
        return;
    if (k->some) {
        kept_columns_take(k->some, b);
        return;
    }
    for (uint32_t c = 0; c < k->columns; c++)
        cell[c] = batch_new_text(b, k->column[c]);
    if (take_rows(k, record, cell, b->rows)) {
        batch_new_packed(b, k->column, k->columns, record);
        return;
    }
    for (uint32_t i = 0; i < b->rows; i++)
        for (uint32_t c = 0; c < k->columns && record[i].at; c++)
            text_next(&record[i], ',', &cell[c][i]);
}
