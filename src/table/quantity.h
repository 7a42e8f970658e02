/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A quantity as people write it: `plus de 50.000 migrants`, `35 millions d'euros`, `7 MDH`,
 * `une centaine`, `83,53 %`, `15/16`, `حوالي ٢٧ ألف`: a number, a qualifier, a unit, a currency.
 *
 * Every word and sign must be known, else nothing is read.  Thousands are divided by a space of
 * any width, an apostrophe, a point or a comma, in groups of three.  One point before three digits
 * divides thousands (50.000), but not of millions (7.842 MDH may be either); one comma before three
 * digits is nobody's guess (35,510), unless the custom says which language wrote it.  A ratio has
 * no value, but a numerator and a denominator.  Cost: a few microseconds.  Misuse: on sentences.
 */
#ifndef MARSAD_TABLE_QUANTITY_H
#define MARSAD_TABLE_QUANTITY_H

#include "base/number.h"

enum custom { CUSTOM_NONE, CUSTOM_FRENCH, CUSTOM_ENGLISH };

struct quantity {
    struct decimal value;                  /* missing where it is a ratio */
    struct decimal numerator, denominator; /* missing where it is none */
    const char *qualifier;                 /* "~", ">", "<", or "" */
    const char *unit;     /* a code of the list `unit` (a currency is one), or "" */
    const char *currency; /* ISO 4217, or "" */
};

/* False where the text is no quantity, or could be two. */
bool quantity_read(struct text, enum custom, struct quantity *);

/* One number with its marks of thousands and decimals, and nothing else. */
bool written_number(struct text, enum custom, struct decimal *);

#endif
