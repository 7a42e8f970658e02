/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cells of a fold as a table: number unit x span + domain.
 *
 * Cells begin as a list in the order of first sight, found by a pair index.  Where there are many
 * and more than an eighth of all pairs of unit and domain occur (of a table of moderate size,
 * fewer), they become a table, which needs no look-up and is merged and put in order by going
 * through it; where units come that leave it nearly empty, a list again.  Cost of either change,
 * and of more domains than a table has room for: a copy of the cells.  More units are only added at
 * the end, as files sorted by units bring them. An empty cell has no records.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "stages/estimate.h"

enum { MANY = 1 << 16, MODERATE = 1 << 22, DENSE = 8, THIN = 16, SAMPLE = 1 << 14 };

/* Is that a table, one place in `share` being used?  Of one with at most MODERATE places (256 MiB
 * in cells of a cache line), one in twice as many: rows look for cells in a list until then.
 */
static bool is_dense(uint64_t places, uint64_t used, uint32_t share)
{
    return places <= (places <= MODERATE ? 2 : 1) * share * used;
}

/* A little more, so that a table seldom grows. */
static uint64_t with_room(uint32_t n)
{
    return ((uint64_t)n + n / 8 + 8) / 8 * 8;
}

static uint32_t used_cells(const struct fold *f)
{
    uint32_t used = 0;
    for (uint32_t c = 0; c < f->cells; c++)
        used += fold_records(f, c) > 0;
    return used;
}

/* About the same, from some cells that lie all over the table. */
static uint64_t about_used(const struct fold *f)
{
    size_t step = f->cells / SAMPLE | 1, used = 0, seen = 0;
    for (size_t c = 0; c < f->cells; c += step, seen++)
        used += fold_records(f, (uint32_t)c) > 0;
    return seen ? used * f->cells / seen : 0;
}

static void to_table(struct fold *f, const struct requests *r, uint32_t units, uint32_t domains)
{
    uint32_t span = (uint32_t)with_room(domains), cells = units * span;
    uint32_t *place = memory_alloc((size_t)f->cells * sizeof *place);
    for (uint32_t c = 0; c < f->cells; c++)
        place[c] = fold_records(f, c) > 0 ? fold_unit(f, c) * span + fold_domain(f, c) : TALLY_SKIP;
    fold_spread(f, r, place, cells);
    free(place);
    fold_free_list(f);
    f->span = span;
}

static void to_list(struct fold *f, const struct requests *r)
{
    uint32_t used = used_cells(f), n = 0;
    uint32_t *place = memory_alloc((size_t)f->cells * sizeof *place);
    f->unit = memory_alloc(used * sizeof *f->unit);
    f->domain = memory_alloc(used * sizeof *f->domain);
    f->unit_room = f->domain_room = used;
    f->index = pair_index_new();
    for (uint32_t c = 0; c < f->cells; c++) {
        place[c] = TALLY_SKIP;
        if (fold_records(f, c) == 0)
            continue;
        f->unit[n] = c / f->span;
        f->domain[n] = c % f->span;
        pair_index_find(f->index, f->unit[n], f->domain[n], n);
        place[c] = n++;
    }
    fold_spread(f, r, place, used);
    free(place);
    f->span = 0;
}

/* More units at the end of a table: what is there is neither moved nor read. */
static void lengthen(struct fold *f, uint32_t units)
{
    size_t cells = (size_t)units * f->span, size = f->stride * sizeof *f->row;
    f->row = memory_grow(f->row, &f->row_room, cells, size);
    memset(f->row + (size_t)f->cells * f->stride, 0, (cells - f->cells) * size);
    f->cells = (uint32_t)cells;
}

static void refit_table(struct fold *f, const struct requests *r, uint32_t units, uint32_t domains)
{
    uint64_t places = with_room(units) * with_room(domains);
    bool fits = domains <= f->span && (uint64_t)units * f->span <= f->row_room;
    if (!fits && (places > UINT32_MAX / 2 || !is_dense(places, about_used(f), THIN)))
        to_list(f, r);
    else if (domains <= f->span)
        lengthen(f, units);
    else
        to_table(f, r, units, domains);
}

void fold_fit(struct fold *f, const struct requests *r, uint32_t units, uint32_t domains)
{
    units = f->units = units > f->units ? units : f->units;
    if (f->span) {
        if (domains > f->span || (uint64_t)units * f->span > f->cells)
            refit_table(f, r, units, domains);
    } else if (f->cells >= MANY &&
               is_dense(with_room(units) * with_room(domains), f->cells, DENSE)) {
        to_table(f, r, units, domains);
    }
}

/* ---- the end ---- */

static uint32_t *count_domains(const struct fold *f, uint32_t domains, uint32_t *start)
{
    memset(start, 0, ((size_t)domains + 1) * sizeof *start);
    for (uint32_t c = 0; c < f->cells; c += f->span)
        for (uint32_t d = 0; d < domains; d++)
            start[d + 1] += fold_records(f, c + d) > 0;
    for (uint32_t d = 0; d < domains; d++)
        start[d + 1] += start[d];
    return memory_alloc((size_t)start[domains] * sizeof(uint32_t));
}

uint32_t *fold_table_order(const struct fold *f, const struct frame *frame, uint32_t domains,
                           uint32_t *start)
{
    uint32_t *order = count_domains(f, domains, start), units = f->cells / f->span;
    uint32_t *unit_at = memory_alloc((size_t)frame->places * sizeof *unit_at);
    uint32_t *next = memory_alloc((size_t)domains * sizeof *next);
    for (uint32_t d = 0; d < domains; d++)
        next[d] = start[d];
    for (uint32_t u = 0; u < frame->places; u++)
        unit_at[frame->place[u]] = u;
    for (uint32_t i = 0; i < frame->places; i++)
        for (uint32_t d = 0, c = unit_at[i] * f->span; unit_at[i] < units && d < domains; d++, c++)
            if (fold_records(f, c) > 0)
                order[next[d]++] = c;
    free(next);
    free(unit_at);
    return order;
}
