/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/tally.h"

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

enum { LOW = -120, HIGH = 134, BINS = 8, BIN = 32, FEW = 1 << 14, CACHED = 256, AHEAD = 16 };

/* bin[k] x 2^(32 k - 120); 2^42 doubles of 53 bits, shifted by up to 31, fit into each. */
struct grid_bins {
    int128 bin[BINS];
};

void grid_tally_free(struct grid_tally *t)
{
    free(t->sum);
    free(t->bins);
    *t = (struct grid_tally){0};
}

static void make_sums(struct grid_tally *t, uint32_t cells)
{
    t->sum = memory_grow_zeroed(t->sum, &t->room, cells, sizeof *t->sum);
}

/* ---- words ---- */

/* `words` of them, from the lowest on. */
static void add_words(uint64_t *to, const uint64_t *word, int words)
{
    uint64_t carry = 0;
    for (int k = 0; k < words; k++) {
        uint64_t a = to[k] + carry;
        carry = a < carry;
        to[k] = a + word[k];
        carry += to[k] < a;
    }
}

static void negate(uint64_t *word)
{
    uint64_t carry = 1;
    for (int k = 0; k < 4; k++) {
        word[k] = ~word[k] + carry;
        carry = carry && word[k] == 0;
    }
}

/* value x 2^shift into a grid. */
static void add_shifted(struct grid *g, int128 value, uint32_t shift)
{
    uint64_t sign = value < 0 ? UINT64_MAX : 0, part = shift % 64;
    uint64_t low = (uint64_t)value, high = (uint64_t)(value >> 64);
    uint64_t word[5] = {low << part, part ? high << part | low >> (64 - part) : high,
                        part ? sign << part | high >> (64 - part) : sign, sign, sign};
    add_words(g->word + shift / 64, word, 4 - (int)(shift / 64));
}

static struct grid value_of(const struct grid_tally *t, uint32_t cell)
{
    struct grid g = cell < t->room ? t->sum[cell] : (struct grid){{0}};
    for (uint32_t k = 0; cell < t->bins_room && k < BINS; k++)
        if (t->bins[cell].bin[k])
            add_shifted(&g, t->bins[cell].bin[k], BIN * k);
    return g;
}

/* All that is in bins goes to the sums. */
static void settle(struct grid_tally *t)
{
    if (!t->bins)
        return;
    make_sums(t, (uint32_t)t->bins_room);
    for (uint32_t i = 0; i < t->bins_room; i++)
        t->sum[i] = value_of(t, i);
    free(t->bins);
    t->bins = NULL;
    t->bins_room = 0;
}

/* ---- rows ---- */

/* +-bits x 2^shift above the grid's lowest bit; false: it outgrows the grid. */
static inline bool split(double value, uint64_t *bits, uint32_t *shift)
{
    uint64_t raw;
    memcpy(&raw, &value, sizeof raw);
    int e = (int)(raw >> 52 & 0x7ff), exponent = (e ? e : 1) - 1075, above = exponent - LOW;
    *bits = (raw & (((uint64_t)1 << 52) - 1)) | (uint64_t)(e != 0) << 52;
    *shift = above > 0 ? (uint32_t)above : 0;
    if (above < 0)
        *bits = above > -64 ? *bits >> -above : 0;
    return exponent + 53 < HIGH || *bits == 0;
}

/* The exponent of the lowest bit of a double's mantissa above that of the grid, 0 below it. */
static inline uint32_t shift_of(uint64_t raw)
{
    enum { LOWEST = 1075 + LOW };
    uint32_t e = (uint32_t)(raw >> 52 & 0x7ff);
    return e > LOWEST ? e - LOWEST : 0;
}

/* Of doubles that are 0, or lie within the grid whole: without a branch. */
static inline bool is_inside(uint64_t raw)
{
    enum { LOWEST = 1075 + LOW, MOST = HIGH - LOW - 53 };
    return (uint32_t)(raw >> 52 & 0x7ff) - LOWEST < MOST || raw << 1 == 0;
}

