/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/sort.h"

#include <stdlib.h>

#include "base/digits.h"
#include "base/memory.h"
#include "base/radix.h"
#include "table/sort_plan.h"

enum { FEW = 16, SHARED = 1 << 16, MOST_SLICES = 64, PARTS = 4 };

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

/* Rounding to double keeps the order (not strictly).  (decimal_parse() calls a number that no
 * double holds BAD.) */
uint64_t sort_number_word(const struct sort_key *k, uint32_t row)
{
    struct decimal d = k->decimal[row];
    double x = 0;
    if (d.kind == NUMBER_MISSING)
        return UINT64_MAX;
    if (d.kind == NUMBER_EXACT)
        x = decimal_real(d);
    else
        real_parse(k->text[row], &x);
    return k->descending ? ~radix_word(x) : radix_word(x);
}

/* ---- sharing out ---- */

uint32_t sort_slices(const struct sort_crew *crew, uint32_t n)
{
    uint32_t threads = crew && n >= SHARED ? crew->threads : 1;
    return threads < 1 ? 1 : threads > MOST_SLICES ? MOST_SLICES : threads;
}

void sort_share(const struct sort_crew *crew, void (*work)(void *of, uint64_t i), void *of,
                uint64_t n)
{
    if (crew && n > 1)
        crew->each(crew->context, work, of, n);
    else
        for (uint64_t i = 0; i < n; i++)
            work(of, i);
}

/* ---- sorting by words, then what they leave undecided ---- */

struct sorter {
    const struct sort_key *key;
    uint32_t keys;
    const struct sort_crew *crew;
    struct radix_entry *entry, *spare;
};

/* Ranges that are still to be sorted. */
struct ranges {
    struct sort_range *item;
    size_t count, room;
};

static void range_add(struct ranges *list, struct sort_range r)
{
    list->item = memory_grow(list->item, &list->room, list->count + 1, sizeof *list->item);
    list->item[list->count++] = r;
}

/* A range on its way: its words, in slices, which are sorted and then merged two by two. */
struct sorting {
    struct sorter *s;
    const struct sort_plan *plan;
    struct radix_entry *from, *to;
    uint32_t n, slices, width; /* width: slices that are one by now */
    uint32_t parts;            /* of each merge */
};

static void sort_one_slice(void *context, uint64_t i)
{
    struct sorting *g = context;
    uint32_t from = sort_slice(g->n, g->slices, i), n = sort_slice(g->n, g->slices, i + 1) - from;
    sort_plan_words(g->plan, g->from + from, n);
    radix_sort(g->from + from, g->to + from, n);
}

/* How many of the first k of both together are of the left, which goes first where words are
 * equal. */
static uint32_t left_of(const struct radix_entry *left, uint32_t lefts,
                        const struct radix_entry *right, uint32_t rights, uint32_t k)
{
    uint32_t least = k > rights ? k - rights : 0, most = k < lefts ? k : lefts;
    while (least < most) {
        uint32_t i = least + (most - least) / 2;
        if (left[i].word <= right[k - i - 1].word)
            least = i + 1;
        else
            most = i;
    }
    return least;
}

static void merge_words(struct radix_entry *to, const struct radix_entry *left, uint32_t lefts,
                        const struct radix_entry *right, uint32_t rights)
{
    const struct radix_entry *left_end = left + lefts, *right_end = right + rights;
    while (left < left_end && right < right_end) {
        bool later = right->word < left->word;
        *to++ = *(later ? right : left);
        right += later;
        left += !later;
    }
    memcpy(to, left, (size_t)(left_end - left) * sizeof *to);
    memcpy(to + (left_end - left), right, (size_t)(right_end - right) * sizeof *to);
}

/* Part i of the merges of this round. */
static void merge_part(void *context, uint64_t i)
{
    struct sorting *g = context;
    uint32_t first = (uint32_t)(i / g->parts) * 2 * g->width, part = (uint32_t)(i % g->parts);
    uint32_t middle = first + g->width < g->slices ? first + g->width : g->slices;
    uint32_t last = middle + g->width < g->slices ? middle + g->width : g->slices;
    uint32_t from = sort_slice(g->n, g->slices, first), at = sort_slice(g->n, g->slices, middle);
    uint32_t lefts = at - from, rights = sort_slice(g->n, g->slices, last) - at;
    const struct radix_entry *left = g->from + from, *right = g->from + at;
    uint32_t begin = sort_slice(lefts + rights, g->parts, part);
    uint32_t end = sort_slice(lefts + rights, g->parts, part + 1);
    uint32_t a = left_of(left, lefts, right, rights, begin);
    uint32_t b = left_of(left, lefts, right, rights, end);
    merge_words(g->to + from + begin, left + a, b - a, right + (begin - a),
                (end - b) - (begin - a));
}

static void copy_slice(void *context, uint64_t i)
{
    struct sorting *g = context;
    uint32_t from = sort_slice(g->n, g->slices, i), n = sort_slice(g->n, g->slices, i + 1) - from;
    memcpy(g->to + from, g->from + from, n * sizeof *g->to);
}

static void sort_words(struct sorter *s, const struct sort_plan *plan, struct sort_range r)
{
    struct sorting g = {s, plan, s->entry + r.from, s->spare + r.from, r.to - r.from, 0, 1, 1};
    g.slices = sort_slices(s->crew, g.n);
    sort_share(s->crew, sort_one_slice, &g, g.slices);
    for (; g.width < g.slices; g.width *= 2) {
        uint32_t merges = (g.slices + 2 * g.width - 1) / (2 * g.width);
        g.parts = PARTS * g.slices / merges;
        sort_share(s->crew, merge_part, &g, (uint64_t)merges * g.parts);
        struct radix_entry *swap = g.from;
        g.from = g.to;
        g.to = swap;
    }
    if (g.from != s->entry + r.from)
        sort_share(s->crew, copy_slice, &g, g.slices);
}

