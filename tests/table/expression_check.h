/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of expressions share: a row of a person who does not exist, and checks of an
 * expression against the text of its value, or against a piece of its message.
 */
#ifndef TESTS_TABLE_EXPRESSION_CHECK_H
#define TESTS_TABLE_EXPRESSION_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "table/expression.h"

struct row {
    const char *name, *cell;
};

static const struct row person[] = {
    {"age", "34"},
    {"sex", "F"},
    {"income", "1250.50"},
    {"zero", "0"},
    {"empty", ""},
    {"code", "007"},
    {"word", "Élève"},
    {"arabic", "المغرب"},
    {"spaced", "  Casa  blanca "},
    {"birth", "1984-02-29"},
    {"visit", "2018-03-01"},
    {"birth date", "1990-01-01"},
    {"année", "2018"},
    {"nine", "9"},
    {"ten", "10"},
    {"wide", "1234567890123456789012"},
    {"year", "2017"},
    {"quo]ted", "q"},
    {"tick`ed", "t"},
    {"padded", "2.500"},
    {"period", "2018-01-01/P9M"},
    {NULL, NULL},
};

static inline struct batch *batch_of(struct arena *a, const struct row *row)
{
    struct schema *s = schema_new(a);
    for (const struct row *r = row; r->name; r++)
        schema_add(s, text_of(r->name));
    struct batch *b = batch_new(a, s, 1);
    for (uint32_t c = 0; c < s->columns; c++)
        batch_fill_text(b, c, text_of(row[c].cell));
    return b;
}

/* The text of the expression's value in each row; NULL and *error set where it fails. */
static inline const struct text *values_of(struct arena *a, const struct batch *in,
                                           const char *source, struct error *error)
{
    struct expression *e = expression_parse(a, source, error);
    if (!e)
        return NULL;
    struct schema *s = schema_new(a);
    schema_add(s, TEXT("x"));
    struct batch *out = batch_derive(in, s);
    bool good =
        expression_bind(e, in->schema, error) == 0 && expression_column(e, in, out, 0, error) == 0;
    expression_close(e);
    return good ? batch_text(out, 0) : NULL;
}

static inline void check_value(const char *source, const char *expected)
{
    struct arena *a = arena_new();
    struct error error = {0};
    const struct text *value = values_of(a, batch_of(a, person), source, &error);
    if (!value)
        fail_msg("%s: %s", source, error.message);
    if (!text_equal(*value, text_of(expected)))
        fail_msg("%s is \"%.*s\", not \"%s\"", source, (int)value->len, value->at, expected);
    arena_free(a);
}

static inline void check_fault(const char *source, int code, const char *expected)
{
    struct arena *a = arena_new();
    struct error error = {0};
    const struct text *value = values_of(a, batch_of(a, person), source, &error);
    if (value)
        fail_msg("%s is \"%.*s\", not a fault", source, (int)value->len, value->at);
    if (error.code != code || !strstr(error.message, expected))
        fail_msg("%s: %d: %s\nnot %d: %s", source, error.code, error.message, code, expected);
    arena_free(a);
}

struct expected {
    const char *source, *value;
};

static inline void check_values(const struct expected *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_value(cases[i].source, cases[i].value);
}

static inline struct batch *numbered(struct arena *a, const char *const *cells, uint32_t rows)
{
    struct schema *s = schema_new(a);
    schema_add(s, TEXT("x"));
    struct batch *b = batch_new(a, s, rows);
    struct text *cell = batch_new_text(b, 0);
    for (uint32_t i = 0; i < rows; i++)
        cell[i] = text_of(cells[i]);
    return b;
}

#define CHECK_VALUES(cases) check_values(cases, sizeof(cases) / sizeof *(cases))

#endif
