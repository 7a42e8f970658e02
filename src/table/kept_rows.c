/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows are kept in parts, one a batch.
 *
 * Where all columns are kept, packed rows (table/packed_row.h) stand one behind the other.  Of some
 * columns only, each is kept by itself: of a run of equal cells the text once, and a byte a row
 * that tells where runs begin, which the batch that gets them back knows too (batch_changes).
 */
#include "table/kept_rows.h"

#include "table/packed_row.h"
#include "table/writer.h"

enum { PIECE = 1 << 20 };

struct piece {
    struct piece *next;
    size_t used, room;
    char *at;
};

/* Where something begins in the pieces. */
struct spot {
    const struct piece *piece;
    size_t at;
};

/* The cells of a column: where runs begin, and of each its length and its bytes. */
struct cells {
    bool *changed;
    char *run;
};

struct part {
    uint32_t first, rows;
    struct cells *cells; /* of each column; or */
    struct spot spot;    /* where its rows begin */
};

struct kept_rows {
    struct arena *arena;
    const struct schema *in;
    const bool *leave;
    uint32_t *column, columns; /* those that are kept */
    bool all;                  /* that is all but those that are left */
    const struct text **cell;  /* of the present batch */
    uint32_t rows, parts, room;
    struct part *part;
    struct piece *first, *last;
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
    k->all = true;
    for (uint32_t c = 0; c < k->in->columns; c++) {
        bool left = k->leave && k->leave[c], has = batch_has(b, c);
        if (has && !left)
            k->column[k->columns++] = c;
        k->all = k->all && (has || left);
    }
}

/* ---- rows ---- */

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
        k->first = p;
    k->last = p;
}

static void add_row(struct kept_rows *k, uint32_t row, struct text record)
{
    find_room(k, packed_row_room(k->cell, k->columns, row, record));
    char *start = k->last->at + k->last->used;
    k->last->used += (size_t)(packed_row_put(start, k->cell, k->columns, row, record) - start);
}

static void add_rows(struct kept_rows *k, const struct batch *b)
{
    struct text *record = arena_array(b->arena, b->rows, sizeof *record);
    writer_records(k->cell, k->columns, b->rows, record);
    for (uint32_t i = 0; i < b->rows; i++)
        add_row(k, i, record[i]);
}

static struct text take_row(struct spot *s)
{
    struct text record;
    while (s->at == s->piece->used)
        *s = (struct spot){s->piece->next, 0};
    s->at = (size_t)(packed_row_take(s->piece->at + s->at, &record) - s->piece->at);
    return record;
}

static void take_rows(const struct kept_rows *k, const struct part *p, struct batch *b,
                      uint32_t first)
{
    struct text *record = arena_array(b->arena, b->rows, sizeof *record);
    struct spot spot = p->spot;
    for (uint32_t i = p->first; i < first; i++)
        take_row(&spot);
    for (uint32_t i = 0; i < b->rows; i++)
        record[i] = take_row(&spot);
    batch_new_packed(b, k->column, k->columns, record);
}

/* ---- columns ---- */

static struct cells keep_cells(struct arena *a, const struct text *cell, const bool *changed,
                               uint32_t rows)
{
    size_t size = TEXT_ROOM;
    for (uint32_t i = 0; i < rows; i = text_next_change(changed, i + 1, rows))
        size += 4 + (size_t)cell[i].len;
    struct cells kept = {arena_alloc(a, (size_t)rows + CHANGES_ROOM), arena_alloc(a, size)};
    memcpy(kept.changed, changed, (size_t)rows + CHANGES_ROOM);
    char *to = kept.run;
    for (uint32_t i = 0; i < rows; i = text_next_change(changed, i + 1, rows)) {
        memcpy(to, &cell[i].len, 4);
        to = text_put(to + 4, cell[i]);
    }
    return kept;
}

/* Cells from..from+rows-1 of a part; nobody looks for their changes again. */
static void take_cells(const struct cells *cells, uint32_t from, uint32_t rows, struct text *to,
                       bool *changed)
{
    const char *next = cells->run;
    const bool *own = cells->changed;
    for (uint32_t i = 0, end; i < from + rows; i = end) {
        struct text text = {next + 4, 0};
        end = text_next_change(own, i + 1, from + rows);
        memcpy(&text.len, next, 4);
        next = text.at + text.len;
        for (uint32_t at = i < from ? from : i; at < end; at++)
            to[at - from] = text;
    }
    memcpy(changed, own + from, rows);
    changed[0] = true;
}

static void take_columns(const struct kept_rows *k, const struct part *p, struct batch *b,
                         uint32_t first)
{
    for (uint32_t c = 0; c < k->columns; c++) {
        bool *changed;
        struct text *to = batch_new_runs(b, k->column[c], &changed);
        uint32_t from = first - p->first;
        const struct part *q = p;
        for (uint32_t done = 0, n; done < b->rows; done += n, from = 0, q++) {
            n = q->rows - from < b->rows - done ? q->rows - from : b->rows - done;
            if (n)
                take_cells(&q->cells[c], from, n, to + done, changed + done);
        }
    }
}

/* ---- both ---- */

void kept_rows_add(struct kept_rows *k, const struct batch *b)
{
    struct part p = {k->rows, b->rows, NULL, {NULL, 0}};
    if (!k->column)
        begin(k, b);
    for (uint32_t c = 0; c < k->columns; c++)
        k->cell[c] = batch_text(b, k->column[c]);
    if (k->all) {
        find_room(k, 1);
        p.spot = (struct spot){k->last, k->last->used};
        if (k->columns)
            add_rows(k, b);
    } else {
        p.cells = arena_array(k->arena, k->columns, sizeof *p.cells);
        for (uint32_t c = 0; c < k->columns; c++)
            p.cells[c] = keep_cells(k->arena, k->cell[c], batch_changes(b, k->column[c]), b->rows);
    }
    k->part = arena_grow(k->arena, k->part, k->parts, &k->room, sizeof *k->part);
    k->part[k->parts++] = p;
    k->rows += b->rows;
}

uint32_t kept_rows_count(const struct kept_rows *k)
{
    return k->rows;
}

/* The part that holds a row. */
static const struct part *find_part(const struct kept_rows *k, uint32_t row)
{
    uint32_t low = 0, high = k->parts - 1;
    while (low < high) {
        uint32_t middle = low + (high - low + 1) / 2;
        if (k->part[middle].first <= row)
            low = middle;
        else
            high = middle - 1;
    }
    return &k->part[low];
}

void kept_rows_take(const struct kept_rows *k, struct batch *b, uint32_t first)
{
    if (k->columns && b->rows)
        (k->all ? take_rows : take_columns)(k, find_part(k, first), b, first);
}
