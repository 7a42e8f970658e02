/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of a sheet, a data file or a fixed layout become lines of CSV: row N is record N.
 *
 * What reads a foreign file calls grid_cell() for the cells of a row that are not empty, from left
 * to right, then grid_end() with the number of the row.  Rows before the header (titles) and rows
 * that were left out become blank lines, empty rows at the end nothing; a row gets the width of the
 * header, a longer one stays longer, so that the reader of CSV refuses it at its place.  A cell or
 * row over a limit is refused here: memory is bounded by one row.  CR LF and CR in a cell become
 * LF.
 */
#ifndef MARSAD_FORMAT_GRID_H
#define MARSAD_FORMAT_GRID_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

struct grid_rule {
    const char *name; /* of the file, for messages */
    char delimiter;
    uint32_t header; /* row of the header; 0: there is none */
    uint32_t max_columns, max_field, max_record;
    const char *fault; /* of a row that grid_fault() marked; NULL: a text file, none is */
};

struct grid;

/* write() returns 0, or -1 when nothing more is wanted: then grid_end() fails without an error. */
struct grid *grid_new(const struct grid_rule *, int (*write)(void *context, const void *, size_t),
                      void *context);
void grid_free(struct grid *);

int grid_cell(struct grid *, uint64_t row, uint32_t column, struct text, struct error *);
/* A cell for which the row is to be set aside, as a NUL (input_source.fault). */
int grid_fault(struct grid *, uint64_t row, uint32_t column, struct error *);
/* Rows are numbered from 1, upwards; `repeat` (1: no more) further rows are the same. */
int grid_end(struct grid *, uint64_t row, uint32_t repeat, struct error *);
int grid_finish(struct grid *, struct error *);

/* The row that a format with names of its own gives its header: the first of the file. */
uint64_t grid_first(const struct grid *);
const struct grid_rule *grid_rule(const struct grid *);

/* Rows before the header are titles: their cells are not looked at. */
bool grid_title(const struct grid *, uint64_t row);

/* The place of a cell, columns from 0. */
struct place grid_place(const struct grid *, uint64_t row, uint32_t column);

#endif
