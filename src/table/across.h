/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules that look beyond one row; each is one line of text:
 *
 *     sum(persons) by household = size        also count, min, max, and on the right side a number,
 *     sum(men) by region <= sum(all)          a column that is the same in the whole group, or
 *                                             another of these; = == != < <= > >=
 *     partition(age) by region                classes of age: no overlap, no gap inside the group
 *     unique(household, person)               no two rows have the same cells
 *     nationality exists in FILE.csv(code)    or in a built-in list; a missing cell passes
 *     rising(x) by scheme over period         never below the value before it in time
 *     falling(x) by scheme over period        never above it
 *     ratio(x) by scheme over period <= 3     never over three times the value before, nor below
 *                                             a third of it; values not above 0 are skipped
 *
 * `by` may be left out: the whole table is one group.  Names with spaces go in brackets.
 * Rows are shown in order by across_row(); unique and exists answer at once, the others at the end,
 * by across_finish().  Sums are exact.  Memory: the groups; for time also every value.
 */
#ifndef MARSAD_TABLE_ACROSS_H
#define MARSAD_TABLE_ACROSS_H

#include "table/table.h"

enum across_kind {
    ACROSS_GROUP,
    ACROSS_PARTITION,
    ACROSS_UNIQUE,
    ACROSS_EXISTS,
    ACROSS_RISING,
    ACROSS_FALLING,
    ACROSS_RATIO,
};

struct across;

struct across *across_parse(struct arena *, const char *source, const struct schema *,
                            struct error *);
enum across_kind across_kind(const struct across *);
/* The file that an expression looks into, as it is written; NULL: none. */
const char *across_names(struct arena *, struct text expression);
void across_columns(const struct across *, void (*)(void *, uint32_t), void *);

/* Of `exists`: where to look, and the column there.  NULL for the others. */
const char *across_file(const struct across *);
int across_target(struct across *, const struct table *, struct error *);

/* False where the row breaks the rule by itself (unique, exists).  `number` is that of the row. */
bool across_row(struct across *, const struct batch *, uint32_t row, uint64_t number);

/* Calls with the number of the row at fault, or of the first row of the group. */
void across_finish(struct across *, void (*)(void *, uint64_t number), void *);

#endif
