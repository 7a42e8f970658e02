/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ingest: foreign CSV files in, strict CSV out.
 *
 * The reader does the slicing by the dialect given here; what is left is row-wise: renaming,
 * trimming, turning the numbers of an office into numbers, and the origin of each row.
 */
#include "chain/stage.h"
#include "table/table_schema.h"

static const struct option_spec options[] = {
    {"delimiter", OPTION_TEXT, "C", "one character, or `tab`", 0, ","},
    {"encoding", OPTION_TEXT, "NAME", "encoding of the files, any that iconv knows", 0, "UTF-8"},
    {"header", OPTION_INTEGER, "N", "line of the header; 0: there is none, columns are c1, c2, ...", 0,
     "1"},
    {"number", OPTION_COLUMNS, "COL,...", "columns that hold numbers written by --decimal, --thousands",
     0, NULL},
    {"decimal", OPTION_TEXT, "C", "decimal mark of those columns", 0, "."},
    {"thousands", OPTION_TEXT, "C", "mark between thousands, or `space` (of any kind)", 0, NULL},
    {"rename", OPTION_TEXT, "OLD=NEW,...", "new names of columns", 0, NULL},
    {"trim", OPTION_FLAG, NULL, "cut spaces at both ends of every cell", 0, NULL},
    {"skip-blank", OPTION_FLAG, NULL, "leave out blank lines", 0, NULL},
    {"origin", OPTION_FLAG, NULL, "add columns `file` and `line`", 0, NULL},
    {"schema", OPTION_BYTES, "FILE", "Table Schema: its encoding, dialect and number fields", 0, NULL},
    {"rejects", OPTION_OUTPUT, "FILE", "set bad records aside here, and go on", 0, NULL},
    {"FILE", OPTION_INPUT, "FILE", "files with the same header, plain or gzip (default: standard input)",
     OPTION_REPEAT, NULL},
    {NULL, 0, NULL, NULL, 0, NULL},
};

static const char details[] =
    "Reads what an office sends and writes the CSV that every other stage reads: commas, UTF-8, LF, one\n"
    "header.  Nothing is guessed: delimiter, encoding, line of the header and decimal mark are options,\n"
    "or come from a schema.  A byte order mark is skipped, gzip is recognised by its first bytes.\n"
    "Several files are read one after the other; they must have the same header.\n"
    "\n"
    "In the columns of --number (and the number fields of --schema) `35 510,5` becomes 35510.5 with\n"
    "--decimal , --thousands space.  Thousands must stand in groups of three.  A cell there that does\n"
    "not parse is an error, or sends its row to --rejects; a missing cell stays missing.\n"
    "\n"
    "A ragged row, a carriage return without line feed, a NUL byte or bytes that are not of the\n"
    "encoding are errors with file:line:column, or with --rejects set that one record aside.  A stray or\n"
    "unclosed quote always stops the run, because nobody knows where the record ends.  The rejects have\n"
    "the columns file,line,column,reason,record; control characters in the record are written %XX.\n"
    "\n"
    "--origin adds the columns `file` and `line`, which later stages copy into their findings.";

/* How numbers are written in some columns. */
struct number_form {
    char decimal;
    struct text thousands; /* the mark; empty: none */
    bool any_space;        /* thousands are any of space, no-break space, narrow no-break space */
};

struct ingest {
    struct number_form form;
    bool *number;
    bool trim, origin, any_number;
    unsigned rejects;
    uint32_t columns; /* of the input */
};

/* ---- the dialect ---- */

static int take_delimiter(struct step *step, const char *value, char *delimiter)
{
    if (strcmp(value, "tab") == 0 || strcmp(value, "\\t") == 0)
        value = "\t";
    if (strlen(value) != 1 || strchr("\"\r\n", value[0]))
        return step_fail(step, EX_USAGE, NOWHERE,
                         "--delimiter is one character (not a quote), or the word tab");
    *delimiter = value[0];
    return STEP_OK;
}

static int ingest_dialect(struct step *step, struct dialect *d)
{
    const char *delimiter = step_option(step, "delimiter"), *encoding = step_option(step, "encoding");
    const struct table_schema *schema = NULL;
    long long header;
    if (step_option(step, "schema")) {
        struct text json = step_bytes(step, "schema");
        schema = json.at ? table_schema_parse(step_arena(step), step_option(step, "schema"), json,
                                              step_error(step))
                         : NULL;
        if (!schema)
            return STEP_FAIL;
        encoding = encoding ? encoding : schema->encoding;
        delimiter = delimiter ? delimiter : schema->delimiter;
    }
    if (delimiter && take_delimiter(step, delimiter, &d->delimiter) != STEP_OK)
        return STEP_FAIL;
    if (step_integer(step, "header", 0, 1000000, 1, &header) != STEP_OK)
        return STEP_FAIL;
    d->encoding = encoding && strcasecmp(encoding, "utf-8") != 0 ? encoding : NULL;
    d->header = (uint32_t)header;
    d->skip_blank = step_flag(step, "skip-blank");
    d->set_aside = step_option(step, "rejects") != NULL;
    return STEP_OK;
}
