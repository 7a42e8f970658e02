/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/pair_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_SLOTS = 1024, FREE_PLACES = 8 << 20, PLACES_A_PAIR = 8, SHORTEST_ROW = 8 };

struct slot {
    uint32_t a, b, entry; /* number + 1, or 0 */
};

struct row {
    uint32_t *entry; /* of each b < room: number + 1, or 0 */
    uint32_t room;
};

struct pair_index {
    struct row *row; /* NULL: hashed */
    size_t rows;
    uint64_t places; /* in all rows */
    uint32_t pairs;
    struct slot *slot;
    uint32_t slots;
};

struct pair_index *pair_index_new(void)
{
    struct pair_index *x = memory_zalloc(sizeof *x);
    x->row = memory_zalloc(sizeof *x->row);
    return x;
}

static void free_rows(struct pair_index *x)
{
    for (size_t a = 0; a < x->rows; a++)
        free(x->row[a].entry);
    free(x->row);
    x->row = NULL;
    x->rows = 0;
}

void pair_index_free(struct pair_index *x)
{
    if (!x)
        return;
    free_rows(x);
    free(x->slot);
    free(x);
}

/* ---- hashed ---- */

static inline uint32_t hash_pair(uint32_t a, uint32_t b)
{
    uint64_t h = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15u;
    h = (h ^ h >> 32) * 0xd6e8feb86659fd93u;
    return (uint32_t)(h >> 32);
}

static void put_slot(struct pair_index *x, struct slot s)
{
    uint32_t at = hash_pair(s.a, s.b) & (x->slots - 1);
    while (x->slot[at].entry)
        at = (at + 1) & (x->slots - 1);
    x->slot[at] = s;
}

static void grow_slots(struct pair_index *x)
{
    struct slot *old = x->slot;
    uint32_t slots = x->slots;
    if (slots > UINT32_MAX / 2)
        memory_exhausted();
    x->slots = slots ? slots * 2 : FIRST_SLOTS;
    x->slot = memory_zalloc((size_t)x->slots * sizeof *x->slot);
    for (uint32_t i = 0; i < slots; i++)
        if (old[i].entry)
            put_slot(x, old[i]);
    free(old);
}

static void add_slot(struct pair_index *x, struct slot s)
{
    if (x->pairs + 1 > x->slots / 4 * 3)
        grow_slots(x);
    put_slot(x, s);
    x->pairs++;
}

static uint32_t find_hashed(struct pair_index *x, uint32_t a, uint32_t b, uint32_t next)
{
    uint32_t at = hash_pair(a, b) & (x->slots - 1);
    for (; x->slot[at].entry; at = (at + 1) & (x->slots - 1))
        if (x->slot[at].a == a && x->slot[at].b == b)
            return x->slot[at].entry - 1;
    add_slot(x, (struct slot){a, b, next + 1});
    return next;
}

/* From rows to a hash table. */
static void hash_rows(struct pair_index *x)
{
    x->pairs = 0;
    grow_slots(x);
    for (size_t a = 0; a < x->rows; a++)
        for (uint32_t b = 0; b < x->row[a].room; b++)
            if (x->row[a].entry[b])
                add_slot(x, (struct slot){(uint32_t)a, b, x->row[a].entry[b]});
    free_rows(x);
}

/* ---- rows ---- */

static void grow_rows(struct pair_index *x, uint32_t a)
{
    size_t rows = x->rows ? x->rows : SHORTEST_ROW;
    while (rows <= a)
        rows *= 2;
    x->row = memory_realloc(x->row, rows * sizeof *x->row);
    memset(x->row + x->rows, 0, (rows - x->rows) * sizeof *x->row);
    x->rows = rows;
}

static void grow_row(struct pair_index *x, uint32_t a, uint32_t b)
{
    struct row *r = &x->row[a];
    uint64_t room = r->room ? r->room : SHORTEST_ROW;
    while (room <= b)
        room *= 2;
    r->entry = memory_realloc(r->entry, room * sizeof *r->entry);
    memset(r->entry + r->room, 0, (room - r->room) * sizeof *r->entry);
    x->places += room - r->room;
    r->room = (uint32_t)room;
}

uint32_t pair_index_find(struct pair_index *x, uint32_t a, uint32_t b, uint32_t next)
{
    if (!x->row)
        return find_hashed(x, a, b, next);
    if (a >= x->rows)
        grow_rows(x, a);
    if (b < x->row[a].room && x->row[a].entry[b])
        return x->row[a].entry[b] - 1;
    /* A row as long as b asks for is made only where there is room for it. */
    uint64_t most = FREE_PLACES + (uint64_t)x->pairs * PLACES_A_PAIR;
    if (b >= x->row[a].room && x->places + 2 * (uint64_t)b > most) {
        hash_rows(x);
        return find_hashed(x, a, b, next);
    }
    if (b >= x->row[a].room)
        grow_row(x, a, b);
    x->row[a].entry[b] = next + 1;
    x->pairs++;
    return next;
}

void pair_index_ask(const struct pair_index *x, uint32_t a, uint32_t b)
{
    if (!x->row)
        __builtin_prefetch(&x->slot[hash_pair(a, b) & (x->slots - 1)]);
    else if (a < x->rows && b < x->row[a].room)
        __builtin_prefetch(&x->row[a].entry[b]);
}
