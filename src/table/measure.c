/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/measure_inside.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

static const struct decimal one = {1, 0, NUMBER_EXACT};

static struct text text_from(struct arena *a, const char *buffer, size_t len)
{
    return (struct text){arena_copy(a, buffer, len), (uint32_t)len};
}

static struct text count_text(struct arena *a, uint64_t n)
{
    char buffer[24], *at = buffer + sizeof buffer;
    do
        *--at = (char)('0' + n % 10);
    while (n /= 10);
    return text_from(a, at, (size_t)(buffer + sizeof buffer - at));
}

/* ---- count, missing ---- */

static bool add_count(struct measure *m, void *state, uint32_t group, const struct row *row)
{
    (void)m, (void)group, (void)row;
    ++*(uint64_t *)state;
    return true;
}

static uint32_t add_count_rows(struct measure *m, const struct sum_batch *b, uint32_t groups)
{
    uint64_t *count = m->state;
    (void)groups;
    for (uint32_t i = 0; i < b->rows; i++)
        count[b->group[i]]++;
    return b->rows;
}

static bool merge_count(struct measure *m, void *into, const void *from)
{
    (void)m;
    *(uint64_t *)into += *(const uint64_t *)from;
    return true;
}

static struct text text_count(struct measure *m, void *state, uint32_t group, struct arena *a)
{
    (void)m, (void)group;
    return count_text(a, *(uint64_t *)state);
}

/* ---- sum, mean ---- */

static uint32_t add_total_rows(struct measure *m, const struct sum_batch *b, uint32_t groups)
{
    uint32_t done = sum_rows_add(&m->x, groups, b);
    if (done < b->rows || m->kind != MEASURE_MEAN || m->weight == NO_COLUMN)
        return done;
    struct sum_batch weights = {b->group, b->w, b->x, b->w_scaled, b->x_scaled, b->rows, false};
    return sum_rows_add(&m->w, groups, &weights);
}

static bool join_totals(struct measure *m, struct measure *from, const uint32_t *map, uint32_t n)
{
    return sum_rows_merge(&m->x, &from->x, map, n, m->groups) &&
           (m->kind != MEASURE_MEAN || sum_rows_merge(&m->w, &from->w, map, n, m->groups));
}

struct text measure_total_text(const struct measure *m, const struct sum *x, const struct sum *w,
                               struct arena *a)
{
    char buffer[SUM_TEXT + REAL_TEXT];
    struct sum rows = {0};
    if (m->kind == MEASURE_SUM)
        return x->count ? text_from(a, buffer, sum_format(x, buffer)) : TEXT("");
    if (m->weight == NO_COLUMN) {
        sum_add(&rows, decimal_of((int64_t)x->count));
        w = &rows;
    }
    if (sum_is_zero(w))
        return TEXT("");
    return text_from(a, buffer, real_format(sum_ratio(x, w), buffer));
}

static struct text text_total(struct measure *m, void *state, uint32_t group, struct arena *a)
{
    (void)state;
    struct sum x = sum_rows_get(&m->x, group), w = {0};
    if (m->kind == MEASURE_MEAN && m->weight != NO_COLUMN)
        w = sum_rows_get(&m->w, group);
    return measure_total_text(m, &x, &w, a);
}

/* ---- min, max ---- */

static bool keep_extreme(struct extreme *best, const struct extreme *other, int sign)
{
    if (!other->any || (best->any && decimal_compare(other->value, best->value) * sign <= 0))
        return true;
    *best = *other;
    return true;
}

static bool add_min(struct measure *m, void *state, uint32_t group, const struct row *row)
{
    (void)m, (void)group;
    return keep_extreme(state, &(struct extreme){row->x, true}, -1);
}

static bool add_max(struct measure *m, void *state, uint32_t group, const struct row *row)
{
    (void)m, (void)group;
    return keep_extreme(state, &(struct extreme){row->x, true}, 1);
}

static bool merge_min(struct measure *m, void *into, const void *from)
{
    (void)m;
    return keep_extreme(into, from, -1);
}

static bool merge_max(struct measure *m, void *into, const void *from)
{
    (void)m;
    return keep_extreme(into, from, 1);
}

static struct text text_extreme(struct measure *m, void *state, uint32_t group, struct arena *a)
{
    const struct extreme *e = state;
    char buffer[DECIMAL_TEXT];
    (void)m, (void)group;
    if (!e->any)
        return TEXT("");
    return text_from(a, buffer, decimal_format(e->value, buffer));
}

/* ---- distinct ---- */

/* Pairs are kept as (bytes of the group's number, text). */
static bool add_distinct(struct measure *m, void *state, uint32_t group, const struct row *row)
{
    char owner[sizeof group];
    struct text key[2] = {{owner, sizeof owner}, row->text};
    bool fresh;
    memcpy(owner, &group, sizeof owner);
    group_find(m->values, key, &fresh);
    *(uint64_t *)state += fresh;
    return true;
}

