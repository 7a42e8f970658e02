/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See keys.h. */
#include "format/keys.h"

enum { FIRST_ROOM = 16 };

enum { NUMBER = 32 };

static uint32_t number_in(uint64_t slot)
{
    return (uint32_t)slot - 1;
}

static uint64_t *find_slot(const struct keys *k, struct text t, uint64_t hash)
{
    uint32_t mask = k->slots - 1, i = (uint32_t)hash & mask;

    while (k->slot[i] != 0 && !(k->slot[i] >> NUMBER == hash >> NUMBER &&
                                text_equal(k->text[number_in(k->slot[i])], t)))
        i = (i + 1) & mask;
    return &k->slot[i];
}

static void set_room(struct keys *k, uint32_t room)
{
    struct text *text = arena_array(k->arena, room, sizeof(*text));

    if (k->count > 0)
        memcpy(text, k->text, k->count * sizeof(*text));
    k->text = text;
    k->room = room;
    k->slots = 2 * room;
    k->slot = arena_zarray(k->arena, k->slots, sizeof(*k->slot));
    for (uint32_t i = 0; i < k->count; i++) {
        uint64_t hash = text_hash(text[i]);
        *find_slot(k, text[i], hash) = hash >> NUMBER << NUMBER | (i + 1);
    }
}

void keys_open(struct keys *k, struct arena *arena)
{
    *k = (struct keys){.arena = arena};
    set_room(k, FIRST_ROOM);
}

uint32_t keys_add(struct keys *k, struct text t)
{
    uint64_t hash = text_hash(t), *slot = find_slot(k, t, hash);

    if (*slot != 0)
        return number_in(*slot);
    if (k->count == k->room) {
        set_room(k, 2 * k->room);
        slot = find_slot(k, t, hash);
    }
    k->text[k->count] = text_copy(k->arena, t);
    *slot = hash >> NUMBER << NUMBER | ++k->count;
    return k->count - 1;
}

int64_t keys_find(const struct keys *k, struct text t)
{
    uint64_t slot = *find_slot(k, t, text_hash(t));

    return slot == 0 ? KEYS_NONE : (int64_t)number_in(slot);
}
