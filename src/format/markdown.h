/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table in Markdown (pipe tables, as GitHub and Pandoc read them), padded to be read as it is.
 *
 * Title as a heading, unit, table, then a list with sources, vintages, legend and notes.  Figures
 * are right-aligned and written as the language does.  Cells and notes are data: whatever Markdown
 * or HTML would take as markup is escaped, and line ends become spaces.
 */
#ifndef MARSAD_FORMAT_MARKDOWN_H
#define MARSAD_FORMAT_MARKDOWN_H

#include "format/sheet.h"

void markdown_write(struct bytes *, const struct sheet *, enum language);

#endif
