/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/distance.h"

/* Code points as numbers that differ where the letters do; n, or 0 where they are too many. */
static uint32_t letters_of(struct text t, uint32_t *letter)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t.len; i++) {
        unsigned char c = (unsigned char)t.at[i];
        if ((c & 0xC0) == 0x80 && n) {
            letter[n - 1] = letter[n - 1] << 8 | c;
            continue;
        }
        if (n == DISTANCE_LETTERS)
            return 0;
        letter[n++] = c;
    }
    return n;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

struct grid {
    const uint32_t *a, *b;
    uint32_t columns, limit, far;
    uint32_t row[3][DISTANCE_LETTERS + 1]; /* row i is row[i % 3] */
};

static uint32_t cell(const struct grid *g, uint32_t i, uint32_t j)
{
    const uint32_t *above = g->row[(i + 2) % 3], *here = g->row[i % 3];
    uint32_t best = above[j - 1] + (g->a[i - 1] != g->b[j - 1]);
    best = least(best, least(above[j], here[j - 1]) + 1);
    if (i > 1 && j > 1 && g->a[i - 1] == g->b[j - 2] && g->a[i - 2] == g->b[j - 1])
        best = least(best, g->row[(i + 1) % 3][j - 2] + 1);
    return least(best, g->far);
}

/* Computes row i inside the band; returns its least cell. */
static uint32_t grid_row(struct grid *g, uint32_t i)
{
    uint32_t from = i > g->limit ? i - g->limit : 0, to = least(i + g->limit, g->columns);
    uint32_t *here = g->row[i % 3], best = g->far;
    for (uint32_t j = 0; j <= g->columns; j++)
        here[j] = g->far;
    for (uint32_t j = from; j <= to; j++) {
        here[j] = j ? cell(g, i, j) : least(i, g->far);
        best = least(best, here[j]);
    }
    return best;
}

/* The letters of a text, as a set: by the last byte of each, so that some share a bit. */
static uint64_t letter_set(struct text t)
{
    uint64_t set = 0;
    for (uint32_t i = 0; i < t.len; i++)
        if (i + 1 == t.len || ((unsigned char)t.at[i + 1] & 0xC0) != 0x80)
            set |= (uint64_t)1 << ((unsigned char)t.at[i] & 63);
    return set;
}

static bool over(uint64_t set, uint32_t limit)
{
    for (; set && limit; limit--)
        set &= set - 1;
    return set != 0;
}

/* Each letter that one text has and the other has not takes a step of its own. */
static bool is_far(struct text a, struct text b, uint32_t limit)
{
    uint64_t x = letter_set(a), y = letter_set(b);
    return over(x & ~y, limit) || over(y & ~x, limit);
}

uint32_t text_distance(struct text a, struct text b, uint32_t limit)
{
    uint32_t x[DISTANCE_LETTERS], y[DISTANCE_LETTERS];
    if (is_far(a, b, limit))
        return limit + 1;
    uint32_t n = letters_of(a, x), m = letters_of(b, y);
    if ((!n && a.len) || (!m && b.len) || (n > m ? n - m : m - n) > limit)
        return limit + 1;
    struct grid g = {.a = x, .b = y, .columns = m, .limit = limit, .far = limit + 1};
    for (uint32_t j = 0; j <= m; j++)
        g.row[0][j] = least(j, g.far);
    uint32_t before = 0; /* the least cell of the row before: a swap reaches over one row */
    for (uint32_t i = 1; i <= n; i++) {
        uint32_t best = grid_row(&g, i);
        if (best > limit && before > limit)
            return limit + 1;
        before = best;
    }
    return g.row[n % 3][m];
}
