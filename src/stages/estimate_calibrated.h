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
#include "stat/calibration.h"
#include "table/margins.h"

/* What a part sums up of its records. */
struct part {
    uint32_t unit, row, records;
    double base, weight, scale;
};

/* The part and the unit of the last record that had a row of margins. */
struct recent {
    uint32_t unit, part; /* part + 1 */
};

struct calibrated {
    struct margins *margins;
    const struct table **table;
    uint32_t tables;
    bool bound;
    int base, scale;
    uint32_t *household, households; /* columns */
    struct pair_index *pairs;        /* parts by unit and row of margins */
    struct recent *recent;           /* of each row of margins */
    size_t recent_room;
    struct groups *keyed; /* or by more, as unit and household */
    uint32_t parts;
    struct part *part;
    size_t part_room;
    struct margin_rows x; /* of parts; with households, of records, whose parts are part_of[] */
    uint32_t *part_of;
    size_t row_room;
    bool apart;                   /* each record is a part of its own: replicates of columns */
    bool uneven;                  /* weights over base weights are not the same within a part */
    struct calibration_rule rule; /* of replicates */
    size_t replicate_room;
    double *replicate; /* of columns: base weights of each part, a replicate each */
    /* made at the end */
    struct calibration_units units; /* rows of the parts */
    struct calibration_normal *normal;
    uint32_t *part_at, *leaf_at;    /* of each place */
    uint32_t places, *leaf, leaves; /* leaf: 0, 1, ...; *domain: those of a domain */
    uint32_t *domain;
    double *residual, *xz, *b;
};

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

/* ---- replicates, each calibrated for itself (estimate_recalibrate.c) ---- */

/* Fills e->replicates->part, when the factors of the replicates are known. */
int recalibrate(struct step *, struct estimate *);
/* The rank of the weights of these parts, a column a replicate. */
uint32_t recalibrated_rank(const struct estimate *, const uint32_t *place, uint32_t count);

#endif
