/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Groups of the rows of a batch.
 *
 * A sample comes household by household, so a row often has the keys of the row before: such runs
 * cost one look-up, and the look-ups of a batch are made together (group_find_rows).  Where a batch
 * of some size had few runs, they are not looked for any more.
 */
#include "stages/estimate.h"

enum { ENOUGH = 64 }; /* rows that tell whether rows are apart */

/* Whether a run is looked up: some row of it is used, and no key is missing. */
static bool is_wanted(const struct text *const *cell, uint32_t keys, const bool *use, uint32_t from,
                      uint32_t to)
{
    for (uint32_t k = 0; k < keys; k++)
        if (text_missing(cell[k][from]))
            return false;
    return !use || memchr(use + from, 1, to - from);
}

/* No key is missing and every row is used. */
static bool all_there(const struct text *const *cell, uint32_t keys, uint32_t rows, const bool *use)
{
    bool gap = false;
    for (uint32_t k = 0; k < keys; k++)
        for (uint32_t i = 0; i < rows; i++)
            gap |= text_missing(cell[k][i]);
    for (uint32_t i = 0; use && i < rows; i++)
        gap |= !use[i];
    return !gap;
}

/* Looks up the first row of each run that is wanted; group[]: of these in order. */
static void find_groups(struct groups *g, const struct text *const *cell, uint32_t keys,
                        const struct batch *b, const uint32_t *start, const bool *wanted,
                        uint32_t runs, uint32_t *group)
{
    struct text **some = arena_array(b->arena, keys, sizeof(struct text *));
    uint32_t n = 0;
    for (uint32_t k = 0; k < keys; k++) {
        some[k] = arena_array(b->arena, runs, sizeof **some);
        n = 0;
        for (uint32_t r = 0; r < runs; r++)
            if (wanted[r])
                some[k][n++] = cell[k][start[r]];
    }
    for (uint32_t r = 0; keys == 0 && r < runs; r++)
        n += wanted[r];
    group_find_rows(g, (const struct text *const *)some, n, group);
}

void rows_group(struct groups *g, const uint32_t *column, uint32_t keys, const struct batch *b,
                const bool *use, bool *scattered, uint32_t *found)
{
    uint32_t runs;
    const struct text **cell = arena_array(b->arena, keys, sizeof(struct text *));
    for (uint32_t k = 0; k < keys; k++)
        cell[k] = batch_text(b, column[k]);
    if (*scattered && all_there(cell, keys, b->rows, use)) {
        group_find_rows(g, cell, b->rows, found);
        return;
    }
    const uint32_t *start = batch_runs(b, column, keys, &runs);
    bool *wanted = arena_array(b->arena, runs, sizeof *wanted);
    uint32_t *group = arena_array(b->arena, runs, sizeof *group);
    for (uint32_t r = 0; r < runs; r++)
        wanted[r] = is_wanted(cell, keys, use, start[r], start[r + 1]);
    find_groups(g, cell, keys, b, start, wanted, runs, group);
    for (uint32_t r = 0; r < runs; r++) {
        uint32_t is = wanted[r] ? *group++ : TALLY_SKIP;
        for (uint32_t i = start[r]; i < start[r + 1]; i++)
            found[i] = !use || use[i] ? is : TALLY_SKIP;
    }
    if (b->rows >= ENOUGH)
        *scattered = runs > b->rows / 2;
}
