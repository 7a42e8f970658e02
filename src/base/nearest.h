/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The name that somebody probably meant: for "unknown column" messages.
 *
 * Distance is the number of bytes to insert, delete or change (Levenshtein); only names within a
 * third of the wanted length count as near.  Cost: names x length^2, so for messages only.
 */
#ifndef MARSAD_BASE_NEAREST_H
#define MARSAD_BASE_NEAREST_H

#include "base/text.h"

/* Index of the nearest name, or -1 where none is near. */
int nearest_name(struct text wanted, const struct text *names, uint32_t count);

/* Bytes to change between two texts; texts over 64 bytes are cut. */
uint32_t nearest_distance(struct text a, struct text b);

#endif
