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

/* Eight digits as bytes 0 to 9, the first in the lowest byte: pairs, fours and eights are put
 * together by a multiplication each. */
static inline uint64_t eight_digits(uint64_t value)
{
    value = value * 10 + (value >> 8);
    return ((value & 0x000000ff000000ffu) * 0x000f424000000064u +
            ((value >> 16) & 0x000000ff000000ffu) * 0x0000271000000001u) >>
           32;
}

/* A cell of 1 to 8 bytes without a sign: moved up to the highest byte, so that zeros stand below,
 * and the point taken out.  '0' XOR '.' is 0x1e. */
static inline bool parse_short(struct text t, struct decimal *out)
{
    uint64_t word = text_eight(t.at, t.len), point;
    unsigned blank = 64 - 8 * t.len, scale = 0;
    word = (word ^ 0x3030303030303030u) << blank;
    point = word ^ 0x1e1e1e1e1e1e1e1eu;
    point = (point - 0x0101010101010101u) & ~point & 0x8080808080808080u;
    if (point) {
        unsigned bit = (unsigned)__builtin_ctzll(point) & ~7u;
        scale = 7 - bit / 8;
        if (bit == blank || scale == 0)
            return false;
        uint64_t before = word & (((uint64_t)1 << bit) - 1);
        word = before << 8 | word >> (bit + 8) << (bit + 8);
    }
    if ((word | (word + 0x7676767676767676u)) & 0x8080808080808080u)
        return false;
    *out = (struct decimal){(int64_t)eight_digits(word), (int8_t)scale, NUMBER_EXACT};
    return true;
}

/* The loop over the cell, for what has a sign, is longer than 8 bytes, or is no number. */
static struct decimal parse_medium(struct text t)
{
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

struct decimal decimal_parse(struct text t)
{
    struct decimal quick;
    if (t.len == 0)
        return decimal_missing();
    return t.len <= 8 && parse_short(t, &quick) ? quick : parse_medium(t);
}

struct decimal_range decimals_parse(const struct text *cell, struct decimal *out, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (cell[i].len - 1 >= 8 || !parse_short(cell[i], &out[i]))
            out[i] = decimal_parse(cell[i]);
    }
    return decimals_range(out, n);
}

static uint64_t magnitude_of(int64_t m)
{
    return (uint64_t)(m < 0 ? -m : m);
}

struct decimal_range decimals_range(const struct decimal *d, uint32_t n)
{
    struct decimal_range r = {0, 0, 0};
    for (uint32_t i = 0; i < n; i++) {
        uint32_t scale = (uint32_t)d[i].scale;
        r.magnitude |= magnitude_of(d[i].mantissa);
        r.scale = scale > r.scale ? scale : r.scale;
        r.kinds |= d[i].kind;
    }
    return r;
}

struct scaled decimals_scale(const struct decimal *d, struct decimal_range r, uint32_t n,
                             int64_t *value)
{
    uint64_t all = 0;
    if (r.magnitude > (uint64_t)(INT64_MAX / digits_power[r.scale]))
        return (struct scaled){NULL, r.magnitude, r.scale, r.kinds};
    for (uint32_t i = 0; i < n; i++) {
        uint32_t below = r.scale - (uint8_t)d[i].scale;
        value[i] = d[i].mantissa * digits_power[below];
        all |= magnitude_of(value[i]);
    }
    return (struct scaled){value, all, r.scale, r.kinds};
}

struct scaled decimals_read(const struct text *cell, uint32_t n, struct decimal *out,
                            int64_t *value)
{
    return decimals_scale(out, decimals_parse(cell, out, n), n, value);
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
    double real = (double)(m / power | (m % power != 0)) * 0x1p-64;
    return d.mantissa < 0 ? -real : real;
}

bool decimals_real(const struct decimal *d, uint32_t n, double *out)
{
    uint64_t all = 0;
    uint32_t kinds = 0;
    for (uint32_t i = 0; i < n; i++) {
        all |= magnitude_of(d[i].mantissa);
        kinds |= d[i].kind;
        out[i] = (double)d[i].mantissa / (double)digits_power[(uint8_t)d[i].scale];
    }
    for (uint32_t i = 0; kinds == NUMBER_MISSING && i < n; i++)
        out[i] = d[i].kind == NUMBER_MISSING ? (double)NAN : out[i];
    return kinds <= NUMBER_MISSING && all < (uint64_t)1 << 53;
}

bool scaled_real(const struct scaled *s, uint32_t n, double *out)
{
    double power = (double)digits_power[s->scale];
    if (!s->value || s->kinds != NUMBER_EXACT || s->magnitude >= (uint64_t)1 << 53)
        return false;
    for (uint32_t i = 0; s->scale == 0 && i < n; i++)
        out[i] = (double)s->value[i];
    for (uint32_t i = 0; s->scale > 0 && i < n; i++)
        out[i] = (double)s->value[i] / power;
    return true;
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

bool real_read(struct text t, double *out)
{
    char zero[REAL_TEXT + 1] = "0";
    if (t.len == 0 || t.len > REAL_TEXT || t.at[0] != '.')
        return real_parse(t, out);
    memcpy(zero + 1, t.at, t.len);
    return real_parse((struct text){zero, t.len + 1}, out);
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
