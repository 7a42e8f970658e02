/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results of `estimate` as rows.
 *
 * rows_add() takes a result with its keys, works out interval, flag and note, and emits full
 * batches; rows_flush() the rest.  Texts are copied.
 */
#ifndef MARSAD_STAGES_ESTIMATE_WRITE_H
#define MARSAD_STAGES_ESTIMATE_WRITE_H

#include "stages/estimate.h"
#include "stat/flag.h"

enum flags { FLAGS_NONE, FLAGS_CV, FLAGS_NCHS };

struct flag_rule {
    enum flags kind;
    double warn_cv, most_cv, least_n;
};

struct row_key {
    const struct text *group; /* of each group column of the output */
    const char *statistic;
    struct text variable;
};

/* The columns behind those of the groups; -1 where a name is taken. */
int rows_schema(struct step *, struct schema *out);
int flags_open(struct step *, struct estimate *);
/* Of a result with its error that is shown: works out what rows_add() would; several threads may.
 */
void result_interval(const struct estimate *, enum statistic, struct result *);
void rows_new(struct step *, struct estimate *);
int rows_add(struct step *, struct estimate *, const struct row_key *, enum statistic,
             const struct result *);
int rows_flush(struct step *, struct estimate *);
void rows_free(struct estimate *);

/* ---- of estimate_results.c: all rows of a fold, contrasts last ---- */

int results_write(struct step *, struct estimate *, uint32_t fold);

#endif
