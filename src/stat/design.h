/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A sample design as numbers, and the covariance of totals under it.
 *
 * A design is a tree: strata, in them the primary units (stage 0), in these the units of stage 1,
 * and so on.  Units are numbered so that those of one parent are neighbours:
 *
 *     stage[0].first[h] .. stage[0].first[h + 1] - 1      the PSUs of stratum h
 *     stage[1].first[i] .. stage[1].first[i + 1] - 1      the second-stage units of PSU i
 *
 * It holds every unit of the sample, whatever the domain: a domain is the set of units that hold a
 * record of it (units.unit), all others count with zero sums.  A statistic is linear(ised): its
 * influence values w u, summed over the records of each unit of the last stage, are all that its
 * variance needs (Woodruff 1971; Sarndal, Swensson & Wretman 1992, section 5.5).
 *
 *     V = sum_h (1 - n/N) n/(n-1) sum_i (z_i - zbar)(z_i - zbar)'  + sum_i (n/N) V_i      (stage by
 *     stage, V_i the same within unit i: Sarndal et al. 1992, result 4.3.1; Cochran 1977, 11.4)
 *
 * With inclusion probabilities 1 - n/N is 1 - p_i of each unit (Brewer 2002, section 9.6; Berger
 * 2004).  Cost: units present x statistics^2.  Misuse: records filtered before the design was read.
 */
#ifndef MARSAD_STAT_DESIGN_H
#define MARSAD_STAT_DESIGN_H

#include <stdbool.h>
#include <stdint.h>

enum { DESIGN_STAGES = 4 };

/* What a stratum with a single unit does (R survey's names; collapse: Wolter 2007, section 2.5). */
enum lonely {
    LONELY_FAIL,
    LONELY_REMOVE,    /* adds nothing */
    LONELY_CERTAINTY, /* adds nothing: the unit was certain to be taken */
    LONELY_ADJUST,   /* squared around the mean of the PSUs of all strata that hold a record; a lone
                        unit of a further stage adds nothing (R survey 4.5) */
    LONELY_AVERAGE,  /* as much as the mean of the other strata */
    LONELY_COLLAPSE, /* joined with another: design_collapse() before use */
};

struct design_stage {
    uint32_t units;
    const uint32_t *first;     /* parents + 1 of them */
    const double *population;  /* of each parent: its units in the population, INFINITY where drawn
                                  with replacement; NULL: all are */
    const double *probability; /* of each unit (stage 0 only, for Brewer), or NULL */
};

struct design {
    uint32_t strata, stages;
    struct design_stage stage[DESIGN_STAGES];
    enum lonely lonely;
    bool lonely_domains; /* the rules adjust and average also where a domain has one unit left */
};

/* Sums of `width` influence values over the units of the last stage that hold a record. */
struct unit_sums {
    uint32_t count, width;
    const uint32_t *unit; /* ascending */
    const double *z;      /* count x width, unit after unit */
};

enum design_fault { DESIGN_FINE, DESIGN_LONELY, DESIGN_LONELY_WITHIN, DESIGN_NO_STRATUM };

/* covariance: width x width, filled.  DESIGN_LONELY: rule fail, and *stratum has one PSU (WITHIN:
 * a unit of it has one unit of the next stage);
 * DESIGN_NO_STRATUM: rule average, and no stratum has two. */
enum design_fault design_covariance(const struct design *, const struct unit_sums *,
                                    double *covariance, uint32_t *stratum);

/* The number of PSUs less the number of strata, of those that hold one of these units of the last
 * stage; of the whole design. */
int64_t design_domain_freedom(const struct design *, const uint32_t *unit, uint32_t count);
int64_t design_freedom(const struct design *);

/* The PSU of a unit of the last stage. */
uint32_t design_psu(const struct design *, uint32_t unit);

/* The sampled fraction n/N of a parent at a stage; 0 with replacement. */
double design_fraction(const struct design *, uint32_t stage, uint32_t parent);

/* into[h], strata of them: the stratum that h becomes when those of one PSU are joined in pairs, in
 * order (the last of an odd number to the last pair, a single one to its neighbour); returns how
 * many are left.  The caller builds the new design. */
uint32_t design_collapse(const struct design *, uint32_t *into);

#endif
