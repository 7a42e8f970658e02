/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A batch is some rows in columns, lent for one call; its arena owns every array in it.
 *
 * A column is made in one form (the text of its cells, or decimals, or doubles) and gets the other
 * forms when somebody asks, once, however many ask: batch_text(), batch_decimal(), batch_real().
 * A computed value *is* its shortest text: the other forms of a column of doubles are those of
 * its text.  A missing cell is an empty text, a NUMBER_MISSING decimal, a NaN.
 *
 * Nobody writes into a lent array.  New values go into a derived batch made in the same arena:
 *
 *     struct batch *out = batch_derive(in, schema_out);      columns still unset
 *     batch_share(out, 0, in, 3);                            column 0 is column 3 of `in`
 *     struct decimal *x = batch_new_decimal(out, 1);         column 1 is filled here
 *     return step_emit(step, 0, out);
 *
 * Rows are taken out with batch_pick(): its columns are gathered only when asked for.  What shall
 * outlive the call is copied into the step's arena.  Misuse: keeping pointers, freeing.
 */
#ifndef MARSAD_TABLE_BATCH_H
#define MARSAD_TABLE_BATCH_H

#include "base/arena.h"
#include "base/error.h"
#include "base/number.h"
#include "table/schema.h"

struct column {
    uint32_t rows;
    struct packed *packed;   /* where its text still is, or NULL */
    struct text *text;       /* NULL until made */
    struct decimal *decimal; /* NULL until made */
    const double *real;      /* NULL until made */
    struct scaled *scaled;   /* NULL until made */
    bool *changed;           /* rows whose text is not that of the row before; NULL until made */
    struct column *from;     /* rows `pick` of another column, or NULL */
    const uint32_t *pick;
    uint32_t field; /* number in the records of the file that it was read from; 0: it was made */
};

/* Columns whose cells are still in one piece: record[row] holds them as they are written, with
 * commas between and quotes where they need them.  They are cut when somebody asks for one. */
struct packed {
    const struct text *record;
    struct text whole; /* all records, a line end behind each; or .at NULL: they lie anywhere */
    struct column **column;
    uint32_t columns;
};

/* Where rows were read: line numbers are counted only when a message wants one. */
struct source {
    const char *file;    /* name for messages */
    const char *bytes;   /* of the block that the rows came from */
    uint64_t first_line; /* line of bytes[0] */
    bool sheet;          /* line ends inside quotes do not count */
};

struct batch {
    const struct schema *schema;
    uint32_t rows;
    struct column **column;
    const struct source *source; /* NULL where rows were made, not read */
    const uint32_t *offset; /* offset of each row's record in source->bytes; NULL with source */
    uint64_t sequence;      /* position of this batch in the input */
    struct arena *arena;
    const struct csv_isa *isa; /* how its numbers are parsed; NULL: not chosen yet */
};

/* A new batch of `rows` rows in the arena; every column is to be set by the caller. */
struct batch *batch_new(struct arena *, const struct schema *, uint32_t rows);

/* A batch of the same rows (and places), with another schema and all columns unset. */
struct batch *batch_derive(const struct batch *, const struct schema *);

/* The rows `pick[0..rows-1]` of a batch, in that order; pick lives in the batch's arena. */
struct batch *batch_pick(const struct batch *, const uint32_t *pick, uint32_t rows);

/* Column `to` of `out` is column `from` of `in` (same rows, same arena). */
void batch_share(struct batch *out, uint32_t to, const struct batch *in, uint32_t from);

/* An array of out->rows cells to fill, as the first form of the column. */
struct text *batch_new_text(struct batch *out, uint32_t column);
struct decimal *batch_new_decimal(struct batch *out, uint32_t column);
double *batch_new_real(struct batch *out, uint32_t column); /* NaN: missing; never infinite */

/* The same of a column of texts whose changes are known; they are filled too. */
struct text *batch_new_runs(struct batch *out, uint32_t column, bool **changed);

/* The doubles of a column of texts that are known; they stay as long as the batch. */
void batch_set_real(struct batch *out, uint32_t column, const double *real);

/* A batch whose columns are all new keeps only its first rows. */
void batch_cut(struct batch *, uint32_t rows);

/* `columns` columns of these numbers, packed. */
struct packed *batch_new_packed(struct batch *out, const uint32_t *column, uint32_t columns,
                                const struct text *record);

/* The same text in every row. */
void batch_fill_text(struct batch *out, uint32_t column, struct text);

/* The forms of a column; valid as long as the batch. */
const struct text *batch_text(const struct batch *, uint32_t column);
const struct decimal *batch_decimal(const struct batch *, uint32_t column);
const double *batch_real(const struct batch *, uint32_t column); /* NaN: missing or not a number */

/* Which forms the columns of a batch have by now, a byte each; and the same made of another one
 * before anybody asks for them. */
void batch_note_forms(const struct batch *, uint8_t *forms);
void batch_make_forms(const struct batch *, const uint8_t *forms);

/* Its decimals at one scale. */
const struct scaled *batch_scaled(const struct batch *, uint32_t column);

/* changed[row]: the cell has not the text of the one before, or is the first.  (It may have the
 * same where rows were put together.) */
const bool *batch_changes(const struct batch *, uint32_t column);

/* Rows that have the same texts in these columns as the row before are a run: the first row of
 * each, and behind the last the number of rows. */
const uint32_t *batch_runs(const struct batch *, const uint32_t *column, uint32_t columns,
                           uint32_t *runs);

/* The packed columns that columns first, first + 1, ... are, all of them and in order; or NULL. */
const struct packed *batch_packed(const struct batch *, uint32_t first);

/* Does this batch hold the column?  Columns that nobody needs are not read. */
bool batch_has(const struct batch *, uint32_t column);

/* The line of every row, in one pass; NULL where rows were made, not read. */
const uint64_t *batch_lines(const struct batch *);

/* The place of a cell for messages: file, line and field where it was read, as far as it was. */
struct place batch_place(const struct batch *, uint32_t row, uint32_t column);

#endif
