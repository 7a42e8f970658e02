/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Variance by replicate weights: those of columns, or factors of the primary units made here.
 *
 * sum over r of scale_r (estimate_r - centre)^2, the centre being the mean of the replicates or, with
 * --mse, the estimate (Wolter 2007, chapters 3-5; scales as in stat/replicate.h).  Weights of columns
 * are summed a domain and replicate as rows come; factors made here need only the sums of the units
 * (Rao & Wu 1988), so that records times replicates never exist.
 */
#ifndef MARSAD_STAGES_ESTIMATE_REPLICATE_H
#define MARSAD_STAGES_ESTIMATE_REPLICATE_H

#include "stages/estimate.h"

int replicates_open(struct step *, struct estimate *, const struct schema *in);
int replicates_add(struct step *, struct estimate *, const struct batch *, const bool *use,
                   const struct decimal *weight);
int replicates_finish(struct step *, struct estimate *);
void replicates_free(struct estimate *);

uint32_t replicates_count(const struct estimate *);
/* The statistic by each replicate. */
int replicates_values(struct step *, struct estimate *, uint32_t fold, uint32_t domain,
                      const struct request *, struct text level, struct arena *, double *value);
/* se and df of r, whose value is set. */
void replicates_variance(const struct estimate *, const double *value, struct result *r);
int replicates_result(struct step *, struct estimate *, uint32_t fold, uint32_t domain,
                      const struct request *, struct text level, struct arena *, struct result *r);

#endif
