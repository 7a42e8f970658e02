/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that are compiled in: what scripts/embed writes, a table and the files behind it.
 *
 * The table holds offsets from its own beginning, so that there is no address in it which the
 * loader would have to put there at every start.
 */
#ifndef MARSAD_TABLE_EMBEDDED_H
#define MARSAD_TABLE_EMBEDDED_H

#include <stddef.h>
#include <stdint.h>

/* The table is an array of these, ended by one of zeros. */
struct embedded {
    uint32_t name, bytes, end;
};

/* The file of this name; NULL: there is none. */
const struct embedded *embedded_find(const char *table, const char *name);
/* The i-th; NULL behind the last. */
const struct embedded *embedded_at(const char *table, size_t i);

#endif
