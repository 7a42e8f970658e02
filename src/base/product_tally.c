/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/product_tally.h"

#include <math.h>
#include <stdlib.h>

#include "base/digits.h"
#include "base/memory.h"
#include "base/tally.h"

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

enum { MOST_DIGITS = 18, AHEAD = 16 };
static const double too_large = 1e30, too_long = 1e36;

/* Two's complement, low word first; 2^31 products of 10^30 with 18 digits behind the point fit. */
struct exact_product {
    uint64_t word[3];
};

void product_tally_free(struct product_tally *t)
{
    free(t->sum);
    grid_tally_free(&t->grid);
    *t = (struct product_tally){0};
}

static bool has_grid(const struct product_tally *t)
{
    return t->grid.room || t->grid.window_room;
}

/* ---- words ---- */

/* In words: compilers keep their sums of 128 bits in memory. */
static inline void add_words(struct exact_product *to, uint64_t low, uint64_t middle, uint64_t high)
{
    uint64_t carry = __builtin_add_overflow(to->word[0], low, &low);
    high += __builtin_add_overflow(to->word[1], middle, &middle);
    high += __builtin_add_overflow(middle, carry, &middle);
    to->word[0] = low;
    to->word[1] = middle;
    to->word[2] += high;
}

static inline void add_product(struct exact_product *to, int128 value)
{
    add_words(to, (uint64_t)value, (uint64_t)((uint128)value >> 64), value < 0 ? UINT64_MAX : 0);
}

static struct exact_product negative(struct exact_product x)
{
    struct exact_product minus = {{~x.word[0], ~x.word[1], ~x.word[2]}};
    add_words(&minus, 1, 0, 0);
    return minus;
}

static struct exact_product times(struct exact_product x, uint64_t by)
{
    bool minus = x.word[2] >> 63;
    struct exact_product out = minus ? negative(x) : x;
    uint64_t carry = 0;
    for (int k = 0; k < 3; k++) {
        uint128 product = (uint128)out.word[k] * by + carry;
        out.word[k] = (uint64_t)product;
        carry = (uint64_t)(product >> 64);
    }
    return minus ? negative(out) : out;
}

static void rescale(struct product_tally *t, uint32_t scale)
{
    uint64_t by = (uint64_t)digits_power[scale - t->scale];
    for (size_t i = 0; i < t->room && by > 1; i++)
        t->sum[i] = times(t->sum[i], by);
    t->scale = scale;
}

/* ---- rows ---- */

/* Rows at one scale, with what brings that to the scale of the sums. */
struct plain {
    const int64_t *w, *x, *y; /* y NULL: there is none */
    int64_t by;
    uint32_t scale;
};

static long double magnitude(const struct scaled *s)
{
    return (long double)s->magnitude;
}

/* Whether all rows may be added as they are, w x in 64 bits and y in as many. */
static bool is_plain(const struct factor *f, uint32_t factors, uint32_t tally_scale,
                     struct plain *p)
{
    long double product = 1;
    uint32_t scale = 0;
    for (uint32_t k = 0; k < factors; k++) {
        if (!f[k].scaled->value || f[k].scaled->kinds > NUMBER_MISSING)
            return false;
        product *= magnitude(f[k].scaled);
        scale += f[k].scaled->scale;
    }
    if (scale > MOST_DIGITS || product >= (long double)too_long / 2 ||
        product >= (long double)too_large / 2 * (long double)digits_power[scale])
        return false;
    p->scale = scale > tally_scale ? scale : tally_scale;
    p->by = digits_power[p->scale - scale];
    p->w = f[0].scaled->value;
    p->x = f[1].scaled->value;
    p->y = factors > 2 ? f[2].scaled->value : NULL;
    long double last = p->y ? magnitude(f[2].scaled) : 1;
    return magnitude(f[0].scaled) * magnitude(f[1].scaled) < 0x1p63L &&
           last * (long double)p->by < 0x1p63L;
}

static void add_plain(struct product_tally *t, const uint32_t *cell, uint32_t rows,
                      const struct plain *p)
{
    const int64_t *w = p->w, *x = p->x, *y = p->y;
    int64_t by = p->by;
    for (uint32_t i = 0; i < rows; i++) {
        if (i + AHEAD < rows && cell[i + AHEAD] != TALLY_SKIP)
            __builtin_prefetch(&t->sum[cell[i + AHEAD]], 1);
        int64_t wx = w[i] * x[i], last = y ? y[i] * by : by;
        if (cell[i] != TALLY_SKIP)
            add_product(&t->sum[cell[i]], (int128)wx * last);
    }
}

