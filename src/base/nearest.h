/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The name that somebody probably meant: for messages about unknown columns, options, functions.
 *
 *     struct guess g = guess_begin(wanted);
 *     for (...) guess_offer(&g, name[i]);
 *     if (g.name.len) "did you mean g.name?"
 *
 * Near is what is a third of the wanted length away (base/distance.h; one letter at least),
 * capitals being small letters, and what begins with the wanted name.  Cost: a few cells a name.
 */
#ifndef MARSAD_BASE_NEAREST_H
#define MARSAD_BASE_NEAREST_H

#include "base/text.h"

struct guess {
    struct text wanted, name; /* name: the nearest so far, empty where none is near */
    uint32_t distance;        /* of it; before: what is too far */
};

struct guess guess_begin(struct text wanted);
void guess_offer(struct guess *, struct text name);

#endif
