/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A growing run of bytes: what a writer of a whole file builds before it is given to the chain.
 *
 * A zeroed struct is empty; bytes_free() gives the memory back.  Cost: an amortised copy a byte.
 * Misuse: keeping `at` over the next add.
 */
#ifndef MARSAD_FORMAT_BYTES_H
#define MARSAD_FORMAT_BYTES_H

#include "base/text.h"

struct bytes {
    char *at;
    size_t len, room;
};

void bytes_add(struct bytes *, const void *at, size_t n);
void bytes_text(struct bytes *, struct text);
void bytes_string(struct bytes *, const char *nul_terminated);
void bytes_char(struct bytes *, char, size_t times);
void bytes_free(struct bytes *);

#endif
