/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one header that the author of a stage reads.
 *
 * A stage is a const struct in its own file under stages/, named in stages.list.  The chain calls
 *
 *     open    once, before the first row of anything: read options, find columns, fill `out`
 *     start   (optional) once, when the side tables are complete and before the first push
 *     push    for each batch of the main input, in order; the batch is lent for the call
 *     finish  once after the last batch: emit what was folded
 *     settle  (optional) in each worker after its last push, before merge: what can be done apart
 *
 *     close   (optional) always, also after failures; memory of step_arena() needs no closing
 *
 * and owns files, memory, messages and accounts.  State is a zeroed struct of state_size bytes:
 * a stage keeps no globals, so that it may run twice in one chain.  Each function returns STEP_OK,
 * or what step_fail()/step_emit() returned.
 *
 * Accounts: rows in + made = rows out + rejected + dropped + folded, checked for each step at its
 * finish.  step_emit(step, 0, ...) counts `out`; the rest is step_count()'s.
 */
#ifndef MARSAD_CHAIN_STAGE_H
#define MARSAD_CHAIN_STAGE_H

#include "base/option.h"
#include "table/batch.h"
#include "table/reader.h"
#include "table/table.h"

enum { STEP_OK = 0, STEP_STOP = 1, STEP_FAIL = -1 };

enum {
    STAGE_ROWWISE = 1,  /* what is emitted for a batch depends on that batch alone */
    STAGE_FOREIGN = 2,  /* reads foreign files by its own dialect (ingest) */
    STAGE_NO_INPUT = 4, /* no main input: gets open, start, finish only (export) */
    STAGE_BYTES = 8,    /* port 0 is bytes, not CSV (export): written with step_write */
    STAGE_LATE = 16,    /* columns come from the data: `out` is filled at finish (tabulate) */
};

enum step_account { COUNT_MADE, COUNT_REJECTED, COUNT_DROPPED, COUNT_FOLDED, COUNT_KINDS };

struct step;

/* How a foreign file is written: filled by the stage's dialect(), before anything is opened. */
struct dialect {
    char delimiter;       /* ',' */
    const char *encoding; /* NULL: UTF-8 */
    uint32_t header;      /* line of the header, from 1; 0: the file has none */
    bool skip_blank;
    bool set_aside; /* single bad records go to --rejects */
    /* Opens a file that may be no CSV (table/reader.h); NULL: all are CSV. */
    struct input *(*open)(const struct reader_spec *, uint32_t file, struct error *);
    const void *foreign; /* for open(); lives as long as the step */
};

struct stage {
    char name[16];
    const char *summary;
    const char *details; /* the manual: paragraphs after the options; ends with the example */
    const char *example; /* a command line that runs in the project's folder */
    const struct option_spec *options;
    size_t state_size;
    int (*dialect)(struct step *, struct dialect *); /* STAGE_FOREIGN only */
    /* (optional) Before anything is opened: the files that side inputs name (step_peek()). */
    void (*names)(struct step *, void (*add)(void *to, const char *file), void *to);
    int (*open)(struct step *, const struct schema *in, struct schema *out);
    int (*start)(struct step *);
    int (*push)(struct step *, struct batch *);
    void (*settle)(struct step *);
    int (*merge)(struct step *into, struct step *from); /* state of another worker */
    int (*finish)(struct step *);
    void (*close)(struct step *);
    unsigned flags;
};

/* ---- what a step is ---- */
void *step_state(struct step *);
const void *step_state_of(const struct step *);
struct arena *step_arena(struct step *);            /* lives as long as the step */
const struct schema *step_in(const struct step *);  /* as given to open */
const struct schema *step_out(const struct step *); /* as filled by open */

/* Rows pushed before the present batch.  Plus row + 1 it is the place of a row in the order of the
 * input, and its number where one thread reads.  Several lanes know numbers only at the end: a
 * place that is kept becomes a number by step_number() in finish, one that is emitted while rows
 * are pushed by step_numbers(). */
uint64_t step_rows(const struct step *);
uint64_t step_number(const struct step *, uint64_t place);

/* ---- options ---- */
const char *step_option(const struct step *, const char *name); /* NULL: not given */
const char *step_option_nth(const struct step *, const char *name, uint32_t n);
uint32_t step_option_count(const struct step *, const char *name);
/* All of them, in the order of the command line. */
const struct options *step_options(const struct step *);
bool step_flag(const struct step *, const char *name);
int step_integer(struct step *, const char *name, long long low, long long high,
                 long long otherwise, long long *out);

/* In open: the bytes that this worker's state may take, of --max-memory (OPTION_MEMORY among the
 * stage's options). */
