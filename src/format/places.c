/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See places.h. */
#include "format/places.h"

/* Numbers the blocks of a side; returns how many there are. */
static uint32_t number_blocks(struct arena *arena, const struct side *side,
                              const struct entry *entry, uint32_t n, uint32_t **out)
{
    struct keys block;

    keys_open(&block, arena);
    *out = arena_array(arena, (size_t)n + 1, sizeof(**out));
    for (uint32_t i = 0; i < n; i++)
        (*out)[i] = keys_add(&block, side_block(side, &entry[i]));
    return block.count;
}

static int *place(const struct places *p, uint32_t row, uint32_t column)
{
    return &p->digits[(size_t)p->row[row] * p->columns + p->column[column]];
}

int places_of(const struct places *p, uint32_t row, uint32_t column)
{
    return *place(p, row, column);
}

void places_fill(struct places *p, struct arena *arena, const struct side *rows,
                 const struct side *columns, const struct grid *g, const struct legend *legend,
                 struct places_rule rule)
{
    uint32_t n = number_blocks(arena, rows, g->row, g->rows, &p->row);

    p->columns = number_blocks(arena, columns, g->column, g->columns, &p->column);
    p->digits = arena_zarray(arena, (size_t)n * p->columns + 1, sizeof(*p->digits));
    for (uint32_t r = 0; r < g->rows; r++)
        for (uint32_t c = 0; c < g->columns; c++) {
            int *most = place(p, r, c);
            int digits = legend_digits(legend, &g->cell[(size_t)r * g->columns + c]);
            if (digits > *most && rule.aligned(rule.data, &g->row[r], &g->column[c]))
                *most = digits;
        }
}
