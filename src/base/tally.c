/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/tally.h"

#include <stdlib.h>

#include "base/digits.h"
#include "base/memory.h"

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

static int128 power(uint32_t k) /* 10^k, k <= 36 */
{
    return k <= 18 ? (int128)digits_power[k] : (int128)digits_power[18] * digits_power[k - 18];
}

static const int128 most = (int128)(((uint128)1 << 127) - 1);

void tally_free(struct tally *t)
{
    if (!t->stride)
        free(t->sum);
    *t = (struct tally){0};
}

static int128 magnitude(int128 x)
{
    return x < 0 ? -x : x;
}

/* From cell to cell of a narrow tally. */
static size_t stride_of(const struct tally *t)
{
    return t->stride ? t->stride : 1;
}

static int64_t *narrow_at(const struct tally *t, size_t cell)
{
    return (int64_t *)t->sum + cell * stride_of(t);
}

static int128 value_at(const struct tally *t, size_t cell)
{
    return t->wide ? ((const int128 *)t->sum)[cell] : *narrow_at(t, cell);
}

/* From 64 to 128 bits a cell, in memory of its own. */
static void widen(struct tally *t)
{
    if (t->wide)
        return;
    int128 *sum = memory_alloc(t->room * sizeof *sum);
    for (size_t i = 0; i < t->room; i++)
        sum[i] = *narrow_at(t, i);
    if (!t->stride)
        free(t->sum);
    t->sum = sum;
    t->stride = 0;
    t->wide = true;
}

void tally_lend(struct tally *t, int64_t *at, uint32_t stride, size_t room)
{
    if (t->wide)
        return;
    t->sum = at;
    t->stride = stride;
    t->room = room;
}

void tally_copy(struct tally *to, const struct tally *from)
{
    size_t size = from->wide ? sizeof(int128) : sizeof(int64_t);
    *to = *from;
    to->stride = 0;
    to->sum = memory_alloc(from->room * size);
    for (size_t i = 0; i < from->room; i++)
        if (from->wide)
            ((int128 *)to->sum)[i] = ((const int128 *)from->sum)[i];
        else
            ((int64_t *)to->sum)[i] = *narrow_at(from, i);
}

static void make_cells(struct tally *t, uint32_t cells)
{
    if (t->stride)
        return;
    size_t size = t->wide ? sizeof(int128) : sizeof(int64_t);
    t->sum = memory_grow_zeroed(t->sum, &t->room, cells, size);
}

static bool is_own(const struct tally *t, size_t cell)
{
    return !t->width || (cell % t->width >= t->at && cell % t->width < t->at + t->slots);
}

static bool rescale(struct tally *t, uint32_t scale)
{
    int128 by = power(scale - t->scale), bound = most / by, largest = 0;
    for (size_t i = 0; i < t->room; i++) {
        int128 x = is_own(t, i) ? magnitude(value_at(t, i)) : 0;
        largest = x > largest ? x : largest;
    }
    if (largest > bound)
        return false;
    if (largest * by > INT64_MAX)
        widen(t);
    for (size_t i = 0; i < t->room; i++)
        if (t->wide)
            ((int128 *)t->sum)[i] *= by;
        else if (is_own(t, i))
            *narrow_at(t, i) *= (int64_t)(largest ? by : 1);
    t->scale = scale;
    return true;
}

static bool grow_scale(struct tally *t, const uint32_t *cell, uint32_t rows,
                       const struct decimal *w, const struct decimal *x)
{
    uint32_t scale = t->scale;
    for (uint32_t i = 0; i < rows; i++) {
        uint32_t s = (uint32_t)w[i].scale + (x ? (uint32_t)x[i].scale : 0);
        if (cell[i] != TALLY_SKIP && s > scale)
            scale = s;
    }
    if (scale > TALLY_SCALE)
        scale = TALLY_SCALE;
    return scale == t->scale || rescale(t, scale);
}

