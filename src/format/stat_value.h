/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Values of SPSS, Stata and SAS as texts: what a variable's format makes of a number, and labels.
 *
 * Sources: the manuals' lists of formats (SPSS DATE, ADATE, DATETIME, TIME, ...; Stata %td %tc %tm
 * %tq %th %ty; SAS DATE, DDMMYY, DATETIME, TIME, ...).  What a format shows less of (MOYR, MONYY,
 * DTDATE) is the whole day or moment that is stored.  A week of Stata (%tw) is none of the calendar
 * and stays a number.
 */
#ifndef MARSAD_FORMAT_STAT_VALUE_H
#define MARSAD_FORMAT_STAT_VALUE_H

#include "base/number.h"
#include "format/foreign.h"
#include "format/serial.h"

enum { STAT_TEXT = REAL_TEXT + SERIAL_TEXT };

enum stat_form {
    STAT_PLAIN,
    STAT_DAY_1582,    /* seconds since 1582-10-14, shown as a day */
    STAT_MOMENT_1582, /* the same, with the time of day */
    STAT_CLOCK,       /* seconds */
    STAT_DAY_1960,    /* days since 1960-01-01 */
    STAT_MOMENT_1960, /* seconds */
    STAT_MILLI_1960,  /* milliseconds */
    STAT_MILLI_LEAP,  /* the same, leap seconds counted */
    STAT_MONTH,       /* months since 1960-01, and so on */
    STAT_QUARTER,
    STAT_HALF,
};

enum stat_form stat_form_of(enum foreign_kind, const char *format);

/* Writes the value; STAT_TEXT bytes.  A number that its form cannot show stays a number. */
uint32_t stat_number(double, enum stat_form, char *out);
/* The shortest text that reads back as the same float. */
uint32_t stat_float(float, char *out);

/* Labels of values, by the name of their set and the text of the value. */
struct stat_label_entry;
struct stat_labels {
    struct stat_label_entry *entry;
    size_t count, room, *slot, slots;
};

void stat_labels_add(struct stat_labels *, struct arena *, const char *set, struct text value,
                     const char *label);
const char *stat_label(const struct stat_labels *, const char *set, struct text value);
void stat_labels_free(struct stat_labels *);

#endif
