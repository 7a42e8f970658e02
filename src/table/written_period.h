/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A period as people write it: `1er semestre 2018`, `De janvier à Septembre 2018`, `29-Oct-19`,
 * `النصف الأول من 2018`, in French, Arabic (months of Morocco, Egypt, Algeria and the Levant) and
 * English, becomes a span of days, which base/period.h writes as SDMX does.
 *
 * The text is cut into words, numbers and signs; each is a letter of a pattern (`nMY`: a number, a
 * month, a year), and one table says what each pattern means.  A word or a pattern that is not
 * known makes the whole text unknown: nothing is passed over.  Ambiguous, with all readings: two
 * years side by side (a school year?), 01/02/2018, and what names several periods that do not
 * follow each other.  Cost: a microsecond or two.  Misuse: on free text.
 */
#ifndef MARSAD_TABLE_WRITTEN_PERIOD_H
#define MARSAD_TABLE_WRITTEN_PERIOD_H

#include "base/period.h"

enum written_match { WRITTEN_EXACT, WRITTEN_READ, WRITTEN_AMBIGUOUS, WRITTEN_UNKNOWN };

struct written_habits {
    bool academic;  /* 2017-2018 is 1 September 2017 to 31 August 2018 */
    bool day_first; /* 01/02/2018 is in February */
    int custom;     /* of numbers: enum custom of table/quantity.h (table/grammar.h uses it) */
};

struct days {
    struct date first, last;
};

enum { WRITTEN_READINGS = 4 };

struct written_period {
    struct days
        reading[WRITTEN_READINGS]; /* one where EXACT or READ, the candidates if AMBIGUOUS */
    uint32_t readings;
};

/* WRITTEN_EXACT: the text is the SDMX period itself. */
enum written_match written_period_read(struct text, struct written_habits, struct written_period *);

#endif
