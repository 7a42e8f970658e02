/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/span.h"

bool span_parse(struct text t, struct span *s)
{
    struct date first, last;
    if (!period_parse(t, &first, &last))
        return false;
    *s = (struct span){date_days(first), date_days(last)};
    return true;
}

size_t span_format(struct span s, char *out)
{
    return period_format(date_of_days(s.first), date_of_days(s.last), out);
}

bool span_is_day(struct span s)
{
    return s.first == s.last;
}

int span_months(struct span s)
{
    struct date first = date_of_days(s.first), behind = date_of_days(s.last + 1);
    if (first.day != behind.day || first.day > 28)
        return 0;
    return 12 * (behind.year - first.year) + behind.month - first.month;
}

bool span_equal(struct span a, struct span b)
{
    return a.first == b.first && a.last == b.last;
}

int span_compare(struct span a, struct span b)
{
    if (a.last != b.last)
        return a.last < b.last ? -1 : 1;
    return a.first < b.first ? -1 : a.first > b.first;
}

/* The day `months` before; the last of the month where that is shorter; -1 before the first year. */
static int32_t day_before(int32_t day, int months)
{
    struct date d = date_of_days(day);
    int month = 12 * d.year + d.month - 1 - months;
    if (month < 12)
        return -1;
    int year = month / 12, length = month_days(year, month % 12 + 1);
    return date_days((struct date){year, month % 12 + 1, d.day < length ? d.day : length});
}

/* A month, a quarter, a half: months that divide the year, begun where they divide it. */
static bool is_part_of_year(struct span s, int months)
{
    struct date first = date_of_days(s.first);
    return months && 12 % months == 0 && first.day == 1 && (first.month - 1) % months == 0;
}

bool span_previous(struct span s, struct span *before)
{
    if (span_is_day(s))
        return false;
    int months = span_months(s);
    if (!is_part_of_year(s, months) && (months == 0 || months % 12))
        months = 12;
    before->first = day_before(s.first, months);
    before->last = day_before(s.last + 1, months) - 1;
    return before->first >= 0;
}
