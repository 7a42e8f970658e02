/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calibration: weights w = d g near the base weights d, whose totals sum w x are known totals T.
 *
 * g = F(q x'lambda) with F of the method (Deville and Sarndal 1992, JASA 87, eq. 2.5-2.7, table 1):
 *
 *     linear      1 + u                         (GREG; weights may be negative)
 *     raking      exp(u)                        (where iterative proportional fitting ends)
 *     logit       (L(U-1) + U(1-L)e^Au) / (U-1 + (1-L)e^Au), A = (U-L)/((1-L)(U-1)): L < g < U
 *     truncated   1 + u, cut to L <= g <= U
 *
 * and q = 1/scale.  lambda minimises the convex dual sum d G(q x'lambda)/q - T'lambda, G' = F: by
 * Newton steps, each halved until the dual falls (Armijo), so a solution that exists is found.
 * Units whose rows hold one single 1 (post-strata) are solved in closed form, g = T / sum d.
 *
 * Variance (Deville and Sarndal, eq. 3.4): in the place of an influence value z (y for a total,
 * (y - mean) / sum of weights for a mean, zero outside a domain) comes e = z - x'B, the residual of
 * the regression on x with weights d q, B = (sum d q x x')^-1 sum d q x z, expanded by the
 * *calibrated* weight w.  For a stage that keeps sums only: the PSU total of w e is the PSU total
 * of w z less (PSU total of w x)'B, and B needs sum d q x z alone: no record is kept.
 *
 * One weight a household (Lemaitre and Dufour 1987, Survey Methodology 13): units are households,
 * x the sums over the members, scale the number of members; z is summed over the members too.
 *
 * Rows are sparse, all arrays the caller's.  Memory: columns^2 doubles; time: units times the
 * square of the entries of a row, a Newton step.  Misuse: base weights below zero or missing.
 */
#ifndef MARSAD_STAT_CALIBRATION_H
#define MARSAD_STAT_CALIBRATION_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Row k of x is value[start[k]..start[k+1]) in the columns beside them. */
struct calibration_units {
    uint32_t units, columns;
    const size_t *start; /* units + 1 */
    const uint32_t *column;
    const double *value;
    const double *base;  /* d >= 0 */
    const double *scale; /* 1/q > 0; NULL: 1 everywhere */
};

enum calibration_method {
    CALIBRATION_LINEAR,
    CALIBRATION_RAKING,
    CALIBRATION_LOGIT,
    CALIBRATION_TRUNCATED
};

struct calibration_rule {
    enum calibration_method method;
    double low, high; /* of g: logit and truncated; 0 <= low < 1 < high */
};

#define CALIBRATION_TOLERANCE 1e-10 /* of |sum w x - T| / (1 + |T|) */

enum calibration_outcome {
    CALIBRATION_MET,
    CALIBRATION_EMPTY,         /* a total that is not 0, and no unit has that x */
    CALIBRATION_CONTRADICTION, /* columns depend on each other, and their totals do not agree */
    CALIBRATION_OUT_OF_REACH,  /* one total lies beyond what the bounds allow */
    CALIBRATION_NO_SOLUTION    /* totals can be met alone, not together */
};

struct calibration_result {
    enum calibration_outcome outcome;
    uint32_t column;  /* the one total to name first */
    double reached;   /* sum w x there: what it is, or the nearest that bounds allow */
    double error;     /* largest |sum w x - T| / (1 + |T|) */
    double *total;    /* columns: sum w x with the weights found, or at the last try */
    double low, high; /* nearest bounds that can be met, widened alike on both sides; 0, 0: none */
    uint32_t steps;
};

/* weight[units].  True: all totals are met to CALIBRATION_TOLERANCE.  False: weights are the base
 * weights, and *result says why. */
bool calibration_solve(struct arena *, const struct calibration_units *, const double *total,
                       const struct calibration_rule *, double *weight,
                       struct calibration_result *result);

/* The nearest bounds 1 - s(1-L), 1 + s(U-1), s >= 1, within which the totals can be met (bisection
 * on s); false: none, not even without bounds. */
bool calibration_nearest_bounds(struct arena *, const struct calibration_units *,
                                const double *total, const struct calibration_rule *, double *low,
                                double *high);

/* ---- residuals ---- */

/* sum d q x x', packed and reduced to columns that do not depend on others; in the arena. */
struct calibration_normal;

/* Step by step (one pass), or of all units at once. */
struct calibration_normal *calibration_normal_new(struct arena *, uint32_t columns);
void calibration_normal_add(struct calibration_normal *, uint32_t entries, const uint32_t *column,
                            const double *value, double weight); /* weight: d q */
void calibration_normal_finish(struct calibration_normal *);
struct calibration_normal *calibration_normal_of(struct arena *, const struct calibration_units *);

/* b = (sum d q x x')^- xz: B from xz = sum d q x z.  0 for columns that depend on others. */
void calibration_coefficients(const struct calibration_normal *, const double *xz, double *b);

/* ---- households, trimming, non-response ---- */

/* Rows of households from those of persons: sums of x, scale the number of members (or the sum of
 * the members' scales), base that of the members, who must all have the same: else *fault is a
 * person who has another and NULL is returned.  household[person] in 0..households-1. */
struct calibration_units *calibration_households(struct arena *, const struct calibration_units *,
                                                 const uint32_t *household, uint32_t households,
                                                 uint32_t *fault);

/* Cuts weights to low..high; what was cut is shared out equally among the weights that were inside
 * (Potter 1990).  strict: again until none is outside.  False: the total does not fit the bounds.
 * Weights of 0 stay 0 and take no share. */
bool calibration_trim(double *weight, uint32_t units, double low, double high, bool strict);

/* Weights of respondents times (sum of all weights / sum of respondents' weights) of their cell,
 * others 0 (response homogeneity groups: Sarndal, Swensson, Wretman 1992, 15.6.2).  False: *fault
 * is a unit of a cell of some weight without any respondent. */
bool calibration_response(struct arena *, double *weight, const bool *responds,
                          const uint32_t *cell, uint32_t units, uint32_t cells, uint32_t *fault);

#endif
