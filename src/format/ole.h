/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One stream of an OLE2 file, such as the `Workbook` of an XLS, by its name.
 *
 * Every chain is followed at most as far as the file is long, so a damaged one ends.
 * Source: [MS-CFB], sections 2.2 to 2.6.
 */
#ifndef MARSAD_FORMAT_OLE_H
#define MARSAD_FORMAT_OLE_H

#include "format/bytes.h"

/* Appends the stream; false where it is not there or the file is damaged. */
bool ole_stream(struct text file, const char *name, struct bytes *out);

#endif
