/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/sort.h"

#include <stdlib.h>

#include "base/digits.h"
#include "base/memory.h"
#include "base/radix.h"

enum { WORD = 8, MISSING = WORD + 2 };

/* The exact order of two numbers of any width, by their digits. */
int numeral_compare(struct text left, struct text right)
{
    struct digits a, b;
    digits_scan(left, &a);
    digits_scan(right, &b);
    int sign_a = a.count == 0 ? 0 : a.negative ? -1 : 1;
    int sign_b = b.count == 0 ? 0 : b.negative ? -1 : 1;
    if (sign_a != sign_b || sign_a == 0)
        return (sign_a > sign_b) - (sign_a < sign_b);
    int64_t top_a = a.exponent + a.count, top_b = b.exponent + b.count;
    if (top_a != top_b)
        return top_a < top_b ? -sign_a : sign_a;
    int order = text_compare((struct text){a.digit, a.count}, (struct text){b.digit, b.count});
    return (order > 0 ? 1 : order < 0 ? -1 : 0) * sign_a;
}

/* ---- keys ---- */

static int key_compare(const struct sort_key *k, uint32_t a, uint32_t b)
{
    bool missing_a = text_missing(k->text[a]), missing_b = text_missing(k->text[b]);
    int order;
    if (missing_a || missing_b)
        return (int)missing_a - (int)missing_b;
    if (!k->decimal)
        order = text_compare(k->text[a], k->text[b]);
    else if (text_equal(k->text[a], k->text[b]))
        order = 0;
    else if (k->decimal[a].kind == NUMBER_EXACT && k->decimal[b].kind == NUMBER_EXACT)
        order = decimal_compare(k->decimal[a], k->decimal[b]);
    else
        order = numeral_compare(k->text[a], k->text[b]);
    if (order == 0)
        return 0;
    return (order < 0) != k->descending ? -1 : 1;
}

int sort_compare(const struct sort_key *key, uint32_t keys, uint32_t a, uint32_t b)
{
    int order = 0;
    for (uint32_t k = 0; k < keys && !order; k++)
        order = key_compare(&key[k], a, b);
    return order;
}

/* ---- words: never in the wrong order, equal where they cannot tell ---- */

/* Doubles in the order of unsigned integers.  Rounding to double keeps the order (not strictly).
 * (decimal_parse() calls a number that no double holds BAD.) */
static uint64_t number_word(struct decimal d, struct text t)
{
    double x = 0;
    if (d.kind == NUMBER_EXACT)
        x = decimal_real(d);
    else
        real_parse(t, &x);
    return radix_word(x);
}

/* Eight bytes from `depth` on, so that they compare as numbers. */
static uint64_t text_word_at(struct text t, uint32_t depth)
{
    return depth < t.len ? __builtin_bswap64(text_word(t.at + depth, t.len - depth)) : 0;
}

uint64_t sort_word(const struct sort_key *k, uint32_t row, uint32_t depth)
{
    struct text t = k->text[row];
    if (text_missing(t))
        return UINT64_MAX;
    uint64_t word = k->decimal ? number_word(k->decimal[row], t) : text_word_at(t, depth);
    return k->descending ? ~word : word;
}

/* ---- sorting by words, then what they leave undecided ---- */

struct sorter {
    const struct sort_key *key;
    uint32_t keys;
    struct radix_entry *entry, *spare;
};

/* Entries that are equal in all keys before this one, and in `depth` bytes of it. */
struct range {
    uint32_t from, to, key, depth;
};

static struct text text_at(const struct sorter *s, uint32_t i, uint32_t key)
{
    return s->key[key].text[s->entry[i].item];
}

/* The length of what all texts of the range have in common. */
static uint32_t common_bytes(const struct sorter *s, struct range r)
{
    struct text first = text_at(s, r.from, r.key);
    uint32_t common = first.len;
    for (uint32_t i = r.from + 1; i < r.to && common > r.depth; i++) {
        struct text t = text_at(s, i, r.key);
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
            next(s, (struct range){from, to, r.key, r.depth}, word);
    }
}

