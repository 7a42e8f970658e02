/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Table Schema: reading it, refusing what is wrong, and single cells against it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "table/table_schema.h"

static struct table_schema *parse(struct arena *a, const char *json, struct error *e)
{
    *e = (struct error){0};
    return table_schema_parse(a, "s.json", text_of(json), e);
}

/* One field of this JSON, one cell, the rule that it breaks. */
static void breaks(const char *field, const char *cell, enum rule want)
{
    struct arena *a = arena_new();
    struct error e;
    const char *json =
        arena_print(a, "{\"missingValues\":[\"\",\"-\"],\"fields\":[{\"name\":\"x\",%s}]}", field);
    struct table_schema *s = parse(a, json, &e);
    if (!s)
        print_error("%s: %s\n", field, e.message);
    assert_non_null(s);
    enum rule got = field_check(&s->field[0], s, text_of(cell), a);
    if (got != want)
        print_error("%s, cell %s: %s\n", field, cell, rule_name(got));
    assert_int_equal(got, want);
    table_schema_free(s);
    arena_free(a);
}

static void test_types(void **state)
{
    (void)state;
    breaks("\"type\":\"integer\"", "-12", RULE_NONE);
    breaks("\"type\":\"integer\"", "12.0", RULE_TYPE);
    breaks("\"type\":\"integer\"", "1 200", RULE_TYPE);
    breaks("\"type\":\"integer\"", "99999999999999999999999", RULE_NONE);
    breaks("\"type\":\"number\"", "1.5e3", RULE_NONE);
    breaks("\"type\":\"number\"", "1,5", RULE_TYPE);
    breaks("\"type\":\"number\"", "nan", RULE_TYPE);
    breaks("\"type\":\"boolean\"", "TRUE", RULE_NONE);
    breaks("\"type\":\"boolean\"", "oui", RULE_TYPE);
    breaks("\"type\":\"boolean\",\"trueValues\":[\"oui\"],\"falseValues\":[\"non\"]", "oui",
           RULE_NONE);
    breaks("\"type\":\"date\"", "2016-02-29", RULE_NONE);
    breaks("\"type\":\"date\"", "2015-02-29", RULE_TYPE);
    breaks("\"type\":\"date\"", "29/02/2016", RULE_TYPE);
    breaks("\"type\":\"year\"", "2018", RULE_NONE);
    breaks("\"type\":\"year\"", "18", RULE_TYPE);
    breaks("\"type\":\"yearmonth\"", "2018-12", RULE_NONE);
    breaks("\"type\":\"yearmonth\"", "2018-13", RULE_TYPE);
    breaks("\"type\":\"any\"", "?", RULE_NONE);
    breaks("\"title\":\"no type is a string\"", "?", RULE_NONE);
}

static void test_constraints(void **state)
{
    (void)state;
    breaks("\"constraints\":{\"required\":true}", "", RULE_REQUIRED);
    breaks("\"constraints\":{\"required\":true}", "-", RULE_REQUIRED);
    breaks("\"type\":\"date\"", "-", RULE_NONE);
    breaks("\"constraints\":{\"minLength\":3}", "né", RULE_MIN_LENGTH);
    breaks("\"constraints\":{\"maxLength\":3}", "été", RULE_NONE); /* characters, not bytes */
    breaks("\"constraints\":{\"maxLength\":3}", "étés", RULE_MAX_LENGTH);
    breaks("\"type\":\"number\",\"constraints\":{\"minimum\":0.1}", "0.10", RULE_NONE);
    breaks("\"type\":\"number\",\"constraints\":{\"minimum\":0.1}", "0.09999999999", RULE_MINIMUM);
    breaks("\"type\":\"integer\",\"constraints\":{\"maximum\":120}", "1000", RULE_MAXIMUM);
    breaks("\"type\":\"integer\",\"constraints\":{\"maximum\":\"120\"}", "99", RULE_NONE);
    breaks("\"type\":\"date\",\"constraints\":{\"minimum\":\"2014-01-01\"}", "2013-12-31",
           RULE_MINIMUM);
    breaks("\"type\":\"year\",\"constraints\":{\"maximum\":2026}", "2027", RULE_MAXIMUM);
    breaks("\"constraints\":{\"enum\":[\"F\",\"M\"]}", "M", RULE_NONE);
    breaks("\"constraints\":{\"enum\":[\"F\",\"M\"]}", "m", RULE_ENUM);
    breaks("\"type\":\"integer\",\"constraints\":{\"enum\":[1,2]}", "02", RULE_NONE);
    breaks("\"type\":\"integer\",\"constraints\":{\"enum\":[1,2]}", "3", RULE_ENUM);
    breaks("\"constraints\":{\"enum\":[]}", "3", RULE_ENUM);
}

static void pattern(const char *json_pattern, const char *cell, bool ok)
{
    struct arena *a = arena_new();
    breaks(arena_print(a, "\"constraints\":{\"pattern\":\"%s\"}", json_pattern), cell,
           ok ? RULE_NONE : RULE_PATTERN);
    arena_free(a);
}

