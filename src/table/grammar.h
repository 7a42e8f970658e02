/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists that have more codes than a file can hold: `period` (table/written_period.h), `age_group`
 * (table/age_class.h) and `quantity` (table/quantity.h: the code is the value, empty for a ratio).
 * What the list's own rows and aliases do not know is read by the grammar of that name, which gives
 * a code, or several, or none.
 */
#ifndef MARSAD_TABLE_GRAMMAR_H
#define MARSAD_TABLE_GRAMMAR_H

#include "table/codelist.h"
#include "table/written_period.h"

/* MATCH_EXACT, MATCH_FOLDED with *codes the code; MATCH_AMBIGUOUS with the candidates by `|`;
 * MATCH_UNKNOWN with none.  The codes are in the arena. */
typedef enum match grammar_read(struct text, struct written_habits, struct arena *,
                                struct text *codes);

/* The grammar of a list, or NULL. */
grammar_read *grammar_of(const char *list);

#endif
