/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A side of a table: the columns whose codes are its rows or its columns, and what they are called.
 *
 * The caller fills `column`, `name` and `labels` of each dimension and `code` of each observation;
 * side_* then answer for the axis of a crosstab that was made from them.  `block` tells dimensions
 * that say what is counted (indicator, unit): figures of one block are written alike.
 */
#ifndef MARSAD_FORMAT_SIDE_H
#define MARSAD_FORMAT_SIDE_H

#include "format/crosstab.h"
#include "format/label.h"

struct side {
    uint32_t *column;
    uint32_t count;
    struct text *name;     /* [count]: of the columns */
    struct labels *labels; /* [count] */
    struct text *code;     /* [count]: of the present row */
    bool *block;           /* [count] */
    bool adds;             /* its codes may be added up */
};

void side_open(struct side *, struct arena *); /* room for `count` dimensions */

bool side_has(const struct side *, struct text name);

/* Orders the codes that the axis has seen. */
void side_order(const struct side *, struct axis *, enum language);

/* The labels of an item, in one. */
struct text side_label(const struct side *, const struct axis *, uint32_t item, enum language);

/* The same of every item, folded: what ties of a ranking are ordered by. */
struct text *side_ties(const struct side *, const struct axis *, enum language);

/* Which block an entry is of: its indicator and unit; empty where neither stands on this side. */
struct text side_block(const struct side *, const struct entry *);

/* Is this side a series: one dimension of periods that are all days, or all equally many months? */
bool side_series(const struct side *, const struct axis *);

#endif
