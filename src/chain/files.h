/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files of a run: every output by name, and which of them may be read already.
 *
 * Until all is committed an output stands under a temporary name; files_resolve() tells the path to
 * open for a name, whether this run makes it or not.  files_commit() gives all of them their names,
 * or files_abandon() removes them: all or none (a rename that fails after others went through is
 * told; that cannot be undone).
 */
#ifndef MARSAD_CHAIN_FILES_H
#define MARSAD_CHAIN_FILES_H

#include "base/arena.h"
#include "io/output.h"

struct files;

struct files *files_new(struct arena *);
void files_free(struct files *);

/* A new output; path NULL: standard output, the same one each time. */
struct output *files_output(struct files *, const char *path, struct error *);
const char *files_resolve(const struct files *, const char *path);

/* Flushes every file, so that it can be read under its temporary name. */
int files_flush(struct files *, struct error *);
int files_finish(struct files *, struct error *);
int files_commit(struct files *, struct error *);
void files_abandon(struct files *);

/* The i-th file made, or NULL; its path and bytes, for the manifest. */
const struct output *files_made(const struct files *, uint32_t i);

#endif
