/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libxlsxwriter, loaded when the first workbook is made: with what it brings along (a cryptography
 * library) it would double the time that every other command takes to start.
 *
 * xlsx_library_load() once, then xlsx()->worksheet_write_string(...) and so on.  Misuse: xlsx()
 * before.
 */
#ifndef MARSAD_FORMAT_XLSX_LIBRARY_H
#define MARSAD_FORMAT_XLSX_LIBRARY_H

#include <xlsxwriter.h>

#include "base/error.h"

/* Every function of the library that is used here. */
#define XLSX_FUNCTIONS(F)                                                                          \
    F(chart_add_series)                                                                            \
    F(chart_axis_get)                                                                              \
    F(chart_axis_major_gridlines_set_line)                                                         \
    F(chart_axis_set_num_format)                                                                   \
    F(chart_legend_set_position)                                                                   \
    F(chart_series_set_categories)                                                                 \
    F(chart_series_set_name_range)                                                                 \
    F(chart_series_set_values)                                                                     \
    F(chart_title_set_name_font)                                                                   \
    F(chart_title_set_name_range)                                                                  \
    F(format_set_align)                                                                            \
    F(format_set_bg_color)                                                                         \
    F(format_set_bold)                                                                             \
    F(format_set_bottom)                                                                           \
    F(format_set_font_color)                                                                       \
    F(format_set_font_size)                                                                        \
    F(format_set_indent)                                                                           \
    F(format_set_num_format)                                                                       \
    F(format_set_reading_order)                                                                    \
    F(format_set_text_wrap)                                                                        \
    F(format_set_top)                                                                              \
    F(lxw_strerror)                                                                                \
    F(lxw_workbook_free)                                                                           \
    F(workbook_add_chart)                                                                          \
    F(workbook_add_format)                                                                         \
    F(workbook_add_worksheet)                                                                      \
    F(workbook_close)                                                                              \
    F(workbook_new_opt)                                                                            \
    F(workbook_set_properties)                                                                     \
    F(workbook_validate_sheet_name)                                                                \
    F(worksheet_fit_to_pages)                                                                      \
    F(worksheet_freeze_panes)                                                                      \
    F(worksheet_gridlines)                                                                         \
    F(worksheet_ignore_errors)                                                                     \
    F(worksheet_insert_chart_opt)                                                                  \
    F(worksheet_merge_range)                                                                       \
    F(worksheet_repeat_columns)                                                                    \
    F(worksheet_repeat_rows)                                                                       \
    F(worksheet_right_to_left)                                                                     \
    F(worksheet_set_column)                                                                        \
    F(worksheet_set_footer)                                                                        \
    F(worksheet_set_landscape)                                                                     \
    F(worksheet_set_paper)                                                                         \
    F(worksheet_set_row)                                                                           \
    F(worksheet_write_blank)                                                                       \
    F(worksheet_write_number)                                                                      \
    F(worksheet_write_string)

#define XLSX_POINTER(name) __typeof__(name) *(name);
struct xlsx_library {
    XLSX_FUNCTIONS(XLSX_POINTER)
};
#undef XLSX_POINTER

/* -1 and *error where the library is not there, or lacks a function. */
int xlsx_library_load(struct error *);
const struct xlsx_library *xlsx(void);

#endif
