/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of all runs, and of what is still in memory, in one order. */
#include <stdlib.h>

#include "base/heap.h"
#include "base/memory.h"
#include "table/packed_row.h"
#include "table/row_sort_inside.h"

enum { RUN_ROOM = 64 * 1024, LEAST_ROOM = 4096 };

/* Where rows come from: a sorter's memory, or one of its runs. */
struct feed {
    struct row_sort *sorter;
    struct spill_reader *reader; /* NULL: memory */
    uint32_t at;
    const char *body; /* the present row without its head; NULL: at the end */
    struct packed_head head;
    struct text *cell;
    uint64_t word; /* of its first key */
};

/* form[k] holds key k of each feed's row; the feed of the first row is on top of the heap. */
struct row_merge {
    struct feed *feed;
    struct key_column *held;
    struct sort_key *form;
    struct heap heap;
    uint32_t feeds, keys;
};

void row_merge_free(struct row_merge *m)
{
    if (!m)
        return;
    for (uint32_t i = 0; i < m->feeds; i++) {
        spill_reader_free(m->feed[i].reader);
        free(m->feed[i].cell);
    }
    for (uint32_t k = 0; k < m->keys; k++) {
        free(m->held[k].text);
        free(m->held[k].decimal);
    }
    free(m->feed);
    free(m->held);
    free(m->form);
    free(m->heap.item);
    free(m);
}

/* ---- a feed ---- */

static bool read_row(struct feed *f, struct error *e)
{
    const char *head;
    f->body = NULL;
    if (spill_at_end(f->reader))
        return true;
    if (!(head = spill_read(f->reader, sizeof f->head, e)))
        return false;
    f->head = packed_row_head(head);
    return (f->body = spill_read(f->reader, f->head.size, e)) != NULL;
}

static void take_row(struct feed *f)
{
    const struct row_sort *s = f->sorter;
    f->body = NULL;
    if (f->at == s->rows)
        return;
    const char *row = s->row[s->order[f->at++]];
    f->head = packed_row_head(row);
    f->body = row + sizeof f->head;
}

/* Moves to the feed's next row. */
static bool feed_advance(struct row_merge *m, uint32_t feed, struct error *e)
{
    struct feed *f = &m->feed[feed];
    const struct row_sort *s = f->sorter;
    if (f->reader && !read_row(f, e))
        return false;
    if (!f->reader)
        take_row(f);
    if (!f->body)
        return true;
    packed_row_cells(f->body, s->columns, f->cell);
    for (uint32_t k = 0; k < s->keys; k++) {
        struct text t = f->cell[s->key[k].column];
        m->held[k].text[feed] = t;
        if (s->key[k].number)
            m->held[k].decimal[feed] = decimal_parse(t);
    }
    f->word = s->keys ? sort_word(&m->form[0], feed, 0) : 0;
    return true;
}

/* ---- the whole ---- */

static bool comes_before(const void *context, uint32_t a, uint32_t b)
{
    const struct row_merge *m = context;
    const struct feed *x = &m->feed[a], *y = &m->feed[b];
    if (x->word != y->word)
        return x->word < y->word;
    int order = sort_compare(m->form, m->keys, a, b);
    if (order == 0)
        order = x->head.number < y->head.number ? -1 : x->head.number > y->head.number;
    return order ? order < 0 : a < b;
}

static uint32_t count_feeds(const struct row_sort *s)
{
    uint32_t n = 0;
    for (; s; s = s->next)
        n += 1 + spill_runs(s->spill);
    return n;
}

static void add_feed(struct row_merge *m, struct row_sort *s, struct spill_reader *reader)
{
    struct feed *f = &m->feed[m->feeds++];
    f->sorter = s;
    f->reader = reader;
    f->cell = memory_alloc(s->columns * sizeof *f->cell);
}

static struct row_merge *merge_new(struct row_sort *s)
{
    struct row_merge *m = memory_zalloc(sizeof *m);
    uint32_t feeds = count_feeds(s);
    size_t room = s->memory / feeds / 2;
    m->keys = s->keys;
    m->feed = memory_zalloc(feeds * sizeof *m->feed);
    m->heap = (struct heap){memory_alloc(feeds * sizeof *m->heap.item), 0, comes_before, m};
    m->form = memory_alloc(s->keys * sizeof *m->form);
    m->held = memory_zalloc(s->keys * sizeof *m->held);
    for (uint32_t k = 0; k < s->keys; k++) {
        m->held[k].text = memory_zalloc(feeds * sizeof *m->held[k].text);
        m->held[k].decimal = memory_zalloc(feeds * sizeof *m->held[k].decimal);
    }
    row_sort_form(s, m->held, m->form);
    room = room > RUN_ROOM ? RUN_ROOM : room < LEAST_ROOM ? LEAST_ROOM : room;
    for (; s; s = s->next) {
        row_sort_settle(s);
        for (uint32_t r = 0; r < spill_runs(s->spill); r++)
            add_feed(m, s, spill_reader_new(s->spill, r, room));
        add_feed(m, s, NULL);
    }
    return m;
}

bool row_sort_begin(struct row_sort *s, struct error *e)
{
    struct row_merge *m = s->merge = merge_new(s);
    for (uint32_t i = 0; i < m->feeds; i++) {
        if (!feed_advance(m, i, e))
            return false;
        if (m->feed[i].body)
            heap_push(&m->heap, i);
    }
    return true;
}

/* What was read from disk is copied: the reader's buffer is soon another row. */
static void hand_row(const struct feed *f, struct arena *a, struct text *const *cell, uint32_t i)
{
    const char *body = f->reader ? arena_copy(a, f->body, f->head.size) : f->body;
    for (uint32_t c = 0; c < f->sorter->columns; c++)
        cell[c][i] = (struct text){body + (f->cell[c].at - f->body), f->cell[c].len};
}

int64_t row_sort_next(struct row_sort *s, struct arena *a, struct text *const *cell, uint32_t most,
                      struct error *e)
{
    struct row_merge *m = s->merge;
    uint32_t i = 0;
    for (; i < most && m->heap.count; i++) {
        uint32_t top = m->heap.item[0];
        hand_row(&m->feed[top], a, cell, i);
        if (!feed_advance(m, top, e))
            return -1;
        if (m->feed[top].body)
            heap_sink(&m->heap);
        else
            heap_pop(&m->heap);
    }
    return i;
}
