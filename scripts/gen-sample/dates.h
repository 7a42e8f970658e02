/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Days counted from Monday 1900-01-01, and their ISO 8601 text. Good for 1900 to 2100.
 *
 *     uint32_t day = date_day(2014, 1, 2); date_write(day, text);
 */
#ifndef GEN_SAMPLE_DATES_H
#define GEN_SAMPLE_DATES_H

#include <stdint.h>

enum { DATE_LENGTH = 10 };

uint32_t date_day(uint32_t year, uint32_t month, uint32_t day);
uint32_t date_year(uint32_t day);
uint32_t date_workday(uint32_t day); /* a Saturday or Sunday moves back to the Friday */
void date_write(uint32_t day, char text[DATE_LENGTH]);

#endif
