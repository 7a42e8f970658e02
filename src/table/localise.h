/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The smallest set of fields of a row that would have to change so that no row rule is broken:
 * error localisation after Fellegi and Holt (JASA 71, 1976), for row rules of severity error.
 *
 * A set must touch every broken rule.  That is not enough: the new values must break no other rule
 * either.  So each set, smaller ones first, is tried out with values: the literals of the rules and
 * the numbers next to them, the other cells of the row, and every signed sum of the other numbers
 * of a rule (which solves balances).  The first size at which some values satisfy all rules is the
 * answer, its first set in the order of the columns is named, and `solutions` counts its sets.
 *
 *     tested   some values satisfy all rules; among such values no smaller set does
 *     cover    no values were found: the smallest sets that touch every broken rule (a lower bound)
 *     greedy   over 12 fields: a set that touches every broken rule, maybe not the smallest
 *
 * Exact is therefore: `tested`, up to 12 fields, where an answer exists among the values tried; a
 * rule of products or of patterns may have smaller answers that no tried value shows.  Cost: up to
 * 4 096 trial rows a set.  A rule that cannot be worked out in a row counts as broken.
 */
#ifndef MARSAD_TABLE_LOCALISE_H
#define MARSAD_TABLE_LOCALISE_H

#include "table/breach.h"

enum { LOCALISE_FIELDS = 12 };

struct localise;

struct localise *localise_new(struct arena *, const struct rule_set *, const struct schema *);
void localise_close(struct localise *); /* NULL does nothing */

struct localised {
    uint64_t number; /* of the row: the caller's */
    struct text rules, fields, proof;
    uint32_t count, solutions;
};

/* False where the row breaks no row rule of severity error. */
bool localise_row(const struct localise *, const struct batch *, const uint8_t *truth, uint32_t row,
                  struct localised *);

/* row, rules, fields, count, proof, solutions. */
void localised_print(const struct localised *, struct arena *, uint32_t row, struct text **cell);

#endif
