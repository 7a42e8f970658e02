/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/group.h"

#include <stdlib.h>

#include "base/memory.h"
#include "table/sort.h"

enum { FIRST_BITS = 8, WORD = 8, HEAD = WORD + 4, AHEAD = 64, MANY = 4096 };

/* The first bytes of a key cell, and how many it has: all that most comparisons need. */
struct head {
    uint64_t word;
    uint32_t len, more; /* more: four bytes behind the word */
};

struct groups {
    uint32_t columns, count;
    struct arena *arena;
    struct text *key;  /* columns cells a group */
    struct head *head; /* the same */
    size_t key_room, head_room;
    uint64_t *slot;            /* group + 1, or 0; above it the tag, by which slots are ordered */
    uint32_t bits;             /* 2^bits slots */
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
    g->bits = FIRST_BITS;
    g->slot = memory_zalloc(sizeof *g->slot << g->bits);
    return g;
}

void groups_free(struct groups *g)
{
    if (!g)
        return;
    arena_free(g->arena);
    free(g->key);
    free(g->head);
    free(g->slot);
    free(g);
}

static inline struct head head_of(struct text cell)
{
    struct head head = {cell.len ? text_word(cell.at, cell.len) : 0, cell.len, 0};
    if (__builtin_expect(cell.len > WORD, 0))
        head.more = (uint32_t)text_word(cell.at + WORD, cell.len - WORD);
    return head;
}

static inline bool same_head(const struct head *a, const struct head *b)
{
    return (a->word == b->word) & (a->len == b->len) & (a->more == b->more);
}

/* Hashes the rest of a cell that its head does not hold. */
static uint64_t hash_rest(uint64_t h, struct text cell)
{
    return text_mix(h, text_hash((struct text){cell.at + WORD, cell.len - WORD}));
}

static inline uint64_t hash_more(uint64_t h, struct head head, struct text cell)
{
    h = text_mix(h + head.len, head.word);
    return __builtin_expect(cell.len > WORD, 0) ? hash_rest(h, cell) : h;
}

static bool same_key(const struct groups *g, uint32_t group, const struct text *key,
                     const struct head *head)
{
    const struct head *own = g->head + (size_t)group * g->columns;
    for (uint32_t i = 0; i < g->columns; i++) {
        if (!same_head(&own[i], &head[i]))
            return false;
        if (head[i].len > HEAD && memcmp(group_key(g, group)[i].at, key[i].at, head[i].len) != 0)
            return false;
    }
    return true;
}

/* 32 bits of a hash, mixed once more, as its upper bits are not those of the last characters. */
static inline uint32_t tag_of(uint64_t hash)
{
    return (uint32_t)(hash * 0xd6e8feb86659fd93u >> 32);
}

static inline uint32_t place_of(const struct groups *g, uint32_t tag)
{
    return tag >> (32 - g->bits);
}

static inline uint32_t next_place(const struct groups *g, uint32_t at)
{
    return (at + 1) & (uint32_t)(((uint64_t)1 << g->bits) - 1);
}

static void put_slot(struct groups *g, uint64_t entry)
{
    uint32_t at = place_of(g, (uint32_t)(entry >> 32));
    while (g->slot[at])
        at = next_place(g, at);
    g->slot[at] = entry;
}

/* Slots lie in the order of their tags, so old and new ones are both gone through in order. */
static void grow(struct groups *g)
{
    size_t slots = (size_t)1 << g->bits;
    uint64_t *old = g->slot;
    if (g->bits == 32)
        memory_exhausted();
    g->bits++;
    g->slot = memory_zalloc(sizeof *g->slot << g->bits);
    for (size_t i = 0; i < slots; i++)
        if (old[i])
            put_slot(g, old[i]);
    free(old);
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

static uint32_t add(struct groups *g, const struct text *key, const struct head *head, uint32_t tag)
{
    uint32_t group = g->count;
    size_t before = (size_t)group * g->columns;
    size_t cells = before + g->columns + 1; /* one more, so that no key has an array too */
    g->key = memory_grow(g->key, &g->key_room, cells, sizeof *g->key);
    g->head = memory_grow(g->head, &g->head_room, cells, sizeof *g->head);
    copy_key(g, g->key + before, key);
    for (uint32_t i = 0; i < g->columns; i++)
        g->head[before + i] = head[i];
    if (++g->count > (uint64_t)1 << (g->bits - 1))
        grow(g);
    put_slot(g, (uint64_t)tag << 32 | (group + 1));
    return group;
}

static inline uint32_t find_hashed(struct groups *g, const struct text *key,
                                   const struct head *head, uint32_t tag, bool *fresh)
{
    uint32_t at = place_of(g, tag);
    uint64_t entry;
    *fresh = false;
    while ((entry = g->slot[at])) {
        uint32_t group = (uint32_t)entry - 1;
        if (entry >> 32 == tag && same_key(g, group, key, head))
            return group;
        at = next_place(g, at);
    }
    *fresh = true;
    return add(g, key, head, tag);
}

uint32_t group_find(struct groups *g, const struct text *key, bool *fresh)
{
    bool ignored;
    uint64_t hash = 0;
    for (uint32_t i = 0; i < g->columns; i++) {
        g->scratch_head[i] = head_of(key[i]);
        hash = hash_more(hash, g->scratch_head[i], key[i]);
    }
    return find_hashed(g, key, g->scratch_head, tag_of(hash), fresh ? fresh : &ignored);
}

/* Some rows that are looked for together, one step after the other, so that their loads overlap. */
struct seeking {
    uint64_t hash[AHEAD];
    uint32_t tag[AHEAD];
    uint32_t group[AHEAD]; /* the one that a slot with its tag names */
    bool same[AHEAD];      /* it has the same heads */
    bool longer[AHEAD];    /* a cell is longer than its head */
};

static void hash_column(struct seeking *s, struct head *head, const struct text *cell, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        head[i] = head_of(cell[i]);
        s->hash[i] = hash_more(s->hash[i], head[i], cell[i]);
        s->longer[i] |= cell[i].len > HEAD;
    }
}

