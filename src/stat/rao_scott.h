/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of independence in a two-way table of weighted counts from a sample with a design.
 *
 * With shares p, their covariance V under the design, contrasts C of the interaction (zero sums
 * over rows and over columns), D = diag(p):
 *
 *     X^2    n sum (p_ij - p_i. p_.j)^2 / (p_i. p_.j), Pearson's, of n records
 *     Delta  (C' D^-1 C / n)^-1 (C' D^-1 V D^-1 C), the generalised design effects
 *     chisq  X^2 / (tr Delta / k) against chi-square(k), k = (rows-1)(columns-1): first order
 *     F      X^2 / tr Delta against F(d, d nu), d = (tr Delta)^2 / tr Delta^2: second order with nu
 *            degrees of freedom of the design
 *     saddlepoint  P that sum l_i chi-square(1) exceeds X^2 chi-square(d nu) / (d nu), l_i the
 *            eigenvalues of Delta, by Lugannani and Rice's formula
 *     Wald   Y' V_Y^-1 Y / k against F(k, nu), Y = counts less those expected; the adjusted one
 *            W (nu - k + 1) / nu against F(k, nu - k + 1)
 *
 * Rao & Scott 1984 (Ann. Stat. 12); Thomas & Rao 1987 (JASA 82); Koch, Freeman & Freeman 1975 (Int.
 * Stat. Rev. 43) and Fellegi 1980 (JASA 75) for Wald; Kuonen 1999 (Biometrika 86) for the
 * saddlepoint, with d nu cut to a whole number of chi-squares, as R survey has it: a
 * few percent of p for few degrees of freedom.  Cost: (rows columns)^3.
 */
#ifndef MARSAD_STAT_RAO_SCOTT_H
#define MARSAD_STAT_RAO_SCOTT_H

#include <stdbool.h>
#include <stdint.h>

struct two_way {
    uint32_t rows, columns;
    const double *count;      /* weighted, row after row */
    const double *covariance; /* of counts, (rows columns)^2 */
    double n, freedom;        /* records; nu */
    const double *shares;     /* covariance of shares; NULL: by linearisation from that of counts */
};

enum two_way_method {
    TWO_WAY_F,
    TWO_WAY_CHISQ,
    TWO_WAY_SADDLEPOINT,
    TWO_WAY_WALD,
    TWO_WAY_ADJUSTED_WALD
};

/* value: of F and Wald the ratio; of chisq and saddlepoint X^2 itself. */
struct two_way_test {
    double value, df1, df2, p; /* df2 NaN: chi-square; df1 NaN: neither */
};

/* False where the test does not exist: under two rows or columns, a margin of 0, a covariance that
 * is singular on the contrasts, no degree of freedom left. */
bool two_way_test(const struct two_way *, enum two_way_method, struct two_way_test *);

#endif
