/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates checked with `date -d` and a printed calendar: weeks of 2015 (53 of them), 2018, 2020. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "table/period.h"

static void check_days(const char *text, const char *first, const char *last)
{
    struct period p;
    int32_t a, b;
    assert_true(period_parse(text_of(text), &p));
    assert_true(date_parse(text_of(first), &a));
    assert_true(date_parse(text_of(last), &b));
    assert_int_equal(p.first, a);
    assert_int_equal(p.last, b);
}

static void check_format(const char *text, const char *expected)
{
    struct period p;
    char out[PERIOD_TEXT + 1];
    assert_true(period_parse(text_of(text), &p));
    out[period_format(p, out)] = 0;
    assert_string_equal(out, expected);
}

static void check_bad(const char *text)
{
    struct period p;
    if (period_parse(text_of(text), &p))
        fail_msg("%s was taken for a period", text);
}

static void check_previous(const char *text, const char *expected)
{
    struct period p, before;
    char out[PERIOD_TEXT + 1];
    assert_true(period_parse(text_of(text), &p));
    bool has = period_previous(p, &before);
    out[has ? period_format(before, out) : 0] = 0;
    assert_string_equal(out, expected);
}

static void test_days(void **state)
{
    (void)state;
    check_days("2018", "2018-01-01", "2018-12-31");
    check_days("2018-A1", "2018-01-01", "2018-12-31");
    check_days("2018-S2", "2018-07-01", "2018-12-31");
    check_days("2018-T2", "2018-05-01", "2018-08-31");
    check_days("2018-Q3", "2018-07-01", "2018-09-30");
    check_days("2020-02", "2020-02-01", "2020-02-29");
    check_days("1900-02", "1900-02-01", "1900-02-28");
    check_days("2018-M08", "2018-08-01", "2018-08-31");
    check_days("2014-09-01", "2014-09-01", "2014-09-01");
    check_days("2015-W53", "2015-12-28", "2016-01-03");
    check_days("2018-W01", "2018-01-01", "2018-01-07");
    check_days("2020-W01", "2019-12-30", "2020-01-05");
    check_days("2020-D060", "2020-02-29", "2020-02-29");
    check_days("2018-01-01/P9M", "2018-01-01", "2018-09-30");
    check_days("2002-01-01/P19Y", "2002-01-01", "2020-12-31");
    check_days("2018-01-01/P10M27D", "2018-01-01", "2018-11-27");
    check_days("2017-09-01/P1Y", "2017-09-01", "2018-08-31");
    check_days("2018-01-01/P2W", "2018-01-01", "2018-01-14");
}

static void test_bad(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",           "18",           "0000",          "2018-13",        "2018-00",
        "2018-Q5",    "2018-Q0",      "2018-S",        "2018-X1",        "2018-02-30",
        "2018-1-1",   "2018-M13",     "2018-W54",      "2018-W53",       "2018-D366",
        "2018-01-01/","2018-01-01/P", "2018-01-01/9M", "2018-01-01/P0D", "2018-01-01/P1D1M",
        "2018/P1M",   "2018-01-01/PT5H", "_U",         "2018 ",          "+2018",
        "9999-01-01/P2Y", "2018-01-01/P1M1M", "2018-01-01/PM", "2018-Q11"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        check_bad(bad[i]);
}

static void test_format(void **state)
{
    (void)state;
    check_format("2018-01-01/P1Y", "2018");
    check_format("2018-01-01/P12M", "2018");
    check_format("2018-07-01/P6M", "2018-S2");
    check_format("2018-04-01/P6M", "2018-04-01/P6M");
    check_format("2018-09-01/P4M", "2018-T3");
    check_format("2018-10-01/P3M", "2018-Q4");
    check_format("2018-M08", "2018-08");
    check_format("2018-08-05/P1D", "2018-08-05");
    check_format("2015-12-28/P7D", "2015-W53");
    check_format("2018-01-01/P10M27D", "2018-01-01/P331D");
    check_format("2002-01-01/P19Y", "2002-01-01/P19Y");
    check_format("2018-01-01/P9M", "2018-01-01/P9M");
    check_format("2017-09-01/P1Y", "2017-09-01/P1Y");
}

static void test_previous(void **state)
{
    (void)state;
    check_previous("2018", "2017");
    check_previous("2018-Q1", "2017-Q4");
    check_previous("2018-S1", "2017-S2");
    check_previous("2018-03", "2018-02");
    check_previous("2016-W01", "2015-W53");
    check_previous("2023-01-01/P5M", "2022-01-01/P5M");
    check_previous("2024-01-01/P2M", "2023-01-01/P2M");
    check_previous("2017-09-01/P1Y", "2016-09-01/P1Y");
    check_previous("2018-01-01/P5Y", "2013-01-01/P5Y");
    check_previous("2014-09-01", "");
    check_previous("0001", "");
}

static void test_every_day(void **state)
{
    (void)state;
    int y, m, d;
    for (int32_t day = 0; day < 800000; day += 13) {
        date_split(day, &y, &m, &d);
        assert_int_equal(date_day(y, m, d), day);
    }
    assert_int_equal(date_day(1970, 1, 1), 719162); /* days of 1969 years: Python's toordinal() - 1 */
    assert_int_equal(date_add_months(date_day(2018, 1, 31), 1), date_day(2018, 2, 28));
}

static void test_compare(void **state)
{
    (void)state;
    struct period year, september, last;
    assert_true(period_parse(TEXT("2018"), &year));
    assert_true(period_parse(TEXT("2018-09"), &september));
    assert_true(period_parse(TEXT("2018-12-31"), &last));
    assert_true(period_compare(year, september) > 0);
    assert_true(period_compare(year, last) < 0);
    assert_int_equal(period_compare(year, year), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days),      cmocka_unit_test(test_bad),
        cmocka_unit_test(test_format),    cmocka_unit_test(test_previous),
        cmocka_unit_test(test_every_day), cmocka_unit_test(test_compare),
    };
    return cmocka_run_group_tests_name("table/period", tests, NULL, NULL);
}
