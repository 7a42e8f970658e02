/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the stage `compare` share.
 *
 *     compare.c        the options, the manual, the stage; rotation groups; which waves are
 * compared compare_write.c  changes and their rows
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
};

/* The columns behind those of the groups; fails where a name is taken. */
int compare_columns(struct step *, struct schema *out);
/* All changes of a fold, whose last key is the wave. */
int compare_write(struct step *, struct compare *, uint32_t fold);

#endif
