/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/tally.h"

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

enum { LOW = -120, HIGH = 134, SPAN = 32, ABOVE = 4, AHEAD = 16 };

/* What is added to a cell is a whole number of 2^lowest x 2^LOW, if it is not too small or large:
 * 2^42 doubles of 53 bits, shifted by up to SPAN, fit into 128 bits. */
struct grid_window {
    uint64_t low, high;
};

void grid_tally_free(struct grid_tally *t)
{
    free(t->sum);
    free(t->window);
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

static int128 window_value(const struct grid_window *w)
{
    return (int128)((uint128)w->high << 64 | w->low);
}

static struct grid value_of(const struct grid_tally *t, uint32_t cell)
{
    struct grid g = cell < t->room ? t->sum[cell] : (struct grid){{0}};
    if (cell < t->window_room)
        add_shifted(&g, window_value(&t->window[cell]), t->lowest);
    return g;
}

/* All that is in windows goes to the sums. */
static void settle(struct grid_tally *t)
{
    if (!t->window)
        return;
    make_sums(t, (uint32_t)t->window_room);
    for (uint32_t i = 0; i < t->window_room; i++)
        t->sum[i] = value_of(t, i);
    free(t->window);
    t->window = NULL;
    t->window_room = 0;
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

static inline uint64_t bits_of_double(double value)
{
    uint64_t raw;
    memcpy(&raw, &value, sizeof raw);
    return raw;
}

static bool add_to_sum(struct grid_tally *t, uint32_t cell, double value)
{
    uint64_t bits;
    uint32_t shift;
    if (!split(value, &bits, &shift))
        return false;
    make_sums(t, cell + 1);
    if (bits)
        add_shifted(&t->sum[cell], value < 0 ? -(int128)bits : (int128)bits, shift);
    return true;
}

/* Windows that hold the largest of these, and what is up to 2^ABOVE times as large or 2^-28. */
static void open_windows(struct grid_tally *t, const uint32_t *cell, uint32_t rows,
                         const double *value)
{
    enum { LOWEST = 1075 + LOW, MOST = HIGH - LOW - 53 - SPAN };
    int largest = 0;
    for (uint32_t i = 0; i < rows; i++) {
        int exponent = (int)(bits_of_double(value[i]) >> 52 & 0x7ff) - LOWEST;
        largest = cell[i] != TALLY_SKIP && exponent > largest ? exponent : largest;
    }
    largest -= SPAN - ABOVE;
    t->lowest = (uint32_t)(largest < 0 ? 0 : largest > MOST ? MOST : largest);
    t->others = 0;
}

/* In words: compilers keep their sums of 128 bits in memory. */
static inline void add_to_window(struct grid_window *w, uint64_t bits, uint32_t shift,
                                 uint64_t negative)
{
    uint64_t low = ((bits << shift) ^ (0 - negative)) + negative, sum = w->low + low;
    uint64_t high = (bits >> 1 >> (63 - shift)) ^ (0 - negative);
    w->high += high + (negative & (low == 0)) + (sum < low);
    w->low = sum;
}

/* What is in no window goes to the sums. */
static bool add_rows(struct grid_tally *t, const uint32_t *cell, uint32_t rows, const double *value)
{
    const uint64_t hidden = (uint64_t)1 << 52;
    const uint32_t lowest = 1075 + LOW + t->lowest;
    struct grid_window *window = t->window;
    for (uint32_t i = 0; i < rows; i++) {
        uint64_t raw = bits_of_double(value[i]);
        uint32_t shift = (uint32_t)(raw >> 52 & 0x7ff) - lowest;
        if (i + AHEAD < rows && cell[i + AHEAD] != TALLY_SKIP)
            __builtin_prefetch(&window[cell[i + AHEAD]], 1);
        if (cell[i] == TALLY_SKIP || raw << 1 == 0)
            continue;
        if (shift <= SPAN) {
            add_to_window(&window[cell[i]], (raw & (hidden - 1)) | hidden, shift, raw >> 63);
        } else if (t->others++, !add_to_sum(t, cell[i], value[i])) {
            return false;
        }
    }
    return true;
}

bool grid_tally_add(struct grid_tally *t, uint32_t cells, const uint32_t *cell, uint32_t rows,
                    const double *value)
{
    if (t->others > t->window_room)
        settle(t);
    if (!t->window)
        open_windows(t, cell, rows, value);
    t->window = memory_grow_zeroed(t->window, &t->window_room, cells, sizeof *t->window);
    return add_rows(t, cell, rows, value);
}

/* ---- the end ---- */

void grid_tally_merge(struct grid_tally *into, uint32_t cells, const uint32_t *cell,
                      const struct grid_tally *from, uint32_t from_cells)
{
    settle(into);
    make_sums(into, cells);
    for (uint32_t i = 0; i < from_cells && (i < from->room || i < from->window_room); i++) {
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
