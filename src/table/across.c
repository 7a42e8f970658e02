/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/across.h"

#include <stdlib.h>

#include "table/across_state.h"

enum across_kind across_kind(const struct across *a)
{
    return a->kind;
}

const char *across_file(const struct across *a)
{
    return a->file;
}

int across_target(struct across *a, const struct table *t, struct error *e)
{
    int column = schema_find(t->schema, a->target_name);
    if (column == NO_COLUMN)
        return error_set(e, EX_DATAERR, (struct place){t->name, 1, 0}, "no column \"%.*s\"",
                         (int)a->target_name.len, a->target_name.at);
    a->target = dictionary_new(a->arena, UINT32_MAX / 4);
    for (uint32_t row = 0; row < t->rows; row++)
        dictionary_add(a->target, table_cell(t, row, (uint32_t)column));
    return 0;
}

/* The cells of the key with a NUL behind each; *missing where one of them is. */
static struct text key_text(const struct across *a, const struct batch *b, uint32_t row,
                            bool *missing)
{
    size_t len = 0;
    *missing = false;
    for (uint32_t i = 0; i < a->keys; i++) {
        struct text cell = batch_text(b, a->key[i])[row];
        *missing |= text_missing(cell);
        len += cell.len + 1;
    }
    char *at = arena_alloc(b->arena, len + 1), *to = at;
    for (uint32_t i = 0; i < a->keys; i++) {
        struct text cell = batch_text(b, a->key[i])[row];
        memcpy(to, cell.at, cell.len);
        to[cell.len] = '\0';
        to += cell.len + 1;
    }
    return (struct text){at, (uint32_t)len};
}

static void *grow(struct arena *arena, void *array, size_t used, size_t *room, size_t size)
{
    if (used < *room)
        return array;
    size_t more = *room ? *room * 2 : 64;
    void *made = arena_array(arena, more, size);
    if (used)
        memcpy(made, array, used * size);
    *room = more;
    return made;
}

static uint32_t cluster_of(struct across *a, const struct batch *b, uint32_t row, uint64_t number)
{
    bool missing;
    uint32_t known = dictionary_count(a->keys_seen);
    uint32_t n = dictionary_add(a->keys_seen, key_text(a, b, row, &missing));
    if (n != known)
        return n;
    a->cluster = grow(a->arena, a->cluster, n, &a->cluster_room, sizeof *a->cluster);
    a->cluster[n] = (struct cluster){.value = {decimal_missing(), decimal_missing()}};
    a->cluster[n].first = number;
    return n;
}

static struct decimal negative(struct decimal d)
{
    d.mantissa = -d.mantissa;
    return d;
}

static void value_keep(struct cluster *c, int side, enum fold fold, struct decimal d)
{
    struct decimal *kept = &c->value[side];
    int order = kept->kind == NUMBER_EXACT ? decimal_compare(d, *kept) : 0;
    if (kept->kind != NUMBER_EXACT || (fold == FOLD_MIN && order < 0) ||
        (fold == FOLD_MAX && order > 0))
        *kept = d;
    else if (fold == FOLD_SAME && order != 0)
        c->broken = true;
}

static void side_add(const struct across *a, struct cluster *c, int side, const struct batch *b,
                     uint32_t row)
{
    enum fold fold = a->side[side].fold;
    if (fold == FOLD_NUMBER)
        return;
    if (fold == FOLD_COUNT) {
        bool missing = text_missing(batch_text(b, a->side[side].column)[row]);
        c->broken |= !missing && !sum_add(&c->difference, decimal_of(side ? -1 : 1));
        return;
    }
    struct decimal d = batch_decimal(b, a->side[side].column)[row];
    if (d.kind == NUMBER_MISSING)
        return;
    if (d.kind != NUMBER_EXACT)
        c->broken = true;
    else if (fold == FOLD_SUM)
        c->broken |= !sum_add(&c->difference, side ? negative(d) : d);
    else
        value_keep(c, side, fold, d);
}

static struct point *point_add(struct across *a, uint32_t cluster, uint64_t number)
{
    a->point = grow(a->arena, a->point, a->points, &a->point_room, sizeof *a->point);
    a->point[a->points] = (struct point){.cluster = cluster, .number = number};
    return &a->point[a->points++];
}

/* False where the cells are no number or period. */
static bool time_add(struct across *a, const struct batch *b, uint32_t row, uint64_t number)
{
    struct text when = batch_text(b, a->over)[row];
    struct decimal d = batch_decimal(b, a->side[0].column)[row];
    struct date first, last;
    if (d.kind == NUMBER_MISSING || text_missing(when))
        return true;
    if (d.kind != NUMBER_EXACT || !period_parse(when, &first, &last))
        return false;
    struct point *p = point_add(a, cluster_of(a, b, row, number), number);
    p->day = date_days(last);
    p->value = d;
    return true;
}

