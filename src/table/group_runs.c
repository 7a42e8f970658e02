/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/group_runs.h"

#include <stdlib.h>

#include "base/heap.h"
#include "base/memory.h"

enum { RUN_ROOM = 64 * 1024, LEAST_ROOM = 4096 };

/* A run that is being read, and the key of its present group, in bytes of its own. */
struct feed {
    struct spill_reader *reader;
    struct text *key;
    char *bytes;
    size_t room;
};

struct group_runs {
    uint32_t keys, measures;
    struct spill *spill;
    struct group_runs *next; /* those that were joined */
    struct feed *feed;
    struct spill_reader **part; /* the runs that hold the present group */
    uint32_t *same;             /* their feeds */
    struct heap heap;
    uint32_t feeds;
};

struct group_runs *group_runs_new(uint32_t keys, uint32_t measures)
{
    struct group_runs *g = memory_zalloc(sizeof *g);
    g->keys = keys;
    g->measures = measures;
    g->spill = spill_new();
    return g;
}

void group_runs_free(struct group_runs *g)
{
    while (g) {
        struct group_runs *next = g->next;
        for (uint32_t i = 0; i < g->feeds; i++) {
            spill_reader_free(g->feed[i].reader);
            free(g->feed[i].key);
            free(g->feed[i].bytes);
        }
        spill_free(g->spill);
        free(g->feed);
        free(g->part);
        free(g->same);
        free(g->heap.item);
        free(g);
        g = next;
    }
}

static uint32_t count_runs(const struct group_runs *g)
{
    uint32_t runs = 0;
    for (; g; g = g->next)
        runs += spill_runs(g->spill);
    return runs;
}

bool group_runs_any(const struct group_runs *g)
{
    return count_runs(g) > 0;
}

void group_runs_join(struct group_runs *g, struct group_runs *from)
{
    while (g->next)
        g = g->next;
    g->next = from;
}

/* ---- writing ---- */

static bool write_key(struct group_runs *g, const struct text *key, struct error *e)
{
    bool good = true;
    for (uint32_t k = 0; k < g->keys && good; k++)
        good = spill_write(g->spill, &key[k].len, sizeof key[k].len, e);
    for (uint32_t k = 0; k < g->keys && good; k++)
        good = spill_write(g->spill, key[k].at, key[k].len, e);
    return good;
}

bool group_runs_write(struct group_runs *g, const struct groups *groups,
                      struct measure *const *measure, struct error *e)
{
    struct arena *a = arena_new();
    const uint32_t *order = groups_order(groups, a);
    bool good = true;
    for (uint32_t i = 0; i < groups_count(groups) && good; i++) {
        good = write_key(g, group_key(groups, order[i]), e);
        for (uint32_t m = 0; m < g->measures && good; m++)
            good = measure_save(measure[m], order[i], g->spill, e);
    }
    arena_free(a);
    return good && spill_end_run(g->spill, e);
}

/* ---- reading ---- */

/* The key of the next group of a run; the reader's buffer does not keep it. */
static bool read_key(struct group_runs *g, struct feed *f, struct error *e)
{
    size_t size = 0;
    const void *bytes = spill_read(f->reader, g->keys * sizeof(uint32_t), e);
    if (!bytes)
        return false;
    for (uint32_t k = 0; k < g->keys; k++) {
        memcpy(&f->key[k].len, (const uint32_t *)bytes + k, sizeof f->key[k].len);
        size += f->key[k].len;
    }
    if (!(bytes = spill_read(f->reader, size, e)))
        return false;
    f->bytes = memory_grow(f->bytes, &f->room, size + 1, 1);
    memcpy(f->bytes, bytes, size);
    char *at = f->bytes;
    for (uint32_t k = 0; k < g->keys; at += f->key[k++].len)
        f->key[k].at = at;
    return true;
}

static int compare_keys(const struct group_runs *g, uint32_t a, uint32_t b)
{
    int order = 0;
    for (uint32_t k = 0; k < g->keys && order == 0; k++) {
        struct text x = g->feed[a].key[k], y = g->feed[b].key[k];
        order = text_missing(x) || text_missing(y) ? (int)text_missing(x) - (int)text_missing(y)
                                                   : text_compare(x, y);
    }
    return order;
}

static bool comes_before(const void *context, uint32_t a, uint32_t b)
{
    return compare_keys(context, a, b) < 0;
}

static bool push_feed(struct group_runs *g, uint32_t feed, struct error *e)
{
    if (spill_at_end(g->feed[feed].reader))
        return true;
    if (!read_key(g, &g->feed[feed], e))
        return false;
    heap_push(&g->heap, feed);
    return true;
}

bool group_runs_begin(struct group_runs *g, size_t memory, struct error *e)
{
    uint32_t runs = count_runs(g);
    size_t room = memory / (runs + 1);
    room = room > RUN_ROOM ? RUN_ROOM : room < LEAST_ROOM ? LEAST_ROOM : room;
    g->feed = memory_zalloc(runs * sizeof *g->feed);
    g->part = memory_alloc(runs * sizeof *g->part);
    g->same = memory_alloc(runs * sizeof *g->same);
    g->heap = (struct heap){memory_alloc(runs * sizeof *g->heap.item), 0, comes_before, g};
    for (struct group_runs *from = g; from; from = from->next)
        for (uint32_t r = 0; r < spill_runs(from->spill); r++) {
            struct feed *f = &g->feed[g->feeds];
            f->reader = spill_reader_new(from->spill, r, room);
            f->key = memory_zalloc(g->keys * sizeof *f->key);
            if (!push_feed(g, g->feeds++, e))
                return false;
        }
    return true;
}

static void hand_key(const struct group_runs *g, const struct feed *f, struct arena *a,
                     struct text *const *cell, uint32_t row)
{
    for (uint32_t k = 0; k < g->keys; k++)
        cell[k][row] = text_copy(a, f->key[k]);
}

/* All parts of the first group, which are on top of the heap one after the other. */
static uint32_t take_parts(struct group_runs *g)
{
    uint32_t n = 0;
    do {
        g->same[n] = heap_pop(&g->heap);
        g->part[n] = g->feed[g->same[n]].reader;
        n++;
    } while (g->heap.count && compare_keys(g, g->same[0], g->heap.item[0]) == 0);
    return n;
}

static bool hand_group(struct group_runs *g, struct measure *const *measure, struct arena *a,
                       struct text *const *cell, uint32_t row, struct error *e)
{
    uint32_t n = take_parts(g);
    hand_key(g, &g->feed[g->same[0]], a, cell, row);
    for (uint32_t m = 0; m < g->measures; m++) {
        cell[g->keys + m][row] = measure_restore(measure[m], g->part, n, a, e);
        if (!cell[g->keys + m][row].at)
            return false;
    }
    for (uint32_t i = 0; i < n; i++)
        if (!push_feed(g, g->same[i], e))
            return false;
    return true;
}

int64_t group_runs_next(struct group_runs *g, struct measure *const *measure, struct arena *a,
                        struct text *const *cell, uint32_t most, struct error *e)
{
    uint32_t rows = 0;
    for (; rows < most && g->heap.count; rows++)
        if (!hand_group(g, measure, a, cell, rows, e))
            return -1;
    return rows;
}
