/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/quotient.h"

/* Places that hold every exact quotient of 18 digits, and 17 true digits of any other: the
 * smallest is 10^-36 or so. */
enum { DEEP = 56, DIGITS = 120 };

/* N = the digits, value = N / 10^places; all of the quotient is there when `exact`. */
struct quotient {
    char digit[DIGITS];
    int count;
    bool exact;
};

static uint64_t magnitude(int64_t x)
{
    return x < 0 ? (uint64_t)-x : (uint64_t)x;
}

static void digits_of(struct quotient *q, uint64_t x)
{
    char buffer[24];
    int n = 0;
    do {
        buffer[n++] = (char)('0' + x % 10);
        x /= 10;
    } while (x);
    while (n)
        q->digit[q->count++] = buffer[--n];
}

static void digits_increment(struct quotient *q)
{
    int i = q->count;
    while (i > 0 && q->digit[i - 1] == '9')
        q->digit[--i] = '0';
    if (i > 0) {
        q->digit[i - 1]++;
        return;
    }
    memmove(q->digit + 1, q->digit, (size_t)q->count);
    q->digit[0] = '1';
    q->count++;
}

/* Takes the last `cut` digits off, rounding half away from zero. */
static void digits_cut(struct quotient *q, int cut)
{
    bool up = cut <= q->count && q->digit[q->count - cut] >= '5';
    q->count = cut < q->count ? q->count - cut : 0;
    if (up)
        digits_increment(q);
}

/* |a| / |b| times 10^e with `places` digits behind the point. */
static void divide(struct quotient *q, uint64_t a, uint64_t b, int e, int places)
{
    digits_of(q, a / b);
    uint64_t rest = a % b;
    for (int i = places + e; i > 0; i--) {
        rest *= 10;
        q->digit[q->count++] = (char)('0' + rest / b);
        rest %= b;
    }
    q->exact = rest == 0;
    if (places + e < 0)
        digits_cut(q, -(places + e));
    else if (rest >= b - rest)
        digits_increment(q);
}

/* Plain text: no leading zeros but one, no trailing zeros of the fraction, no -0. */
static size_t write_plain(const struct quotient *q, bool negative, int places, char *out)
{
    int first = 0, last = q->count;
    while (first < last && q->digit[first] == '0')
        first++;
    if (first == last) {
        out[0] = '0';
        return 1;
    }
    size_t n = 0;
    int point = q->count - places;
    while (last > point && last > first && q->digit[last - 1] == '0')
        last--;
    if (negative)
        out[n++] = '-';
    if (point <= first)
        out[n++] = '0';
    for (int i = point < first ? point : first; i < last; i++) {
        if (i == point)
            out[n++] = '.';
        out[n++] = i < first ? '0' : q->digit[i];
    }
    return n;
}

size_t quotient_format(struct decimal a, struct decimal b, int shift, int places, char *out)
{
    struct quotient q = {.count = 0};
    bool negative = (a.mantissa < 0) != (b.mantissa < 0);
    bool full = places == QUOTIENT_FULL;
    int to = full ? DEEP : places;
    divide(&q, magnitude(a.mantissa), magnitude(b.mantissa), b.scale - a.scale + shift, to);
    size_t n = write_plain(&q, negative, to, out);
    struct text t = {out, (uint32_t)n};
    double x;
    if (!full || (q.exact && decimal_parse(t).kind == NUMBER_EXACT) || !real_parse(t, &x))
        return n;
    return real_format(x, out);
}
