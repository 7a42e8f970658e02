/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sums by unit, domain and level of a column: a fold that lies within the one of the same keys.
 *
 * As long as levels are few, a cell needs no look-up: it is number `width` x (cell of the fold
 * above) + level, and holds a count and a weight.  At the end those that some record is in become
 * cells as in every fold, in the order of the fold above.  With more levels, or weights beyond 64
 * bits, the cells are pairs of unit and domain from then on.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "stages/estimate.h"

enum { WIDEST = 4, AHEAD = 32, MOST_CELLS = 1 << 29 };

struct level_domains {
    struct arena *arena; /* for a key */
    struct groups *levels;
    struct pair_index *index; /* by domain of the fold above and level */
    uint32_t pairs, *domain;  /* of each pair */
    size_t room;
    uint32_t *few; /* of few levels: domain + 1 at above x WIDEST + level, or 0 */
    size_t few_room;
    uint32_t as[WIDEST]; /* of another worker's: what its levels are here */
};

void levels_open(struct fold *f)
{
    f->by_level = arena_zalloc(f->arena, sizeof *f->by_level);
    f->by_level->arena = arena_new();
    f->by_level->levels = groups_new(1);
    f->by_level->index = pair_index_new();
    f->width = 1;
}

void levels_free(struct fold *f)
{
    struct level_domains *l = f->by_level;
    if (!l)
        return;
    arena_free(l->arena);
    groups_free(l->levels);
    pair_index_free(l->index);
    free(l->domain);
    free(l->few);
}

/* The domain of a new pair of a domain above and a level. */
static void add_pair(struct fold *f, uint32_t above, uint32_t level)
{
    struct level_domains *l = f->by_level;
    struct text *key = arena_array(l->arena, (size_t)f->keys + 1, sizeof *key);
    if (f->keys)
        memcpy(key, group_key(f->above->domains, above), f->keys * sizeof *key);
    key[f->keys] = *group_key(l->levels, level);
    l->domain = memory_grow(l->domain, &l->room, (size_t)l->pairs + 1, sizeof *l->domain);
    l->domain[l->pairs++] = group_find(f->domains, key, NULL);
    arena_reset(l->arena);
}

static uint32_t domain_of(struct fold *f, uint32_t above, uint32_t level)
{
    struct level_domains *l = f->by_level;
    uint32_t pair = pair_index_find(l->index, above, level, l->pairs);
    if (pair == l->pairs)
        add_pair(f, above, level);
    return l->domain[pair];
}

/* Room for the domains above, as long as levels are few. */
static void grow_few(struct fold *f)
{
    struct level_domains *l = f->by_level;
    size_t want = (size_t)groups_count(f->above->domains) * WIDEST;
    l->few = memory_grow_zeroed(l->few, &l->few_room, want, sizeof *l->few);
}

static inline uint32_t few_domain(struct fold *f, uint32_t above, uint32_t level)
{
    uint32_t *at = &f->by_level->few[(size_t)above * WIDEST + level];
    if (!*at)
        *at = domain_of(f, above, level) + 1;
    return *at - 1;
}

/* Cells of all that the fold above has. */
static void grow_cells(struct fold *f)
{
    size_t had = f->cells, size = f->stride * sizeof *f->row;
    f->cells = f->above->cells * f->width;
    f->row = memory_grow(f->row, &f->row_room, f->cells, size);
    if (f->cells > had)
        memset(f->row + had * f->stride, 0, (f->cells - had) * size);
    fold_lend(f);
}

static void widen(struct fold *f, uint32_t width)
{
    size_t above = f->cells / f->width, size = f->stride * sizeof *f->row;
    int64_t *row = memory_zalloc(above * width * size + 1);
    for (size_t a = 0; a < above; a++)
        memcpy(row + a * width * f->stride, f->row + a * f->width * f->stride, f->width * size);
    free(f->row);
    f->row = row;
    f->row_room = above * width;
    f->cells = (uint32_t)f->row_room;
    f->width = width;
    fold_lend(f);
}

void levels_renumber(struct fold *f, const uint32_t *order, uint32_t n)
{
    size_t words = (size_t)f->width * f->stride, had = f->cells / f->width;
    int64_t *row = memory_zalloc(n * words * sizeof *row);
    for (uint32_t i = 0; i < n; i++) {
        if (i + AHEAD < n && order[i + AHEAD] < had)
            __builtin_prefetch(f->row + order[i + AHEAD] * words);
        if (order[i] < had)
            memcpy(row + i * words, f->row + order[i] * words, words * sizeof *row);
    }
    free(f->row);
    f->row = row;
    f->cells = n * f->width;
    f->row_room = f->cells;
    fold_lend(f);
}

