/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The expression language against expectations worked out by hand, and by Python.
 *
 * Most cases are lines of a table: an expression over one synthetic row, and the text of its value
 * ("" is a missing one).  What is wrong is told in expression_fault_test.c.
 */
#include "expression_check.h"
#include "expression_vectors.h"

static void arithmetic(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"1 + 2 * 3", "7"},
        {"(1 + 2) * 3", "9"},
        {"10 - 4 - 3", "3"},
        {"-2 * -3", "6"},
        {"- - 2", "2"},
        {"2 - -2", "4"},
        {"0.1 + 0.2", "0.3"},
        {"1.50", "1.5"},
        {"1.5 + 1.5", "3"},
        {"1e3 + 1", "1001"},
        {"100 / 8", "12.5"},
        {"1 / 3", "0.3333333333333333"},
        {"2 / 3", "0.6666666666666666"},
        {"0.3 / 0.7", "0.42857142857142855"}, /* the double nearest to 3/7 */
        {"1 / 4 / 2", "0.125"},
        {"round(27130 / 27649 * 100, 2)", "98.12"},
        {"7 / 7", "1"},
        {"0 / 5", "0"},
        {"-1 / 8", "-0.125"},
        {"3 / 1048576", "0.00000286102294921875"},
        {"1 / 33554432", "2.9802322387695312e-08"}, /* as Python writes it */
        {"1 / 33554432 * 33554432", "1"},
        {"300 / 0.003", "100000"},
        {"999999999999999999 + 0.5", "1e+18"},
        {"999999999999999999 * 10", "1e+19"},
        {"500000000000000000 * 0.2", "100000000000000000"},
        {"123456789 * 987654321", "121932631112635269"},
        {"7 % 3", "1"},
        {"-7 % 3", "2"},
        {"7 % -3", "-2"},
        {"-7 % -3", "-1"},
        {"7.5 % 2", "1.5"},
        {"0.3 % 0.1", "0"},
        {"2018 % 4", "2"},
        {"age + 1", "35"},
        {"income * 2", "2501"},
        {"code + 0", "7"},
        {"padded", "2.500"},
        {"padded + 0", "2.5"},
        {"wide / wide", "1"},
        {"-age", "-34"},
    };
    CHECK_VALUES(cases);
}

static void what_python_computes(void **state)
{
    (void)state;
    CHECK_VALUES(vectors);
}

static void functions_of_numbers(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"round(2.5)", "3"},
        {"round(-2.5)", "-3"},
        {"round(2.675, 2)", "2.68"},
        {"round(1250.5, -2)", "1300"},
        {"round(1 / 3, 4)", "0.3333"},
        {"round(1.10, 1)", "1.1"},
        {"floor(2.7)", "2"},
        {"floor(-2.1)", "-3"},
        {"floor(-2)", "-2"},
        {"ceil(2.1)", "3"},
        {"ceil(-2.7)", "-2"},
        {"ceil(2)", "2"},
        {"floor(-0.5)", "-1"},
        {"ceil(-0.5)", "0"},
        {"abs(-3.5)", "3.5"},
        {"abs(3.5)", "3.5"},
        {"min(3, 1, 2)", "1"},
        {"max(3, 1, 20)", "20"},
        {"min(ten, nine)", "9"},
        {"max(ten, nine, empty)", ""},
        {"max(1)", "1"},
        {"number('12') + 1", "13"},
        {"number(age > 30)", "1"},
        {"number(code)", "7"},
        {"number(1.50)", "1.5"},
        {"round(999999999999999999, -1)", "1e+18"},
    };
    CHECK_VALUES(cases);
}

static void conditions(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"age >= 18", "1"},
        {"age < 34", "0"},
        {"age <= 34.0", "1"},
        {"age == 34.00", "1"},
        {"sex == 'F'", "1"},
        {"sex != \"F\"", "0"},
        {"'F' == sex and age > 30", "1"},
        {"sex == 'M' or age > 30", "1"},
        {"not sex == 'M'", "1"},
        {"not not sex == 'M'", "0"},
        {"sex == 'M' and sex == 'F' or age == 34", "1"},
        {"sex == 'M' and (sex == 'F' or age == 34)", "0"},
        {"nine < ten", "0"}, /* two columns: texts by bytes */
        {"number(nine) < number(ten)", "1"},
        {"nine < 10", "1"},
        {"code == 7", "1"},
        {"code == '7'", "0"},
        {"code == '007'", "1"},
        {"age in (30, 32, 34)", "1"},
        {"age in (30, 32)", "0"},
        {"age not in (30, 32)", "1"},
        {"sex in ('M', 'F')", "1"},
        {"sex not in ('M', 'F')", "0"},
        {"-age in (-34)", "1"},
        {"code in ('7')", "0"},
        {"age + 1 in (35)", "1"},
        {"(age > 3) == (age > 4)", "1"},
        {"(age > 3) != (sex == 'F')", "0"},
        {"0.1 + 0.2 == 0.3", "1"},
        {"word > 'Z'", "1"},
    };
    CHECK_VALUES(cases);
}

