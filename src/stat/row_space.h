/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rank of a matrix whose rows come one at a time.
 *
 * Keeps an orthonormal basis of the rows so far (Gram and Schmidt, twice; Bjorck 1967, BIT 7) and
 * one unit vector across it, the probe: a row that the probe does not see lies in the basis but for
 * a chance of about 1e-8, so that a row costs `width` products unless it adds a dimension.  A row
 * of which less than 1e-5 is left counts as dependent, as in R's qr().  A full space keeps nothing.
 * The rank does not depend on the order of rows, but for such borderline ones.  Memory: 8 bytes x
 * rank x width.
 */
#ifndef MARSAD_STAT_ROW_SPACE_H
#define MARSAD_STAT_ROW_SPACE_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed is empty. */
struct row_space {
    double *basis; /* rank x width, the probe, a row to work in */
    size_t room;
    uint32_t rank;
};

void row_space_add(struct row_space *, const double *row, uint32_t width);
void row_space_merge(struct row_space *into, const struct row_space *from, uint32_t width);
void row_space_free(struct row_space *);

#endif
