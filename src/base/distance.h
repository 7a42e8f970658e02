/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far apart two short texts are: letters added, left out, replaced, or swapped with their
 * neighbour (the restricted Damerau-Levenshtein distance: Boytsov, ACM J. Exp. Algorithmics 16,
 * 2011, section 2), counted in code points.
 *
 * Distances over `limit` come back as limit + 1, which is what makes it quick: only cells within
 * `limit` of the diagonal are computed.  Cost: letters x (2 limit + 1).  Texts over
 * DISTANCE_LETTERS letters are never near anything.
 */
#ifndef MARSAD_BASE_DISTANCE_H
#define MARSAD_BASE_DISTANCE_H

#include "base/text.h"

enum { DISTANCE_LETTERS = 128 };

uint32_t text_distance(struct text a, struct text b, uint32_t limit);

#endif
