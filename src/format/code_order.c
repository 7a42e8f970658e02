/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See code_order.h. */
#include "format/code_order.h"

enum { NO_BOUND = 9999 };

struct span {
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

static struct span span_of(const struct labels *l, struct text code)
{
    int64_t row = labels_row(l, code);
    struct span s = {NO_BOUND, NO_BOUND};

    if (row == KEYS_NONE)
        return s;
    s.low = bound_of(l->list, row, "min", NO_BOUND);
    s.high = bound_of(l->list, row, "max", NO_BOUND);
    return s;
}

static bool overlaps(struct span a, struct span b)
{
    return a.low != NO_BOUND && b.low != NO_BOUND && a.low <= b.high && b.low <= a.high;
}

/* Of two that overlap, the wider one is the group; of two alike, both. */
static bool is_group(const struct keys *codes, const struct labels *l, uint32_t i)
{
    struct span a = span_of(l, codes->text[i]);

    for (uint32_t j = 0; j < codes->count; j++) {
        struct span b = span_of(l, codes->text[j]);
        if (j != i && overlaps(a, b) && a.high - a.low >= b.high - b.low)
            return true;
    }
    return false;
}

static struct code_order bounded_order(const struct keys *codes, const struct labels *l, uint32_t i)
{
    struct span s = span_of(l, codes->text[i]);
    uint32_t position = (uint32_t)(s.low * (NO_BOUND + 1) + s.high);

    return (struct code_order){.kind = is_group(codes, l, i) ? CODE_GROUP : CODE_PLAIN,
                               .position = position};
}

static struct code_order listed_order(const struct labels *l, struct text code)
{
    int64_t row = labels_row(l, code);
    struct code_order order = {.kind = labels_group(l, code) ? CODE_GROUP : CODE_PLAIN,
                               .position = UINT32_MAX};

    if (row != KEYS_NONE)
        order.position = (uint32_t)row;
    return order;
}

/* Do the plain codes within a group, which are disjoint, fill it? */
static bool is_filled(const struct keys *codes, const struct labels *l,
                      const struct code_order *order, uint32_t i)
{
    struct span group = span_of(l, codes->text[i]);
    int64_t left = group.high - group.low + 1;

    for (uint32_t j = 0; j < codes->count; j++) {
        struct span s = span_of(l, codes->text[j]);
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

void code_order_fill(struct axis *a, uint32_t dimension, const struct labels *l)
{
    const struct keys *codes = &a->code[dimension];
    struct code_order *order = arena_array(a->arena, (size_t)codes->count + 1, sizeof(*order));

    for (uint32_t i = 0; i < codes->count; i++) {
        order[i] = has_bounds(l) ? bounded_order(codes, l, i) : listed_order(l, codes->text[i]);
        if (text_equal(codes->text[i], TEXT("_T")))
            order[i].kind = CODE_TOTAL;
        if (text_equal(codes->text[i], TEXT("_O")))
            order[i].kind = CODE_OTHER;
    }
    a->order[dimension] = order;
    a->uneven = a->uneven || (has_bounds(l) && is_uneven(codes, l, order));
}
