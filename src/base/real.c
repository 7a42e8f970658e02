/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shortest text of a double, and rounding by it.
 *
 * From 1e-6 to 1e15 a double f / 2^s times 10^k is an exact integer of 128 bits, and so is the
 * question whether a decimal lies nearer to it than to its neighbours: shortest_exact() takes the
 * first of 15, 16, 17 digits that does.  (Up to 15 digits one decimal at most can, so without its
 * last zeros it is the shortest.)  Elsewhere the C library prints and reads back.  Misuse:
 * formatting a figure that has an exact decimal; decimal_format() is cheaper and keeps its digits.
 */
#include "base/number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/digits.h"

enum { PLAIN_LOW = -7, PLAIN_HIGH = 17, ROUND_TRIP = 17, SURE_DIGITS = 15 };

/* digit[0].digit[1]... times 10^exponent, no zero at the end but for a lone 0. */
struct shortest {
    char digit[ROUND_TRIP + 1];
    int count, exponent;
};

__extension__ typedef unsigned __int128 wide_bits;

static void shortest_trim(struct shortest *s)
{
    while (s->count > 1 && s->digit[s->count - 1] == '0')
        s->count--;
}

static void shortest_of_integer(struct shortest *s, uint64_t m, int scale)
{
    s->count = 0;
    for (uint64_t rest = m; rest || s->count == 0; rest /= 10)
        s->count++;
    for (int i = s->count; i-- > 0; m /= 10)
        s->digit[i] = (char)('0' + m % 10);
    s->exponent = s->count - 1 - scale;
    shortest_trim(s);
}

/* A double as f / 2^s. */
struct binary {
    uint64_t f;
    int s;
};

static wide_bits power_of_ten(int k)
{
    int beyond = k > DECIMAL_SCALE ? k - DECIMAL_SCALE : 0;
    wide_bits power = (uint64_t)digits_power[k - beyond];
    power *= (uint64_t)digits_power[beyond];
    return power;
}

/* Whether m / 10^k reads as the double: nearer than half the gap to the next one.  In this range
 * no decimal of 17 digits lies just half way, and a power of two, whose neighbour below is nearer,
 * has 15 digits at most. */
static bool reads_back(struct binary b, wide_bits power, uint64_t m)
{
    wide_bits exact = b.f * power, decimal = (wide_bits)m << b.s;
    wide_bits away = decimal < exact ? exact - decimal : decimal - exact;
    return away << 1 < power;
}

/* The integer nearest to f * power / 2^s, ties to even. */
static uint64_t scaled_integer(wide_bits exact, int s)
{
    const wide_bits half = (wide_bits)1 << (s - 1);
    uint64_t m = (uint64_t)(exact >> s);
    wide_bits rest = exact - ((wide_bits)m << s);
    return m + (rest > half || (rest == half && m % 2 != 0));
}

static bool shortest_try(struct shortest *s, struct binary b, int k)
{
    wide_bits power = power_of_ten(k);
    uint64_t m = scaled_integer(b.f * power, b.s);
    if (!reads_back(b, power, m))
        return false;
    shortest_of_integer(s, m, k);
    return true;
}

static bool shortest_exact(struct shortest *s, double positive)
{
    static const double least[] = {1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0,  1e1,  1e2,  1e3, 1e4,
                                   1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14};
    if (positive < least[0] || positive >= 1e15)
        return false;
    int exponent = (int)(sizeof least / sizeof *least) - 1, binary_exponent;
    while (positive < least[exponent])
        exponent--;
    exponent -= 6;
    double fraction = frexp(positive, &binary_exponent);
    struct binary b = {(uint64_t)(fraction * 0x1p53), DBL_MANT_DIG - binary_exponent};
    for (int digits = SURE_DIGITS; digits <= ROUND_TRIP; digits++)
        if (shortest_try(s, b, digits - 1 - exponent))
            return true;
    return false;
}

static bool shortest_whole(struct shortest *s, double positive)
{
    if (positive >= 1e15 || positive != (double)(uint64_t)positive)
        return false;
    shortest_of_integer(s, (uint64_t)positive, 0);
    return true;
}