/* p / 10^down, half away from zero. */
static int128 round_down(int128 p, uint32_t down)
{
    int128 by = power(down), half = by / 2;
    return p < 0 ? -((-p + half) / by) : (p + half) / by;
}

/* w x at the tally's scale; false: it outgrows 38 digits. */
static bool scaled(const struct tally *t, struct decimal w, const struct decimal *x, int128 *out)
{
    int128 p = x ? (int128)w.mantissa * x->mantissa : w.mantissa;
    uint32_t s = (uint32_t)w.scale + (x ? (uint32_t)x->scale : 0);
    if (s < t->scale) {
        int128 by = power(t->scale - s);
        if (magnitude(p) > (int128)1 << 67 && magnitude(p) > most / by)
            return false;
        p *= by;
    } else if (s > t->scale) {
        p = round_down(p, s - t->scale);
    }
    *out = p;
    return true;
}

static bool add_value(struct tally *t, uint32_t cell, int128 p)
{
    if (!t->wide) {
        int64_t *sum = narrow_at(t, cell);
        if (p == (int64_t)p && !__builtin_add_overflow(*sum, (int64_t)p, sum))
            return true;
        *sum = p == (int64_t)p ? (int64_t)((uint64_t)*sum - (uint64_t)(int64_t)p) : *sum;
        widen(t);
    }
    int128 *sum = (int128 *)t->sum + cell, total;
    if (__builtin_add_overflow(*sum, p, &total))
        return false;
    *sum = total;
    return true;
}

/* Rows, or cells to merge, that are asked from memory before their turn. */
enum { AHEAD = 12, MERGE_AHEAD = 32, LINE = 64 };

static void prefetch(const struct tally *t, uint32_t cell)
{
    if (cell != TALLY_SKIP)
        __builtin_prefetch(
            (const char *)t->sum + cell * (t->wide ? sizeof(int128) : 8 * stride_of(t)), 1);
}

/* The usual rows: at the tally's scale, products and sums of 64 bits.  Returns the first other row.
 */
static uint32_t add_narrow(struct tally *t, const uint32_t *cell, uint32_t from, uint32_t rows,
                           const struct decimal *w, const struct decimal *x)
{
    static const struct decimal one = {1, 0, NUMBER_EXACT};
    int64_t *sum = t->sum, p, total;
    size_t stride = stride_of(t);
    for (uint32_t i = from; i < rows; i++) {
        if (i + AHEAD < rows && cell[i + AHEAD] != TALLY_SKIP)
            __builtin_prefetch(&sum[cell[i + AHEAD] * stride], 1);
        if (cell[i] == TALLY_SKIP)
            continue;
        const struct decimal *y = x ? &x[i] : &one;
        uint32_t below = t->scale - ((uint32_t)w[i].scale + (uint32_t)y->scale);
        if (below > 18 || __builtin_mul_overflow(w[i].mantissa, y->mantissa, &p) ||
            (below && __builtin_mul_overflow(p, digits_power[below], &p)) ||
            __builtin_add_overflow(sum[cell[i] * stride], p, &total))
            return i;
        sum[cell[i] * stride] = total;
    }
    return rows;
}

static uint32_t add_rows(struct tally *t, uint32_t cells, const uint32_t *cell, uint32_t rows,
                         const struct decimal *w, const struct decimal *x)
{
    int128 p;
    make_cells(t, cells);
    uint32_t from = t->wide ? 0 : add_narrow(t, cell, 0, rows, w, x);
    if (from == rows)
        return rows;
    if (!grow_scale(t, cell + from, rows - from, w + from, x ? x + from : NULL))
        return from;
    for (uint32_t i = from; i < rows; i++) {
        if (!t->wide && (i = add_narrow(t, cell, i, rows, w, x)) == rows)
            break;
        if (i + AHEAD < rows)
            prefetch(t, cell[i + AHEAD]);
        if (cell[i] == TALLY_SKIP)
            continue;
        if (!scaled(t, w[i], x ? &x[i] : NULL, &p) || !add_value(t, cell[i], p))
            return i;
    }
    return rows;
}

