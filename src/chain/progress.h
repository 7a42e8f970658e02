/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Progress of long work, on a terminal only: rows, MB/s, stage, time left; one line, rewritten.
 */
#ifndef MARSAD_CHAIN_PROGRESS_H
#define MARSAD_CHAIN_PROGRESS_H

#include <stdint.h>

#include "base/arena.h"

/* NULL where stderr is no terminal: the other functions then do nothing. */
struct progress *progress_new(struct arena *);
void progress_stage(struct progress *, const char *label);
void progress_tell(struct progress *, uint64_t rows, uint64_t done, uint64_t size);
void progress_clear(struct progress *);

#endif
