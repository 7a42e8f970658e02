/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/influence.h"

#include "base/digits.h"

/* Both terms of a difference are below this, so that it is below 2^63. */
static const long double bound = (long double)((uint64_t)1 << 62);

static long double power(uint32_t digits)
{
    return (long double)digits_power[digits];
}

long double unit_column_real(const struct unit_column *c, uint32_t i)
{
    if (!c->whole)
        return c->real[i];
    return c->whole[i] ? (long double)c->whole[i] / power(c->scale) : 0; /* many are empty */
}

void influence_of_total(const struct unit_column *y, uint32_t count, double *z)
{
    double unit = (double)power(y->scale);
    for (uint32_t i = 0; y->whole && i < count; i++)
        z[i] = (double)y->whole[i] / unit;
    for (uint32_t i = 0; !y->whole && i < count; i++)
        z[i] = (double)y->real[i];
}

/* A decimal near a ratio, and what brings y to the scale of the products with x. */
struct split {
    int64_t near, by;
    uint32_t scale; /* of by y and near x */
};

/* With so many digits behind the point; false: a term may outgrow 62 bits. */
static bool split_at(const struct unit_column *y, const struct unit_column *x, long double ratio,
                     uint32_t digits, struct split *s)
{
    long double shifted = ratio * power(digits), half = shifted < 0 ? -0.5L : 0.5L;
    uint32_t below = x->scale + digits - y->scale;
    if (below > 18 || (long double)y->largest * power(below) >= bound ||
        ((shifted < 0 ? -shifted : shifted) + 1) * (long double)(x->largest + 1) >= bound)
        return false;
    *s = (struct split){(int64_t)(shifted + half), digits_power[below], x->scale + digits};
    return true;
}

/* With as many digits as can be; false: not even with those that bring x to the scale of y. */
static bool split_ratio(const struct unit_column *y, const struct unit_column *x, double ratio,
                        struct split *s)
{
    uint32_t digits = y->scale > x->scale ? y->scale - x->scale : 0;
    if (!y->whole || !x->whole || !split_at(y, x, (long double)ratio, digits, s))
        return false;
    while (x->scale + digits < 18 && split_at(y, x, (long double)ratio, digits + 1, s))
        digits++;
    return true;
}

/* What is left of the ratio, at the scale of the differences: that of their exact total to that of
 * x.  z[i] becomes the difference of unit i. */
static double differences(const struct unit_column *y, const struct unit_column *x,
                          const struct split *s, uint32_t count, double *z)
{
    __extension__ __int128 total = 0, base = 0;
    for (uint32_t i = 0; i < count; i++) {
        int64_t difference = s->by * y->whole[i] - s->near * x->whole[i];
        z[i] = (double)difference;
        total += difference;
        base += x->whole[i];
    }
    return (double)((long double)total / (long double)base);
}

void influence_of_ratio(const struct unit_column *y, const struct unit_column *x, double ratio,
                        double base, uint32_t count, double *z)
{
    struct split s;
    if (!split_ratio(y, x, ratio, &s)) {
        for (uint32_t i = 0; i < count; i++)
            z[i] = (double)((unit_column_real(y, i) - (long double)ratio * unit_column_real(x, i)) /
                            (long double)base);
        return;
    }
    double rest = differences(y, x, &s, count, z);
    double unit = (double)(1 / (power(s.scale) * (long double)base));
    for (uint32_t i = 0; i < count; i++)
        z[i] = (z[i] - (double)x->whole[i] * rest) * unit;
}

/* ---- squares ---- */

/* Up to 15 digits of it. */
static struct decimal decimal_near(double ratio)
{
    long double shifted = (long double)ratio;
    int8_t digits = 0;
    while (digits < 15 && shifted < 1e14L && shifted > -1e14L)
        shifted = (long double)ratio * power((uint32_t)++digits);
    int64_t mantissa = (int64_t)(shifted < 0 ? shifted - 0.5L : shifted + 0.5L);
    return (struct decimal){mantissa, digits, NUMBER_EXACT};
}

/* a + factor b; false: that outgrows a sum. */
static bool combine(const struct sum *a, const struct sum *b, struct decimal factor,
                    struct sum *out)
{
    *out = *b;
    return sum_multiply(out, factor) && sum_merge(out, a);
}

bool residual_squares(const struct exact_moments *m, const struct sum *y, const struct sum *x,
                      double *squares)
{
    struct sum slope, both, all, gap;
    double ratio = sum_ratio(y, x);
    if (!(ratio < 1e15 && ratio > -1e15))
        return false;
    struct decimal minus = decimal_near(-ratio);
    if (!combine(&m->xy, &m->xx, minus, &slope) || !combine(y, x, minus, &gap))
        return false;
    both = slope; /* yy - m (xy + xy - m xx) */
    if (!sum_merge(&both, &m->xy) || !combine(&m->yy, &both, minus, &all))
        return false;
    double rest = sum_ratio(&gap, x);
    *squares = sum_real(&all) + rest * (rest * sum_real(&m->xx) - 2 * sum_real(&slope));
    return true;
}
