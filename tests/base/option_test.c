/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"

#include "base/option.h"
#include "base/text.h"

static const struct option_spec table[] = {
    {"by", OPTION_COLUMNS, "COL,...", "group by these columns", OPTION_REQUIRED, ""},
    {"value", OPTION_TEXT, "TEXT", "write this", 0, ""},
    {"top", OPTION_INTEGER, "N", "keep the first N", 0, ""},
    {"to", OPTION_CHOICE, "FORMAT", "write as", 0, "csv|xlsx|html"},
    {"total", OPTION_FLAG, "", "add a total", 0, ""},
    {"source", OPTION_TABLE, "FILE", "another table", OPTION_REPEAT, ""},
    {"FILE", OPTION_INPUT, "FILE", "the records", 0, ""},
    {.name = ""},
};

static const struct option_spec operands[] = {
    {"quiet", OPTION_FLAG, "", "say less", 0, ""},
    {"DEFINITION", OPTION_EXPRESSION, "NAME=EXPR", "a new column", OPTION_REQUIRED | OPTION_REPEAT,
     ""},
    {"FILE", OPTION_INPUT, "FILE", "the records", 0, ""},
    {.name = ""},
};

static const struct option_spec list[] = {
    {"KIND", OPTION_CHOICE, "KIND", "what to do", OPTION_REQUIRED, "wide|long"},
    {"COLUMN", OPTION_COLUMN, "COL", "which columns", OPTION_REPEAT, ""},
    {.name = ""},
};

struct run {
    struct arena *arena;
    struct options options;
    struct error error;
    int result;
};

/* Parses words cut at single spaces; a lone `~` stands for an empty word. */
static struct run parse(const struct option_spec *specs, const char *line)
{
    struct run r = {.arena = arena_new()};
    char *argv[32];
    int argc = 0;
    struct text rest = text_of(line), word;
    while (text_next(&rest, ' ', &word))
        if (word.len)
            argv[argc++] = arena_copy(r.arena, word.at, *word.at == '~' ? 0 : word.len);
    r.result = options_parse(r.arena, specs, NULL, argc, argv, &r.options, &r.error);
    return r;
}

static struct run parse_well(const struct option_spec *specs, const char *line)
{
    struct run r = parse(specs, line);
    if (r.result)
        print_error("%s: %s\n", line, r.error.message);
    assert_int_equal(r.result, 0);
    assert_int_equal(r.error.code, 0);
    return r;
}

static void check_value(const struct run *r, const char *name, uint32_t n, const char *expected)
{
    const char *value = options_get(&r->options, name, n);
    if (!expected) {
        assert_null(value);
        return;
    }
    assert_non_null(value);
    assert_string_equal(value, expected);
}

static void test_forms(void **state)
{
    (void)state;
    struct run r = parse_well(table, "--by sex,age --top=5 --total --to html in.csv");
    check_value(&r, "by", 0, "sex,age");
    check_value(&r, "by", 1, NULL);
    check_value(&r, "top", 0, "5");
    check_value(&r, "total", 0, "");
    check_value(&r, "to", 0, "html");
    check_value(&r, "FILE", 0, "in.csv");
    check_value(&r, "value", 0, NULL);
    assert_int_equal(r.options.count, 5);
    assert_string_equal(r.options.value[4].spec->name, "FILE");
    arena_free(r.arena);
}

