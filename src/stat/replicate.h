/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replicate factors of PSUs: what the weight of a PSU is multiplied by in each of R replicates.
 *
 *     brr        2 PSUs a stratum: 2 or 0 by a Hadamard matrix (McCarthy 1969); scale 1/R
 *     fay        2 - rho or rho (Judkins 1990, J. Off. Stat. 6); scale 1/(R (1-rho)^2)
 *     jk1        no strata: PSU r out, others n/(n-1); scale (n-1)/n
 *     jkn        PSU r out, others of its stratum n_h/(n_h-1); scale (n_h-1)/n_h of each replicate
 *     bootstrap  n_h - 1 draws with replacement a stratum, factor n_h/(n_h-1) times the draws
 *                (Rao and Wu 1988, JASA 83; Rao, Wu and Yue 1992, Survey Methodology 18); 1/R
 *     sdr        1 + 2^-1.5 (H[a,r] - H[b,r]), a and b two rows of the matrix, of which the next
 *                PSU has one too (Fay and Train 1995, ASA Proc. Gov. Stat.; Ash 2014, Survey
 *                Methodology 40); 4/R
 *
 * The variance is sum over r of scale_r (estimate_r - centre)^2; scales of jackknives are times 1 -
 * f of their stratum where the fraction f is known (Wolter 2007, 4.3).  Factors are a function of
 * type, seed, stratum and place of the PSU in it alone: they are made where they are used, one
 * stratum at a time, and records times replicates never exist.  The full Hadamard order (first row
 * all 1 left unused) balances brr and fay fully.  A stratum of one PSU: brr, fay refuse; jkn makes
 * no replicate of it and bootstrap gives 1, so that it adds no variance.
 */
#ifndef MARSAD_STAT_REPLICATE_H
#define MARSAD_STAT_REPLICATE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { REPLICATE_BOOTSTRAP_DEFAULT = 500, REPLICATE_SDR_DEFAULT = 80 };

enum replicate_type {
    REPLICATE_BRR,
    REPLICATE_FAY,
    REPLICATE_JK1,
    REPLICATE_JKN,
    REPLICATE_BOOTSTRAP,
    REPLICATE_SDR
};

struct replicate_plan {
    enum replicate_type type;
    uint32_t replicates; /* 0: as many as the type needs (bootstrap: 500, sdr: 80) */
    double rho;          /* fay */
    uint64_t seed;       /* bootstrap */
    uint32_t strata;
    const uint32_t *psus; /* a stratum */
    const double
        *fraction; /* taken of the PSUs of each stratum, for jackknives; NULL: next to none */
    /* made by replicate_plan_set() */
    uint32_t *first;        /* PSUs of the strata before */
    uint32_t total;         /* PSUs */
    const int8_t *hadamard; /* order x order, or NULL */
    uint32_t order, wanted; /* wanted: the order that would do, if it were offered */
};

/* NULL, or why it cannot be (a sentence's end); *stratum is the one at fault, or UINT32_MAX.  Fills
 * what is left to fill, in the arena. */
const char *replicate_plan_set(struct arena *, struct replicate_plan *, uint32_t *stratum);

/* factor[psu * replicates + r] of the PSUs of one stratum (jk1, sdr: strata do not matter to them,
 * but PSUs are counted through them). */
void replicate_factors(const struct replicate_plan *, uint32_t stratum, double *factor);

/* scale_r of the variance. */
double replicate_scale(const struct replicate_plan *, uint32_t replicate);

/* The rank of the factors of some PSUs, psus[h] of each stratum, as a matrix with a column a
 * replicate: all PSUs of a stratum add up to a constant (jackknife, half samples, bootstrap), so
 * one is lost for each stratum that is there in full, but for the first.  Bounded by the number of
 * replicates.  Less 1 it is degf() of R survey 4.5. */
uint32_t replicate_rank(const struct replicate_plan *, const uint32_t *psus);

/* `brr`, `fay`, ...; false where there is no such type. */
bool replicate_type_of(const char *name, enum replicate_type *);
const char *replicate_type_name(enum replicate_type);

/* A Hadamard matrix of the least order >= `least` that is offered: every multiple of 4 up to 256;
 * first row and column are 1.  NULL beyond order 4096. */
const int8_t *hadamard_matrix(struct arena *, uint32_t least, uint32_t *order);

#endif
