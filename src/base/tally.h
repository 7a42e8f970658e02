/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many sums at once, each the same whatever the order of what is added: for millions of cells.
 *
 * A tally of decimals holds exact sums of w, or of w x, 8 bytes a cell as long as they fit and 16
 * then, at one scale for all cells; the scale grows with what is added up to TALLY_SCALE digits, to
 * which single products beyond are rounded (half away from zero, so order still does not matter).
 * False: a sum outgrew 38 digits. A cell that nothing was added to is 0.  cell[i] == TALLY_SKIP
 * leaves row i out.  Of doubles: base/grid.h.
 *
 * Tallies of the same cells can share memory that the caller lends, row by row, so that a cell is
 * one place in memory: tally_lend().  One that outgrows 64 bits takes memory of its own.  What a
 * batch adds to all of these can be put beside each other (tally_values()) and be added at once.
 */
#ifndef MARSAD_BASE_TALLY_H
#define MARSAD_BASE_TALLY_H

#include "base/sum.h"

enum { TALLY_SCALE = 18 };
#define TALLY_SKIP UINT32_MAX

struct tally {
    void *sum; /* 64 or 128 bits of each cell */
    size_t room;
    uint32_t scale, stride; /* stride: of cells in lent memory, in sums; 0: the memory is its own */
    bool wide;
    uint32_t common; /* the scale of what it is a part of, where that is finer: tally_join() */
    uint32_t width, at, slots; /* of each `width` cells, `slots` from number `at` on are its own,
                                  the others not; width 0: all are */
};

void tally_free(struct tally *);

/* The sums lie at at[0], at[stride], ...: `room` cells, zero where they are new.  Called again
 * whenever the memory has moved or grown; all cells that are used must be there. */
void tally_lend(struct tally *, int64_t *at, uint32_t stride, size_t room);
/* A copy that has memory of its own. */
void tally_copy(struct tally *to, const struct tally *from);

/* Adds w[i] (x NULL) or w[i] x[i] to cell[i] < cells; all EXACT where not skipped. */
bool tally_add(struct tally *, uint32_t cells, const uint32_t *cell, uint32_t rows,
               const struct decimal *w, const struct decimal *x);

/* Of each row what it adds to a tally, w or w x, at its scale: to[0], to[stride], ...; false: that
 * has more digits, or may outgrow 64 bits. */
bool tally_values(const struct tally *, const struct scaled *w, const struct scaled *x,
                  uint32_t rows, int64_t *to, uint32_t stride);
/* `count` values of each row, which lie `stride` apart. */
struct tally_rows {
    const int64_t *value;
    uint32_t stride, count;
};

/* Adds value k of row i to row[cell[i] * stride + k]; false, and nothing is added: a sum would
 * outgrow 64 bits. */
bool tally_add_values(int64_t *row, uint32_t stride, const uint32_t *cell, uint32_t rows,
                      const struct tally_rows *);

/* Cell i of `from` into cell[i], or into none where that is TALLY_SKIP. */
bool tally_merge(struct tally *into, uint32_t cells, const uint32_t *cell, const struct tally *from,
                 uint32_t from_cells);

/* Cell i of `to` is cell order[i] of `from`, or 0 beyond it; lent memory is the caller's to pick.
 */
void tally_pick(struct tally *to, const struct tally *from, const uint32_t *order, uint32_t cells);
/* Cell i becomes what cell order[i] was; lent memory is the caller's to put in order. */
void tally_permute(struct tally *, const uint32_t *order, uint32_t cells);

/* The sum of a cell; 0 beyond those that were reached. */
struct sum tally_sum(const struct tally *, uint32_t cell);
/* Adds a sum to a cell; false, and nothing is added: it has over TALLY_SCALE digits behind the
 * point, or is too wide. */
bool tally_put(struct tally *, uint32_t cells, uint32_t cell, const struct sum *);
/* Of some cells: exact.  sign: 1, or -1 to take it from another by sum_merge(). */
struct sum tally_total(const struct tally *, const uint32_t *cell, uint32_t cells, int sign);
long double tally_real(const struct tally *, uint32_t cell); /* to 64 bits */
/* What `t` has and `less` has not: exact before it is rounded, up to 37 digits. */
long double tally_difference(const struct tally *t, uint32_t cell, const struct tally *less,
                             uint32_t less_cell);

/* The sums of some cells side by side, as whole numbers of 10^-scale (tally_scale() or more);
 * false: one has more than 64 bits, or more digits.  0 beyond the cells that were reached. */
bool tally_column(const struct tally *, uint32_t scale, const uint32_t *cell, uint32_t cells,
                  int64_t *to);
/* Their total; *largest: no magnitude is above. */
struct sum tally_column_total(const int64_t *whole, uint32_t cells, uint32_t scale,
                              uint64_t *largest);
/* Its scale, or that of all the parts that it was joined with: whatever was added to which. */
uint32_t tally_scale(const struct tally *);
void tally_join(struct tally *, const struct tally *part);

#endif