static void missing_values(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"empty", ""},
        {"empty + 1", ""},
        {"empty == 'x'", ""},
        {"empty != 'x'", ""},
        {"empty == empty", ""},
        {"empty in ('a')", ""},
        {"empty not in ('a')", ""},
        {"not empty == 'x'", ""},
        {"empty == 1 and age == 0", "0"},
        {"age == 0 and empty == 1", "0"},
        {"empty == 1 and age == 34", ""},
        {"age == 34 and empty == 1", ""},
        {"empty == 1 or age == 34", "1"},
        {"age == 34 or empty == 1", "1"},
        {"empty == 1 or age == 0", ""},
        {"age == 0 or empty == 1", ""},
        {"is_missing(empty)", "1"},
        {"is_missing(age)", "0"},
        {"is_missing(empty + 1)", "1"},
        {"is_missing(empty == 1)", "1"},
        {"is_missing(missing)", "1"},
        {"coalesce(empty, age)", "34"},
        {"coalesce(empty, 'none')", "none"},
        {"coalesce(empty + 1, 5) + 1", "6"},
        {"coalesce(empty, empty)", ""},
        {"coalesce(missing, 3)", "3"},
        {"missing", ""},
        {"missing + 1", ""},
        {"coalesce(missing, code) + 1", "8"},
        {"if(empty == 1, 'a', 'b')", ""},
        {"if(age > 3, missing, 4)", ""},
        {"if(age > 3, 4, '')", "4"},
        {"upper(empty)", ""},
        {"concat('a', empty)", ""},
        {"year(empty)", ""},
        {"is_number(empty)", ""},
        {"trim(replace(spaced, 'Casa  blanca', ''))", ""},
        {"is_missing(trim(replace(spaced, 'Casa  blanca', '')))", "1"},
        {"empty / 0", ""},
    };
    CHECK_VALUES(cases);
}

static void branches_not_taken(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"if(zero == 0, 0, age / zero)", "0"},
        {"if(is_number(sex), sex + 1, -1)", "-1"},
        {"if(is_number(age), age + 1, -1)", "35"},
        {"is_number(sex) and sex > 3", "0"},
        {"not is_number(sex) or sex > 3", "1"},
        {"coalesce(age, 1 / 0)", "34"},
        {"if(age > 30, code, sex)", "007"},
        {"if(age > 30, code, sex) + 1", "8"},
        {"if(age > 30, 'old', 'young')", "old"},
        {"if(age > 30, age, 0) < 100", "1"},
        {"if(age > 40, 1 / 0, if(age > 30, 2, 1 / 0))", "2"},
        {"if(is_date(word), year(word), 0)", "0"},
        {"if(empty == 1, 1 / 0, 1 / 0)", ""},
    };
    CHECK_VALUES(cases);
}

static void functions_of_texts(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"concat(sex, '-', age, '-', 1.50)", "F-34-1.5"},
        {"lower(word)", "élève"},
        {"upper(word)", "ÉLÈVE"},
        {"trim(spaced)", "Casa  blanca"},
        {"length(word)", "5"},
        {"length(arabic)", "6"},
        {"length(concat('a', 'b'))", "2"},
        {"substr(word, 1, 1)", "É"},
        {"substr(word, 3)", "ève"},
        {"substr(word, 2, 3)", "lèv"},
        {"substr(word, 5, 10)", "e"},
        {"substr(word, 6)", ""},
        {"substr(word, 2, 0)", ""},
        {"substr(arabic, 1, 2)", "ال"},
        {"replace('banana', 'an', 'AN')", "bANANa"},
        {"replace('banana', 'ana', '-')", "b-na"},
        {"replace('banana', 'x', 'y')", "banana"},
        {"replace('1 250', ' ', '')", "1250"},
        {"number(replace(replace('1 250,5', ' ', ''), ',', '.'))", "1250.5"},
        {"starts_with(word, 'Él')", "1"},
        {"starts_with(word, 'el')", "0"},
        {"ends_with(word, 've')", "1"},
        {"ends_with('e', 've')", "0"},
        {"contains(word, 'lèv')", "1"},
        {"contains(word, 'z')", "0"},
        {"contains('aab', 'ab')", "1"},
        {"match(code, '^0+[0-9]$')", "1"},
        {"match(code, '^[1-9]')", "0"},
        {"match(sex, 'M|F')", "1"},
        {"text(1.50)", "1.5"},
        {"text(padded)", "2.500"},
        {"text(age > 3)", "1"},
        {"'it''s'", "it's"},
        {"\"say \"\"no\"\"\"", "say \"no\""},
        {"'a\"b'", "a\"b"},
    };
    CHECK_VALUES(cases);
}

