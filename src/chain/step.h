/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a step is inside: for chain/ alone; stages see stage.h.
 *
 * A step is a stage with options, state and ports.  Port 0 is the main output, the others are the
 * OUTPUT options in the order of step_port() calls.  A port feeds a file or standard output
 * (through `output`), further steps (`next`), or both: a fused chain and a fan-out are the same
 * thing.
 *
 * Life: step_new, options parsed, step_open (the whole tree behind it, front to back), step_start
 * (side tables, headers), step_push for each batch, step_finish (front to back), step_free.
 * A late step (STAGE_LATE, step_late()) opens what is behind its port 0 when it emits or finishes.
 */
#ifndef MARSAD_CHAIN_STEP_H
#define MARSAD_CHAIN_STEP_H

#include "chain/files.h"
#include "chain/stage.h"
#include "io/csv_read.h"

struct port {
    bool wanted;                 /* a file, standard output or a step takes what comes */
    const char *file;            /* as the user wrote it; NULL: standard output, or none */
    bool to_file;                /* write it to `file` (NULL: standard output) */
    struct output *output;       /* once it is made */
    const struct schema *schema; /* NULL: bytes, or not known yet */
    bool bytes, begun;           /* begun: headers are written, next steps are open and started */
    int number; /* column that holds places of rows (step_numbers()), or NO_COLUMN */
    struct step **next;
    uint32_t nexts;
};

/* A side table of this run that is not complete while steps are opened. */
struct awaited {
    struct awaited *next;
    struct table *table;
    const char *file;
};

/* A file that no option names, but a rule or a schema. */
struct named_file {
    struct named_file *next;
    const char *name;
};

/* What all steps of a run share. */
struct run {
    struct arena *arena;
    struct files *files;
    struct error error;
    uint32_t batch_rows;
    uint32_t workers; /* that share the memory of a step; 0: one */
    uint32_t threads; /* that may make what is emitted at finish; 0: one */
    bool show_values;
    /* The columns of a file that a chain of this run makes and has not finished; NULL: none. */
    const struct schema *(*promised)(struct run *, const char *file);
    /* A chain of this run makes that file and has not finished. */
    bool (*unmade)(struct run *, const char *file);
    void *plan;
};

/* What a copy of a step emits is kept here until the block's turn comes (lanes.h). */
struct caught {
    struct batch *batch;
    const struct csv_chunk *chunk; /* NULL: from a step */
    uint32_t step;                 /* of the chain */
    unsigned port;
};

struct catch
{
    struct caught *item; /* on the heap */
    size_t count, room;
};

/* Of each block that a lane took, and each step that was copied: the rows of that step's input that
 * stand before the block.  A row of a block has the place (block + 1) << 32 | its number there. */
struct block_rows {
    uint64_t *before; /* [block * steps + step], on the heap */
    size_t room;
    uint32_t steps;
};

struct step {
    const struct stage *stage;
    struct place place; /* of its command in a pipeline file, for messages that have none */
    struct run *run;
    struct options options;
    void *state;
    struct arena *arena, *batch_arena;
    const struct schema *in;
    struct schema *out;
    bool *need; /* columns of `in` that this step reads */
    int *pass;  /* pass[o]: the column of `in` that column o of `out` is, or NO_COLUMN */
    size_t passes;
    struct port *port;
    uint32_t ports;
    unsigned reject_port;
    int origin_file, origin_line; /* columns of `in` made by ingest --origin */
    struct awaited *awaited;
    struct named_file *named;
    uint64_t rows_in, rows_out, rows_before, count[COUNT_KINDS];
    uint64_t sequence;   /* of batches made at finish */
    bool alone;          /* step_alone() was called */
    bool places;         /* step_places() was called */
    bool rowwise;        /* STAGE_ROWWISE, or step_rowwise() was called */
    bool copy, quiet;    /* quiet: a copy is being opened, as its original was before */
    struct catch *catch; /* a copy's: side rows go here, and port 0 where `ends` */
    bool ends;
    const struct block_rows *blocks; /* of the chain, once lanes have started */
    uint32_t index;                  /* in blocks, and in the chain */
    bool opened, stopped, finished;
    bool late; /* STAGE_LATE, or step_late() was called */
};

struct step *step_new(struct run *, const struct stage *);
void step_free(struct step *);

int step_open(struct step *, const struct schema *in);
int step_start(struct step *);
int step_push(struct step *, struct batch *);
int step_finish(struct step *);

/* A step of the same stage and options with a state of its own, open and started; NULL: failed. */
struct step *step_copy(const struct step *, struct run *);
/* A copy of step `index` of the chain: what it emits is caught, port 0 only where it `ends`. */
void step_catch(struct step *, struct catch *, uint32_t index, bool ends);
void catch_add(struct catch *, struct caught);
/* What a copy emitted, from the step that it is a copy of; its places become numbers, for there
 * were so many rows before the block. */
int step_replay(struct step *, const struct caught *, uint64_t before);
/* Adds a copy's state and accounts. */
int step_merge(struct step *into, struct step *copy);

/* Marks in need[] the columns of `in` that this step or anything behind it reads. */
void step_needs(const struct step *, bool *need);

/* Port 0 feeds this step; port 0 is written to this file (NULL: standard output). */
void step_connect(struct step *, struct step *next);
void step_write_to(struct step *, const char *file);

#endif
