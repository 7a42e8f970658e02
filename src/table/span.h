/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The period of a figure as a span of days: which comes first, and which one is before it.
 *
 * The texts are base/period.h's.  Two texts of the same days are the same span (`2018` and
 * `2018-01-01/P1Y`).  A single day is a point in time, such as a census, and has no period before it.
 */
#ifndef MARSAD_TABLE_SPAN_H
#define MARSAD_TABLE_SPAN_H

#include "base/period.h"

struct span {
    int32_t first, last; /* days since 0001-01-01, both within */
};

/* False where the text is no period (an empty one is none). */
bool span_parse(struct text, struct span *);
size_t span_format(struct span, char *out); /* at most PERIOD_TEXT bytes, no NUL */

bool span_is_day(struct span);
int span_months(struct span); /* how many whole months, 12 for a year whenever it begins; or 0 */
bool span_equal(struct span a, struct span b);

/* Earlier last day first; of two that end together the longer one first. */
int span_compare(struct span a, struct span b);

/*
 * The period before: the year before a year, the quarter before a quarter; of whole years as many years
 * before them, of any other span the same days a year earlier (January to May 2023: January to May
 * 2022).  False for a day, and before the first year.
 */
bool span_previous(struct span, struct span *);

#endif
