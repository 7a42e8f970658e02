/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The authority on quoting: one record, read by libcsv in strict mode.
 *
 * csv_judge() is asked about the records that our own slicer does not find plainly well-formed, and
 * about headers.  libcsv is told to be strict, to leave spaces alone, and gets one byte at a time,
 * so that the record's end and an error's place are known exactly.  Slow on purpose: it is rare.
 */
#ifndef MARSAD_IO_CSV_JUDGE_H
#define MARSAD_IO_CSV_JUDGE_H

#include "base/arena.h"
#include "base/text.h"

enum csv_verdict {
    CSV_RECORD,     /* a whole record: cells and length are set */
    CSV_UNFINISHED, /* the bytes end inside the record */
    CSV_STRAY,      /* a quote inside an unquoted field, or text behind a closing quote */
};

struct csv_judgement {
    enum csv_verdict verdict;
    struct text *cell; /* in the arena */
    uint32_t cells;
    size_t length;      /* bytes of the record with its line end; CSV_STRAY: offset of the fault */
    size_t open_quote;  /* offset of the opening quote of the last quoted field */
    size_t bare_return; /* offset of the first CR outside quotes that ends no line, or SIZE_MAX */
    bool in_quotes;     /* CSV_UNFINISHED inside a quoted field */
};

/* `last`: nothing follows the bytes, so a record without a line end is whole. */
void csv_judge(struct arena *, char delimiter, const char *bytes, size_t len, bool last,
               struct csv_judgement *);

#endif
