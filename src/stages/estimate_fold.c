/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums by unit and domain, for one --by: a cell is a unit and a domain that some record is in. */
#include "stages/estimate.h"

#include <stdlib.h>

#include "base/memory.h"

enum { AHEAD = 16, PART = 1 << 16 };

void fold_lend(struct fold *f)
{
    if (f->cells == 0)
        return;
    if (f->weight.stride)
        tally_lend(&f->weight, f->row + 1, f->stride, f->cells);
    for (uint32_t i = 0; i < f->firsts; i++)
        if (f->first[i].stride)
            tally_lend(&f->first[i], f->row + f->word[i], f->stride, f->cells);
}

/* The set of x alone, if there is one: it lacks the same rows until y lacks one. */
static uint32_t same_missing(const struct requests *r, uint32_t set)
{
    for (uint32_t s = 0; s < r->sets; s++)
        if (r->set[s].x == r->set[set].x && r->set[s].y == NO_COLUMN)
            return s;
    return set;
}

static void new_sums(struct fold *f, const struct requests *r)
{
    struct arena *a = f->arena;
    f->missing = arena_zarray(a, r->sets, sizeof *f->missing);
    for (uint32_t s = 0; s < r->sets; s++)
        f->missing[s].as = same_missing(r, s);
    f->firsts = r->firsts;
    f->first = arena_zarray(a, r->firsts, sizeof *f->first);
    f->less = arena_zarray(a, r->firsts, sizeof *f->less);
    f->word = arena_zarray(a, r->firsts, sizeof *f->word);
    f->second = arena_zarray(a, r->seconds, sizeof *f->second);
    f->store = arena_zarray(a, r->stores, sizeof *f->store);
    for (uint32_t i = 0; i < r->firsts; i++)
        if (r->first[i].base == i)
            f->word[i] = f->words++;
}

struct fold *fold_new(const struct requests *r, uint32_t keys, const uint32_t *by,
                      struct fold *above, int level)
{
    struct arena *a = arena_new();
    struct fold *f = arena_zalloc(a, sizeof *f);
    f->arena = a;
    f->keys = keys;
    f->by = arena_array(a, keys, sizeof *f->by);
    for (uint32_t k = 0; k < keys; k++)
        f->by[k] = by[k];
    f->level = level;
    f->bare = level != NO_COLUMN;
    f->above = above;
    f->domains = groups_new(keys + f->bare);
    f->index = pair_index_new();
    f->words = 2;
    if (!f->bare)
        new_sums(f, r);
    f->stride = f->words;
    f->weight.stride = f->words;
    for (uint32_t i = 0; i < f->firsts; i++)
        f->first[i].stride = r->first[i].base == i ? f->words : 0;
    if (above)
        levels_open(f);
    return f;
}

static void store_free(struct store *s)
{
    free(s->x);
    free(s->w);
    free(s->unit);
    free(s->domain);
    free(s->origin);
}

void fold_free_list(struct fold *f)
{
    pair_index_free(f->index);
    free(f->unit);
    free(f->domain);
    f->index = NULL;
    f->unit = f->domain = NULL;
    f->unit_room = f->domain_room = 0;
}

void fold_free_cells(struct fold *f)
{
    fold_free_list(f);
    if (!f->width)
        free(f->row);
    f->row = NULL;
    f->cells = 0;
}

void fold_free(struct fold *f, const struct requests *r)
{
    if (!f)
        return;
    groups_free(f->domains);
    levels_free(f);
    free(f->merged);
    fold_free_cells(f);
    tally_free(&f->weight);
    for (uint32_t i = 0; !f->bare && i < r->sets; i++)
        missing_free(&f->missing[i]);
    for (uint32_t i = 0; i < f->firsts; i++) {
        tally_free(&f->first[i]);
        tally_free(&f->less[i]);
    }
    for (uint32_t i = 0; !f->bare && i < r->seconds; i++)
        product_tally_free(&f->second[i]);
    for (uint32_t i = 0; !f->bare && i < r->stores; i++)
        store_free(&f->store[i]);
    for (struct fold_part *p = f->parts; p; p = p->next)
        fold_free(p->fold != f ? p->fold : NULL, r);
    for (struct fold *l = f->adopted ? f->levels : NULL, *next; l; l = next) {
        next = l->next;
        fold_free(l, r);
    }
    arena_free(f->arena);
}

