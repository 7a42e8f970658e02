/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The findings as rows of a CSV, and the notes that stand below a sheet of them.
 */
#ifndef MARSAD_TABLE_RECONCILE_REPORT_H
#define MARSAD_TABLE_RECONCILE_REPORT_H

#include "table/reconcile.h"

enum { REPORT_COLUMNS = 12, NOTE_COLUMNS = 5 };

extern const char *const report_column[REPORT_COLUMNS];
extern const char *const note_column[NOTE_COLUMNS]; /* kind, key, fr, ar, en: as tabulate's notes */

struct text report_cell(const struct claims *, const struct finding *, int column);

/* Title, layout, and a line for each class that was found; returns the number of rows. */
uint32_t report_notes(const struct claims *, struct text (**row)[NOTE_COLUMNS]);

#endif
