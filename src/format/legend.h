/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cells as readers see them, and the legend of the marks that occur in them.
 *
 * legend_cell() writes `120`, `~120`, `120 (u)`, `c`, `:` and remembers which marks it used;
 * legend_notes() then explains those and no others.
 */
#ifndef MARSAD_FORMAT_LEGEND_H
#define MARSAD_FORMAT_LEGEND_H

#include "format/caption.h"
#include "format/crosstab.h"
#include "format/statuses.h"

struct legend {
    struct arena *arena;
    struct statuses statuses;
    long long digits; /* to round to; negative: as it is */
    bool withheld, missing, above, below, approximate;
    struct keys used; /* codes of statuses */
};

void legend_open(struct legend *, struct arena *, const struct table *status_list,
                 long long digits);

/* Digits behind the point that the number of a cell has when it is rounded; 0 for other cells. */
int legend_digits(const struct legend *, const struct cell *);

/* A number shows at least `places` digits behind the point.  The text lives in the arena given. */
struct text legend_cell(struct legend *, struct arena *, const struct cell *, int places);

void legend_notes(const struct legend *, struct caption *);

#endif
