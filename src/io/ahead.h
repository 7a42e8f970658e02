/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads ahead in a thread of its own: what is costly to read (inflated, decoded) is made while what
 * came before is worked on.
 *
 * The thread calls read() until it gives 0 or -1 and keeps up to 1 MiB ready; ahead_read() lends
 * nothing, it copies.  Whatever read() touches belongs to the thread from ahead_new() on, until
 * ahead_end() gives it back.  Memory: that MiB.  Misuse: ahead_read() from two threads at once.
 */
#ifndef MARSAD_IO_AHEAD_H
#define MARSAD_IO_AHEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct ahead;

struct ahead_source {
    /* As input_read(); *done is what input_done() is to be once these bytes are taken. */
    long (*read)(void *context, void *out, size_t size, uint64_t *done, struct error *);
    void (*close)(void *context);
};

/* NULL: no thread could be started. */
struct ahead *ahead_new(const struct ahead_source *, void *context);
long ahead_read(struct ahead *, void *out, size_t size, uint64_t *done, struct error *);

/* Ends the thread.  true: it is gone, and the context is the caller's again.  false: it may wait
 * for a slow pipe; it will close the context, which nobody else may touch. */
bool ahead_end(struct ahead *);

#endif
