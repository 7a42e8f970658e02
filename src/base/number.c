/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading and exact arithmetic of decimals; what is about doubles alone is in real.c.
 *
 * decimal_parse() has two roads: one loop over the cell for what nearly every cell is (at most 19
 * bytes, no exponent), and digits_scan() for the rest, which copes with any length.  Arithmetic is
 * done in 128 bits, where no operation on two decimals overflows, and then fitted back.
 */
#include "base/number.h"

#include <math.h>

#include "base/digits.h"

#define LIMIT 1000000000000000000 /* 10^18: the first mantissa that does not fit */

__extension__ typedef __int128 wide_int;

static struct decimal decimal_of_kind(enum number_kind kind)
{
    return (struct decimal){0, 0, (uint8_t)kind};
}

static struct decimal decimal_make(bool negative, uint64_t mantissa, int scale)
{
    int64_t m = (int64_t)mantissa;
    return (struct decimal){negative ? -m : m, (int8_t)scale, NUMBER_EXACT};
}

/* Any text that digits_scan() accepts; the mantissa has no trailing zeros of a fraction. */
static struct decimal parse_slowly(struct text t)
{
    struct digits d;
    if (!digits_scan(t, &d))
        return decimal_of_kind(NUMBER_BAD);
    if (d.count == 0)
        return decimal_make(false, 0, 0);
    if (d.count > DECIMAL_DIGITS || d.exponent < -DECIMAL_SCALE ||
        d.count + d.exponent > DECIMAL_DIGITS)
        return decimal_of_kind(isfinite(digits_real(&d)) ? NUMBER_WIDE : NUMBER_BAD);
    uint64_t mantissa = 0;
    for (uint32_t i = 0; i < d.count; i++)
        mantissa = mantissa * 10 + (uint64_t)(d.digit[i] - '0');
    if (d.exponent > 0)
        mantissa *= (uint64_t)digits_power[d.exponent];
    return decimal_make(d.negative, mantissa, d.exponent < 0 ? (int)-d.exponent : 0);
}

static const char *digits_read(const char *at, const char *end, uint64_t *mantissa)
{
    uint64_t m = *mantissa;
    for (; at < end; at++) {
        unsigned digit = (unsigned)(unsigned char)*at - '0';
        if (digit > 9)
            break;
        m = m * 10 + digit;
    }
    *mantissa = m;
    return at;
}

/* Eight ASCII digits, the first in the lowest byte, to their number; false: they are not all digits.
 * Pairs, fours and eights are put together by one multiplication each. */
static inline bool eight_digits(uint64_t word, uint64_t *number)
{
    uint64_t value = word - 0x3030303030303030u;
    if ((value | (value + 0x7676767676767676u)) & 0x8080808080808080u)
        return false;
    value = value * 10 + (value >> 8);
    value = ((value & 0x000000ff000000ffu) * 0x000f424000000064u +
             ((value >> 16) & 0x000000ff000000ffu) * 0x0000271000000001u) >>
            32;
    *number = value;
    return true;
}

/* A cell of at most 8 bytes without a sign: right-aligned over zeros, the point taken out. */
static inline bool parse_short(struct text t, struct decimal *out)
{
    uint64_t word = text_word(t.at, t.len), number;
    uint64_t dots = word ^ 0x2e2e2e2e2e2e2e2eu;
    dots = (dots - 0x0101010101010101u) & ~dots & 0x8080808080808080u;
    unsigned blank = 8 * (8 - t.len), scale = 0;
    word = t.len == 8 ? word : word << blank | (0x3030303030303030u >> (64 - blank));
    if (dots) {
        unsigned at = (unsigned)__builtin_ctzll(dots) / 8; /* of the point in the cell */
        scale = t.len - 1 - at;
        if (at == 0 || scale == 0)
            return false;
        unsigned bit = 8 * (8 - t.len + at); /* of the point in the aligned word */
        uint64_t before = word & (((uint64_t)1 << bit) - 1);
        word = before << 8 | 0x30 | (word & ~((((uint64_t)1 << bit) << 8) - 1));
    }
    if (!eight_digits(word, &number))
        return false;
    *out = (struct decimal){(int64_t)number, (int8_t)scale, NUMBER_EXACT};
    return true;
}

struct decimal decimal_parse(struct text t)
{
    struct decimal quick;
    if (t.len == 0)
        return decimal_missing();
    if (t.len <= 8 && parse_short(t, &quick))
        return quick;
    if (t.len > 19) /* 19 digits do not overflow 64 bits */
        return parse_slowly(t);
    const char *at = t.at, *end = at + t.len;
    bool negative = *at == '-';
    if (negative || *at == '+')
        at++;
    uint64_t mantissa = 0;
    const char *start = at;
    at = digits_read(at, end, &mantissa);
    if (at == start)
        return decimal_of_kind(NUMBER_BAD);
    int scale = 0;
    if (at < end && *at == '.') {
        start = at + 1;
        at = digits_read(start, end, &mantissa);
        scale = (int)(at - start);
        if (scale == 0)
            return decimal_of_kind(NUMBER_BAD);
    }
    if (at != end || mantissa >= LIMIT)
        return parse_slowly(t);
    return decimal_make(negative, mantissa, scale);
}