/* Takes the digits of "1.5e-09" apart, whatever the mark between them. */
static void shortest_read(struct shortest *s, const char *text)
{
    s->count = 0;
    for (; *text && *text != 'e'; text++)
        if (*text >= '0' && *text <= '9')
            s->digit[s->count++] = *text;
    s->exponent = *text ? (int)strtol(text + 1, NULL, 10) : 0;
    shortest_trim(s);
}

/* The gap below a power of two is half the gap above it, so that the 16 digits nearest to it may
 * miss it while the next 16 above read back: what was found with 17 is shortened to those. */
static void shortest_raise(struct shortest *s, double power_of_two)
{
    char text[REAL_TEXT];
    uint64_t m = 0;
    for (int i = 0; i < ROUND_TRIP - 1; i++)
        m = m * 10 + (uint64_t)(s->digit[i] - '0');
    int scale = ROUND_TRIP - 2 - s->exponent;
    snprintf(text, sizeof text, "%llue%d", (unsigned long long)++m, -scale);
    if (strtod(text, NULL) == power_of_two)
        shortest_of_integer(s, m, scale);
}

/* Below the normal doubles fewer digits can do, and there the search begins with one. */
static void shortest_find(struct shortest *s, double positive)
{
    char text[REAL_TEXT];
    if (shortest_whole(s, positive) || shortest_exact(s, positive))
        return;
    int digits = positive < DBL_MIN ? 1 : SURE_DIGITS;
    for (; digits <= ROUND_TRIP; digits++) {
        snprintf(text, sizeof text, "%.*e", digits - 1, positive);
        if (strtod(text, NULL) == positive)
            break;
    }
    shortest_read(s, text);
    int exponent;
    if (s->count == ROUND_TRIP && frexp(positive, &exponent) == 0.5)
        shortest_raise(s, positive);
}

static char *put(char *out, const char *bytes, int n)
{
    memcpy(out, bytes, (size_t)n);
    return out + n;
}

static char *put_zeros(char *out, int n)
{
    memset(out, '0', (size_t)n);
    return out + n;
}

static char *put_plain(char *out, const struct shortest *s)
{
    int whole = s->exponent + 1;
    if (whole >= s->count)
        return put_zeros(put(out, s->digit, s->count), whole - s->count);
    if (whole > 0) {
        out = put(put(out, s->digit, whole), ".", 1);
        return put(out, s->digit + whole, s->count - whole);
    }
    return put(put_zeros(put(out, "0.", 2), -whole), s->digit, s->count);
}

static char *put_exponent(char *out, const struct shortest *s)
{
    *out++ = s->digit[0];
    if (s->count > 1)
        out = put(put(out, ".", 1), s->digit + 1, s->count - 1);
    int n = snprintf(out, 8, "e%c%02d", s->exponent < 0 ? '-' : '+', abs(s->exponent));
    return out + n;
}

size_t real_format(double real, char *out)
{
    struct shortest s;
    char *at = out, text[REAL_TEXT];
    if (!isfinite(real))
        return 0;
    shortest_find(&s, fabs(real));
    char *end = text;
    if (real < 0)
        *end++ = '-';
    bool plain = s.exponent >= PLAIN_LOW && s.exponent <= PLAIN_HIGH;
    end = plain ? put_plain(end, &s) : put_exponent(end, &s);
    return (size_t)(put(at, text, (int)(end - text)) - out);
}

/* The first `keep` digits, half away from zero; the digits become an integer times 10^*exponent. */
static uint64_t shortest_round(const struct shortest *s, int keep, int *exponent)
{
    uint64_t m = 0;
    for (int i = 0; i < keep; i++)
        m = m * 10 + (uint64_t)(s->digit[i] - '0');
    *exponent = s->exponent + 1 - keep;
    return m + (s->digit[keep] >= '5');
}

double real_round(double real, int digits)
{
    struct shortest s;
    char text[REAL_TEXT];
    if (!isfinite(real))
        return real;
    shortest_find(&s, fabs(real));
    long keep = (long)s.exponent + 1 + digits;
    if (keep >= s.count)
        return real;
    if (keep < 0)
        return 0;
    int exponent;
    uint64_t m = shortest_round(&s, (int)keep, &exponent);
    snprintf(text, sizeof text, "%llue%d", (unsigned long long)m, exponent);
    double rounded = strtod(text, NULL);
    if (m == 0 || isinf(rounded))
        return m == 0 ? 0 : real;
    return real < 0 ? -rounded : rounded;
}
