/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small table of short texts that were dealt with before: text -> number.
 *
 * It stands before something dearer (a dictionary, a pattern, a list): a column of codes, years or
 * dates has few spellings, and each is looked up in one cache line.  A text of 1 to 15 bytes is two
 * words, the second with its length, and these are compared as numbers.  Longer texts are never
 * there, and beyond 16 384 spellings no more are taken: what is not found takes the dear way.
 * Memory: 24 bytes a slot, at most half of them in use; in the arena.
 */
#ifndef MARSAD_TABLE_SPELLING_H
#define MARSAD_TABLE_SPELLING_H

#include "base/arena.h"
#include "base/text.h"

enum { SPELLING_BYTES = 15 };
#define SPELLING_NONE UINT32_MAX

struct spelling {
    uint64_t head, tail; /* tail 0: a free slot */
    uint32_t number;
};

struct spellings {
    struct arena *arena;
    struct spelling *slot;
    uint32_t mask, count; /* slots - 1 */
};

struct spellings *spellings_new(struct arena *);

/* Remembers a text that is not there yet. */
void spelling_add(struct spellings *, struct text, uint32_t number);

/* The first eight bytes, and the others with the length. */
static inline struct spelling spelling_key(struct text t)
{
    uint64_t length = (uint64_t)t.len << 56, tail = 0;
    if (t.len > 8)
        tail = text_word(t.at + 8, t.len - 8);
    return (struct spelling){text_word(t.at, t.len), tail | length, 0};
}

static inline uint32_t spelling_slot(const struct spellings *s, const struct spelling *key)
{
    uint32_t i = (uint32_t)text_mix(key->head, key->tail) & s->mask;
    while (s->slot[i].tail && (s->slot[i].head != key->head || s->slot[i].tail != key->tail))
        i = (i + 1) & s->mask;
    return i;
}

/* The number of a text, or SPELLING_NONE: not there. */
static inline uint32_t spelling_find(const struct spellings *s, struct text t)
{
    if (t.len - 1 >= SPELLING_BYTES)
        return SPELLING_NONE;
    struct spelling key = spelling_key(t);
    const struct spelling *found = &s->slot[spelling_slot(s, &key)];
    return found->tail ? found->number : SPELLING_NONE;
}

#endif
