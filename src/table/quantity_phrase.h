/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words around a number, folded (table/fold.h) and with single spaces: qualifiers, magnitudes,
 * currencies, units.  The longest phrase that fits is taken.
 */
#ifndef MARSAD_TABLE_QUANTITY_PHRASE_H
#define MARSAD_TABLE_QUANTITY_PHRASE_H

#include <stdbool.h>

enum phrase_kind {
    PHRASE_QUALIFIER,  /* code: ~ > < */
    PHRASE_COUNT,      /* a number as a word */
    PHRASE_COLLECTIVE, /* about so many: centaine */
    PHRASE_MULTIPLIER, /* number: zeros */
    PHRASE_MONEY,      /* code: currency; number: zeros before it */
    PHRASE_UNIT,       /* code: of the list `unit` */
};

enum { BILLION = 99 };

/* The texts stand in it, as in the other tables of words: pointers would cost every start. */
struct phrase {
    char words[44];
    char code[16];
    enum phrase_kind kind;
    int number;
    bool bare; /* of a collective: no number before it is needed */
};

/* Takes the longest phrase of this kind off *at, with the space behind it; NULL: there is none. */
const struct phrase *phrase_next(const char **at, enum phrase_kind);

/* All of them, for the test; NULL behind the last. */
const struct phrase *phrase_at(unsigned i);

#endif
