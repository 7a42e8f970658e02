/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sums by unit, domain and level of a column: a fold that lies within the one of the same keys.
 *
 * As long as levels are few, a cell needs no look-up: it lies behind the sums of the cell of the
 * fold above, and holds a count and a weight.  At the end those that some record is in become
 * cells as in every fold, in the order of the fold above.  With more levels, or weights beyond 64
 * bits, the cells are pairs of unit and domain from then on.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "stages/estimate.h"

enum { WIDEST = 4, AHEAD = 32, MOST_CELLS = 1 << 29 }; /* WIDEST: see match_levels() */

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

/* Where the cells of each fold of levels lie in the rows of the fold above. */
static void lay_out(struct fold *above)
{
    uint32_t at = (above->words + 1) / 2;
    for (struct fold *l = above->levels; l; l = l->next) {
        l->at = at;
        at += l->slots;
    }
    above->stride = 2 * at;
    for (struct fold *l = above->levels; l; l = l->next) {
        l->width = l->slots ? at : 0;
        l->weight.width = l->width;
        l->weight.at = l->at;
        l->weight.slots = l->slots;
    }
    for (uint32_t i = 0; i < above->firsts; i++)
        above->first[i].stride = above->first[i].stride ? above->stride : 0;
    above->weight.stride = above->weight.stride ? above->stride : 0;
}

