/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sum.h"

#include <math.h>

#include "base/digits.h"
#include "base/wide.h"

enum { SUM_WORDS = 4, NEAR_WORDS = 2 };

__extension__ typedef __int128 near_int;
__extension__ typedef unsigned __int128 near_bits;

static near_int near_get(const struct sum *s)
{
    return (near_int)((near_bits)s->near[1] << 64 | s->near[0]);
}

static void near_set(struct sum *s, near_int value)
{
    near_bits bits = (near_bits)value;
    s->near[0] = (uint64_t)bits;
    s->near[1] = (uint64_t)(bits >> 64);
}

/* The whole mantissa: wide_store() left far a bit to spare, so this is below 2^255. */
static struct wide sum_total(const struct sum *s)
{
    struct wide total = wide_load(s->far, SUM_WORDS), recent = wide_load(s->near, NEAR_WORDS);
    wide_add(&total, &recent);
    return total;
}

static struct wide sum_total_at(const struct sum *s, uint32_t scale)
{
    struct wide total = sum_total(s);
    if (scale > s->scale)
        wide_scale(&total, scale - s->scale);
    return total;
}

/* Back into near where it fits, so that sums of everyday size stay on the fast roads. */
static bool sum_set(struct sum *s, const struct wide *total, uint32_t scale)
{
    if (wide_store(total, s->near, NEAR_WORDS)) {
        memset(s->far, 0, sizeof s->far);
    } else {
        if (!wide_store(total, s->far, SUM_WORDS))
            return false;
        near_set(s, 0);
    }
    s->scale = scale;
    return true;
}

static bool far_is_zero(const struct sum *s)
{
    return (s->far[0] | s->far[1] | s->far[2] | s->far[3]) == 0;
}

/* m * 10^digits while a product of 64 by 60 bits does, else false. */
static bool near_scale(near_int *m, uint32_t digits)
{
    near_int product = *m;
    while (digits) {
        uint32_t step = digits < DECIMAL_DIGITS ? digits : DECIMAL_DIGITS;
        if (product > INT64_MAX || product < INT64_MIN)
            return false;
        product *= digits_power[step];
        digits -= step;
    }
    *m = product;
    return true;
}

static bool merge_wide(struct sum *into, const struct sum *from)
{
    uint32_t scale = into->scale > from->scale ? into->scale : from->scale;
    struct wide total = sum_total_at(into, scale), other = sum_total_at(from, scale);
    wide_add(&total, &other);
    return sum_set(into, &total, scale);
}

/* The first number of another scale, or of an accumulator that is full. */
static bool sum_add_far(struct sum *s, near_int m, uint32_t scale)
{
    struct sum one = {.scale = scale};
    near_set(&one, m);
    return merge_wide(s, &one);
}

static bool sum_add_scaled(struct sum *s, near_int m, uint32_t scale)
{
    near_int near = near_get(s);
    if (scale < s->scale && near_scale(&m, s->scale - scale))
        scale = s->scale;
    if (scale > s->scale && far_is_zero(s) && near_scale(&near, scale - s->scale)) {
        near_set(s, near);
        s->scale = scale;
    }
    if (scale == s->scale && !__builtin_add_overflow(near, m, &near)) {
        near_set(s, near);
        return true;
    }
    return sum_add_far(s, m, scale);
}

static inline bool sum_add_mantissa(struct sum *s, near_int m, uint32_t scale)
{
    near_int near;
    if (scale != s->scale || __builtin_add_overflow(near_get(s), m, &near))
        return sum_add_scaled(s, m, scale);
    near_set(s, near);
    return true;
}

static bool sum_counted(struct sum *s, bool added)
{
    s->count += added;
    return added;
}

bool sum_add(struct sum *s, struct decimal d)
{
    return sum_counted(s, sum_add_mantissa(s, d.mantissa, (uint32_t)d.scale));
}

bool sum_add_product(struct sum *s, struct decimal a, struct decimal b)
{
    return sum_counted(
        s, sum_add_mantissa(s, (near_int)a.mantissa * b.mantissa, (uint32_t)(a.scale + b.scale)));
}

bool sum_merge(struct sum *into, const struct sum *from)
{
    bool near = far_is_zero(from) && into != from;
    bool added =
        near ? sum_add_mantissa(into, near_get(from), from->scale) : merge_wide(into, from);
    into->count += added ? from->count : 0;
    return added;
}

bool sum_multiply(struct sum *s, struct decimal by)
{
    struct wide total = sum_total(s);
    wide_multiply(&total, (uint64_t)(by.mantissa < 0 ? -by.mantissa : by.mantissa));
    if (by.mantissa < 0)
        wide_negate(&total);
    return sum_set(s, &total, (uint32_t)((int)s->scale + by.scale));
}

bool sum_is_zero(const struct sum *s)
{
    if (far_is_zero(s))
        return near_get(s) == 0;
    struct wide total = sum_total(s);
    return wide_is_zero(&total);
}

int sum_sign(const struct sum *s)
{
    struct wide total = sum_total(s);
    if (wide_is_negative(&total))
        return -1;
    return !wide_is_zero(&total);
}

