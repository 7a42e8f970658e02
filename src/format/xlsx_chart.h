/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A native chart beside a table that is a series in time.
 *
 * The table is one where the headers of at least three columns, or the labels of at least three
 * rows, are periods.  Up to six series are drawn, the largest ones; totals only where there is
 * nothing else, since they would flatten the rest.  Lines need consecutive years and a figure in
 * every place, because a chart draws a mark as zero; bars otherwise.
 */
#ifndef MARSAD_FORMAT_XLSX_CHART_H
#define MARSAD_FORMAT_XLSX_CHART_H

#include "format/sheet.h"

#include <xlsxwriter.h>

/* Where the table stands on its worksheet, and where the chart shall. */
struct chart_place {
    const char *sheet;       /* name of the worksheet */
    lxw_row_t title, header; /* rows of the title and of the column names */
    lxw_row_t row;           /* upper left corner of the chart */
    lxw_col_t column;
};

/* False: no series, no chart. */
bool xlsx_chart_add(lxw_workbook *, lxw_worksheet *, const struct sheet *, struct chart_place);

#endif
