/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which producer makes a series, for which periods, and why: the only way that two producers meet.
 *
 * A table with the columns indicator, period_from, period_to, producer, scope and reason.  The
 * first rule that holds a figure's indicator and whole period decides; an empty period is open, an
 * empty scope any.  A rule prefers its producer's figure in a cell only where there is one.
 */
#ifndef MARSAD_TABLE_RECONCILE_RULES_H
#define MARSAD_TABLE_RECONCILE_RULES_H

#include "table/reconcile.h"

struct rule {
    struct text indicator, producer, scope, reason;
    int32_t first, last; /* days; -1, INT32_MAX: open */
};

struct rules {
    uint32_t count;
    struct rule *rule;
};

/* -1 with *error set (78): a column is missing, a cell that must be filled is empty, no period. */
int rules_read(struct arena *, const struct table *, struct rules *, struct error *);

const struct rule *rule_for(const struct rules *, const struct claim *); /* NULL: none */
bool rule_followed(const struct rule *, const struct claim *);

/* Whether the rule's producer has a current figure for the claim's cell. */
bool rule_applies(const struct claims *, const struct rule *, const struct claim *);

#endif
