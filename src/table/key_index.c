/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/key_index.h"

enum { FIRST_SLOTS = 64 };

struct key_index {
    struct arena *arena;
    uint64_t *hash;
    uint32_t *id; /* NO_ID: empty */
    size_t slots, used;
};

static void slots_new(struct key_index *x, size_t slots)
{
    x->slots = slots;
    x->hash = arena_array(x->arena, slots, sizeof *x->hash);
    x->id = arena_array(x->arena, slots, sizeof *x->id);
    memset(x->id, 0xff, slots * sizeof *x->id);
}

struct key_index *key_index_new(struct arena *arena)
{
    struct key_index *x = arena_zalloc(arena, sizeof *x);
    x->arena = arena;
    slots_new(x, FIRST_SLOTS);
    return x;
}

static void slots_grow(struct key_index *x)
{
    struct key_index old = *x;
    slots_new(x, old.slots * 2);
    for (size_t i = 0; i < old.slots; i++) {
        if (old.id[i] == NO_ID)
            continue;
        size_t at = old.hash[i] & (x->slots - 1);
        while (x->id[at] != NO_ID)
            at = (at + 1) & (x->slots - 1);
        x->hash[at] = old.hash[i];
        x->id[at] = old.id[i];
    }
}

/* The slot of this key, or the empty one where it would be. */
static size_t slot_find(const struct key_index *x, uint64_t hash, key_same *same,
                        const void *wanted)
{
    size_t at = hash & (x->slots - 1);
    while (x->id[at] != NO_ID && (x->hash[at] != hash || !same(wanted, x->id[at])))
        at = (at + 1) & (x->slots - 1);
    return at;
}

uint32_t key_index_add(struct key_index *x, uint64_t hash, uint32_t id, key_same *same,
                       const void *wanted)
{
    if ((x->used + 1) * 3 > x->slots * 2)
        slots_grow(x);
    size_t at = slot_find(x, hash, same, wanted);
    if (x->id[at] == NO_ID) {
        x->hash[at] = hash;
        x->id[at] = id;
        x->used++;
    }
    return x->id[at];
}

uint32_t key_index_find(const struct key_index *x, uint64_t hash, key_same *same,
                        const void *wanted)
{
    return x->id[slot_find(x, hash, same, wanted)];
}

/* Lengths are part of text_hash(), so ("ab","c") and ("a","bc") differ. */
uint64_t key_hash(const struct text *const *column, uint32_t columns, uint32_t row)
{
    uint64_t hash = 0;
    for (uint32_t c = 0; c < columns; c++) {
        hash = (hash << 23 | hash >> 41) ^ text_hash(column[c][row]);
        hash *= 0x9e3779b97f4a7c15u;
    }
    return hash ^ hash >> 32;
}

bool key_missing(const struct text *const *column, uint32_t columns, uint32_t row)
{
    for (uint32_t c = 0; c < columns; c++)
        if (text_missing(column[c][row]))
            return true;
    return false;
}
