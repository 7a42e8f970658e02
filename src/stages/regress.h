/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the stage `regress` share.
 *
 *     regress.c        the options, the manual, the stage, and what it writes
 *     regress_terms.c  terms as they are asked for, and the values of the records
 *     regress_replicate.c  errors by replicate weights
 */
#ifndef MARSAD_STAGES_REGRESS_H
#define MARSAD_STAGES_REGRESS_H

#include "stages/estimate_replicate.h"
#include "stages/result_rows.h"
#include "stat/regression.h"

enum { TERMS = 64 }; /* asked for; factors make more */

/* A column, an expression, or (levels not NULL) a factor, whose values are numbers of levels. */
struct term {
    struct text name; /* of a factor: its column's */
    int column;       /* NO_COLUMN: an expression */
    struct expression *expression;
    struct groups *levels;
    struct text base; /* the level that others are compared with; missing: the first */
};

/* What is asked for: a term, or the product of two. */
struct product {
    uint32_t first, second; /* second NO_TERM: there is none */
};
#define NO_TERM UINT32_MAX

struct regress {
    struct estimate e;
    enum regression_model model;
    bool intercept, offsets, exposure; /* exposure: the offset is its logarithm */
    struct term response, offset, term[2 * TERMS];
    uint32_t terms;
    struct product product[TERMS];
    uint32_t products;
    const struct schema *made; /* of the value of an expression: one column */
    uint32_t *by, keys;
    struct groups *domains;
    /* of each complete record: terms values, response, weight and offset; its unit and domain */
    uint32_t records, width;
    size_t value_room, unit_room, domain_room, missing_room, replicate_room;
    double *replicate; /* of columns: the weights of each record */
    double *value;
    uint32_t *unit, *domain;
    uint32_t *missing; /* of each domain: records that are not complete */
    uint64_t unplaced; /* rows without a key */
    struct result_rows *rows;
};

int regress_terms_open(struct step *, struct regress *, const struct schema *in);
/* Keeps the complete records of a batch. */
int regress_add(struct step *, struct regress *, const struct batch *, const bool *use,
                const uint32_t *unit, const struct decimal *weight);
void regress_terms_free(struct regress *);

/* ---- replicates ---- */

/* Keeps the weights of record r->records, which is row i. */
int regress_keep_replicates(struct step *, struct regress *, const struct batch *, uint32_t i);
/* The covariance of the coefficients of some records and their degrees of freedom before terms;
 * returns how many replicates have no solution. */
uint32_t regress_covariance(struct step *, const struct regress *, const struct regression *,
                            const struct regression_fit *, const uint32_t *record,
                            const uint32_t *leaf, double *covariance, double *freedom);

#endif
