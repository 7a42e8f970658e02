/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One domain of a fold whose cells are tables, those of all workers together.
 *
 * Where each domain is looked at once, the tables of workers are neither merged nor put in order:
 * a thread that works out a domain takes its cells from each of them, a cell for each place of the
 * design, and adds them up.  That is a few hundred KiB, which its caches hold for all statistics.
 * The fold that is returned has what fold_finish() makes, of this domain alone.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "stages/estimate.h"

static bool is_narrow(const struct fold *f)
{
    return f->weight.stride && !f->weight.wide;
}

bool fold_can_view(const struct fold *f)
{
    bool good = f->span && is_narrow(f);
    for (const struct fold *l = f->levels; l; l = l->next)
        good = good && l->width && is_narrow(l);
    return good;
}

/* Its own cells are a part like those of the others. */
static struct fold_part *own_part(struct fold *f, struct arena *a)
{
    struct fold_part *own = arena_zalloc(a, sizeof *own);
    *own = (struct fold_part){.fold = f, .next = f->parts};
    return own;
}

/* Which number has place i, or domain i, in a part?  is[k]: where its number k stands (NULL: all
 * numbers are the same); place: of what it stands for, or NULL. */
static uint32_t *turned(const uint32_t *is, uint32_t count, const uint32_t *place, uint32_t most,
                        struct arena *a)
{
    uint32_t *of = arena_array(a, most, sizeof *of);
    memset(of, 0xff, most * sizeof *of);
    for (uint32_t k = 0; k < count; k++) {
        uint32_t to = is ? is[k] : k;
        of[place ? place[to] : to] = k;
    }
    return of;
}

/* What a domain adds up to has the scale of all parts, also where only one of them has it. */
static void join_parts(struct fold *f)
{
    for (const struct fold_part *p = f->parts; p; p = p->next) {
        tally_join(&f->weight, &p->fold->weight);
        for (uint32_t i = 0; i < f->firsts; i++)
            tally_join(&f->first[i], &p->fold->first[i]);
        for (struct fold *l = f->levels, *m = p->fold->levels; l; l = l->next, m = m->next)
            tally_join(&l->weight, &m->weight);
    }
}

int fold_open_views(struct step *step, struct fold *f, const struct requests *r,
                    const struct frame *frame)
{
    struct arena *a = step_arena(step);
    bool good = true;
    for (struct fold_part *p = f->parts; p; p = p->next) {
        fold_merge_seconds(f, p->fold, r, p->domain);
        good = good && missing_merge(f, p->fold, r, p->unit, p->domain);
    }
    f->known = groups_count(f->domains);
    f->parts = own_part(f, a);
    for (struct fold_part *p = f->parts; p; p = p->next) {
        uint32_t units = p->fold->units, domains = groups_count(p->fold->domains);
        p->unit_at = turned(p->unit, units, frame->place, frame->places, a);
        p->of = turned(p->domain, domains, NULL, f->known, a);
    }
    join_parts(f);
    missing_order(f, r);
    for (struct fold *l = f->levels; l; l = l->next)
        l->known = groups_count(l->domains);
    f->viewed = true;
    return good ? STEP_OK
                : step_fail(step, EX_DATAERR, NOWHERE, "sums outgrow 38 digits; round first");
}

/* ---- a part ---- */

/* Those cells of a fold, with no others. */
static struct fold *pick(const struct fold *f, const struct requests *r, const uint32_t *cell,
                         uint32_t n, struct arena *a)
{
    struct fold *v = arena_alloc(a, sizeof *v);
    *v = *f;
    v->row = arena_array(a, (size_t)n * f->stride, sizeof *v->row);
    v->cells = n;
    fold_copy_rows(v->row, f, cell, 0, n);
    v->first = arena_zarray(a, r->firsts, sizeof *v->first);
    for (uint32_t i = 0; i < r->firsts; i++)
        if (r->first[i].base == i)
            tally_pick(&v->first[i], &f->first[i], cell, n);
    fold_lend(v);
    return v;
}

