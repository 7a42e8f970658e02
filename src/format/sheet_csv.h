/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table as CSV: plain (as between filters), or for a spreadsheet set to French.
 *
 * For a spreadsheet: byte order mark, semicolons, decimal commas, CRLF; and a cell that would run
 * as a formula (= + - @ tab CR LF and their full-width forms in front) gets an apostrophe before it
 * unless it is a plain number.  Cells with any character that a spreadsheet may take for a
 * separator are quoted, so that a cell cannot be split into one that runs.
 */
#ifndef MARSAD_FORMAT_SHEET_CSV_H
#define MARSAD_FORMAT_SHEET_CSV_H

#include "format/sheet.h"

void sheet_csv_write(struct bytes *, const struct sheet *, bool for_spreadsheet);

#endif