static void test_odd_values(void **state)
{
    static const struct {
        const char *line, *name, *value;
    } cases[] = {
        {"--by a --value -1", "value", "-1"},
        {"--by a --value=-1", "value", "-1"},
        {"--by a --value -", "value", "-"},
        {"--by a --value --", "value", NULL},
        {"--by a --value=--by", "value", "--by"},
        {"--by a --value --unknown", "value", "--unknown"},
        {"--by a --value=", "value", ""},
        {"--by a --value ~", "value", ""},
        {"--by a --value=x=y", "value", "x=y"},
        {"--by a --top -3", "top", "-3"},
        {"--by a -", "FILE", "-"},
        {"--by a -1", "FILE", "-1"},
        {"--by a -- --by", "FILE", "--by"},
        {"in.csv --by a", "FILE", "in.csv"},
        {"--by a --total in.csv", "FILE", "in.csv"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct run r = parse(table, cases[i].line);
        assert_int_equal(r.result, cases[i].value ? 0 : -1);
        if (cases[i].value)
            check_value(&r, cases[i].name, 0, cases[i].value);
        arena_free(r.arena);
    }
}

static void test_repeat(void **state)
{
    (void)state;
    struct run r = parse_well(table, "--source a.csv --by x --source b.csv --source=c.csv");
    assert_int_equal(options_count(&r.options, "source"), 3);
    check_value(&r, "source", 0, "a.csv");
    check_value(&r, "source", 2, "c.csv");
    assert_int_equal(options_count(&r.options, "to"), 0);
    arena_free(r.arena);
}

static void test_operands(void **state)
{
    (void)state;
    struct run r = parse_well(operands, "a=b+1 in.csv --quiet c=a*2 d=-1");
    assert_int_equal(options_count(&r.options, "DEFINITION"), 3);
    check_value(&r, "DEFINITION", 1, "c=a*2");
    check_value(&r, "FILE", 0, "in.csv");
    arena_free(r.arena);
    r = parse_well(operands, "a=b -");
    check_value(&r, "FILE", 0, "-");
    arena_free(r.arena);
    r = parse_well(operands, "in.csv a=b");
    check_value(&r, "DEFINITION", 0, "a=b");
    check_value(&r, "FILE", 0, "in.csv");
    arena_free(r.arena);
    r = parse_well(list, "wide sex age region");
    check_value(&r, "KIND", 0, "wide");
    check_value(&r, "COLUMN", 2, "region");
    arena_free(r.arena);
}

static void test_no_table(void **state)
{
    (void)state;
    struct run r = parse_well(NULL, "");
    assert_int_equal(r.options.count, 0);
    arena_free(r.arena);
}

static void test_messages(void **state)
{
    static const struct {
        const struct option_spec *specs;
        const char *line, *message;
    } cases[] = {
        {table, "--bu a", "unknown option --bu; did you mean --by?"},
        {table, "--totla", "unknown option --totla; did you mean --total?"},
        {table, "--sourc=x", "unknown option --sourc; did you mean --source?"},
        {table, "--vlaue 3", "unknown option --vlaue; did you mean --value?"},
        {table, "-by a", "unknown option -by; did you mean --by?"},
        {table, "--weights w", "unknown option --weights (--help lists them)"},
        {table, "--FILE x", "unknown option --FILE (--help lists them)"},
        {table, "--by", "--by needs a value: COL,..."},
        {table, "--by --total", "--by needs a value: COL,..."},
        {table, "--by --top=3", "--by needs a value: COL,..."},
        {table, "--total", "--by COL,... is missing: group by these columns"},
        {table, "--by ~", "--by: the value is empty"},
        {table, "--by a --by b", "--by is given twice"},
        {table, "--by a --total --total", "--total is given twice"},
        {table, "--by a --total=yes", "--total takes no value"},
        {table, "--by a --top 3.5", "--top: '3.5' is not a whole number"},
        {table, "--by a --top three", "--top: 'three' is not a whole number"},
        {table, "--by a --top -", "--top: '-' is not a whole number"},
        {table, "--by a --to pdf", "--to: 'pdf' is none of csv|xlsx|html"},
        {table, "--by a --to xslx", "--to: 'xslx' is none of csv|xlsx|html; did you mean xlsx?"},
        {table, "--by a one.csv two.csv", "'two.csv' is one operand too many"},
        {operands, "in.csv", "DEFINITION is missing: a new column"},
        {operands, "a=1 in.csv age+1", "'age+1' is one operand too many: it is no NAME=EXPR"},
        {operands, "a=1 ~", "FILE: the value is empty"},
        {list, "", "KIND is missing: what to do"},
        {list, "wdie", "KIND: 'wdie' is none of wide|long; did you mean wide?"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct run r = parse(cases[i].specs, cases[i].line);
        assert_string_equal(r.error.message, cases[i].message);
        assert_int_equal(r.result, -1);
        assert_int_equal(r.error.code, 64);
        arena_free(r.arena);
    }
}

static void test_integer(void **state)
{
    long long n;
    (void)state;
    struct run r = parse_well(table, "--by a --top 12");
    assert_int_equal(options_integer(&r.options, "top", 1, 100, 7, &n, &r.error), 0);
    assert_int_equal(n, 12);
    assert_int_equal(options_integer(&r.options, "value", 1, 100, 7, &n, &r.error), 0);
    assert_int_equal(n, 7);
    assert_int_equal(options_integer(&r.options, "top", 1, 11, 7, &n, &r.error), -1);
    assert_string_equal(r.error.message, "--top: a whole number from 1 to 11 is wanted, not '12'");
    arena_free(r.arena);
    r = parse_well(table, "--by a --top 99999999999999999999");
    assert_int_equal(options_integer(&r.options, "top", 1, INT64_MAX, 7, &n, &r.error), -1);
    arena_free(r.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),    cmocka_unit_test(test_odd_values),
        cmocka_unit_test(test_repeat),   cmocka_unit_test(test_operands),
        cmocka_unit_test(test_no_table), cmocka_unit_test(test_messages),
        cmocka_unit_test(test_integer),
    };
    return cmocka_run_group_tests_name("option", tests, NULL, NULL);
}