/* A row as a double and as a whole number; false: it has too many digits to be exact. */
static bool read_row(const struct factor *f, uint32_t factors, uint32_t row, double *value,
                     int128 *whole, uint32_t *scale)
{
    int digits = 0;
    *value = 1;
    *whole = 1;
    for (uint32_t k = 0; k < factors; k++) {
        *value *= decimal_real(f[k].exact[row]);
        digits += f[k].exact[row].scale;
    }
    *scale = (uint32_t)digits;
    if (digits > MOST_DIGITS || fabs(*value) >= too_large ||
        fabs(*value) * (double)digits_power[digits] >= too_long)
        return false;
    for (uint32_t k = 0; k < factors; k++)
        *whole *= f[k].exact[row].mantissa;
    return true;
}

static void add_scaled(struct exact_product *to, int128 value, uint32_t digits)
{
    struct exact_product x = {{0}};
    add_product(&x, value);
    x = times(x, (uint64_t)digits_power[digits]);
    add_words(to, x.word[0], x.word[1], x.word[2]);
}

/* What is not exact is gathered for the grid. */
static bool add_mixed(struct product_tally *t, uint32_t cells, const uint32_t *cell, uint32_t rows,
                      const struct factor *f, uint32_t factors)
{
    double *value = memory_alloc(rows * sizeof *value), real;
    uint32_t *to = memory_alloc(rows * sizeof *to), n = 0, scale;
    int128 whole;
    for (uint32_t i = 0; i < rows; i++) {
        if (cell[i] == TALLY_SKIP)
            continue;
        if (read_row(f, factors, i, &real, &whole, &scale)) {
            if (scale > t->scale)
                rescale(t, scale);
            add_scaled(&t->sum[cell[i]], whole, t->scale - scale);
        } else {
            value[n] = real;
            to[n++] = cell[i];
        }
    }
    bool good = n == 0 || grid_tally_add(&t->grid, cells, to, n, value);
    free(value);
    free(to);
    return good;
}

bool product_tally_add(struct product_tally *t, uint32_t cells, const uint32_t *cell, uint32_t rows,
                       const struct factor *factor, uint32_t factors)
{
    struct plain p;
    t->sum = memory_grow_zeroed(t->sum, &t->room, cells, sizeof *t->sum);
    if (!is_plain(factor, factors, t->scale, &p))
        return add_mixed(t, cells, cell, rows, factor, factors);
    rescale(t, p.scale);
    add_plain(t, cell, rows, &p);
    return true;
}

/* ---- the end ---- */

void product_tally_merge(struct product_tally *into, uint32_t cells, const uint32_t *cell,
                         const struct product_tally *from, uint32_t from_cells)
{
    into->sum = memory_grow_zeroed(into->sum, &into->room, cells, sizeof *into->sum);
    if (from->scale > into->scale)
        rescale(into, from->scale);
    uint64_t by = (uint64_t)digits_power[into->scale - from->scale];
    for (uint32_t i = 0; i < from_cells && i < from->room; i++) {
        struct exact_product add = times(from->sum[i], by);
        if (cell[i] != TALLY_SKIP)
            add_words(&into->sum[cell[i]], add.word[0], add.word[1], add.word[2]);
    }
    if (has_grid(from))
        grid_tally_merge(&into->grid, cells, cell, &from->grid, from_cells);
}

void product_tally_permute(struct product_tally *t, const uint32_t *order, uint32_t cells)
{
    struct exact_product *sum = memory_zalloc(cells * sizeof *sum);
    for (uint32_t i = 0; i < cells; i++)
        if (order[i] < t->room)
            sum[i] = t->sum[order[i]];
    free(t->sum);
    t->sum = sum;
    t->room = cells;
    if (has_grid(t))
        grid_tally_permute(&t->grid, order, cells);
}

static struct exact_product exact_of(const struct product_tally *t, uint32_t cell)
{
    return cell < t->room ? t->sum[cell] : (struct exact_product){{0}};
}

static struct sum sum_of(struct exact_product x, uint32_t scale)
{
    uint64_t sign = x.word[2] >> 63 ? UINT64_MAX : 0;
    return (struct sum){.far = {x.word[0], x.word[1], x.word[2], sign}, .scale = scale};
}

bool product_sum(const struct product_tally *t, const struct product_tally *less, uint32_t cell,
                 struct sum *out)
{
    *out = sum_of(exact_of(t, cell), t->scale);
    if (!less)
        return !has_grid(t);
    struct sum gone = sum_of(negative(exact_of(less, cell)), less->scale);
    return sum_merge(out, &gone) && !has_grid(t) && !has_grid(less);
}

double product_real(const struct product_tally *t, uint32_t cell)
{
    struct sum exact = sum_of(exact_of(t, cell), t->scale);
    return sum_real(&exact) + grid_real(&t->grid, cell);
}

double product_difference(const struct product_tally *t, const struct product_tally *less,
                          uint32_t cell)
{
    struct sum exact;
    product_sum(t, less, cell, &exact);
    return sum_real(&exact) + grid_difference(&t->grid, &less->grid, cell);
}
