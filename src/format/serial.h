/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Days and times as workbooks and statistical packages count them, to ISO 8601.
 *
 * Without a time of day YYYY-MM-DD, with one YYYY-MM-DDTHH:MM:SS (and .mmm where there are
 * milliseconds), only a time HH:MM:SS.  Sources: ECMA-376 part 1, 18.17.4 (serials of Excel, with
 * the day 1900-02-29 that never was); the manuals of SPSS (seconds from 1582-10-14), Stata and SAS
 * (from 1960-01-01).
 */
#ifndef MARSAD_FORMAT_SERIAL_H
#define MARSAD_FORMAT_SERIAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/number.h"
#include "base/period.h"

enum { SERIAL_TEXT = 40 };

/* Milliseconds from the begin of the day `from` (date_days()): day and time.  Returns the length of
 * what was written, 0 where it leaves the years 1 to 9999.  `time` writes the time of midnight too.
 */
size_t serial_moment(int32_t from, double milliseconds, bool time, char *out);
/* A time of day or a longer span, in milliseconds. */
size_t serial_clock(double milliseconds, char *out);
/* A serial of Excel in a cell that is styled as a day or moment (`day`) or a time only. */
size_t serial_excel(double serial, bool from_1904, bool day, char *out);

/* What a workbook writes as ISO 8601: 2018-09-22, or 2018-09-22T12:30:00 with parts of a second,
 * which are cut, or Z.  Midnight is the day alone.  False where it is no such text. */
bool serial_iso(struct text, struct text *out);

/* A number of a binary cell, by the fifteen digits that spreadsheets show and LibreOffice writes
 * into XLSX and ODS: 94.79/100 is 0.9479 in all three.  Whole numbers keep all their digits. */
size_t serial_real(double, char *out);

/* A number as XML writes it, maybe with spaces around; false where it is none, or not finite. */
bool serial_number(const char *, double *);

#endif
