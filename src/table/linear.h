/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Does a system of linear equations and inequalities have a solution?  Exactly: in whole numbers of
 * 128 bits, by Fourier-Motzkin elimination (Schrijver, Theory of Linear and Integer Programming,
 * 1986, 12.2), equations first by substitution.
 *
 * Rows are sum(factor * unknown) + constant, which must be zero, not negative, or positive.  A
 * solution is written in decimals; unknowns that must be whole come first, and their values are
 * searched from the bounds that the elimination leaves.  LINEAR_OPEN: 128 bits, the rows of one
 * step, the steps of *work, or the whole numbers tried did not do, or no decimal is a solution
 * (3x = 1).  Cost: a few microseconds for a handful of unknowns; rows may grow doubly exponentially
 * with the unknowns, which `work` bounds.  Misuse: hundreds of unknowns; that wants a simplex.
 */
#ifndef MARSAD_TABLE_LINEAR_H
#define MARSAD_TABLE_LINEAR_H

#include <stdint.h>

#include "base/arena.h"
#include "base/number.h"

enum { UNKNOWNS = 12, LINEAR_ROWS = 256 };

__extension__ typedef __int128 whole128;

enum relation { RELATION_ZERO, RELATION_NOT_NEGATIVE, RELATION_POSITIVE };
enum linear_answer { LINEAR_NONE, LINEAR_SOME, LINEAR_OPEN };

struct linear_row {
    whole128 factor[UNKNOWNS], constant;
    enum relation relation;
};

struct linear {
    uint32_t unknowns, integers; /* the first `integers` of them are whole */
    uint32_t rows;
    struct linear_row row[LINEAR_ROWS];
};

/* a*b + c*d; false where 128 bits do not hold it. */
bool whole_combine(whole128 a, whole128 b, whole128 c, whole128 d, whole128 *out);
whole128 whole_gcd(whole128, whole128);

/* Resets the arena first.  Unknowns that no row bounds are 0.  *work counts down; at 0 the answer
 * is LINEAR_OPEN. */
enum linear_answer linear_solve(const struct linear *, struct arena *scratch, uint64_t *work,
                                struct decimal *solution);

/* Whether values satisfy a row; false too where 128 bits do not hold the sum. */
bool linear_holds(const struct linear_row *, const struct decimal *value);

#endif
