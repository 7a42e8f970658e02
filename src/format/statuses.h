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

/* Means nothing where over STATUSES_MOST codes were seen. */
uint32_t statuses_rank(struct statuses *, struct text code);

/* The rank here of what has a rank there. */
uint32_t statuses_rank_from(struct statuses *, const struct statuses *from, uint32_t rank);

/* Opens one whose codes of one rank are numbered by their bytes, whatever came first. */
void statuses_sort(struct statuses *, struct arena *, const struct statuses *from);

/* Code and mark of a rank that is not 0; the mark of an unlisted code is the code. */
struct text statuses_code(const struct statuses *, uint32_t rank);
struct text statuses_mark(const struct statuses *, uint32_t rank);

#endif
