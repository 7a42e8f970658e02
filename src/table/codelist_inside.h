/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of a codelist, for table/codelist*.c and the program that freezes lists.
 *
 * A frozen list is one piece of bytes: a struct frozen, then the arrays of its parts, where it says
 * that they are; numbers are those of the machine that made it.
 */
#ifndef MARSAD_TABLE_CODELIST_INSIDE_H
#define MARSAD_TABLE_CODELIST_INSIDE_H

#include "table/codelist.h"
#include "table/forms.h"

/* The last is not kept: it is what the others find inside of a phrase. */
enum level {
    LEVEL_OWN,
    LEVEL_EXACT,
    LEVEL_FOLDED,
    LEVEL_ALIAS,
    LEVEL_COMPACT,
    LEVELS,
    LEVEL_PHRASE
};
enum { COMPACT_LETTERS = 6, PARTS = LEVELS + 1 };

struct codelist {
    const struct forms *level[LEVELS];
    const struct forms *codes;     /* in the order of the list; nothing is claimed */
    const struct phrases *phrases; /* or NULL */
};

struct frozen_part {
    uint32_t count, mask, claims, length;
    uint32_t bytes, form, claim, slot; /* where they begin, from the struct frozen on */
};

struct frozen_phrases {
    uint32_t count, length; /* count: 0 where the list has no wrappings */
    uint32_t bytes, wrapping;
};

struct frozen {
    struct frozen_part part[PARTS]; /* the levels, then the codes */
    struct frozen_phrases phrases;
};

/* The level of the user's own aliases, of a list whose codes are known.  NULL and *error. */
const struct forms *codelist_own(struct arena *, const struct forms *codes, const struct table *own,
                                 struct error *);

#endif