static void dates_and_periods(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"year(visit)", "2018"},
        {"month(visit)", "3"},
        {"day(visit)", "1"},
        {"quarter(visit)", "1"},
        {"quarter('2018-04-01')", "2"},
        {"quarter('2018-12-31')", "4"},
        {"date(2016, 2, 29)", "2016-02-29"},
        {"date(year, 7, 1)", "2017-07-01"},
        {"days('2018-01-01', '2018-12-31')", "364"},
        {"days('2016-02-28', '2016-03-01')", "2"},
        {"days('2018-03-01', '2018-02-28')", "-1"},
        {"age(birth, '2018-02-28')", "33"},
        {"age(birth, visit)", "34"},
        {"age([birth date], '2018-01-01')", "28"},
        {"period('2018-01-01', '2018-09-30')", "2018-01-01/P9M"},
        {"period('2018-07-01', '2018-09-30')", "2018-Q3"},
        {"period(concat(year, '-01-01'), concat(year, '-12-31'))", "2017"},
        {"period_year(period)", "2018"},
        {"period_year(année)", "2018"},
        {"period_year(2018)", "2018"},
        {"period_year('2004-01-01/P17Y')", ""},
        {"period_start(period)", "2018-01-01"},
        {"period_end(period)", "2018-09-30"},
        {"period_end('2016-02')", "2016-02-29"},
        {"is_date(birth)", "1"},
        {"is_date('2018-02-29')", "0"},
        {"is_period(period)", "1"},
        {"is_period(word)", "0"},
        {"birth < visit", "1"},
    };
    CHECK_VALUES(cases);
}

static void names_of_columns(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"[birth date]", "1990-01-01"},
        {"`birth date`", "1990-01-01"},
        {"année + 1", "2019"},
        {"[quo]]ted]", "q"},
        {"`tick``ed`", "t"},
        {"year + 1", "2018"},
        {"year(birth) + year", "4001"},
        {"[age]", "34"},
    };
    CHECK_VALUES(cases);
}

static void rows_one_by_one(void **state)
{
    (void)state;
    static const char *const cells[] = {"5", "", "abc", "0", "-2.50"};
    static const char *const expected[] = {"2", "", "text", "none", "-4"};
    struct arena *a = arena_new();
    struct error error = {0};
    const struct text *value = values_of(
        a, numbered(a, cells, 5),
        "if(is_number(x), if(x == 0, 'none', text(10 / x)), if(x != 'abc', number(x), 0))", &error);
    assert_null(value); /* a text and a number in the branches */
    error = (struct error){0};
    value = values_of(a, numbered(a, cells, 5),
                      "if(is_number(x), if(x == 0, 'none', text(10 / x)), 'text')", &error);
    assert_non_null(value);
    for (uint32_t i = 0; i < 5; i++)
        assert_true(text_equal(value[i], text_of(expected[i])));
    arena_free(a);
}

static void truths(void **state)
{
    (void)state;
    static const char *const cells[] = {"5", "", "-1"};
    struct arena *a = arena_new();
    struct error error = {0};
    struct batch *b = numbered(a, cells, 3);
    uint8_t truth[3];
    struct expression *e = expression_parse(a, "x > 0", &error);
    assert_int_equal(expression_bind(e, b->schema, &error), 0);
    assert_int_equal(expression_need_truth(e, &error), 0);
    assert_int_equal(expression_truth(e, b, truth, &error), 0);
    assert_int_equal(truth[0], TRUTH_TRUE);
    assert_int_equal(truth[1], TRUTH_MISSING);
    assert_int_equal(truth[2], TRUTH_FALSE);
    expression_close(e);
    e = expression_parse(a, "x + 0", &error);
    assert_int_equal(expression_bind(e, b->schema, &error), 0);
    assert_int_equal(expression_need_truth(e, &error), -1);
    assert_int_equal(error.code, EX_USAGE);
    arena_free(a);
}

