/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes in: a file or standard input, plain or gzip (by its magic), in any encoding iconv knows.
 *
 * input_read() gives decoded bytes until it returns 0; -1 sets *error.  A gzip member must end with
 * its own check, garbage after the last member is refused, and an expansion over `max_ratio` (past
 * 64 MiB) too: damaged or hostile files never read clean.  Bytes that are not of the encoding are
 * refused at their line; nothing is replaced.  What could be inflated before the damage is given
 * out first.  Cost: that of io/inflate.h for gzip, two copies for iconv.
 */
#ifndef MARSAD_IO_INPUT_H
#define MARSAD_IO_INPUT_H

#include <stddef.h>

#include "base/error.h"

struct input;

enum { INPUT_MAX_RATIO = 500 };

/* `path` is opened ("-": standard input); `name` is what messages call it and outlives the input.
 * NULL and *error set (EX_NOINPUT) where it cannot be opened. */
struct input *input_open(const char *path, const char *name, struct error *);
/* The same over bytes in memory, which outlive the input. */
struct input *input_memory(const char *bytes, size_t len, const char *name);
/* The same over bytes that somebody makes: read() as input_read() below, close() at the end. */
struct input_source {
    long (*read)(void *context, void *out, size_t size, struct error *);
    void (*close)(void *context);
    /* Rows of a sheet: each record is a line, whatever its cells hold, and a NUL stands for a cell
     * that is set aside for this reason.  NULL: lines and bytes as they come. */
    const char *fault;
};
struct input *input_source(const struct input_source *, void *context, const char *name);
void input_close(struct input *);

/* The first bytes as they are in the file, up to `want` (at most 64 KiB), without consuming them;
 * valid until the next read.  Their number, or -1 and *error. */
long input_peek(struct input *, size_t want, const unsigned char **bytes, struct error *);

/* Before the first read: decode from this encoding to UTF-8. */
int input_decode(struct input *, const char *encoding, struct error *);
void input_limit_ratio(struct input *, unsigned max_ratio);

/* From the next read on, gzip is inflated and an encoding decoded in a thread (io/ahead.h). */
void input_ahead(struct input *);

/* size: at least 8 where the input is decoded, so that any character has room. */
long input_read(struct input *, void *out, size_t size, struct error *);

const char *input_name(const struct input *);
const char *input_fault(const struct input *); /* that of its source, or NULL */
uint64_t input_size(const struct input *);     /* bytes of the file itself; 0: unknown */
uint64_t input_done(const struct input *);     /* bytes of the file read so far */

/* The whole of a file, for side inputs; bytes are freed with free().  -1 and *error on failure. */
int input_slurp(const char *path, const char *name, size_t ceiling, char **bytes, size_t *len,
                struct error *);

#endif
