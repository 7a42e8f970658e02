/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Contrasts: arithmetic of the values that a statistic has in several domains.
 *
 * `sex=F-M`, `region=North/(North+South)`: names are levels of the column, #2 is the number 2.  The
 * standard error is that of the linearised combination: the gradient times the influence values of
 * the domains, so that their covariance is in it (Sarndal, Swensson & Wretman 1992, section 5.5).
 * The degrees of freedom are those of the domains together.
 */
#ifndef MARSAD_STAGES_ESTIMATE_CONTRAST_H
#define MARSAD_STAGES_ESTIMATE_CONTRAST_H

#include "stages/estimate.h"

int contrasts_open(struct step *, struct estimate *);
int contrasts_write(struct step *, struct estimate *, uint32_t fold, struct arena *);

#endif
