/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Distinct texts, numbered 0, 1, 2... in the order in which they were first seen.
 *
 * keys_add() copies a text that is new.  A key may be any bytes, numbers included.  All memory is
 * of the arena given to keys_open().  Cost: a hash and a comparison a look-up; open addressing, at
 * most half full, with half of the hash in each slot, so that other texts are seldom looked at.
 * Misuse: more than 2^31 keys (the program runs out of memory first).
 */
#ifndef MARSAD_FORMAT_KEYS_H
#define MARSAD_FORMAT_KEYS_H

#include "base/arena.h"
#include "base/text.h"

enum { KEYS_NONE = -1 };

struct keys {
    struct arena *arena;
    uint32_t count, room; /* texts */
    uint32_t slots;       /* a power of two, at least 2 * room */
    struct text *text;
    uint64_t *slot; /* 0: free, else upper half of the hash, and number + 1 */
};

void keys_open(struct keys *, struct arena *);

/* The number of a text, new or not: it is new where the result is the old count. */
uint32_t keys_add(struct keys *, struct text);

int64_t keys_find(const struct keys *, struct text); /* KEYS_NONE: not there */

#endif
