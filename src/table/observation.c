/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/observation.h"

const char *const observation_name[OBS_COLUMNS] = {
    "indicator", "period",          "producer",  "as_of", "scope",
    "unit",      "value",           "qualifier", "n",     "se",
    "cv",        "ci_low",          "ci_high",   "deff",  "df",
    "status",    "confidentiality", "source",    "note"};

int observation_column(struct text name)
{
    for (int i = 0; i < OBS_COLUMNS; i++)
        if (text_equal(name, text_of(observation_name[i])))
            return i;
    return NO_COLUMN;
}

static int layout_require(const struct observation_layout *l, enum observation_column c,
                          struct error *error)
{
    if (l->column[c] != NO_COLUMN)
        return 0;
    return error_set(error, EX_DATAERR, NOWHERE, "rows of observations need a column %s",
                     observation_name[c]);
}

int observation_layout(struct arena *a, const struct schema *s, struct observation_layout *l,
                       struct error *error)
{
    for (int i = 0; i < OBS_COLUMNS; i++)
        l->column[i] = schema_find(s, text_of(observation_name[i]));
    l->dimensions = 0;
    l->dimension = arena_array(a, s->columns, sizeof *l->dimension);
    if (layout_require(l, OBS_INDICATOR, error) || layout_require(l, OBS_PERIOD, error) ||
        layout_require(l, OBS_VALUE, error))
        return -1;
    for (uint32_t c = 0; c < (uint32_t)l->column[OBS_VALUE]; c++)
        if (observation_column(s->name[c]) == NO_COLUMN)
            l->dimension[l->dimensions++] = c;
    return 0;
}

static uint32_t dimension_rank(struct text name)
{
    static const char *const first[] = {"nationality", "sex", "age", "region"};
    uint32_t n = sizeof first / sizeof *first, i = 0;
    while (i < n && !text_equal(name, text_of(first[i])))
        i++;
    return i;
}

void observation_order(struct text *dimension, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        struct text t = dimension[i];
        uint32_t j = i;
        for (; j > 0 && dimension_rank(dimension[j - 1]) > dimension_rank(t); j--)
            dimension[j] = dimension[j - 1];
        dimension[j] = t;
    }
}

bool vintage_parse(struct text t, struct span *p)
{
    if (!text_missing(t) && !text_equal(t, TEXT("_U")))
        return span_parse(t, p);
    *p = (struct span){-1, -1};
    return true;
}

enum observation_column observation_parse(struct observation *o)
{
    if (!span_parse(o->field[OBS_PERIOD], &o->period))
        return OBS_PERIOD;
    if (!vintage_parse(o->field[OBS_AS_OF], &o->as_of))
        return OBS_AS_OF;
    if (!amount_parse(o->field[OBS_VALUE], &o->value))
        return OBS_VALUE;
    return bearing_parse(o->field[OBS_QUALIFIER], &o->bearing) ? OBS_COLUMNS : OBS_QUALIFIER;
}

bool observation_supersedes(const struct observation *a, const struct observation *b)
{
    bool there = a->value.exact.kind != NUMBER_MISSING;
    if (there != (b->value.exact.kind != NUMBER_MISSING))
        return there;
    bool exact = a->bearing == BEARING_EXACT;
    if (exact != (b->bearing == BEARING_EXACT))
        return exact;
    return span_compare(a->as_of, b->as_of) > 0; /* unknown: before all days */
}

/* ---- bearings ---- */

static const struct text bearing_mark[] = {
    [BEARING_EXACT] = {"", 0},
    [BEARING_ABOVE] = {">", 1},
    [BEARING_BELOW] = {"<", 1},
    [BEARING_UNCLEAR] = {"~", 1},
};

bool bearing_parse(struct text t, enum bearing *out)
{
    for (int i = BEARING_EXACT; i <= BEARING_UNCLEAR; i++)
        if (text_equal(t, bearing_mark[i])) {
            *out = (enum bearing)i;
            return true;
        }
    return false;
}

struct text bearing_text(enum bearing b)
{
    return bearing_mark[b];
}

enum bearing bearing_join(enum bearing a, enum bearing b)
{
    if (a == BEARING_EXACT)
        return b;
    return b == BEARING_EXACT || a == b ? a : BEARING_UNCLEAR;
}

enum bearing bearing_turn(enum bearing b)
{
    return b == BEARING_ABOVE ? BEARING_BELOW : b == BEARING_BELOW ? BEARING_ABOVE : b;
}

/* ---- statuses ---- */

int ranks_read(const struct table *t, struct ranks *r, struct error *error)
{
    r->table = t;
    if (!t)
        return error_set(error, EX_CONFIG, NOWHERE, "a list of ranks is not there");
    r->code = schema_find(t->schema, TEXT("code"));
    r->rank = schema_find(t->schema, TEXT("rank"));
    if (r->code != NO_COLUMN && r->rank != NO_COLUMN)
        return 0;
    return error_set(error, EX_CONFIG, (struct place){t->name, 1, 0},
                     "a list of ranks needs the columns code and rank");
}

static int64_t status_rank(const struct ranks *r, struct text code)
{
    if (text_missing(code))
        return INT64_MIN;
    for (uint32_t row = 0; row < r->table->rows; row++)
        if (text_equal(table_get(r->table, row, r->code), code)) {
            struct decimal d = decimal_parse(table_get(r->table, row, r->rank));
            return d.kind == NUMBER_EXACT ? d.mantissa : INT64_MAX;
        }
    return INT64_MAX;
}

struct text ranks_worst(const struct ranks *r, struct text a, struct text b)
{
    return status_rank(r, b) > status_rank(r, a) ? b : a;
}

/* ---- lists of texts ---- */

void text_list_add(struct arena *a, struct text_list *l, struct text t)
{
    if (text_missing(t))
        return;
    for (uint32_t i = 0; i < l->count; i++)
        if (text_equal(l->at[i], t))
            return;
    l->at = arena_grow(a, l->at, l->count, &l->room, sizeof *l->at);
    l->at[l->count++] = t;
}

struct text text_list_join(struct arena *a, const struct text_list *l, const char *between)
{
    size_t len = 0, gap = strlen(between);
    for (uint32_t i = 0; i < l->count; i++)
        len += l->at[i].len + (i ? gap : 0);
    char *out = arena_alloc(a, len + 1), *to = out;
    for (uint32_t i = 0; i < l->count; i++) {
        if (i)
            to = (char *)memcpy(to, between, gap) + gap;
        to = (char *)memcpy(to, l->at[i].at, l->at[i].len) + l->at[i].len;
    }
    return (struct text){out, (uint32_t)len};
}