/* ---- quantile ---- */

static bool add_value(struct measure *m, void *state, uint32_t group, const struct row *row)
{
    (void)state;
    if (m->weight == NO_COLUMN || row->w.mantissa != 0)
        quantile_log_add(&m->log, group, row->x, m->weight == NO_COLUMN ? one : row->w);
    return true;
}

static bool join_values(struct measure *m, struct measure *from, const uint32_t *map, uint32_t n)
{
    quantile_log_join(&m->log, &from->log, map, n, m->groups);
    return true;
}

/* (The sum has room: 18 digits a weight, scale 36, 2^32 rows make 64 of its 77 digits.) */
static struct text text_quantile(struct measure *m, void *state, uint32_t group, struct arena *a)
{
    struct quantile_walk walk = {0};
    size_t n;
    (void)state;
    quantile_log_settle(&m->log, m->groups);
    const struct quantile_item *item = quantile_log_group(&m->log, group, &n);
    if (!quantile_weigh(&walk.reached, m->p, item, n))
        return TEXT("");
    for (size_t i = 0; i < n && walk.where != WALK_PAST; i++)
        quantile_step(&walk, &item[i]);
    return quantile_text(&walk, a);
}

/* ---- the kinds ---- */

static bool join_distinct(struct measure *m, struct measure *from, const uint32_t *map, uint32_t n)
{
    uint32_t pairs = groups_count(from->values);
    for (uint32_t i = 0; i < pairs; i++) {
        const struct text *key = group_key(from->values, i);
        struct row row = {.text = key[1]};
        uint32_t owner;
        memcpy(&owner, key[0].at, sizeof owner);
        if (owner < n)
            add_distinct(m, (uint64_t *)m->state + map[owner], map[owner], &row);
    }
    return true;
}

#define COUNTING                                                                                   \
    .size = sizeof(uint64_t), .add = add_count, .add_rows = add_count_rows, .merge = merge_count,  \
    .text = text_count
#define TOTALLING .numeric = true, .add_rows = add_total_rows, .join = join_totals

static const struct operations kinds[] = {
    [MEASURE_COUNT] = {COUNTING},
    [MEASURE_MISSING] = {COUNTING},
    [MEASURE_SUM] = {TOTALLING, .text = text_total},
    [MEASURE_MEAN] = {TOTALLING, .text = text_total},
    [MEASURE_MIN] = {sizeof(struct extreme), true, add_min, NULL, merge_min, NULL, text_extreme},
    [MEASURE_MAX] = {sizeof(struct extreme), true, add_max, NULL, merge_max, NULL, text_extreme},
    [MEASURE_DISTINCT] = {sizeof(uint64_t), false, add_distinct, NULL, NULL, join_distinct,
                          text_count},
    [MEASURE_QUANTILE] = {.numeric = true,
                          .add = add_value,
                          .join = join_values,
                          .text = text_quantile},
};

struct measure *measure_new(enum measure_kind kind, int column, int weight, struct decimal p)
{
    struct measure *m = memory_zalloc(sizeof *m);
    m->is = &kinds[kind];
    m->kind = kind;
    m->column = column;
    m->weight = weight;
    m->p = p;
    if (kind == MEASURE_DISTINCT)
        m->values = groups_new(2);
    return m;
}

static void *state_of(struct measure *m, uint32_t group)
{
    return (char *)m->state + (size_t)group * m->is->size;
}

void measure_free(struct measure *m)
{
    if (!m)
        return;
    quantile_log_free(&m->log);
    free(m->start);
    free(m->order);
    groups_free(m->values);
    sum_rows_free(&m->x);
    sum_rows_free(&m->w);
    free(m->state);
    free(m);
}

void measure_reserve(struct measure *m, uint32_t groups)
{
    if (groups <= m->groups)
        return;
    m->state = memory_grow_lines(m->state, &m->room, m->groups, groups, m->is->size);
    m->groups = groups;
}

/* ---- rows ---- */

static bool set_fault(struct measure_fault *f, uint32_t row, int column, int code, const char *why)
{
    *f = (struct measure_fault){row, (uint32_t)column, why, code};
    return false;
}

static bool check_number(struct decimal d, uint32_t row, int column, bool refuse_missing,
                         struct measure_fault *f)
{
    if (d.kind == NUMBER_BAD)
        return set_fault(f, row, column, EX_DATAERR, "the cell is no number");
    if (d.kind == NUMBER_WIDE)
        return set_fault(f, row, column, EX_DATAERR,
                         "the number has more than 18 digits; round it first (derive, round())");
    if (d.kind == NUMBER_MISSING && refuse_missing)
        return set_fault(f, row, column, EX_DATAERR, "the cell is missing (--missing fail)");
    return true;
}

