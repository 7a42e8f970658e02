/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Groups of the rows of a batch.
 *
 * A sample comes household by household, so a row often has the keys of the row before: such runs
 * cost one look-up, and the look-ups of a batch are made together (group_find_rows).  Where rows do
 * not come so, runs are not looked for.
 */
#include "stages/estimate.h"

/* Cells of up to eight bytes compare as numbers. */
static inline bool same_cell(struct text a, struct text b)
{
    if (a.len != b.len)
        return false;
    return a.len <= 8 ? a.len == 0 || text_word(a.at, a.len) == text_word(b.at, b.len)
                      : memcmp(a.at, b.at, a.len) == 0;
}

/* run[i]: the number of the row's run of equal keys; returns how many there are. */
static uint32_t find_runs(const struct text *const *cell, uint32_t keys, uint32_t rows,
                          uint32_t *run, struct arena *a)
{
    uint32_t runs = 0;
    bool *same = arena_array(a, rows, sizeof *same);
    memset(same, true, rows);
    for (uint32_t k = keys; k-- > 0;)
        for (uint32_t i = 1; i < rows; i++)
            same[i] = same[i] && same_cell(cell[k][i - 1], cell[k][i]);
    for (uint32_t i = 0; i < rows; i++)
        run[i] = i == 0 || !same[i] ? runs++ : runs - 1;
    return runs;
}

/* Which runs are looked up: some row of them is used, and no key is missing. */
static bool *find_wanted(const struct text *const *cell, uint32_t keys, const struct batch *b,
                         const bool *use, const uint32_t *run, uint32_t runs)
{
    bool *wanted = arena_zarray(b->arena, runs, sizeof *wanted);
    for (uint32_t i = 0; i < b->rows; i++)
        wanted[run[i]] |= !use || use[i];
    for (uint32_t i = 0; i < b->rows; i++)
        for (uint32_t k = 0; (i == 0 || run[i] != run[i - 1]) && k < keys; k++)
            wanted[run[i]] &= !text_missing(cell[k][i]);
    return wanted;
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

/* Looks up one row of each run that is wanted; group[]: of these in order. */
static void find_groups(struct groups *g, const struct text *const *cell, uint32_t keys,
                        const struct batch *b, const uint32_t *run, const bool *wanted,
                        uint32_t *group)
{
    uint32_t n = 0;
    struct text **some = arena_array(b->arena, keys, sizeof(struct text *));
    for (uint32_t k = 0; k < keys; k++)
        some[k] = arena_array(b->arena, b->rows, sizeof **some);
    for (uint32_t i = 0; i < b->rows; i++) {
        if (!wanted[run[i]] || (i > 0 && run[i] == run[i - 1]))
            continue;
        for (uint32_t k = 0; k < keys; k++)
            some[k][n] = cell[k][i];
        n++;
    }
    group_find_rows(g, (const struct text *const *)some, n, group);
}

void rows_group(struct groups *g, const struct text *const *cell, uint32_t keys,
                const struct batch *b, const bool *use, bool *scattered, uint32_t *found)
{
    if (*scattered && all_there(cell, keys, b->rows, use)) {
        group_find_rows(g, cell, b->rows, found);
        return;
    }
    uint32_t *run = arena_array(b->arena, b->rows, sizeof *run);
    uint32_t runs = find_runs(cell, keys, b->rows, run, b->arena);
    const bool *wanted = find_wanted(cell, keys, b, use, run, runs);
    uint32_t *group = arena_array(b->arena, runs, sizeof *group), *at = group;
    find_groups(g, cell, keys, b, run, wanted, group);
    for (uint32_t i = 0; i < b->rows; i++) {
        at += i > 0 && run[i] != run[i - 1] && wanted[run[i - 1]];
        found[i] = wanted[run[i]] && (!use || use[i]) ? *at : TALLY_SKIP;
    }
    *scattered = runs > b->rows / 2;
}
