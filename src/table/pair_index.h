/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers by pairs of numbers (a, b), both counted from 0: which cell is row a, column b?
 *
 * As long as most pairs occur, a row of numbers for each a: one read from memory a look-up.  Where
 * pairs are few among the possible ones (over 8 places a pair, beyond 8 million) it becomes a hash
 * table, open addressing at most 3/4 full, 12 bytes a place.  The caller counts: a pair that is new
 * gets `next`.
 *
 *     cell = pair_index_find(index, unit, domain, cells);
 *     cells += cell == cells;
 */
#ifndef MARSAD_TABLE_PAIR_INDEX_H
#define MARSAD_TABLE_PAIR_INDEX_H

#include <stdint.h>

struct pair_index;

struct pair_index *pair_index_new(void);
void pair_index_free(struct pair_index *);

/* The number of a pair, or `next`, which it has from now on. */
uint32_t pair_index_find(struct pair_index *, uint32_t a, uint32_t b, uint32_t next);

/* Asks memory for what a look-up will read. */
void pair_index_ask(const struct pair_index *, uint32_t a, uint32_t b);

#endif
