/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeping rows, sorting them, putting them aside. */
#include <stdlib.h>

#include "base/memory.h"
#include "table/packed_row.h"
#include "table/row_sort_inside.h"

/* Bytes a row beside its own: pointers, order, and what sorting takes for a while. */
enum { BESIDE = 8 + 4 + 32, MOST_ROWS = INT32_MAX };

struct row_sort *row_sort_new(uint32_t columns, const struct row_key *key, uint32_t keys,
                              size_t memory)
{
    struct row_sort *s = memory_zalloc(sizeof *s);
    s->columns = columns;
    s->key = key;
    s->keys = keys;
    s->memory = memory;
    s->arena = arena_new();
    s->held = memory_zalloc(keys * sizeof *s->held);
    s->spill = spill_new();
    return s;
}

static void free_one(struct row_sort *s)
{
    row_merge_free(s->merge);
    for (uint32_t k = 0; k < s->keys; k++) {
        free(s->held[k].text);
        free(s->held[k].decimal);
    }
    spill_free(s->spill);
    arena_free(s->arena);
    free(s->held);
    free(s->row);
    free(s->order);
    free(s);
}

void row_sort_free(struct row_sort *s)
{
    while (s) {
        struct row_sort *next = s->next;
        free_one(s);
        s = next;
    }
}

void row_sort_form(const struct row_sort *s, const struct key_column *held, struct sort_key *form)
{
    for (uint32_t k = 0; k < s->keys; k++)
        form[k] = (struct sort_key){held[k].text, s->key[k].number ? held[k].decimal : NULL,
                                    s->key[k].descending};
}

void row_sort_settle(struct row_sort *s)
{
    if (s->sorted)
        return;
    struct sort_key *form = memory_alloc(s->keys * sizeof *form);
    row_sort_form(s, s->held, form);
    s->order = memory_grow(s->order, &s->order_room, s->rows, sizeof *s->order);
    sort_rows(form, s->keys, s->rows, s->order);
    free(form);
    s->sorted = true;
}

static bool write_run(struct row_sort *s, struct error *e)
{
    row_sort_settle(s);
    for (uint32_t i = 0; i < s->rows; i++) {
        const char *row = s->row[s->order[i]];
        size_t size = sizeof(struct packed_head) + packed_row_head(row).size;
        if (!spill_write(s->spill, row, size, e))
            return false;
    }
    s->rows = 0;
    s->sorted = false;
    arena_reset(s->arena);
    return spill_end_run(s->spill, e);
}

static size_t bytes_held(const struct row_sort *s)
{
    size_t row = BESIDE;
    for (uint32_t k = 0; k < s->keys; k++)
        row += sizeof(struct text) + (s->key[k].number ? sizeof(struct decimal) : 0);
    return arena_used(s->arena) + s->rows * row;
}

/* Key texts are those of the packed rows, which outlive the batch. */
static void hold_keys(struct row_sort *s, const struct batch *b)
{
    struct text *cell = arena_array(b->arena, s->columns, sizeof *cell);
    for (uint32_t i = 0; i < b->rows; i++) {
        packed_row_cells(s->row[s->rows + i] + sizeof(struct packed_head), s->columns, cell);
        for (uint32_t k = 0; k < s->keys; k++)
            s->held[k].text[s->rows + i] = cell[s->key[k].column];
    }
}

static void make_room(struct row_sort *s, size_t rows)
{
    s->row = memory_grow(s->row, &s->row_room, rows, sizeof *s->row);
    for (uint32_t k = 0; k < s->keys; k++) {
        struct key_column *h = &s->held[k];
        h->text = memory_grow(h->text, &h->text_room, rows, sizeof *h->text);
        if (s->key[k].number)
            h->decimal = memory_grow(h->decimal, &h->decimal_room, rows, sizeof *h->decimal);
    }
}

bool row_sort_add(struct row_sort *s, const struct batch *b, uint64_t number, struct error *e)
{
    bool full = bytes_held(s) > s->memory || s->rows > MOST_ROWS - b->rows;
    if (full && s->rows && !write_run(s, e))
        return false;
    make_room(s, (size_t)s->rows + b->rows);
    packed_rows(s->arena, b, number, s->row + s->rows);
    hold_keys(s, b);
    for (uint32_t k = 0; k < s->keys; k++)
        if (s->key[k].number)
            memcpy(s->held[k].decimal + s->rows, batch_decimal(b, s->key[k].column),
                   b->rows * sizeof *s->held[k].decimal);
    s->rows += b->rows;
    s->sorted = false;
    return true;
}

void row_sort_join(struct row_sort *s, struct row_sort *from)
{
    struct row_sort *last = s;
    while (last->next)
        last = last->next;
    last->next = from;
    for (; from; from = from->next)
        from->key = s->key; /* the others' keys may be gone with their worker */
}
