/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A hash index: numbers by keys that somebody else keeps.
 *
 * The index knows hashes and numbers alone; the caller hashes a key and says by `same` whether the
 * key it is looking for is the one of a number.  It grows in its arena (old arrays stay there:
 * twice the memory at most), 12 bytes a slot, at most two thirds full, probed linearly.
 *
 *     id = key_index_add(index, hash, next_id, same, &wanted);
 *     if (id == next_id) next_id++;             it is new; else id is the one that was there
 */
#ifndef MARSAD_TABLE_KEY_INDEX_H
#define MARSAD_TABLE_KEY_INDEX_H

#include "base/arena.h"
#include "base/text.h"

#define NO_ID UINT32_MAX

struct key_index;

/* Is the key in `wanted` that of number `id`? */
typedef bool key_same(const void *wanted, uint32_t id);

struct key_index *key_index_new(struct arena *);

/* The number that is there, or `id`, which is added. */
uint32_t key_index_add(struct key_index *, uint64_t hash, uint32_t id, key_same *,
                       const void *wanted);

/* The number that is there, or NO_ID. */
uint32_t key_index_find(const struct key_index *, uint64_t hash, key_same *, const void *wanted);

/* The hash of a key of several cells: column[0..columns-1][row]. */
uint64_t key_hash(const struct text *const *column, uint32_t columns, uint32_t row);

/* Is one of the cells missing? */
bool key_missing(const struct text *const *column, uint32_t columns, uint32_t row);

#endif
