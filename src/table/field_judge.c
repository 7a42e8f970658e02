/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/field_judge.h"

#include "table/spelling.h"

enum way { WAY_FREE, WAY_LENGTH, WAY_WHOLE, WAY_NUMBER, WAY_SPELLING };

struct field_judge {
    const struct field *field;
    const struct table_schema *schema;
    enum way way;
    uint32_t shortest, longest; /* bytes that are surely enough, and surely not too many */
    bool fixed;                 /* exactly four digits: a year */
    /* A mantissa of scale s lies within the bounds where it lies within these. */
    int64_t low[DECIMAL_SCALE + 1], high[DECIMAL_SCALE + 1];
    struct spellings *good;
};

/* ---- bounds ---- */

/* value * 10^power, or the largest number of that sign. */
static int64_t scaled_up(int64_t value, int power)
{
    const int64_t most = INT64_MAX / 10;
    for (; power > 0; power--) {
        if (value > most || value < -most)
            return value < 0 ? -INT64_MAX : INT64_MAX;
        value *= 10;
    }
    return value;
}

/* value / 10^power, rounded up or down. */
static int64_t scaled_down(int64_t value, int power, bool up)
{
    for (; power > 0; power--) {
        int64_t quotient = value / 10, rest = value % 10;
        quotient += up ? rest > 0 : -(rest < 0);
        value = quotient;
    }
    return value;
}

/* False where the bound is no exact decimal. */
static bool bound_read(struct text bound, bool low, int64_t *at_scale)
{
    struct decimal d = decimal_parse(bound);
    for (int s = 0; s <= DECIMAL_SCALE; s++) {
        if (!bound.at)
            at_scale[s] = low ? INT64_MIN : INT64_MAX;
        else if (s >= d.scale)
            at_scale[s] = scaled_up(d.mantissa, s - d.scale);
        else
            at_scale[s] = scaled_down(d.mantissa, d.scale - s, low);
    }
    return !bound.at || d.kind == NUMBER_EXACT;
}

/* ---- how a field is judged ---- */

/* A text of missingValues that looks like a number would pass for one. */
static bool missing_number(const struct table_schema *schema)
{
    for (uint32_t i = 0; i < schema->missing.count; i++)
        if (schema->missing.text[i].len &&
            decimal_parse(schema->missing.text[i]).kind != NUMBER_BAD)
            return true;
    return false;
}

static enum way number_way(struct field_judge *j)
{
    const struct field *f = j->field;
    bool lengths = f->min_length >= 0 || f->max_length >= 0;
    j->fixed = f->type == FIELD_YEAR;
    if (lengths || missing_number(j->schema) || !bound_read(f->minimum, true, j->low) ||
        !bound_read(f->maximum, false, j->high))
        return WAY_SPELLING;
    return f->type == FIELD_NUMBER ? WAY_NUMBER : WAY_WHOLE;
}

/* Of n bytes of UTF-8 at least a quarter begin a character, and at most all. */
static enum way text_way(struct field_judge *j)
{
    const struct field *f = j->field;
    bool listed = j->schema->missing.count > 1 ||
                  (j->schema->missing.count == 1 && j->schema->missing.text[0].len);
    bool free = f->min_length < 0 && f->max_length < 0 && !f->required;
    if (f->minimum.at || f->maximum.at || (f->required && listed))
        return WAY_SPELLING;
    if (f->min_length > 1)
        j->shortest = f->min_length > 1000000 ? UINT32_MAX : (uint32_t)(f->min_length - 1) * 4 + 1;
    if (f->max_length >= 0 && f->max_length < UINT32_MAX)
        j->longest = (uint32_t)f->max_length;
    return free ? WAY_FREE : WAY_LENGTH;
}

static enum way way_of(struct field_judge *j)
{
    const struct field *f = j->field;
    if (f->pattern || f->choices.text)
        return WAY_SPELLING;
    switch (f->type) {
    case FIELD_STRING:
    case FIELD_ANY:
        return text_way(j);
    case FIELD_INTEGER:
    case FIELD_NUMBER:
    case FIELD_YEAR:
        return number_way(j);
    default:
        return WAY_SPELLING;
    }
}

struct field_judge *field_judge_new(struct arena *arena, const struct field *f,
                                    const struct table_schema *schema)
{
    struct field_judge *j = arena_zalloc(arena, sizeof *j);
    *j = (struct field_judge){.field = f, .schema = schema, .longest = UINT32_MAX};
    j->good = spellings_new(arena);
    j->way = way_of(j);
    return j;
}

/* ---- loops over a column: the rows whose cells are not surely good ---- */