/* ---- cells ---- */

static void new_cell(struct fold *f, uint32_t unit, uint32_t domain)
{
    size_t want = (size_t)f->cells + 1;
    f->unit = memory_grow(f->unit, &f->unit_room, want, sizeof *f->unit);
    f->domain = memory_grow(f->domain, &f->domain_room, want, sizeof *f->domain);
    f->row = memory_grow(f->row, &f->row_room, want, f->stride * sizeof *f->row);
    memset(f->row + (size_t)f->cells * f->stride, 0, f->stride * sizeof *f->row);
    f->unit[f->cells] = unit;
    f->domain[f->cells] = domain;
    f->cells++;
}

uint32_t fold_cell(struct fold *f, uint32_t unit, uint32_t domain)
{
    if (f->span)
        return unit * f->span + domain;
    uint32_t cell = pair_index_find(f->index, unit, domain, f->cells);
    if (cell == f->cells)
        new_cell(f, unit, domain);
    return cell;
}

/* ---- other numbers ---- */

/* Reads do not wait for each other.  Inlined, so that a row of usual length is copied by moves. */
static inline void copy_rows(int64_t *to, const struct fold *f, const uint32_t *order,
                             uint32_t from, uint32_t end, size_t words)
{
    for (uint32_t i = from; i < end; i++) {
        if (i + AHEAD < end && order[i + AHEAD] < f->cells)
            __builtin_prefetch(f->row + order[i + AHEAD] * words);
        if (order[i] < f->cells)
            memcpy(to + i * words, f->row + order[i] * words, words * sizeof *to);
        else
            memset(to + i * words, 0, words * sizeof *to);
    }
}

void fold_copy_rows(int64_t *to, const struct fold *f, const uint32_t *order, uint32_t from,
                    uint32_t end)
{
    if (f->stride == 4)
        copy_rows(to, f, order, from, end, 4);
    else if (f->stride == 8)
        copy_rows(to, f, order, from, end, 8);
    else
        copy_rows(to, f, order, from, end, f->stride);
}

void fold_take_rows(struct fold *f, int64_t *row, uint32_t n)
{
    free(f->row);
    f->row = row;
    f->row_room = f->cells = n;
    fold_lend(f);
    for (struct fold *l = f->levels; l; l = l->next)
        if (l->width)
            levels_lend(l);
}

/* All but the rows. */
static void permute_sums(struct fold *f, const struct requests *r, const uint32_t *order,
                         uint32_t n)
{
    tally_permute(&f->weight, order, n);
    for (uint32_t i = 0; i < f->firsts; i++)
        if (r->first[i].base == i)
            tally_permute(&f->first[i], order, n);
    for (uint32_t i = 0; !f->bare && i < r->seconds; i++)
        if (r->second[i].cells)
            product_tally_permute(&f->second[i], order, n);
}

/* Whether some sums are not in the rows. */
static bool has_sums_apart(const struct fold *f, const struct requests *r)
{
    bool apart = !f->weight.stride;
    for (uint32_t i = 0; i < f->firsts; i++)
        apart |= r->first[i].base == i && !f->first[i].stride;
    for (uint32_t i = 0; !f->bare && i < r->seconds; i++)
        apart |= r->second[i].cells;
    return apart;
}

static void spread_sums(struct fold *f, const struct requests *r, const uint32_t *place,
                        uint32_t from, uint32_t n)
{
    uint32_t *order = memory_alloc((size_t)n * sizeof *order);
    memset(order, 0xff, (size_t)n * sizeof *order);
    for (uint32_t c = 0; c < from; c++)
        if (place[c] != TALLY_SKIP)
            order[place[c]] = c;
    permute_sums(f, r, order, n);
    free(order);
}

void fold_spread(struct fold *f, const struct requests *r, const uint32_t *place, uint32_t n)
{
    size_t stride = f->stride, size = stride * sizeof *f->row;
    int64_t *row = memory_zalloc_lines(n * size);
    uint32_t cells = f->cells;
    for (uint32_t c = 0; c < cells; c++)
        if (place[c] != TALLY_SKIP)
            memcpy(row + place[c] * stride, f->row + c * stride, size);
    fold_take_rows(f, row, n);
    if (has_sums_apart(f, r))
        spread_sums(f, r, place, cells, n);
}

/* ---- the end ---- */

