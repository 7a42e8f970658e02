/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The state of the stage validate, shared by its files: validate.c knows the stage, its schema
 * and the flow of rows; validate_foreign.c its foreign keys; validate_rules.c what --rules,
 * --max-findings, --quality, --localise add.
 */
#ifndef MARSAD_STAGES_VALIDATE_H
#define MARSAD_STAGES_VALIDATE_H

#include "chain/stage.h"
#include "table/dictionary.h"
#include "table/field_judge.h"
#include "table/localise.h"
#include "table/quality.h"
#include "table/table_schema.h"

enum { KEYS = 1 << 30 };
enum { FAIL_NEVER, FAIL_ERROR, FAIL_WARNING };

/* A thing about the columns, known before the first row. */
struct remark {
    struct text column;
    const char *rule, *message;
};

/* Where a row came from, kept for findings that come late. */
struct origin {
    uint32_t file; /* number in the dictionary of files */
    uint64_t line;
};

/* A foreign key of the schema: where its cells are here, and what they may be. */
struct foreign_cells {
    uint32_t *column, columns;
    const struct table *table; /* NULL: not checked */
    uint32_t *there;
    struct dictionary *keys; /* made at the first row */
};

struct validate {
    struct table_schema *schema;
    struct foreign_cells *foreign;
    int *column; /* of each field in the input, or NO_COLUMN */
    struct field_judge **judge;
    struct dictionary **seen; /* of each unique field, or NULL */
    bool unique;              /* there are such fields */
    struct dictionary *keys;  /* of the primary key, or NULL */
    uint32_t *key_column;
    struct remark *remark;
    uint32_t remarks;
    int file, line; /* columns of ingest --origin, or NO_COLUMN */
    unsigned fail, rejects, report, quality_port, localise_port;
    const struct schema *report_schema, *quality_schema, *localise_schema;
    struct rule_set *rules; /* NULL: no --rules */
    struct quality *quality;
    struct localise *localise;
    bool counted; /* --max-findings: the number of errors decides */
    bool percent, markdown;
    uint64_t most, errors, bad_rows; /* most: percent in hundredths */
    struct breaches late;            /* of groups and time */
    struct origin *origin;           /* of every row, where such rules and --origin are there */
    size_t origins, origin_room;
    struct dictionary *files; /* NULL: no origins are kept */
};

/* Makes the columns of the report and points `cell` at them, file and line first. */
struct batch *report_batch(const struct validate *, struct batch *, struct text **cell);

/* ---- validate_foreign.c ---- */
void foreign_keys_names(struct step *, void (*add)(void *, const char *), void *);
int foreign_keys_open(struct step *);
void foreign_keys_row(struct step *, const struct batch *, uint32_t row, struct breaches *);

/* ---- validate_rules.c; in open: ---- */
void rules_names(struct step *, void (*add)(void *, const char *), void *);
int rules_load(struct step *, const struct schema *in);
bool rules_rowwise(const struct rule_set *); /* no rule looks at other rows; NULL: no rules */
int threshold_read(struct step *);
void quality_open(struct step *, const struct schema *in);
void localise_open(struct step *, const struct schema *in);

void origin_open(struct step *);

/* In push: */
void origin_keep(struct step *, const struct batch *);
int threshold_check(struct step *);
int rows_localise(struct step *, struct batch *, const uint8_t *truth);

/* In finish: the rules of groups and time, the reports, and whether all this ends the run. */
void late_find(struct step *);
int late_report(struct step *);
int late_judge(struct step *);
int quality_report(struct step *);

#endif
