/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers inside running text: `7 138`, `35,1`, `61 %`, `28.400`, in French, English or Arabic
 * order.
 *
 * quote_next() gives one after the other, with what stands before and behind it.  A space or a
 * point before exactly three digits is a thousands mark, a comma or a point before others a decimal
 * one. Text is searched as folded by table/fold.h where words matter (quote_fold()), so `Près` is
 * `pres`.
 */
#ifndef MARSAD_TABLE_RECONCILE_QUOTE_H
#define MARSAD_TABLE_RECONCILE_QUOTE_H

#include "base/number.h"
#include "base/text.h"

struct quote {
    struct decimal value;
    bool percent;
    uint32_t from, to; /* bytes of the number in the text */
};

/* The next number from *at on; false where there is none. */
bool quote_next(struct text, uint32_t *at, struct quote *);

/* Bytes of a text that hold another. */
bool text_holds(struct text, const char *part);

/* Lower case without accents, Latin letters only; into `out` of the same length or shorter. */
struct text quote_fold(struct text, char *out);

#endif
