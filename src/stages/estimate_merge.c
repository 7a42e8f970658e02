/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What several workers have summed, put together.
 *
 * Sums and counts add up to the same in any order; units and values of records carry their place in
 * the input, by which they are sorted at the end.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "stages/estimate.h"
#include "stages/estimate_replicate.h"

enum { LINE_BITS = 40, AHEAD = 32 };

static uint64_t moved(uint64_t origin, const uint32_t *file)
{
    return (uint64_t)file[origin >> LINE_BITS] << LINE_BITS |
           (origin & (((uint64_t)1 << LINE_BITS) - 1));
}

/* ---- the frame ---- */

struct named {
    struct text name;
    uint32_t number;
};

static int compare_names(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    return text_compare(a->name, b->name);
}

void frame_sort_origins(const struct frame *f, uint64_t *origin, size_t count)
{
    struct named name[FRAME_FILES];
    uint32_t rank[FRAME_FILES] = {0};
    for (uint32_t i = 0; i < f->files; i++)
        name[i] = (struct named){f->file[i], i};
    qsort(name, f->files, sizeof *name, compare_names);
    for (uint32_t i = 0; i < f->files; i++)
        rank[name[i].number] = i;
    for (size_t i = 0; i < count; i++)
        origin[i] = moved(origin[i], rank);
}

static void merge_files(struct step *step, struct frame *f, const struct frame *from,
                        uint32_t *file)
{
    for (uint32_t i = 0; i < from->files; i++) {
        uint32_t k = 0;
        while (k < f->files && !text_equal(f->file[k], from->file[i]))
            k++;
        if (k == f->files && k < FRAME_FILES)
            f->file[f->files++] = text_copy(step_arena(step), from->file[i]);
        file[i] = k < FRAME_FILES ? k : FRAME_FILES - 1;
    }
}

static int refuse_unit(struct step *step, const char *why)
{
    return step_fail(step, EX_DATAERR, NOWHERE, "%s", why);
}

/* The numbers that a unit was read with. */
static int merge_numbers(struct step *step, struct frame *f, const struct frame *from,
                         uint32_t unit, uint32_t other, bool fresh)
{
    for (uint32_t s = 0; s < f->fpcs; s++) {
        if (f->fpc[s] == NO_COLUMN)
            continue;
        f->population[s] =
            memory_grow(f->population[s], &f->fpc_room[s], (size_t)unit + 1, sizeof(double));
        if (fresh)
            f->population[s][unit] = from->population[s][other];
        else if (f->population[s][unit] != from->population[s][other])
            return refuse_unit(step, "--fpc differs within a unit of the sample");
    }
    if (!from->chance)
        return STEP_OK;
    f->chance = memory_grow(f->chance, &f->probability_room, (size_t)unit + 1, sizeof(double));
    if (fresh)
        f->chance[unit] = from->chance[other];
    else if (f->chance[unit] != from->chance[other])
        return refuse_unit(step, "--probability differs within a unit of the sample");
    return STEP_OK;
}

static int merge_alone(struct step *step, struct frame *f, const struct text *key, uint32_t stratum)
{
    bool fresh;
    uint32_t alone = group_find(f->alone, key + f->strata_columns, &fresh);
    f->alone_stratum =
        memory_grow(f->alone_stratum, &f->alone_room, (size_t)alone + 1, sizeof *f->alone_stratum);
    if (fresh)
        f->alone_stratum[alone] = stratum;
    if (f->alone_stratum[alone] == stratum)
        return STEP_OK;
    return refuse_unit(step,
                       "the same PSU stands in two strata; if strata number their PSUs alike, "
                       "say --nest");
}

