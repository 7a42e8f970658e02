/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The order of the codes of a dimension, and which of them may be added up.
 *
 * `_T` is a total, `_O` a rest; a code of kind `special` (unknown, stateless) stands behind the
 * rest; one of kind `group` overlaps with others and is no part of a sum.  A list with bounds
 * (`min`, `max`: ages) is ordered by them, and there a code is a group only where it overlaps with
 * a narrower one that occurs; where the narrower ones do not fill it, the axis is `uneven`: no sum
 * of its codes is the whole.  Periods and dates stand in the order of time; codes that are looked
 * for by their labels (labels.alphabetical) in that of the alphabet, accents ignored; all others in
 * the order of their list.  Unlisted codes come behind, by bytes.  Cost: a sort; n^2 with bounds.
 */
#ifndef MARSAD_FORMAT_CODE_ORDER_H
#define MARSAD_FORMAT_CODE_ORDER_H

#include "format/crosstab.h"
#include "format/label.h"

void code_order_fill(struct axis *, uint32_t dimension, const struct labels *, enum language);

#endif
