/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is not CSV, read as if it were: which format a file has, and how it is to be read.
 *
 * foreign_open() is the hook of table/reader.h.  The format is that of the first bytes, unless a
 * kind is given; a file whose bytes say something else than the kind given is refused.  A format
 * without letters of its own (fixed width) must be given.  Other formats that offices send (HTML
 * under the name of .xls, PDF) are refused by name.
 */
#ifndef MARSAD_FORMAT_FOREIGN_H
#define MARSAD_FORMAT_FOREIGN_H

#include "format/grid.h"
#include "format/layout.h"
#include "table/reader.h"

enum foreign_kind {
    FOREIGN_AUTO,
    FOREIGN_CSV,
    FOREIGN_XLSX,
    FOREIGN_ODS,
    FOREIGN_XLS,
    FOREIGN_SAV,
    FOREIGN_POR,
    FOREIGN_DTA,
    FOREIGN_SAS,
    FOREIGN_XPT,
    FOREIGN_FIXED,
    FOREIGN_KINDS,
};

#define FOREIGN_CHOICES "csv|xlsx|ods|xls|sav|por|dta|sas7bdat|xpt|fixed"

/* What becomes of values that a package calls missing although they have a code. */
enum cell_errors { ERRORS_REFUSE, ERRORS_MISSING, ERRORS_REJECT };
enum user_missing { USER_MISSING, USER_VALUE, USER_COLUMN };

struct foreign {
    enum foreign_kind kind;
    const char *sheet;       /* name or number; NULL: the only one */
    enum cell_errors errors; /* what becomes of cells that hold an error */
    bool labels;             /* text of the labels of values instead of their codes */
    enum user_missing user_missing;
    const struct layout *layout; /* FOREIGN_FIXED */
    const char *encoding;        /* of fixed width and of packages that do not tell; NULL: UTF-8 */
    unsigned max_ratio;
};

/* The kind of a name of FOREIGN_CHOICES, and back. */
enum foreign_kind foreign_kind_named(const char *);
const char *foreign_kind_name(enum foreign_kind);

/* The kind that the first bytes say; FOREIGN_CSV where they say nothing.  *other is set to the name
 * of a format that is not read at all, or to NULL. */
enum foreign_kind foreign_kind_of(const unsigned char *head, size_t n, const char **other);

struct input *foreign_open(const struct reader_spec *, uint32_t file, struct error *);

/* All formats but CSV: writes the rows of the file at `path`; how->kind is known, or FOREIGN_AUTO
 * for a zip file.  In this process: foreign_open() does it in a child. */
int foreign_read(const struct foreign *, const char *path, struct grid *, struct error *);

/* The readers that it calls. */
int xlsx_read(const struct foreign *, const char *path, struct grid *, struct error *);
int ods_read(const struct foreign *, const char *path, struct grid *, struct error *);
int xls_read(const struct foreign *, const char *path, struct grid *, struct error *);
int stat_read(const struct foreign *, const char *path, struct grid *, struct error *);
int fixed_read(const struct foreign *, const char *path, struct grid *, struct error *);

/* Which of the sheets was asked for: an index, or -1 and *error, which lists them. */
int sheet_choose(const struct foreign *, const char *file, const char *const *name, uint32_t sheets,
                 struct error *);
/* A cell that holds an error of the spreadsheet, below the titles. */
int sheet_error(const struct foreign *, struct grid *, uint64_t row, uint32_t column,
                struct error *);

#endif
