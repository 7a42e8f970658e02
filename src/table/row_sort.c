/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeping rows, sorting them, giving them back from memory. */
#include <stdlib.h>

#include "base/memory.h"
#include "table/packed_row.h"
#include "table/row_sort_inside.h"
#include "table/writer.h"

/* Bytes a row beside its own: pointers, order, and what sorting takes for a while.  A lane of the
 * most that there are holds no more rows than 32 bits can count in all of them. */
enum { BESIDE = 8 + 4 + 32, MOST_ROWS = INT32_MAX / 32, LEAST_PIECE = 4096 };
enum { MOST_PIECE = 32 << 20, PIECES = 4, AHEAD = 12, LINE = 64 };

struct row_sort *row_sort_new(uint32_t columns, const struct row_key *key, uint32_t keys,
                              size_t memory)
{
    struct row_sort *s = memory_zalloc(sizeof *s);
    s->columns = columns;
    s->column = memory_alloc(columns * sizeof *s->column);
    for (uint32_t c = 0; c < columns; c++)
        s->column[c] = c;
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
        free(s->held[k].word);
        free(s->held[k].decimal);
    }
    spill_free(s->spill);
    arena_free(s->arena);
    free(s->column);
    free(s->held);
    free(s->row);
    free(s->arrival);
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
                                    held[k].word, s->key[k].descending};
}

void row_sort_order(struct row_sort *s, const struct sort_crew *crew)
{
    struct sort_key *form = memory_alloc(s->keys * sizeof *form);
    row_sort_form(s, s->held, form);
    s->order = memory_grow(s->order, &s->order_room, s->rows, sizeof *s->order);
    sort_rows(form, s->keys, s->rows, crew, s->order);
    free(form);
}

/* ---- adding ---- */

static size_t bytes_held(const struct row_sort *s)
{
    size_t row = BESIDE;
    for (uint32_t k = 0; k < s->keys; k++)
        row += sizeof(struct text) +
               (s->key[k].number ? sizeof(struct decimal) : sizeof *s->held[k].word);
    return arena_used(s->arena) - s->piece_left + s->rows * row;
}

static void make_room(struct row_sort *s, size_t rows)
{
    s->row = memory_grow(s->row, &s->row_room, rows, sizeof *s->row);
    for (uint32_t k = 0; k < s->keys; k++) {
        struct key_column *h = &s->held[k];
        h->text = memory_grow(h->text, &h->text_room, rows, sizeof *h->text);
        if (s->key[k].number)
            h->decimal = memory_grow(h->decimal, &h->decimal_room, rows, sizeof *h->decimal);
        else
            h->word = memory_grow(h->word, &h->word_room, rows, sizeof *h->word);
    }
}

/* Pieces grow, so that few rows take little and many lie in large pages. */
static void find_room(struct row_sort *s, size_t size)
{
    size_t most = s->memory / PIECES < MOST_PIECE ? s->memory / PIECES : MOST_PIECE;
    if (s->piece_left >= size)
        return;
    s->piece_room = s->piece_room ? s->piece_room * 2 : LEAST_PIECE;
    s->piece_room = s->piece_room < most ? s->piece_room : most;
    s->piece_left = size > s->piece_room ? size : s->piece_room;
    s->piece = arena_alloc(s->arena, s->piece_left);
}

/* Key texts are those of the packed row, or copies: both outlive the batch. */
static void hold_keys(struct row_sort *s, const char *packed, const struct text *const *cell,
                      uint32_t row, struct text record)
{
    struct text own;
    packed_row_take(packed, &own);
    bool same = record.at && own.len == record.len;
    for (uint32_t k = 0; k < s->keys; k++) {
        struct text t = cell[s->key[k].column][row];
        if (!s->key[k].number)
            s->held[k].word[s->rows] = sort_text_word(t, 0);
        s->held[k].text[s->rows] =
            same ? (struct text){own.at + (t.at - record.at), t.len} : text_copy(s->arena, t);
    }
}