static inline uint64_t bits_of_double(double value)
{
    uint64_t raw;
    memcpy(&raw, &value, sizeof raw);
    return raw;
}

static inline void add_shifted_to_bin(struct grid_bins *bins, uint64_t bits, uint32_t shift,
                                      bool negative)
{
    int128 sign = negative ? -1 : 0, add = (int128)bits << shift % BIN;
    bins->bin[shift / BIN] += (add ^ sign) - sign;
}

static bool add_to_bins(struct grid_bins *bins, const uint32_t *cell, uint32_t rows,
                        const double *value, bool many)
{
    const uint64_t hidden = (uint64_t)1 << 52;
    for (uint32_t i = 0; i < rows; i++) {
        uint64_t raw = bits_of_double(value[i]), bits = raw & (hidden - 1);
        uint32_t shift = shift_of(raw), next = i + AHEAD < rows ? i + AHEAD : i;
        if (many && cell[next] != TALLY_SKIP)
            __builtin_prefetch(
                &bins[cell[next]].bin[shift_of(bits_of_double(value[next])) / BIN % BINS], 1);
        if (cell[i] == TALLY_SKIP)
            continue;
        if (is_inside(raw))
            bits |= raw << 1 ? hidden : 0;
        else if (!split(value[i], &bits, &shift))
            return false;
        add_shifted_to_bin(&bins[cell[i]], bits, shift, raw >> 63);
    }
    return true;
}

static bool add_to_sums(struct grid *sum, const uint32_t *cell, uint32_t rows, const double *value)
{
    uint64_t bits;
    uint32_t shift;
    for (uint32_t i = 0; i < rows; i++) {
        if (cell[i] == TALLY_SKIP)
            continue;
        if (!split(value[i], &bits, &shift))
            return false;
        if (bits)
            add_shifted(&sum[cell[i]], value[i] < 0 ? -(int128)bits : (int128)bits, shift);
    }
    return true;
}

bool grid_tally_add(struct grid_tally *t, uint32_t cells, const uint32_t *cell, uint32_t rows,
                    const double *value)
{
    if (cells <= FEW && !t->sum) {
        t->bins = memory_grow_zeroed(t->bins, &t->bins_room, cells, sizeof *t->bins);
        return add_to_bins(t->bins, cell, rows, value, cells > CACHED);
    }
    settle(t);
    make_sums(t, cells);
    return add_to_sums(t->sum, cell, rows, value);
}

/* ---- the end ---- */

void grid_tally_merge(struct grid_tally *into, uint32_t cells, const uint32_t *cell,
                      const struct grid_tally *from, uint32_t from_cells)
{
    settle(into);
    make_sums(into, cells);
    for (uint32_t i = 0; i < from_cells && (i < from->room || i < from->bins_room); i++) {
        struct grid add = value_of(from, i);
        if (cell[i] != TALLY_SKIP)
            add_words(into->sum[cell[i]].word, add.word, 4);
    }
}

void grid_tally_permute(struct grid_tally *t, const uint32_t *order, uint32_t cells)
{
    struct grid *to = memory_alloc((size_t)cells * sizeof *to);
    for (uint32_t i = 0; i < cells; i++)
        to[i] = value_of(t, order[i]);
    grid_tally_free(t);
    t->sum = to;
    t->room = cells;
}

static double real_of(struct grid g)
{
    bool negative = g.word[3] >> 63;
    double value = 0;
    if (negative)
        negate(g.word);
    for (int k = 3; k >= 0; k--)
        value += ldexp((double)g.word[k], 64 * k + LOW);
    return negative ? -value : value;
}

double grid_real(const struct grid_tally *t, uint32_t cell)
{
    return real_of(value_of(t, cell));
}

double grid_difference(const struct grid_tally *t, const struct grid_tally *less, uint32_t cell)
{
    struct grid g = value_of(t, cell), gone = value_of(less, cell);
    negate(gone.word);
    add_words(g.word, gone.word, 4);
    return real_of(g);
}