void levels_apart(struct fold *f)
{
    struct fold old = *f;
    if (!f->width)
        return;
    f->row = NULL;
    f->units = f->above->units;
    f->row_room = f->cells = f->width = 0;
    f->weight = (struct tally){.stride = f->stride};
    for (uint32_t c = 0; c < old.cells; c++) {
        uint32_t a = c / old.width;
        int64_t n = old.row[(size_t)c * old.stride];
        if (n == 0)
            continue;
        uint32_t domain = domain_of(f, fold_domain(f->above, a), c % old.width);
        uint32_t cell = fold_cell(f, fold_unit(f->above, a), domain);
        f->row[(size_t)cell * f->stride] = n;
    }
    fold_lend(f);
    for (uint32_t c = 0, cell = 0; c < old.cells; c++) {
        struct sum w = tally_sum(&old.weight, c);
        if (old.row[(size_t)c * old.stride])
            tally_put(&f->weight, f->cells, cell++, &w);
    }
    tally_free(&old.weight);
    free(old.row);
}

/* Makes room for all levels that are known. */
static void fit(struct fold *f)
{
    uint32_t levels = groups_count(f->by_level->levels), width = f->width;
    while (width && width < levels)
        width *= 2;
    if (width > WIDEST || f->above->cells > MOST_CELLS)
        levels_apart(f);
    else if (width > f->width)
        widen(f, width);
}

/* A number for each short text; false: some is longer. */
static bool short_words(const struct text *text, uint32_t n, uint64_t *word)
{
    bool longer = false;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t len = text[i].len < 8 ? text[i].len : 7;
        longer |= text[i].len >= 8;
        word[i] = len ? text_word(text[i].at, len) ^ (uint64_t)len << 56 : 0;
    }
    return !longer;
}

/* The levels of the rows; while they are few and short, by comparing with each. */
static void find_levels(struct fold *f, const struct batch *b, const bool *use, uint32_t *level)
{
    const uint32_t column = (uint32_t)f->level;
    const struct text *text = batch_text(b, column);
    struct groups *known = f->by_level->levels;
    uint32_t levels = groups_count(known), rows = b->rows, strange = 0;
    uint64_t *word = arena_array(b->arena, rows, sizeof *word), of[WIDEST] = {0};
    bool few = levels > 0 && f->width && short_words(text, rows, word);
    for (uint32_t k = 0; few && k < levels; k++)
        few = short_words(group_key(known, k), 1, of + k);
    for (uint32_t i = 0; few && i < rows; i++) {
        level[i] = TALLY_SKIP;
        for (uint32_t k = 0; k < levels; k++)
            level[i] = word[i] == of[k] ? k : level[i];
        strange += level[i] == TALLY_SKIP && !text_missing(text[i]);
    }
    /* A level that is new is found as usual; rows that are not used have a level here too. */
    if (!few || strange)
        rows_group(known, &column, 1, b, use, &f->scattered, level);
}

void levels_find(struct fold *f, const struct batch *b, const bool *use, uint32_t *cell,
                 uint32_t *domain)
{
    const uint32_t *above = f->above->row_domain, *above_cell = f->above->row_cell;
    find_levels(f, b, use, domain);
    /* Cells of rows before this batch go apart before those of this batch are there. */
    fit(f);
    grow_few(f);
    for (uint32_t i = 0; i < b->rows; i++) {
        uint32_t level = domain[i];
        cell[i] = domain[i] = TALLY_SKIP;
        if (level == TALLY_SKIP || above[i] == TALLY_SKIP)
            continue;
        domain[i] = f->width ? few_domain(f, above[i], level) : domain_of(f, above[i], level);
        if (above_cell[i] != TALLY_SKIP)
            cell[i] = above_cell[i] * f->width + level;
    }
    if (f->width)
        grow_cells(f);
}

/* ---- several workers ---- */

void levels_align(struct fold *into, struct fold *from)
{
    struct groups *levels = into->by_level->levels;
    for (uint32_t k = 0; k < groups_count(from->by_level->levels); k++)
        group_find(levels, group_key(from->by_level->levels, k), NULL);
    fit(into);
    if (!into->width || !from->width) {
        levels_apart(into);
        levels_apart(from);
    }
}

uint32_t *levels_cells(struct fold *into, const struct fold *from, const uint32_t *above)
{
    uint32_t *cell = memory_alloc((size_t)from->cells * sizeof *cell), at[WIDEST] = {0};
    for (uint32_t k = 0; k < groups_count(from->by_level->levels); k++)
        at[k] = group_find(into->by_level->levels, group_key(from->by_level->levels, k), NULL);
    grow_cells(into);
    for (uint32_t a = 0, c = 0; c < from->cells; a++)
        for (uint32_t k = 0; k < from->width; k++, c++)
            cell[c] = fold_records(from, c) ? above[a] * into->width + at[k] : TALLY_SKIP;
    return cell;
}

/* ---- one domain ---- */

void levels_adopt(struct fold *into, struct fold *from)
{
    struct groups *levels = from->by_level->levels;
    uint32_t *domain = memory_alloc(groups_count(from->domains) * sizeof *domain);
    for (uint32_t k = 0; k < groups_count(levels); k++)
        from->by_level->as[k] = group_find(into->by_level->levels, group_key(levels, k), NULL);
    groups_merge(into->domains, from->domains, domain);
    free(domain);
}

