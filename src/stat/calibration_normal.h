/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of calibration share behind calibration.h: the normal matrix from inside, the
 * distance functions, and one try at a solution.
 */
#ifndef MARSAD_STAT_CALIBRATION_NORMAL_H
#define MARSAD_STAT_CALIBRATION_NORMAL_H

#include "stat/calibration.h"

struct calibration_normal {
    uint32_t columns, rank;
    double *matrix; /* lower triangle, row by row; L and D once finished */
    double *scale, *work;
    size_t *order; /* of the pivots; those from `rank` on depend on others */
};

void calibration_normal_clear(struct calibration_normal *);

/* x'b of a unit. */
double calibration_dot(const struct calibration_units *, uint32_t unit, const double *b);

/* F, its derivative and its integral at u. */
struct calibration_point {
    double g, slope, integral;
};
struct calibration_point calibration_distance(const struct calibration_rule *, double u);

/* Newton on the dual.  True: converged; weight[] and total[] are those of the last lambda. */
bool calibration_newton(struct arena *, const struct calibration_units *, const double *total,
                        const struct calibration_rule *, double *weight,
                        struct calibration_result *);

#endif
