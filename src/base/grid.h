/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sums of doubles of many cells at once, each the same whatever the order of what is added.
 *
 * A fixed grid of 256 bits (2^-120 .. 2^135, 7.5e-37 .. 4e40): sums of doubles, exact above the
 * grid (after Kulisch's long accumulator).  Most sums add numbers of like size: each cell has a
 * window of 128 bits, whose place in the grid the first numbers tell, and an addition there is one
 * of 128 bits (as the small superaccumulators of Neal 2015, Fast exact summation using small and
 * large superaccumulators).  What is too small or too large for it goes to the grid itself, 32
 * bytes a cell; where that is often, windows are opened elsewhere.  A cell that nothing was added
 * to is 0. cell[i] == TALLY_SKIP leaves row i out.  False: a number outgrows the grid.
 */
#ifndef MARSAD_BASE_GRID_H
#define MARSAD_BASE_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct grid {
    uint64_t word[4]; /* two's complement, low word first */
};

struct grid_window;

/* A zeroed struct has nothing in it; a cell is what both arrays have of it. */
struct grid_tally {
    struct grid *sum;
    struct grid_window *window;
    size_t room, window_room, others; /* others: rows beside the windows */
    uint32_t lowest;                  /* of the windows, above the lowest bit of the grid */
};

void grid_tally_free(struct grid_tally *);
bool grid_tally_add(struct grid_tally *, uint32_t cells, const uint32_t *cell, uint32_t rows,
                    const double *value);

/* Cell i of `from` into cell[i], or into none where that is TALLY_SKIP. */
void grid_tally_merge(struct grid_tally *into, uint32_t cells, const uint32_t *cell,
                      const struct grid_tally *from, uint32_t from_cells);

/* Cell i becomes what cell order[i] was. */
void grid_tally_permute(struct grid_tally *, const uint32_t *order, uint32_t cells);

double grid_real(const struct grid_tally *, uint32_t cell);
/* The same of what `t` has and `less` has not: exact before it is rounded. */
double grid_difference(const struct grid_tally *t, const struct grid_tally *less, uint32_t cell);

#endif
