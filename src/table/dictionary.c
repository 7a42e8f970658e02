/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/dictionary.h"

enum { FIRST_SLOTS = 64 };

struct entry {
    struct text text;
    uint32_t hash;
};

struct dictionary {
    struct arena *arena;
    uint32_t limit, count, room;
    uint32_t mask;       /* slots - 1; slots are a power of two, at most half full */
    uint32_t *slot;      /* number + 1, or 0 */
    struct entry *entry; /* by number */
};

struct dictionary *dictionary_new(struct arena *arena, uint32_t limit)
{
    struct dictionary *d = arena_zalloc(arena, sizeof *d);
    d->arena = arena;
    d->limit = limit < UINT32_MAX / 4 ? limit : UINT32_MAX / 4;
    d->mask = FIRST_SLOTS - 1;
    d->room = FIRST_SLOTS / 2;
    d->slot = arena_zarray(arena, FIRST_SLOTS, sizeof *d->slot);
    d->entry = arena_array(arena, d->room, sizeof *d->entry);
    return d;
}

/* The slot that holds the text, or the free one where it belongs. */
static uint32_t slot_of(const struct dictionary *d, struct text t, uint32_t hash)
{
    uint32_t i = hash & d->mask;
    for (; d->slot[i]; i = (i + 1) & d->mask) {
        const struct entry *e = &d->entry[d->slot[i] - 1];
        if (e->hash == hash && text_equal(e->text, t))
            break;
    }
    return i;
}

/* Doubles; what it leaves behind in the arena is together no more than what it makes. */
static void dictionary_grow(struct dictionary *d)
{
    struct entry *old = d->entry;
    d->room *= 2;
    d->mask = d->mask * 2 + 1;
    d->entry = arena_array(d->arena, d->room, sizeof *d->entry);
    memcpy(d->entry, old, d->count * sizeof *old);
    d->slot = arena_zarray(d->arena, (size_t)d->mask + 1, sizeof *d->slot);
    for (uint32_t n = 0; n < d->count; n++) {
        uint32_t i = d->entry[n].hash & d->mask;
        while (d->slot[i])
            i = (i + 1) & d->mask;
        d->slot[i] = n + 1;
    }
}

uint32_t dictionary_add(struct dictionary *d, struct text t)
{
    uint32_t hash = (uint32_t)text_hash(t);
    uint32_t i = slot_of(d, t, hash);
    if (d->slot[i])
        return d->slot[i] - 1;
    if (d->count >= d->limit)
        return DICTIONARY_NONE;
    if (d->count == d->room) {
        dictionary_grow(d);
        i = slot_of(d, t, hash);
    }
    d->entry[d->count] = (struct entry){text_copy(d->arena, t), hash};
    d->slot[i] = ++d->count;
    return d->count - 1;
}

uint32_t dictionary_find(const struct dictionary *d, struct text t)
{
    uint32_t found = d->slot[slot_of(d, t, (uint32_t)text_hash(t))];
    return found ? found - 1 : DICTIONARY_NONE;
}

struct text dictionary_text(const struct dictionary *d, uint32_t number)
{
    return d->entry[number].text;
}

uint32_t dictionary_count(const struct dictionary *d)
{
    return d->count;
}
