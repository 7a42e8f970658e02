/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows that a stage makes at its end, cell by cell, as text.
 *
 *     struct result_rows *rows = result_rows_new(step);
 *     struct text *cell = result_row(rows);           one a column of step_out(), all missing
 *     cell[3] = result_number(rows, 1.5);             missing where it is not finite
 *     if (result_row_done(step, rows) != STEP_OK) ... emits when a batch is full
 *     result_rows_flush(step, rows)                   the rest; then result_rows_free(rows)
 *
 * Texts are kept by pointer until they are emitted: result_text() copies one that lives shorter.
 */
#ifndef MARSAD_STAGES_RESULT_ROWS_H
#define MARSAD_STAGES_RESULT_ROWS_H

#include "chain/stage.h"

struct result_rows;

struct result_rows *result_rows_new(struct step *);
void result_rows_free(struct result_rows *); /* NULL is fine */
struct text *result_row(struct result_rows *);
int result_row_done(struct step *, struct result_rows *);
int result_rows_flush(struct step *, struct result_rows *);

struct text result_number(struct result_rows *, double);
struct text result_text(struct result_rows *, struct text);

/* Adds columns to `out`; fails where one is taken by a column of --by. */
int result_columns(struct step *, struct schema *out, const char *const *names, uint32_t count);

/* The value of a group column of the output named as column by[k] of the input; _T: not in by[]. */
struct text result_group(struct step *, uint32_t column, const uint32_t *by, uint32_t keys,
                         const struct text *key);

#endif