void levels_open(struct fold *f)
{
    f->by_level = arena_zalloc(f->arena, sizeof *f->by_level);
    f->by_level->arena = arena_new();
    f->by_level->levels = groups_new(1);
    f->by_level->index = pair_index_new();
    f->next = f->above->levels;
    f->number = f->next ? f->next->number + 1 : 0;
    f->above->levels = f;
    f->slots = 1;
    lay_out(f->above);
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

void levels_lend(struct fold *f)
{
    f->row = f->above->row;
    f->cells = f->above->cells * f->width;
    fold_lend(f);
}

/* Copies the rows above to where `slots` of a fold of levels (0: none) have room. */
static void resize(struct fold *f, uint32_t slots)
{
    struct fold *above = f->above;
    uint32_t had = above->stride, folds = f->above->levels->number + 1, *at, *room;
    at = memory_alloc(folds * sizeof *at);
    room = memory_alloc(folds * sizeof *room);
    for (const struct fold *l = above->levels; l; l = l->next) {
        at[l->number] = l->at;
        room[l->number] = l == f && slots < l->slots ? slots : l->slots;
    }
    f->slots = slots;
    lay_out(above);
    int64_t *row = memory_zalloc((size_t)above->cells * above->stride * sizeof *row + 1);
    for (size_t c = 0; c < above->cells; c++) {
        const int64_t *from = above->row + c * had;
        int64_t *to = row + c * above->stride;
        memcpy(to, from, above->words * sizeof *row);
        for (const struct fold *l = above->levels; l; l = l->next)
            memcpy(to + 2 * l->at, from + 2 * at[l->number], 2 * room[l->number] * sizeof *row);
    }
    free(at);
    free(room);
    fold_take_rows(above, row, above->cells);
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
    for (uint32_t a = 0; a < old.cells / old.width; a++)
        for (uint32_t k = 0; k < old.slots; k++) {
            uint32_t c = a * old.width + old.at + k;
            if (fold_records(&old, c) == 0)
                continue;
            uint32_t domain = domain_of(f, fold_domain(f->above, a), k);
            uint32_t cell = fold_cell(f, fold_unit(f->above, a), domain);
            f->row[(size_t)cell * f->stride] = fold_records(&old, c);
        }
    fold_lend(f);
    for (uint32_t a = 0, cell = 0; a < old.cells / old.width; a++)
        for (uint32_t k = 0; k < old.slots; k++) {
            uint32_t c = a * old.width + old.at + k;
            struct sum w = tally_sum(&old.weight, c);
            if (fold_records(&old, c))
                tally_put(&f->weight, f->cells, cell++, &w);
        }
    if (!old.weight.stride)
        tally_free(&old.weight);
    resize(f, 0);
}

void levels_fit(struct fold *f)
{
    uint32_t levels = groups_count(f->by_level->levels), slots = f->slots;
    while (slots && slots < levels)
        slots *= 2;
    if (slots > WIDEST || (uint64_t)f->above->cells * (f->width + slots) > MOST_CELLS)
        levels_apart(f);
    else if (slots > f->slots)
        resize(f, slots);
}

/* A number for each text of up to 7 bytes, 0 for the empty one; LONG for all longer ones, NONE for
 * no text. */
#define LONG UINT64_MAX
#define NONE ((uint64_t)1)
static inline uint64_t word_of(struct text t)
{
    if (t.len >= 8)
        return LONG;
    return t.len ? text_word(t.at, t.len) ^ (uint64_t)t.len << 56 : 0;
}

/* The words of the levels; false: there is none yet, or a long one. */
static bool level_words(const struct groups *known, uint64_t *of)
{
    uint32_t levels = groups_count(known);
    bool few = levels > 0;
    for (uint32_t k = 0; k < WIDEST; k++) {
        of[k] = k < levels ? word_of(*group_key(known, k)) : NONE;
        few = few && of[k] != LONG;
    }
    return few;
}

/* Each row is compared with every level, without a branch; -> how many have another one. */
static uint32_t match_levels(const struct text *text, const uint64_t *of, uint32_t rows,
                             uint32_t *level)
{
    uint32_t strange = 0;
    for (uint32_t i = 0; i < rows; i++) {
        uint64_t word = word_of(text[i]);
        uint32_t k = word == of[1] ? 1 : word == of[0] ? 0 : TALLY_SKIP;
        k = word == of[2] ? 2 : k;
        k = word == of[3] ? 3 : k;
        strange += k == TALLY_SKIP && word != 0;
        level[i] = k;
    }
    return strange;
}

/* The levels of the rows; while they are few and short, by comparing with each. */
static void find_levels(struct fold *f, const struct batch *b, const bool *use, uint32_t *level)
{
    const uint32_t column = (uint32_t)f->level;
    struct groups *known = f->by_level->levels;
    uint64_t of[WIDEST];
    bool few = f->width && level_words(known, of);
    /* A level that is new is found as usual; rows that are not used have a level here too. */
    if (!few || match_levels(batch_text(b, column), of, b->rows, level) > 0)
        rows_group(known, &column, 1, b, use, &f->scattered, level);
}

void levels_find(struct fold *f, const struct batch *b, const bool *use, uint32_t *cell,
                 uint32_t *domain)
{
    const uint32_t *above = f->above->row_domain, *above_cell = f->above->row_cell;
    find_levels(f, b, use, domain);
    /* The rows above may have moved; and cells of rows before this batch go apart before those of
     * this batch are there. */
    if (f->width)
        levels_lend(f);
    levels_fit(f);
    grow_few(f);
    for (uint32_t i = 0; i < b->rows; i++) {
        uint32_t level = domain[i];
        cell[i] = domain[i] = TALLY_SKIP;
        if (level == TALLY_SKIP || above[i] == TALLY_SKIP)
            continue;
        domain[i] = f->width ? few_domain(f, above[i], level) : domain_of(f, above[i], level);
        if (above_cell[i] != TALLY_SKIP)
            cell[i] = above_cell[i] * f->width + f->at + level;
    }
}

/* ---- several workers ---- */

void levels_align(struct fold *into, struct fold *from)
{
    struct groups *levels = into->by_level->levels;
    for (uint32_t k = 0; k < groups_count(from->by_level->levels); k++) {
        uint32_t as = group_find(levels, group_key(from->by_level->levels, k), NULL);
        if (k < WIDEST)
            from->by_level->as[k] = as;
    }
    levels_fit(into);
    if (!into->width || !from->width) {
        levels_apart(into);
        levels_apart(from);
    }
}

uint32_t *levels_cells(struct fold *into, const struct fold *from, const uint32_t *above)
{
    uint32_t *cell = memory_alloc((size_t)from->cells * sizeof *cell), rows = from->above->cells;
    memset(cell, 0xff, (size_t)from->cells * sizeof *cell);
    levels_lend(into);
    for (uint32_t a = 0; a < rows; a++)
        for (uint32_t k = 0, c = a * from->width + from->at; k < from->slots; k++, c++)
            if (fold_records(from, c))
                cell[c] =
                    above[a] * into->width + into->at + (from->turned ? k : from->by_level->as[k]);
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

/* The levels of v's rows get the numbers that they have in `like`, whose rows are laid out alike.
 */
void levels_turn(struct fold *v, const struct fold *like)
{
    int64_t row[2 * WIDEST];
    size_t size = 2 * v->slots * sizeof *row;
    bool turned = v->at == like->at && v->width == like->width && v->slots == like->slots;
    for (uint32_t a = 0; turned && a < v->above->cells; a++) {
        int64_t *at = v->row + 2 * ((size_t)a * v->width + v->at);
        memcpy(row, at, size);
        memset(at, 0, size);
        for (uint32_t k = 0; k < levels_count(v); k++)
            memcpy(at + 2 * (size_t)v->by_level->as[k], row + 2 * (size_t)k, 2 * sizeof *row);
    }
    v->turned = turned;
}

uint32_t levels_count(const struct fold *f)
{
    return groups_count(f->by_level->levels);
}

bool levels_match(const struct fold *f, const struct fold *from)
{
    bool same = f->at == from->at && f->width == from->width && f->slots == from->slots;
    return same && from->turned;
}

/* ---- the end ---- */

/* The cells of some domains above, level by level. */
struct emitting {
    struct fold *fold;
    const struct fold
        *dense; /* what the fold was, and lies in the rows above, which are in order */
    uint32_t levels;
    uint32_t *from; /* of each domain above and level: cells before its own */
};

static const int64_t *row_of(const struct emitting *e, uint32_t i, uint32_t level)
{
    const struct fold *d = e->dense;
    return d->row + ((size_t)i * d->width + d->at + level) * d->stride;
}

/* Cells that some record is in, counted. */
static void count_part(void *context, uint64_t domain)
{
    const struct emitting *e = context;
    const struct fold *above = e->fold->above;
    uint32_t *count = e->from + (size_t)domain * e->levels + 1;
    for (uint32_t i = above->start[domain]; i < above->stop[domain]; i++) {
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
    f->width = 0; /* the rows are its own */
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
}
