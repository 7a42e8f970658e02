/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Confidence intervals of an estimate and its standard error.
 *
 *     t        estimate -+ t(df) se
 *     logit    on log(p/(1-p)), se/(p(1-p)) there, then back (xlogit is the same interval)
 *     asin     on asin(sqrt p), se/(2 sqrt(p(1-p))) there
 *     beta     exact binomial with n* = p(1-p)/se^2 (t(n-1)/t(df))^2 (Korn & Graubard 1998)
 *     likelihood  where the deviance, over the design effect, is t(df)^2 (Rao & Scott 1984; Lumley
 * & Scott 2014, Aust. N. Z. J. Stat. 56): 2 (n-1) KL(estimate, limit) = t^2 n se^2/(p(1-p)); R
 * survey reads it off a spline through few points, up to 3e-4 of the limit away wilson   score with
 * the same n* and t(n-1) (Wilson 1927; Dean & Pagano 2015)
 *
 * df INFINITY is the normal; df below 1 counts as 1, since no interval exists.  Where se is 0 or p
 * is 0 or 1, the others are the exact binomial with n (t(n-1)/t(df))^2.  All finite.
 */
#ifndef MARSAD_STAT_INTERVAL_H
#define MARSAD_STAT_INTERVAL_H

#include <stdbool.h>

enum interval_method {
    INTERVAL_T,
    INTERVAL_LOGIT,
    INTERVAL_WILSON,
    INTERVAL_BETA,
    INTERVAL_XLOGIT,
    INTERVAL_ASIN,
    INTERVAL_LIKELIHOOD,
};

struct interval {
    double low, high;
};

/* The quantile of Student's t for the middle `level` (0.95 -> 1.96 where df is INFINITY). */
double interval_factor(double level, double df);

struct interval interval_of(double estimate, double se, double level, double df);

/* n: records with nonzero weight. */
struct interval interval_of_proportion(enum interval_method, double p, double se, double n,
                                       double level, double df);

/* p(1-p)/se^2 (t(n-1)/t(df))^2; n (t(n-1)/t(df))^2 where p is 0 or 1, or se 0. */
double effective_size(double p, double se, double n, double level, double df);

/* The exact binomial interval for n (any positive number) trials (Clopper & Pearson 1934). */
struct interval interval_exact(double p, double n, double level);

#endif
