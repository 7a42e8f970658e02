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

/* A domain of a part, its folds of levels in the order and by the numbers of those of `like`. */
static struct fold *pick_part(const struct fold_part *p, const struct fold *like,
                              const struct requests *r, const struct frame *frame, uint32_t domain,
                              struct arena *a)
{
    const struct fold *f = p->fold;
    uint32_t n = frame->places, own = p->of[domain], *cell = arena_array(a, n, sizeof *cell);
    if (own == TALLY_SKIP)
        return NULL;
    for (uint32_t i = 0; i < n; i++)
        cell[i] = p->unit_at[i] == TALLY_SKIP ? TALLY_SKIP : p->unit_at[i] * f->span + own;
    struct fold *v = pick(f, r, cell, n, a), **at = &v->levels;
    const struct fold *l = f->levels, *m = like->levels;
    for (*at = NULL; l; l = l->next, m = m->next, at = &(*at)->next)
        *at = levels_pick(l, m, cell, n, a);
    return v;
}

/* ---- all parts ---- */

static bool add_part(struct fold *v, const struct fold *part, const struct requests *r,
                     struct arena *a)
{
    struct fold *l = v->levels;
    uint32_t most = v->cells;
    for (const struct fold *m = l; m; m = m->next)
        most = m->cells > most ? m->cells : most;
    uint32_t *cell = arena_array(a, most, sizeof *cell);
    for (uint32_t i = 0; i < most; i++)
        cell[i] = i;
    bool good = fold_merge_cells(v, part, r, cell);
    for (const struct fold *m = part->levels; m; l = l->next, m = m->next)
        good = good && fold_merge_cells(l, m, r, cell);
    return good;
}

/* start[], stop[] and order[] of `domains` that have as many cells each, by place. */
static void list_cells(struct fold *v, uint32_t domains, const struct frame *frame, struct arena *a)
{
    uint32_t each = frame->places, n = 0;
    v->order = arena_array(a, v->cells, sizeof *v->order);
    v->unit = arena_array(a, v->cells, sizeof *v->unit);
    v->start = arena_array(a, domains, sizeof *v->start);
    v->stop = arena_array(a, domains, sizeof *v->stop);
    v->span = 0;
    for (uint32_t d = 0; d < domains; d++) {
        v->start[d] = n;
        for (uint32_t i = 0, c = d * each; i < each; i++, c++) {
            v->unit[c] = frame->unit_at[i];
            v->order[n] = c;
            n += fold_records(v, c) > 0;
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

struct fold *fold_view(const struct fold *f, const struct requests *r, const struct frame *frame,
                       uint32_t domain, struct arena *a)
{
    struct fold *v = NULL;
    for (const struct fold_part *p = f->parts; p; p = p->next) {
        struct fold *part = pick_part(p, f, r, frame, domain, a);
        bool good = !v || !part || add_part(v, part, r, a);
        if (v && part)
            fold_view_free(part, r);
        if (!good) {
            fold_view_free(v, r);
            return NULL;
        }
        v = v ? v : part;
    }
    v->from = domain;
    v->second = f->second;
    spread_missing(v, f, r, frame, domain, a);
    list_cells(v, 1, frame, a);
    for (struct fold *l = v->levels; l; l = l->next)
        list_cells(l, l->cells / frame->places, frame, a);
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
