/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/flag.h"

#include "stat/interval.h"

enum flag flag_cv(double n, double cv, double least_n, double warn_cv, double most_cv)
{
    if (n < least_n || !(cv <= most_cv))
        return FLAG_WITHHOLD;
    return cv > warn_cv ? FLAG_WARN : FLAG_SHOW;
}

enum flag flag_nchs(double p, double se, double n, double df, double level, const char **why)
{
    double size = p > 0 && p < 1 && se > 0 ? p * (1 - p) / (se * se) : n;
    double adjusted = effective_size(p, se, n, level, df);
    struct interval i = interval_exact(p, adjusted < n ? adjusted : n, level);
    double width = i.high - i.low;
    *why = "fewer than 30 records or effective records";
    if (n < 30 || size < 30)
        return FLAG_WITHHOLD;
    *why = "interval wider than 0.30";
    if (width >= 0.30)
        return FLAG_WITHHOLD;
    *why = "interval wider than 130 % of the proportion";
    if (width > 0.05 && 100 * width > 130 * p)
        return FLAG_WITHHOLD;
    *why = df < 8 ? "fewer than 8 degrees of freedom" : "all or none";
    return df < 8 || p <= 0 || p >= 1 ? FLAG_WARN : FLAG_SHOW;
}