int step_memory(struct step *, size_t *bytes);
#define OPTION_MEMORY                                                                              \
    {                                                                                              \
        "max-memory", OPTION_INTEGER, "BYTES", "memory to use before temporary files are made", 0, \
            "half of the machine's"                                                                \
    }

/* Columns of the main input.  A name that is not there fails with exit 65 and the nearest names.
 * step_need() says that this column is read here; columns that nobody needs are not sliced. */
int step_column(struct step *, const char *option,
                int *column); /* of an option's value; needs it */
int step_columns(struct step *, const char *option, uint32_t **column, uint32_t *count);
int step_find(struct step *, struct text name, int *column); /* any name; needs it */
int step_need(struct step *, uint32_t column);
int step_need_all(struct step *);

/* In open: with these options the columns come from the data, as if the stage were STAGE_LATE. */
void step_late(struct step *);

/* Column `to` of the output is column `from` of the input, unread: it is sliced only if somebody
 * behind this step reads it.  A column that keeps its name is found by itself; a renamed one needs
 * this call (in open, after it was added to `out`). */
void step_pass(struct step *, uint32_t from, uint32_t to);

/* In open: with these options the stage is row-wise, though others make it keep something. */
void step_rowwise(struct step *);

/* In open: with these options the state of several workers cannot be merged. */
void step_alone(struct step *);

/* In open: places of rows are kept, which step_number() makes numbers of (a stage with side outputs
 * need not say so). */
void step_places(struct step *);

/* ---- side inputs, complete before `start` (schema known in open) ---- */
const struct table *step_table(struct step *, const char *option, uint32_t n); /* NULL: failed */
/* A file that an option's value names among other things (NAME=FILE of export). */
const struct table *step_table_file(struct step *, const char *file);
struct text step_bytes(struct step *, const char *option); /* .at NULL: failed or not given */
/* For names(): the bytes of a side input; .at NULL where it is not there, or the run makes it. */
struct text step_peek(struct step *, const char *option);
/* In open: a file that names() told, with all its rows. */
const struct table *step_table_named(struct step *, const char *file);

/* A reference list compiled in (data/reference/NAME.csv), parsed; NULL where there is none. */
const struct table *step_reference(struct step *, const char *name);

/* ---- output ---- */

/* The port of an OUTPUT option, with the columns it will get; 0 where the option is not given. */
unsigned step_port(struct step *, const char *option, const struct schema *columns);
/* The same for bytes that are no CSV (XLSX, Markdown). */
unsigned step_port_bytes(struct step *, const char *option);

/* In open: this column of a side output (0: none), of decimals, holds places of rows. */
void step_numbers(struct step *, unsigned port, uint32_t column);

int step_emit(struct step *, unsigned port, struct batch *);
int step_write(struct step *, unsigned port, const void *bytes, size_t n);

/* A batch to fill at finish, in an arena that is reset at the next call. */
struct batch *step_batch(struct step *, const struct schema *, uint32_t rows);
/* At finish: emits `n` batches in order, made by several threads at a time.  make() fills what is
 * batch number i of n in the arena that it is given, and changes nothing else. */
typedef struct batch *step_maker(const struct step *, uint64_t i, struct arena *);
int step_make(struct step *, step_maker *make, uint64_t n);
/* At finish: work(context, i) for each i < n, by several threads in any order. */
void step_each(const struct step *, void (*work)(void *context, uint64_t i), void *context,
               uint64_t n);
uint32_t step_threads(const struct step *);    /* how many that may be */
uint32_t step_batch_rows(const struct step *); /* the largest number of rows to emit at once */

/* ---- messages and accounts ---- */
int step_fail(struct step *, int exit_code, struct place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void step_warn(struct step *, struct place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void step_count(struct step *, enum step_account, uint64_t rows);
struct error *step_error(struct step *); /* for functions of lower floors that fill an error */

/* ` "cell"` where --show-values was asked, else nothing: for the end of messages. */
const char *step_quote(struct step *, struct text cell);

/* ---- rejects: file,line,column,reason,record (DESIGN 7) ---- */
unsigned step_reject_port(struct step *); /* in open; 0: no --rejects */
/* A record as the rejects form wants it: percent-escaped to one line of valid UTF-8. */
struct text record_escape(struct arena *, struct text record);
/* Sets aside the rows `pick` of a batch; reason[i] says why, column[i] names where (may be empty).
 */
int step_reject(struct step *, unsigned port, const struct batch *, const uint32_t *pick,
                uint32_t rows, const struct text *column, const struct text *reason);

#endif
