/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands at the bottom of a table and is no row of it: a total, notes.
 *
 * Only the last rows are looked at.  Notes are rows with a text in the first cell alone, or records
 * that were set aside behind the last row; a total is the row above them whose first cell begins
 * with a word for it in French, English or Arabic.  Both are guesses: they are told as warnings,
 * with their lines, and nothing is left out.
 */
#ifndef MARSAD_FORMAT_SNIFF_TAIL_H
#define MARSAD_FORMAT_SNIFF_TAIL_H

#include "io/csv_read.h"
#include "table/batch.h"

enum { SNIFF_TAIL = 16 };

struct sniff_tail {
    struct sniff_tail_row {
        uint64_t line;
        bool note, total;
    } row[SNIFF_TAIL]; /* the last rows: number n is at n % SNIFF_TAIL */
    uint64_t rows;
    uint64_t faults, first_fault, last_fault; /* records set aside: how many, their lines */
};

void sniff_tail_add(struct sniff_tail *, const struct batch *, const struct csv_chunk *);
/* The lines of notes and of a total; NULL: there are none. */
const char *sniff_tail_notes(const struct sniff_tail *, struct arena *);
const char *sniff_tail_total(const struct sniff_tail *, struct arena *);
/* Do all records that were set aside stand behind the last row? */
bool sniff_tail_only(const struct sniff_tail *);

#endif
