/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Weighted quantiles: ten rules over values in order, with their cumulated weights.
 *
 * With C_k the weight of the first k values and W = C_n (Hyndman & Fan 1996, Am. Stat. 50, whose
 * equal weights 1 become w_k, as in R survey):
 *
 *     math (hf1)    the first value with C_k >= pW
 *     school (hf2)  the same, and the mean with the next one where C_k = pW
 *     hf3           the same, and the next distinct one where C_k = pW of the k-th, k odd
 *     hf4..hf9      linear between the points (p_k, x_k), flat beyond them, with p_k =
 *       hf4 C_k/W   hf5 (C_k - w_k/2)/W   hf6 C_k/(W + w_n)   hf7 C_{k-1}/C_{n-1}
 *       hf8 (C_{k-1} + 2 w_k/3)/(W + w_n/3)   hf9 (C_{k-1} + 5 w_k/8)/(W + w_n/4)
 *     shahvaish     the last value with (n (C_k - w_k/2)/W + 1/2)/(n + 1) <= p, or the first
 *       (Shah & Vaish 2006, ASA Proc.; R 4.5 takes w_k/2 without the factor n/W, which
 *       is the same only for weights whose mean is 1)
 *
 * C_k = pW is met within 1e-12 W, so that a cut point that is exact in decimals is exact here.
 */
#ifndef MARSAD_STAT_QUANTILE_H
#define MARSAD_STAT_QUANTILE_H

#include <stdint.h>

enum quantile_rule {
    QUANTILE_MATH,
    QUANTILE_SCHOOL,
    QUANTILE_HF3,
    QUANTILE_HF4,
    QUANTILE_HF5,
    QUANTILE_HF6,
    QUANTILE_HF7,
    QUANTILE_HF8,
    QUANTILE_HF9,
    QUANTILE_SHAHVAISH,
};

/* x ascending, c cumulated positive weights, n >= 1; p from 0 to 1 (beyond: as 0 or 1). */
double quantile_of(enum quantile_rule, const double *x, const double *c, uint32_t n, double p);

#endif
