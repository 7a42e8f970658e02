/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/sort.h"

#include "base/digits.h"

enum { SMALL = 12 };

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

/* ---- prefixes: never in the wrong order, equal where they cannot tell ---- */

static uint64_t text_prefix(struct text t)
{
    uint64_t prefix = 0;
    for (uint32_t i = 0; i < 8; i++)
        prefix = prefix << 8 | (i < t.len ? (unsigned char)t.at[i] : 0);
    return prefix;
}

/* Doubles in the order of unsigned integers.  Rounding to double keeps the order (not strictly).
 * (decimal_parse() calls a number that no double holds BAD.) */
static uint64_t number_prefix(struct decimal d, struct text t)
{
    double x = 0;
    uint64_t bits;
    if (d.kind == NUMBER_EXACT)
        x = decimal_real(d);
    else
        real_parse(t, &x);
    x += 0.0; /* no negative zero */
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static uint64_t key_prefix(const struct sort_key *k, uint32_t row)
{
    if (text_missing(k->text[row]))
        return UINT64_MAX;
    uint64_t prefix =
        k->decimal ? number_prefix(k->decimal[row], k->text[row]) : text_prefix(k->text[row]);
    return k->descending ? ~prefix : prefix;
}

/* ---- merge sort ---- */

struct entry {
    uint64_t prefix;
    uint32_t row;
};

struct sorter {
    const struct sort_key *key;
    uint32_t keys;
    struct entry *entry, *spare;
};

static bool in_order(const struct sorter *s, const struct entry *a, const struct entry *b)
{
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix;
    return sort_compare(s->key, s->keys, a->row, b->row) <= 0;
}

static void sort_small(struct sorter *s, uint32_t from, uint32_t to)
{
    for (uint32_t i = from + 1; i < to; i++) {
        struct entry moved = s->entry[i];
        uint32_t k = i;
        for (; k > from && !in_order(s, &s->entry[k - 1], &moved); k--)
            s->entry[k] = s->entry[k - 1];
        s->entry[k] = moved;
    }
}

static void merge(struct sorter *s, uint32_t from, uint32_t middle, uint32_t to)
{
    uint32_t left = from, right = middle, out = from;
    memcpy(s->spare + from, s->entry + from, (middle - from) * sizeof *s->spare);
    while (left < middle && right < to)
        s->entry[out++] =
            in_order(s, &s->spare[left], &s->entry[right]) ? s->spare[left++] : s->entry[right++];
    while (left < middle)
        s->entry[out++] = s->spare[left++];
}

static void sort_range(struct sorter *s, uint32_t from, uint32_t to)
{
    if (to - from <= SMALL) {
        sort_small(s, from, to);
        return;
    }
    uint32_t middle = from + (to - from) / 2;
    sort_range(s, from, middle);
    sort_range(s, middle, to);
    if (!in_order(s, &s->entry[middle - 1], &s->entry[middle]))
        merge(s, from, middle, to);
}

void sort_rows(struct arena *arena, const struct sort_key *key, uint32_t keys, uint32_t rows,
               uint32_t *order)
{
    struct sorter s = {.key = key, .keys = keys};
    s.entry = arena_array(arena, rows, sizeof *s.entry);
    s.spare = arena_array(arena, rows, sizeof *s.spare);
    for (uint32_t i = 0; i < rows; i++)
        s.entry[i] = (struct entry){keys ? key_prefix(key, i) : 0, i};
    if (rows)
        sort_range(&s, 0, rows);
    for (uint32_t i = 0; i < rows; i++)
        order[i] = s.entry[i].row;
}
