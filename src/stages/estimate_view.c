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
    for (struct fold *l = f->levels; l; l = l->next)
        l->known = groups_count(l->domains);
    for (uint32_t s = 0; s < r->sets; s++)
        missing_order(&f->missing[s], f->known, a);
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
    v->row = arena_zarray(a, (size_t)n * f->stride, sizeof *v->row);
    v->cells = n;
    fold_copy_rows(v->row, f, cell, 0, n);
    v->first = arena_zarray(a, r->firsts, sizeof *v->first);
    v->less = arena_zarray(a, r->firsts, sizeof *v->less);
    v->missing = arena_zarray(a, r->sets, sizeof *v->missing);
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

/* start[], stop[] and order[] of `domains`; cell i of each is number i x width + at + domain. */
static void list_cells(struct fold *v, uint32_t domains, uint32_t width, uint32_t at,
                       const struct frame *frame, struct arena *a)
{
    uint32_t places = frame->places, n = 0;
    v->order = arena_array(a, (size_t)places * domains, sizeof *v->order);
    v->unit = arena_array(a, (size_t)places * width, sizeof *v->unit);
    v->start = arena_array(a, domains, sizeof *v->start);
    v->stop = arena_array(a, domains, sizeof *v->stop);
    v->span = 0;
    for (uint32_t d = 0; d < domains; d++) {
        v->start[d] = n;
        for (uint32_t i = 0, c = at + d; i < places; i++, c += width) {
            if (fold_records(v, c) == 0)
                continue;
            v->unit[c] = frame->unit_at[i];
            v->order[n++] = c;
        }
        v->stop[d] = n;
    }
}

/* What the cells of a domain lack, by place. */
static void spread_missing(struct fold *v, const struct fold *f, const struct requests *r,
                           const struct frame *frame, uint32_t domain, struct arena *a)
{
    uint32_t n = frame->places, **entry = arena_zarray(a, r->sets, sizeof *entry);
    v->missing = arena_array(a, r->sets, sizeof *v->missing);
    v->less = arena_zarray(a, r->firsts, sizeof *v->less);
    for (uint32_t s = 0; s < r->sets; s++) {
        const struct missing *m = &f->missing[s];
        v->missing[s] = (struct missing){.as = m->as};
        if (m->entries == 0 || m->start[domain] == m->start[domain + 1])
            continue;
        entry[s] = arena_array(a, n, sizeof **entry);
        memset(entry[s], 0xff, n * sizeof **entry);
        for (uint32_t i = m->start[domain]; i < m->start[domain + 1]; i++)
            entry[s][frame->place[m->unit[m->order[i]]]] = m->order[i];
    }
    missing_spread(v, f, r, entry, n);
}

/* Statistics share sums, and a division takes its time. */
static void find_reals(struct fold *v, const struct requests *r, uint32_t n, struct arena *a)
{
    v->weights = arena_array(a, v->cells, sizeof *v->weights);
    v->firsts_of = arena_array(a, v->firsts, sizeof *v->firsts_of);
    tally_reals(&v->weight, v->order, n, v->weights);
    for (uint32_t i = 0; i < v->firsts; i++) {
        const struct tally *base = &v->first[r->first[i].base], *less = &v->less[i];
        long double *of = v->firsts_of[i] = arena_array(a, v->cells, sizeof *of);
        if (less->room == 0)
            tally_reals(base, v->order, n, of);
        for (uint32_t k = 0; k < n && less->room; k++)
            of[v->order[k]] = tally_difference(base, less, v->order[k]);
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
    spread_missing(v, f, r, frame, domain, a);
    list_cells(v, 1, 1, 0, frame, a);
    find_reals(v, r, v->stop[0], a);
    for (struct fold *l = v->levels; l; l = l->next)
        list_cells(l, levels_count(l), l->width, l->at, frame, a);
    return v;
}

void fold_view_free(struct fold *v, const struct requests *r)
{
    tally_free(&v->weight);
    for (uint32_t i = 0; i < r->firsts; i++) {
        tally_free(&v->first[i]);
        tally_free(&v->less[i]);
    }
    for (uint32_t s = 0; s < r->sets; s++)
        missing_free(&v->missing[s]);
    for (struct fold *l = v->levels; l; l = l->next)
        tally_free(&l->weight);
}
