/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table with two entries: observations in, a dense grid of rows and columns out.
 *
 * crosstab_add() places one observation; the first that stands where another does is kept in
 * `second`, for the caller to refuse.  Tables made from parts of the input are merged.
 * crosstab_grid() orders both sides, ranks, folds what is beyond the first N rows into one, and
 * adds totals.  Sums are exact, and a sum with a part that is missing or withheld is itself
 * missing: there is no partial sum.  Published totals and groups are never ranked or summed; a
 * published rest (`_O`) and special codes (unknown, stateless) are summed, not ranked.  All memory
 * is of the arena.  Cost: a hash an observation, then the grid (rows x columns), which has a
 * ceiling.
 */
#ifndef MARSAD_FORMAT_CROSSTAB_H
#define MARSAD_FORMAT_CROSSTAB_H

#include "base/error.h"
#include "base/number.h"
#include "format/keys.h"

enum { CROSSTAB_CELLS = 1 << 26 };

/* Order of codes on a side: plain codes, a published rest, special codes, groups, totals. */
enum code_class { CODE_PLAIN, CODE_OTHER, CODE_SPECIAL, CODE_GROUP, CODE_TOTAL };

struct code_order {
    uint8_t kind;      /* enum code_class */
    bool rate;         /* figures of this code are not added up: their sums are missing */
    bool derived;      /* figures of this code are computed by a formula */
    uint32_t position; /* in the code list; UINT32_MAX: not listed, then by bytes */
};

/* One side: its items are tuples of codes, one code for each dimension. */
struct axis {
    struct arena *arena;
    uint32_t dimensions;
    struct keys *code;         /* [dimension]: the codes seen */
    struct code_order **order; /* [dimension][code]: set by the caller before crosstab_grid() */
    struct keys item;          /* tuples of code numbers */
    bool uneven;               /* set by the caller: its parts do not make a whole, no sums */
};

enum cell_state { CELL_ABSENT, CELL_MISSING, CELL_WITHHELD, CELL_NUMBER };

struct cell {
    struct text number; /* CELL_NUMBER: as written or as summed; exact or wide */
    uint32_t status;    /* rank: 0 is normal, the larger the worse */
    uint8_t state;      /* enum cell_state */
    char qualifier;     /* 0 ~ > < */
};

/* Where an observation stands in the input; record 0: there is none. */
struct origin {
    uint64_t record; /* in the order of the input (step_rows()) */
    struct place place;
};

struct crosstab {
    struct arena *arena;
    struct axis rows, columns;
    struct keys place;
    struct cell *cell;     /* [place] */
    struct origin *origin; /* [place] */
    uint32_t room, origins;
    struct origin second; /* the first observation whose place was taken, */
    uint64_t taken;       /* by this record */
};

struct plan {
    uint32_t top;    /* rows to keep; 0: all */
    bool rank_first; /* rank by the first column, not by the sum over columns */
    bool total_row, total_column;
    bool absent_zero; /* a place without an observation is a zero, not missing */
};

/* A row or column of the grid: an item of its axis, or one that was made. */
struct entry {
    const struct axis *axis;
    const struct text *label; /* for ties of a ranking */
    uint32_t item;
    uint8_t kind;       /* enum code_class: the largest of its codes' */
    bool rate, derived; /* of one of its codes */
    bool made;          /* by folding (kind CODE_PLAIN) or adding up (CODE_TOTAL): no item */
    struct decimal rank;
};

struct grid {
    uint32_t rows, columns;
    struct entry *row, *column;
    struct cell *cell; /* [row * columns + column] */
};

void crosstab_open(struct crosstab *, uint32_t row_dimensions, uint32_t column_dimensions);
void crosstab_close(struct crosstab *); /* also one that was never opened */

void crosstab_add(struct crosstab *, const struct text *row, const struct text *column, struct cell,
                  struct origin);

/* Gives every cell another status. */
void crosstab_restate(struct crosstab *, uint32_t (*status)(void *data, uint32_t), void *data);

/* Adds all of another table, of other observations with the same dimensions, or the other way
 * round if that one is larger: `from` is then only fit to be closed. */
void crosstab_merge(struct crosstab *, struct crosstab *from);

struct text axis_code(const struct axis *, uint32_t item, uint32_t dimension);

/* Is there an item with a total, or with a group, in one of its dimensions? */
bool axis_has(const struct axis *, enum code_class);

/* `label[item]` of the rows breaks ties of the ranking.  False with *error set where a sum is
 * beyond exact numbers or the grid beyond its ceiling. */
bool crosstab_grid(struct crosstab *, const struct plan *, const struct text *label, struct grid *,
                   struct error *);

#endif
