/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layout of a file of fixed width: where each field stands on a line, in characters.
 *
 * It comes as a CSV with the columns name,start,width (start from 1) and optionally decimals
 * (digits behind a decimal point that is not written), or as a dictionary of CSPro up to 7 (.dcf):
 * the items of one record, with the level's id-items before them; lines of other record types are
 * left out.
 */
#ifndef MARSAD_FORMAT_LAYOUT_H
#define MARSAD_FORMAT_LAYOUT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "table/table_schema.h"

struct layout_field {
    struct text name;
    uint32_t start, width; /* start from 0, in characters */
    uint32_t decimals;     /* implied */
};

struct layout {
    const struct layout_field *field;
    uint32_t fields;
    uint32_t type_start, type_width; /* of the record type; width 0: all lines are records */
    struct text type;
};

/* `file` is its name; `record` chooses one of a dictionary's records, NULL: the only one.  NULL and
 * *error where it is wrong. */
const struct layout *layout_parse(struct arena *, const char *file, struct text bytes,
                                  const char *record, struct error *);

/* By the fields of a schema that have start and width; NULL where none has. */
const struct layout *layout_of_schema(struct arena *, const struct table_schema *);

#endif
