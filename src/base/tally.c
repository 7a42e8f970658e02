/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/tally.h"

#include <math.h>
#include <stdlib.h>

#include "base/digits.h"
#include "base/memory.h"

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

enum { GRID_LOW = -120, GRID_HIGH = 134 };

static int128 power(uint32_t k) /* 10^k, k <= 36 */
{
    return k <= 18 ? (int128)digits_power[k] : (int128)digits_power[18] * digits_power[k - 18];
}

static const int128 most = (int128)(((uint128)1 << 127) - 1);

void tally_free(struct tally *t)
{
    free(t->sum);
    *t = (struct tally){0};
}

void grid_tally_free(struct grid_tally *t)
{
    free(t->sum);
    *t = (struct grid_tally){0};
}

/* Makes room, zeroed. */
static void *make_room(void *array, size_t *room, uint32_t cells, size_t size)
{
    size_t had = *room;
    if (cells <= had)
        return array;
    array = memory_grow(array, room, cells, size);
    memset((char *)array + had * size, 0, (*room - had) * size);
    return array;
}

static int128 magnitude(int128 x)
{
    return x < 0 ? -x : x;
}

static bool rescale(struct tally *t, uint32_t scale)
{
    int128 *sum = t->sum, by = power(scale - t->scale), bound = most / by;
    for (size_t i = 0; i < t->room; i++)
        if (magnitude(sum[i]) > bound)
            return false;
    for (size_t i = 0; i < t->room; i++)
        sum[i] *= by;
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

bool tally_add(struct tally *t, uint32_t cells, const uint32_t *cell, uint32_t rows,
               const struct decimal *w, const struct decimal *x)
{
    t->sum = make_room(t->sum, &t->room, cells, sizeof(int128));
    if (!grow_scale(t, cell, rows, w, x))
        return false;
    int128 *sum = t->sum;
    for (uint32_t i = 0; i < rows; i++) {
        if (cell[i] == TALLY_SKIP)
            continue;
        int128 p = x ? (int128)w[i].mantissa * x[i].mantissa : w[i].mantissa;
        uint32_t s = (uint32_t)w[i].scale + (x ? (uint32_t)x[i].scale : 0);
        if (s < t->scale) {
            int128 by = power(t->scale - s);
            if (magnitude(p) > (int128)1 << 67 && magnitude(p) > most / by)
                return false;
            p *= by;
        } else if (s > t->scale) {
            p = round_down(p, s - t->scale);
        }
        if (__builtin_add_overflow(sum[cell[i]], p, &sum[cell[i]]))
            return false;
    }
    return true;
}

bool tally_merge(struct tally *into, uint32_t cells, const uint32_t *cell, const struct tally *from,
                 uint32_t from_cells)
{
    const int128 *add = from->sum;
    into->sum = make_room(into->sum, &into->room, cells, sizeof(int128));
    if (from->scale > into->scale && !rescale(into, from->scale))
        return false;
    int128 *sum = into->sum, by = power(into->scale - from->scale);
    for (uint32_t i = 0; i < from_cells && i < from->room; i++) {
        if (magnitude(add[i]) > most / by)
            return false;
        if (__builtin_add_overflow(sum[cell[i]], add[i] * by, &sum[cell[i]]))
            return false;
    }
    return true;
}

struct sum tally_sum(const struct tally *t, uint32_t cell)
{
    return tally_total(t, NULL, &cell, 1);
}

static struct sum sum_of(int128 value, uint32_t scale)
{
    uint128 bits = (uint128)value;
    return (struct sum){.near = {(uint64_t)bits, (uint64_t)(bits >> 64)}, .scale = scale};
}

static int128 add_up(const struct tally *t, const uint32_t *cell, uint32_t cells)
{
    const int128 *sum = t->sum;
    int128 total = 0;
    for (uint32_t i = 0; i < cells; i++)
        total += cell[i] < t->room ? sum[cell[i]] : 0;
    return total;
}

struct sum tally_total(const struct tally *t, const struct tally *less, const uint32_t *cell,
                       uint32_t cells)
{
    struct sum total = sum_of(add_up(t, cell, cells), t->scale);
    if (less) {
        struct sum gone = sum_of(-add_up(less, cell, cells), less->scale);
        sum_merge(&total, &gone);
    }
    return total;
}

long double tally_real(const struct tally *t, uint32_t cell)
{
    if (cell >= t->room)
        return 0;
    return (long double)((const int128 *)t->sum)[cell] / (long double)digits_power[t->scale];
}

/* ---- doubles on a grid ---- */

static void grid_add_words(struct grid *g, const uint64_t *word)
{
    uint64_t carry = 0;
    for (int k = 0; k < 4; k++) {
        uint64_t a = g->word[k] + carry;
        carry = a < carry;
        g->word[k] = a + word[k];
        carry += g->word[k] < a;
    }
}

static void grid_negate(uint64_t *word)
{
    uint64_t carry = 1;
    for (int k = 0; k < 4; k++) {
        word[k] = ~word[k] + carry;
        carry = carry && word[k] == 0;
    }
}

static bool grid_put(struct grid *g, double value)
{
    uint64_t word[4] = {0};
    int exponent;
    double fraction = frexp(fabs(value), &exponent);
    uint64_t bits = (uint64_t)ldexp(fraction, 53);
    int shift = exponent - 53 - GRID_LOW;
    if (!(exponent < GRID_HIGH))
        return false;
    if (shift <= -64)
        return true;
    if (shift < 0) {
        word[0] = bits >> -shift;
    } else {
        word[shift / 64] = bits << shift % 64;
        if (shift % 64 && shift / 64 < 3)
            word[shift / 64 + 1] = bits >> (64 - shift % 64);
    }
    if (value < 0)
        grid_negate(word);
    grid_add_words(g, word);
    return true;
}

bool grid_tally_add(struct grid_tally *t, uint32_t cells, const uint32_t *cell, uint32_t rows,
                    const double *value)
{
    t->sum = make_room(t->sum, &t->room, cells, sizeof *t->sum);
    for (uint32_t i = 0; i < rows; i++)
        if (cell[i] != TALLY_SKIP && !grid_put(&t->sum[cell[i]], value[i]))
            return false;
    return true;
}

void grid_tally_merge(struct grid_tally *into, uint32_t cells, const uint32_t *cell,
                      const struct grid_tally *from, uint32_t from_cells)
{
    into->sum = make_room(into->sum, &into->room, cells, sizeof *into->sum);
    for (uint32_t i = 0; i < from_cells && i < from->room; i++)
        grid_add_words(&into->sum[cell[i]], from->sum[i].word);
}

double grid_real(const struct grid_tally *t, uint32_t cell)
{
    if (cell >= t->room)
        return 0;
    struct grid g = t->sum[cell];
    bool negative = g.word[3] >> 63;
    double value = 0;
    if (negative)
        grid_negate(g.word);
    for (int k = 3; k >= 0; k--)
        value += ldexp((double)g.word[k], 64 * k + GRID_LOW);
    return negative ? -value : value;
}
