/* SPDX-License-Identifier: GPL-3.0-or-later */
/* field_faults() must find exactly the cells that field_check() finds, cell by cell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "table/field_judge.h"
#include "table/spelling.h"

static const char fields[] =
    "{\"missingValues\": [\"\", \"NA\", \"-\"], \"fields\": ["
    "{\"name\": \"a\", \"type\": \"integer\"},"
    "{\"name\": \"b\", \"type\": \"integer\", \"constraints\": {\"required\": true, \"minimum\": "
    "-5, "
    "\"maximum\": 120}},"
    "{\"name\": \"c\", \"type\": \"integer\", \"constraints\": {\"maximum\": 999999999999}},"
    "{\"name\": \"d\", \"type\": \"number\", \"constraints\": {\"minimum\": 0.5, \"maximum\": 10}},"
    "{\"name\": \"e\", \"type\": \"number\", \"constraints\": {\"minimum\": -2.25, \"maximum\": "
    "-0.001}},"
    "{\"name\": \"f\", \"type\": \"number\", \"constraints\": {\"maximum\": 1e17}},"
    "{\"name\": \"g\", \"type\": \"year\", \"constraints\": {\"minimum\": \"2000\"}},"
    "{\"name\": \"h\", \"type\": \"string\", \"constraints\": {\"minLength\": 2, \"maxLength\": "
    "4}},"
    "{\"name\": \"i\", \"type\": \"string\", \"constraints\": {\"required\": true}},"
    "{\"name\": \"j\", \"type\": \"string\"},"
    "{\"name\": \"k\", \"type\": \"string\", \"constraints\": {\"pattern\": \"[0-9.]+\"}},"
    "{\"name\": \"l\", \"type\": \"number\", \"constraints\": {\"enum\": [\"1\", \"2.5\", "
    "\"12e0\"]}},"
    "{\"name\": \"m\", \"type\": \"boolean\"},"
    "{\"name\": \"n\", \"type\": \"date\", \"constraints\": {\"minimum\": \"2014-01-02\"}},"
    "{\"name\": \"o\", \"type\": \"yearmonth\"}]}";

/* As `fields`, but a text of missingValues is a number. */
static const char sentinel[] =
    "{\"missingValues\": [\"\", \"99\"], \"fields\": ["
    "{\"name\": \"a\", \"type\": \"integer\", \"constraints\": {\"required\": true, \"maximum\": "
    "9999}},"
    "{\"name\": \"b\", \"type\": \"number\", \"constraints\": {\"maximum\": 10}}]}";

static uint32_t draw(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)(*seed >> 4) * below >> 28);
}

/* Cells that are close to numbers, dates and codes. */
static struct text cell_make(struct arena *a, uint32_t *seed)
{
    static const char *const whole[] = {"",
                                        "NA",
                                        "-",
                                        "99",
                                        "true",
                                        "false",
                                        "2014",
                                        "2014-02-30",
                                        "2014-01-02",
                                        "2014-01-01",
                                        "2014-13",
                                        "2014-12",
                                        "12e0",
                                        "1e17",
                                        "100000000000000001",
                                        "1e999",
                                        "12345678901234567890",
                                        "-0",
                                        "+7",
                                        "0.5",
                                        "0.4999999999",
                                        "10.0000001",
                                        "-2.25",
                                        "-2.251",
                                        "-0.001",
                                        "-0.0009",
                                        "été",
                                        "éé",
                                        "éééé",
                                        "ééééé",
                                        "999999999999",
                                        "1000000000000",
                                        "9999999999999999",
                                        "99999999999999999"};
    static const char letters[] = "0123456789012345678901234.-+e:/A";
    uint32_t n = draw(seed, 20);
    if (n >= 14)
        return text_of(whole[draw(seed, sizeof whole / sizeof *whole)]);
    char *at = arena_alloc(a, 16);
    for (uint32_t i = 0; i < n; i++)
        at[i] = letters[draw(seed, draw(seed, 3) ? 20 : (uint32_t)sizeof letters - 1)];
    return (struct text){at, n};
}

static struct batch *batch_make(struct arena *a, uint32_t columns, uint32_t *seed)
{
    struct schema *schema = schema_new(a);
    for (uint32_t c = 0; c < columns; c++)
        schema_add(schema, text_of(arena_print(a, "%u", c)));
    struct batch *b = batch_new(a, schema, 500);
    for (uint32_t c = 0; c < columns; c++) {
        struct text *cell = batch_new_text(b, c);
        for (uint32_t row = 0; row < b->rows; row++)
            cell[row] = cell_make(a, seed);
    }
    return b;
}

static void column_compare(struct field_judge *j, const struct table_schema *s,
                           const struct batch *b, uint32_t column)
{
    bool *fault = arena_zarray(b->arena, b->rows, sizeof *fault);
    uint32_t faults = field_faults(j, b, column, fault), expected = 0;
    for (uint32_t row = 0; row < b->rows; row++) {
        struct text cell = batch_text(b, column)[row];
        bool bad = field_check(&s->field[column], s, cell, b->arena) != RULE_NONE;
        if (bad != fault[row])
            fail_msg("field %u, cell '%.*s': %d", column, (int)cell.len, cell.at, bad);
        expected += bad;
    }
    assert_int_equal(faults, expected);
}

static void schema_compare(const char *json, uint32_t seed)
{
    struct arena *a = arena_new(), *scratch = arena_new();
    struct error e = {0};
    struct table_schema *s = table_schema_parse(a, "test", text_of(json), &e);
    struct field_judge *j[16];
    assert_non_null(s);
    for (uint32_t c = 0; c < s->fields; c++)
        j[c] = field_judge_new(a, &s->field[c], s);
    for (int round = 0; round < 40; round++) {
        struct batch *b = batch_make(scratch, s->fields, &seed);
        for (uint32_t c = 0; c < s->fields; c++)
            column_compare(j[c], s, b, c);
        arena_reset(scratch);
    }
    table_schema_free(s);
    arena_free(scratch);
    arena_free(a);
}

static void test_fields(void **state)
{
    (void)state;
    schema_compare(fields, 1);
}

static void test_sentinel(void **state)
{
    (void)state;
    schema_compare(sentinel, 2);
}

/* Distinct texts of all lengths are told apart, also many of them, and long ones are never there.
 */
static void test_spellings(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct spellings *s = spellings_new(a);
    char bytes[32];
    for (uint32_t i = 0; i < 12000; i++) {
        struct text t = {bytes,
                         (uint32_t)snprintf(bytes, sizeof bytes, "%0*u", 1 + (int)(i % 20), i)};
        assert_int_equal(spelling_find(s, t), SPELLING_NONE);
        if (t.len < 1 + i % 20 || i % 20 == 0) /* not one of a kind */
            continue;
        spelling_add(s, t, i);
        assert_int_equal(spelling_find(s, t), t.len > SPELLING_BYTES ? SPELLING_NONE : i);
    }
    assert_int_equal(spelling_find(s, TEXT("")), SPELLING_NONE);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_sentinel),
        cmocka_unit_test(test_spellings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
