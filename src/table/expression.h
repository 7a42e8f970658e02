/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The expression language of filter, derive and rules; its manual is docs/expressions.md.
 *
 *     struct expression *e = expression_parse(arena, "age >= 18 and sex == 'F'", error);
 *     expression_bind(e, schema, error);       finds columns and functions, checks types
 *     expression_columns(e, need, step);       which columns it reads
 *     expression_truth(e, batch, truth, error);     for each batch
 *     expression_close(e);                     always: compiled patterns are not in the arena
 *
 * Parsing reports what is wrong in the text (EX_USAGE, with the character), binding what does not
 * fit the columns (EX_DATAERR for an unknown column, EX_USAGE for the rest), evaluation what is
 * wrong in a row (EX_DATAERR, at the place of the row).  Of several faults in a batch the one of
 * the first row is reported, whatever the size of the batch.  Once bound an expression is only
 * read, so that several workers may share it.  Cost: 20 to 60 ns an operation and row, 250 where a
 * quotient does not end.
 */
#ifndef MARSAD_TABLE_EXPRESSION_H
#define MARSAD_TABLE_EXPRESSION_H

#include "table/batch.h"

struct expression;

enum truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_MISSING };

/* The text must live as long as the expression.  NULL and *error set where it is not well formed.
 */
struct expression *expression_parse(struct arena *, const char *text, struct error *);

/* `NAME = EXPRESSION`. */
struct expression *expression_parse_named(struct arena *, const char *text, struct text *name,
                                          struct error *);

/* To the columns of a schema; once for each expression. */
int expression_bind(struct expression *, const struct schema *, struct error *);

/* Fails unless the bound expression is a condition. */
int expression_need_truth(const struct expression *, struct error *);

/* Calls with each column that is read; one that occurs twice is told twice. */
void expression_columns(const struct expression *, void (*)(void *, uint32_t), void *);

/* An enum truth for each row. */
int expression_truth(const struct expression *, const struct batch *, uint8_t *out, struct error *);

/* Column `column` of `out`, a batch derived from `in`; a truth is written as 1 or 0. */
int expression_column(const struct expression *, const struct batch *in, struct batch *out,
                      uint32_t column, struct error *);

void expression_close(struct expression *);

#endif
