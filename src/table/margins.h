/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Margins: known totals of a population, and the sparse row of indicators that a record has in
 * them.
 *
 * A file of margins is `variable,level,total`.  A variable is a column of the records, or several
 * crossed (`region*sex`, level `03*F`); an empty level is the total of a number: variable `income`,
 * or, crossed, `region*income` with level `03*`.  Variable `_T` is the number of records.  A file
 * without a column `variable` is a table of counts: its columns other than `total` are crossed.
 *
 * Each line is a column of the matrix X; the row of a record has an entry in each variable: 1, or
 * the number, in the column of its level.  stat/calibration.h takes these arrays as they are.
 * Misuse: levels compare by their bytes, 1 is not 01.  Memory: 12 bytes an entry, 8 a record.
 */
#ifndef MARSAD_TABLE_MARGINS_H
#define MARSAD_TABLE_MARGINS_H

#include "table/table.h"

struct margins;

struct margins *margins_new(struct arena *);
void margins_free(struct margins *);

/* Adds the lines of a table; -1 and *error set where it is no table of margins. */
int margins_add(struct margins *, const struct table *, struct error *);

/* Finds the columns in the records; -1 and *missing the name of one that is not there.  `need` is
 * called for each that is. */
int margins_bind(struct margins *, const struct schema *, void (*need)(void *, uint32_t), void *,
                 struct text *missing);

/* The columns of X: how many, their totals, and their names: `region*sex 03*F`. */
uint32_t margins_count(const struct margins *);
uint32_t margins_variables(const struct margins *); /* a record has so many entries at most */
const double *margins_total(const struct margins *);
/* Leaves a column out that no record has an entry in: its total is 0 from now on. */
void margins_leave_out(struct margins *, uint32_t column);
struct text margins_variable(const struct margins *, uint32_t column);
struct text margins_level(const struct margins *, uint32_t column);
const char *margins_name(const struct margins *, uint32_t column, struct arena *);

/* Rows of X, growing; zeroed at first, freed by margin_rows_free(). */
struct margin_rows {
    uint32_t *row_of_set; /* where rows are shared: row + 1 of each set of levels, or 0 */
    struct groups *known; /* the same where sets are too many */
    uint32_t rows;
    size_t *start; /* rows + 1, or NULL where there are none */
    uint32_t *column;
    double *value;
    size_t start_room, column_room, value_room;
};

void margin_rows_free(struct margin_rows *);

/* Where the records of a batch could not be placed. */
struct margins_fault {
    uint32_t row, column; /* of the batch */
    const char *reason;
};

/* Adds the rows of a batch; row_of[i] (may be NULL) tells which is that of record i: records with
 * the same levels share one, unless there are numbers; without row_of each has its own.  Rows where
 * leave[i] (may be NULL) get none.  partial: a level without a line is no fault, the record has no
 * entry there.  False: *fault is the first that is none. */
bool margins_code(struct margins *, const struct batch *, const bool *leave, bool partial,
                  struct margin_rows *, uint32_t *row_of, struct margins_fault *fault);

#endif
