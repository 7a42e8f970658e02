/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/digits.h"

#include <stdio.h>
#include <stdlib.h>

enum { EXPONENT_CLAMP = 9999 };

const int64_t digits_power[19] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *digits_end(const char *at, const char *end)
{
    while (at < end && is_digit(*at))
        at++;
    return at;
}

/* The digits after `e`, up to the end of the text.  Saturates where no text is long enough for
 * its digits to bring the value back into any range. */
static bool exponent_scan(const char *at, const char *end, int64_t *exponent)
{
    const int64_t limit = INT64_C(1) << 40;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end || digits_end(at, end) != end)
        return false;
    int64_t e = 0;
    for (; at < end && e < limit; at++)
        e = e * 10 + (*at - '0');
    *exponent = negative ? -e : e;
    return true;
}

static void digit_keep(struct digits *d, char c, bool *more)
{
    if (d->count == 0 && c == '0')
        return;
    if (d->count < DIGITS_KEPT)
        d->digit[d->count] = c;
    else if (c != '0')
        *more = true;
    d->count++;
}

/* count ran on over the digits that were not kept: the last place is still that of the last digit
 * of the text. */
static void digits_trim(struct digits *d, bool more)
{
    if (d->count > DIGITS_KEPT) {
        d->exponent += d->count - DIGITS_KEPT;
        d->count = DIGITS_KEPT;
    }
    if (more) {
        d->digit[d->count++] = '1';
        d->exponent--;
        return;
    }
    while (d->count && d->digit[d->count - 1] == '0') {
        d->count--;
        d->exponent++;
    }
}

bool digits_scan(struct text t, struct digits *d)
{
    const char *at = t.at, *end = at + t.len;
    bool more = false;
    d->negative = t.len && *at == '-';
    d->count = 0;
    d->exponent = 0;
    if (t.len && (*at == '-' || *at == '+'))
        at++;
    const char *whole_end = digits_end(at, end), *fraction_end = whole_end;
    if (whole_end == at)
        return false;
    if (whole_end < end && *whole_end == '.') {
        fraction_end = digits_end(whole_end + 1, end);
        if (fraction_end == whole_end + 1)
            return false;
    }
    const char *e = fraction_end;
    if (e < end && ((*e != 'e' && *e != 'E') || !exponent_scan(e + 1, end, &d->exponent)))
        return false;
    for (; at < whole_end; at++)
        digit_keep(d, *at, &more);
    for (at = whole_end + 1; at < fraction_end; at++) {
        digit_keep(d, *at, &more);
        d->exponent--;
    }
    digits_trim(d, more);
    return true;
}

/* strtod() is correctly rounded; without a point in its text no locale matters to it. */
double digits_real(const struct digits *d)
{
    char text[DIGITS_KEPT + 32];
    if (d->count == 0)
        return 0;
    int64_t e = d->exponent;
    e = e > EXPONENT_CLAMP ? EXPONENT_CLAMP : e < -EXPONENT_CLAMP ? -EXPONENT_CLAMP : e;
    memcpy(text, d->digit, d->count);
    snprintf(text + d->count, sizeof text - d->count, "e%d", (int)e);
    double real = strtod(text, NULL);
    return d->negative ? -real : real;
}
