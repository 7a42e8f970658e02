/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Groups of rows by the bytes of some key cells: key -> number 0, 1, 2, ... in order of first
 * sight.
 *
 * group_find() hashes the cells one by one (no key is put together), copies a new key, and never
 * collapses: open addressing at most half full.  group_order() sorts by bytes, key after key,
 * missing last.  Memory: the keys' bytes, 32 bytes a cell and 16 to 32 a group; freed by
 * groups_free().
 */
#ifndef MARSAD_TABLE_GROUP_H
#define MARSAD_TABLE_GROUP_H

#include "base/arena.h"
#include "base/text.h"

struct groups;

struct groups *groups_new(uint32_t key_columns);
void groups_free(struct groups *);

/* The group of these key cells; *fresh (may be NULL) tells whether it is new. */
uint32_t group_find(struct groups *, const struct text *key, bool *fresh);

/* The same for many rows: cell[k][row] are the key cells. */
void group_find_rows(struct groups *, const struct text *const *cell, uint32_t rows,
                     uint32_t *group);

size_t groups_bytes(const struct groups *); /* of the heap, about */
uint32_t groups_count(const struct groups *);
const struct text *group_key(const struct groups *, uint32_t group);

/* The groups of `from` in `into`: map[i] is group i there. */
void groups_merge(struct groups *into, const struct groups *from, uint32_t *map);

/* All groups in order of their keys; in the arena. */
const uint32_t *groups_order(const struct groups *, struct arena *);

#endif
