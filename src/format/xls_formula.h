/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What freexl passes over in an XLS: the values that formulas had when it was saved, errors, and
 * days and times, of which it drops what is more than a day.
 *
 * Only these records are read, of BIFF8 (Excel 97 and later) and BIFF5; in all else freexl is the
 * authority.  Source: [MS-XLS], 2.4.127 (Formula), 2.4.268 (String), 2.4.24 (BoolErr), 2.4.353
 * (XF), 2.4.126 (Format), 2.4.180 (Number), 2.4.220 (RK), 2.4.175 (MulRk).
 */
#ifndef MARSAD_FORMAT_XLS_FORMULA_H
#define MARSAD_FORMAT_XLS_FORMULA_H

#include "base/arena.h"
#include "base/text.h"

struct xls_value {
    uint32_t row, column; /* from 0 */
    bool error;
    struct text text;
};

struct xls_values {
    struct xls_value *value; /* by row and column */
    size_t count;
};

/* Those of a sheet, in the arena.  `file` is the whole file; false where it is damaged. */
bool xls_formulas(struct arena *, struct text file, int sheet, struct xls_values *);
/* Whether the file is framed as an XLS is: looked at before freexl, which trusts its files. */
bool xls_is_whole(struct text file);
/* Whether it holds an XLSX workbook protected by a password instead. */
bool xls_is_locked(struct text file);
/* The one of a cell, or NULL. */
const struct xls_value *xls_value_at(const struct xls_values *, uint32_t row, uint32_t column);

#endif
