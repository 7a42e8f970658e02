/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the stage `compare` share.
 *
 *     compare.c        the options, the manual, the stage; rotation groups; which waves are
 * compared compare_write.c  changes and their rows
 *     compare_apart.c  variances of the waves within strata alone
 */
#ifndef MARSAD_STAGES_COMPARE_H
#define MARSAD_STAGES_COMPARE_H

#include "stages/estimate.h"
#include "stages/result_rows.h"

enum { WAVES = 64, PAIRS = 256 };

struct pair {
    struct text from, to;
};

struct compare {
    struct estimate e; /* first: estimate's merge takes the state as its own */
    int wave;
    bool derived;         /* groups are made from the waves of each unit */
    struct groups *waves; /* where derived */
    uint64_t *held;       /* of each unit: its waves, a bit each */
    size_t held_room;
    struct pair pair[PAIRS];
    uint32_t pairs;
    struct result_rows *rows;
    /* with --variance-by strata */
    bool by_strata;
    struct frame apart;          /* a unit a unit and wave */
    uint32_t *unit_of, *wave_of; /* of each of its units */
    size_t unit_room, wave_room;
    uint32_t *leaf_of; /* in it, of each unit in each wave */
};

/* The columns behind those of the groups; fails where a name is taken. */
int compare_columns(struct step *, struct schema *out);
/* All changes of a fold, whose last key is the wave. */
int compare_write(struct step *, struct compare *, uint32_t fold);

/* ---- variances within strata alone ---- */

int compare_apart_open(struct step *, struct compare *);
int compare_apart_add(struct step *, struct compare *, const struct batch *, const uint64_t *origin,
                      const uint32_t *unit);
int compare_apart_finish(struct step *, struct compare *);
void compare_apart_close(struct compare *);
/* The variance of the estimate of a wave, and its degrees of freedom. */
int compare_apart_variance(struct step *, const struct compare *, struct text wave,
                           const struct result *, struct arena *, double *variance, double *df);
/* By --df; of_domains: the sum of those of both waves. */
double compare_apart_freedom(const struct compare *, double of_domains);

#endif
