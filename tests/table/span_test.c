/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans read off a calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "table/span.h"

static struct span parse(const char *text)
{
    struct span s;
    assert_true(span_parse(text_of(text), &s));
    return s;
}

static void check_previous(const char *text, const char *expected)
{
    struct span before;
    char out[PERIOD_TEXT + 1];
    bool has = span_previous(parse(text), &before);
    out[has ? span_format(before, out) : 0] = 0;
    assert_string_equal(out, expected);
}

static void test_previous(void **state)
{
    (void)state;
    check_previous("2018", "2017");
    check_previous("2018-Q1", "2017-Q4");
    check_previous("2018-S1", "2017-S2");
    check_previous("2018-03", "2018-02");
    check_previous("2018-01", "2017-12");
    check_previous("2023-01-01/P5M", "2022-01-01/P5M");
    check_previous("2024-01-01/P2M", "2023-11-01/P2M"); /* a sixth of a year */
    check_previous("2024-02-01/P2M", "2023-02-01/P2M"); /* none: February to March a year earlier */
    check_previous("2017-09-01/P12M", "2016-09-01/P12M");
    check_previous("2018-01-01/P5Y", "2013-01-01/P5Y");
    check_previous("2018-01-01/P331D", "2017-01-01/P331D");
    check_previous("2014-09-01", "");
    check_previous("0001", "");
}

static void test_months(void **state)
{
    (void)state;
    assert_int_equal(span_months(parse("2018")), 12);
    assert_int_equal(span_months(parse("2017-09-01/P1Y")), 12);
    assert_int_equal(span_months(parse("2020-02")), 1);
    assert_int_equal(span_months(parse("2018-01-01/P364D")), 0);
    assert_int_equal(span_months(parse("2018-01-01/P365D")), 12);
    assert_int_equal(span_months(parse("2018-12-31")), 0);
}

static void test_compare(void **state)
{
    (void)state;
    struct span year = parse("2018"), september = parse("2018-09"), last = parse("2018-12-31");
    assert_true(span_compare(year, september) > 0);
    assert_true(span_compare(year, last) < 0);
    assert_int_equal(span_compare(year, parse("2018-01-01/P12M")), 0);
    assert_true(span_equal(year, parse("2018-01-01/P365D")));
    assert_false(span_equal(year, last));
    assert_true(span_is_day(last));
    assert_false(span_is_day(year));
}

static void test_bad(void **state)
{
    (void)state;
    struct span s;
    assert_false(span_parse(TEXT(""), &s));
    assert_false(span_parse(TEXT("_U"), &s));
    assert_false(span_parse(TEXT("2018-13"), &s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_previous),
        cmocka_unit_test(test_months),
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_bad),
    };
    return cmocka_run_group_tests_name("table/span", tests, NULL, NULL);
}
