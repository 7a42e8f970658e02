/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cells as people type them: spellings of a nationality or a sex, case and accents, rare slips.
 *
 * A struct word owns its bytes and never ends with a NUL; every form in the tables fits in it with
 * room for an article and a plural. Misuse: words longer than WORD_MAX (the rest is cut off).
 */
#ifndef GEN_SAMPLE_MESSY_H
#define GEN_SAMPLE_MESSY_H

#include <stdbool.h>
#include <stddef.h>

#include "nationalities.h"
#include "rng.h"

enum { WORD_MAX = 120 };

struct word {
    size_t length;
    char at[WORD_MAX];
};

struct word word_from(const char *text);

/* `french`: no Arabic, as in a file that is to be written as Windows-1252. */
struct word nationality_type(struct rng *r, const struct nationality *n, bool female, bool french);
struct word sex_type(struct rng *r, bool female, bool french);
struct word place_type(struct rng *r, const char *name);

size_t nationality_draw(struct rng *r, enum nationality_use use);

#endif
