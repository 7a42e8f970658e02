/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sum_rows.h"

#include <stdlib.h>

#include "base/digits.h"
#include "base/memory.h"

enum { AHEAD = 16, MANY = 4096 };

void sum_rows_free(struct sum_rows *s)
{
    free(s->quick);
    free(s->sum);
    *s = (struct sum_rows){0};
}

static void make_quick(struct sum_rows *s)
{
    s->quick =
        memory_grow_lines(s->quick, &s->quick_room, s->quick_room, s->groups, sizeof *s->quick);
}

static void make_sums(struct sum_rows *s)
{
    s->sum = memory_grow_lines(s->sum, &s->sum_room, s->sum_room, s->groups, sizeof *s->sum);
}

static bool outgrown(const struct sum *s)
{
    return (s->far[0] | s->far[1] | s->far[2] | s->far[3]) != 0;
}

static struct sum quick_at(const struct sum_rows *s, uint32_t group)
{
    struct quick_sum q = s->quick[group];
    return (struct sum){.near = {(uint64_t)q.value, 0 - (uint64_t)(q.value < 0)},
                        .scale = s->scale,
                        .count = q.count};
}

/* Adds the quick sums to the others; false: one is too wide, which takes one that was outgrown. */
static bool settle(struct sum_rows *s)
{
    bool good = true;
    make_sums(s);
    for (uint32_t i = 0; s->rows && i < s->groups && i < s->quick_room; i++) {
        struct sum quick = quick_at(s, i);
        if (quick.count == 0)
            continue;
        good &= sum_merge(&s->sum[i], &quick);
        s->large |= outgrown(&s->sum[i]);
        s->quick[i] = (struct quick_sum){0, 0};
    }
    s->most = s->rows = s->since = 0;
    return good;
}

/* ---- rows ---- */

static uint32_t batch_scale(const struct sum_batch *b)
{
    return b->x_scaled->scale + (b->product ? b->w_scaled->scale : 0);
}

