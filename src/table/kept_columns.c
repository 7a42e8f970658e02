/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/kept_columns.h"

/* Cells of one batch: where runs begin, and of each its length and its bytes. */
struct cells {
    bool *changed;
    char *run;
};

struct part {
    struct part *next;
    uint32_t rows;
    struct cells *cells; /* of each column */
};

struct kept_columns {
    struct arena *arena;
    const uint32_t *column;
    uint32_t columns;
    struct part *first, *last, *reading;
    uint32_t read;     /* rows of `reading` */
    const char **next; /* of each column: the run behind */
    struct text *text; /* the run that is read */
};

struct kept_columns *kept_columns_new(struct arena *arena, const uint32_t *column, uint32_t columns)
{
    struct kept_columns *k = arena_zalloc(arena, sizeof *k);
    k->arena = arena;
    k->column = column;
    k->columns = columns;
    k->next = arena_zarray(arena, columns, sizeof(char *));
    k->text = arena_zarray(arena, columns, sizeof *k->text);
    return k;
}

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

void kept_columns_add(struct kept_columns *k, const struct batch *b)
{
    struct part *p = arena_alloc(k->arena, sizeof *p);
    *p = (struct part){NULL, b->rows, arena_array(k->arena, k->columns, sizeof *p->cells)};
    for (uint32_t c = 0; c < k->columns; c++)
        p->cells[c] = keep_cells(k->arena, batch_text(b, k->column[c]),
                                 batch_changes(b, k->column[c]), b->rows);
    if (k->last)
        k->last->next = p;
    else
        k->first = p;
    k->last = p;
}

/* Moves on to a part that has rows left. */
static const struct part *find_part(struct kept_columns *k)
{
    while (!k->reading || k->read == k->reading->rows) {
        k->reading = k->reading ? k->reading->next : k->first;
        k->read = 0;
        for (uint32_t c = 0; c < k->columns; c++)
            k->next[c] = k->reading->cells[c].run;
    }
    return k->reading;
}

static void take_cells(struct kept_columns *k, uint32_t c, const bool *changed, uint32_t rows,
                       struct text *to)
{
    const char *next = k->next[c];
    struct text text = k->text[c];
    for (uint32_t i = 0; i < rows;) {
        if (changed[i]) {
            memcpy(&text.len, next, 4);
            text.at = next + 4;
            next = text.at + text.len;
        }
        for (uint32_t end = text_next_change(changed, i + 1, rows); i < end; i++)
            to[i] = text;
    }
    k->next[c] = next;
    k->text[c] = text;
}

void kept_columns_take(struct kept_columns *k, struct batch *b)
{
    struct text **text = arena_array(b->arena, k->columns, sizeof *text);
    bool **changed = arena_array(b->arena, k->columns, sizeof *changed);
    for (uint32_t c = 0; c < k->columns; c++)
        text[c] = batch_new_runs(b, k->column[c], &changed[c]);
    for (uint32_t done = 0, n; done < b->rows; done += n, k->read += n) {
        const struct part *p = find_part(k);
        n = p->rows - k->read < b->rows - done ? p->rows - k->read : b->rows - done;
        for (uint32_t c = 0; c < k->columns; c++) {
            const bool *own = p->cells[c].changed + k->read;
            take_cells(k, c, own, n, text[c] + done);
            memcpy(changed[c] + done, own, n);
        }
    }
    for (uint32_t c = 0; c < k->columns && b->rows; c++)
        changed[c][0] = true;
}
