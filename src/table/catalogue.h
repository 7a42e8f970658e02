/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The indicator catalogue: a table whose rows say what each code is and, for derived ones, how.
 *
 * Columns: code and formula; labels, unit, decimals and dimensions where they are there
 * (data/README.md describes them all).  catalogue_read() checks the whole of it at once: codes are
 * unique, formulas are well formed and name observed indicators of the same catalogue, the
 * dimension of a share is one that its row may have.  A fault is one of configuration (78), at its
 * row.
 */
#ifndef MARSAD_TABLE_CATALOGUE_H
#define MARSAD_TABLE_CATALOGUE_H

#include "table/formula.h"
#include "table/language.h"
#include "table/table.h"

enum { DECIMALS_UNKNOWN = -1 };

struct indicator {
    struct text code, unit;
    struct text label[LANGUAGES]; /* empty where the catalogue has none */
    struct text dimensions;       /* names separated by spaces */
    int decimals;                 /* 0..18 or DECIMALS_UNKNOWN */
    struct formula formula;
};

struct catalogue {
    uint32_t count;
    struct indicator *indicator;
};

/* The catalogue lives in the arena and points into the table.  0, or -1 with *error set. */
int catalogue_read(struct arena *, const struct table *, struct catalogue *, struct error *);

const struct indicator *catalogue_find(const struct catalogue *, struct text code);

bool indicator_has_dimension(const struct indicator *, struct text name);

#endif
