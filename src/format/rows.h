/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of a sheet, a data file or a fixed layout become lines of CSV: row N is record N.
 *
 * What reads a foreign file calls rows_cell() for the cells of a row that are not empty, from left
 * to right, then rows_end() with the number of the row.  Rows before the header (titles) and rows
 * that were left out become blank lines, empty rows at the end nothing; a row gets the width of the
 * header, a longer one stays longer, so that the reader of CSV refuses it at its place.  A cell or
 * row over a limit is refused here: memory is bounded by one row.  CR LF and CR in a cell become
 * LF.
 */
#ifndef MARSAD_FORMAT_ROWS_H
#define MARSAD_FORMAT_ROWS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

struct rows_rule {
    const char *name; /* of the file, for messages */
    char delimiter;
    uint32_t header; /* row of the header; 0: there is none */
    uint32_t max_columns, max_field, max_record;
};

struct rows;

/* write() returns 0, or -1 when nothing more is wanted: then rows_end() fails without an error. */
struct rows *rows_new(const struct rows_rule *, int (*write)(void *context, const void *, size_t),
                      void *context);
void rows_free(struct rows *);

int rows_cell(struct rows *, uint64_t row, uint32_t column, struct text, struct error *);
/* Rows are numbered from 1, upwards; `repeat` (1: no more) further rows are the same. */
int rows_end(struct rows *, uint64_t row, uint32_t repeat, struct error *);
int rows_finish(struct rows *, struct error *);

/* The row that a format with names of its own gives its header: the first of the file. */
uint64_t rows_first(const struct rows *);
const struct rows_rule *rows_rule(const struct rows *);

/* Rows before the header are titles: their cells are not looked at. */
bool rows_title(const struct rows *, uint64_t row);

/* The place of a cell, columns from 0. */
struct place rows_place(const struct rows *, uint64_t row, uint32_t column);

#endif
