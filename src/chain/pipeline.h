/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pipeline file is a list of shell pipelines that two programs run alike: `sh FILE` and
 * `marsad run FILE`.
 *
 *     set -eu
 *     # records to figures
 *     marsad ingest --schema data/schemas/permits.json < "$INPUT" |
 *         marsad aggregate --by nationality --count value > permits.csv
 *     marsad run pipelines/returns.sh YEAR=2018
 *
 * `set -eu` comes first; then pipelines, one a line or separated by `;`.  Every command is the word
 * `marsad` and a stage, or `marsad-STAGE`.  `<` belongs to the first command, `>` to the last one.
 * `marsad run FILE [NAME=VALUE...]` alone in its pipeline is an include, which the runner expands.
 * What else a shell knows is refused with file:line:column and EX_CONFIG (78), since the file, not
 * the data, is what has to be mended.  Words: see chain/token.h.  Cost: one pass over the text.
 */
#ifndef MARSAD_CHAIN_PIPELINE_H
#define MARSAD_CHAIN_PIPELINE_H

#include "chain/token.h"

struct command {
    int argc;
    char **argv; /* argv[0] is the stage's name; ends with a NULL that argc does not count */
    struct place place;
};

struct pipeline {
    uint32_t commands;
    struct command *command;
    const char *input, *output; /* of < and >; NULL: standard input, standard output */
    struct place place, input_place, output_place;
    bool include; /* marsad run FILE: one command, argv[1] is FILE, then NAME=VALUE */
};

struct pipeline_file {
    const char *path;
    uint32_t count;
    struct pipeline *pipeline;
};

/* Parses a whole pipeline file held in memory; `path` is its name for messages and must live as
 * long as the arena, which owns the result.  0, or -1 with *error set. */
int pipeline_parse(struct arena *, const char *path, const char *bytes, size_t len,
                   variable_lookup *, void *context, struct pipeline_file *, struct error *);

/* Is this NAME=VALUE? */
bool pipeline_is_assignment(const char *word);

#endif