static bool class_add(struct across *a, const struct batch *b, uint32_t row, uint64_t number)
{
    struct text cell = batch_text(b, a->side[0].column)[row];
    struct age_class c;
    if (text_missing(cell) || cell.at[0] == '_') /* a total, or not stated */
        return true;
    if (age_class_read(cell, &c) != AGE_READ)
        return false;
    struct point *p = point_add(a, cluster_of(a, b, row, number), number);
    p->day = c.first;
    p->end = c.last == AGE_OPEN ? INT32_MAX : c.last;
    return true;
}

bool across_row(struct across *a, const struct batch *b, uint32_t row, uint64_t number)
{
    bool missing;
    struct text key;
    uint32_t known;
    switch (a->kind) {
    case ACROSS_EXISTS:
        key = batch_text(b, a->key[0])[row];
        return text_missing(key) || dictionary_find(a->target, key) != DICTIONARY_NONE;
    case ACROSS_UNIQUE:
        key = key_text(a, b, row, &missing);
        known = dictionary_count(a->keys_seen);
        return missing || dictionary_add(a->keys_seen, key) >= known;
    case ACROSS_PARTITION:
        return class_add(a, b, row, number);
    case ACROSS_GROUP: {
        uint32_t n = cluster_of(a, b, row, number);
        side_add(a, &a->cluster[n], 0, b, row);
        side_add(a, &a->cluster[n], 1, b, row);
        return true;
    }
    default:
        return time_add(a, b, row, number);
    }
}

/* ---- at the end ---- */

/* Adds what is no sum to the difference; false where a side has no value. */
static bool side_settle(const struct across *a, struct cluster *c, int side)
{
    enum fold fold = a->side[side].fold;
    if (fold == FOLD_SUM || fold == FOLD_COUNT)
        return true;
    struct decimal d = fold == FOLD_NUMBER ? a->side[side].number : c->value[side];
    if (d.kind != NUMBER_EXACT)
        return false;
    c->broken |= !sum_add(&c->difference, side ? negative(d) : d);
    return true;
}

static bool group_good(const struct across *a, struct cluster *c)
{
    if (!side_settle(a, c, 0) || !side_settle(a, c, 1))
        return !c->broken;
    int sign = sum_sign(&c->difference);
    return !c->broken && (a->allowed & (sign < 0 ? 1u : sign == 0 ? 2u : 4u));
}

static int point_order(const void *a, const void *b)
{
    const struct point *x = a, *y = b;
    if (x->cluster != y->cluster)
        return x->cluster < y->cluster ? -1 : 1;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static bool ratio_good(const struct across *a, struct decimal before, struct decimal now)
{
    struct decimal limit = a->side[1].number;
    if (before.mantissa <= 0 || now.mantissa <= 0)
        return true;
    struct decimal most = decimal_multiply(before, limit), least = decimal_multiply(now, limit);
    return (most.kind != NUMBER_EXACT || decimal_compare(now, most) <= 0) &&
           (least.kind != NUMBER_EXACT || decimal_compare(before, least) <= 0);
}

/* Whether a point may follow another of its group. */
static bool follows(const struct across *a, const struct point *before, const struct point *now)
{
    int order = decimal_compare(now->value, before->value);
    switch (a->kind) {
    case ACROSS_RISING:
        return order >= 0;
    case ACROSS_FALLING:
        return order <= 0;
    case ACROSS_RATIO:
        return ratio_good(a, before->value, now->value);
    default: /* the same class twice is one class */
        return (now->day == before->day && now->end == before->end) ||
               (before->end != INT32_MAX && now->day == before->end + 1);
    }
}

static void points_finish(struct across *a, void (*call)(void *, uint64_t), void *to)
{
    if (a->points)
        qsort(a->point, a->points, sizeof *a->point, point_order);
    for (size_t i = 1; i < a->points; i++)
        if (a->point[i].cluster == a->point[i - 1].cluster &&
            !follows(a, &a->point[i - 1], &a->point[i]))
            call(to, a->point[i].number);
}

void across_finish(struct across *a, void (*call)(void *, uint64_t), void *to)
{
    if (a->kind == ACROSS_UNIQUE || a->kind == ACROSS_EXISTS)
        return;
    if (a->kind != ACROSS_GROUP) {
        points_finish(a, call, to);
        return;
    }
    for (uint32_t n = 0; n < dictionary_count(a->keys_seen); n++)
        if (!group_good(a, &a->cluster[n]))
            call(to, a->cluster[n].first);
}
