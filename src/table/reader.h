/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A reader turns one or several CSV files with one header into batches.
 *
 * The schema is known after reader_open(); reader_need() marks the columns to slice, before the
 * first reader_next().  A batch is lent until the next call, its arrays live in the given arena.
 * A second file must have the columns of the first, in whatever order: they are put in the first's.
 */
#ifndef MARSAD_TABLE_READER_H
#define MARSAD_TABLE_READER_H

#include "io/csv_read.h"
#include "table/batch.h"

struct reader_spec {
    uint32_t files;
    const char *const *path; /* what to open */
    const char *const *name; /* what messages call it */
    struct csv_rules rules;
    const char *encoding; /* NULL: UTF-8 */
    uint32_t header;      /* the line of the header, from 1; 0: there is none */
    unsigned max_ratio;
    /* Opens the file of this number, decoded; NULL: as plain or gzip CSV in `encoding`. */
    struct input *(*open)(const struct reader_spec *, uint32_t file, struct error *);
    const void *foreign; /* for open() */
};

/* What open() is where none is given. */
struct input *reader_open_plain(const struct reader_spec *, uint32_t file, struct error *);

struct reader;

/* The spec's arrays and the arena live as long as the reader.  NULL and *error on failure. */
struct reader *reader_open(const struct reader_spec *, struct arena *, struct error *);
void reader_close(struct reader *);

const struct schema *reader_schema(const struct reader *);
void reader_need(struct reader *, uint32_t column);

/* From now on, gzip is inflated in a thread of its own. */
void reader_ahead(struct reader *);

/* 1: *batch (maybe without rows) and the chunk it came from; 0: the end; -1: *error is set. */
int reader_next(struct reader *, struct arena *, uint32_t max_rows, struct batch **batch,
                const struct csv_chunk **chunk, struct error *);

/* A worker's share of a reader: blocks are taken one at a time, in order, by whoever holds the
 * lock; their batches are then made without it.  A lane's schema and needs are the reader's. */
struct reader_lane;
struct reader_lane *reader_lane_new(struct reader *);
void reader_lane_free(struct reader_lane *);
int reader_lane_take(struct reader *, struct reader_lane *, struct error *); /* 1, 0: the end, -1 */
/* As reader_next(), within the block; 0: it is used up. */
int reader_lane_next(struct reader_lane *, struct arena *, uint32_t max_rows, struct batch **batch,
                     const struct csv_chunk **chunk, struct error *);

uint64_t reader_size(const struct reader *); /* bytes of the present file; 0: unknown */
uint64_t reader_done(const struct reader *); /* bytes read of all files so far */

#endif
