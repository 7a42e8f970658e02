/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One cell against the rules of its field. */
#include "table/table_schema.h"

#include "base/period.h"

static const struct {
    const char *name, *type; /* what a cell of this type is, for messages */
} types[] = {
    [FIELD_STRING] = {"string", "a text"},
    [FIELD_INTEGER] = {"integer", "a whole number"},
    [FIELD_NUMBER] = {"number", "a number"},
    [FIELD_BOOLEAN] = {"boolean", "a boolean"},
    [FIELD_DATE] = {"date", "a date of the calendar (YYYY-MM-DD)"},
    [FIELD_YEAR] = {"year", "a year (YYYY)"},
    [FIELD_YEARMONTH] = {"yearmonth", "a month (YYYY-MM)"},
    [FIELD_ANY] = {"any", "any"},
};

const char *rule_name(enum rule rule)
{
    static const char *const names[] = {
        [RULE_NONE] = "",
        [RULE_REQUIRED] = "required",
        [RULE_TYPE] = "type",
        [RULE_MIN_LENGTH] = "minLength",
        [RULE_MAX_LENGTH] = "maxLength",
        [RULE_MINIMUM] = "minimum",
        [RULE_MAXIMUM] = "maximum",
        [RULE_PATTERN] = "pattern",
        [RULE_ENUM] = "enum",
        [RULE_UNIQUE] = "unique",
        [RULE_PRIMARY_KEY] = "primaryKey",
        [RULE_FOREIGN_KEY] = "foreignKey",
    };
    return names[rule];
}

static const char *bound_message(struct arena *a, const char *what, struct text bound)
{
    return arena_print(a, "%s %.*s", what, (int)bound.len, bound.at);
}

const char *rule_message(const struct field *f, enum rule rule, struct arena *a)
{
    switch (rule) {
    case RULE_REQUIRED:
        return "is missing";
    case RULE_TYPE:
        return arena_print(a, "is not %s", types[f->type].type);
    case RULE_MIN_LENGTH:
        return arena_print(a, "is shorter than %lld characters", (long long)f->min_length);
    case RULE_MAX_LENGTH:
        return arena_print(a, "is longer than %lld characters", (long long)f->max_length);
    case RULE_MINIMUM:
        return bound_message(a, "is below the minimum", f->minimum);
    case RULE_MAXIMUM:
        return bound_message(a, "is above the maximum", f->maximum);
    case RULE_PATTERN:
        return "does not match the pattern";
    case RULE_ENUM:
        return "is none of the listed values";
    case RULE_UNIQUE:
        return "occurred before";
    case RULE_PRIMARY_KEY:
        return "the primary key occurred before";
    case RULE_FOREIGN_KEY:
        return "is in no row of the table that the key refers to";
    default:
        return "";
    }
}

static bool texts_have(const struct texts *list, struct text t)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (text_equal(list->text[i], t))
            return true;
    return false;
}

bool table_schema_missing(const struct table_schema *s, struct text cell)
{
    return text_missing(cell) || texts_have(&s->missing, cell);
}

static bool is_numeric(enum field_type type)
{
    return type == FIELD_INTEGER || type == FIELD_NUMBER || type == FIELD_YEAR;
}

static bool all_digits(struct text t)
{
    for (uint32_t i = 0; i < t.len; i++)
        if (t.at[i] < '0' || t.at[i] > '9')
            return false;
    return t.len > 0;
}

static bool is_integer(struct text t)
{
    uint32_t sign = t.len && (t.at[0] == '-' || t.at[0] == '+');
    return all_digits((struct text){t.at + sign, t.len - sign});
}

static bool is_date(struct text t)
{
    struct date date;
    return date_parse(t, &date);
}

static bool is_yearmonth(struct text t)
{
    char day[DATE_TEXT];
    if (t.len != 7)
        return false;
    memcpy(day, t.at, 7);
    memcpy(day + 7, "-01", 3);
    return is_date((struct text){day, DATE_TEXT});
}

static bool is_type(const struct field *f, struct text t)
{
    double real;
    switch (f->type) {
    case FIELD_INTEGER:
        return is_integer(t);
    case FIELD_NUMBER:
        return real_parse(t, &real);
    case FIELD_BOOLEAN:
        return texts_have(&f->yes, t) || texts_have(&f->no, t);
    case FIELD_DATE:
        return is_date(t);
    case FIELD_YEAR:
        return t.len == 4 && all_digits(t);
    case FIELD_YEARMONTH:
        return is_yearmonth(t);
    default:
        return true;
    }
}

/* Order of two numbers as written: exact where both fit, else as doubles. */
static int number_order(struct text a, struct text b)
{
    struct decimal x = decimal_parse(a), y = decimal_parse(b);
    double u = 0, v = 0;
    if (x.kind == NUMBER_EXACT && y.kind == NUMBER_EXACT)
        return decimal_compare(x, y);
    real_parse(a, &u);
    real_parse(b, &v);
    return u < v ? -1 : u > v;
}

/* ISO dates and months have the order of their texts. */
static int cell_order(const struct field *f, struct text cell, struct text bound)
{
    return is_numeric(f->type) ? number_order(cell, bound) : text_compare(cell, bound);
}

static bool in_choices(const struct field *f, struct text cell)
{
    for (uint32_t i = 0; i < f->choices.count; i++)
        if (is_numeric(f->type) ? number_order(cell, f->choices.text[i]) == 0
                                : text_equal(cell, f->choices.text[i]))
            return true;
    return false;
}

static int64_t letters(struct text t)
{
    int64_t n = 0;
    for (uint32_t i = 0; i < t.len; i++)
        n += ((unsigned char)t.at[i] & 0xC0) != 0x80;
    return n;
}

static bool matches(const regex_t *pattern, struct text t, struct arena *scratch)
{
    return regexec(pattern, arena_copy(scratch, t.at, t.len), 0, NULL, 0) == 0;
}

enum rule field_check(const struct field *f, const struct table_schema *s, struct text cell,
                      struct arena *scratch)
{
    if (table_schema_missing(s, cell))
        return f->required ? RULE_REQUIRED : RULE_NONE;
    if (!is_type(f, cell))
        return RULE_TYPE;
    if (f->min_length >= 0 && letters(cell) < f->min_length)
        return RULE_MIN_LENGTH;
    if (f->max_length >= 0 && letters(cell) > f->max_length)
        return RULE_MAX_LENGTH;
    if (f->minimum.at && cell_order(f, cell, f->minimum) < 0)
        return RULE_MINIMUM;
    if (f->maximum.at && cell_order(f, cell, f->maximum) > 0)
        return RULE_MAXIMUM;
    if (f->pattern && !matches(f->pattern, cell, scratch))
        return RULE_PATTERN;
    if (f->choices.text && !in_choices(f, cell))
        return RULE_ENUM;
    return RULE_NONE;
}
