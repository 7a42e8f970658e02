/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How wide the columns of a printed table are, and how many lines its cells take.
 *
 * A column is as wide as its longest cell, labels up to 45 characters; a header is broken into
 * lines before it widens its column.  Where all columns together are wider than a page, the widest
 * label columns are narrowed, never below 14 characters.  layout_lines() breaks at spaces as a
 * spreadsheet does, so a row can be given its height: programs do not measure it anew where cells
 * are merged.  Widths are those of digits of the normal font, which letters seldom reach, so a
 * line holds more of them than digits.
 */
#ifndef MARSAD_FORMAT_PAGE_LAYOUT_H
#define MARSAD_FORMAT_PAGE_LAYOUT_H

#include "format/sheet.h"

/* What can be read on one landscape page of A4 (at 8.5 points, which is a scale of 77 percent). */
enum { PAGE_WIDTH = 180, LABEL_WIDTH = 45, FIGURE_WIDTH = 30, LEAST_LABEL = 14 };

/* Characters that each column holds; `width` has room for all columns. */
void layout_columns(const struct sheet *, uint32_t *width);

/* What a column of so many characters is wide, with its margins; and all of a table. */
double layout_units(uint32_t width);
double layout_sum(const struct sheet *, const uint32_t *width);

/* Lines of a text, in lines of `width` characters; at least 1. */
uint32_t layout_lines(struct text, uint32_t width);

/* Lines of the header, and of a row of the table. */
uint32_t layout_head(const struct sheet *, const uint32_t *width);
uint32_t layout_row(const struct sheet *, const uint32_t *width, uint32_t row);

#endif
