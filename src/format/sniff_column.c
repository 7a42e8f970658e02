/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/sniff_column.h"

#include "base/number.h"
#include "base/period.h"

const struct number_form sniff_forms[SNIFF_FORMS] = {
    {'.', {NULL, 0}, false}, {',', {NULL, 0}, false}, {'.', {",", 1}, false},
    {',', {".", 1}, false},  {',', {NULL, 0}, true},  {'.', {NULL, 0}, true},
};

const char sniff_marks[SNIFF_MARKS][SNIFF_MARK_BYTES] = {
    ":", "..", "...", "-", "--", ".", "n/a", "N/A", "NA", "n.d.", "nd", "ND", "NULL", "*"};

static int mark_of(struct text t)
{
    for (int i = 0; i < SNIFF_MARKS; i++)
        if (text_equal(t, text_of(sniff_marks[i])))
            return i;
    return -1;
}

static bool has_zeros(struct text t)
{
    return t.len > 1 && t.at[0] == '0' && t.at[1] >= '0' && t.at[1] <= '9';
}

static bool is_year(struct text t)
{
    if (t.len != 4 || (t.at[0] != '1' && t.at[0] != '2'))
        return false;
    for (uint32_t i = 0; i < 4; i++)
        if (t.at[i] < '0' || t.at[i] > '9')
            return false;
    return (t.at[0] == '1' && t.at[1] >= '8') || (t.at[0] == '2' && t.at[1] == '0');
}

static bool is_month(struct text t)
{
    struct date first, last;
    return t.len == 7 && t.at[4] == '-' && period_parse(t, &first, &last);
}

static bool is_boolean(struct text t)
{
    static const char words[][8] = {"true", "false", "True", "False", "TRUE", "FALSE"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_equal(t, text_of(words[i])))
            return true;
    return false;
}

static void add_forms(struct sniff_column *c, struct text t)
{
    char out[256];
    uint32_t n;
    for (int i = 0; i < SNIFF_FORMS; i++)
        c->bad[i] += t.len > sizeof out || !number_form_convert(&sniff_forms[i], t, out, &n);
}

/* Whether a number has marks between its digits, or many digits without. */
static void add_shape(struct sniff_column *c, struct text t)
{
    uint32_t digits = 0, longest = 0;
    bool marked = false, point = memchr(t.at, '.', t.len) != NULL;
    for (uint32_t i = 0; i < t.len; i++) {
        bool digit = t.at[i] >= '0' && t.at[i] <= '9';
        digits = digit ? digits + 1 : 0;
        longest = digits > longest ? digits : longest;
        marked |= i && !digit;
    }
    c->grouped += marked;
    c->plain_long += !marked && longest >= 4;
    c->fraction += point;
}

void sniff_column_add(struct sniff_column *c, struct text cell)
{
    struct text t = text_trim(cell);
    struct date date;
    c->cells++;
    c->spaced += t.len != cell.len;
    if (text_missing(t)) {
        c->missing++;
        return;
    }
    int mark = mark_of(t);
    if (mark >= 0) {
        c->mark[mark]++;
        return;
    }
    add_forms(c, t);
    add_shape(c, t);
    c->zeros += has_zeros(t);
    c->years += is_year(t);
    c->dates += date_parse(t, &date);
    c->months += is_month(t);
    c->booleans += is_boolean(t);
}

uint64_t sniff_column_values(const struct sniff_column *c)
{
    uint64_t n = c->cells - c->missing;
    for (int i = 0; i < SNIFF_MARKS; i++)
        n -= c->mark[i];
    return n;
}

int sniff_column_form(const struct sniff_column *c)
{
    for (int i = 0; i < SNIFF_FORMS && sniff_column_values(c); i++)
        if (c->bad[i] == 0)
            return i;
    return -1;
}

enum sniff_type sniff_column_type(const struct sniff_column *c)
{
    uint64_t values = sniff_column_values(c);
    int form = sniff_column_form(c);
    if (!values || c->zeros)
        return SNIFF_STRING;
    if (c->years == values)
        return SNIFF_YEAR;
    if (form == 0)
        return c->fraction ? SNIFF_NUMBER : SNIFF_INTEGER;
    if (form > 0)
        return SNIFF_NUMBER;
    return c->dates == values      ? SNIFF_DATE
           : c->months == values   ? SNIFF_MONTH
           : c->booleans == values ? SNIFF_BOOLEAN
                                   : SNIFF_STRING;
}

const char *sniff_type_name(enum sniff_type type)
{
    static const char names[][12] = {"string",    "integer", "number", "date",
                                     "yearmonth", "year",    "boolean"};
    return names[type];
}
