/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference lists of data/reference, compiled in byte for byte by scripts/embed.
 */
#ifndef MARSAD_TABLE_REFERENCE_H
#define MARSAD_TABLE_REFERENCE_H

#include "table/table.h"

/* The list of this name (its file's name without .csv), parsed into the arena; NULL: there is none.
 */
const struct table *reference_table(struct arena *, const char *name, struct error *);
bool reference_exists(const char *name);
/* The names, in order; NULL behind the last. */
const char *reference_name(size_t i);

#endif
