/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/significance.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

double p_of_t(double t, double df)
{
    if (isnan(t) || !(df > 0))
        return (double)NAN;
    if (isinf(df))
        return 2 * gsl_cdf_ugaussian_Q(fabs(t));
    if (isinf(t))
        return 0;
    /* GSL's own t goes by an expansion for many df, which loses digits in the tail. */
    return p_of_f(t * t, 1, df);
}

double p_of_f(double f, double df1, double df2)
{
    if (isnan(f) || !(df1 > 0) || !(df2 > 0))
        return (double)NAN;
    if (f <= 0)
        return 1;
    if (isinf(df2))
        return p_of_chi_square(f * df1, df1);
    double above = df1 * f, whole = above + df2;
    if (above > df2)
        return gsl_cdf_beta_P(df2 / whole, df2 / 2, df1 / 2);
    return gsl_cdf_beta_Q(above / whole, df1 / 2, df2 / 2);
}

double p_of_chi_square(double x, double df)
{
    if (isnan(x) || !(df > 0))
        return (double)NAN;
    return x <= 0 ? 1 : gsl_cdf_chisq_Q(x, df);
}