/* Up to eight digits as a number; false where there is anything else. */
static inline bool digits_read(const char *at, uint32_t len, int64_t *value)
{
    const uint64_t high = 0xF0F0F0F0F0F0F0F0, zeros = 0x3030303030303030;
    uint64_t w = text_eight(at, len);
    if (len < 8)
        w = w << (64 - 8 * len) | zeros >> (8 * len);
    bool digits = (w & high) == zeros && ((w + 0x0606060606060606) & high) == zeros;
    w = (w & ~high) * 10 + ((w & ~high) >> 8);
    w = (w & 0x000000FF000000FF) * 0x000F424000000064 +
        (w >> 16 & 0x000000FF000000FF) * 0x0000271000000001;
    *value = (int64_t)(w >> 32);
    return digits;
}

/* A whole number of 1 to 16 digits. */
static inline bool whole_read(struct text t, int64_t *value)
{
    int64_t first = 0, last;
    uint32_t more = t.len > 8 ? t.len - 8 : 0;
    if (t.len - 1 >= 16)
        return false;
    bool digits = more == 0 || digits_read(t.at, more, &first);
    digits &= digits_read(t.at + more, t.len - more, &last);
    *value = first * 100000000 + last;
    return digits;
}

static uint32_t doubt_wholes(const struct field_judge *j, const struct text *cell, uint32_t rows,
                             uint32_t *doubt)
{
    const int64_t low = j->low[0], high = j->high[0];
    const bool optional = !j->field->required;
    uint32_t n = 0;
    for (uint32_t i = 0; i < rows; i++) {
        int64_t value = 0;
        bool good = cell[i].len == 0 ? optional
                                     : whole_read(cell[i], &value) && value >= low &&
                                           value <= high && (!j->fixed || cell[i].len == 4);
        doubt[n] = i;
        n += !good;
    }
    return n;
}

static uint32_t doubt_numbers(const struct field_judge *j, const struct decimal *number,
                              uint32_t rows, uint32_t *doubt)
{
    const bool optional = !j->field->required;
    uint32_t n = 0;
    for (uint32_t i = 0; i < rows; i++) {
        struct decimal d = number[i];
        bool within = d.mantissa >= j->low[d.scale] && d.mantissa <= j->high[d.scale];
        bool good = (d.kind == NUMBER_EXACT && within) || (d.kind == NUMBER_MISSING && optional);
        doubt[n] = i;
        n += !good;
    }
    return n;
}

static uint32_t doubt_lengths(const struct field_judge *j, const struct text *cell, uint32_t rows,
                              uint32_t *doubt)
{
    const bool optional = !j->field->required;
    uint32_t n = 0;
    for (uint32_t i = 0; i < rows; i++) {
        bool good =
            cell[i].len ? cell[i].len >= j->shortest && cell[i].len <= j->longest : optional;
        doubt[n] = i;
        n += !good;
    }
    return n;
}

static uint32_t doubt_spellings(const struct field_judge *j, const struct text *cell, uint32_t rows,
                                uint32_t *doubt)
{
    const bool optional = !j->field->required;
    uint32_t n = 0;
    for (uint32_t i = 0; i < rows; i++) {
        bool good = cell[i].len ? spelling_find(j->good, cell[i]) != SPELLING_NONE : optional;
        doubt[n] = i;
        n += !good;
    }
    return n;
}

static uint32_t doubts(const struct field_judge *j, const struct batch *b, uint32_t column,
                       uint32_t *doubt)
{
    switch (j->way) {
    case WAY_FREE:
        return 0;
    case WAY_LENGTH:
        return doubt_lengths(j, batch_text(b, column), b->rows, doubt);
    case WAY_WHOLE:
        return doubt_wholes(j, batch_text(b, column), b->rows, doubt);
    case WAY_NUMBER:
        return doubt_numbers(j, batch_decimal(b, column), b->rows, doubt);
    default:
        return doubt_spellings(j, batch_text(b, column), b->rows, doubt);
    }
}

uint32_t field_faults(struct field_judge *j, const struct batch *b, uint32_t column, bool *fault)
{
    uint32_t *doubt = arena_array(b->arena, (size_t)b->rows + 1, sizeof *doubt);
    uint32_t n = doubts(j, b, column, doubt), faults = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct text cell = batch_text(b, column)[doubt[i]];
        if (cell.len && spelling_find(j->good, cell) != SPELLING_NONE)
            continue;
        if (field_check(j->field, j->schema, cell, b->arena) != RULE_NONE) {
            fault[doubt[i]] = true;
            faults++;
        } else if (cell.len) {
            spelling_add(j->good, cell, 0);
        }
    }
    return faults;
}
