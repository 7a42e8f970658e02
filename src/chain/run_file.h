/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `marsad run FILE [NAME=VALUE ...] [--manifest FILE]`: a pipeline file, fused.
 *
 * NAME=VALUE reaches the file as a variable, before those of the environment, as with
 * `env NAME=VALUE sh FILE`.  A line `marsad run OTHER [NAME=VALUE ...]` in it is replaced by the
 * pipelines of OTHER (at most 16 deep).
 */
#ifndef MARSAD_CHAIN_RUN_FILE_H
#define MARSAD_CHAIN_RUN_FILE_H

#include "base/option.h"

extern const struct option_spec run_options[];

/* argv without the word `run`.  Returns the exit code; errors are printed. */
int run_file(int argc, char *const *argv);

#endif
