/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entries of a zip file, one at a time: minizip, with the checks that it leaves to its caller.
 *
 * zip_read() gives decompressed bytes until it returns 0; the sum of an entry is checked at its
 * end, an expansion over 200 to 1 (past 64 MiB) is refused, as are encrypted entries.  Cost:
 * inflating.
 */
#ifndef MARSAD_FORMAT_ZIP_H
#define MARSAD_FORMAT_ZIP_H

#include <stddef.h>

#include "base/error.h"

struct zip;

/* `name` is what messages call the file.  NULL and *error where it is no whole zip file. */
struct zip *zip_open(const char *path, const char *name, struct error *);
void zip_close(struct zip *);

bool zip_has(struct zip *, const char *entry);

/* Begins an entry (another one ends).  -1 and *error where it is not there or cannot be read. */
int zip_enter(struct zip *, const char *entry, struct error *);
long zip_read(struct zip *, void *out, size_t size, struct error *);

const char *zip_name(const struct zip *);

#endif
