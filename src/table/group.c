/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/group.h"

#include <stdlib.h>

#include "base/memory.h"

enum { FIRST_ROOM = 256 };

struct groups {
    uint32_t columns, count;
    struct arena *arena;
    struct text *key; /* columns cells a group */
    uint64_t *hash;   /* of each group */
    size_t key_room, hash_room;
    uint32_t *slot; /* group + 1, or 0 */
    uint32_t mask;
};

struct groups *groups_new(uint32_t key_columns)
{
    struct groups *g = memory_zalloc(sizeof *g);
    g->columns = key_columns;
    g->arena = arena_new();
    g->mask = FIRST_ROOM - 1;
    g->slot = memory_zalloc(FIRST_ROOM * sizeof *g->slot);
    return g;
}

void groups_free(struct groups *g)
{
    if (!g)
        return;
    arena_free(g->arena);
    free(g->key);
    free(g->hash);
    free(g->slot);
    free(g);
}

static uint64_t hash_key(const struct groups *g, const struct text *key)
{
    uint64_t h = 0;
    for (uint32_t i = 0; i < g->columns; i++)
        h = (h ^ text_hash(key[i])) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 29;
}

static bool same_key(const struct groups *g, uint32_t group, const struct text *key)
{
    const struct text *own = group_key(g, group);
    for (uint32_t i = 0; i < g->columns; i++)
        if (!text_equal(own[i], key[i]))
            return false;
    return true;
}

static void put_slot(struct groups *g, uint32_t group)
{
    uint32_t at = (uint32_t)g->hash[group] & g->mask;
    while (g->slot[at])
        at = (at + 1) & g->mask;
    g->slot[at] = group + 1;
}

static void grow(struct groups *g)
{
    uint32_t room = (g->mask + 1) * 2;
    if (room == 0)
        memory_exhausted();
    free(g->slot);
    g->slot = memory_zalloc((size_t)room * sizeof *g->slot);
    g->mask = room - 1;
    for (uint32_t i = 0; i < g->count; i++)
        put_slot(g, i);
}

/* The bytes of all cells of a key go into one piece. */
static void copy_key(struct groups *g, struct text *to, const struct text *key)
{
    size_t size = 0;
    for (uint32_t i = 0; i < g->columns; i++)
        size += key[i].len;
    char *at = arena_alloc(g->arena, size + 1);
    for (uint32_t i = 0; i < g->columns; i++) {
        if (key[i].len)
            memcpy(at, key[i].at, key[i].len);
        to[i] = (struct text){at, key[i].len};
        at += key[i].len;
    }
}

static uint32_t add(struct groups *g, const struct text *key, uint64_t hash)
{
    uint32_t group = g->count;
    size_t cells = ((size_t)group + 1) * g->columns;
    g->key = memory_grow(g->key, &g->key_room, cells, sizeof *g->key);
    g->hash = memory_grow(g->hash, &g->hash_room, (size_t)group + 1, sizeof *g->hash);
    copy_key(g, g->key + (size_t)group * g->columns, key);
    g->hash[group] = hash;
    g->count++;
    if (g->count > (g->mask + 1) / 4 * 3)
        grow(g);
    else
        put_slot(g, group);
    return group;
}

uint32_t group_find(struct groups *g, const struct text *key, bool *fresh)
{
    uint64_t hash = hash_key(g, key);
    uint32_t at = (uint32_t)hash & g->mask, entry;
    while ((entry = g->slot[at])) {
        if (g->hash[entry - 1] == hash && same_key(g, entry - 1, key)) {
            if (fresh)
                *fresh = false;
            return entry - 1;
        }
        at = (at + 1) & g->mask;
    }
    if (fresh)
        *fresh = true;
    return add(g, key, hash);
}

uint32_t groups_count(const struct groups *g)
{
    return g->count;
}

const struct text *group_key(const struct groups *g, uint32_t group)
{
    return g->key + (size_t)group * g->columns;
}

struct keyed {
    const struct text *key;
    uint32_t columns, group;
};

static int compare_cells(struct text a, struct text b)
{
    if (text_missing(a) != text_missing(b))
        return text_missing(a) ? 1 : -1;
    return text_compare(a, b);
}

static int compare_keys(const void *left, const void *right)
{
    const struct keyed *a = left, *b = right;
    int order = 0;
    for (uint32_t i = 0; i < a->columns && order == 0; i++)
        order = compare_cells(a->key[i], b->key[i]);
    return order;
}

const uint32_t *groups_order(const struct groups *g, struct arena *a)
{
    struct keyed *k = memory_alloc((size_t)g->count * sizeof *k);
    uint32_t *order = arena_array(a, g->count, sizeof *order);
    for (uint32_t i = 0; i < g->count; i++)
        k[i] = (struct keyed){group_key(g, i), g->columns, i};
    qsort(k, g->count, sizeof *k, compare_keys);
    for (uint32_t i = 0; i < g->count; i++)
        order[i] = k[i].group;
    free(k);
    return order;
}
