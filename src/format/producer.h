/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A foreign file is read by a child process, which sends its rows as CSV; the parent sees an input.
 *
 * So everything behind the input is the same as for CSV; libraries that push may push; and a
 * library that breaks down on a damaged or hostile file takes the child with it, not the run: the
 * input ends with an error of exit code 65.  The child may use 1 GiB of memory.  What it sends is
 * framed, and without the last frame the input is not whole.  Cost: a fork, and a copy through a
 * pipe, on a core of its own. Misuse: a `produce` that touches files or output of the run.
 */
#ifndef MARSAD_FORMAT_PRODUCER_H
#define MARSAD_FORMAT_PRODUCER_H

#include "format/grid.h"
#include "io/input.h"

/* Reads the file at `path` into rows; 0, or -1 and *error (none where grid_end() gave up). */
typedef int produce_rows(const void *how, const char *path, struct grid *, struct error *);

/* `path` and `how` are used by the child alone; rule->name outlives the input.  The input owns
 * `keep`, an open file or -1, and closes it.  NULL and *error on failure. */
struct input *producer_open(produce_rows *, const void *how, const char *path, int keep,
                            const struct grid_rule *, struct error *);

#endif
