/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the structure of a CSV is, found 64 bytes at a time.
 *
 * csv_scan() writes the offset of every delimiter and LF outside quotes, in order, from the start
 * of a record on, and says whether the bytes are plain: every quote opens right behind a delimiter
 * or LF and closes right before one (doubled quotes inside), every CR outside quotes belongs to a
 * CR LF, no NUL; and whether they are UTF-8.  What is not is for the slow slicer and libcsv to
 * decide.  csv_tally() counts quotes and LFs, for splitting a file into blocks; decimals() is
 * decimals_read(), some cells at a time.
 *
 * Paths for AVX-512, AVX2, SSE2 and any other machine are chosen by csv_isa() at start (MARSAD_ISA
 * names one of avx512, avx2, sse2, portable); all give the same result.  Quotes become a mask of
 * what is inside by a prefix XOR (a carry-less multiplication by all ones; Langdale & Lemire 2019,
 * section 3.1.1); UTF-8 is checked by masks of its leads and of what must follow them.
 * Cost: 0.2 to 1 cycle a byte.  Misuse: marks without the room that is asked for below; what is
 * behind the last mark is written over.
 */
#ifndef MARSAD_IO_CSV_SCAN_H
#define MARSAD_IO_CSV_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/number.h"

enum { CSV_PAD = 64 };

struct csv_marks {
    uint32_t *at;       /* room for one entry a byte, and CSV_PAD more */
    uint32_t *quoted;   /* which of them end a quoted cell; room for one entry every two bytes */
    uint32_t count;     /* delimiters and LFs outside quotes */
    uint32_t quotes;    /* quoted cells; the last may have no mark yet */
    uint32_t lines;     /* LFs outside quotes */
    uint32_t all_lines; /* LFs */
    bool plain, crlf;   /* see above; any CR LF */
    bool utf8;          /* where it is plain: all up to the last LF outside quotes is UTF-8 */
};

struct csv_tally {
    uint64_t quotes, lines;
};

struct csv_isa {
    const char *name;
    void (*scan)(const char *bytes, size_t from, size_t to, char delimiter, struct csv_marks *);
    struct csv_tally (*tally)(const char *bytes, size_t len);
    struct scaled (*decimals)(const struct text *, uint32_t n, struct decimal *, int64_t *value);
};

/* The fastest that this machine has, or the one that MARSAD_ISA names; NULL: it has not that one.
 */
const struct csv_isa *csv_isa(void);

/* Whether all of it is well-formed UTF-8 (no overlong forms, surrogates, or code points over
 * 10FFFF; Unicode 15, table 3-7).  utf8_valid_length() is the length of the longest valid start. */
bool utf8_valid(const char *bytes, size_t len);
size_t utf8_valid_length(const char *bytes, size_t len);

#endif
