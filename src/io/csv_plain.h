/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes of a CSV on their way out: copied and looked at in one pass.
 *
 * csv_copy_plain() copies n bytes and says whether they can stand in a record as they are: they
 * hold exactly so many commas, those between cells, and no quote, line feed or carriage return.  So
 * cells that stood side by side in the input go out together.  Cost: about a quarter of a cycle a
 * byte.  Misuse: a target without CSV_PLAIN_SLACK bytes of room behind the copy, for it writes in
 * steps of 16.
 */
#ifndef MARSAD_IO_CSV_PLAIN_H
#define MARSAD_IO_CSV_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CSV_PLAIN_SLACK = 16 };

bool csv_copy_plain(char *to, const char *at, size_t n, uint32_t commas);

#endif
