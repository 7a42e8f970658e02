/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An observation is one figure: a row whose columns before `value` are its key.
 *
 * This file knows the names and the order of the columns, which of them a schema has, and how the
 * parts of a computed figure blend: the worst status, the latest vintage, whether it is exact,
 * whose it is and where it was read.  A layout finds the columns by name; every column before `value`
 * that has no name of its own here is a dimension.
 * Misuse: a dimension named like an attribute (`status`): it would be read as one.
 */
#ifndef MARSAD_TABLE_OBSERVATION_H
#define MARSAD_TABLE_OBSERVATION_H

#include "base/amount.h"
#include "table/span.h"
#include "table/table.h"

/* The named columns, in the order of the rows. */
enum observation_column {
    OBS_INDICATOR,
    OBS_PERIOD, /* dimensions stand before it */
    OBS_PRODUCER,
    OBS_AS_OF,
    OBS_SCOPE,
    OBS_UNIT,
    OBS_VALUE,
    OBS_QUALIFIER,
    OBS_N,
    OBS_SE,
    OBS_CV,
    OBS_CI_LOW,
    OBS_CI_HIGH,
    OBS_DEFF,
    OBS_DF,
    OBS_STATUS,
    OBS_CONFIDENTIALITY,
    OBS_SOURCE,
    OBS_NOTE,
    OBS_COLUMNS,
};

extern const char *const observation_name[OBS_COLUMNS];

/* The enum of a name, or NO_COLUMN; so NO_COLUMN is what a dimension has. */
int observation_column(struct text name);

/* Where the columns are. */
struct observation_layout {
    int column[OBS_COLUMNS]; /* NO_COLUMN: not there */
    uint32_t dimensions;
    uint32_t *dimension; /* their columns */
};

/* indicator, period and value must be there: -1 with *error set (65) where one is not. */
int observation_layout(struct arena *, const struct schema *, struct observation_layout *,
                       struct error *);

/* The dimensions in their order: nationality, sex, age, region, then as given.  Sorts in place. */
void observation_order(struct text *dimension, uint32_t count);

/* Which way the true value lies from the figure. */
enum bearing { BEARING_EXACT, BEARING_ABOVE, BEARING_BELOW, BEARING_UNCLEAR };

struct observation {
    struct text field[OBS_COLUMNS]; /* as written; empty where there is no such column */
    struct text *dimension;
    struct span period;
    struct span as_of; /* {-1, -1}: unknown */
    struct amount value;
    enum bearing bearing; /* of its qualifier */
    uint64_t record;      /* number of its row, for messages */
};

/* Reads period, as_of, value and qualifier from the fields.  OBS_COLUMNS, or the column at fault. */
enum observation_column observation_parse(struct observation *);

/* `_U` and the empty text are an unknown vintage ({-1, -1}); false: neither that nor a period. */
bool vintage_parse(struct text, struct span *);

/* Whether a figure, for the same cell of the same producer, supersedes the other: a figure any
 * missing one, an exact one any approximate one, a known vintage an unknown one, the later the
 * earlier. */
bool observation_supersedes(const struct observation *, const struct observation *other);

/* ---- how parts blend ---- */

/* "", ">", "<", "~"; false for any other text. */
bool bearing_parse(struct text, enum bearing *);
struct text bearing_text(enum bearing);
enum bearing bearing_join(enum bearing, enum bearing); /* of a sum */
enum bearing bearing_turn(enum bearing);               /* of what is subtracted, or divides */

/* Codes by how bad they are (obs_status, conf_status): columns code and rank, the worst ranked highest. */
struct ranks {
    const struct table *table;
    int code, rank;
};

/* -1 with *error set (78) where there is no list, or it lacks a column. */
int ranks_read(const struct table *, struct ranks *, struct error *);
/* The worse of two; the empty one is the best, an unlisted one the worst. */
struct text ranks_worst(const struct ranks *, struct text a, struct text b);

/* Distinct texts in the order they came. */
struct text_list {
    uint32_t count, room;
    struct text *at;
};

void text_list_add(struct arena *, struct text_list *, struct text);
struct text text_list_join(struct arena *, const struct text_list *, const char *between);

#endif
