/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/text_order.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/radix.h"

enum { WORD = 8, MISSING = WORD + 2 };

struct sorter {
    const struct text *cell;
    uint32_t columns;
    struct radix_entry *entry, *spare;
};

/* A part of the entries that is equal in all columns before this one and `depth` bytes of it. */
struct range {
    uint32_t from, to, column, depth;
};

int text_order_compare(const struct text *a, const struct text *b, uint32_t columns)
{
    int order = 0;
    for (uint32_t k = 0; k < columns && order == 0; k++)
        order = text_missing(a[k]) || text_missing(b[k])
                    ? (int)text_missing(a[k]) - (int)text_missing(b[k])
                    : text_compare(a[k], b[k]);
    return order;
}

/* Eight bytes from `depth` on, so that they compare as numbers. */
static uint64_t word_at(struct text t, uint32_t depth)
{
    return depth < t.len ? __builtin_bswap64(text_word(t.at + depth, t.len - depth)) : 0;
}

static struct text cell_of(const struct sorter *s, uint32_t i, uint32_t column)
{
    return s->cell[(size_t)s->entry[i].item * s->columns + column];
}

/* Bytes behind r->depth that all texts of the range have in common. */
static uint32_t common_bytes(const struct sorter *s, struct range r)
{
    struct text first = cell_of(s, r.from, r.column);
    uint32_t common = first.len;
    for (uint32_t i = r.from + 1; i < r.to && common > r.depth; i++) {
        struct text t = cell_of(s, i, r.column);
        uint32_t same = r.depth;
        while (same < common && same < t.len && t.at[same] == first.at[same])
            same++;
        common = same;
    }
    return common;
}

static void sort_range(struct sorter *s, struct range r);

/* Sorts by the words that are there, then calls `next` for each part whose words are equal. */
static void split_range(struct sorter *s, struct range r,
                        void (*next)(struct sorter *, struct range, uint64_t word))
{
    radix_sort(s->entry + r.from, s->spare + r.from, r.to - r.from);
    for (uint32_t from = r.from, to; from < r.to; from = to) {
        uint64_t word = s->entry[from].word;
        for (to = from + 1; to < r.to && s->entry[to].word == word; to++)
            ;
        if (to - from > 1)
            next(s, (struct range){from, to, r.column, r.depth}, word);
    }
}

/* All bytes of the word at r.depth are equal, and so is how many of them there are: `left`. */
static void go_on(struct sorter *s, struct range r, uint64_t left)
{
    if (left > WORD && left < MISSING)
        sort_range(s, (struct range){r.from, r.to, r.column, r.depth + WORD});
    else
        sort_range(s, (struct range){r.from, r.to, r.column + 1, 0});
}

/* The words are equal, and a text that ends sooner comes first: `a` before `a` and a NUL. */
static void by_length(struct sorter *s, struct range r, uint64_t word)
{
    (void)word;
    for (uint32_t i = r.from; i < r.to; i++) {
        struct text t = cell_of(s, i, r.column);
        uint32_t left = t.len - r.depth;
        s->entry[i].word = t.len == 0 ? MISSING : left > WORD ? WORD + 1 : left;
    }
    split_range(s, r, go_on);
}

static void sort_range(struct sorter *s, struct range r)
{
    if (r.column == s->columns || r.to - r.from < 2)
        return;
    r.depth = common_bytes(s, r);
    for (uint32_t i = r.from; i < r.to; i++) {
        struct text t = cell_of(s, i, r.column);
        s->entry[i].word = t.len == 0 ? UINT64_MAX : word_at(t, r.depth);
    }
    split_range(s, r, by_length);
}

void text_order(const struct text *cell, uint32_t columns, uint32_t *order, uint32_t n)
{
    struct sorter s = {.cell = cell, .columns = columns};
    s.entry = memory_alloc(sizeof *s.entry * n);
    s.spare = memory_alloc(sizeof *s.spare * n);
    for (uint32_t i = 0; i < n; i++)
        s.entry[i] = (struct radix_entry){0, order[i]};
    sort_range(&s, (struct range){0, n, 0, 0});
    for (uint32_t i = 0; i < n; i++)
        order[i] = s.entry[i].item;
    free(s.entry);
    free(s.spare);
}