static void add_rows(struct row_sort *s, const struct batch *b, uint64_t number)
{
    const struct text **cell = arena_array(b->arena, s->columns, sizeof *cell);
    struct text *record = arena_array(b->arena, b->rows, sizeof *record);
    for (uint32_t c = 0; c < s->columns; c++)
        cell[c] = batch_text(b, c);
    writer_records(cell, s->columns, b->rows, record);
    for (uint32_t i = 0; i < b->rows; i++, number++) {
        find_room(s, ROW_NUMBER + packed_row_room(cell, s->columns, i, record[i]));
        char *packed = s->piece + ROW_NUMBER;
        memcpy(s->piece, &number, ROW_NUMBER);
        char *end = packed_row_put(packed, cell, s->columns, i, record[i]);
        hold_keys(s, packed, cell, i, record[i]);
        s->row[s->rows++] = s->piece;
        s->piece_left -= (size_t)(end - s->piece);
        s->piece = end;
    }
}

bool row_sort_add(struct row_sort *s, const struct batch *b, uint64_t number, struct error *e)
{
    bool full = bytes_held(s) > s->memory || s->rows > MOST_ROWS - b->rows;
    if (full && s->rows && !row_run_write(s, e))
        return false;
    make_room(s, (size_t)s->rows + b->rows);
    s->arrival =
        memory_grow(s->arrival, &s->arrival_room, s->arrivals + (size_t)1, sizeof *s->arrival);
    s->arrival[s->arrivals++] = (struct arrival){number, s->rows};
    for (uint32_t k = 0; k < s->keys; k++)
        if (s->key[k].number)
            memcpy(s->held[k].decimal + s->rows, batch_decimal(b, s->key[k].column),
                   b->rows * sizeof *s->held[k].decimal);
    add_rows(s, b, number);
    return true;
}

/* ---- rows of several workers ---- */

void row_sort_join(struct row_sort *s, struct row_sort *from)
{
    struct row_sort *last = s;
    while (last->next)
        last = last->next;
    last->next = from;
    for (; from; from = from->next)
        from->key = s->key; /* the others' keys may be gone with their worker */
}

/* Rows that came together, on their way to where they stand in the input. */
struct stretch {
    struct row_sort *from;
    uint64_t number;
    uint32_t row, rows, to;
};

