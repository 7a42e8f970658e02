/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Statuses of figures: how bad each is, and its mark in tables.
 *
 * statuses_rank() turns a code into a number that is larger the worse the status is (rank of the
 * list obs_status; a code that it does not hold is the worst), so that the status of a sum is the
 * largest of its parts'.  0 is normal: `A` or empty.
 */
#ifndef MARSAD_FORMAT_STATUSES_H
#define MARSAD_FORMAT_STATUSES_H

#include "format/label.h"

enum { STATUSES_MOST = 1023 };

struct statuses {
    struct labels list;
    struct keys seen;
};

void statuses_open(struct statuses *, struct arena *, const struct table *list);

/* False where there are over STATUSES_MOST codes. */
bool statuses_rank(struct statuses *, struct text code, uint32_t *rank);

/* Code and mark of a rank that is not 0; the mark of an unlisted code is the code. */
struct text statuses_code(const struct statuses *, uint32_t rank);
struct text statuses_mark(const struct statuses *, uint32_t rank);

#endif