/* Exact numbers, and missing ones where those are passed over. */
static bool usable(const struct scaled *s, bool refuse_missing)
{
    return s->kinds <= (refuse_missing ? NUMBER_EXACT : NUMBER_MISSING);
}

static bool set_overflow(struct measure *m, uint32_t row, struct measure_fault *f)
{
    return set_fault(f, row, m->column, EX_DATAERR,
                     "the sum outgrows 77 digits; round the numbers first (derive, round())");
}

static bool add_numbers(struct measure *m, const struct batch *b, const uint32_t *group,
                        bool refuse_missing, struct measure_fault *f)
{
    const struct decimal *x = batch_decimal(b, (uint32_t)m->column);
    const struct decimal *w = m->weight == NO_COLUMN ? NULL : batch_decimal(b, (uint32_t)m->weight);
    const struct scaled *xs = batch_scaled(b, (uint32_t)m->column);
    const struct scaled *ws = w ? batch_scaled(b, (uint32_t)m->weight) : xs;
    if (m->is->add_rows && usable(xs, refuse_missing) && usable(ws, refuse_missing)) {
        struct sum_batch rows = {group, x, w ? w : x, xs, ws, b->rows, w != NULL};
        uint32_t done = m->is->add_rows(m, &rows, m->groups);
        return done == b->rows || set_overflow(m, done, f);
    }
    for (uint32_t i = 0; i < b->rows; i++) {
        struct row row = {x[i], w ? w[i] : one, TEXT("")};
        if (!check_number(row.x, i, m->column, refuse_missing, f) ||
            (w && !check_number(row.w, i, m->weight, refuse_missing, f)))
            return false;
        if (row.x.kind != NUMBER_EXACT || row.w.kind != NUMBER_EXACT)
            continue;
        if (m->kind == MEASURE_QUANTILE && row.w.mantissa < 0)
            return set_fault(f, i, m->weight, EX_DATAERR, "a quantile takes no negative weight");
        if (m->is->add && !m->is->add(m, state_of(m, group[i]), group[i], &row))
            return set_overflow(m, i, f);
    }
    return true;
}

static bool add_texts(struct measure *m, const struct batch *b, const uint32_t *group,
                      bool refuse_missing, struct measure_fault *f)
{
    const struct text *text = m->column == NO_COLUMN ? NULL : batch_text(b, (uint32_t)m->column);
    bool wants_missing = m->kind == MEASURE_MISSING;
    if (m->is->add_rows && !text) {
        m->is->add_rows(m, &(struct sum_batch){.group = group, .rows = b->rows}, m->groups);
        return true;
    }
    for (uint32_t i = 0; i < b->rows; i++) {
        bool missing = text && text_missing(text[i]);
        if (missing && refuse_missing && !wants_missing)
            return set_fault(f, i, m->column, EX_DATAERR, "the cell is missing (--missing fail)");
        if (missing != wants_missing)
            continue;
        struct row row = {one, one, text ? text[i] : TEXT("")};
        m->is->add(m, state_of(m, group[i]), group[i], &row);
    }
    return true;
}

bool measure_add(struct measure *m, const struct batch *b, const uint32_t *group, uint32_t groups,
                 bool refuse_missing, struct measure_fault *f)
{
    measure_reserve(m, groups);
    return (m->is->numeric ? add_numbers : add_texts)(m, b, group, refuse_missing, f);
}

bool measure_merge(struct measure *m, struct measure *from, const uint32_t *map, uint32_t n,
                   uint32_t groups)
{
    measure_reserve(m, groups);
    measure_reserve(from, n);
    if (m->is->join)
        return m->is->join(m, from, map, n);
    for (uint32_t i = 0; i < n; i++)
        if (!m->is->merge(m, state_of(m, map[i]), state_of(from, i)))
            return false;
    return true;
}

bool measure_fold(struct measure *m, const uint32_t *into, uint32_t from, uint32_t groups)
{
    return measure_merge(m, m, into, from, groups);
}

/* Asks memory for a group that comes soon. */
static void fetch_group(const struct measure *m, uint32_t group)
{
    if (m->is->size)
        __builtin_prefetch((const char *)m->state + group * m->is->size);
    sum_rows_fetch(&m->x, group);
}

void measure_texts(struct measure *m, const uint32_t *group, uint32_t n, struct text *text,
                   struct arena *a)
{
    enum { SOON = 12 };
    for (uint32_t i = 0; i < n; i++) {
        if (i + SOON < n)
            fetch_group(m, group[i + SOON]);
        text[i] = measure_text(m, group[i], a);
    }
}

struct text measure_text(struct measure *m, uint32_t group, struct arena *a)
{
    measure_reserve(m, group + 1);
    return m->is->text(m, state_of(m, group), group, a);
}