int frame_merge(struct step *step, struct frame *f, const struct frame *from, uint32_t *unit,
                uint32_t *file)
{
    uint32_t *stratum = arena_array(step_arena(step), groups_count(from->strata), sizeof *stratum);
    merge_files(step, f, from, file);
    f->made += from->made;
    groups_merge(f->strata, from->strata, stratum);
    if (!f->by_record)
        groups_merge(f->unit, from->unit, unit);
    for (uint32_t u = 0; u < from->units; u++) {
        const struct text *key = f->by_record ? NULL : group_key(from->unit, u);
        if (f->by_record)
            unit[u] = f->units;
        bool fresh = unit[u] >= f->units;
        if (fresh) {
            f->stratum_of = memory_grow(f->stratum_of, &f->stratum_room, (size_t)unit[u] + 1,
                                        sizeof *f->stratum_of);
            f->stratum_of[unit[u]] = stratum[from->stratum_of[u]];
            f->units = unit[u] + 1;
        }
        if (fresh && f->by_record) {
            f->origin = memory_grow(f->origin, &f->origin_room, f->units, sizeof *f->origin);
            f->origin[unit[u]] = moved(from->origin[u], file);
        }
        if (merge_numbers(step, f, from, unit[u], u, fresh) != STEP_OK)
            return STEP_FAIL;
        if (fresh && key && !f->nest &&
            merge_alone(step, f, key, f->stratum_of[unit[u]]) != STEP_OK)
            return STEP_FAIL;
    }
    return STEP_OK;
}

/* ---- a fold ---- */

/* What the cells of another worker's table are here. */
static uint32_t *merge_table(struct fold *into, const struct fold *from, const uint32_t *unit,
                             const uint32_t *domain)
{
    uint32_t *cell = memory_alloc((size_t)from->cells * sizeof *cell);
    for (uint32_t u = 0, c = 0; c < from->cells; u++)
        for (uint32_t d = 0; d < from->span; d++, c++)
            cell[c] = fold_records(from, c) ? fold_cell(into, unit[u], domain[d]) : TALLY_SKIP;
    return cell;
}

/* What the cells of another worker are here; those without a record are left out. */
static uint32_t *merge_cells(struct fold *into, const struct fold *from, const uint32_t *unit,
                             const uint32_t *domain)
{
    if (from->span)
        return merge_table(into, from, unit, domain);
    uint32_t *cell = memory_alloc((size_t)from->cells * sizeof *cell);
    for (uint32_t c = 0; c < from->cells; c++) {
        uint32_t next = c + AHEAD;
        if (!into->span && next < from->cells)
            pair_index_ask(into->index, unit[from->unit[next]], domain[from->domain[next]]);
        cell[c] = fold_cell(into, unit[from->unit[c]], domain[from->domain[c]]);
    }
    return cell;
}

static void merge_store(struct store *s, const struct store *o, const uint32_t *unit,
                        const uint32_t *file, const uint32_t *domain)
{
    size_t want = (size_t)s->count + o->count;
    s->x = memory_grow(s->x, &s->x_room, want, sizeof *s->x);
    s->w = memory_grow(s->w, &s->w_room, want, sizeof *s->w);
    s->unit = memory_grow(s->unit, &s->unit_room, want, sizeof *s->unit);
    s->domain = memory_grow(s->domain, &s->domain_room, want, sizeof *s->domain);
    s->origin = memory_grow(s->origin, &s->origin_room, want, sizeof *s->origin);
    for (uint32_t i = 0; i < o->count; i++, s->count++) {
        s->x[s->count] = o->x[i];
        s->w[s->count] = o->w[i];
        s->unit[s->count] = unit[o->unit[i]];
        s->domain[s->count] = domain[o->domain[i]];
        s->origin[s->count] = moved(o->origin[i], file);
    }
}

/* Both lie in the rows, at one scale; or beside them, from the beginning. */
static bool are_alike(const struct tally *a, const struct tally *b)
{
    bool lent = a->stride && b->stride && a->scale == b->scale;
    return !a->wide && !b->wide && (lent || (!a->stride && !b->stride));
}

bool folds_alike(const struct fold *a, const struct fold *b)
{
    bool alike = are_alike(&a->weight, &b->weight);
    for (uint32_t i = 0; i < a->firsts; i++)
        alike = alike && are_alike(&a->first[i], &b->first[i]);
    return alike;
}

