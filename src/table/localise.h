/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The smallest set of fields of a row that would have to change so that no row rule is broken:
 * error localisation after Fellegi and Holt (JASA 71, 1976), for row rules of severity error.
 *
 * A set must touch every broken rule.  That is not enough: the new values must break no other rule
 * either.  So of each set, smaller ones first, it is asked whether such values exist
 * (table/edit.h): that refutes a set, or finds values, which the rules themselves then judge. Where
 * it can do neither, values are tried.  The first size at which a set does is the answer, its first
 * set in the order of the columns is named, and `solutions` counts its sets.
 *
 *     exact       every smaller set is refuted: no values exist that satisfy all rules
 *     trial       some smaller set is neither refuted, nor did the values tried do
 *     cover       no set did, or the steps are spent: the smallest that touch every broken rule
 *     impossible  every set is refuted: the rules contradict each other
 *     gave-up     too many sets: one that touches every broken rule
 *
 * Cost: 40 microseconds a broken row of ten fields where all can be proved, thousands where values
 * are tried; a bound of steps keeps it below some hundredths of a second.  A rule that cannot be
 * worked out in a row counts as broken.
 */
#ifndef MARSAD_TABLE_LOCALISE_H
#define MARSAD_TABLE_LOCALISE_H

#include "table/breach.h"

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
