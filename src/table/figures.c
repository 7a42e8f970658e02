/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/figures.h"

#include <inttypes.h>

/* ---- orders ---- */

struct figure_order figure_order_new(struct arena *a, uint32_t dimensions)
{
    struct figure_order o = {.count = 0};
    o.field = arena_array(a, (size_t)dimensions + OBS_COLUMNS + 1, sizeof *o.field);
    return o;
}

void figure_order_add(struct figure_order *o, int field)
{
    o->field[o->count++] = field;
}

void figure_order_add_dimensions(struct figure_order *o, uint32_t dimensions, uint32_t skip)
{
    for (uint32_t i = 0; i < dimensions; i++)
        if (i != skip)
            figure_order_add(o, (int)i);
}

static int field_compare(int field, const struct observation *a, const struct observation *b)
{
    if (field >= 0)
        return text_compare(a->dimension[field], b->dimension[field]);
    if (field == FIELD(OBS_PERIOD))
        return span_compare(a->period, b->period);
    if (field == FIELD_PERIOD_TEXT)
        return text_compare(a->field[OBS_PERIOD], b->field[OBS_PERIOD]);
    return text_compare(a->field[-1 - field], b->field[-1 - field]);
}

int figure_compare(const struct figure_order *o, uint32_t depth, const struct observation *a,
                   const struct observation *b)
{
    for (uint32_t i = 0; i < depth; i++) {
        int order = field_compare(o->field[i], a, b);
        if (order)
            return order;
    }
    return 0;
}

/* ---- sets ---- */

void figures_add(struct arena *a, struct figures *f, const struct observation *o)
{
    f->at = arena_grow(a, f->at, f->count, &f->room, sizeof *f->at);
    f->at[f->count++] = o;
}

/* Merges from[low, middle) and from[middle, high) into to[low, high). */
static void merge_runs(const struct observation **from, const struct observation **to,
                       const uint32_t bound[3], const struct figure_order *o)
{
    uint32_t i = bound[0], j = bound[1];
    for (uint32_t k = bound[0]; k < bound[2]; k++) {
        bool left =
            i < bound[1] && (j == bound[2] || figure_compare(o, o->count, from[i], from[j]) <= 0);
        to[k] = left ? from[i++] : from[j++];
    }
}

static uint32_t at_most(uint64_t x, uint32_t most)
{
    return x < most ? (uint32_t)x : most;
}

void figures_sort(struct arena *a, struct figures *f, const struct figure_order *o)
{
    const struct observation **from = f->at, **to = arena_array(a, f->count, sizeof *to);
    for (uint64_t width = 1; width < f->count; width *= 2) {
        for (uint64_t low = 0; low < f->count; low += 2 * width) {
            uint32_t bound[3] = {(uint32_t)low, at_most(low + width, f->count),
                                 at_most(low + 2 * width, f->count)};
            merge_runs(from, to, bound, o);
        }
        const struct observation **swap = from;
        from = to;
        to = swap;
    }
    f->at = from;
    f->room = f->count;
}

uint32_t figures_run(const struct figures *f, const struct figure_order *o, uint32_t depth,
                     uint32_t from)
{
    uint32_t end = from + 1;
    while (end < f->count && figure_compare(o, depth, f->at[from], f->at[end]) == 0)
        end++;
    return end;
}

/* ---- one figure a key ---- */

static int conflict(struct error *error, const struct observation *a, const struct observation *b,
                    const char *what)
{
    return error_set(error, EX_DATAERR, NOWHERE,
                     "records %" PRIu64 " and %" PRIu64 " (%.*s): %s: reconcile them first",
                     a->record, b->record, (int)a->field[OBS_INDICATOR].len,
                     a->field[OBS_INDICATOR].at, what);
}

static bool same_figure(const struct observation *a, const struct observation *b)
{
    return a->bearing == b->bearing && amount_equal(a->value, b->value);
}

/* The figure of a run that is to stay, or NULL and *error. */
static const struct observation *settle_run(struct figures *f, uint32_t from, uint32_t end,
                                            struct error *error)
{
    const struct observation *best = f->at[from];
    for (uint32_t i = from + 1; i < end; i++)
        if (observation_supersedes(f->at[i], best))
            best = f->at[i];
    for (uint32_t i = from; i < end; i++)
        if (!same_figure(f->at[i], best) && !observation_supersedes(best, f->at[i])) {
            conflict(error, best, f->at[i], "two figures for one key");
            return NULL;
        }
    return best;
}

/* A copy that names the sources of all that say the same. */
static const struct observation *with_sources(struct arena *a, const struct observation *best,
                                              const struct figures *f, uint32_t from, uint32_t end)
{
    struct text_list sources = {.count = 0};
    for (uint32_t i = from; i < end; i++)
        if (same_figure(f->at[i], best))
            text_list_add(a, &sources, f->at[i]->field[OBS_SOURCE]);
    struct observation *o = arena_alloc(a, sizeof *o);
    *o = *best;
    o->field[OBS_SOURCE] = text_list_join(a, &sources, "; ");
    return o;
}

int figures_settle(struct arena *a, struct figures *f, const struct figure_order *o,
                   struct error *error)
{
    uint32_t kept = 0;
    for (uint32_t from = 0, end; from < f->count; from = end) {
        end = figures_run(f, o, o->count, from);
        const struct observation *best = settle_run(f, from, end, error);
        if (!best)
            return -1;
        f->at[kept++] = end - from > 1 ? with_sources(a, best, f, from, end) : best;
    }
    f->count = kept;
    return 0;
}

void figures_supersede(struct figures *f, const struct figure_order *o, uint32_t depth)
{
    uint32_t kept = 0;
    for (uint32_t from = 0, end; from < f->count; from = end) {
        end = figures_run(f, o, depth, from);
        const struct observation *best = f->at[from];
        for (uint32_t i = from + 1; i < end; i++)
            if (observation_supersedes(f->at[i], best))
                best = f->at[i];
        f->at[kept++] = best;
    }
    f->count = kept;
}

int figures_alone(const struct figures *f, const struct figure_order *o, uint32_t depth,
                  struct error *error)
{
    for (uint32_t i = 1; i < f->count; i++)
        if (figure_compare(o, depth, f->at[i - 1], f->at[i]) == 0)
            return conflict(error, f->at[i - 1], f->at[i], "two producers for one figure");
    return 0;
}
