/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A breach: this row breaks this rule at this column.  A list of them, in the order of the rows,
 * lives in the arena of its batch; texts live at least as long.
 */
#ifndef MARSAD_TABLE_BREACH_H
#define MARSAD_TABLE_BREACH_H

#include "table/rule.h"

struct breach {
    uint32_t row;       /* in the batch */
    struct text column; /* where the finding is shown */
    struct text rule, message;
    bool warning;
    struct row_rule *by; /* NULL: a rule of the schema */
};

struct breaches {
    struct arena *arena;
    struct breach *at;
    size_t count, room;
    size_t errors; /* of them, not warnings */
};

void breach_add(struct breaches *, struct breach);

/* What the row rules say of the rows of a batch: truth[rule * rows + row], an enum truth, or
 * TRUTH_FAULT where the rule cannot be worked out. */
enum { TRUTH_FAULT = TRUTH_MISSING + 1 };
uint8_t *rules_truth(const struct rule_set *, const struct batch *);

/* Adds the findings of all rules on one row; `number` is that of the row in the input. */
void rules_row(struct rule_set *, const struct batch *, const uint8_t *truth, uint32_t row,
               uint64_t number, struct breaches *);

#endif
