/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A chain is one pipeline made real: steps, what feeds the first and where the last one goes.
 *
 * chain_new() parses the options of every command; nothing is opened.  chain_reads()/chain_writes()
 * then tell its files.  chain_open() opens its source and all steps down to the last; a chain that
 * is attached to another (`host`) has no source of its own: its first step hangs on the host's
 * last. chain_run() starts, pumps and finishes it.
 */
#ifndef MARSAD_CHAIN_CHAIN_H
#define MARSAD_CHAIN_CHAIN_H

#include "chain/pipeline.h"
#include "chain/step.h"
#include "table/reader.h"

struct progress;

struct chain {
    struct run *run;
    struct arena *arena;
    struct step **step;
    uint32_t steps;
    const char **input; /* files of the main input; "-": standard input; none: no main input */
    uint32_t inputs;
    const char *output; /* NULL: standard output */
    struct reader_spec spec;
    struct reader *reader;
    struct block_rows blocks;      /* for numbers of rows, where lanes took blocks */
    uint8_t *forms; /* of the columns that the first batch was asked for (batch_note_forms) */
    const struct schema *promised; /* header of an input that is not made yet */
    struct chain *host;            /* shares the pass of this one; NULL: runs by itself */
    bool opened, done;
    struct place place;
};

/* Limits that every command takes besides its own options. */
extern const struct option_spec common_options[];

struct chain *chain_new(struct run *, const struct pipeline *);
void chain_free(struct chain *);

/* All files that it reads (main and side) or writes, as the user wrote them; in the arena. */
uint32_t chain_reads(const struct chain *, struct arena *, const char ***file);
uint32_t chain_writes(const struct chain *, struct arena *, const char ***file);
/* Side inputs only, with the files that these name. */
uint32_t chain_side_reads(const struct chain *, struct arena *, const char ***file);
/* Those of them that must be made before the chain is opened: more than their columns is read. */
uint32_t chain_early_reads(const struct chain *, struct arena *, const char ***file);

/* Has it a --max-* of its own?  Then it must read its input itself. */
bool chain_limits_reading(const struct step *);

/* `promised`: the header of the main input where its file is not made yet, else NULL. */
int chain_open(struct chain *, const struct schema *promised);
/* A batch of the reader and what was set aside with it, to the first step or a copy of it. */
int chain_push(struct step *first, struct batch *, const struct csv_chunk *);
int chain_run(struct chain *, struct progress *);

/* The stage of this name, or NULL. */
const struct stage *stage_find(const char *name);
/* In the order of stages.list; NULL behind the last. */
const struct stage *stage_at(uint32_t i);

#endif
