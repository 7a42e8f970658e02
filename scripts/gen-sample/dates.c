/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calendar arithmetic by counting years and months: see dates.h. Cost: some hundred additions. */
#include "dates.h"

#include <stdbool.h>

static bool year_is_leap(uint32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static uint32_t year_length(uint32_t year)
{
    return year_is_leap(year) ? 366 : 365;
}

static uint32_t month_length(uint32_t year, uint32_t month)
{
    static const uint8_t length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return length[month - 1] + (month == 2 && year_is_leap(year) ? 1U : 0U);
}

uint32_t date_day(uint32_t year, uint32_t month, uint32_t day)
{
    uint32_t count = day - 1;
    for (uint32_t y = 1900; y < year; y++)
        count += year_length(y);
    for (uint32_t m = 1; m < month; m++)
        count += month_length(year, m);
    return count;
}

static uint32_t year_split(uint32_t *day)
{
    uint32_t year = 1900;
    while (*day >= year_length(year))
        *day -= year_length(year++);
    return year;
}

uint32_t date_year(uint32_t day)
{
    return year_split(&day);
}

uint32_t date_workday(uint32_t day)
{
    uint32_t weekday = day % 7; /* 0 is Monday */
    return weekday < 5 ? day : day - (weekday - 4);
}

static void digits_write(char *text, uint32_t value, unsigned count)
{
    while (count-- > 0) {
        text[count] = (char)('0' + value % 10);
        value /= 10;
    }
}

void date_write(uint32_t day, char text[DATE_LENGTH])
{
    uint32_t year = year_split(&day);
    uint32_t month = 1;
    while (day >= month_length(year, month))
        day -= month_length(year, month++);
    digits_write(text, year, 4);
    text[4] = '-';
    digits_write(text + 5, month, 2);
    text[7] = '-';
    digits_write(text + 8, day + 1, 2);
}
