/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/group.h"

#include <stdlib.h>

#include "base/memory.h"

enum { FIRST_ROOM = 256, AHEAD = 64 };

/* The first bytes of a key cell, and how many it has: all that most comparisons need. */
struct head {
    uint64_t word;
    uint32_t len;
};

struct groups {
    uint32_t columns, count;
    struct arena *arena;
    struct text *key;  /* columns cells a group */
    struct head *head; /* the same */
    uint64_t *hash;    /* of each group */
    size_t key_room, head_room, hash_room;
    uint64_t *slot; /* group + 1, or 0; above it the upper half of the hash */
    uint32_t mask;
    struct text *scratch;      /* one key */
    struct head *scratch_head; /* of some rows, AHEAD a column, and behind them its own */
};

struct groups *groups_new(uint32_t key_columns)
{
    struct groups *g = memory_zalloc(sizeof *g);
    g->columns = key_columns;
    g->arena = arena_new();
    g->scratch = arena_array(g->arena, key_columns, sizeof *g->scratch);
    g->scratch_head =
        arena_array(g->arena, (size_t)key_columns * (AHEAD + 1), sizeof *g->scratch_head);
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
    free(g->head);
    free(g->hash);
    free(g->slot);
    free(g);
}

static inline struct head head_of(struct text cell)
{
    return (struct head){cell.len ? text_word(cell.at, cell.len) : 0, cell.len};
}

/* Hashes the rest of a cell that its head does not hold. */
static uint64_t hash_rest(uint64_t h, struct text cell)
{
    return text_mix(h, text_hash((struct text){cell.at + 8, cell.len - 8}));
}

static inline uint64_t hash_more(uint64_t h, struct head head, struct text cell)
{
    h = text_mix(h + head.len, head.word);
    return __builtin_expect(cell.len > 8, 0) ? hash_rest(h, cell) : h;
}

static bool same_key(const struct groups *g, uint32_t group, const struct text *key,
                     const struct head *head)
{
    const struct head *own = g->head + (size_t)group * g->columns;
    for (uint32_t i = 0; i < g->columns; i++) {
        if (own[i].word != head[i].word || own[i].len != head[i].len)
            return false;
        if (head[i].len > 8 && memcmp(group_key(g, group)[i].at, key[i].at, head[i].len) != 0)
            return false;
    }
    return true;
}

static void put_slot(struct groups *g, uint32_t group)
{
    uint32_t at = (uint32_t)g->hash[group] & g->mask;
    while (g->slot[at])
        at = (at + 1) & g->mask;
    g->slot[at] = (g->hash[group] >> 32 << 32) | (group + 1);
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

static uint32_t add(struct groups *g, const struct text *key, const struct head *head,
                    uint64_t hash)
{
    uint32_t group = g->count;
    size_t before = (size_t)group * g->columns;
    size_t cells = before + g->columns + 1; /* one more, so that no key has an array too */
    g->key = memory_grow(g->key, &g->key_room, cells, sizeof *g->key);
    g->head = memory_grow(g->head, &g->head_room, cells, sizeof *g->head);
    g->hash = memory_grow(g->hash, &g->hash_room, (size_t)group + 1, sizeof *g->hash);
    copy_key(g, g->key + before, key);
    for (uint32_t i = 0; i < g->columns; i++)
        g->head[before + i] = head[i];
    g->hash[group] = hash;
    g->count++;
    if (g->count > (g->mask + 1) / 2)
        grow(g);
    else
        put_slot(g, group);
    return group;
}

static inline uint32_t find_hashed(struct groups *g, const struct text *key,
                                   const struct head *head, uint64_t hash, bool *fresh)
{
    uint32_t at = (uint32_t)hash & g->mask;
    uint64_t entry;
    *fresh = false;
    while ((entry = g->slot[at])) {
        uint32_t group = (uint32_t)entry - 1;
        if (entry >> 32 == hash >> 32 && same_key(g, group, key, head))
            return group;
        at = (at + 1) & g->mask;
    }
    *fresh = true;
    return add(g, key, head, hash);
}

uint32_t group_find(struct groups *g, const struct text *key, bool *fresh)
{
    bool ignored;
    uint64_t hash = 0;
    for (uint32_t i = 0; i < g->columns; i++) {
        g->scratch_head[i] = head_of(key[i]);
        hash = hash_more(hash, g->scratch_head[i], key[i]);
    }
    return find_hashed(g, key, g->scratch_head, hash, fresh ? fresh : &ignored);
}

/* Some rows that are looked for together, one step after the other, so that their loads overlap. */
struct seeking {
    uint64_t hash[AHEAD];
    uint32_t group[AHEAD]; /* the one that the first slot names */
    bool same[AHEAD];      /* it has the same heads */
    bool longer;           /* some cell is longer than its head */
};

static void hash_column(struct seeking *s, struct head *head, const struct text *cell, uint32_t n)
{
    uint32_t lengths = 0;
    for (uint32_t i = 0; i < n; i++) {
        head[i] = head_of(cell[i]);
        s->hash[i] = hash_more(s->hash[i], head[i], cell[i]);
        lengths |= cell[i].len;
    }
    s->longer |= lengths > sizeof head->word;
}

static void guess_groups(const struct groups *g, struct seeking *s, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        uint64_t entry = g->slot[(uint32_t)s->hash[i] & g->mask];
        bool same = (entry != 0) & (entry >> 32 == s->hash[i] >> 32);
        s->group[i] = ((uint32_t)entry - 1) & (0 - (uint32_t)same);
        s->same[i] = same;
    }
}

static void compare_column(const struct groups *g, struct seeking *s, uint32_t column,
                           const struct head *head, uint32_t n)
{
    const struct head *own = g->head + column;
    size_t columns = g->columns;
    for (uint32_t i = 0; i < n; i++) {
        const struct head *other = &own[s->group[i] * columns];
        s->same[i] &= (other->word == head[i].word) & (other->len == head[i].len);
    }
}

/* A row whose first guess did not do, or has more to compare. */
static uint32_t find_again(struct groups *g, const struct text *const *cell, uint32_t row,
                           const struct head *head, uint64_t hash)
{
    struct head *own = g->scratch_head + (size_t)g->columns * AHEAD;
    bool ignored;
    for (uint32_t k = 0; k < g->columns; k++) {
        g->scratch[k] = cell[k][row];
        own[k] = head[(size_t)k * AHEAD];
    }
    return find_hashed(g, g->scratch, own, hash, &ignored);
}

static void find_some(struct groups *g, const struct text *const *cell, uint32_t from, uint32_t n,
                      uint32_t *group)
{
    struct seeking s = {.longer = false};
    struct head *head = g->scratch_head;
    for (uint32_t k = 0; k < g->columns; k++)
        hash_column(&s, head + (size_t)k * AHEAD, cell[k] + from, n);
    guess_groups(g, &s, n);
    for (uint32_t k = 0; g->count && k < g->columns; k++)
        compare_column(g, &s, k, head + (size_t)k * AHEAD, n);
    for (uint32_t i = 0; i < n; i++)
        group[from + i] = s.same[i] && !s.longer
                              ? s.group[i]
                              : find_again(g, cell, from + i, head + i, s.hash[i]);
}

void group_find_rows(struct groups *g, const struct text *const *cell, uint32_t rows,
                     uint32_t *group)
{
    for (uint32_t from = 0; from < rows; from += AHEAD)
        find_some(g, cell, from, rows - from < AHEAD ? rows - from : AHEAD, group);
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
