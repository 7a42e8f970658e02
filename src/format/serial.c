/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/serial.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static bool is_clock(struct text t)
{
    static const char shape[] = "T00:00:00";
    if (t.len != sizeof shape - 1)
        return false;
    for (uint32_t i = 0; i < t.len; i++)
        if (shape[i] == '0' ? t.at[i] < '0' || t.at[i] > '9' : t.at[i] != shape[i])
            return false;
    return true;
}

bool serial_iso(struct text t, struct text *out)
{
    struct text day = {t.at, t.len < DATE_TEXT ? t.len : DATE_TEXT};
    struct text clock = {t.at + day.len, t.len - day.len};
    struct date date;
    if (clock.len && clock.at[clock.len - 1] == 'Z')
        clock.len--;
    const char *point = clock.len ? memchr(clock.at, '.', clock.len) : NULL;
    if (point)
        clock.len = (uint32_t)(point - clock.at);
    bool midnight = text_equal(clock, TEXT("T00:00:00"));
    *out = (struct text){t.at, day.len + (midnight ? 0 : clock.len)};
    return date_parse(day, &date) && (!clock.len || is_clock(clock));
}

size_t serial_real(double x, char *out)
{
    char digits[SERIAL_TEXT];
    if (x == floor(x))
        return real_format(x, out);
    snprintf(digits, sizeof digits, "%.15g", x);
    return real_format(strtod(digits, NULL), out);
}

bool serial_number(const char *text, double *x)
{
    static const char spaces[] = " \t\r\n", digits[] = "+-.0123456789eE";
    char *end;
    text += strspn(text, spaces);
    size_t n = strspn(text, digits);
    *x = strtod(text, &end);
    return n && end == text + n && !text[n + strspn(end, spaces)] && isfinite(*x);
}
