/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The values of many groups, kept for quantiles: 24 bytes a value, in one array.
 *
 * quantile_log_settle() sorts them by group and value (radix sort, in linear time); joining two
 * logs that are settled merges them.  A walk is given the values of one group in ascending order,
 * wherever they come from, and stops at the quantile: the smallest x whose cumulated weight reaches
 * p of the total, or the mean of it and the next where it is reached exactly (Hyndman & Fan 1996,
 * definition 2, with weights).  All comparisons are exact.
 */
#ifndef MARSAD_TABLE_QUANTILE_LOG_H
#define MARSAD_TABLE_QUANTILE_LOG_H

#include "base/arena.h"
#include "base/sum.h"

struct quantile_item {
    int64_t x, w; /* mantissas */
    uint32_t group;
    int8_t x_scale, w_scale;
};

struct quantile_log {
    struct quantile_item *item;
    size_t count, room;
    size_t *start; /* of each group, once settled; start[groups] == count */
    uint32_t groups;
    bool settled;
};

void quantile_log_free(struct quantile_log *);
void quantile_log_add(struct quantile_log *, uint32_t group, struct decimal x, struct decimal w);
void quantile_log_settle(struct quantile_log *, uint32_t groups);

/* Group i < n of `from` into group map[i] < groups; `from` may be the log itself. */
void quantile_log_join(struct quantile_log *, struct quantile_log *from, const uint32_t *map,
                       uint32_t n, uint32_t groups);

/* Of a settled log: the values of a group < groups, in order. */
const struct quantile_item *quantile_log_group(const struct quantile_log *, uint32_t group,
                                               size_t *count);
int quantile_item_compare(const struct quantile_item *, const struct quantile_item *);

struct quantile_walk {
    struct sum reached; /* cumulated weight less p times the total */
    struct decimal low, high;
    enum { WALK_BEFORE, WALK_AT, WALK_PAST } where;
    bool any;
};

/* To be added up over all values before the first walk_step: -p w. */
bool quantile_weigh(struct sum *, struct decimal p, const struct quantile_item *, size_t n);
void quantile_step(struct quantile_walk *, const struct quantile_item *);
struct text quantile_text(const struct quantile_walk *, struct arena *); /* missing: no value */

#endif