/* UINT64_MAX where that is too much. */
static uint64_t times(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

/* The largest magnitude that a row can have at this scale; UINT64_MAX: too large. */
static uint64_t bound(const struct sum_batch *b, uint32_t scale)
{
    uint32_t digits = scale - batch_scale(b);
    if (!b->x_scaled->value || !b->w_scaled->value || digits > DECIMAL_DIGITS)
        return UINT64_MAX;
    uint64_t value = times(b->x_scaled->magnitude, b->product ? b->w_scaled->magnitude : 1);
    return times(value, (uint64_t)digits_power[digits]);
}

/* Rows after which it is worth while to look at every group. */
static uint64_t few_rows(const struct sum_rows *s)
{
    return s->groups / 32;
}

/* Can quick sums of this scale and size take the batch?  Also some rows a group must fit, so that
 * looking at all of them is rare. */
static bool has_room(const struct sum_rows *s, const struct sum_batch *b, uint32_t scale,
                     uint64_t most)
{
    uint64_t each = bound(b, scale);
    return each <= INT64_MAX && times(each, b->rows) <= (uint64_t)INT64_MAX - most &&
           times(each, few_rows(s) + b->rows) <= INT64_MAX / 4;
}

/* The bound that was kept grows with every row, as if all went to one group; this one does not. */
static uint64_t largest(const struct sum_rows *s)
{
    uint64_t most = 0;
    for (uint32_t i = 0; i < s->groups && i < s->quick_room; i++) {
        int64_t value = s->quick[i].value;
        uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
        most = size > most ? size : most;
    }
    return most;
}

/* Settles, where it must be and may be, and sets the scale; false: the batch is not for quick sums.
 */
static bool prepare(struct sum_rows *s, const struct sum_batch *b)
{
    uint32_t scale = batch_scale(b), common = s->scale > scale ? s->scale : scale;
    if (s->large)
        return false;
    if (s->scale == common && has_room(s, b, common, s->most))
        return true;
    if (s->most && s->since < few_rows(s))
        return false;
    s->most = largest(s);
    s->since = 0;
    if (s->scale == common && has_room(s, b, common, s->most))
        return true;
    if (s->most && s->rows < s->groups)
        return false;
    scale = has_room(s, b, common, 0) ? common : scale;
    if (!has_room(s, b, scale, 0) || (s->most && !settle(s)))
        return false;
    s->scale = scale;
    return true;
}

/* Rows of which no number is missing; `by` brings them to the quick sums' scale. */
static void add_values(struct quick_sum *quick, const struct sum_batch *b, int64_t by)
{
    const int64_t *x = b->x_scaled->value;
    for (uint32_t i = 0; i < b->rows; i++) {
        quick[b->group[i]].value += x[i] * by;
        quick[b->group[i]].count++;
    }
}

static void add_products(struct quick_sum *quick, const struct sum_batch *b, int64_t by)
{
    const int64_t *x = b->x_scaled->value, *w = b->w_scaled->value;
    for (uint32_t i = 0; i < b->rows; i++) {
        quick[b->group[i]].value += x[i] * w[i] * by;
        quick[b->group[i]].count++;
    }
}

static void add_some(struct quick_sum *quick, const struct sum_batch *b, int64_t by)
{
    const int64_t *x = b->x_scaled->value, *w = b->w_scaled->value;
    for (uint32_t i = 0; i < b->rows; i++) {
        if ((b->x[i].kind | b->w[i].kind) != NUMBER_EXACT)
            continue;
        quick[b->group[i]].value += x[i] * (b->product ? w[i] : 1) * by;
        quick[b->group[i]].count++;
    }
}

static void add_quick(struct sum_rows *s, const struct sum_batch *b)
{
    int64_t by = digits_power[s->scale - batch_scale(b)];
    s->most += bound(b, s->scale) * b->rows;
    if ((b->x_scaled->kinds | b->w_scaled->kinds) != NUMBER_EXACT)
        add_some(s->quick, b, by);
    else
        (b->product ? add_products : add_values)(s->quick, b, by);
}

/* Many sums are not in the caches: those of a batch are all asked for before the first is used. */
static void fetch_rows(const struct sum_rows *s, const struct sum_batch *b)
{
    for (uint32_t i = 0; s->groups > MANY && i < b->rows; i++)
        __builtin_prefetch(&s->quick[b->group[i]], 1);
}

static uint32_t add_slowly(struct sum_rows *s, const struct sum_batch *b)
{
    make_sums(s);
    for (uint32_t i = 0; i < b->rows; i++) {
        struct sum *sum = &s->sum[b->group[i]];
        if ((b->x[i].kind | b->w[i].kind) != NUMBER_EXACT)
            continue;
        if (!(b->product ? sum_add_product(sum, b->x[i], b->w[i]) : sum_add(sum, b->x[i])))
            return i;
        s->large |= outgrown(sum);
    }
    return s->large && !settle(s) ? 0 : b->rows;
}

uint32_t sum_rows_add(struct sum_rows *s, uint32_t groups, const struct sum_batch *b)
{
    uint32_t done = b->rows;
    s->groups = groups > s->groups ? groups : s->groups;
    make_quick(s);
    fetch_rows(s, b);
    if (prepare(s, b))
        add_quick(s, b);
    else
        done = add_slowly(s, b);
    s->rows += b->rows;
    s->since += b->rows;
    return done;
}

/* ---- sums ---- */

/* Where both have quick sums alone, of one scale, and they fit. */
static bool merge_quick(struct sum_rows *into, const struct sum_rows *from, const uint32_t *map,
                        uint32_t n)
{
    bool alike = into->scale == from->scale || from->most == 0;
    into->most = largest(into);
    if (into->sum || from->sum || !alike || into->most > INT64_MAX / 2 ||
        largest(from) > INT64_MAX / 2)
        return false;
    make_quick(into);
    for (uint32_t i = 0; i < n && i < from->quick_room; i++) {
        if (i + AHEAD < n)
            __builtin_prefetch(&into->quick[map[i + AHEAD]], 1);
        into->quick[map[i]].value += from->quick[i].value;
        into->quick[map[i]].count += from->quick[i].count;
    }
    into->most = largest(into);
    into->rows += from->rows;
    return true;
}

bool sum_rows_merge(struct sum_rows *into, struct sum_rows *from, const uint32_t *map, uint32_t n,
                    uint32_t groups)
{
    bool good = true;
    into->groups = groups > into->groups ? groups : into->groups;
    if (into != from && merge_quick(into, from, map, n))
        return true;
    settle(into);
    settle(from);
    for (uint32_t i = 0; i < n && i < from->groups && good; i++) {
        good = sum_merge(&into->sum[map[i]], &from->sum[i]);
        into->large |= outgrown(&into->sum[map[i]]);
    }
    return good;
}

void sum_rows_fetch(const struct sum_rows *s, uint32_t group)
{
    if (group < s->quick_room)
        __builtin_prefetch(&s->quick[group]);
    if (group < s->sum_room)
        __builtin_prefetch(&s->sum[group]);
}

struct sum sum_rows_get(const struct sum_rows *s, uint32_t group)
{
    struct sum sum = group < s->sum_room ? s->sum[group] : (struct sum){0};
    if (group >= s->quick_room || s->quick[group].count == 0)
        return sum;
    struct sum quick = quick_at(s, group);
    if (group >= s->sum_room)
        return quick;
    sum_merge(&sum, &quick);
    return sum;
}
