/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exact sums of many groups, a batch of rows at a time.
 *
 * What rows bring is first added to quick sums: 64 bits and a count a group, all at one scale.  The
 * magnitudes of a batch tell whether any of them could overflow; before one could, all are looked
 * at, and if one is near that, settled: added to the struct sums (base/sum.h), which are exact
 * whatever comes.  Batches of numbers too large for that go to the struct sums row by row.  So
 * nothing depends on which road was taken. Cost: a multiplication and an addition a row; settling
 * is put off until it costs less than the rows did.  Memory: 16 bytes a group, and 64 more from the
 * first settling on.
 */
#ifndef MARSAD_BASE_SUM_ROWS_H
#define MARSAD_BASE_SUM_ROWS_H

#include "base/sum.h"

struct quick_sum {
    int64_t value;
    uint64_t count;
};

/* A zeroed struct has nothing in it. */
struct sum_rows {
    struct quick_sum *quick;
    struct sum *sum;
    size_t quick_room, sum_room;
    uint32_t groups; /* most that were told so far */
    uint32_t scale;  /* of all quick sums */
    uint64_t most;   /* the largest magnitude that a quick sum can have */
    uint64_t rows;   /* since they were settled */
    uint64_t since;  /* since all of them were looked at */
    bool large;      /* some sum has outgrown 128 bits: quick sums are no longer used */
};

/* What a batch adds: x, or x w where `product`, of the rows where both are EXACT.  w is never NULL
 * (x again, where there is none); nothing may be WIDE or BAD. */
struct sum_batch {
    const uint32_t *group; /* each < groups */
    const struct decimal *x, *w;
    const struct scaled *x_scaled, *w_scaled; /* the same */
    uint32_t rows;
    bool product;
};

void sum_rows_free(struct sum_rows *);

/* The first row that does not fit (a sum is too wide, see sum.h), or all. */
uint32_t sum_rows_add(struct sum_rows *, uint32_t groups, const struct sum_batch *);

/* Group i < n of `from` into group map[i] < groups; false: a sum is too wide. */
bool sum_rows_merge(struct sum_rows *into, struct sum_rows *from, const uint32_t *map, uint32_t n,
                    uint32_t groups);

/* The sum of a group; sum_rows_fetch() asks memory for it before. */
void sum_rows_fetch(const struct sum_rows *, uint32_t group);
struct sum sum_rows_get(const struct sum_rows *, uint32_t group);

#endif
