/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers as an office writes them, `35 510,5`, to the numbers of base/number.h, 35510.5.
 *
 * Marks between thousands part groups of three; a cell whose marks do not is no number.
 */
#ifndef MARSAD_TABLE_NUMBER_FORM_H
#define MARSAD_TABLE_NUMBER_FORM_H

#include "base/text.h"

struct number_form {
    char decimal;
    struct text thousands; /* the mark; empty: none */
    bool any_space;        /* thousands are any of space, no-break space, narrow no-break space */
};

/* The number in our own form, or false where the cell is none.  `to` has room for the cell. */
bool number_form_convert(const struct number_form *, struct text cell, char *to, uint32_t *len);

#endif