/* ---- numbers of one double ---- */

static void merge(struct sorter *s, struct sort_range r, uint32_t middle)
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
static void merge_sort(struct sorter *s, struct sort_range r)
{
    if (r.to - r.from < 2)
        return;
    uint32_t middle = r.from + (r.to - r.from) / 2;
    merge_sort(s, (struct sort_range){r.from, middle, r.key, 0});
    merge_sort(s, (struct sort_range){middle, r.to, r.key, 0});
    if (key_compare(&s->key[r.key], s->entry[middle - 1].item, s->entry[middle].item) > 0)
        merge(s, r, middle);
}

/* Nearly always they are all equal; else they are compared digit by digit. */
static void by_digits(struct sorter *s, struct sort_range r, struct ranges *list)
{
    const struct sort_key *k = &s->key[r.key];
    uint32_t same = r.from + 1;
    while (same < r.to && text_equal(k->text[s->entry[same].item], k->text[s->entry[r.from].item]))
        same++;
    if (same < r.to)
        merge_sort(s, r);
    for (uint32_t from = r.from, to; from < r.to; from = to) {
        for (to = from + 1;
             to < r.to && key_compare(k, s->entry[from].item, s->entry[to].item) == 0; to++)
            ;
        if (to - from > 1 && r.key + 1 < s->keys)
            range_add(list, (struct sort_range){from, to, r.key + 1, 0});
    }
}

/* ---- ranges ---- */

static void insert_all(struct sorter *s, struct sort_range r)
{
    struct radix_entry *e = s->entry;
    for (uint32_t i = r.from + 1; i < r.to; i++) {
        struct radix_entry moved = e[i];
        uint32_t at = i;
        for (; at > r.from &&
               sort_compare(s->key + r.key, s->keys - r.key, e[at - 1].item, moved.item) > 0;
             at--)
            e[at] = e[at - 1];
        e[at] = moved;
    }
}

/* Rows with equal words, which the plan did not tell apart. */
static void add_equal(struct sorter *s, const struct sort_plan *p, struct sort_range r,
                      struct ranges *list)
{
    for (uint32_t from = r.from, to; from < r.to; from = to) {
        uint64_t word = s->entry[from].word;
        for (to = from + 1; to < r.to && s->entry[to].word == word; to++)
            ;
        if (to - from < 2)
            continue;
        if (p->digits)
            by_digits(s, (struct sort_range){from, to, p->key - 1, 0}, list);
        else
            range_add(list, (struct sort_range){from, to, p->key, p->depth});
    }
}

/* Sorts a range as far as a word can; what is left is added to the list. */
static void sort_range(struct sorter *s, struct sort_range r, struct ranges *list)
{
    struct sort_plan plan;
    if (r.to - r.from <= FEW) {
        insert_all(s, r);
        return;
    }
    sort_plan_make(&plan, s->key, s->keys, s->entry, r, s->crew);
    if (plan.bits == 0 && plan.key < s->keys)
        range_add(list, (struct sort_range){r.from, r.to, plan.key, plan.depth});
    if (plan.bits == 0)
        return;
    sort_words(s, &plan, r);
    if (plan.key < s->keys || plan.digits)
        add_equal(s, &plan, r, list);
}

/* Every so many ranges of a list. */
struct share {
    const struct sorter *s;
    const struct ranges *list;
    uint32_t shares;
};

static void sort_share_of(void *context, uint64_t i)
{
    const struct share *h = context;
    struct sorter alone = *h->s;
    struct ranges list = {NULL, 0, 0};
    alone.crew = NULL;
    for (size_t k = i; k < h->list->count; k += h->shares) {
        range_add(&list, h->list->item[k]);
        while (list.count)
            sort_range(&alone, list.item[--list.count], &list);
    }
    free(list.item);
}

/* Large ranges one after the other, by all; then small ones, each by one. */
static void sort_all(struct sorter *s, uint32_t rows)
{
    struct ranges large = {NULL, 0, 0}, small = {NULL, 0, 0}, found = {NULL, 0, 0};
    range_add(&large, (struct sort_range){0, rows, 0, 0});
    while (large.count) {
        sort_range(s, large.item[--large.count], &found);
        while (found.count) {
            struct sort_range r = found.item[--found.count];
            range_add(r.to - r.from >= SHARED ? &large : &small, r);
        }
    }
    struct share share = {s, &small, PARTS * sort_slices(s->crew, rows)};
    sort_share(s->crew, sort_share_of, &share, small.count ? share.shares : 0);
    free(large.item);
    free(small.item);
    free(found.item);
}

static void begin_slice(void *context, uint64_t i)
{
    struct sorting *g = context;
    for (uint32_t k = sort_slice(g->n, g->slices, i); k < sort_slice(g->n, g->slices, i + 1); k++)
        g->from[k] = (struct radix_entry){0, k};
}

void sort_rows(const struct sort_key *key, uint32_t keys, uint32_t rows,
               const struct sort_crew *crew, uint32_t *order)
{
    struct sorter s = {.key = key, .keys = keys, .crew = crew};
    s.entry = memory_alloc(sizeof *s.entry * rows);
    s.spare = memory_alloc(sizeof *s.spare * rows);
    struct sorting begin = {.from = s.entry, .n = rows, .slices = sort_slices(crew, rows)};
    sort_share(crew, begin_slice, &begin, begin.slices);
    if (keys)
        sort_all(&s, rows);
    for (uint32_t i = 0; i < rows; i++)
        order[i] = s.entry[i].item;
    free(s.entry);
    free(s.spare);
}