/* Many groups are not in the caches: what will be read is asked for some rows ahead. */
static bool is_many(const struct groups *g)
{
    return g->count > MANY;
}

static void make_tags(const struct groups *g, struct seeking *s, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        s->tag[i] = tag_of(s->hash[i]);
    for (uint32_t i = 0; is_many(g) && i < n; i++)
        __builtin_prefetch(&g->slot[place_of(g, s->tag[i])]);
}

static void guess_groups(const struct groups *g, struct seeking *s, uint32_t n)
{
    bool many = is_many(g);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = place_of(g, s->tag[i]);
        uint64_t entry = g->slot[at];
        while (many && entry && entry >> 32 != s->tag[i])
            entry = g->slot[at = next_place(g, at)];
        bool same = (entry != 0) & (entry >> 32 == s->tag[i]);
        s->group[i] = ((uint32_t)entry - 1) & (0 - (uint32_t)same);
        s->same[i] = same;
    }
    for (uint32_t i = 0; many && i < n; i++) {
        __builtin_prefetch(&g->head[(size_t)s->group[i] * g->columns]);
        if (s->longer[i])
            __builtin_prefetch(group_key(g, s->group[i]));
    }
}

/* Of cells that are longer than their heads the bytes are compared too. */
static void fetch_longer(const struct groups *g, const struct seeking *s, uint32_t n)
{
    for (uint32_t i = 0; is_many(g) && i < n; i++)
        if (s->longer[i] && s->same[i])
            __builtin_prefetch(group_key(g, s->group[i])->at);
}

static void compare_column(const struct groups *g, struct seeking *s, uint32_t column,
                           const struct head *head, uint32_t n)
{
    const struct head *own = g->head + column;
    size_t columns = g->columns;
    for (uint32_t i = 0; i < n; i++) {
        s->same[i] &= same_head(&own[s->group[i] * columns], &head[i]);
    }
}

/* A row whose first guess did not do, or has more to compare. */
static uint32_t find_again(struct groups *g, const struct text *const *cell, uint32_t row,
                           const struct head *head, uint32_t tag)
{
    struct head *own = g->scratch_head + (size_t)g->columns * AHEAD;
    bool ignored;
    for (uint32_t k = 0; k < g->columns; k++) {
        g->scratch[k] = cell[k][row];
        own[k] = head[(size_t)k * AHEAD];
    }
    return find_hashed(g, g->scratch, own, tag, &ignored);
}

static void find_some(struct groups *g, const struct text *const *cell, uint32_t from, uint32_t n,
                      uint32_t *group)
{
    struct seeking s = {.hash = {0}};
    struct head *head = g->scratch_head;
    for (uint32_t k = 0; k < g->columns; k++)
        hash_column(&s, head + (size_t)k * AHEAD, cell[k] + from, n);
    make_tags(g, &s, n);
    guess_groups(g, &s, n);
    for (uint32_t k = 0; g->count && k < g->columns; k++)
        compare_column(g, &s, k, head + (size_t)k * AHEAD, n);
    fetch_longer(g, &s, n);
    for (uint32_t i = 0; i < n; i++)
        group[from + i] = s.same[i] && !s.longer[i]
                              ? s.group[i]
                              : find_again(g, cell, from + i, head + i, s.tag[i]);
}

void group_find_rows(struct groups *g, const struct text *const *cell, uint32_t rows,
                     uint32_t *group)
{
    for (uint32_t from = 0; from < rows; from += AHEAD)
        find_some(g, cell, from, rows - from < AHEAD ? rows - from : AHEAD, group);
}

size_t groups_bytes(const struct groups *g)
{
    size_t slots = (size_t)1 << g->bits;
    return slots * sizeof *g->slot + g->key_room * sizeof *g->key + g->head_room * sizeof *g->head +
           arena_used(g->arena);
}

uint32_t groups_count(const struct groups *g)
{
    return g->count;
}

const struct text *group_key(const struct groups *g, uint32_t group)
{
    return g->key + (size_t)group * g->columns;
}

void groups_merge(struct groups *into, const struct groups *from, uint32_t *map)
{
    uint32_t columns = from->columns;
    struct text *cell = memory_alloc(sizeof *cell * columns * AHEAD);
    const struct text **column = memory_alloc(sizeof *column * columns);
    for (uint32_t k = 0; k < columns; k++)
        column[k] = cell + (size_t)k * AHEAD;
    for (uint32_t at = 0; at < from->count; at += AHEAD) {
        uint32_t n = from->count - at < AHEAD ? from->count - at : AHEAD;
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t k = 0; k < columns; k++)
                cell[k * AHEAD + i] = group_key(from, at + i)[k];
        find_some(into, column, 0, n, map + at);
    }
    free(column);
    free(cell);
}

const uint32_t *groups_order(const struct groups *g, struct arena *a)
{
    uint32_t *order = arena_array(a, g->count, sizeof *order);
    struct text *text = memory_alloc(sizeof *text * g->columns * g->count);
    struct sort_key *key = memory_zalloc(sizeof *key * g->columns);
    for (uint32_t k = 0; k < g->columns; k++)
        key[k].text = text + (size_t)k * g->count;
    for (uint32_t i = 0; i < g->count; i++)
        for (uint32_t k = 0; k < g->columns; k++)
            text[(size_t)k * g->count + i] = group_key(g, i)[k];
    sort_rows(key, g->columns, g->count, order);
    free(key);
    free(text);
    return order;
}
