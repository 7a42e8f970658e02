/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the cells of a column have in common: a type, a way to write numbers, marks for missing
 * cells.
 *
 * A column is a number only if each of its cells is one; a mark counts as missing only where all
 * other cells are numbers, since `NA` is also Namibia.
 */
#ifndef MARSAD_FORMAT_SNIFF_COLUMN_H
#define MARSAD_FORMAT_SNIFF_COLUMN_H

#include "table/batch.h"
#include "table/number_form.h"

enum { SNIFF_FORMS = 6, SNIFF_MARKS = 14, SNIFF_MARK_BYTES = 8 };

/* The ways to write a number; the first is ours. */
extern const struct number_form sniff_forms[SNIFF_FORMS];
extern const char sniff_marks[SNIFF_MARKS][SNIFF_MARK_BYTES];

struct sniff_column {
    uint64_t cells, missing, spaced; /* spaced: with spaces around */
    uint64_t mark[SNIFF_MARKS];      /* cells that are this mark */
    uint64_t bad[SNIFF_FORMS];       /* cells that are no number of this form, marks not counted */
    uint64_t grouped,
        plain_long; /* with a mark between groups of three; of four digits and more without */
    uint64_t fraction, dates, months, years, booleans, zeros; /* zeros: 007 */
};

enum sniff_type {
    SNIFF_STRING,
    SNIFF_INTEGER,
    SNIFF_NUMBER,
    SNIFF_DATE,
    SNIFF_MONTH,
    SNIFF_YEAR,
    SNIFF_BOOLEAN
};

void sniff_column_add(struct sniff_column *, struct text cell);
/* Cells that are neither missing nor a mark. */
uint64_t sniff_column_values(const struct sniff_column *);
/* A column whose values are all numbers of some form: the first such; -1: none. */
int sniff_column_form(const struct sniff_column *);
enum sniff_type sniff_column_type(const struct sniff_column *);
const char *sniff_type_name(enum sniff_type);

#endif
