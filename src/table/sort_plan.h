/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One word a row, out of as many keys as it can hold.
 *
 * The rows are looked over first: of eight bytes of a text only the bits count that are not the
 * same in all rows, of numbers (at one scale) only the distance from the smallest; so a country
 * and a year are 20 bits, and mostly all keys go into one word, which radix sort puts in order
 * (base/radix.h).  What does not fit is told: rows with equal words are sorted by `key` from
 * `depth` on.
 *
 *     sort_plan_make(&plan, key, keys, range, crew);
 *     sort_plan_words(&plan, entry + from, n);
 *
 * Cost: two passes over the cells, some cycles a field each.  Squeezing: H. S. Warren, Hacker's
 * Delight, 2nd ed. (2013), section 7-4.  Misuse: comparing words of two plans.
 */
#ifndef MARSAD_TABLE_SORT_PLAN_H
#define MARSAD_TABLE_SORT_PLAN_H

#include "base/radix.h"
#include "table/sort.h"

enum { SORT_FIELDS = 24, SQUEEZES = 6 };

enum sort_kind { SORT_MISSING, SORT_TEXT, SORT_LENGTH, SORT_INTEGER, SORT_REAL };

struct sort_field {
    const struct sort_key *key;
    enum sort_kind kind;
    uint32_t depth;                /* of a text: the byte where the field begins */
    uint32_t width, bits;          /* of the value; of which the upper ones are taken */
    uint64_t mask, move[SQUEEZES]; /* the bits of eight bytes that count, and how they move */
    int64_t low;                   /* the smallest number or length */
    uint32_t scale;                /* of the numbers */
};

struct sort_plan {
    struct sort_field field[SORT_FIELDS];
    uint32_t fields, bits;
    uint32_t key, depth; /* what rows with equal words are sorted by next */
    bool digits;         /* the word is a double, and unlike numbers may have the same */
};

/* Entries that are equal in all keys before this one, and in `depth` bytes of it. */
struct sort_range {
    uint32_t from, to, key, depth;
};

void sort_plan_make(struct sort_plan *, const struct sort_key *, uint32_t keys,
                    const struct radix_entry *, struct sort_range, const struct sort_crew *);

/* The words of these entries. */
void sort_plan_words(const struct sort_plan *, struct radix_entry *, uint32_t n);

#endif
