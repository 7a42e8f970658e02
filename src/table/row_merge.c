/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of all runs, and of what is still in memory, in one order. */
#include <stdlib.h>

#include "base/heap.h"
#include "base/memory.h"
#include "table/packed_row.h"
#include "table/row_sort_inside.h"

enum { RUN_ROOM = 64 * 1024, LEAST_ROOM = 4096 };

/* Where rows come from: what is in memory, or a run. */
struct feed {
    struct row_sort *sorter;
    struct spill_reader *reader; /* NULL: memory */
    uint32_t at, count;          /* count: of words */
    const char *packed;          /* the present row; NULL: at the end */
    struct run_head head;
    uint64_t first, *words; /* first: of the words */
    size_t room;
    struct arena *arena; /* of cells whose quotes were undone; NULL: not needed yet */
};

/* The feed of the first row is on top of the heap.  form[k] holds key k of each feed's row, from
 * the first row on whose words are vague. */
struct row_merge {
    struct feed *feed;
    struct key_column *held;
    struct sort_key *form, *memory; /* memory: keys of the rows there */
    struct text *cell;
    struct heap heap;
    uint32_t feeds, keys;
    bool vague;
};

void row_merge_free(struct row_merge *m)
{
    if (!m)
        return;
    for (uint32_t i = 0; i < m->feeds; i++) {
        spill_reader_free(m->feed[i].reader);
        arena_free(m->feed[i].arena);
        free(m->feed[i].words);
    }
    for (uint32_t k = 0; k < m->keys; k++) {
        free(m->held[k].text);
        free(m->held[k].decimal);
    }
    free(m->feed);
    free(m->held);
    free(m->form);
    free(m->memory);
    free(m->cell);
    free(m->heap.item);
    free(m);
}

/* ---- a feed ---- */

static bool read_row(struct feed *f, struct error *e)
{
    const void *head;
    f->packed = NULL;
    if (spill_at_end(f->reader))
        return true;
    if (!(head = spill_read(f->reader, sizeof f->head, e)))
        return false;
    memcpy(&f->head, head, sizeof f->head);
    size_t words = f->head.words * sizeof *f->words;
    const char *at = spill_read(f->reader, words + f->head.size, e);
    if (!at)
        return false;
    f->packed = at + words;
    if (!words)
        return true;
    f->words = memory_grow(f->words, &f->room, f->head.words, sizeof *f->words);
    memcpy(f->words, at, words);
    f->count = f->head.words;
    f->first = f->words[0];
    return true;
}

static void take_row(const struct row_merge *m, struct feed *f)
{
    const struct row_sort *s = f->sorter;
    f->packed = NULL;
    if (f->at == s->rows)
        return;
    uint32_t row = s->order[f->at++];
    memcpy(&f->head.number, s->row[row], ROW_NUMBER);
    f->packed = s->row[row] + ROW_NUMBER;
    f->count = row_run_words(s, m->memory, row, &f->words, &f->room, &f->head.vague);
    f->first = f->words ? f->words[0] : 0;
}

/* The cells of its keys. */
static void cut_keys(struct row_merge *m, uint32_t feed)
{
    struct feed *f = &m->feed[feed];
    struct text record;
    if (!f->arena)
        f->arena = arena_new();
    arena_reset(f->arena);
    packed_row_take(f->packed, &record);
    packed_row_cells(record, f->sorter->columns, m->cell, f->arena);
    for (uint32_t k = 0; k < m->keys; k++) {
        const struct row_key *key = &f->sorter->key[k];
        m->held[k].text[feed] = m->cell[key->column];
        if (key->number)
            m->held[k].decimal[feed] = decimal_parse(m->cell[key->column]);
    }
}

/* Moves to the feed's next row. */
static bool feed_advance(struct row_merge *m, uint32_t feed, struct error *e)
{
    struct feed *f = &m->feed[feed];
    if (!f->reader)
        take_row(m, f);
    else if (!read_row(f, e))
        return false;
    bool first = f->packed && f->head.vague && !m->vague;
    m->vague |= first;
    for (uint32_t i = 0; first && i < m->feeds; i++)
        if (m->feed[i].packed)
            cut_keys(m, i);
    if (m->vague && f->packed)
        cut_keys(m, feed);
    return true;
}