static int by_number(const void *a, const void *b)
{
    const struct stretch *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static struct stretch *stretches_find(struct row_sort *s, uint32_t *count, uint32_t *rows)
{
    size_t room = s->arrivals + (size_t)1;
    struct stretch *list = memory_alloc(room * sizeof *list);
    for (*count = 0; s; s = s->next) {
        list = memory_grow(list, &room, *count + (size_t)s->arrivals, sizeof *list);
        for (uint32_t i = 0; i < s->arrivals; i++) {
            const struct arrival *a = &s->arrival[i];
            uint32_t end = i + 1 < s->arrivals ? a[1].row : s->rows;
            list[(*count)++] = (struct stretch){s, a->number, a->row, end - a->row, 0};
        }
    }
    qsort(list, *count, sizeof *list, by_number);
    *rows = 0;
    for (uint32_t i = 0; i < *count; i++) {
        list[i].to = *rows;
        *rows += list[i].rows;
    }
    return list;
}

/* The arrays of one kind, `size` bytes a row, of all sorters become one. */
struct gathering {
    const struct stretch *list;
    uint32_t count;
    size_t size, offset; /* offset: of the array's address in its struct */
    int key;             /* of the key_column; -1: in the sorter itself */
    char *to;
};

static char **array_of(const struct gathering *g, struct row_sort *s)
{
    char *in = g->key < 0 ? (char *)s : (char *)&s->held[g->key];
    return (char **)(void *)(in + g->offset);
}

static void gather_one(void *context, uint64_t i)
{
    const struct gathering *g = context;
    const struct stretch *t = &g->list[i];
    memcpy(g->to + t->to * g->size, *array_of(g, t->from) + t->row * g->size, t->rows * g->size);
}

static void gather(struct gathering g, struct row_sort *s, uint32_t rows,
                   const struct sort_crew *crew)
{
    g.to = memory_alloc(rows * g.size);
    sort_share(crew, gather_one, &g, g.count);
    for (struct row_sort *o = s; o; o = o->next) {
        free(*array_of(&g, o));
        *array_of(&g, o) = NULL;
    }
    *array_of(&g, s) = g.to;
}

/* All that is in memory, of all workers, goes to the first, in the order of the input. */
static void gather_all(struct row_sort *s, const struct sort_crew *crew)
{
    uint32_t count, rows;
    struct stretch *list = stretches_find(s, &count, &rows);
    struct gathering g = {.list = list, .count = count, .key = -1};
    g.size = sizeof *s->row;
    g.offset = offsetof(struct row_sort, row);
    gather(g, s, rows, crew);
    for (uint32_t k = 0; k < s->keys; k++) {
        g.key = (int)k;
        g.size = sizeof *s->held->text;
        g.offset = offsetof(struct key_column, text);
        gather(g, s, rows, crew);
        g.size = s->key[k].number ? sizeof *s->held->decimal : sizeof *s->held->word;
        g.offset = s->key[k].number ? offsetof(struct key_column, decimal)
                                    : offsetof(struct key_column, word);
        gather(g, s, rows, crew);
    }
    for (struct row_sort *o = s; o; o = o->next)
        o->rows = 0;
    s->rows = rows;
    free(list);
}

static bool any_runs(const struct row_sort *s)
{
    for (; s; s = s->next)
        if (spill_runs(s->spill))
            return true;
    return false;
}

bool row_sort_begin(struct row_sort *s, const struct sort_crew *crew, struct error *e)
{
    if (s->next)
        gather_all(s, crew);
    row_sort_order(s, crew);
    return !any_runs(s) || row_merge_begin(s, e);
}

bool row_sort_rows(const struct row_sort *s, uint64_t *rows)
{
    *rows = s->rows;
    return !s->merge;
}

/* ---- giving back ---- */

/* Records one behind the other, so that the writer takes all at once. */
static void join_records(struct packed *p, struct batch *b, struct text *record, size_t bytes)
{
    char *to = arena_alloc(b->arena, bytes);
    p->whole = (struct text){to, (uint32_t)bytes};
    for (uint32_t i = 0; i < b->rows; i++) {
        memcpy(to, record[i].at, record[i].len);
        record[i].at = to;
        to += record[i].len;
        *to++ = '\n';
    }
}

void row_sort_fill(struct batch *b, const uint32_t *column, const char *const *packed)
{
    struct text *record = arena_array(b->arena, b->rows, sizeof *record);
    size_t bytes = b->rows;
    for (uint32_t i = 0; i < b->rows; i++) {
        if (i + AHEAD < b->rows) {
            __builtin_prefetch(packed[i + AHEAD]);
            __builtin_prefetch(packed[i + AHEAD] + LINE);
        }
        packed_row_take(packed[i], &record[i]);
        bytes += record[i].len;
    }
    struct packed *p = batch_new_packed(b, column, b->schema->columns, record);
    if (bytes <= UINT32_MAX)
        join_records(p, b, record, bytes);
}

void row_sort_batch(const struct row_sort *s, uint64_t from, struct batch *b)
{
    const char **packed = arena_array(b->arena, b->rows, sizeof *packed);
    const uint32_t *order = s->order + from;
    for (uint32_t i = 0; i < b->rows; i++) {
        if (i + AHEAD < b->rows)
            __builtin_prefetch(&s->row[order[i + AHEAD]]);
        packed[i] = s->row[order[i]] + ROW_NUMBER;
    }
    row_sort_fill(b, s->column, packed);
}
