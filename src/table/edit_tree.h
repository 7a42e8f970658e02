/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the two halves of table/edit.h share: edit_build.c makes formulas, edit.c searches them.
 */
#ifndef MARSAD_TABLE_EDIT_TREE_H
#define MARSAD_TABLE_EDIT_TREE_H

#include "table/edit.h"

enum edit_kind { EDIT_TRUE, EDIT_FALSE, EDIT_OPEN, EDIT_AND, EDIT_OR, EDIT_LINEAR, EDIT_TEXT };

/* Signs of an order that satisfy a comparison. */
enum { SIGN_BELOW = 1, SIGN_EQUAL = 2, SIGN_ABOVE = 4, SIGN_ANY = 7 };

/* A side of a comparison of texts: a free column, or a text. */
struct edit_side {
    int free; /* -1: none */
    struct text text;
};

struct edit {
    enum edit_kind kind;
    uint32_t children;
    struct edit **child;           /* AND, OR */
    const struct linear_row *line; /* LINEAR */
    struct edit_side side[2];      /* TEXT: the first is free */
    unsigned signs;                /* of the first against the second */
    bool split;                    /* an OR that the search has taken a side of */
};

/* How the formulas of one question are made. */
struct edit_build {
    const struct edit_question *question;
    const struct batch *row; /* one row; blanks are set */
    const struct expression *expression;
    const int8_t *free;      /* by column of the schema: number of the unknown, or -1 */
    uint16_t numbers, texts; /* unknowns read as numbers, as texts */
    struct edit_cases *cases;
    bool missing; /* some constant was */
};

/* The formula of `the rule is not false`. */
struct edit *edit_of_rule(struct edit_build *, const struct expression *);

#endif