/* Stable counting sort of order[] by key[order[i]] < keys. */
static void count_sort(uint32_t *order, uint32_t *scratch, uint32_t n, const uint32_t *key,
                       const uint32_t *map, uint32_t *start, uint32_t keys)
{
    memset(start, 0, ((size_t)keys + 1) * sizeof *start);
    for (uint32_t i = 0; i < n; i++)
        start[(map ? map[key[order[i]]] : key[order[i]]) + 1]++;
    for (uint32_t k = 0; k < keys; k++)
        start[k + 1] += start[k];
    for (uint32_t i = 0; i < n; i++)
        scratch[start[map ? map[key[order[i]]] : key[order[i]]]++] = order[i];
    if (n)
        memcpy(order, scratch, n * sizeof *order);
    for (uint32_t k = keys; k > 0; k--)
        start[k] = start[k - 1];
    start[0] = 0;
}

static uint32_t *counting(struct arena *a, uint32_t n)
{
    uint32_t *order = arena_array(a, n, sizeof *order);
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    return order;
}

static void store_finish(struct store *s, struct arena *a, const struct frame *frame,
                         uint32_t domains)
{
    uint32_t *scratch = memory_alloc((size_t)s->count * sizeof *scratch);
    frame_sort_origins(frame, s->origin, s->count);
    s->order = counting(a, s->count);
    s->start = arena_array(a, (size_t)domains + 1, sizeof *s->start);
    count_sort(s->order, scratch, s->count, s->domain, NULL, s->start, domains);
    free(scratch);
}

/* Rows of cells, a part of them at a time. */
struct copying {
    const struct fold *fold;
    const uint32_t *order;
    int64_t *row;
    uint32_t n;
};

static void copy_part(void *context, uint64_t part)
{
    const struct copying *c = context;
    uint32_t from = (uint32_t)part * PART, end = c->n - from < PART ? c->n : from + PART;
    fold_copy_rows(c->row, c->fold, c->order, from, end);
}

/* Puts the cells themselves in order, so that all that follows reads memory from front to back. */
static void order_cells(struct step *step, struct fold *f, const struct requests *r,
                        uint32_t *order, uint32_t n)
{
    struct copying c = {f, order, memory_alloc((size_t)n * f->stride * sizeof *c.row), n};
    uint32_t *unit = memory_alloc((size_t)n * sizeof *unit);
    step_each(step, copy_part, &c, ((uint64_t)n + PART - 1) / PART);
    for (uint32_t i = 0; i < n; i++)
        unit[i] = fold_unit(f, order[i]);
    fold_take_rows(f, c.row, n);
    permute_sums(f, r, order, n);
    fold_free_list(f); /* cells are not looked for any more */
    f->unit = unit;
    free(order);
    f->span = 0;
    f->order = counting(step_arena(step), n);
}

/* The cells of a list by domain and place. */
static uint32_t *list_order(const struct fold *f, const struct frame *frame, uint32_t domains,
                            uint32_t *start)
{
    uint32_t *order = memory_alloc((size_t)f->cells * sizeof *order);
    uint32_t *scratch = memory_alloc((size_t)f->cells * sizeof *scratch);
    uint32_t *leaves = memory_alloc(((size_t)frame->places + 1) * sizeof *leaves);
    for (uint32_t i = 0; i < f->cells; i++)
        order[i] = i;
    count_sort(order, scratch, f->cells, f->unit, frame->place, leaves, frame->places);
    count_sort(order, scratch, f->cells, f->domain, NULL, start, domains);
    free(leaves);
    free(scratch);
    return order;
}

void fold_finish(struct step *step, struct fold *f, const struct requests *r,
                 const struct frame *frame)
{
    struct arena *a = step_arena(step);
    uint32_t domains = groups_count(f->domains);
    if (f->width) {
        levels_finish(step, f);
        return;
    }
    f->known = domains;
    f->start = arena_array(a, (size_t)domains + 1, sizeof *f->start);
    f->stop = f->start + 1;
    uint32_t *order = (f->span ? fold_table_order : list_order)(f, frame, domains, f->start);
    order_cells(step, f, r, order, f->start[domains]);
    if (!f->bare)
        missing_order(f, r);
    for (uint32_t i = 0; !f->bare && i < r->stores; i++)
        store_finish(&f->store[i], a, frame, domains);
}