struct decimal decimal_of(int64_t integer)
{
    if (integer <= -LIMIT || integer >= LIMIT)
        return decimal_of_kind(NUMBER_WIDE);
    return (struct decimal){integer, 0, NUMBER_EXACT};
}

size_t decimal_format(struct decimal d, char *out)
{
    if (d.kind != NUMBER_EXACT)
        return 0;
    uint64_t rest = d.mantissa < 0 ? 0 - (uint64_t)d.mantissa : (uint64_t)d.mantissa;
    int scale = d.scale;
    for (; scale > 0 && rest % 10 == 0; scale--)
        rest /= 10;
    char text[DECIMAL_TEXT], *at = text + sizeof text;
    for (int i = 0; rest || i <= scale; i++) {
        if (i && i == scale)
            *--at = '.';
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    }
    if (d.mantissa < 0)
        *--at = '-';
    size_t length = (size_t)(text + sizeof text - at);
    memcpy(out, at, length);
    return length;
}

/* Both operands of the division m / 10^scale are doubles exactly up to 2^53, and a division is
 * correctly rounded.  Above, 64 more bits are worked out before the point; what is left over
 * shows in the last bit, far below the one that decides the rounding. */
double decimal_real(struct decimal d)
{
    const int64_t exact = (int64_t)1 << 53;
    if (d.mantissa <= exact && d.mantissa >= -exact)
        return (double)d.mantissa / (double)digits_power[d.scale];
    __extension__ unsigned __int128 m = (uint64_t)(d.mantissa < 0 ? -d.mantissa : d.mantissa);
    uint64_t power = (uint64_t)digits_power[d.scale];
    m <<= 64;
    double real = ldexp((double)(m / power | (m % power != 0)), -64);
    return d.mantissa < 0 ? -real : real;
}

bool real_parse(struct text t, double *out)
{
    struct decimal d = decimal_parse(t);
    struct digits digits;
    if (d.kind == NUMBER_EXACT) {
        *out = decimal_real(d);
        return true;
    }
    if (d.kind != NUMBER_WIDE || !digits_scan(t, &digits))
        return false;
    *out = digits_real(&digits);
    return true;
}

/* The mantissa of a at the scale of the finer of a and b: below 10^36. */
static wide_int mantissa_beside(struct decimal a, struct decimal b)
{
    wide_int m = a.mantissa;
    return a.scale < b.scale ? m * digits_power[b.scale - a.scale] : m;
}

int decimal_compare(struct decimal a, struct decimal b)
{
    wide_int x = mantissa_beside(a, b), y = mantissa_beside(b, a);
    return (x > y) - (x < y);
}

/* Drops zeros of the fraction until 18 digits and scale 18 hold it. */
static struct decimal decimal_fit(wide_int m, int scale)
{
    while (scale > DECIMAL_SCALE || (scale > 0 && (m >= LIMIT || m <= -LIMIT))) {
        if (m % 10 != 0)
            return decimal_of_kind(NUMBER_WIDE);
        m /= 10;
        scale--;
    }
    if (m >= LIMIT || m <= -LIMIT)
        return decimal_of_kind(NUMBER_WIDE);
    return (struct decimal){(int64_t)m, (int8_t)scale, NUMBER_EXACT};
}

struct decimal decimal_add(struct decimal a, struct decimal b)
{
    wide_int m = mantissa_beside(a, b) + mantissa_beside(b, a);
    return decimal_fit(m, a.scale > b.scale ? a.scale : b.scale);
}

struct decimal decimal_subtract(struct decimal a, struct decimal b)
{
    b.mantissa = -b.mantissa;
    return decimal_add(a, b);
}

struct decimal decimal_multiply(struct decimal a, struct decimal b)
{
    return decimal_fit((wide_int)a.mantissa * b.mantissa, a.scale + b.scale);
}

struct decimal decimal_round(struct decimal d, int digits)
{
    if (d.kind != NUMBER_EXACT || digits >= d.scale)
        return d;
    if (digits < d.scale - DECIMAL_DIGITS)
        return decimal_make(false, 0, 0);
    int64_t power = digits_power[d.scale - digits];
    int64_t half = d.mantissa < 0 ? -(power / 2) : power / 2;
    int64_t kept = (d.mantissa + half) / power;
    if (digits >= 0)
        return (struct decimal){kept, (int8_t)digits, NUMBER_EXACT};
    return decimal_fit((wide_int)kept * digits_power[-digits], 0);
}
