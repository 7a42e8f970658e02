/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes out: all or nothing.
 *
 * A file is written under a temporary name beside its own (mode 0600 until the end), then fsynced
 * and renamed by output_commit(); output_abandon() removes it, as a signal or exit() does.  Until
 * the commit output_temporary() names what may already be read.  Standard output is written as it
 * comes, its last byte only at the end; output_abandon() ends it with the line `"`.  Every strict
 * reader refuses that line, and a missing line end, so even kill -9 leaves nothing that looks
 * whole.
 *
 * OUTPUT_CLOSED means that nobody reads standard output any more (EPIPE): not an error, but
 * nothing more is wanted.  Cost: a copy into a 256 KiB buffer; larger writes go through.
 */
#ifndef MARSAD_IO_OUTPUT_H
#define MARSAD_IO_OUTPUT_H

#include <stddef.h>

#include "base/error.h"

struct output;

enum { OUTPUT_OK = 0, OUTPUT_CLOSED = 1, OUTPUT_FAILED = -1 };

/* path NULL: standard output.  NULL and *error (EX_CANTCREAT) where it cannot be made. */
struct output *output_open(const char *path, struct error *);

int output_write(struct output *, const void *bytes, size_t n, struct error *);
int output_flush(struct output *, struct error *);

/* Room for at least n bytes of the buffer, to be taken by output_took(); for the writer of CSV. */
char *output_room(struct output *, size_t n, struct error *); /* NULL: failed or closed */
void output_took(struct output *, size_t n);

/* Flushes and syncs what was written and closes the file under its temporary name. */
int output_finish(struct output *, struct error *);
/* After output_finish: gives the file its name. */
int output_commit(struct output *, struct error *);
/* Anything not committed disappears; standard output gets the mark of failure. */
void output_abandon(struct output *);
void output_free(struct output *);
/* The file stays readable by its owner alone (rejects: they hold records). */
void output_private(struct output *);

/* In a forked child: the temporary files are the parent's, the child removes none. */
void output_disown(void);

bool output_is_closed(const struct output *);
uint64_t output_bytes(const struct output *);
const char *output_path(const struct output *);      /* NULL: standard output */
const char *output_temporary(const struct output *); /* NULL: standard output */

#endif