static void test_patterns(void **state)
{
    (void)state;
    pattern("C[0-9]{7}", "C0000001", true);
    pattern("C[0-9]{7}", "C00000012", false); /* the whole cell */
    pattern("C[0-9]{7}", "xC0000001", false);
    pattern("a|b", "b", true);
    pattern("a|b", "ab", false);
    pattern("^R14-[0-9]+$", "R14-1", true);
    pattern("\\\\d{2}\\\\.\\\\d", "12.3", true);
    pattern("\\\\d{2}\\\\.\\\\d", "12x3", false);
    pattern("[\\\\d\\\\s]+", "1 2", true);
    pattern("[\\\\w.]+", "a.b_", false); /* XSD's \w has no underscore */
    pattern("..", "éà", true);           /* two characters of two bytes */
    pattern("..", "é", false);
    pattern("é.*", "été", true);
    pattern("\\\\(a\\\\)\\\\/", "(a)/", true);
    pattern("[^,]*", "é b", true);
    pattern("[^,]{3}", "éàb", true);
    pattern("[^,]", ",", false);
    pattern("\\\\S\\\\D\\\\w", "éàî", true);
}

static void refused(const char *json, const char *message, uint64_t line, uint32_t column)
{
    struct arena *a = arena_new();
    struct error e;
    assert_null(parse(a, json, &e));
    if (!strstr(e.message, message))
        print_error("%s\n", e.message);
    assert_int_equal(e.code, EX_DATAERR);
    assert_non_null(strstr(e.message, message));
    assert_string_equal(e.place.file, "s.json");
    assert_int_equal(e.place.line, line);
    assert_int_equal(e.place.column, column);
    arena_free(a);
}

static void field_refused(const char *field, const char *message)
{
    struct arena *a = arena_new();
    refused(arena_print(a, "{\"fields\":[{\"name\":\"x\",%s}]}", field), message, 0, 0);
    arena_free(a);
}

static void test_refusals(void **state)
{
    (void)state;
    refused("{\n  \"fields\": [}\n", "not JSON", 2, 14);
    refused("{\"fields\": [], \"fields\": []}", "not JSON", 1, 23);
    refused("[]", "it is no object", 0, 0);
    refused("{}", "no array \"fields\"", 0, 0);
    refused("{\"fields\":[{}]}", "field 1: it has no name", 0, 0);
    refused("{\"fields\":[{\"name\":\"a\"},{\"name\":\"a\"}]}", "two fields", 0, 0);
    refused("{\"fields\":[{\"name\":\"a\"}],\"primaryKey\":\"b\"}", "primaryKey", 0, 0);
    field_refused("\"type\":\"geopoint\"", "no cell can be checked");
    field_refused("\"type\":\"date\",\"format\":\"%d/%m/%Y\"", "format");
    field_refused("\"constraints\":[]", "constraints is not an object");
    field_refused("\"constraints\":{\"required\":\"yes\"}", "required is not true or false");
    field_refused("\"constraints\":{\"minLength\":-1}", "minLength is not a whole number");
    field_refused("\"constraints\":{\"minimum\":1}", "minimum has no meaning");
    field_refused("\"type\":\"date\",\"constraints\":{\"maximum\":\"2015-02-29\"}",
                  "maximum is not of the field's type");
    field_refused("\"constraints\":{\"enum\":\"a\"}", "enum is not an array");
    field_refused("\"constraints\":{\"enum\":[null]}", "enum holds something");
    field_refused("\"constraints\":{\"pattern\":\"(\"}", "not a regular expression");
    field_refused("\"constraints\":{\"pattern\":\"\\\\p{L}\"}", "does not take");
    field_refused("\"constraints\":{\"pattern\":\"(?:a)\"}", "does not take");
    field_refused("\"constraints\":{\"pattern\":\"[é]\"}", "does not take");
    field_refused("\"constraints\":{\"pattern\":\"[a\"}", "does not take");
    field_refused("\"constraints\":{\"pattern\":\"\\\\W\"}", "does not take");
    field_refused("\"constraints\":{\"pattern\":\"a\\\\\"}", "does not take");
}

static void test_table(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct error e;
    struct table_schema *s =
        parse(a,
              "{\"fields\":[{\"name\":\"a\"},{\"name\":\"b\",\"mine\":1}],"
              "\"primaryKey\":[\"b\"],\"other\":{},\"foreignKeys\":[{\"fields\":\"a\","
              "\"reference\":{\"resource\":\"t\",\"fields\":[\"c\"]}}]}",
              &e);
    assert_non_null(s);
    assert_int_equal(s->fields, 2);
    assert_false(s->field[0].required);
    assert_true(s->field[1].required); /* by the key */
    assert_int_equal(s->key.count, 1);
    assert_int_equal(s->foreigns, 1);
    assert_true(text_equal(s->foreign[0].there.text[0], TEXT("c")));
    assert_true(table_schema_missing(s, TEXT("")));
    assert_false(table_schema_missing(s, TEXT("-")));
    table_schema_free(s);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),    cmocka_unit_test(test_constraints),
        cmocka_unit_test(test_patterns), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
