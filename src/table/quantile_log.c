/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/quantile_log.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/radix.h"

enum { FEW = 32 };

void quantile_log_free(struct quantile_log *l)
{
    free(l->item);
    free(l->start);
    *l = (struct quantile_log){0};
}

void quantile_log_add(struct quantile_log *l, uint32_t group, struct decimal x, struct decimal w)
{
    l->item = memory_grow(l->item, &l->room, l->count + 1, sizeof *l->item);
    l->item[l->count++] = (struct quantile_item){x.mantissa, w.mantissa, group, x.scale, w.scale};
    l->settled = false;
}

static struct decimal value_of(const struct quantile_item *i)
{
    return (struct decimal){i->x, i->x_scale, NUMBER_EXACT};
}

int quantile_item_compare(const struct quantile_item *a, const struct quantile_item *b)
{
    if (a->x_scale == b->x_scale)
        return (a->x > b->x) - (a->x < b->x);
    return decimal_compare(value_of(a), value_of(b));
}

static int compare_items(const void *left, const void *right)
{
    return quantile_item_compare(left, right);
}

/* ---- sorting ---- */

/* Where each group begins, by counting. */
static void find_starts(struct quantile_log *l, uint32_t groups)
{
    l->start = memory_realloc(l->start, ((size_t)groups + 2) * sizeof *l->start);
    memset(l->start, 0, ((size_t)groups + 2) * sizeof *l->start);
    for (size_t i = 0; i < l->count; i++)
        l->start[(size_t)l->item[i].group + 2]++;
    for (uint32_t g = 0; g < groups; g++)
        l->start[g + 2] += l->start[g + 1];
    l->groups = groups;
}

/* start[g + 1] moves from where group g begins to where it ends. */
static void scatter(struct quantile_log *l)
{
    struct quantile_item *to = memory_alloc(l->count * sizeof *to);
    for (size_t i = 0; i < l->count; i++)
        to[l->start[(size_t)l->item[i].group + 1]++] = l->item[i];
    free(l->item);
    l->item = to;
    l->room = l->count;
}

static void sort_few(struct quantile_item *item, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct quantile_item moved = item[i];
        size_t k = i;
        for (; k > 0 && quantile_item_compare(&item[k - 1], &moved) > 0; k--)
            item[k] = item[k - 1];
        item[k] = moved;
    }
}

/* Values that one double stands for are nearly always equal; else they are compared exactly. */
static void sort_ties(struct quantile_item *item, const struct radix_entry *entry, size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        bool alike = true;
        for (to = from + 1; to < n && entry[to].word == entry[from].word; to++)
            alike &= quantile_item_compare(&item[from], &item[to]) == 0;
        if (!alike)
            qsort(item + from, to - from, sizeof *item, compare_items);
    }
}

static void sort_many(struct quantile_item *item, size_t n)
{
    struct radix_entry *entry = memory_alloc(n * sizeof *entry),
                       *spare = memory_alloc(n * sizeof *spare);
    struct quantile_item *from = memory_alloc(n * sizeof *from);
    memcpy(from, item, n * sizeof *item);
    for (size_t i = 0; i < n; i++)
        entry[i] = (struct radix_entry){radix_word(decimal_real(value_of(&item[i]))), (uint32_t)i};
    radix_sort(entry, spare, n);
    for (size_t i = 0; i < n; i++)
        item[i] = from[entry[i].item];
    sort_ties(item, entry, n);
    free(from);
    free(entry);
    free(spare);
}

void quantile_log_settle(struct quantile_log *l, uint32_t groups)
{
    if (l->settled && l->groups == groups)
        return;
    find_starts(l, groups);
    scatter(l);
    for (uint32_t g = 0; g < groups; g++) {
        size_t n = l->start[g + 1] - l->start[g];
        if (n > UINT32_MAX)
            qsort(l->item + l->start[g], n, sizeof *l->item, compare_items);
        else
            (n > FEW ? sort_many : sort_few)(l->item + l->start[g], n);
    }
    l->settled = true;
}

const struct quantile_item *quantile_log_group(const struct quantile_log *l, uint32_t group,
                                               size_t *count)
{
    *count = l->start[group + 1] - l->start[group];
    return l->item + l->start[group];
}

/* ---- joining ---- */