uint32_t levels_number(const struct fold *f, struct text level)
{
    uint32_t levels = groups_count(f->by_level->levels);
    for (uint32_t k = 0; k < levels; k++)
        if (text_equal(*group_key(f->by_level->levels, k), level))
            return k;
    return UINT32_MAX;
}

struct fold *levels_pick(const struct fold *f, const struct fold *like, const uint32_t *cell,
                         uint32_t n, struct arena *a)
{
    uint32_t levels = groups_count(f->by_level->levels);
    uint32_t all = groups_count(like->by_level->levels);
    struct fold *v = arena_alloc(a, sizeof *v);
    *v = *f;
    v->row = arena_zarray(a, (size_t)n * all * f->stride, sizeof *v->row);
    v->cells = n * all;
    for (uint32_t i = 0; i < n; i++) {
        if (i + AHEAD < n && cell[i + AHEAD] != TALLY_SKIP)
            __builtin_prefetch(f->row + (size_t)cell[i + AHEAD] * f->width * f->stride);
        for (uint32_t k = 0; k < levels && cell[i] != TALLY_SKIP; k++) {
            size_t to = (size_t)(f == like ? k : f->by_level->as[k]) * n + i;
            memcpy(v->row + to * f->stride, f->row + ((size_t)cell[i] * f->width + k) * f->stride,
                   f->stride * sizeof *v->row);
        }
    }
    fold_lend(v);
    return v;
}

/* ---- the end ---- */

/* The cells of some domains above, level by level. */
struct emitting {
    struct fold *fold;
    const struct fold *dense; /* what the fold was */
    uint32_t levels;
    uint32_t *from; /* of each domain above and level: cells before its own */
};

static const int64_t *row_of(const struct emitting *e, uint32_t i, uint32_t level)
{
    const struct fold *above = e->fold->above;
    return e->dense->row + ((size_t)above->was[i] * e->dense->width + level) * e->dense->stride;
}

/* Cells that some record is in, counted. */
static void count_part(void *context, uint64_t domain)
{
    const struct emitting *e = context;
    const struct fold *above = e->fold->above;
    uint32_t *count = e->from + (size_t)domain * e->levels + 1;
    for (uint32_t i = above->start[domain]; i < above->stop[domain]; i++) {
        if (i + AHEAD < above->stop[domain])
            __builtin_prefetch(row_of(e, i + AHEAD, 0));
        for (uint32_t k = 0; k < e->levels; k++)
            count[k] += row_of(e, i, k)[0] != 0;
    }
}

static void copy_part(void *context, uint64_t domain)
{
    const struct emitting *e = context;
    const struct fold *above = e->fold->above;
    struct fold *f = e->fold;
    for (uint32_t k = 0; k < e->levels; k++) {
        size_t to = e->from[(size_t)domain * e->levels + k];
        for (uint32_t i = above->start[domain]; i < above->stop[domain]; i++) {
            const int64_t *row = row_of(e, i, k);
            if (i + AHEAD < above->stop[domain])
                __builtin_prefetch(row_of(e, i + AHEAD, k));
            if (row[0] == 0)
                continue;
            memcpy(f->row + to * f->stride, row, f->stride * sizeof *row);
            f->unit[to++] = above->unit[i];
        }
    }
}

static void place_domains(struct fold *f, const struct emitting *e, struct arena *a)
{
    size_t most = (size_t)f->above->known * e->levels;
    f->start = arena_zarray(a, most + groups_count(f->domains), sizeof *f->start);
    f->stop = arena_zarray(a, most + groups_count(f->domains), sizeof *f->stop);
    for (size_t i = 0; i < most; i++) {
        if (e->from[i] == e->from[i + 1])
            continue;
        uint32_t domain = domain_of(f, (uint32_t)(i / e->levels), (uint32_t)(i % e->levels));
        f->start[domain] = e->from[i];
        f->stop[domain] = e->from[i + 1];
    }
    f->known = groups_count(f->domains);
}

void levels_finish(struct step *step, struct fold *f)
{
    struct fold dense = *f;
    struct emitting e = {f, &dense, groups_count(f->by_level->levels), NULL};
    size_t most = (size_t)f->above->known * e.levels;
    e.from = arena_zarray(step_arena(step), most + 1, sizeof *e.from);
    step_each(step, count_part, &e, f->above->known);
    for (size_t i = 0; i < most; i++)
        e.from[i + 1] += e.from[i];
    uint32_t n = e.from[most];
    f->width = 0;
    f->row = memory_alloc((size_t)n * f->stride * sizeof *f->row + 1);
    f->unit = memory_alloc((size_t)n * sizeof *f->unit + 1);
    step_each(step, copy_part, &e, f->above->known);
    place_domains(f, &e, step_arena(step));
    f->cells = n;
    f->row_room = f->unit_room = n;
    f->order = arena_array(step_arena(step), n, sizeof *f->order);
    for (uint32_t i = 0; i < n; i++)
        f->order[i] = i;
    fold_lend(f);
    free(dense.row);
}
