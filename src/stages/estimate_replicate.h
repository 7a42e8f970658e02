/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Variance by replicate weights: those of columns, or factors of the primary units made here.
 *
 * sum over r of scale_r (estimate_r - centre)^2, the centre being the mean of the replicates or,
 * with
 * --mse, the estimate (Wolter 2007, chapters 3-5; scales as in stat/replicate.h).  Weights of
 * columns are summed a domain and replicate as rows come; factors made here need only the sums of
 * the units (Rao & Wu 1988), so that records times replicates never exist.
 */
#ifndef MARSAD_STAGES_ESTIMATE_REPLICATE_H
#define MARSAD_STAGES_ESTIMATE_REPLICATE_H

#include "stages/estimate.h"
#include "stat/replicate.h"
#include "stat/row_space.h"

/* Sums a domain and replicate, of one fold: cell domain x count + replicate. */
struct replicate_sums {
    struct tally *weight; /* of each set; of a fold of levels: one */
    struct tally *first;
    struct grid_tally *second; /* of those by cell: what --variance needs */
};

struct replicates {
    uint32_t count;
    uint32_t *column;          /* NULL: made here */
    bool factors, mse, scaled; /* scaled: by a file */
    double rho, scale;         /* scale NaN: the type's own */
    enum replicate_type type;
    struct replicate_sums *fold, *level;
    uint32_t folds, levels;
    struct row_space **space; /* of each fold and set: of each domain (--df domain) */
    size_t *space_room, spaces;
    struct row_space whole; /* of all records (--df design) */
    /* values of quantiles: weights a row of each store and replicate */
    double **kept;
    size_t *kept_room;
    /* made here */
    struct replicate_plan plan;
    double *factor; /* PSU x count */
    double *scales; /* of each replicate */
    double *part;   /* calibrated: what the weights of a part are multiplied by, part x count */
    struct {
        uint32_t fold, domain, set, rank;
    } last; /* the rank that was found last */
};

int replicates_open(struct step *, struct estimate *, const struct schema *in);
int replicates_add(struct step *, struct estimate *, const struct batch *, const bool *use,
                   const struct decimal *weight);
int replicates_finish(struct step *, struct estimate *);
/* Adds those of another worker; domain[f], level[l] as filled by fold_merge(). */
int replicates_merge(struct step *, struct estimate *, const struct estimate *from,
                     uint32_t *const *domain, uint32_t *const *level);
void replicates_free(struct estimate *);

/* ---- those made here: how many; their factors and scales ---- */

int replicates_plan(struct step *, struct estimate *);
void replicates_make(struct estimate *);

/* ---- results ---- */

uint32_t replicates_count(const struct estimate *);
/* The statistic by each replicate. */
int replicates_values(struct step *, struct estimate *, uint32_t fold, uint32_t domain,
                      const struct request *, struct text level, struct arena *, double *value);
/* The same of a quantile; sets the leaves of r. */
int replicates_quantile(const struct estimate *, uint32_t fold, uint32_t domain,
                        const struct request *, struct arena *, double *value, struct result *r);
/* se of r, whose value and df are set. */
void replicates_variance(const struct estimate *, const double *value, struct result *r);
/* Of `width` numbers, value[replicate * width + number]; whole: by the whole sample.  Replicates
 * with a number that is not finite are left out, as in R; returns how many. */
uint32_t replicates_covariance(const struct estimate *, const double *value, const double *whole,
                               uint32_t width, double *covariance);
int replicates_result(struct step *, struct estimate *, uint32_t fold, uint32_t domain,
                      const struct request *, struct text level, struct arena *, struct result *r);

/* The factors of a primary unit made here. */
const double *replicates_factors(const struct estimate *, uint32_t leaf);

/* ---- degrees of freedom ---- */

/* From the rank of weights. */
double freedom_of_rank(const struct estimate *, uint32_t rank);
/* Of replicates made here: the PSUs that hold these leaves. */
uint32_t replicates_made_rank(const struct estimate *, const struct influence *);
/* Of columns: of the records of some domains of a fold, which share none. */
uint32_t replicates_joint_rank(const struct estimate *, uint32_t fold, const uint32_t *domain,
                               uint32_t count);

void spaces_open(struct step *, const struct estimate *, struct replicates *);
void spaces_free(struct replicates *);
/* weight[k][row]: of replicate k, after the folds took the rows. */
void spaces_add(struct estimate *, const struct batch *, const struct decimal *const *weight);
void spaces_merge(struct estimate *, const struct replicates *from, uint32_t *const *domain);
/* Of a statistic in a domain; in: the leaves that hold a record of it (for those made here). */
double replicates_freedom(const struct estimate *, uint32_t fold, uint32_t domain,
                          const struct request *, const struct influence *in);

#endif
