/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/group.h"

#include <stdlib.h>

#include "base/memory.h"
#include "table/sort.h"

enum { FIRST_BITS = 8, WORD = 7, HEAD = WORD + 8, AHEAD = 64, MANY = 4096 };

/* The first bytes of a key cell, and how many it has: all that most comparisons need. */
struct head {
    uint64_t word; /* the length (of over 255: 255), and from the highest byte down WORD bytes */
    uint64_t tail; /* those behind them, or 0 */
};

/* Some rows that are looked for together, one step after the other, so that their loads overlap. */
struct seeking {
    uint64_t hash[AHEAD];
    uint32_t number[AHEAD]; /* of the group that a slot with its tag names, plus 1; or 0 */
    uint64_t unlike[AHEAD]; /* 0: it has the same heads, and these are all of the key */
    bool longer[AHEAD];     /* a cell is longer than its head */
};

struct groups {
    uint32_t columns, count;
    struct arena *arena;
    struct text *key;  /* columns cells a group */
    struct head *head; /* the same, behind `columns` that no cell has */
    size_t key_room, head_room;
    uint64_t *slot;            /* group + 1, or 0; above it the tag, by which slots are ordered */
    uint32_t bits;             /* 2^bits slots */
    struct seeking seeking;    /* some rows, */
    struct text *scratch;      /* one key, */
    struct head *scratch_head; /* and their heads: AHEAD a column, and behind them that key's */
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
    g->head = memory_grow(NULL, &g->head_room, key_columns + 1, sizeof *g->head);
    for (uint32_t i = 0; i < key_columns; i++)
        g->head[i] = (struct head){UINT64_MAX << 8, UINT64_MAX};
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
    if (__builtin_expect(cell.len - 1 < WORD, 1)) {
        uint64_t word = text_eight(cell.at, cell.len);
        return (struct head){word << (64 - 8 * cell.len) | cell.len, 0};
    }
    if (cell.len == 0)
        return (struct head){0, 0};
    return (struct head){text_eight(cell.at, WORD) << 8 | (cell.len < 255 ? cell.len : 255),
                         text_word(cell.at + WORD, cell.len - WORD)};
}

/* Those of a group, by its number plus 1. */
static inline struct head *heads_of(const struct groups *g, uint32_t number)
{
    return g->head + (size_t)number * g->columns;
}

/* What of two heads is not the same, in some bits. */
static inline uint64_t unlike(const struct head *a, const struct head *b)
{
    return (a->word ^ b->word) | (a->tail ^ b->tail);
}

static inline uint64_t hash_more(uint64_t h, struct head head, struct text cell)
{
    h = text_mix(h, head.word);
    if (__builtin_expect(cell.len > WORD, 0))
        h = text_mix(h, head.tail);
    if (__builtin_expect(cell.len > HEAD, 0))
        h = text_mix(h, text_hash((struct text){cell.at + HEAD, cell.len - HEAD}));
    return h;
}

static bool same_key(const struct groups *g, uint32_t group, const struct text *key,
                     const struct head *head)
{
    const struct head *own = heads_of(g, group + 1);
    for (uint32_t i = 0; i < g->columns; i++) {
        if (unlike(&own[i], &head[i]))
            return false;
        if (key[i].len > HEAD && !text_equal(group_key(g, group)[i], key[i]))
            return false;
    }
    return true;
}

static inline uint32_t tag_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}

/* The first of two slots that lie side by side. */
static inline uint32_t place_of(uint32_t bits, uint32_t tag)
{
    return tag >> (32 - bits) & ~1u;
}

static inline uint32_t next_place(const struct groups *g, uint32_t at)
{
    return (at + 1) & (uint32_t)(((uint64_t)1 << g->bits) - 1);
}

static void put_slot(struct groups *g, uint64_t entry)
{
    uint32_t at = place_of(g->bits, (uint32_t)(entry >> 32));
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
    g->head = memory_grow(g->head, &g->head_room, cells + g->columns, sizeof *g->head);
    copy_key(g, g->key + before, key);
    for (uint32_t i = 0; i < g->columns; i++)
        heads_of(g, group + 1)[i] = head[i];
    if (++g->count > (uint64_t)1 << (g->bits - 1))
        grow(g);
    put_slot(g, (uint64_t)tag << 32 | (group + 1));
    return group;
}

