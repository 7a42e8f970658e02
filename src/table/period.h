/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Periods as SDMX writes them, held as their first and last day.
 *
 * `2018`, `2018-08`, `2014-09-01`, `2018-A1`, `2018-S1`, `2018-T2`, `2018-Q3`, `2018-M08`, `2018-W07`,
 * `2018-D045` and `2018-01-01/P9M` (a start and a duration of Y, M, W, D; no hours).  Two texts of the
 * same days are the same period, so `2018`, `2018-A1` and `2018-01-01/P1Y` are; the kind follows from the
 * days alone.  Days count from 0001-01-01 (a Monday) = 0 in the proleptic Gregorian calendar, years
 * 1 to 9999.  Source: SDMX 3.0 technical notes, section 4.2 (time formats); ISO 8601 for weeks.
 * Misuse: `_U` (unknown) is no period; test for it first.
 */
#ifndef MARSAD_TABLE_PERIOD_H
#define MARSAD_TABLE_PERIOD_H

#include "base/text.h"

enum { PERIOD_TEXT = 32 };

enum period_kind {
    PERIOD_YEAR,
    PERIOD_SEMESTER,
    PERIOD_TRIMESTER,
    PERIOD_QUARTER,
    PERIOD_MONTH,
    PERIOD_WEEK,
    PERIOD_DAY,
    PERIOD_RANGE,
};

struct period {
    int32_t first, last; /* days, both within */
};

/* False where the text is no period (an empty one is none). */
bool period_parse(struct text, struct period *);

/* The shortest usual text of the same days; at most PERIOD_TEXT bytes, no NUL. */
size_t period_format(struct period, char *out);

enum period_kind period_kind(struct period);
int period_months(struct period); /* how many whole months, 12 for a year whenever it begins; or 0 */
bool period_equal(struct period a, struct period b);

/* Earlier last day first; of two that end together the longer one first. */
int period_compare(struct period a, struct period b);

/*
 * The period before: the year before a year, the quarter before a quarter; of a range of whole years
 * as many years before it, of any other range the same days a year earlier (January to May 2023: January
 * to May 2022).  A day has none: it is a point in time.
 */
bool period_previous(struct period, struct period *);

/* Days and dates.  date_day() of a date that is not in the calendar is -1. */
int32_t date_day(int year, int month, int day);
void date_split(int32_t day, int *year, int *month, int *dom);
bool date_parse(struct text, int32_t *day); /* YYYY-MM-DD */
int32_t date_add_months(int32_t day, int months); /* to the last day of a shorter month; -1: out of range */

#endif