/* The rows of cells as they are; false: nothing is added, sums are merged one by one. */
static bool merge_rows(struct fold *into, const struct fold *from, const uint32_t *cell)
{
    const struct tally_rows rows = {from->row, from->stride, from->words};
    return folds_alike(into, from) &&
           tally_add_values(into->row, into->stride, cell, from->cells, &rows);
}

static bool merge_weights(struct fold *into, const struct fold *from, const uint32_t *cell)
{
    for (uint32_t c = 0; c < from->cells; c++)
        if (cell[c] != TALLY_SKIP)
            into->row[(size_t)cell[c] * into->stride] += from->row[(size_t)c * from->stride];
    return tally_merge(&into->weight, into->cells, cell, &from->weight, from->cells);
}

bool fold_merge_cells(struct fold *into, const struct fold *from, const struct requests *r,
                      const uint32_t *cell)
{
    bool done = merge_rows(into, from, cell), good = done || merge_weights(into, from, cell);
    if (into->bare)
        return good;
    for (uint32_t i = 0; i < r->firsts && good; i++)
        if (r->first[i].base == i && !(done && into->first[i].stride))
            good = tally_merge(&into->first[i], into->cells, cell, &from->first[i], from->cells);
    for (uint32_t i = 0; i < r->seconds; i++)
        if (r->second[i].cells)
            product_tally_merge(&into->second[i], into->cells, cell, &from->second[i], from->cells);
    return good;
}

void fold_merge_seconds(struct fold *into, const struct fold *from, const struct requests *r,
                        const uint32_t *domain)
{
    for (uint32_t i = 0; !into->bare && i < r->seconds; i++)
        if (!r->second[i].cells)
            product_tally_merge(&into->second[i], groups_count(into->domains), domain,
                                &from->second[i], groups_count(from->domains));
}

int fold_merge(struct step *step, struct fold *into, struct fold *from, const struct requests *r,
               const struct frame *frame, const uint32_t *unit, const uint32_t *file,
               uint32_t *domain)
{
    groups_merge(into->domains, from->domains, domain);
    if (!from->width)
        fold_fit(into, r, frame->units, groups_count(into->domains));
    from->merged = from->width ? levels_cells(into, from, from->above->merged)
                               : merge_cells(into, from, unit, domain);
    fold_lend(into);
    bool good = fold_merge_cells(into, from, r, from->merged) &&
                (into->bare || missing_merge(into, from, r, unit, domain));
    fold_merge_seconds(into, from, r, domain);
    if (into->weight.wide)
        levels_apart(into);
    into->unplaced += from->unplaced;
    for (uint32_t i = 0; good && !into->bare && i < r->stores; i++)
        merge_store(&into->store[i], &from->store[i], unit, file, domain);
    return good ? STEP_OK
                : step_fail(step, EX_DATAERR, NOWHERE, "sums outgrow 38 digits; round first");
}

/* ---- the larger first ---- */

static void swap_folds(struct fold **a, struct fold **b, uint32_t folds)
{
    for (uint32_t f = 0; f < folds; f++) {
        struct fold *had = a[f];
        a[f] = b[f];
        b[f] = had;
    }
}

/* The smaller of two is merged into the larger; names of files and sums of replicates do not move.
 */
static void put_larger_first(struct estimate *e, struct estimate *o)
{
    struct frame had = e->frame;
    for (uint32_t f = 0; f < e->folds; f++)
        if (e->fold[f]->parts)
            return;
    if (o->fold[0]->cells <= e->fold[0]->cells || e->replicates || o->frame.files)
        return;
    e->frame = o->frame;
    o->frame = had;
    swap_folds(e->fold, o->fold, e->folds);
    swap_folds(e->level, o->level, e->folds * e->requests.levels);
}

/* ---- the stage ---- */

