/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A proposal how to read a file, and its two forms: a command line and the draft of a Table Schema.
 */
#ifndef MARSAD_FORMAT_SNIFF_PROPOSAL_H
#define MARSAD_FORMAT_SNIFF_PROPOSAL_H

#include "format/foreign.h"
#include "format/sniff_column.h"
#include "format/sniff_tail.h"

struct proposal {
    struct arena *arena;
    const char *file;
    struct foreign how; /* kind, sheet */
    char delimiter;
    const char *encoding; /* NULL: UTF-8 */
    uint32_t header;
    bool skip_blank, trim, hxl;
    const struct schema *schema;
    struct sniff_column *column;
    uint64_t rows;
    struct sniff_tail tail;
    int form;     /* of sniff_forms, by which `number` columns are written; 0: ours */
    bool *number; /* columns that --number names */
    bool missing[SNIFF_MARKS];
};

/* Decides form, number and missing from the columns; what it says for each is its evidence. */
void proposal_settle(struct proposal *, const char **numbers, const char **missing);
const char *proposal_command(const struct proposal *);
const char *proposal_schema(const struct proposal *);

#endif
