/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When the codes of a list exist: its columns valid_from and valid_to, dates YYYY-MM-DD, both days
 * included, empty where there is no bound.  A code is in force in a period if they share a day.
 */
#ifndef MARSAD_TABLE_VALIDITY_H
#define MARSAD_TABLE_VALIDITY_H

#include "base/period.h"
#include "table/table.h"

struct validity;

/* NULL and *error set where a bound is no date.  A list without these columns has no bounds. */
struct validity *validity_new(struct arena *, const struct table *list, struct error *);

/* True for a code that is not in the list: nothing is known against it. */
bool validity_holds(const struct validity *, struct text code, struct date first, struct date last);

/* Those of `NER|NGA` that are in force, in the same form, in the arena. */
struct text validity_pick(const struct validity *, struct text codes, struct date first,
                          struct date last, struct arena *);

#endif
