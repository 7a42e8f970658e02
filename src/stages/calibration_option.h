/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What calibrate and estimate, which repeats it for replicates, share: how weights are calibrated
 * as options tell it, and what is told where margins cannot be met.
 */
#ifndef MARSAD_STAGES_CALIBRATION_OPTION_H
#define MARSAD_STAGES_CALIBRATION_OPTION_H

#include "chain/stage.h"
#include "stat/calibration.h"
#include "table/margins.h"

/* An option of two numbers, 0 <= low < high. */
int option_range(struct step *, const char *option, double *low, double *high);
/* Method and bounds by the options of these names. */
int option_rule(struct step *, const char *method, const char *bounds, struct calibration_rule *);

/* Says which margins cannot be met; `where` begins the message. */
int calibration_failed(struct step *, const struct margins *, const struct calibration_rule *,
                       const struct calibration_result *, const char *where);

/* Leaves out the margins that no unit of a base weight above 0 has an entry in, with a warning
 * each; units->base NULL: all have. */
void leave_out_empty(struct step *, struct margins *, const struct calibration_units *);

#endif
