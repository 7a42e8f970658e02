/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of HXL tags (Humanitarian Exchange Language): `#country+code,#affected`, below the header.
 */
#ifndef MARSAD_TABLE_HXL_H
#define MARSAD_TABLE_HXL_H

#include "table/batch.h"

/* Each cell that is not empty is a tag, and there is one. */
bool hxl_is_tags(const struct batch *, uint32_t row);

#endif