static void no_rows(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct error error = {0};
    const char *source = "if(x > 0, concat(x, 'a'), coalesce(lower(x), 'b')) in ('a') or 1 / 0 > 2";
    assert_non_null(values_of(a, numbered(a, NULL, 0), source, &error));
    arena_free(a);
}

static const char *const samples[] = {
    "1",  "3",    "7",        "0.4", "1e-9", "123456789.123", "2.50",  "1e17",
    "-3", "1e20", "33554432", "49",  "1.1",  "1e-20",         "0.317", "9007199254740993"};
enum { SAMPLES = sizeof samples / sizeof *samples };

static void compare_steps(const char *before, const char *first, const char *after)
{
    struct arena *a = arena_new();
    struct error error = {0};
    const struct text *middle = values_of(a, numbered(a, samples, SAMPLES), first, &error);
    struct batch *second = numbered(a, samples, SAMPLES);
    assert_non_null(middle);
    memcpy(batch_new_text(second, 0), middle, sizeof *middle * SAMPLES);
    const char *whole = arena_print(a, "%s(%s)%s", before, first, after);
    const struct text *fused = values_of(a, numbered(a, samples, SAMPLES), whole, &error);
    const struct text *piped = values_of(a, second, arena_print(a, "%sx%s", before, after), &error);
    if (!fused || !piped)
        fail_msg("%s: %s", whole, error.message);
    for (uint32_t r = 0; r < SAMPLES; r++)
        if (!text_equal(fused[r], piped[r]))
            fail_msg("%s of %s: %.*s fused, %.*s piped", whole, samples[r], (int)fused[r].len,
                     fused[r].at, (int)piped[r].len, piped[r].at);
    arena_free(a);
}

/* Whether a value is used at once or goes through a file: the same bytes. */
static void steps_make_no_difference(void **state)
{
    (void)state;
    static const char *const first[] = {"x / 3", "1 / x", "x * x * x", "x / 7 + 1", "x - 0.1"};
    static const char *const then[][2] = {
        {"3 * ", ""}, {"", " / 3"},          {"", " + 0.1"},     {"", " % 0.7"},
        {"1 / ", ""}, {"floor(", " * 100)"}, {"round(", ", 3)"}, {"0.1 == ", ""},
    };
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        for (size_t k = 0; k < sizeof then / sizeof *then; k++)
            compare_steps(then[k][0], first[i], then[k][1]);
}

static void named_expressions(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct error error = {0};
    struct text name;
    assert_non_null(expression_parse_named(a, "rate = 100 * x", &name, &error));
    assert_true(text_equal(name, TEXT("rate")));
    assert_non_null(expression_parse_named(a, "[taux, %]= x == 1", &name, &error));
    assert_true(text_equal(name, TEXT("taux, %")));
    assert_null(expression_parse_named(a, "x == 1", &name, &error));
    assert_int_equal(error.code, EX_USAGE);
    assert_non_null(strstr(error.message, "expected NAME = EXPRESSION"));
    error = (struct error){0};
    assert_null(expression_parse_named(a, "y = x = 1", &name, &error));
    assert_non_null(strstr(error.message, "write =="));
    arena_free(a);
}

static void note_column(void *with, uint32_t column)
{
    *(uint64_t *)with |= (uint64_t)1 << column;
}

static void columns_read(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct error error = {0};
    uint64_t columns = 0;
    struct expression *e = expression_parse(a, "if(age > 3, zero, code) in (1) or 1 > 2", &error);
    assert_int_equal(expression_bind(e, batch_of(a, person)->schema, &error), 0);
    expression_columns(e, note_column, &columns);
    assert_int_equal(columns, 1 | 1 << 3 | 1 << 5);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic),
        cmocka_unit_test(what_python_computes),
        cmocka_unit_test(functions_of_numbers),
        cmocka_unit_test(conditions),
        cmocka_unit_test(missing_values),
        cmocka_unit_test(branches_not_taken),
        cmocka_unit_test(functions_of_texts),
        cmocka_unit_test(dates_and_periods),
        cmocka_unit_test(names_of_columns),
        cmocka_unit_test(rows_one_by_one),
        cmocka_unit_test(truths),
        cmocka_unit_test(no_rows),
        cmocka_unit_test(steps_make_no_difference),
        cmocka_unit_test(named_expressions),
        cmocka_unit_test(columns_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
