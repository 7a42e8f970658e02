/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/period.h"

#include <stdio.h>

enum { LAST_YEAR = 9999 };

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int month_days(int year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

bool date_valid(struct date d)
{
    return d.year >= 1 && d.year <= LAST_YEAR && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
           d.day <= month_days(d.year, d.month);
}

/* Takes `digits` digits off the text; false where they are not all there. */
static bool take_digits(struct text *t, uint32_t digits, int *number)
{
    if (t->len < digits)
        return false;
    *number = 0;
    for (uint32_t i = 0; i < digits; i++) {
        if (t->at[i] < '0' || t->at[i] > '9')
            return false;
        *number = *number * 10 + (t->at[i] - '0');
    }
    t->at += digits;
    t->len -= digits;
    return true;
}

static bool take_byte(struct text *t, char c)
{
    if (t->len == 0 || t->at[0] != c)
        return false;
    t->at++;
    t->len--;
    return true;
}

bool date_parse(struct text t, struct date *d)
{
    return t.len == DATE_TEXT && take_digits(&t, 4, &d->year) && take_byte(&t, '-') &&
           take_digits(&t, 2, &d->month) && take_byte(&t, '-') && take_digits(&t, 2, &d->day) &&
           date_valid(*d);
}

static void put_digits(char *out, int number, int digits)
{
    for (int i = digits - 1; i >= 0; i--, number /= 10)
        out[i] = (char)('0' + number % 10);
}

size_t date_format(struct date d, char *out)
{
    put_digits(out, d.year, 4);
    out[4] = '-';
    put_digits(out + 5, d.month, 2);
    out[7] = '-';
    put_digits(out + 8, d.day, 2);
    return DATE_TEXT;
}

static int32_t days_before_year(int year)
{
    int past = year - 1;
    return 365 * past + past / 4 - past / 100 + past / 400;
}

int32_t date_days(struct date d)
{
    int32_t days = days_before_year(d.year);
    for (int month = 1; month < d.month; month++)
        days += month_days(d.year, month);
    return days + d.day - 1;
}

struct date date_of_days(int32_t days)
{
    struct date d = {days / 366 + 1, 1, 1};
    while (days_before_year(d.year + 1) <= days)
        d.year++;
    days -= days_before_year(d.year);
    while (days >= month_days(d.year, d.month))
        days -= month_days(d.year, d.month++);
    d.day = days + 1;
    return d;
}

int date_compare(struct date a, struct date b)
{
    if (a.year != b.year)
        return a.year - b.year;
    return a.month != b.month ? a.month - b.month : a.day - b.day;
}

int date_age(struct date birth, struct date at)
{
    struct date birthday = {at.year, birth.month, birth.day};
    return at.year - birth.year - (date_compare(at, birthday) < 0);
}

/* The day before the one that is `months` after d; false behind the last year. */
static bool months_end(struct date d, int months, struct date *last)
{
    int month = d.year * 12 + d.month - 1 + months;
    struct date next = {month / 12, month % 12 + 1, d.day};
    if (next.year > LAST_YEAR + 1 || d.day > 28)
        return false;
    *last = date_of_days(date_days(next) - 1);
    return date_valid(*last);
}

static bool days_end(struct date d, int days, struct date *last)
{
    *last = date_of_days(date_days(d) + days - 1);
    return date_valid(*last);
}

/* `P9M` behind the slash; the count has no leading zero and at most 7 digits. */
static bool parse_duration(struct text t, struct date first, struct date *last)
{
    int count;
    if (!take_byte(&t, 'P') || t.len < 2 || t.len > 8 || t.at[0] == '0' ||
        !take_digits(&t, t.len - 1, &count))
        return false;
    switch (t.at[0]) {
    case 'D':
        return days_end(first, count, last);
    case 'M':
        return months_end(first, count, last);
    case 'Y':
        return count <= LAST_YEAR && months_end(first, 12 * count, last);
    default:
        return false;
    }
}

static bool month_span(int year, int month, int months, struct date *first, struct date *last)
{
    *first = (struct date){year, month, 1};
    return date_valid(*first) && months_end(*first, months, last);
}

/* What follows `YYYY-`: S1, Q3 or 08. */
static bool parse_part(struct text t, int year, struct date *first, struct date *last)
{
    int part;
    if (t.len != 2)
        return false;
    if (take_byte(&t, 'S'))
        return take_digits(&t, 1, &part) && part >= 1 && part <= 2 &&
               month_span(year, 6 * part - 5, 6, first, last);
    if (take_byte(&t, 'Q'))
        return take_digits(&t, 1, &part) && part >= 1 && part <= 4 &&
               month_span(year, 3 * part - 2, 3, first, last);
    return take_digits(&t, 2, &part) && month_span(year, part, 1, first, last);
}

bool period_parse(struct text t, struct date *first, struct date *last)
{
    if (t.len >= DATE_TEXT) {
        if (!date_parse((struct text){t.at, DATE_TEXT}, first))
            return false;
        *last = *first;
        t.at += DATE_TEXT;
        t.len -= DATE_TEXT;
        return t.len == 0 || (take_byte(&t, '/') && parse_duration(t, *first, last));
    }
    int year;
    if (!take_digits(&t, 4, &year))
        return false;
    if (t.len == 0)
        return month_span(year, 1, 12, first, last);
    return take_byte(&t, '-') && parse_part(t, year, first, last);
}

static size_t format_span(struct date first, int count, char unit, char *out)
{
    char buffer[PERIOD_TEXT];
    size_t n = date_format(first, out);
    int tail = snprintf(buffer, sizeof buffer, "/P%d%c", count, unit);
    memcpy(out + n, buffer, (size_t)tail);
    return n + (size_t)tail;
}

/* `2018-S1`: the year, a letter and the number of the part. */
static size_t format_part(struct date first, char letter, int months, char *out)
{
    put_digits(out, first.year, 4);
    out[4] = '-';
    out[5] = letter;
    out[6] = (char)('0' + (first.month - 1) / months + 1);
    return 7;
}

static size_t format_months(struct date first, int months, char *out)
{
    char day[DATE_TEXT];
    int since = first.month - 1;
    if (months == 6 && since % 6 == 0)
        return format_part(first, 'S', 6, out);
    if (months == 3 && since % 3 == 0)
        return format_part(first, 'Q', 3, out);
    if (since == 0 && months > 12 && months % 12 == 0)
        return format_span(first, months / 12, 'Y', out);
    if (months != 1 && (since != 0 || months != 12))
        return format_span(first, months, 'M', out);
    size_t n = months == 1 ? 7 : 4;
    date_format(first, day);
    memcpy(out, day, n);
    return n;
}

size_t period_format(struct date first, struct date last, char *out)
{
    if (date_compare(first, last) == 0)
        return date_format(first, out);
    if (first.day == 1 && last.day == month_days(last.year, last.month))
        return format_months(first, 12 * (last.year - first.year) + last.month - first.month + 1,
                             out);
    return format_span(first, date_days(last) - date_days(first) + 1, 'D', out);
}
