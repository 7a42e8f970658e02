/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A column of cells against the rules of its field, a batch at a time.
 *
 * field_check() (table/table_schema.h) is the only authority on what a cell breaks.  What is done
 * here in front of it calls cells good and nothing else: whole numbers by their digits, numbers by
 * their exact decimals (which other steps share), each against bounds at every scale; lengths by
 * bytes; and every spelling that field_check() found good once is remembered.  So a batch without
 * a fault costs a loop a column, and only cells in doubt are judged one by one.
 */
#ifndef MARSAD_TABLE_FIELD_JUDGE_H
#define MARSAD_TABLE_FIELD_JUDGE_H

#include "table/batch.h"
#include "table/table_schema.h"

struct field_judge;

struct field_judge *field_judge_new(struct arena *, const struct field *,
                                    const struct table_schema *);

/* Sets fault[row] where the cell breaks a rule (leaves the others); how many do. */
uint32_t field_faults(struct field_judge *, const struct batch *, uint32_t column, bool *fault);

#endif
