/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/period.h"

#include <stdio.h>

enum { LAST_YEAR = 9999 };

/* ---- dates ---- */

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_length(int year, int month)
{
    static const int length[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return length[month - 1] + (month == 2 && is_leap(year));
}

/* The day number of 1 January. */
static int32_t year_day(int year)
{
    int before = year - 1;
    return 365 * before + before / 4 - before / 100 + before / 400;
}

int32_t date_day(int year, int month, int day)
{
    if (year < 1 || year > LAST_YEAR || month < 1 || month > 12 || day < 1 ||
        day > month_length(year, month))
        return -1;
    int32_t n = year_day(year) + day - 1;
    for (int m = 1; m < month; m++)
        n += month_length(year, m);
    return n;
}

void date_split(int32_t day, int *year, int *month, int *dom)
{
    int y = day / 366 + 1; /* never too late */
    while (year_day(y + 1) <= day)
        y++;
    int32_t rest = day - year_day(y);
    int m = 1;
    while (rest >= month_length(y, m))
        rest -= month_length(y, m++);
    *year = y;
    *month = m;
    *dom = rest + 1;
}

int32_t date_add_months(int32_t day, int months)
{
    int y, m, d;
    date_split(day, &y, &m, &d);
    long total = 12L * y + (m - 1) + months;
    if (total < 12 || total >= 12L * (LAST_YEAR + 1))
        return -1;
    y = (int)(total / 12);
    m = (int)(total % 12) + 1;
    int length = month_length(y, m);
    return date_day(y, m, d < length ? d : length);
}

/* ---- reading ---- */

/* Exactly n digits at the front of *t are cut off. */
static bool take_digits(struct text *t, uint32_t n, int *value)
{
    if (t->len < n)
        return false;
    int v = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (t->at[i] < '0' || t->at[i] > '9')
            return false;
        v = v * 10 + (t->at[i] - '0');
    }
    *t = (struct text){t->at + n, t->len - n};
    *value = v;
    return true;
}

static bool take_char(struct text *t, char c)
{
    if (t->len == 0 || t->at[0] != c)
        return false;
    *t = (struct text){t->at + 1, t->len - 1};
    return true;
}

bool date_parse(struct text t, int32_t *day)
{
    int y, m, d;
    if (!take_digits(&t, 4, &y) || !take_char(&t, '-') || !take_digits(&t, 2, &m) ||
        !take_char(&t, '-') || !take_digits(&t, 2, &d) || t.len)
        return false;
    *day = date_day(y, m, d);
    return *day >= 0;
}

/* Months first..first+count-1 of a year; false where they are not in it. */
static bool months_of(int year, int first, int count, struct period *p)
{
    p->first = date_day(year, first, 1);
    int last = first + count - 1;
    if (p->first < 0 || last > 12)
        return false;
    p->last = date_day(year, last, month_length(year, last));
    return true;
}

/* ISO 8601: week 1 is the one with 4 January in it; weeks begin on Monday. */
static bool week_of(int year, int week, struct period *p)
{
    int32_t fourth = date_day(year, 1, 4);
    if (fourth < 0 || week < 1 || week > 53)
        return false;
    p->first = fourth - fourth % 7 + 7 * (week - 1);
    p->last = p->first + 6;
    int y, m, d;
    date_split(p->first + 3, &y, &m, &d); /* the Thursday tells whose week it is */
    return p->first >= 0 && y == year;
}

static bool day_of_year(int year, int day, struct period *p)
{
    if (day < 1 || day > 365 + is_leap(year))
        return false;
    p->first = p->last = year_day(year) + day - 1;
    return true;
}

/* What follows `2018-`: a letter and a number of fixed width. */
static bool reporting_parse(int year, struct text t, struct period *p)
{
    static const struct {
        char letter;
        uint8_t digits, months, most;
    } unit[] = {{'A', 1, 12, 1}, {'S', 1, 6, 2}, {'T', 1, 4, 3}, {'Q', 1, 3, 4}, {'M', 2, 1, 12}};
    int n;
    if (take_char(&t, 'W'))
        return take_digits(&t, 2, &n) && t.len == 0 && week_of(year, n, p);
    if (take_char(&t, 'D'))
        return take_digits(&t, 3, &n) && t.len == 0 && day_of_year(year, n, p);
    for (size_t i = 0; i < sizeof unit / sizeof *unit; i++)
        if (take_char(&t, unit[i].letter))
            return take_digits(&t, unit[i].digits, &n) && t.len == 0 && n >= 1 && n <= unit[i].most &&
                   months_of(year, (n - 1) * unit[i].months + 1, unit[i].months, p);
    return false;
}

static bool take_number(struct text *t, int *value)
{
    int digit, v = 0, n = 0;
    while (n < 6 && take_digits(t, 1, &digit)) {
        v = v * 10 + digit;
        n++;
    }
    *value = v;
    return n > 0;
}

/* `P9M`: the day behind the last one, or -1. */
static int32_t duration_end(int32_t first, struct text t)
{
    static const char letter[] = "YMWD";
    int amount[4] = {0}, at = -1;
    if (!take_char(&t, 'P') || t.len == 0)
        return -1;
    while (t.len) {
        int value;
        if (!take_number(&t, &value))
            return -1;
        const char *found = t.len ? strchr(letter, t.at[0]) : NULL;
        if (!found || !*found || (int)(found - letter) <= at)
            return -1;
        at = (int)(found - letter);
        amount[at] = value;
        take_char(&t, *found);
    }
    if (amount[0] > LAST_YEAR)
        return -1;
    int32_t end = date_add_months(first, 12 * amount[0] + amount[1]);
    return end < 0 ? -1 : end + 7 * amount[2] + amount[3];
}

