/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Groups and their measures put aside for want of memory, each time as one run in the order of keys
 * (io/spill.h), and merged at the end, so that they come in the same order as from memory.
 *
 * A group's part in a run is its key and what measure_save() wrote; parts of one group are put
 * together by measure_restore(), value by value where values are kept.  So memory is that of the
 * buffers (64 KiB a run, less where they are many) and of one key a run.
 */
#ifndef MARSAD_TABLE_GROUP_RUNS_H
#define MARSAD_TABLE_GROUP_RUNS_H

#include "table/group.h"
#include "table/measure.h"

struct group_runs;

struct group_runs *group_runs_new(uint32_t keys, uint32_t measures);
void group_runs_free(struct group_runs *);

/* Have any been written? */
bool group_runs_any(const struct group_runs *);

/* Writes all groups as a run; their measures have been settled.  False and *error on failure. */
bool group_runs_write(struct group_runs *, const struct groups *, struct measure *const *,
                      struct error *);

/* Takes over the runs of others, which may be NULL. */
void group_runs_join(struct group_runs *, struct group_runs *from);

/* After the last run; `memory` bounds the buffers. */
bool group_runs_begin(struct group_runs *, size_t memory, struct error *);

/* The next groups, at most `most`: their keys, then their measures, as cell[column][i] in the
 * arena. Returns how many, 0 after the last; -1: *error is set. */
int64_t group_runs_next(struct group_runs *, struct measure *const *, struct arena *,
                        struct text *const *cell, uint32_t most, struct error *);

#endif
