/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dictionary numbers distinct texts 0, 1, 2, ... in the order in which they were first seen.
 *
 * Open addressing over 32-bit slots; texts are copied into the arena.  It is bounded: once `limit`
 * texts are known, a new one gives DICTIONARY_NONE and the caller falls back on the text itself.
 * So a column of free text costs at most its first 65 536 texts.  Cost: a hash and, mostly, one
 * comparison.  Its numbers never leave the worker that made them.  Misuse: as an order of texts.
 */
#ifndef MARSAD_TABLE_DICTIONARY_H
#define MARSAD_TABLE_DICTIONARY_H

#include "base/arena.h"
#include "base/text.h"

enum { DICTIONARY_LIMIT = 65536 };
#define DICTIONARY_NONE UINT32_MAX

struct dictionary;

struct dictionary *dictionary_new(struct arena *, uint32_t limit);

/* The number of a text, given now where it is new; DICTIONARY_NONE when full. */
uint32_t dictionary_add(struct dictionary *, struct text);

/* The number of a text, or DICTIONARY_NONE. */
uint32_t dictionary_find(const struct dictionary *, struct text);

struct text dictionary_text(const struct dictionary *, uint32_t number);
uint32_t dictionary_count(const struct dictionary *);

#endif
