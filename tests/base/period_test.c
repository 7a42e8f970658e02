/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates against gmtime_r of the C library; periods against a calendar on the wall. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/period.h"

enum { EPOCH = 719162 }; /* days from 0001-01-01 to 1970-01-01 */

static void days_agree_with_the_c_library(void **state)
{
    (void)state;
    for (int32_t day = -60000; day < 60000; day++) {
        time_t at = (time_t)day * 86400;
        struct tm tm;
        assert_non_null(gmtime_r(&at, &tm));
        struct date d = date_of_days(day + EPOCH);
        assert_int_equal(d.year, tm.tm_year + 1900);
        assert_int_equal(d.month, tm.tm_mon + 1);
        assert_int_equal(d.day, tm.tm_mday);
        assert_int_equal(date_days(d), day + EPOCH);
        assert_true(date_valid(d));
    }
}

static void first_and_last_days(void **state)
{
    (void)state;
    assert_int_equal(date_days((struct date){1, 1, 1}), 0);
    assert_int_equal(date_days((struct date){9999, 12, 31}), 3652058); /* 25 x 146097 - 367 */
    assert_int_equal(date_of_days(3652058).year, 9999);
    assert_int_equal(date_of_days(3652058).day, 31);
}

static void dates_that_are_none(void **state)
{
    (void)state;
    static const char *const bad[] = {"2018-02-29", "1900-02-29", "2018-13-01", "2018-00-10",
                                      "2018-04-31", "2018-1-01",  "0000-01-01", "2018/01/01",
                                      "18-01-01",   "2018-01-1x", "",           "2018-01-011"};
    struct date d;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(date_parse(text_of(bad[i]), &d));
    assert_true(date_parse(TEXT("2000-02-29"), &d));
    assert_true(date_parse(TEXT("2016-02-29"), &d));
}

static struct date day(const char *text)
{
    struct date d;
    if (!date_parse(text_of(text), &d))
        fail_msg("%s is no date", text);
    return d;
}

static void ages(void **state)
{
    (void)state;
    assert_int_equal(date_age(day("1990-06-15"), day("2018-06-14")), 27);
    assert_int_equal(date_age(day("1990-06-15"), day("2018-06-15")), 28);
    assert_int_equal(date_age(day("1990-06-15"), day("2018-12-31")), 28);
    assert_int_equal(date_age(day("2000-02-29"), day("2018-02-28")), 17);
    assert_int_equal(date_age(day("2000-02-29"), day("2018-03-01")), 18);
    assert_int_equal(date_age(day("2018-01-02"), day("2018-01-01")), -1);
}

static void periods_there_and_back(void **state)
{
    (void)state;
    static const struct {
        const char *first, *last, *period;
    } cases[] = {
        {"2018-01-01", "2018-12-31", "2018"},
        {"2018-01-01", "2018-06-30", "2018-S1"},
        {"2018-07-01", "2018-12-31", "2018-S2"},
        {"2018-07-01", "2018-09-30", "2018-Q3"},
        {"2018-10-01", "2018-12-31", "2018-Q4"},
        {"2018-08-01", "2018-08-31", "2018-08"},
        {"2016-02-01", "2016-02-29", "2016-02"},
        {"2014-09-01", "2014-09-01", "2014-09-01"},
        {"2018-01-01", "2018-09-30", "2018-01-01/P9M"},
        {"2018-02-01", "2018-07-31", "2018-02-01/P6M"},
        {"2018-02-01", "2018-04-30", "2018-02-01/P3M"},
        {"2018-07-01", "2019-06-30", "2018-07-01/P12M"},
        {"2017-12-01", "2018-01-31", "2017-12-01/P2M"},
        {"2004-01-01", "2020-12-31", "2004-01-01/P17Y"},
        {"2018-01-01", "2019-03-31", "2018-01-01/P15M"},
        {"2016-12-15", "2017-12-31", "2016-12-15/P382D"}, /* 17 + 365 */
        {"2018-01-01", "2018-01-30", "2018-01-01/P30D"},
        {"2016-02-01", "2016-02-28", "2016-02-01/P28D"},
        {"9999-01-01", "9999-12-31", "9999"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[PERIOD_TEXT + 1] = {0};
        struct date first, last;
        size_t n = period_format(day(cases[i].first), day(cases[i].last), out);
        assert_true(n <= PERIOD_TEXT);
        assert_string_equal(out, cases[i].period);
        assert_true(period_parse(text_of(out), &first, &last));
        assert_int_equal(date_compare(first, day(cases[i].first)), 0);
        assert_int_equal(date_compare(last, day(cases[i].last)), 0);
    }
}

static void other_ways_to_write_a_period(void **state)
{
    (void)state;
    struct date first, last;
    assert_true(period_parse(TEXT("2018-01-15/P2M"), &first, &last));
    assert_int_equal(date_compare(last, day("2018-03-14")), 0);
    assert_true(period_parse(TEXT("2016-02-28/P1Y"), &first, &last));
    assert_int_equal(date_compare(last, day("2017-02-27")), 0);
    assert_true(period_parse(TEXT("2018-01-01/P1D"), &first, &last));
    assert_int_equal(date_compare(last, day("2018-01-01")), 0);
}

static void periods_that_are_none(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "18",
        "2018-S3",
        "2018-Q0",
        "2018-Q5",
        "2018-13",
        "2018-",
        "2018-S",
        "2018-01-01/",
        "2018-01-01/P",
        "2018-S1x",
        "2018-01-01/9M",
        "2018-01-01/P0D",
        "2018-01-01/PM",
        "2018-01-01/P9W",
        "0000",
        "2018-01-31/P1M",
        "2018-01-01/P9M ",
        "9999-12-01/P2M",
        "9999-12-31/P2D",
        "2018-01-01/P99999999D",
    };
    struct date first, last;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (period_parse(text_of(bad[i]), &first, &last))
            fail_msg("%s was taken for a period", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_agree_with_the_c_library),
        cmocka_unit_test(first_and_last_days),
        cmocka_unit_test(dates_that_are_none),
        cmocka_unit_test(ages),
        cmocka_unit_test(periods_there_and_back),
        cmocka_unit_test(other_ways_to_write_a_period),
        cmocka_unit_test(periods_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
