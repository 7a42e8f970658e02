/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/quantile.h"

#include <math.h>
#include <stdbool.h>

static double before(const double *c, uint32_t k)
{
    return k ? c[k - 1] : 0;
}

/* p_k of the rules that interpolate. */
static double position(enum quantile_rule rule, const double *c, uint32_t n, uint32_t k)
{
    double low = before(c, k), w = c[k] - low, all = c[n - 1], last = all - before(c, n - 1);
    switch (rule) {
    case QUANTILE_HF4:
        return c[k] / all;
    case QUANTILE_HF5:
        return (c[k] - w / 2) / all;
    case QUANTILE_HF6:
        return c[k] / (all + last);
    case QUANTILE_HF7:
        return low / c[n - 2];
    case QUANTILE_SHAHVAISH:
        return ((c[k] - w / 2) / all * n + 0.5) / (n + 1.0);
    case QUANTILE_HF8:
        return (low / 3 + c[k] * 2 / 3) / (all + last / 3);
    default:
        return (low * 3 / 8 + c[k] * 5 / 8) / (all + last / 4);
    }
}

/* The first k with position >= p, or n. */
static uint32_t first_at(enum quantile_rule rule, const double *c, uint32_t n, double p)
{
    uint32_t low = 0, high = n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (position(rule, c, n, mid) >= p)
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}

static double interpolate(enum quantile_rule rule, const double *x, const double *c, uint32_t n,
                          double p)
{
    uint32_t k = first_at(rule, c, n, p);
    if (k == 0)
        return x[0];
    if (k == n)
        return x[n - 1];
    double low = position(rule, c, n, k - 1), high = position(rule, c, n, k);
    if (p >= high)
        return x[k];
    return x[k - 1] + (x[k] - x[k - 1]) * ((p - low) / (high - low));
}

/* The first k with C_k >= pW. */
static uint32_t first_reached(const double *c, uint32_t n, double p)
{
    double want = p * c[n - 1] - 1e-12 * c[n - 1];
    uint32_t low = 0, high = n - 1;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (c[mid] >= want)
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}

/* The last k with position <= p, or the first. */
static double step_down(const double *x, const double *c, uint32_t n, double p)
{
    uint32_t low = 0, high = n;
    while (low + 1 < high) {
        uint32_t mid = low + (high - low) / 2;
        if (position(QUANTILE_SHAHVAISH, c, n, mid) <= p + 1e-12)
            low = mid;
        else
            high = mid;
    }
    return x[low];
}

/* Whether k is the last of an even number of distinct values. */
static bool is_even(const double *x, uint32_t k)
{
    uint32_t distinct = 1;
    for (uint32_t i = 1; i <= k; i++)
        distinct += x[i] > x[i - 1];
    return distinct % 2 == 0;
}

double quantile_of(enum quantile_rule rule, const double *x, const double *c, uint32_t n, double p)
{
    if (n == 1)
        return x[0];
    if (rule == QUANTILE_SHAHVAISH)
        return step_down(x, c, n, p);
    if (rule > QUANTILE_HF3)
        return interpolate(rule, x, c, n, p);
    uint32_t k = first_reached(c, n, p);
    bool exact = fabs(c[k] - p * c[n - 1]) <= 1e-12 * c[n - 1];
    if (rule == QUANTILE_SCHOOL && exact && k + 1 < n)
        return (x[k] + x[k + 1]) / 2;
    if (rule == QUANTILE_HF3 && exact && k + 1 < n && !is_even(x, k))
        return x[k + 1];
    return x[k];
}
