/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The state of the stage calibrate, and what is done to one set of weights (calibrate_weigh.c).
 */
#ifndef MARSAD_STAGES_CALIBRATE_H
#define MARSAD_STAGES_CALIBRATE_H

#include "chain/stage.h"
#include "stat/calibration.h"
#include "table/kept_rows.h"
#include "table/margins.h"

/* A column of numbers or codes of all rows, growing. */
struct reals {
    double *at;
    size_t room;
};
struct codes {
    uint32_t *at;
    size_t room;
};

struct calibrate {
    struct margins *margins;
    const struct table **table; /* of --margins */
    uint32_t tables;
    bool bound, partial, strict, factors;
    int weight, scale, response;
    struct calibration_rule rule;
    double trim_low, trim_high; /* 0, 0: no trimming */
    uint32_t *household_column, household_columns, *cell_column, cell_columns;
    struct groups *households, *cells;
    uint32_t *replicate_column, replicates;

    uint32_t rows;
    struct margin_rows x;
    struct reals base, scales, *replicate;
    struct codes household, cell, row_of; /* row_of: of each record its row of x */
    bool *responds;
    size_t responds_room;
    double *before;           /* sums of X with the weights before */
    double *adjusted, *after; /* the weights after --response, and at the end */
    struct kept_rows *kept;
    unsigned report;
    const struct schema *report_schema;
};

/* The weight as 18 digits behind the point hold it, so that whoever reads it can sum it exactly. */
double calibrate_rounded(double weight);

/* Response, margins, trimming: weight[] is replaced; *adjusted (may be NULL) gets those between
 * response and margins.  `where` begins the messages. */
int calibrate_weigh(struct step *, double *weight, double *adjusted, const char *where);

#endif
