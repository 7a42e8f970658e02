/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Functions of dates (YYYY-MM-DD) and periods; the calendar itself is base/period.
 */
#include "base/period.h"
#include "table/expression_tree.h"

static bool read_date(struct evaluation *e, const union value *a, uint32_t argument,
                      struct date *date)
{
    if (date_parse(a[argument].text, date))
        return true;
    evaluation_fault(e, argument, "not a date YYYY-MM-DD");
    return false;
}

static bool read_two_dates(struct evaluation *e, const union value *a, struct date *first,
                           struct date *second)
{
    return read_date(e, a, 0, first) && read_date(e, a, 1, second);
}

static bool read_period(struct evaluation *e, const union value *a, struct date *first,
                        struct date *last)
{
    if (period_parse(a[0].text, first, last))
        return true;
    evaluation_fault(e, 0,
                     "not a period (2018, 2018-S1, 2018-Q3, 2018-08, 2018-08-31, "
                     "2018-01-01/P9M)");
    return false;
}

static union value integer(int64_t n)
{
    return value_of_number(number_of_integer(n));
}

static union value date_text(struct evaluation *e, struct date date)
{
    char out[DATE_TEXT];
    size_t len = date_format(date, out);
    return value_of_text((struct text){arena_copy(e->arena, out, len), (uint32_t)len});
}

static union value call_year(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    struct date d;
    return read_date(e, a, 0, &d) ? integer(d.year) : value_missing(TYPE_NUMBER);
}

static union value call_month(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    struct date d;
    return read_date(e, a, 0, &d) ? integer(d.month) : value_missing(TYPE_NUMBER);
}

static union value call_day(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    struct date d;
    return read_date(e, a, 0, &d) ? integer(d.day) : value_missing(TYPE_NUMBER);
}

static union value call_quarter(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    struct date d;
    return read_date(e, a, 0, &d) ? integer((d.month + 2) / 3) : value_missing(TYPE_NUMBER);
}

static union value call_date(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    int64_t year = 0, month = 0, day = 0;
    if (!number_integer(a[0].number, 1, 9999, &year))
        return evaluation_fault(e, 0, "date() takes a year from 1 to 9999");
    if (!number_integer(a[1].number, 1, 12, &month))
        return evaluation_fault(e, 1, "date() takes a month from 1 to 12");
    bool whole = number_integer(a[2].number, 1, 31, &day);
    struct date d = {(int)year, (int)month, (int)day};
    if (!whole || !date_valid(d))
        return evaluation_fault(e, 2, "date() takes a day that the month has");
    return date_text(e, d);
}

static union value call_days(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    struct date first, second;
    if (!read_two_dates(e, a, &first, &second))
        return value_missing(TYPE_NUMBER);
    return integer(date_days(second) - date_days(first));
}

static union value call_age(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    struct date birth, at;
    if (!read_two_dates(e, a, &birth, &at))
        return value_missing(TYPE_NUMBER);
    if (date_compare(at, birth) < 0)
        return evaluation_fault(e, 1, "age() at a date before the birth");
    return integer(date_age(birth, at));
}

static union value call_period(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    struct date first, last;
    if (!read_two_dates(e, a, &first, &last))
        return value_missing(TYPE_TEXT);
    if (date_compare(last, first) < 0)
        return evaluation_fault(e, 1, "a period that ends before it starts");
    char out[PERIOD_TEXT];
    size_t len = period_format(first, last, out);
    return value_of_text((struct text){arena_copy(e->arena, out, len), (uint32_t)len});
}

/* A period that lies in several years has no year. */
static union value call_period_year(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    struct date first, last;
    if (!read_period(e, a, &first, &last) || first.year != last.year)
        return value_missing(TYPE_NUMBER);
    return integer(first.year);
}

static union value call_period_start(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    struct date first, last;
    return read_period(e, a, &first, &last) ? date_text(e, first) : value_missing(TYPE_TEXT);
}

static union value call_period_end(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    struct date first, last;
    return read_period(e, a, &first, &last) ? date_text(e, last) : value_missing(TYPE_TEXT);
}

static union value call_is_date(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    struct date d;
    return value_of_truth(date_parse(a[0].text, &d));
}

static union value call_is_period(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    struct date first, last;
    return value_of_truth(period_parse(a[0].text, &first, &last));
}

const struct function expression_date_functions[] = {
    {"age", "tt", 2, 2, 'n', 0, call_age},
    {"date", "nnn", 3, 3, 't', 0, call_date},
    {"day", "t", 1, 1, 'n', 0, call_day},
    {"days", "tt", 2, 2, 'n', 0, call_days},
    {"is_date", "x", 1, 1, 'b', 0, call_is_date},
    {"is_period", "x", 1, 1, 'b', 0, call_is_period},
    {"month", "t", 1, 1, 'n', 0, call_month},
    {"period", "tt", 2, 2, 't', 0, call_period},
    {"period_end", "x", 1, 1, 't', 0, call_period_end},
    {"period_start", "x", 1, 1, 't', 0, call_period_start},
    {"period_year", "x", 1, 1, 'n', 0, call_period_year},
    {"quarter", "t", 1, 1, 'n', 0, call_quarter},
    {"year", "t", 1, 1, 'n', 0, call_year},
    {0},
};
