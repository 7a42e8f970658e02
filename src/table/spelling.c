/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/spelling.h"

enum { FIRST = 64, MOST = 16384 };

static void make_slots(struct spellings *s, uint32_t slots)
{
    s->slot = arena_zarray(s->arena, slots, sizeof *s->slot);
    s->mask = slots - 1;
}

struct spellings *spellings_new(struct arena *arena)
{
    struct spellings *s = arena_zalloc(arena, sizeof *s);
    s->arena = arena;
    make_slots(s, FIRST);
    return s;
}

/* Twice as many slots; what is left behind in the arena is no more than what is made. */
static void grow(struct spellings *s)
{
    const struct spelling *old = s->slot;
    uint32_t slots = s->mask + 1;
    make_slots(s, slots * 2);
    for (uint32_t i = 0; i < slots; i++)
        if (old[i].tail)
            s->slot[spelling_slot(s, &old[i])] = old[i];
}

void spelling_add(struct spellings *s, struct text t, uint32_t number)
{
    if (t.len - 1 >= SPELLING_BYTES || s->count == MOST)
        return;
    if (s->count * 2 > s->mask)
        grow(s);
    struct spelling key = spelling_key(t);
    key.number = number;
    s->count++;
    s->slot[spelling_slot(s, &key)] = key;
}
