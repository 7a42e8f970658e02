/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sums of one domain, column by column: what its statistics are worked out from.
 *
 * A slice has an item for each cell of the domain, in the order of the design.  Columns are made
 * when a statistic asks for one, in the arena of the slice, and kept for the next; records that
 * lack a value are taken off by the list of cells that have some.  So all bytes that come of a
 * slice depend on the sums alone, not on how the fold keeps them.  Misuse: a slice outlives neither
 * its fold nor its arena.
 */
#ifndef MARSAD_STAGES_ESTIMATE_SLICE_H
#define MARSAD_STAGES_ESTIMATE_SLICE_H

#include "stages/estimate.h"
#include "stat/influence.h"

struct domain_column {
    struct unit_column sums;
    struct sum total; /* exact */
};

/* The records that are complete in some columns. */
struct complete {
    const uint32_t *records;
    double n; /* all of them */
    struct domain_column weight;
    uint32_t leaves;
    uint32_t *leaf; /* of the cells that have a record */
};

struct slice {
    const struct estimate *e;
    const struct fold *fold;
    struct arena *arena;
    uint32_t domain, count;
    const uint32_t *cell; /* `count` of the fold's */
    uint32_t *leaf;       /* their places in the design */
    uint32_t *at;         /* of each place: the number of its cell; made when wanted */
    struct complete **complete;
    struct domain_column **first;
};

/* domain UINT32_MAX: one without a record. */
void slice_open(struct slice *, const struct estimate *, const struct fold *, uint32_t domain,
                struct arena *);
/* set NO_SET: all records. */
const struct complete *slice_complete(struct slice *, uint32_t set);
/* Sums of a first moment, over the records of its set. */
const struct domain_column *slice_first(struct slice *, uint32_t first);
/* Weights and number of the records in a level, which is a domain of `levels` (UINT32_MAX: none
 * is).
 */
struct domain_column slice_level(struct slice *, const struct fold *levels, uint32_t level_domain,
                                 double *records);
/* From a value for each cell those of the cells that hold a record, packed in z[]. */
struct influence slice_influence(const struct slice *, const struct complete *, double *z);

#endif
