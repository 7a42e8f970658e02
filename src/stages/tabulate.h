/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The state of tabulate, for the files of that stage alone.
 */
#ifndef MARSAD_STAGES_TABULATE_H
#define MARSAD_STAGES_TABULATE_H

#include "chain/stage.h"
#include "format/places.h"

struct tabulate {
    struct schema *out;
    struct side rows, columns;
    int value, qualifier, status, confidentiality;
    struct crosstab table;
    struct caption caption;
    struct legend legend;
    struct plan plan;
    struct grid grid;
    struct places places;
    struct place place; /* of the batch: file and field */
    enum language language;
    long long digits;
    unsigned notes_port;
    struct schema *notes_schema;
};

/* The stage's open(). */
int tabulate_open(struct step *, const struct schema *in, struct schema *out);

/* Is this column one of the table's rows or columns? */
bool tabulate_shows(const struct tabulate *, struct text column);

#endif
