/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A plan runs pipelines: one for `marsad STAGE`, all those of a file for `marsad run`.
 *
 * Every chain is built and its files are checked before anything is opened; every chain whose
 * columns are known is opened before the first row is read.  A chain that reads what an earlier one
 * writes is attached to it and shares its pass, unless it also needs files that are made later
 * than that pass begins, or prints to standard output.  At the end all files get their names, or
 * none.
 */
#ifndef MARSAD_CHAIN_PLAN_H
#define MARSAD_CHAIN_PLAN_H

#include "chain/pipeline.h"

struct plan_options {
    const char *manifest; /* where to write what was done, or NULL */
    const char *text;     /* the pipeline file, for the manifest; NULL: none */
    const char *text_name;
    bool progress;
};

/* Returns the exit code; an error is printed. */
int plan_run(const struct pipeline *, uint32_t count, const struct plan_options *);

#endif
