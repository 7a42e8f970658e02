/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calendar days and the periods of official figures.
 *
 * A date is YYYY-MM-DD of the Gregorian calendar, years 0001 to 9999.  A period is what SDMX writes
 * for a span of whole days: 2018, 2018-S1, 2018-Q3, 2018-08, 2014-09-01, or a start and a duration
 * (2018-01-01/P9M, 2004-01-01/P17Y, 2016-12-15/P383D; the last day is included).  period_format()
 * writes the shortest of these that says the span exactly, so period_parse() gives the span back.
 * Sources: ISO 8601:2004 for dates and durations, SDMX 2.1 section 6 part 4.2 for the periods.
 */
#ifndef MARSAD_BASE_PERIOD_H
#define MARSAD_BASE_PERIOD_H

#include "base/text.h"

struct date {
    int year, month, day;
};

enum { DATE_TEXT = 10, PERIOD_TEXT = 24 };

bool date_valid(struct date);
bool date_parse(struct text, struct date *);
size_t date_format(struct date, char *out); /* DATE_TEXT bytes, no NUL */

/* Days since 0001-01-01, which is 0; and back. */
int32_t date_days(struct date);
struct date date_of_days(int32_t);

int date_compare(struct date a, struct date b);
int month_days(int year, int month);

/* Years completed at `at` by somebody born on `birth`; born on 29 February: on 1 March. */
int date_age(struct date birth, struct date at);

/* First and last day of a period; a month or year counted from a day after the 28th is refused. */
bool period_parse(struct text, struct date *first, struct date *last);

/* At most PERIOD_TEXT bytes, no NUL; first <= last. */
size_t period_format(struct date first, struct date last, char *out);

#endif
