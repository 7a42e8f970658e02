/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The letters of the patterns of written_period.c, and the words that stand for them.
 *
 *     Y a year of four digits    n a number of one or two     M a month      m months
 *     s semester  q quarter      f first, first ones          e end of       a academic
 *     - a dash    / a slash, or a point between numbers       > to           b between
 *     l last      k M of 2018-M08                             o from
 *     & and       , a comma      ? anything else, which makes the text unknown
 */
#ifndef MARSAD_TABLE_WRITTEN_WORD_H
#define MARSAD_TABLE_WRITTEN_WORD_H

#include "base/text.h"

enum { WRITTEN_TOKENS = 24 };

struct written {
    char letter[WRITTEN_TOKENS + 1]; /* the pattern, ends with NUL */
    int value[WRITTEN_TOKENS];       /* of numbers and months */
    int digits[WRITTEN_TOKENS];      /* that a number was written with; 0: a word */
    int weekday;                     /* named before the day, from Monday, 1; 0: none */
    uint32_t count;
};

/* Cuts a text; false where it has something that is not known, or too much. */
bool written_cut(struct text, struct written *);

#endif
