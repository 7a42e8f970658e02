/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures put aside a group at a time, and put together again from several runs. */
#include <stdlib.h>

#include "base/heap.h"
#include "base/memory.h"
#include "table/measure_inside.h"

static const struct text failure = {NULL, 0};

struct measure *measure_like(const struct measure *m)
{
    return measure_new(m->kind, m->column, m->weight, m->p);
}

static size_t sum_rows_bytes(const struct sum_rows *s)
{
    return s->quick_room * sizeof *s->quick + s->sum_room * sizeof *s->sum;
}

/* Sorting values takes as much again for a while. */
size_t measure_bytes(const struct measure *m)
{
    size_t log = m->log.room > 2 * m->log.count ? m->log.room : 2 * m->log.count;
    return m->room * sizeof(union measure_state) + sum_rows_bytes(&m->x) + sum_rows_bytes(&m->w) +
           log * sizeof *m->log.item + (m->values ? groups_bytes(m->values) : 0);
}

/* ---- putting aside ---- */

static uint32_t owner_of(const struct measure *m, uint32_t pair)
{
    uint32_t owner;
    memcpy(&owner, group_key(m->values, pair)[0].at, sizeof owner);
    return owner;
}

/* Pairs in the order of groups and texts; those of a group lie together. */
static void sort_pairs(struct measure *m)
{
    struct arena *a = arena_new();
    uint32_t pairs = groups_count(m->values);
    const uint32_t *order = groups_order(m->values, a);
    m->order = memory_realloc(m->order, pairs * sizeof *m->order);
    m->start = memory_realloc(m->start, m->groups * sizeof *m->start);
    if (pairs)
        memcpy(m->order, order, pairs * sizeof *order);
    for (uint32_t i = pairs; i-- > 0;)
        m->start[owner_of(m, order[i])] = i;
    arena_free(a);
}

void measure_settle(struct measure *m, uint32_t groups)
{
    measure_reserve(m, groups);
    if (m->kind == MEASURE_QUANTILE)
        quantile_log_settle(&m->log, groups);
}

static bool save_totals(struct measure *m, uint32_t group, struct spill *s, struct error *e)
{
    struct sum total[2] = {sum_rows_get(&m->x, group), sum_rows_get(&m->w, group)};
    return spill_write(s, total, sizeof total, e);
}

static bool save_values(struct measure *m, uint32_t group, struct spill *s, struct error *e)
{
    size_t n;
    const struct quantile_item *item = quantile_log_group(&m->log, group, &n);
    struct sum weight = {0};
    uint64_t count = n;
    quantile_weigh(&weight, m->p, item, n);
    return spill_write(s, &weight, sizeof weight, e) && spill_write(s, &count, sizeof count, e) &&
           spill_write(s, item, n * sizeof *item, e);
}

static bool save_texts(struct measure *m, uint32_t group, struct spill *s, struct error *e)
{
    uint64_t count = group < m->groups ? ((const uint64_t *)m->state)[group] : 0;
    bool good = spill_write(s, &count, sizeof count, e);
    if (!m->order)
        sort_pairs(m);
    for (uint64_t i = 0; i < count && good; i++) {
        struct text t = group_key(m->values, m->order[m->start[group] + i])[1];
        good = spill_write(s, &t.len, sizeof t.len, e) && spill_write(s, t.at, t.len, e);
    }
    return good;
}

bool measure_save(struct measure *m, uint32_t group, struct spill *s, struct error *e)
{
    static const union measure_state nothing;
    const char *state = m->state;
    if (m->kind == MEASURE_SUM || m->kind == MEASURE_MEAN)
        return save_totals(m, group, s, e);
    if (m->kind == MEASURE_QUANTILE)
        return save_values(m, group, s, e);
    if (m->kind == MEASURE_DISTINCT)
        return save_texts(m, group, s, e);
    return spill_write(s, group < m->groups ? state + group * m->is->size : (const char *)&nothing,
                       m->is->size, e);
}

/* ---- putting together ---- */

static bool read_into(void *to, size_t n, struct spill_reader *r, struct error *e)
{
    const void *bytes = spill_read(r, n, e);
    if (bytes)
        memcpy(to, bytes, n);
    return bytes != NULL;
}

static struct text restore_state(struct measure *m, struct spill_reader *const *run, uint32_t n,
                                 struct arena *a, struct error *e)
{
    union measure_state all = {0}, part;
    for (uint32_t i = 0; i < n; i++) {
        if (!read_into(&part, m->is->size, run[i], e))
            return failure;
        m->is->merge(m, &all, &part);
    }
    return m->is->text(m, &all, 0, a);
}

static struct text restore_totals(struct measure *m, struct spill_reader *const *run, uint32_t n,
                                  struct arena *a, struct error *e)
{
    struct sum all[2] = {{{0}, {0}, 0, 0}, {{0}, {0}, 0, 0}}, part[2];
    for (uint32_t i = 0; i < n; i++) {
        if (!read_into(part, sizeof part, run[i], e))
            return failure;
        if (!sum_merge(&all[0], &part[0]) || !sum_merge(&all[1], &part[1])) {
            error_set(e, EX_DATAERR, NOWHERE, "a sum outgrows 77 digits; round first");
            return failure;
        }
    }
    return measure_total_text(m, &all[0], &all[1], a);
}