/* A fold with its folds of levels; domain[] and level[] are filled. */
static int merge_fold(struct step *step, struct fold *into, struct fold *from,
                      const struct requests *r, const struct frame *frame, const uint32_t *unit,
                      const uint32_t *file, uint32_t **domain, uint32_t **level)
{
    struct arena *a = step_arena(step);
    for (struct fold *l = into->levels, *o = from->levels; l; l = l->next, o = o->next)
        levels_align(l, o);
    *domain = arena_array(a, groups_count(from->domains), sizeof **domain);
    if (fold_merge(step, into, from, r, frame, unit, file, *domain) != STEP_OK)
        return STEP_FAIL;
    for (struct fold *l = into->levels, *o = from->levels; l; l = l->next, o = o->next) {
        level[l->number] = arena_array(a, groups_count(o->domains), sizeof **level);
        if (fold_merge(step, l, o, r, frame, unit, file, level[l->number]) != STEP_OK)
            return STEP_FAIL;
        fold_free_cells(o);
    }
    fold_free_cells(from);
    return STEP_OK;
}

/* Keeps the tables of another worker as they are. */
static void adopt_fold(struct step *step, struct fold *into, struct fold *from,
                       const uint32_t *unit, uint32_t units)
{
    struct arena *a = step_arena(step);
    struct fold_part *p = arena_zalloc(a, sizeof *p);
    *p = (struct fold_part){.fold = from, .next = into->parts};
    p->unit = arena_array(a, units, sizeof *p->unit);
    memcpy(p->unit, unit, units * sizeof *unit);
    p->domain = arena_array(a, groups_count(from->domains), sizeof *p->domain);
    groups_merge(into->domains, from->domains, p->domain);
    for (struct fold *l = into->levels, *o = from->levels; l; l = l->next, o = o->next)
        levels_adopt(l, o);
    into->unplaced += from->unplaced;
    into->parts = p;
    from->adopted = true;
}

static int merge_folds(struct step *step, struct estimate *e, struct estimate *o,
                       const uint32_t *unit, const uint32_t *file)
{
    uint32_t levels = e->requests.levels;
    uint32_t **domain = arena_array(step_arena(step), e->folds, sizeof *domain);
    uint32_t **level = arena_array(step_arena(step), (size_t)e->folds * levels, sizeof *level);
    for (uint32_t f = 0; f < e->folds; f++) {
        struct fold *into = e->fold[f], *from = o->fold[f];
        if (e->lean && fold_can_view(into) && fold_can_view(from)) {
            adopt_fold(step, into, from, unit, o->frame.units);
            o->fold[f] = NULL;
            for (uint32_t l = 0; l < levels; l++)
                o->level[(size_t)f * levels + l] = NULL;
        } else if (merge_fold(step, into, from, &e->requests, &e->frame, unit, file, &domain[f],
                              level + (size_t)f * levels) != STEP_OK) {
            return STEP_FAIL;
        }
    }
    return e->replicates ? replicates_merge(step, e, o, domain, level) : STEP_OK;
}

int estimate_merge(struct step *step, struct step *from)
{
    struct estimate *e = step_state(step), *o = step_state(from);
    put_larger_first(e, o);
    uint32_t *unit = memory_alloc((size_t)o->frame.units * sizeof *unit), file[FRAME_FILES] = {0};
    int status = frame_merge(step, &e->frame, &o->frame, unit, file);
    if (status == STEP_OK)
        status = merge_folds(step, e, o, unit, file);
    free(unit);
    return status;
}

int estimate_merge_parts(struct step *step, struct estimate *e)
{
    const uint32_t file[FRAME_FILES] = {0};
    uint32_t *domain;
    uint32_t **level = arena_array(step_arena(step), e->requests.levels, sizeof *level);
    for (uint32_t f = 0; f < e->folds; f++) {
        struct fold *into = e->fold[f];
        for (struct fold *l = into->parts ? into->levels : NULL; l; l = l->next)
            levels_fit(l);
        for (struct fold_part *p; (p = into->parts) && !fold_can_view(into);) {
            p->fold->unplaced = 0; /* they are counted */
            if (merge_fold(step, into, p->fold, &e->requests, &e->frame, p->unit, file, &domain,
                           level) != STEP_OK)
                return STEP_FAIL;
            into->parts = p->next;
            fold_free(p->fold, &e->requests);
        }
    }
    return STEP_OK;
}
