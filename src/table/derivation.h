/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Derived indicators: the catalogue's formulas over a set of observations.
 *
 * Fill `in`, then derivation_run() for each derived indicator appends to `out`; derivation_sort()
 * last. The rules: parts of one figure have the same producer, scope and dimensions, and within a
 * period the same vintage (as_of).  Formulas that look across periods take of each period the
 * figure that supersedes the others (observation_supersedes).  With `across` a figure may have
 * parts of several producers, each cell then having one figure only (a series made by a rules
 * file); two are refused. What cannot be computed is a row without a value, status L (M: cannot
 * exist) and a note. Cost: a sort of the operands for each formula.
 */
#ifndef MARSAD_TABLE_DERIVATION_H
#define MARSAD_TABLE_DERIVATION_H

#include "table/blend.h"
#include "table/catalogue.h"
#include "table/figures.h"
#include "table/remark.h"

struct derivation {
    struct arena *arena;
    struct error *error;
    const struct catalogue *catalogue;
    struct ranks ranks[2]; /* of statuses, of confidentiality */
    uint32_t dimensions;
    const struct text *dimension; /* names */
    const struct table **list;    /* code list of each dimension, or NULL: every code is a part */
    bool across, round;
    enum language language; /* of the notes */
    bool *bounded;          /* whether the catalogue knows a dimension: set by derivation_run */
    struct figures in, out;
    uint64_t unmatched; /* of the last run: figures that had no counterpart of their producer and
                           vintage */
    uint64_t misfits;   /* of the last run: figures in another unit than the catalogue's */
};

/* 0, or -1 with *error set (two figures for one key). */
int derivation_run(struct derivation *, const struct indicator *);

/* By indicator, dimensions, period, producer, as_of, scope, unit, in bytes. */
void derivation_sort(struct derivation *);

/* ---- for the formulas (derivation.c, share.c, series.c) ---- */

/* A result being made: for which indicator, beside which figure. */
struct result {
    const struct indicator *indicator;
    const struct observation *beside; /* its dimensions, scope and period are the result's */
    struct blend *blend;
    struct text value, note;
};

int derivation_places(const struct derivation *, const struct indicator *);
int32_t derivation_factor(const struct indicator *); /* 100 for percent */
void derivation_emit(struct derivation *, const struct result *);
/* Without a value: status (L or M) and why. */
void derivation_miss(struct derivation *, struct result *, const char *status, struct text note);
/* The sentence in the language of the notes; `about` is its first place. */
struct text derivation_note(const struct derivation *, enum remark, struct text about);

/* Fields before the period: what a series is the same in; `skip` is a dimension to leave out. */
struct figure_order derivation_order(const struct derivation *, uint32_t skip);
/* The operand `code` of a formula, sorted by derivation_order + period (+ as_of), one figure a key;
 * `latest`: of each period only the one that supersedes. */
int derivation_operand(struct derivation *, const struct indicator *, struct text code, bool latest,
                       struct figures *);

/* Values of a quotient: missing where b is zero, and what direction the bearings have. */
void derivation_quotient(struct derivation *, struct result *, struct amount a, struct amount b,
                         int32_t factor);
enum bearing derivation_bearing(const struct observation *, const struct observation *beside,
                                bool turned);

int share_run(struct derivation *, const struct indicator *);
int series_run(struct derivation *, const struct indicator *);

#endif
