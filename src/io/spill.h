/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes put aside on disk for want of memory: one temporary file, written as runs one after
 * another, each read back from its beginning.
 *
 * The file is made in TMPDIR (/tmp without it) when the first byte comes, readable by its owner
 * alone, and loses its name at once: whatever ends the program, nothing is left behind.  A disk
 * that is full is EX_IOERR, a folder where nothing can be made EX_CANTCREAT; both messages name
 * TMPDIR. Each reader has a buffer of its own; what it returns is valid until its next call.
 */
#ifndef MARSAD_IO_SPILL_H
#define MARSAD_IO_SPILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct spill;

struct spill *spill_new(void); /* nothing is made before something is written */
void spill_free(struct spill *);

/* Adds bytes to the present run; false and *error on failure. */
bool spill_write(struct spill *, const void *bytes, size_t n, struct error *);
/* The present run is complete. */
bool spill_end_run(struct spill *, struct error *);
uint32_t spill_runs(const struct spill *);

struct spill_reader;
struct spill_reader *spill_reader_new(const struct spill *, uint32_t run, size_t room);
void spill_reader_free(struct spill_reader *);

bool spill_at_end(const struct spill_reader *);
/* The next n bytes in one piece; NULL and *error on failure. */
const void *spill_read(struct spill_reader *, size_t n, struct error *);

#endif
