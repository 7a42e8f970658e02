/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sets of observations in an order: sort, find equal runs, settle duplicates, keep the best vintage.
 *
 * An order is a list of fields: a dimension (its number from 0) or a named column (FIELD(OBS_...));
 * periods compare by their days, all others by bytes.  Sets hold pointers only and live in an arena;
 * sorting is stable, n log n.
 */
#ifndef MARSAD_TABLE_FIGURES_H
#define MARSAD_TABLE_FIGURES_H

#include "table/observation.h"

#define FIELD(column) (-1 - (int)(column))
enum { FIELD_PERIOD_TEXT = -1 - OBS_COLUMNS }; /* the period as written, by bytes */

struct figure_order {
    uint32_t count;
    int *field;
};

struct figures {
    uint32_t count, room;
    const struct observation **at;
};

/* Room for `dimensions` and all other fields. */
struct figure_order figure_order_new(struct arena *, uint32_t dimensions);
void figure_order_add(struct figure_order *, int field);
/* All dimensions but `skip` (none: UINT32_MAX). */
void figure_order_add_dimensions(struct figure_order *, uint32_t dimensions, uint32_t skip);

/* By the first `depth` fields. */
int figure_compare(const struct figure_order *, uint32_t depth, const struct observation *,
                   const struct observation *);

void figures_add(struct arena *, struct figures *, const struct observation *);
void figures_sort(struct arena *, struct figures *, const struct figure_order *);

/* The end of the run of figures that are equal to figure `from` in the first `depth` fields. */
uint32_t figures_run(const struct figures *, const struct figure_order *, uint32_t depth,
                     uint32_t from);

/*
 * One figure a key (all fields of the order, by which the set is sorted): of equal ones the first stays,
 * with the sources of all; an exact one beats an approximate one.  -1 with *error set (65) where
 * two different figures are left.
 */
int figures_settle(struct arena *, struct figures *, const struct figure_order *, struct error *);

/* Keeps, of each run in the first `depth` fields, the figure that supersedes the others. */
void figures_supersede(struct figures *, const struct figure_order *, uint32_t depth);

/* 0 where no two figures are equal in the first `depth` fields, else -1 with *error set (65). */
int figures_alone(const struct figures *, const struct figure_order *, uint32_t depth,
                  struct error *);

#endif