static bool take_sign(struct wide *w)
{
    bool negative = wide_is_negative(w);
    if (negative)
        wide_negate(w);
    return negative;
}

/* digits / 10^scale without zeros at the end of the fraction. */
static size_t point_put(char *out, const char *digit, size_t count, size_t scale)
{
    char *at = out;
    for (; scale && digit[count - 1] == '0' && count > 1; scale--)
        count--;
    if (count == 1 && *digit == '0')
        scale = 0;
    size_t whole = count > scale ? count - scale : 0;
    if (whole == 0)
        *at++ = '0';
    memcpy(at, digit, whole);
    at += whole;
    if (scale == 0)
        return (size_t)(at - out);
    *at++ = '.';
    for (size_t i = count; i < scale; i++)
        *at++ = '0';
    memcpy(at, digit + whole, count - whole);
    return (size_t)(at - out) + count - whole;
}

static size_t near_digits(near_bits n, char *out)
{
    char text[WIDE_TEXT], *at = text + sizeof text;
    for (; n >> 64; n /= 10)
        *--at = (char)('0' + (int)(n % 10));
    uint64_t rest = (uint64_t)n;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    size_t length = (size_t)(text + sizeof text - at);
    memcpy(out, at, length);
    return length;
}

/* The digits of the sum without its sign and point. */
static size_t sum_digits(const struct sum *s, char *out, bool *negative)
{
    near_int near = near_get(s);
    *negative = near < 0;
    if (far_is_zero(s))
        return near_digits(near < 0 ? 0 - (near_bits)near : (near_bits)near, out);
    struct wide total = sum_total(s);
    *negative = take_sign(&total);
    return wide_digits(total, out);
}

size_t sum_format(const struct sum *s, char *out)
{
    char digit[WIDE_TEXT];
    bool negative;
    size_t count = sum_digits(s, digit, &negative);
    if (negative)
        *out = '-';
    return negative + point_put(out + negative, digit, count, s->scale);
}

/* An integer that a double holds exactly: at most 2^53 either way. */
static bool sum_is_small(const struct sum *s)
{
    const near_int exact = (near_int)1 << 53;
    near_int near = near_get(s);
    return near <= exact && near >= -exact && far_is_zero(s);
}

/* The double nearest to n / d.  Where doubles hold both, their quotient is; else n is moved up
 * until it has over 120 bits, so that the quotient has 57 at least, and a remainder shows in the
 * last of them. */
static double near_quotient(near_int numerator, uint64_t d)
{
    near_bits n = numerator < 0 ? 0 - (near_bits)numerator : (near_bits)numerator;
    const uint64_t exact = (uint64_t)1 << 53;
    double real;
    int shift = 0;
    if (n == 0 || (n <= exact && d <= exact)) {
        real = (double)(uint64_t)n / (double)d;
        return numerator < 0 ? -real : real;
    }
    for (; n >> 120 == 0; n <<= 8)
        shift += 8;
    real = (double)(n / d | (n % d != 0)) / (double)((near_bits)1 << shift);
    return numerator < 0 ? -real : real;
}

/* Never -0: the sign of the quotient counts only where it is not zero. */
static double wide_signed_quotient(struct wide n, struct wide d)
{
    bool negative = take_sign(&n) != take_sign(&d);
    double real = wide_quotient(n, d);
    return negative && real > 0 ? -real : real;
}

double sum_real(const struct sum *s)
{
    static const uint64_t one[1] = {1};
    if (sum_is_small(s) && s->scale <= DECIMAL_SCALE)
        return (double)near_get(s) / (double)digits_power[s->scale];
    if (far_is_zero(s) && s->scale <= DECIMAL_SCALE)
        return near_quotient(near_get(s), (uint64_t)digits_power[s->scale]);
    struct wide power = wide_load(one, 1);
    wide_scale(&power, s->scale);
    return wide_signed_quotient(sum_total(s), power);
}

/* Both as integers at a common scale, where the quotient is the same; in 128 bits if they fit. */
static bool near_ratio(const struct sum *a, const struct sum *b, uint32_t scale, double *ratio)
{
    near_int n = near_get(a), d = near_get(b);
    if (!far_is_zero(a) || !far_is_zero(b) || !near_scale(&n, scale - a->scale) ||
        !near_scale(&d, scale - b->scale) || d > INT64_MAX || d < -INT64_MAX || d == 0)
        return false;
    if (d < 0 && n < -INT64_MAX)
        return false;
    *ratio = d < 0 ? near_quotient(-n, (uint64_t)-d) : near_quotient(n, (uint64_t)d);
    return true;
}

double sum_ratio(const struct sum *a, const struct sum *b)
{
    uint32_t scale = a->scale > b->scale ? a->scale : b->scale;
    double ratio;
    if (near_ratio(a, b, scale, &ratio))
        return ratio;
    struct wide numerator = sum_total_at(a, scale), denominator = sum_total_at(b, scale);
    if (wide_is_zero(&denominator))
        return (double)NAN;
    return wide_signed_quotient(numerator, denominator);
}