bool tally_add(struct tally *t, uint32_t cells, const uint32_t *cell, uint32_t rows,
               const struct decimal *w, const struct decimal *x)
{
    return add_rows(t, cells, cell, rows, w, x) == rows;
}

/* ---- rows of several tallies ---- */

/* UINT64_MAX where that is too much. */
static uint64_t times(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

bool tally_values(const struct tally *t, const struct scaled *w, const struct scaled *x,
                  uint32_t rows, int64_t *to, uint32_t stride)
{
    uint32_t scale = w->scale + (x ? x->scale : 0);
    if (!w->value || (x && !x->value) || scale > t->scale)
        return false;
    int64_t by = digits_power[t->scale - scale];
    if (times(times(w->magnitude, x ? x->magnitude : 1), (uint64_t)by) > INT64_MAX)
        return false;
    for (uint32_t i = 0; x && i < rows; i++)
        to[(size_t)i * stride] = w->value[i] * by * x->value[i];
    for (uint32_t i = 0; !x && i < rows; i++)
        to[(size_t)i * stride] = w->value[i] * by;
    return true;
}

/* a + b, wrapped around; *over gets its sign bit where it was. */
static inline int64_t wrapped(int64_t a, int64_t b, int64_t *over)
{
    int64_t sum = (int64_t)((uint64_t)a + (uint64_t)b);
    *over |= (a ^ sum) & (b ^ sum);
    return sum;
}

/* Without a loop, which compilers keep. */
static inline void add_four(int64_t *to, const int64_t *value, int64_t *over)
{
    to[0] = wrapped(to[0], value[0], over);
    to[1] = wrapped(to[1], value[1], over);
    to[2] = wrapped(to[2], value[2], over);
    to[3] = wrapped(to[3], value[3], over);
}

/* Whether nothing has overflown.  Inlined, so that few sums are added without a loop. */
static inline bool add_values(int64_t *row, uint32_t stride, const uint32_t *cell, uint32_t rows,
                              const struct tally_rows *v, uint32_t count)
{
    const int64_t *value = v->value;
    int64_t over = 0;
    bool apart = (uintptr_t)row % LINE || LINE % (stride * sizeof *row); /* in two cache lines */
    for (uint32_t i = 0; i < rows; i++, value += v->stride) {
        if (i + AHEAD < rows && cell[i + AHEAD] != TALLY_SKIP) {
            __builtin_prefetch(row + (size_t)cell[i + AHEAD] * stride, 1);
            if (apart) /* to ask twice for the same line takes as long as to add */
                __builtin_prefetch(row + (size_t)cell[i + AHEAD] * stride + count - 1, 1);
        }
        if (cell[i] == TALLY_SKIP)
            continue;
        int64_t *to = row + (size_t)cell[i] * stride;
        uint32_t k = 0;
        for (; k + 4 <= count; k += 4)
            add_four(to + k, value + k, &over);
        for (; k < count; k++)
            to[k] = wrapped(to[k], value[k], &over);
    }
    return over >= 0;
}

static void take_values(int64_t *row, uint32_t stride, const uint32_t *cell, uint32_t rows,
                        const struct tally_rows *v)
{
    for (uint32_t i = 0; i < rows; i++)
        for (uint32_t k = 0; k < v->count && cell[i] != TALLY_SKIP; k++) {
            uint64_t had = (uint64_t)row[(size_t)cell[i] * stride + k];
            row[(size_t)cell[i] * stride + k] =
                (int64_t)(had - (uint64_t)v->value[(size_t)i * v->stride + k]);
        }
}

bool tally_add_values(int64_t *row, uint32_t stride, const uint32_t *cell, uint32_t rows,
                      const struct tally_rows *v)
{
    bool good = v->count == 2   ? add_values(row, stride, cell, rows, v, 2)
                : v->count == 3 ? add_values(row, stride, cell, rows, v, 3)
                : v->count == 4 ? add_values(row, stride, cell, rows, v, 4)
                : v->count == 8 ? add_values(row, stride, cell, rows, v, 8)
                                : add_values(row, stride, cell, rows, v, v->count);
    if (!good)
        take_values(row, stride, cell, rows, v);
    return good;
}

/* ---- several workers ---- */

/* The usual cells: 64 bits at one scale.  Returns the first other one. */
static uint32_t merge_narrow(struct tally *into, const uint32_t *cell, const struct tally *from,
                             uint32_t cells)
{
    for (uint32_t i = 0; i < cells; i++) {
        size_t next = i + MERGE_AHEAD < cells ? i + MERGE_AHEAD : i;
        if (cell[next] != TALLY_SKIP && *narrow_at(from, next))
            __builtin_prefetch(narrow_at(into, cell[next]), 1);
        if (cell[i] == TALLY_SKIP || *narrow_at(from, i) == 0)
            continue;
        int64_t *sum = narrow_at(into, cell[i]), total;
        if (__builtin_add_overflow(*sum, *narrow_at(from, i), &total))
            return i;
        *sum = total;
    }
    return cells;
}

static uint32_t merge_cells(struct tally *into, uint32_t cells, const uint32_t *cell,
                            const struct tally *from, uint32_t from_cells)
{
    make_cells(into, cells);
    if (from->scale > into->scale && !rescale(into, from->scale))
        return 0;
    int128 by = power(into->scale - from->scale), bound = most / by;
    uint32_t there = from_cells < from->room ? from_cells : (uint32_t)from->room, i = 0;
    if (!into->wide && !from->wide && into->scale == from->scale)
        i = merge_narrow(into, cell, from, there);
    for (; i < there; i++) {
        int128 add = value_at(from, i);
        if (i + AHEAD < from_cells)
            prefetch(into, cell[i + AHEAD]);
        if (cell[i] == TALLY_SKIP)
            continue;
        if (magnitude(add) > bound || !add_value(into, cell[i], add * by))
            return i;
    }
    return from_cells;
}

bool tally_merge(struct tally *into, uint32_t cells, const uint32_t *cell, const struct tally *from,
                 uint32_t from_cells)
{
    return merge_cells(into, cells, cell, from, from_cells) == from_cells;
}

void tally_pick(struct tally *to, const struct tally *from, const uint32_t *order, uint32_t cells)
{
    size_t size = from->wide ? sizeof(int128) : sizeof(int64_t);
    *to = *from;
    if (from->stride)
        return;
    to->sum = memory_zalloc(cells * size);
    for (uint32_t i = 0; i < cells; i++)
        if (order[i] >= from->room)
            continue;
        else if (from->wide)
            ((int128 *)to->sum)[i] = ((const int128 *)from->sum)[order[i]];
        else
            ((int64_t *)to->sum)[i] = ((const int64_t *)from->sum)[order[i]];
    to->room = cells;
}

void tally_permute(struct tally *t, const uint32_t *order, uint32_t cells)
{
    struct tally old = *t;
    tally_pick(t, &old, order, cells);
    if (!old.stride)
        free(old.sum);
}

static struct sum sum_of(int128 value, uint32_t scale)
{
    uint128 bits = (uint128)value;
    return (struct sum){.near = {(uint64_t)bits, (uint64_t)(bits >> 64)}, .scale = scale};
}

bool tally_put(struct tally *t, uint32_t cells, uint32_t cell, const struct sum *s)
{
    int128 value = (int128)((uint128)s->near[1] << 64 | s->near[0]);
    bool near = (s->far[0] | s->far[1] | s->far[2] | s->far[3]) == 0;
    make_cells(t, cells);
    if (!near || s->scale > TALLY_SCALE || (s->scale > t->scale && !rescale(t, s->scale)))
        return false;
    int128 by = power(t->scale - s->scale);
    return magnitude(value) <= most / by && add_value(t, cell, value * by);
}

struct sum tally_total(const struct tally *t, const uint32_t *cell, uint32_t cells, int sign)
{
    int128 total = 0;
    for (uint32_t i = 0; i < cells; i++)
        total += cell[i] < t->room ? value_at(t, cell[i]) : 0;
    return sum_of(sign * total, t->scale);
}

struct sum tally_sum(const struct tally *t, uint32_t cell)
{
    return tally_total(t, &cell, 1, 1);
}

/* ---- cells side by side ---- */

void tally_join(struct tally *t, const struct tally *part)
{
    uint32_t scale = tally_scale(part);
    t->common = scale > tally_scale(t) ? scale : tally_scale(t);
}

uint32_t tally_scale(const struct tally *t)
{
    return t->scale > t->common ? t->scale : t->common;
}

/* Of sums that lie in their own or in lent memory, as they are. */
static void copy_narrow(const struct tally *t, const uint32_t *cell, uint32_t cells, int64_t *to)
{
    const int64_t *sum = t->sum;
    size_t stride = stride_of(t), room = t->room;
    for (uint32_t i = 0; i < cells; i++)
        to[i] = cell[i] < room ? sum[cell[i] * stride] : 0;
}

bool tally_column(const struct tally *t, uint32_t scale, const uint32_t *cell, uint32_t cells,
                  int64_t *to)
{
    bool good = scale >= t->scale;
    if (good && !t->wide && scale == t->scale) {
        copy_narrow(t, cell, cells, to);
        return true;
    }
    int128 by = good ? power(scale - t->scale) : 1;
    for (uint32_t i = 0; i < cells && good; i++) {
        int128 value = cell[i] < t->room ? value_at(t, cell[i]) : 0;
        good = magnitude(value) <= INT64_MAX / by;
        to[i] = (int64_t)(good ? value * by : 0);
    }
    return good;
}

struct sum tally_column_total(const int64_t *whole, uint32_t cells, uint32_t scale,
                              uint64_t *largest)
{
    int128 total = 0;
    uint64_t bits = 0;
    for (uint32_t i = 0; i < cells; i++) {
        total += whole[i];
        bits |= (uint64_t)(whole[i] < 0 ? ~whole[i] : whole[i]);
    }
    *largest = bits ? UINT64_MAX >> __builtin_clzll(bits) : 0;
    return sum_of(total, scale);
}

static long double real_of(int128 value, uint32_t scale)
{
    if (value == 0)
        return 0; /* of many cells; a division takes its time */
    long double real = value == (int64_t)value ? (long double)(int64_t)value : (long double)value;
    return real / (long double)digits_power[scale];
}

/* At the scale of what it is a part of, so that all its parts round alike. */
long double tally_real(const struct tally *t, uint32_t cell)
{
    int128 value = cell < t->room ? value_at(t, cell) : 0, by = power(tally_scale(t) - t->scale);
    return magnitude(value) <= most / by ? real_of(value * by, tally_scale(t))
                                         : real_of(value, t->scale);
}

long double tally_difference(const struct tally *t, uint32_t cell, const struct tally *less,
                             uint32_t less_cell)
{
    int128 gone = less_cell < less->room ? value_at(less, less_cell) : 0;
    if (gone == 0)
        return tally_real(t, cell);
    uint32_t scale = tally_scale(t) > less->scale ? tally_scale(t) : less->scale;
    int128 value = cell < t->room ? value_at(t, cell) : 0;
    int128 by = power(scale - t->scale), gone_by = power(scale - less->scale);
    if (magnitude(value) > most / 2 / by || magnitude(gone) > most / 2 / gone_by)
        return tally_real(t, cell) - tally_real(less, less_cell);
    return real_of(value * by - gone * gone_by, scale);
}
