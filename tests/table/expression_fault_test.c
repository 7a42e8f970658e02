/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is wrong with expressions and rows, and how it is told.
 */
#include "expression_check.h"

struct wrong {
    const char *source;
    int code;
    const char *message;
};

static void wrong_texts(void **state)
{
    (void)state;
    static const struct wrong cases[] = {
        {"", EX_USAGE, "expected a value"},
        {"age =", EX_USAGE, "write =="},
        {"age = 3", EX_USAGE, "write == (character 5: = 3)"},
        {"age <> 3", EX_USAGE, "write !="},
        {"age => 3", EX_USAGE, "write >="},
        {"age && 3", EX_USAGE, "write and"},
        {"!age", EX_USAGE, "write not"},
        {"age ~ 'x'", EX_USAGE, "write match("},
        {"age ≥ 3", EX_USAGE, "write >="},
        {"sex == ’F’", EX_USAGE, "write '"},
        {"age >", EX_USAGE, "expected a value"},
        {"age 3", EX_USAGE, "expected an operator"},
        {"(age > 3", EX_USAGE, "this ( is not closed (character 1"},
        {"age > 3)", EX_USAGE, "closes nothing"},
        {"sex == 'F", EX_USAGE, "this ' is not closed (character 8"},
        {"[age > 3", EX_USAGE, "this [ is not closed"},
        {"[]", EX_USAGE, "empty name"},
        {"age > 1,5", EX_USAGE, "written with a point"},
        {"age > 1.", EX_USAGE, "behind its point"},
        {"age > .5", EX_USAGE, "before its point"},
        {"2018_total", EX_USAGE, "brackets"},
        {"1 < age < 3", EX_USAGE, "a < b and b < c"},
        {"age in 3", EX_USAGE, "expected ( behind in"},
        {"age in ()", EX_USAGE, "expected a number or a 'text'"},
        {"age in (1, 'a')", EX_USAGE, "either numbers or texts"},
        {"age in (sex)", EX_USAGE, "expected a number or a 'text'"},
        {"age not 3", EX_USAGE, "expected in behind not"},
        {"round(1, )", EX_USAGE, "expected an argument"},
        {"round(1", EX_USAGE, "expected , or )"},
        {"1e999", EX_USAGE, "too large"},
        {"age # 3", EX_USAGE, "no meaning"},
        {"élève ==  ? ", EX_USAGE, "(character 11"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_fault(cases[i].source, cases[i].code, cases[i].message);
}

static void wrong_meanings(void **state)
{
    (void)state;
    static const struct wrong cases[] = {
        {"agee > 3", EX_DATAERR, "no column \"agee\"; there is \"age\""},
        {"Sex == 'F'", EX_DATAERR, "there is \"sex\""},
        {"zzzzzz > 3", EX_DATAERR, "no column \"zzzzzz\""},
        {"rond(3.5)", EX_USAGE, "no function rond(); there is round()"},
        {"Coalesce(1)", EX_USAGE, "there is coalesce()"},
        {"if(age > 3, 1)", EX_USAGE, "if() takes 3 arguments, not 2"},
        {"round(1, 2, 3)", EX_USAGE, "round() takes 1 to 2 arguments, not 3"},
        {"min()", EX_USAGE, "min() takes at least 1 argument"},
        {"upper(3)", EX_USAGE, "upper wants a text, not a number: text() writes a number"},
        {"'a' + 1", EX_USAGE, "+ wants a number, not a text: number() reads one from a text"},
        {"upper(sex) > 3", EX_USAGE, "wants a text, not a number"},
        {"age and sex", EX_USAGE, "and wants a condition, not a column"},
        {"not age", EX_USAGE, "not wants a condition"},
        {"if(age, 1, 2)", EX_USAGE, "the condition of if() wants a condition, not a column"},
        {"if(age > 3, 1, 'a')", EX_USAGE, "if wants a number, not a text"},
        {"coalesce(age > 3, 1)", EX_USAGE, "coalesce wants a condition, not a number"},
        {"(age > 3) < (age > 4)", EX_USAGE, "conditions have no order"},
        {"sex == ''", EX_USAGE, "write is_missing"},
        {"missing != sex", EX_USAGE, "write is_missing"},
        {"match(sex, age)", EX_USAGE, "is written out"},
        {"match(sex, '(')", EX_USAGE, "the pattern of match() is wrong"},
        {"age + (age > 3)", EX_USAGE, "+ wants a number, not a condition"},
        {"lower(age) in (1)", EX_USAGE, "the list of in wants a number, not a text"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_fault(cases[i].source, cases[i].code, cases[i].message);
}

static void wrong_rows(void **state)
{
    (void)state;
    static const struct wrong cases[] = {
        {"sex + 1", EX_DATAERR, "column \"sex\": not a number"},
        {"sex > 3", EX_DATAERR, "column \"sex\": not a number"},
        {"number(sex)", EX_DATAERR, "column \"sex\": not a number"},
        {"number(upper(sex))", EX_DATAERR, "not a number"},
        {"age / zero", EX_DATAERR, "column \"zero\": division by zero"},
        {"age / (nine - 9)", EX_DATAERR, "division by zero (character 5"},
        {"1 / 0", EX_DATAERR, "division by zero"},
        {"age % zero", EX_DATAERR, "division by zero"},
        {"1e308 * 10 * age", EX_DATAERR, "too large"},
        {"year(sex)", EX_DATAERR, "column \"sex\": not a date"},
        {"days(birth, sex)", EX_DATAERR, "column \"sex\": not a date"},
        {"age(visit, birth)", EX_DATAERR, "column \"birth\": age() at a date before the birth"},
        {"period(visit, birth)", EX_DATAERR, "ends before it starts"},
        {"period_start(sex)", EX_DATAERR, "column \"sex\": not a period"},
        {"date(2018, 2, 29)", EX_DATAERR, "a day that the month has"},
        {"date(2018, 13, 1)", EX_DATAERR, "a month from 1 to 12"},
        {"substr(word, 0)", EX_DATAERR, "from 1"},
        {"substr(word, 1.5)", EX_DATAERR, "from 1"},
        {"round(age, 0.5)", EX_DATAERR, "whole number of digits"},
        {"coalesce(empty, sex) + 1", EX_DATAERR, "column \"sex\": not a number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_fault(cases[i].source, cases[i].code, cases[i].message);
}

/* What a message names must not be what a cell holds. */
static void faults_show_no_cell(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct row row[] = {{"n", "Jeanne Exemple"}, {NULL, NULL}};
    struct error error = {0};
    assert_null(values_of(a, batch_of(a, row), "n + 1", &error));
    assert_null(strstr(error.message, "Jeanne"));
    arena_free(a);
}

static char *repeat(struct arena *a, const char *piece, uint32_t times, const char *end)
{
    size_t len = strlen(piece);
    char *out = arena_alloc(a, len * times + strlen(end) + 1);
    for (uint32_t i = 0; i < times; i++)
        memcpy(out + i * len, piece, len);
    memcpy(out + len * times, end, strlen(end) + 1);
    return out;
}

static void limits(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    check_fault(repeat(a, "(", 5000, "1"), EX_USAGE, "nested too deeply");
    check_fault(repeat(a, "not ", 5000, "1"), EX_USAGE, "nested too deeply");
    check_fault(repeat(a, "- ", 5000, "1"), EX_USAGE, "nested too deeply");
    check_fault(repeat(a, "abs(", 5000, "1"), EX_USAGE, "nested too deeply");
    check_fault(repeat(a, "age + ", 5000, "1"), EX_USAGE, "over 1000 levels");
    check_fault(repeat(a, "age + ", 50000, "1"), EX_USAGE, "65536 bytes");
    check_value(repeat(a, "age + ", 900, "1"), "30601");
    check_value(repeat(a, "abs(", 200,
                       "age))))))))))))))))))))))))))))))))))))))))))))))))))))))))"
                       "))))))))))))))))))))))))))))))))))))))))))))))))))))))))"
                       "))))))))))))))))))))))))))))))))))))))))))))))))))))))))"
                       "))))))))))))))))))))))))))))))))"),
                "34");
    char *many = repeat(a, "1,", 101, "2)");
    check_fault(arena_print(a, "max(%s", many), EX_USAGE, "at most 100 arguments");
    arena_free(a);
}

static struct error fault_of(struct arena *a, const char *const *cells, uint32_t rows,
                             const char *source)
{
    struct error error = {0};
    assert_null(values_of(a, numbered(a, cells, rows), source, &error));
    return error;
}

/* x/0 is computed before x*'no number' is met, but the earlier row is the one to tell. */
static void first_row_is_told(void **state)
{
    (void)state;
    static const char *const cells[] = {"1", "no number", "0"};
    struct arena *a = arena_new();
    const char *source = "if(x == '0', 1 / number(x), 1) + if(x == 'no number', number(x), 1)";
    assert_non_null(strstr(fault_of(a, cells, 3, source).message, "not a number"));
    assert_non_null(strstr(fault_of(a, cells + 2, 1, source).message, "division by zero"));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_texts), cmocka_unit_test(wrong_meanings),
        cmocka_unit_test(wrong_rows),  cmocka_unit_test(faults_show_no_cell),
        cmocka_unit_test(limits),      cmocka_unit_test(first_row_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
