/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sums of products of three numbers by cell, w x y: second moments of a survey.
 *
 * A product of up to 36 digits, 18 of them behind the point, and below 10^30 is added as it is, to
 * 192 bits a cell at one scale for all; any other, as a double, to a grid (base/grid.h).  Which of
 * both depends on the row alone, so a sum is the same whatever the order of rows, and exact where
 * there are none of the others.  Cost: where 64 bits hold the numbers of some rows at one scale,
 * two products and three additions a row.  cell[i] == TALLY_SKIP leaves row i out.
 */
#ifndef MARSAD_BASE_PRODUCT_TALLY_H
#define MARSAD_BASE_PRODUCT_TALLY_H

#include "base/grid.h"
#include "base/sum.h"

struct exact_product;

/* A zeroed struct has nothing in it. */
struct product_tally {
    struct exact_product *sum;
    size_t room;
    uint32_t scale;
    struct grid_tally grid;
};

/* One of the three in all rows: EXACT in each that is not left out, and the same at one scale. */
struct factor {
    const struct decimal *exact;
    const struct scaled *scaled;
};

void product_tally_free(struct product_tally *);
/* factor[0] .. factor[factors - 1], 2 or 3 of them; false: a product outgrows the grid. */
bool product_tally_add(struct product_tally *, uint32_t cells, const uint32_t *cell, uint32_t rows,
                       const struct factor *factor, uint32_t factors);
/* Cell i of `from` into cell[i], or into none where that is TALLY_SKIP. */
void product_tally_merge(struct product_tally *into, uint32_t cells, const uint32_t *cell,
                         const struct product_tally *from, uint32_t from_cells);
/* Cell i becomes what cell order[i] was. */
void product_tally_permute(struct product_tally *, const uint32_t *order, uint32_t cells);

/* The exact sum of a cell, less that of `less` (NULL: nothing); false: some products are on a grid.
 */
bool product_sum(const struct product_tally *, const struct product_tally *less, uint32_t cell,
                 struct sum *);
double product_real(const struct product_tally *, uint32_t cell);
/* The same of what `t` has and `less` has not: exact before it is rounded. */
double product_difference(const struct product_tally *t, const struct product_tally *less,
                          uint32_t cell);

#endif
