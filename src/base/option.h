/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Options from one declarative table per stage.
 *
 * The same table parses the command line, prints --help, makes the man page and the completion, and
 * tells a pipeline which files a command reads and writes.  A spec whose name starts with an
 * upper-case letter is an operand (`FILE`, `EXPR`); operands are taken in table order, one that
 * repeats takes all that is left, except that where an OPTION_INPUT stands behind it, the operand
 * without `=` is that input.  `--name value` (also `--value -1`) and `--name=value`; names are not
 * abbreviated; `--` ends the options; `-` and `-1` are operands.
 *
 *     static const struct option_spec options[] = {
 *         {"by", OPTION_COLUMNS, "COL,...", "group by these columns", OPTION_REQUIRED, ""},
 *         {"FILE", OPTION_INPUT, "FILE", "the records (default: standard input)", 0, ""},
 *         {.name = ""},
 *     };
 */
#ifndef MARSAD_BASE_OPTION_H
#define MARSAD_BASE_OPTION_H

#include "base/arena.h"
#include "base/error.h"

enum option_kind {
    OPTION_FLAG,       /* no value */
    OPTION_TEXT,       /* any text */
    OPTION_INTEGER,    /* a whole number */
    OPTION_CHOICE,     /* one of `choices`, separated by | */
    OPTION_COLUMN,     /* a column of the main input */
    OPTION_COLUMNS,    /* several, separated by commas */
    OPTION_EXPRESSION, /* of the expression language */
    OPTION_INPUT,      /* operand FILE: the main input */
    OPTION_TABLE,      /* a side input: a whole CSV */
    OPTION_LIST,       /* a side input or the name of a built-in list */
    OPTION_BYTES,      /* a side input that is no CSV (JSON) */
    OPTION_TABLES,     /* NAME=FILE[,FILE]: side inputs of export */
    OPTION_NAMED,      /* NAME=FILE: a side input under a name of its own */
    OPTION_OUTPUT,     /* a side output */
};

/* UNSET: a choice that has no default.  WHOLE: a table whose rows are read when the step is opened,
 * which waits until the run has made it. */
enum { OPTION_REQUIRED = 1, OPTION_REPEAT = 2, OPTION_UNSET = 4, OPTION_WHOLE = 8 };

/* Holds its texts, "" where there is none: pointers would cost every start (src/README.md). */
struct option_spec {
    char name[20];     /* without dashes; upper-case first letter: an operand */
    int kind;          /* enum option_kind */
    char argument[28]; /* how --help shows the value: "COL,..." */
    char help[88];
    unsigned flags;
    char choices[60]; /* OPTION_CHOICE: "csv|xlsx", the default first; others: the default */
};

struct option_value {
    const struct option_spec *spec;
    const char *value; /* "" for a flag */
};

struct options {
    uint32_t count;
    struct option_value *value; /* in command-line order */
};

/* argv[0..argc-1] without the stage name.  0, or -1 with *error set (EX_USAGE).  The values point
 * into argv.  `common`: options that are known too, no operands; both may be NULL. */
int options_parse(struct arena *, const struct option_spec *, const struct option_spec *common,
                  int argc, char *const *argv, struct options *, struct error *);

/* The n-th value of an option (from 0), or NULL. */
const char *options_get(const struct options *, const char *name, uint32_t n);
uint32_t options_count(const struct options *, const char *name);

/* A whole number in low..high; `otherwise` where the option is not given. */
int options_integer(const struct options *, const char *name, long long low, long long high,
                    long long otherwise, long long *out, struct error *);

bool option_is_operand(const struct option_spec *);

#endif
