/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See code_order.h. */
#include "format/code_order.h"
#include "table/fold.h"
#include "table/period_label.h"

#include <stdlib.h>

enum { NO_BOUND = 9999 };

struct bounds {
    int64_t low, high; /* low NO_BOUND: none */
};

static int64_t bound_of(const struct table *list, int64_t row, const char *column,
                        int64_t otherwise)
{
    int at = schema_find(list->schema, text_of(column));
    struct decimal d = decimal_parse(table_get(list, (uint32_t)row, at));

    return d.kind == NUMBER_EXACT && d.scale == 0 && d.mantissa >= 0 && d.mantissa < NO_BOUND
               ? d.mantissa
               : otherwise;
}

static bool has_bounds(const struct labels *l)
{
    return l->list != NULL && schema_find(l->list->schema, TEXT("min")) != NO_COLUMN &&
           schema_find(l->list->schema, TEXT("max")) != NO_COLUMN;
}

static struct bounds bounds_of(const struct labels *l, struct text code)
{
    int64_t row = labels_row(l, code);
    struct bounds s = {NO_BOUND, NO_BOUND};

    if (row == KEYS_NONE)
        return s;
    s.low = bound_of(l->list, row, "min", NO_BOUND);
    s.high = bound_of(l->list, row, "max", NO_BOUND);
    return s;
}

static bool overlaps(struct bounds a, struct bounds b)
{
    return a.low != NO_BOUND && b.low != NO_BOUND && a.low <= b.high && b.low <= a.high;
}

/* Of two that overlap, the wider one is the group; of two alike, both. */
static bool is_group(const struct keys *codes, const struct labels *l, uint32_t i)
{
    struct bounds a = bounds_of(l, codes->text[i]);

    for (uint32_t j = 0; j < codes->count; j++) {
        struct bounds b = bounds_of(l, codes->text[j]);
        if (j != i && overlaps(a, b) && a.high - a.low >= b.high - b.low)
            return true;
    }
    return false;
}

static struct code_order bounded_order(const struct keys *codes, const struct labels *l, uint32_t i)
{
    struct bounds s = bounds_of(l, codes->text[i]);
    uint32_t position = (uint32_t)(s.low * (NO_BOUND + 1) + s.high);

    return (struct code_order){.kind = is_group(codes, l, i) ? CODE_GROUP : CODE_PLAIN,
                               .position = position};
}

/* ---- order by time or by label ---- */

/* A code and what it is ordered by: itself, or its folded label. */
struct sorted {
    struct text code, key;
    uint32_t number;
};

static int compare_times(const void *pa, const void *pb)
{
    const struct sorted *a = pa, *b = pb;

    return period_order(a->code, b->code);
}

static int compare_labels(const void *pa, const void *pb)
{
    const struct sorted *a = pa, *b = pb;
    int order = text_compare(a->key, b->key);

    return order != 0 ? order : text_compare(a->code, b->code);
}

/* What a reader looks for in an alphabet: no accents, no case. */
static struct text sort_key(struct arena *arena, struct text label)
{
    char fold[FOLD_TEXT];

    return text_copy(arena, fold_text(label, fold));
}

static void sort_codes(struct arena *arena, const struct keys *codes, const struct labels *l,
                       enum language language, struct code_order *order)
{
    struct sorted *sorted = arena_array(arena, (size_t)codes->count + 1, sizeof(*sorted));

    for (uint32_t i = 0; i < codes->count; i++) {
        struct text code = codes->text[i];
        sorted[i] = (struct sorted){.code = code, .key = code, .number = i};
        if (!l->time)
            sorted[i].key = sort_key(arena, labels_text(l, code, language));
    }
    if (codes->count > 1)
        qsort(sorted, codes->count, sizeof(*sorted), l->time ? compare_times : compare_labels);
    for (uint32_t i = 0; i < codes->count; i++)
        if (l->time || labels_position(l, sorted[i].code) != UINT32_MAX)
            order[sorted[i].number].position = i;
}

/* ---- all codes ---- */

static struct code_order listed_order(const struct labels *l, struct text code)
{
    return (struct code_order){.kind = labels_group(l, code) ? CODE_GROUP : CODE_PLAIN,
                               .position = labels_position(l, code)};
}

/* Do the plain codes within a group, which are disjoint, fill it? */
static bool is_filled(const struct keys *codes, const struct labels *l,
                      const struct code_order *order, uint32_t i)
{
    struct bounds group = bounds_of(l, codes->text[i]);
    int64_t left = group.high - group.low + 1;

    for (uint32_t j = 0; j < codes->count; j++) {
        struct bounds s = bounds_of(l, codes->text[j]);
        if (order[j].kind == CODE_PLAIN && s.low != NO_BOUND && s.low >= group.low &&
            s.high <= group.high)
            left -= s.high - s.low + 1;
    }
    return left == 0;
}

static bool is_uneven(const struct keys *codes, const struct labels *l,
                      const struct code_order *order)
{
    for (uint32_t i = 0; i < codes->count; i++)
        if (order[i].kind == CODE_GROUP && !is_filled(codes, l, order, i))
            return true;
    return false;
}

static void set_class(struct code_order *order, const struct labels *l, struct text code)
{
    if (labels_special(l, code))
        order->kind = CODE_SPECIAL;
    if (text_equal(code, TEXT("_T")))
        order->kind = CODE_TOTAL;
    if (text_equal(code, TEXT("_O")))
        order->kind = CODE_OTHER;
}

void code_order_fill(struct axis *a, uint32_t dimension, const struct labels *l,
                     enum language language)
{
    const struct keys *codes = &a->code[dimension];
    struct code_order *order = arena_array(a->arena, (size_t)codes->count + 1, sizeof(*order));

    for (uint32_t i = 0; i < codes->count; i++) {
        order[i] = has_bounds(l) ? bounded_order(codes, l, i) : listed_order(l, codes->text[i]);
        set_class(&order[i], l, codes->text[i]);
    }
    if (l->time || l->alphabetical)
        sort_codes(a->arena, codes, l, language, order);
    a->order[dimension] = order;
    a->uneven = a->uneven || (has_bounds(l) && is_uneven(codes, l, order));
}
