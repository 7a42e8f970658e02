/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records of a CSV, sliced into columns, some at a time.
 *
 * csv_read_next() lends a chunk: cell[column][row] texts that point into the reader's block (or,
 * for quoted cells that hold a doubled quote, into the given arena), valid until the next call.
 * Columns that are not needed are counted and checked but not sliced.  Records whose quoting is
 * plainly well formed are sliced here; all others go to libcsv (csv_judge.h), which decides and
 * locates.
 *
 * Two kinds of input: foreign (CR LF allowed, BOM skipped, last line may lack its end, single bad
 * records may be set aside) and strict (between filters: LF, no BOM, final LF, nothing set aside).
 * A quoting fault always refuses, since nobody knows where the record ends.
 * Cost: about two cycles a byte.  Memory: one block, which grows up to max_record.
 */
#ifndef MARSAD_IO_CSV_READ_H
#define MARSAD_IO_CSV_READ_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "io/input.h"

struct csv_rules {
    char delimiter;
    bool strict;     /* between our own filters */
    bool set_aside;  /* give back single bad records as faults instead of refusing the file */
    bool skip_blank; /* blank lines are counted, not records */
    uint32_t max_field, max_lines, max_columns;
    uint32_t max_record;
    uint32_t block; /* bytes read at a time */
};

/* Strict, with the default limits. */
extern const struct csv_rules csv_rules_default;

struct csv_fault {
    const char *reason; /* what is wrong, for people */
    struct place place;
    uint32_t field;     /* the cell at fault, from 1, of a sheet; 0: that is not known */
    struct text record; /* its bytes, as they are, without the line end */
};

struct csv_chunk {
    uint32_t rows;
    struct text **cell;     /* cell[column], NULL where not needed */
    const uint32_t *offset; /* of each record in bytes */
    const char *bytes;
    uint64_t first_line;           /* of bytes[0] */
    bool sheet;                    /* each record is a line, whatever its cells hold */
    const struct csv_fault *fault; /* the record behind the rows, set aside, or NULL */
    uint64_t blanks;
};

struct csv_reader;

/* The reader borrows the input, the rules' limits are copied. */
struct csv_reader *csv_reader_new(struct input *, const struct csv_rules *);
void csv_reader_free(struct csv_reader *);

/* Skips `lines` lines, then reads one record as the header: names in the arena, unquoted. */
int csv_read_header(struct csv_reader *, uint32_t lines, struct arena *, struct text **name,
                    uint32_t *columns, struct place *, struct error *);
/* For files without a header: records have this many columns.  Returns the first record's number
 * of cells without consuming it, or 0 for an empty file, -1 on failure. */
int csv_peek_width(struct csv_reader *, struct arena *, struct error *);
void csv_set_width(struct csv_reader *, uint32_t columns);

/* A reader of blocks that another one cuts off, for a worker: the same rules and width. */
struct csv_reader *csv_lane_new(const struct csv_reader *);
/* Gives the lane the next block of whole records, at least `block` bytes where there are as many.
 * 1, or 0 at the end, or -1.  The lane must have used up its block; calls are one at a time. */
int csv_lane_feed(struct csv_reader *, struct csv_reader *lane, struct error *);

/* 1: a chunk of at least one row or fault; 0: the end; -1: *error is set. */
int csv_read_next(struct csv_reader *, struct arena *, const bool *need, uint32_t max_rows,
                  struct csv_chunk *, struct error *);

#endif
