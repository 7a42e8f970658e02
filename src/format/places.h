/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many digits behind the point the figures of a block show.
 *
 * A block is what has one indicator and one unit.  Where its figures are computed here, or rounded
 * by an option, they all show as many digits as the one with the most: 85 beside 83.5 is 85.0.  A
 * figure that was published as 85 stays 85: more digits would claim a precision that nobody gave.
 * Counts have none, so they show none.  Cost: a look at each cell of the grid.
 */
#ifndef MARSAD_FORMAT_PLACES_H
#define MARSAD_FORMAT_PLACES_H

#include "format/legend.h"
#include "format/side.h"

struct places {
    uint32_t *row, *column; /* block of each, on its side */
    uint32_t columns;       /* blocks on the side of the columns */
    int *digits;            /* [row block * columns + column block] */
};

/* `aligned`: whether the figures of a block are written alike; asked for each of its cells. */
struct places_rule {
    bool (*aligned)(void *data, const struct entry *row, const struct entry *column);
    void *data;
};

void places_fill(struct places *, struct arena *, const struct side *rows,
                 const struct side *columns, const struct grid *, const struct legend *,
                 struct places_rule);

int places_of(const struct places *, uint32_t row, uint32_t column);

#endif