/* The values of one group in several runs, in one order. */
struct stream {
    struct spill_reader *run;
    uint64_t left;
    struct quantile_item item;
    struct text text;
};

struct streams {
    struct stream *stream;
    struct heap heap;
    bool texts;
};

static bool stream_before(const void *context, uint32_t a, uint32_t b)
{
    const struct streams *s = context;
    const struct stream *x = &s->stream[a], *y = &s->stream[b];
    return s->texts ? text_compare(x->text, y->text) < 0
                    : quantile_item_compare(&x->item, &y->item) < 0;
}

/* The next value, where there is one. */
static bool stream_read(const struct streams *s, struct stream *t, struct error *e)
{
    t->left--;
    if (!s->texts)
        return read_into(&t->item, sizeof t->item, t->run, e);
    return read_into(&t->text.len, sizeof t->text.len, t->run, e) &&
           (t->text.at = spill_read(t->run, t->text.len, e)) != NULL;
}

static bool streams_begin(struct streams *s, uint32_t n, struct error *e)
{
    for (uint32_t i = 0; i < n; i++) {
        if (s->stream[i].left == 0)
            continue;
        if (!stream_read(s, &s->stream[i], e))
            return false;
        heap_push(&s->heap, i);
    }
    return true;
}

static bool streams_next(struct streams *s, struct error *e)
{
    struct stream *top = &s->stream[s->heap.item[0]];
    if (top->left == 0)
        heap_pop(&s->heap);
    else if (stream_read(s, top, e))
        heap_sink(&s->heap);
    else
        return false;
    return true;
}

static struct streams streams_new(struct spill_reader *const *run, uint32_t n, bool texts,
                                  struct arena *a)
{
    struct streams s = {.texts = texts, .stream = arena_zarray(a, n, sizeof *s.stream)};
    s.heap = (struct heap){arena_array(a, n, sizeof *s.heap.item), 0, stream_before, NULL};
    for (uint32_t i = 0; i < n; i++)
        s.stream[i].run = run[i];
    return s;
}

static struct text restore_values(struct measure *m, struct spill_reader *const *run, uint32_t n,
                                  struct arena *a, struct error *e)
{
    struct streams s = streams_new(run, n, false, a);
    struct quantile_walk walk = {0};
    s.heap.context = &s;
    (void)m;
    for (uint32_t i = 0; i < n; i++) {
        struct sum weight;
        if (!read_into(&weight, sizeof weight, run[i], e) ||
            !read_into(&s.stream[i].left, sizeof s.stream[i].left, run[i], e))
            return failure;
        sum_merge(&walk.reached, &weight);
    }
    if (!streams_begin(&s, n, e))
        return failure;
    while (s.heap.count) {
        quantile_step(&walk, &s.stream[s.heap.item[0]].item);
        if (!streams_next(&s, e))
            return failure;
    }
    return quantile_text(&walk, a);
}

/* Texts are counted where they differ from the one before, which is kept in `last`. */
static bool count_texts(struct streams *s, uint64_t *count, struct error *e)
{
    char *last = NULL;
    size_t room = 0;
    struct text before = {NULL, 0};
    bool good = true;
    while (good && s->heap.count) {
        struct text t = s->stream[s->heap.item[0]].text;
        if (!before.at || !text_equal(t, before)) {
            ++*count;
            last = memory_grow(last, &room, t.len + (size_t)1, 1);
            memcpy(last, t.at, t.len);
            before = (struct text){last, t.len};
        }
        good = streams_next(s, e);
    }
    free(last);
    return good;
}

static struct text restore_texts(struct measure *m, struct spill_reader *const *run, uint32_t n,
                                 struct arena *a, struct error *e)
{
    struct streams s = streams_new(run, n, true, a);
    union measure_state state = {0};
    s.heap.context = &s;
    for (uint32_t i = 0; i < n; i++)
        if (!read_into(&s.stream[i].left, sizeof s.stream[i].left, run[i], e))
            return failure;
    if (!streams_begin(&s, n, e) || !count_texts(&s, &state.count, e))
        return failure;
    return m->is->text(m, &state, 0, a);
}

struct text measure_restore(struct measure *m, struct spill_reader *const *run, uint32_t n,
                            struct arena *a, struct error *e)
{
    if (m->kind == MEASURE_SUM || m->kind == MEASURE_MEAN)
        return restore_totals(m, run, n, a, e);
    if (m->kind == MEASURE_QUANTILE)
        return restore_values(m, run, n, a, e);
    if (m->kind == MEASURE_DISTINCT)
        return restore_texts(m, run, n, a, e);
    return restore_state(m, run, n, a, e);
}
