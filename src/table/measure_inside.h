/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a measure is inside: for measure.c, which fills it, and measure_spill.c, which puts it
 * aside. */
#ifndef MARSAD_TABLE_MEASURE_INSIDE_H
#define MARSAD_TABLE_MEASURE_INSIDE_H

#include "base/sum_rows.h"
#include "table/group.h"
#include "table/measure.h"
#include "table/quantile_log.h"

struct extreme {
    struct decimal value;
    bool any;
};

/* The largest thing that is kept a group in `state`. */
union measure_state {
    uint64_t count;
    struct extreme extreme;
};

struct measure {
    const struct operations *is;
    enum measure_kind kind;
    int column, weight;
    struct decimal p;
    uint32_t groups; /* accumulators in use */
    size_t room;
    void *state;             /* `is->size` bytes a group */
    struct sum_rows x, w;    /* sum, mean */
    struct quantile_log log; /* quantile */
    struct groups *values;   /* distinct: (group, text) pairs */
    uint32_t *order,
        *start; /* when it is put aside: pairs by group and text; where each group begins */
};

/* What one row brings. */
struct row {
    struct decimal x, w;
    struct text text;
};

struct operations {
    size_t size;
    bool numeric;
    bool (*add)(struct measure *, void *state, uint32_t group, const struct row *);
    /* A whole batch of usable cells at once; the first row that does not fit, or all.  NULL: by
     * add(). */
    uint32_t (*add_rows)(struct measure *, const struct sum_batch *, uint32_t groups);
    bool (*merge)(struct measure *, void *into, const void *from); /* NULL: by join() */
    bool (*join)(struct measure *, struct measure *from, const uint32_t *map, uint32_t n);
    struct text (*text)(struct measure *, void *state, uint32_t group, struct arena *);
};

/* Room for as many groups. */
void measure_reserve(struct measure *, uint32_t groups);

/* The text of a sum, or a mean. */
struct text measure_total_text(const struct measure *, const struct sum *x, const struct sum *w,
                               struct arena *);

#endif
