/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/serial.h"

#include <math.h>
#include <stdio.h>

static const double day_length = 86400000.0;

size_t serial_clock(double milliseconds, char *out)
{
    if (!(fabs(milliseconds) < 1e15))
        return 0;
    long long all = llround(fabs(milliseconds)), second = all / 1000;
    int n = snprintf(out, SERIAL_TEXT, "%s%02lld:%02lld:%02lld", milliseconds < 0 && all ? "-" : "",
                     second / 3600, second / 60 % 60, second % 60);
    if (n > 0 && all % 1000)
        n += snprintf(out + n, SERIAL_TEXT - (size_t)n, ".%03lld", all % 1000);
    return n < 0 ? 0 : (size_t)n;
}

size_t serial_moment(int32_t from, double milliseconds, bool time, char *out)
{
    static const struct date last = {9999, 12, 31};
    if (!(fabs(milliseconds) < 1e15))
        return 0;
    double whole = round(milliseconds), days = floor(whole / day_length);
    double rest = whole - days * day_length, day = (double)from + days;
    if (day < 0 || day > (double)date_days(last))
        return 0;
    size_t n = date_format(date_of_days((int32_t)day), out);
    if (rest == 0 && !time)
        return n;
    out[n++] = 'T';
    return n + serial_clock(rest, out + n);
}

size_t serial_excel(double serial, bool from_1904, bool day, char *out)
{
    struct date zero = from_1904 ? (struct date){1904, 1, 1} : (struct date){1899, 12, 30};
    double milliseconds = round(serial * day_length / 1000) * 1000; /* Excel keeps no more */
    if (!day)
        return serial_clock(milliseconds, out);
    if (!from_1904 && serial >= 60 && serial < 61)
        return 0; /* 1900-02-29 */
    if (!from_1904 && serial < 60)
        zero.day = 31;
    return serial < 0 ? 0 : serial_moment(date_days(zero), milliseconds, false, out);
}