static bool range_parse(struct text t, uint32_t slash, struct period *p)
{
    if (!date_parse((struct text){t.at, slash}, &p->first))
        return false;
    int32_t end = duration_end(p->first, (struct text){t.at + slash + 1, t.len - slash - 1});
    p->last = end - 1;
    return end > p->first && end <= year_day(LAST_YEAR + 1);
}

bool period_parse(struct text t, struct period *p)
{
    const char *slash = t.len ? memchr(t.at, '/', t.len) : NULL;
    if (slash)
        return range_parse(t, (uint32_t)(slash - t.at), p);
    if (t.len == 10) {
        bool good = date_parse(t, &p->first);
        p->last = p->first;
        return good;
    }
    int year, month;
    if (!take_digits(&t, 4, &year) || year < 1)
        return false;
    if (t.len == 0)
        return months_of(year, 1, 12, p);
    if (!take_char(&t, '-') || t.len == 0)
        return false;
    if (t.len == 2 && take_digits(&t, 2, &month) && t.len == 0)
        return month <= 12 && months_of(year, month, 1, p);
    return reporting_parse(year, t, p);
}

/* ---- what a period is ---- */

int period_months(struct period p)
{
    int y, m, d, y2, m2, d2;
    date_split(p.first, &y, &m, &d);
    date_split(p.last + 1, &y2, &m2, &d2);
    return d == d2 && d <= 28 ? 12 * (y2 - y) + m2 - m : 0;
}

enum period_kind period_kind(struct period p)
{
    if (p.first == p.last)
        return PERIOD_DAY;
    if (p.last - p.first == 6 && p.first % 7 == 0)
        return PERIOD_WEEK;
    int y, m, d;
    date_split(p.first, &y, &m, &d);
    int months = d == 1 ? period_months(p) : 0;
    if (months == 0 || months > 12 || (m - 1) % months != 0)
        return PERIOD_RANGE;
    switch (months) {
    case 1:
        return PERIOD_MONTH;
    case 3:
        return PERIOD_QUARTER;
    case 4:
        return PERIOD_TRIMESTER;
    case 6:
        return PERIOD_SEMESTER;
    case 12:
        return PERIOD_YEAR;
    default:
        return PERIOD_RANGE;
    }
}

bool period_equal(struct period a, struct period b)
{
    return a.first == b.first && a.last == b.last;
}

int period_compare(struct period a, struct period b)
{
    if (a.last != b.last)
        return a.last < b.last ? -1 : 1;
    return a.first < b.first ? -1 : a.first > b.first;
}

static struct period period_shift(struct period p, int months)
{
    int32_t end = date_add_months(p.last + 1, months);
    return (struct period){date_add_months(p.first, months), end < 0 ? -1 : end - 1};
}

bool period_previous(struct period p, struct period *before)
{
    enum period_kind kind = period_kind(p);
    if (kind == PERIOD_DAY)
        return false;
    if (kind == PERIOD_WEEK) {
        *before = (struct period){p.first - 7, p.last - 7};
        return before->first >= 0;
    }
    int months = period_months(p);
    if (kind == PERIOD_RANGE && (months == 0 || months % 12))
        months = 12;
    *before = period_shift(p, -months);
    return before->first >= 0 && before->last >= 0;
}

/* ---- writing ---- */

static int range_format(struct period p, char *out, size_t room)
{
    int y, m, d, months = period_months(p);
    date_split(p.first, &y, &m, &d);
    int n = months ? (months % 12 ? months : months / 12) : p.last - p.first + 1;
    char unit = !months ? 'D' : months % 12 ? 'M' : 'Y';
    return snprintf(out, room, "%04d-%02d-%02d/P%d%c", y, m, d, n, unit);
}

static int week_format(struct period p, char *out, size_t room)
{
    int y, m, d;
    date_split(p.first + 3, &y, &m, &d);
    return snprintf(out, room, "%04d-W%02d", y, (p.first + 3 - year_day(y)) / 7 + 1);
}

static int period_print(struct period p, char *out, size_t room)
{
    int y, m, d;
    date_split(p.first, &y, &m, &d);
    switch (period_kind(p)) {
    case PERIOD_YEAR:
        return snprintf(out, room, "%04d", y);
    case PERIOD_SEMESTER:
        return snprintf(out, room, "%04d-S%d", y, (m - 1) / 6 + 1);
    case PERIOD_TRIMESTER:
        return snprintf(out, room, "%04d-T%d", y, (m - 1) / 4 + 1);
    case PERIOD_QUARTER:
        return snprintf(out, room, "%04d-Q%d", y, (m - 1) / 3 + 1);
    case PERIOD_MONTH:
        return snprintf(out, room, "%04d-%02d", y, m);
    case PERIOD_WEEK:
        return week_format(p, out, room);
    case PERIOD_DAY:
        return snprintf(out, room, "%04d-%02d-%02d", y, m, d);
    case PERIOD_RANGE:
        break;
    }
    return range_format(p, out, room);
}

size_t period_format(struct period p, char *out)
{
    char buffer[64];
    int n = period_print(p, buffer, sizeof buffer);
    size_t len = n < 0 ? 0 : (size_t)n < PERIOD_TEXT ? (size_t)n : (size_t)PERIOD_TEXT;
    memcpy(out, buffer, len);
    return len;
}