static inline uint32_t find_hashed(struct groups *g, const struct text *key,
                                   const struct head *head, uint32_t tag, bool *fresh)
{
    uint32_t at = place_of(g->bits, tag);
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

/* Returns the OR of the lengths. */
static uint32_t hash_column(struct seeking *s, struct head *head, const struct text *cell,
                            uint32_t n)
{
    uint32_t lengths = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct text t = cell[i];
        struct head h = head_of(t);
        s->hash[i] = hash_more(s->hash[i], h, t);
        head[i] = h;
        lengths |= t.len;
    }
    for (uint32_t i = 0; lengths > HEAD && i < n; i++)
        s->longer[i] |= cell[i].len > HEAD;
    return lengths;
}

/* Many groups are not in the caches: what will be read is asked for some rows ahead. */
static bool is_many(const struct groups *g)
{
    return g->count > MANY;
}

static void fetch_slots(const struct groups *g, const struct seeking *s, uint32_t n)
{
    for (uint32_t i = 0; is_many(g) && i < n; i++)
        __builtin_prefetch(&g->slot[place_of(g->bits, tag_of(s->hash[i]))]);
}

static void fetch_heads(const struct groups *g, const struct seeking *s, uint32_t n)
{
    for (uint32_t i = 0; is_many(g) && i < n; i++) {
        __builtin_prefetch(heads_of(g, s->number[i]));
        if (s->longer[i] && s->number[i])
            __builtin_prefetch(group_key(g, s->number[i] - 1));
    }
}

/* Of cells that are longer than their heads the bytes are compared too. */
static void fetch_longer(const struct groups *g, const struct seeking *s, uint32_t n)
{
    for (uint32_t i = 0; is_many(g) && i < n; i++)
        if (s->longer[i] && !s->unlike[i])
            __builtin_prefetch(group_key(g, s->number[i] - 1)->at);
}

/* The entry with this tag, if it is one of the first two that can have it: nearly all are. */
static inline uint64_t first_entry(const uint64_t *pair, uint32_t tag)
{
    uint64_t a = pair[0], b = pair[1];
    return a ^ ((a ^ b) & (0 - (uint64_t)(a >> 32 != tag))); /* a branch would be mispredicted */
}

static uint64_t find_entry(const struct groups *g, uint32_t tag)
{
    uint32_t at = place_of(g->bits, tag);
    while (g->slot[at] && g->slot[at] >> 32 != tag)
        at = next_place(g, at);
    return g->slot[at];
}

static void guess_groups(const struct groups *g, struct seeking *s, uint32_t n)
{
    const uint64_t *slot = g->slot;
    uint32_t bits = g->bits;
    for (uint32_t i = 0; is_many(g) && i < n; i++)
        s->number[i] = (uint32_t)find_entry(g, tag_of(s->hash[i]));
    for (uint32_t i = 0; !is_many(g) && i < n; i++) {
        uint32_t tag = tag_of(s->hash[i]);
        s->number[i] = (uint32_t)first_entry(slot + place_of(bits, tag), tag);
    }
}

/* The lengths are those of all cells, in an OR: mostly no head has a tail. */
static void compare_column(const struct groups *g, struct seeking *s, uint32_t column,
                           const struct head *head, uint32_t lengths, uint32_t n)
{
    const struct head *own = g->head + column;
    size_t columns = g->columns;
    for (uint32_t i = 0; i < n; i++)
        s->unlike[i] |= own[s->number[i] * columns].word ^ head[i].word;
    for (uint32_t i = 0; lengths > WORD && i < n; i++)
        s->unlike[i] |= own[s->number[i] * columns].tail ^ head[i].tail;
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
    struct seeking *s = &g->seeking;
    struct head *head = g->scratch_head;
    uint32_t lengths = 0;
    memset(s->hash, 0, sizeof s->hash);
    memset(s->longer, 0, sizeof s->longer);
    memset(s->unlike, g->columns == 0, sizeof s->unlike); /* without columns there is no head */
    for (uint32_t k = 0; k < g->columns; k++)
        lengths |= hash_column(s, head + (size_t)k * AHEAD, cell[k] + from, n);
    fetch_slots(g, s, n);
    guess_groups(g, s, n);
    fetch_heads(g, s, n);
    for (uint32_t k = 0; k < g->columns; k++)
        compare_column(g, s, k, head + (size_t)k * AHEAD, lengths, n);
    fetch_longer(g, s, n);
    for (uint32_t i = 0; lengths > HEAD && i < n; i++)
        s->unlike[i] |= s->longer[i];
    for (uint32_t i = 0; i < n; i++)
        group[from + i] = s->unlike[i] ? find_again(g, cell, from + i, head + i, tag_of(s->hash[i]))
                                       : s->number[i] - 1;
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
    sort_rows(key, g->columns, g->count, NULL, order);
    free(key);
    free(text);
    return order;
}
