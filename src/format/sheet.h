/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table for readers with its notes, and how its cells are to be read.
 *
 * The table's first columns are labels, the rest holds figures: a number, a number with a sign
 * before it (`~ > <`) or a flag behind it (` (u)`), or a mark (`c`, `:`).  Notes are rows
 * `kind,key,fr,ar,en` (kinds: title unit source vintage mark note; `labels`, whose key is the
 * number of label columns; `shown`, a column of the observations that the table has; `series`,
 * `rows` or `columns`: periods of equal length stand there).  figure_of() only splits a text: it
 * points into it.
 */
#ifndef MARSAD_FORMAT_SHEET_H
#define MARSAD_FORMAT_SHEET_H

#include "format/bytes.h"
#include "format/label.h"
#include "table/table.h"

enum figure_kind { FIGURE_EMPTY, FIGURE_NUMBER, FIGURE_MARK, FIGURE_TEXT };

struct figure {
    uint8_t kind;       /* enum figure_kind */
    char before;        /* 0 ~ > < */
    struct text number; /* as written; FIGURE_NUMBER only */
    struct text after;  /* " (u)" or empty */
    struct decimal value;
};

struct sheet {
    struct text name;
    const struct table *table;
    const struct table *notes; /* NULL: none */
    uint32_t labels;           /* label columns, from the left */
};

/* Numbers with leading zeros or a plus sign are codes, hence text. */
struct figure figure_of(struct text);

/* A number for readers: separators of the language, flags kept.  Other figures as they are. */
void figure_print(struct bytes *, struct text, enum language);

/* `labels` 0: as the notes say, else the first column and those behind it that hold words. */
void sheet_open(struct sheet *, struct text name, const struct table *table,
                const struct table *notes, uint32_t labels);

/* The next row of notes of a kind, from *row on; false where there is none. */
bool notes_next(const struct table *notes, const char *kind, uint32_t *row);
struct text notes_key(const struct table *notes, uint32_t row);

/* In the language asked for, else in the first that has a text. */
struct text notes_text(const struct table *notes, uint32_t row, enum language);

/* The title, or the name of the sheet. */
struct text sheet_title(const struct sheet *, enum language);

/* Lines to print with a table (sources, vintages, notes, and marks, whose heading is the mark). */
struct sheet_line {
    struct text heading, text;
    bool mark;
};
void sheet_lines(const struct sheet *, enum language, void (*put)(void *to, struct sheet_line),
                 void *to);

/* A row of totals: its first cell is the word in any language. */
bool sheet_total(const struct sheet *, uint32_t row);

/* A time as SDMX writes it: 2018, 2018-S1, 2018-08, 2018-08-31, ... */
bool text_is_period(struct text);

/* How many characters a text shows, marks that combine not counted. */
uint32_t text_width(struct text);

#endif
