/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calibrated weights in estimate: the errors are those of residuals (stat/calibration.h).
 *
 * The records of a unit of the sample that have the same row of margins are a part; folds sum by
 * part in the place of unit.  Weights over base weights are the same within a part, so that the
 * regression of any statistic on the margins needs its sums by part alone: a few parts a unit where
 * margins are levels, at worst one a record where they are numbers.  With --by-household parts are
 * households with their mean row.
 */
#ifndef MARSAD_STAGES_ESTIMATE_CALIBRATED_H
#define MARSAD_STAGES_ESTIMATE_CALIBRATED_H

#include "stages/estimate.h"

/* Without --calibrated, e->calibrated stays NULL and nothing below is called. */
int calibrated_open(struct step *, struct estimate *);
int calibrated_start(struct step *, struct estimate *);
/* unit[i] becomes the part of row i. */
int calibrated_add(struct step *, struct estimate *, const struct batch *, uint32_t *unit);
/* After the design is known, before the folds are finished: frame.place is that of the parts. */
int calibrated_finish(struct step *, struct estimate *);
void calibrated_free(struct estimate *);

/* From influence values by part: *leaves, the leaves of the domain; *sums, residuals of all leaves.
 * Valid until the next call. */
void calibrated_sums(const struct estimate *, const struct influence *parts,
                     struct influence *leaves, struct unit_sums *sums);

#endif
