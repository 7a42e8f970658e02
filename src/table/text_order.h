/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The order of keys of several texts: by bytes, cell after cell, missing (empty) ones last.
 *
 * text_order() sorts the numbers in order[0..n-1] of keys, where cell[key * columns + k] is cell k
 * of a key.  Eight bytes at a time, behind what all have in common, by radix sort (base/radix.h);
 * what they leave undecided is sorted again by the next eight, or by the next cell.  Keys that are
 * equal keep no order.  32 bytes of heap an entry while it runs.
 */
#ifndef MARSAD_TABLE_TEXT_ORDER_H
#define MARSAD_TABLE_TEXT_ORDER_H

#include "base/text.h"

void text_order(const struct text *cell, uint32_t columns, uint32_t *order, uint32_t n);

/* The same order of two keys. */
int text_order_compare(const struct text *a, const struct text *b, uint32_t columns);

#endif
