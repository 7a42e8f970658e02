/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the stage harmonise share. */
#ifndef MARSAD_STAGES_HARMONISE_H
#define MARSAD_STAGES_HARMONISE_H

#include "chain/stage.h"
#include "table/dictionary.h"
#include "table/quantity.h"
#include "table/witness.h"

extern const char harmonise_details[];

/* The other rows of a source (--others, --others-are, --source). */
struct others {
    const struct table *table;   /* or NULL */
    struct witnesses *witnesses; /* from the start on */
    int kind, source;            /* source: a column of the input, or NO_COLUMN */
    int table_text, table_source;
};

int others_open(struct step *, struct others *, const struct schema *in, int column);
void others_start(struct step *, struct others *, const struct codelist *);
struct text others_pick(const struct others *, const struct batch *, uint32_t row,
                        struct text candidates);

/* The parts of quantities, in columns of their own (--list quantity). */
struct parts {
    struct dictionary *texts; /* NULL: another list */
    struct quantity *quantity;
    struct quantity spare; /* of a text that the full dictionary did not take */
    uint32_t room;
    uint32_t column; /* the first of the new columns */
};

int parts_open(struct step *, struct parts *, struct schema *out);
void parts_fill(struct step *, struct parts *, int custom, const struct text *written,
                struct batch *out);

#endif
