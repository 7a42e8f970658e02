/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of a csv_reader: a block of bytes with its marks, and where in the file it stands.
 *
 * For csv_read.c alone.  bytes[from..len-1] are the records not yet given out; csv_block_fill()
 * moves them to the front and reads on behind them, so a record that the block does not hold whole
 * makes it grow, up to max_record.  Places count lines from the last place told: faults in order
 * cost each byte once.
 */
#ifndef MARSAD_IO_CSV_BLOCK_H
#define MARSAD_IO_CSV_BLOCK_H

#include "io/csv_read.h"
#include "io/csv_scan.h"

struct csv_reader {
    struct input *input;      /* NULL in a lane: its file may be closed before its block is done */
    const char *name, *fault; /* fault: of the input, where it is a sheet */
    struct csv_rules rules;
    const struct csv_isa *isa;
    char *bytes;
    size_t room, len; /* of bytes */
    size_t from;      /* the first record not yet given out */
    bool end;         /* the input has no more bytes */
    bool closed_tail; /* the missing last line end was put in */
    bool lane;        /* its blocks come from another reader (csv_lane.c) */

    /* The fast way: a window of whole records. */
    struct csv_marks fields;
    size_t window;                  /* where it begins */
    uint32_t field_row, field_rows; /* the next record of the window, and how many it has */
    uint32_t field_quoted;          /* the next of its quoted cells */
    size_t declined;                /* up to here the slow slicer has to go */

    /* The slow way: every delimiter, quote, LF and CR from some record on. */
    bool marked;               /* the block has been looked through */
    bool dirty;                /* it holds NUL or bad UTF-8: each record is looked at */
    uint32_t *structure;       /* NULL: not asked for in this room */
    uint32_t structures, mark; /* mark: the first at or behind `from`, after csv_block_mark() */

    uint64_t line; /* of bytes[0] */
    size_t known;  /* a line begins here, number known_line */
    uint64_t known_line;
    uint32_t columns;
};

struct place csv_place(struct csv_reader *, size_t offset);
/* Sets the error at this offset of the block; returns -1. */
int csv_refuse(struct csv_reader *, size_t offset, struct error *, const char *what);

/* Reads on, so that the block holds more bytes behind `from`; at the end of the input sets `end`.
 */
int csv_block_more(struct csv_reader *, struct error *);
/* The same where the block does not hold the record at `from` whole: it may be too long. */
int csv_block_fill(struct csv_reader *, struct error *);
/* Room for this many bytes, and CSV_PAD behind them; marks are lost. */
void csv_block_reserve(struct csv_reader *, size_t room);
void csv_block_free(struct csv_reader *);
/* Room for the marks of a window, if that was not made. */
void csv_block_fields(struct csv_reader *);
/* The bytes have changed: nothing is known of them. */
void csv_block_forget(struct csv_reader *);
/* Drops the first bytes of a block of which nothing is given out; places do not count them. */
void csv_block_drop(struct csv_reader *, size_t n);
/* Puts in the last line end that the file lacks. */
void csv_block_close_tail(struct csv_reader *);
/* Looks through the block for the slow slicer, if that was not done, and seeks `from`. */
void csv_block_mark(struct csv_reader *);
/* Moves on to the first mark at or behind this offset. */
void csv_block_seek(struct csv_reader *, size_t offset);

/* Cuts up to `most` records at `from` the fast way; 0: they are for the slow slicer, up to
 * `declined`.  Fills cell[column] where needed and offset[] (from `base`). */
uint32_t csv_fast_rows(struct csv_reader *, struct arena *, const bool *need, uint32_t most,
                       struct text **cell, uint32_t *offset, size_t base);
/* What a quoted cell holds, its doubled quotes made single. */
struct text csv_undouble(struct arena *, const char *at, size_t len);

#endif