/* ---- which comes first ---- */

/* No words go on where others end. */
static int compare_words(const uint64_t *x, const uint64_t *y, uint32_t words)
{
    for (uint32_t i = 1; i < words; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

static bool comes_before(const void *context, uint32_t a, uint32_t b)
{
    const struct row_merge *m = context;
    const struct feed *x = &m->feed[a], *y = &m->feed[b];
    int order;
    if (x->head.vague || y->head.vague)
        order = sort_compare(m->form, m->keys, a, b);
    else if (x->first != y->first)
        return x->first < y->first;
    else
        order = compare_words(x->words, y->words, x->count);
    return order ? order < 0 : x->head.number < y->head.number;
}

/* ---- the whole ---- */

static void add_feed(struct row_merge *m, struct row_sort *s, struct spill_reader *reader)
{
    m->feed[m->feeds++] = (struct feed){.sorter = s, .reader = reader};
}

static void add_feeds(struct row_merge *m, struct row_sort *s, uint32_t runs)
{
    size_t room = s->memory / (runs + 1) / 2;
    room = room > RUN_ROOM ? RUN_ROOM : room < LEAST_ROOM ? LEAST_ROOM : room;
    add_feed(m, s, NULL);
    for (; s; s = s->next)
        for (uint32_t r = 0; r < spill_runs(s->spill); r++)
            add_feed(m, s, spill_reader_new(s->spill, r, room));
}

static struct row_merge *merge_new(struct row_sort *s)
{
    struct row_merge *m = memory_zalloc(sizeof *m);
    uint32_t runs = spill_runs(s->spill);
    for (const struct row_sort *o = s->next; o; o = o->next)
        runs += spill_runs(o->spill);
    m->keys = s->keys;
    m->feed = memory_zalloc((runs + (size_t)1) * sizeof *m->feed);
    m->heap =
        (struct heap){memory_alloc((runs + (size_t)1) * sizeof *m->heap.item), 0, comes_before, m};
    m->form = memory_alloc(s->keys * sizeof *m->form);
    m->memory = memory_alloc(s->keys * sizeof *m->memory);
    m->cell = memory_alloc(s->columns * sizeof *m->cell);
    m->held = memory_zalloc(s->keys * sizeof *m->held);
    for (uint32_t k = 0; k < s->keys; k++) {
        m->held[k].text = memory_zalloc((runs + (size_t)1) * sizeof *m->held[k].text);
        m->held[k].decimal = memory_zalloc((runs + (size_t)1) * sizeof *m->held[k].decimal);
    }
    row_sort_form(s, m->held, m->form);
    row_sort_form(s, s->held, m->memory);
    add_feeds(m, s, runs);
    return m;
}

bool row_merge_begin(struct row_sort *s, struct error *e)
{
    struct row_merge *m = s->merge = merge_new(s);
    for (uint32_t i = 0; i < m->feeds; i++) {
        if (!feed_advance(m, i, e))
            return false;
        if (m->feed[i].packed)
            heap_push(&m->heap, i);
    }
    return true;
}

/* What was read from disk is copied: the reader's buffer is soon another row. */
static const char *hand_row(const struct feed *f, struct arena *a)
{
    return f->reader ? arena_copy(a, f->packed, f->head.size) : f->packed;
}

int64_t row_sort_next(struct row_sort *s, struct batch *b, struct error *e)
{
    struct row_merge *m = s->merge;
    const char **packed = arena_array(b->arena, b->rows, sizeof *packed);
    uint32_t i = 0;
    for (; i < b->rows && m->heap.count; i++) {
        uint32_t top = m->heap.item[0];
        packed[i] = hand_row(&m->feed[top], b->arena);
        if (!feed_advance(m, top, e))
            return -1;
        if (m->feed[top].packed)
            heap_sink(&m->heap);
        else
            heap_pop(&m->heap);
    }
    b->rows = i;
    row_sort_fill(b, s->column, packed);
    return i;
}