/* The folds of levels, whose cells lie in the rows of v. */
static void pick_levels(struct fold *v, const struct fold *f, struct arena *a)
{
    struct fold **at = &v->levels;
    for (const struct fold *l = f->levels; l; l = l->next, at = &(*at)->next) {
        *at = arena_alloc(a, sizeof **at);
        **at = *l;
        (*at)->above = v;
        levels_lend(*at);
    }
}

/* A domain of a part. */
static struct fold *pick_part(const struct fold_part *p, const struct requests *r,
                              const struct frame *frame, uint32_t domain, struct arena *a)
{
    const struct fold *f = p->fold;
    uint32_t n = frame->places, own = p->of[domain], *cell = arena_array(a, n, sizeof *cell);
    for (uint32_t i = 0; i < n; i++)
        cell[i] = own == TALLY_SKIP || p->unit_at[i] == TALLY_SKIP ? TALLY_SKIP
                                                                   : p->unit_at[i] * f->span + own;
    struct fold *v = pick(f, r, cell, n, a);
    pick_levels(v, f, a);
    return v;
}

/* ---- all parts ---- */

/* All sums of two at once; false: they are no such rows, or outgrow 64 bits. */
static bool add_rows(struct fold *v, const struct fold *part, const uint32_t *cell)
{
    const struct tally_rows rows = {part->row, part->stride, part->stride};
    bool same = v->stride == part->stride && folds_alike(v, part);
    for (struct fold *l = v->levels, *m = part->levels; m; l = l->next, m = m->next)
        same = same && levels_match(l, m) && folds_alike(l, m);
    return same && tally_add_values(v->row, v->stride, cell, v->cells, &rows);
}

static bool add_part(struct fold *v, const struct fold *part, const struct requests *r,
                     struct arena *a)
{
    for (struct fold *l = v->levels, *m = part->levels; m; l = l->next, m = m->next)
        levels_turn(m, l);
    uint32_t *cell = arena_array(a, v->cells, sizeof *cell);
    for (uint32_t i = 0; i < v->cells; i++)
        cell[i] = i;
    if (add_rows(v, part, cell))
        return true;
    bool good = fold_merge_cells(v, part, r, cell);
    for (struct fold *l = v->levels, *m = part->levels; m; l = l->next, m = m->next) {
        uint32_t *level = levels_cells(l, m, cell);
        good = good && fold_merge_cells(l, m, r, level);
        free(level);
    }
    return good;
}

/* The cells that hold records, all of one domain; cell i is that of place i. */
static void list_cells(struct fold *v, const struct frame *frame, struct arena *a)
{
    uint32_t *end = arena_zarray(a, 2, sizeof *end);
    v->order = arena_array(a, v->cells, sizeof *v->order);
    v->unit = frame->unit_at;
    v->start = end;
    v->stop = end + 1;
    for (uint32_t c = 0; c < v->cells; c++) {
        v->order[end[1]] = c;
        end[1] += fold_records(v, c) > 0;
    }
}

struct fold *fold_view(const struct fold *f, const struct requests *r, const struct frame *frame,
                       uint32_t domain, struct arena *a)
{
    struct fold *v = pick_part(f->parts, r, frame, domain, a);
    bool good = true;
    for (const struct fold_part *p = f->parts->next; p && good; p = p->next) {
        struct fold *part = p->of[domain] == TALLY_SKIP ? NULL : pick_part(p, r, frame, domain, a);
        good = !part || add_part(v, part, r, a);
        if (part)
            fold_view_free(part, r);
    }
    if (!good) {
        fold_view_free(v, r);
        return NULL;
    }
    v->from = domain;
    v->second = f->second;
    v->missing = f->missing;
    v->less = f->less;
    v->span = 0;
    list_cells(v, frame, a);
    return v;
}

void fold_view_free(struct fold *v, const struct requests *r)
{
    tally_free(&v->weight);
    for (uint32_t i = 0; i < r->firsts; i++)
        tally_free(&v->first[i]);
    for (struct fold *l = v->levels; l; l = l->next)
        tally_free(&l->weight);
}
