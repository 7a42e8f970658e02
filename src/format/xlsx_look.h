/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The looks of cells in a workbook: fonts, borders, sides, and formats of numbers.
 *
 * Looks are made once a workbook and belong to it.  A number has as many digits behind the point
 * as it is written with; its sign and its flag are part of the format, so the cell stays a number.
 * At most 256 formats of numbers: what is beyond stays text.
 */
#ifndef MARSAD_FORMAT_XLSX_LOOK_H
#define MARSAD_FORMAT_XLSX_LOOK_H

#include "format/keys.h"
#include "format/sheet.h"

#include <xlsxwriter.h>

/* Each exists plain and for rows of totals. */
enum look {
    LOOK_LABEL,
    LOOK_FIGURE_TEXT,
    LOOK_HEAD,
    LOOK_FIGURE_HEAD,
    LOOK_TITLE,
    LOOK_SMALL,
    LOOK_WRAP,
    LOOKS
};

struct looks {
    lxw_workbook *book;
    enum language language;
    lxw_format *look[LOOKS][2];
    struct keys number;      /* number formats with a look of totals (\001) or without */
    lxw_format *format[256]; /* [number] */
};

void looks_make(struct looks *, lxw_workbook *, struct arena *, enum language);

/* NULL: this is no number for a spreadsheet. */
lxw_format *looks_number(struct looks *, const struct figure *, bool total);

#endif