static void add_all(struct quantile_log *l, const struct quantile_log *from, const uint32_t *map,
                    uint32_t n)
{
    size_t items = from->count; /* it grows where a log is joined to itself */
    l->item = memory_grow(l->item, &l->room, l->count + items, sizeof *l->item);
    for (size_t i = 0; i < items; i++) {
        struct quantile_item item = from->item[i];
        if (item.group >= n)
            continue;
        item.group = map[item.group];
        l->item[l->count++] = item;
    }
    l->settled = false;
}

/* Merges b (n of them) with the m items that stand at to + n, into to. */
static void merge_items(struct quantile_item *to, const struct quantile_item *b, size_t n, size_t m)
{
    const struct quantile_item *a = to + n, *a_end = a + m, *b_end = b + n;
    while (b < b_end)
        *to++ = a < a_end && quantile_item_compare(a, b) <= 0 ? *a++ : *b++;
}

static void merge_settled(struct quantile_log *l, const struct quantile_log *from,
                          const uint32_t *map, uint32_t n, uint32_t groups)
{
    struct quantile_log out = {.groups = groups, .settled = true, .count = l->count + from->count};
    out.room = out.count;
    out.item = memory_alloc(out.count * sizeof *out.item);
    out.start = memory_zalloc(((size_t)groups + 2) * sizeof *out.start);
    uint32_t *source = memory_zalloc(groups * sizeof *source); /* group of `from` + 1 */
    for (uint32_t i = 0; i < n; i++)
        source[map[i]] = i + 1;
    for (uint32_t g = 0; g < groups; g++) {
        size_t more = 0, own = 0;
        const struct quantile_item *other = source[g] && source[g] <= from->groups
                                                ? quantile_log_group(from, source[g] - 1, &more)
                                                : NULL;
        const struct quantile_item *mine = g < l->groups ? quantile_log_group(l, g, &own) : NULL;
        struct quantile_item *to = out.item + out.start[g];
        if (own)
            memcpy(to + more, mine, own * sizeof *to);
        merge_items(to, other, more, own);
        for (size_t i = 0; i < own + more; i++)
            to[i].group = g;
        out.start[g + 1] = out.start[g] + own + more;
    }
    free(source);
    quantile_log_free(l);
    *l = out;
}

void quantile_log_join(struct quantile_log *l, struct quantile_log *from, const uint32_t *map,
                       uint32_t n, uint32_t groups)
{
    if (l != from && l->settled && from->settled)
        merge_settled(l, from, map, n, groups);
    else
        add_all(l, from, map, n);
}

/* ---- the walk ---- */

bool quantile_weigh(struct sum *reached, struct decimal p, const struct quantile_item *item,
                    size_t n)
{
    struct decimal minus_p = {-p.mantissa, p.scale, NUMBER_EXACT};
    bool good = true;
    for (size_t i = 0; i < n && good; i++)
        good = sum_add_product(reached, (struct decimal){item[i].w, item[i].w_scale, NUMBER_EXACT},
                               minus_p);
    return good;
}

/* Up while the cumulated weight less p times the total is negative. */
void quantile_step(struct quantile_walk *w, const struct quantile_item *item)
{
    w->any = true;
    if (w->where == WALK_PAST)
        return;
    w->high = value_of(item);
    if (w->where == WALK_AT) {
        w->where = WALK_PAST;
        return;
    }
    w->low = w->high;
    if (sum_add(&w->reached, (struct decimal){item->w, item->w_scale, NUMBER_EXACT}) &&
        sum_sign(&w->reached) < 0)
        return;
    w->where = sum_is_zero(&w->reached) ? WALK_AT : WALK_PAST;
}

/* The mean of two values; exact where 18 digits hold it, though their sum may have 19. */
struct text quantile_text(const struct quantile_walk *w, struct arena *arena)
{
    static const struct decimal half = {5, 1, NUMBER_EXACT};
    char buffer[SUM_TEXT];
    struct sum mean = {0};
    if (!w->any)
        return TEXT("");
    sum_add_product(&mean, w->low, half);
    sum_add_product(&mean, w->high, half);
    size_t len = sum_format(&mean, buffer);
    if (decimal_parse((struct text){buffer, (uint32_t)len}).kind != NUMBER_EXACT)
        len = real_format(sum_real(&mean), buffer);
    return (struct text){arena_copy(arena, buffer, len), (uint32_t)len};
}
