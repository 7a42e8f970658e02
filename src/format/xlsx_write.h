/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables as an Excel workbook, by libxlsxwriter.
 *
 * A sheet a table: title, unit, frozen header, typed cells, sources and legend below, a native
 * chart where the table is a series; and a last sheet with all notes.  A figure is a number with a
 * format that shows its sign or flag; labels, marks and codes are text; nothing is ever written as
 * a formula.  The same tables give the same bytes: no clock, no names of machine or user.
 * The library writes to a file only: a temporary one (0600, in TMPDIR or /tmp) that is gone when
 * xlsx_write() returns.
 */
#ifndef MARSAD_FORMAT_XLSX_WRITE_H
#define MARSAD_FORMAT_XLSX_WRITE_H

#include "base/error.h"
#include "format/sheet.h"

/* False with *error set where a limit of the format is passed or a file cannot be written. */
bool xlsx_write(struct bytes *out, const struct sheet *sheets, uint32_t n, enum language language,
                struct error *);

#endif
