/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See keys.h. */
#include "format/keys.h"

enum { FIRST_ROOM = 16 };

static uint32_t *find_slot(const struct keys *k, struct text t)
{
    uint32_t mask = k->slots - 1;
    uint32_t i = (uint32_t)text_hash(t) & mask;

    while (k->slot[i] != 0 && !text_equal(k->text[k->slot[i] - 1], t))
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
    for (uint32_t i = 0; i < k->count; i++)
        *find_slot(k, text[i]) = i + 1;
}

void keys_open(struct keys *k, struct arena *arena)
{
    *k = (struct keys){.arena = arena};
    set_room(k, FIRST_ROOM);
}

uint32_t keys_add(struct keys *k, struct text t)
{
    uint32_t *slot = find_slot(k, t);

    if (*slot != 0)
        return *slot - 1;
    if (k->count == k->room) {
        set_room(k, 2 * k->room);
        slot = find_slot(k, t);
    }
    k->text[k->count] = text_copy(k->arena, t);
    *slot = ++k->count;
    return k->count - 1;
}

int64_t keys_find(const struct keys *k, struct text t)
{
    return (int64_t)*find_slot(k, t) - 1;
}
