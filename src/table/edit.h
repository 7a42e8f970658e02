/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Can some columns of a row be given values so that no rule is broken?  The question behind error
 * localisation (Fellegi and Holt, JASA 71, 1976; de Waal, Pannekoek, Scholtus, Handbook of
 * Statistical Data Editing and Imputation, 2011, ch. 3-5), answered exactly for a fragment.
 *
 * A rule becomes, for one row and one set of free columns, a formula of `and` and `or` over edits:
 * linear (in)equalities of the free numbers, and comparisons of free texts with texts.  All that
 * the free columns do not touch is worked out by the expression itself, so products and functions
 * of the others are constants.  abs, min, max, if and coalesce of numbers become cases.  What is
 * left (regular expressions, dates computed, products of free columns) is open: taken as
 * satisfiable.
 *
 * edits_solve() splits over the texts that can matter, then over `or`, and asks table/linear.h.
 * LINEAR_NONE is a proof, also where something is open.  LINEAR_SOME gives values to be tried: the
 * caller evaluates the rules with them.  Free cells are given values; they are left empty only
 * where the domain allows it.  A rule whose value is missing is satisfied.
 */
#ifndef MARSAD_TABLE_EDIT_H
#define MARSAD_TABLE_EDIT_H

#include "table/linear.h"
#include "table/rule.h"

/* What is known of a column beyond the rules; for cells that are changed. */
struct domain {
    bool whole; /* whole numbers only; such columns come first */
    bool blank; /* may be left empty */
};

struct edit_question {
    struct arena *arena, *space; /* arena: kept until the caller resets it; space: for linear.h */
    const struct rule_set *rules;
    const struct batch *batch;
    uint32_t row;
    const uint32_t *field; /* the free columns, at most UNKNOWNS */
    uint32_t fields;
    const struct domain *domain; /* by free column */
    uint64_t *work;              /* steps left, of the row */
};

/* Whether a rule asks is_missing() of a column that it does not read otherwise: to be empty is then
 * a value like others, not the want of one. */
bool edits_may_blank(const struct rule_set *, uint32_t column);

/* Texts for the free columns in *value, where the answer is LINEAR_SOME. */
enum linear_answer edits_solve(const struct edit_question *, struct text *value);

/* A row like that of the question, with these texts in its free columns. */
struct batch *edits_row(const struct edit_question *, const struct text *value);

#endif