/* The words at r.depth are equal, and how many bytes there were: more than a word, or all alike. */
static void go_on(struct sorter *s, struct range r, uint64_t unused)
{
    struct text t = text_at(s, r.from, r.key);
    (void)unused;
    if (t.len > r.depth + WORD)
        sort_range(s, (struct range){r.from, r.to, r.key, r.depth + WORD});
    else
        sort_range(s, (struct range){r.from, r.to, r.key + 1, 0});
}

/* Of texts with equal words the one that ends sooner comes first: `a` before `a` and a NUL. */
static void by_length(struct sorter *s, struct range r, uint64_t unused)
{
    (void)unused;
    for (uint32_t i = r.from; i < r.to; i++) {
        struct text t = text_at(s, i, r.key);
        uint64_t left = t.len - r.depth > WORD ? WORD + 1 : t.len - r.depth;
        s->entry[i].word = t.len == 0 ? MISSING : s->key[r.key].descending ? WORD + 1 - left : left;
    }
    split_range(s, r, go_on);
}

static void merge(struct sorter *s, struct range r, uint32_t middle)
{
    uint32_t left = r.from, right = middle, out = r.from;
    memcpy(s->spare + left, s->entry + left, (middle - left) * sizeof *s->spare);
    while (left < middle && right < r.to)
        s->entry[out++] =
            key_compare(&s->key[r.key], s->spare[left].item, s->entry[right].item) <= 0
                ? s->spare[left++]
                : s->entry[right++];
    while (left < middle)
        s->entry[out++] = s->spare[left++];
}

/* Merge sort by this key alone. */
static void merge_sort(struct sorter *s, struct range r)
{
    if (r.to - r.from < 2)
        return;
    uint32_t middle = r.from + (r.to - r.from) / 2;
    merge_sort(s, (struct range){r.from, middle, r.key, 0});
    merge_sort(s, (struct range){middle, r.to, r.key, 0});
    if (key_compare(&s->key[r.key], s->entry[middle - 1].item, s->entry[middle].item) > 0)
        merge(s, r, middle);
}

/* Numbers of one double: nearly always the same text; else they are compared digit by digit. */
static void by_digits(struct sorter *s, struct range r, uint64_t unused)
{
    uint32_t same = r.from + 1;
    (void)unused;
    while (same < r.to && text_equal(text_at(s, same, r.key), text_at(s, r.from, r.key)))
        same++;
    if (same < r.to)
        merge_sort(s, r);
    for (uint32_t from = r.from, to; from < r.to; from = to) {
        for (to = from + 1;
             to < r.to && key_compare(&s->key[r.key], s->entry[from].item, s->entry[to].item) == 0;
             to++)
            ;
        sort_range(s, (struct range){from, to, r.key + 1, 0});
    }
}

static void sort_range(struct sorter *s, struct range r)
{
    if (r.key == s->keys || r.to - r.from < 2)
        return;
    const struct sort_key *key = &s->key[r.key];
    if (!key->decimal)
        r.depth = common_bytes(s, r);
    for (uint32_t i = r.from; i < r.to; i++)
        s->entry[i].word = sort_word(key, s->entry[i].item, r.depth);
    split_range(s, r, key->decimal ? by_digits : by_length);
}

void sort_rows(const struct sort_key *key, uint32_t keys, uint32_t rows, uint32_t *order)
{
    struct sorter s = {.key = key, .keys = keys};
    s.entry = memory_alloc(sizeof *s.entry * rows);
    s.spare = memory_alloc(sizeof *s.spare * rows);
    for (uint32_t i = 0; i < rows; i++)
        s.entry[i] = (struct radix_entry){0, i};
    sort_range(&s, (struct range){0, rows, 0, 0});
    for (uint32_t i = 0; i < rows; i++)
        order[i] = s.entry[i].item;
    free(s.entry);
    free(s.spare);
}
