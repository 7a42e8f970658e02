/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Measures: what `aggregate` computes for each group, one kind a statistic.
 *
 * A measure keeps an accumulator a group and takes a batch at a time: measure_add() gets the group
 * of every row.  Sums, counts, extremes and sets merge in any order (measure_fold), so the result
 * depends on neither order nor threads; doubles are made only when a result is written.
 *
 *   count     rows, or rows where the column is not missing
 *   missing   rows where the column is missing
 *   sum       sum of x, or of w x: exact
 *   mean      sum(w x) / sum(w), each exact, divided once (w = 1 without a weight)
 *   min max   by value, in canonical text
 *   distinct  number of different texts
 *   quantile  the smallest x whose cumulated weight reaches p sum(w), the mean of it and the next
 *             where it is reached exactly (Hyndman & Fan 1996, definition 2, with weights; R
 * survey's qrule "school"); compared exactly
 *
 * A row counts where neither its value nor its weight is missing.  Memory: fixed for each group,
 * but a text a distinct value, and 24 bytes a row for quantiles.
 */
#ifndef MARSAD_TABLE_MEASURE_H
#define MARSAD_TABLE_MEASURE_H

#include "io/spill.h"
#include "table/batch.h"

enum measure_kind {
    MEASURE_COUNT,
    MEASURE_MISSING,
    MEASURE_SUM,
    MEASURE_MEAN,
    MEASURE_MIN,
    MEASURE_MAX,
    MEASURE_DISTINCT,
    MEASURE_QUANTILE,
};

struct measure;

/* column, weight: of the batches, or NO_COLUMN (count of rows; no weight); p: for quantiles. */
struct measure *measure_new(enum measure_kind, int column, int weight, struct decimal p);
void measure_free(struct measure *);

/* A cell that cannot be used; the caller makes the message. */
struct measure_fault {
    uint32_t row, column;
    const char *reason;
    int code;
};

/* group[i] < groups for each row.  False and *fault set on a cell that is no number, or a sum that
 * outgrows its accumulator.  refuse_missing: a missing cell is a fault too. */
bool measure_add(struct measure *, const struct batch *, const uint32_t *group, uint32_t groups,
                 bool refuse_missing, struct measure_fault *);

/* Adds each group i < from to group into[i] (from <= into[i] < groups), for margins; false: a sum
 * outgrows its accumulator. */
bool measure_fold(struct measure *, const uint32_t *into, uint32_t from, uint32_t groups);

/* Adds the groups of another measure of the same kind: its group i < n to group map[i] < groups;
 * false: a sum outgrows its accumulator. */
bool measure_merge(struct measure *, struct measure *from, const uint32_t *map, uint32_t n,
                   uint32_t groups);

/* The canonical text of a group's result, missing where there is none; in the arena. */
struct text measure_text(struct measure *, uint32_t group, struct arena *);
/* Those of many groups; once measure_settle() was called, threads may ask at a time. */
void measure_texts(struct measure *, const uint32_t *group, uint32_t n, struct text *,
                   struct arena *);

/* An empty measure of the same kind; bytes of the heap that a measure takes. */
struct measure *measure_like(const struct measure *);
size_t measure_bytes(const struct measure *);

/* Sorts the values that are kept, in as many groups, so that this need not be done later. */
void measure_settle(struct measure *, uint32_t groups);

/* Puts a group of a settled measure aside, which gets no more rows; false and *error on failure. */
bool measure_save(struct measure *, uint32_t group, struct spill *, struct error *);

/* The text of a group of which n runs hold a part, each being read where measure_save() began;
 * .at is NULL where *error was set. */
struct text measure_restore(struct measure *, struct spill_reader *const *run, uint32_t n,
                            struct arena *, struct error *);

#endif
