/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of rules that a statistician edits: columns id, scope, expression, severity, message_fr,
 * message_en (the last three may be missing or empty), one rule a row.
 *
 *     scope   expression                                       broken by
 *     row     age >= 0 and age < 130                           a row for which it is false
 *     group   sum(persons) by household = size                 a group of rows (table/across.h)
 *     key     nationality exists in nationality(code)          a row whose cell is not there
 *     key     unique(household, person)                        a row whose cells were there before
 *     time    rising(cumulative) by scheme over period         a row that follows another in time
 *
 * A row rule whose value is missing is not broken.  The texts live as long as the table.
 * Misuse: a rule that means `x must be there` is written `not is_missing(x)`.
 */
#ifndef MARSAD_TABLE_RULE_H
#define MARSAD_TABLE_RULE_H

#include "table/across.h"
#include "table/expression.h"
#include "table/language.h"
#include "table/table.h"

enum rule_scope { SCOPE_ROW, SCOPE_GROUP, SCOPE_KEY, SCOPE_TIME };

struct row_rule {
    struct text id, message;
    const char *source; /* the expression as written */
    enum rule_scope scope;
    bool warning;
    struct expression *expression; /* SCOPE_ROW */
    struct across *across;         /* the others */
    uint32_t *column, columns;     /* that it reads, each once */
    uint64_t findings;
};

struct rule_set {
    struct row_rule *rule;
    uint32_t rules;
};

/* Parses and binds all rules to the columns of a schema; NULL and *error set where one is wrong. */
struct rule_set *rule_set_new(struct arena *, const struct table *, const struct schema *,
                              enum language, struct error *);
void rule_set_close(struct rule_set *); /* compiled patterns are not in the arena */

#endif
