/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * P-values: how likely a statistic at least this large is where there is no effect.
 *
 * Upper tails are worked out as such (never 1 - P), by the incomplete beta and gamma functions of
 * GSL, so that a p of 1e-150 keeps its digits.  df INFINITY is the limit (normal, chi-square).  NaN
 * where degrees of freedom are not positive.
 */
#ifndef MARSAD_STAT_SIGNIFICANCE_H
#define MARSAD_STAT_SIGNIFICANCE_H

/* Of Student's t, both sides. */
double p_of_t(double t, double df);

double p_of_f(double f, double df1, double df2);

double p_of_chi_square(double x, double df);

#endif
