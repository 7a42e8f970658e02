/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/interval.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

double interval_factor(double level, double df)
{
    double p = 1 - (1 - level) / 2;
    if (isinf(df))
        return gsl_cdf_ugaussian_Pinv(p);
    return gsl_cdf_tdist_Pinv(p, df < 1 ? 1 : df);
}

struct interval interval_of(double estimate, double se, double level, double df)
{
    double half = interval_factor(level, df) * se;
    return (struct interval){estimate - half, estimate + half};
}

double effective_size(double p, double se, double n, double level, double df)
{
    double ratio = interval_factor(level, n - 1) / interval_factor(level, df);
    return (p <= 0 || p >= 1 || se <= 0 ? n : p * (1 - p) / (se * se)) * ratio * ratio;
}

/* Quantile q of the beta distribution, after a guess of GSL's solver that may fail in the tails. */
static double beta_quantile(double q, double a, double b)
{
    double low = 0, high = 1;
    for (int i = 0; i < 200; i++) {
        double mid = (low + high) / 2;
        if (mid <= low || mid >= high)
            break;
        if (gsl_cdf_beta_P(mid, a, b) < q)
            low = mid;
        else
            high = mid;
    }
    return (low + high) / 2;
}

struct interval interval_exact(double p, double n, double level)
{
    double tail = (1 - level) / 2, x = n * p;
    struct interval i = {0, 1};
    if (n <= 0)
        return i;
    if (p > 0)
        i.low = beta_quantile(tail, x, n - x + 1);
    if (p < 1)
        i.high = beta_quantile(1 - tail, x + 1, n - x);
    return i;
}

static struct interval wilson(double p, double n, double z)
{
    double centre = p + z * z / (2 * n), share = 1 + z * z / n;
    double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return (struct interval){(centre - half) / share, (centre + half) / share};
}

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static struct interval logit(double p, double se, double level, double df)
{
    struct interval i = interval_of(log(p / (1 - p)), se / (p * (1 - p)), level, df);
    return (struct interval){logistic(i.low), logistic(i.high)};
}

static struct interval arcsine(double p, double se, double level, double df)
{
    struct interval i = interval_of(asin(sqrt(p)), se / (2 * sqrt(p * (1 - p))), level, df);
    double low = sin(i.low < 0 ? 0 : i.low), high = i.high > asin(1.0) ? 1 : sin(i.high);
    return (struct interval){low * low, high * high};
}

/* Between p and `end`: where twice the divergence of a share from p is `most`. */
static double divergence_limit(double p, double end, double most)
{
    double near = p, far = end;
    for (int i = 0; i < 200; i++) {
        double mid = (near + far) / 2;
        if (mid == near || mid == far)
            break;
        if (2 * (p * log(p / mid) + (1 - p) * log((1 - p) / (1 - mid))) < most)
            near = mid;
        else
            far = mid;
    }
    return (near + far) / 2;
}

static struct interval likelihood(double p, double se, double n, double level, double df)
{
    double t = interval_factor(level, df), most = t * t * se * se / (p * (1 - p)) * n / (n - 1);
    return (struct interval){divergence_limit(p, 0, most), divergence_limit(p, 1, most)};
}

struct interval interval_of_proportion(enum interval_method method, double p, double se, double n,
                                       double level, double df)
{
    if (method == INTERVAL_T)
        return interval_of(p, se, level, df);
    double size = effective_size(p, se, n, level, df);
    if (p <= 0 || p >= 1 || se <= 0 || method == INTERVAL_BETA)
        return interval_exact(p, size, level);
    if (method == INTERVAL_WILSON)
        return wilson(p, size, interval_factor(level, n - 1));
    if (method == INTERVAL_ASIN)
        return arcsine(p, se, level, df);
    if (method == INTERVAL_LIKELIHOOD && n > 1)
        return likelihood(p, se, n, level, df);
    return logit(p, se, level, df);
}
