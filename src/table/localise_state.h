/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the two halves of table/localise.h share: localise.c chooses sets of columns and asks
 * whether they do; localise_trial.c tries values where nobody can prove it.
 */
#ifndef MARSAD_TABLE_LOCALISE_STATE_H
#define MARSAD_TABLE_LOCALISE_STATE_H

#include "table/edit.h"
#include "table/localise.h"

enum { VALUES = 400 };

/* Values to try: of a column what the rules write, or what one row adds. */
struct values {
    struct text at[VALUES];
    uint32_t count;
};

struct localise {
    struct arena *arena, *scratch, *space; /* scratch: of one set; space: of one linear system */
    const struct rule_set *set;
    const struct schema *schema;
    uint32_t *field, fields; /* columns that row rules read, in order */
    uint64_t *mask;          /* by rule: its fields; 0: not looked at */
    struct values *literal;  /* by field */
    struct domain *domain;   /* by field */
};

/* In localise_new(): the literals of a rule, and the numbers next to them. */
void literals_of(struct localise *, const struct row_rule *, struct values *);

/* Whether some value of each field of `mask` breaks no rule; *work counts down by rows tried. */
bool trial_works(const struct localise *, const struct batch *, uint32_t row, uint64_t mask,
                 uint64_t *work);

/* Whether some row of a batch breaks no rule that is looked at. */
bool some_good(const struct localise *, const struct batch *);

#endif
