/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ingest: foreign CSV files in, strict CSV out.
 *
 * The reader does the slicing by the dialect given here; what is left is row-wise: renaming,
 * trimming, turning the numbers of an office into numbers, and the origin of each row.
 */
#include <strings.h>

#include "chain/stage.h"
#include "table/table_schema.h"

static const struct option_spec options[] = {
    {"delimiter", OPTION_TEXT, "C", "one character, or `tab`", 0, ","},
    {"encoding", OPTION_TEXT, "NAME", "encoding of the files, any that iconv knows", 0, "UTF-8"},
    {"header", OPTION_INTEGER, "N", "line of the header; 0: there is none, columns are c1, c2, ...",
     0, "1"},
    {"number", OPTION_COLUMNS, "COL,...",
     "columns that hold numbers written by --decimal, --thousands", 0, NULL},
    {"decimal", OPTION_TEXT, "C", "decimal mark of those columns", 0, "."},
    {"thousands", OPTION_TEXT, "C", "mark between thousands, or `space` (of any kind)", 0, NULL},
    {"rename", OPTION_TEXT, "OLD=NEW,...", "new names of columns", 0, NULL},
    {"trim", OPTION_FLAG, NULL, "cut spaces at both ends of every cell", 0, NULL},
    {"skip-blank", OPTION_FLAG, NULL, "leave out blank lines", 0, NULL},
    {"origin", OPTION_FLAG, NULL, "add columns `file` and `line`", 0, NULL},
    {"schema", OPTION_BYTES, "FILE", "Table Schema: its encoding, dialect and number fields", 0,
     NULL},
    {"rejects", OPTION_OUTPUT, "FILE", "set bad records aside here, and go on", 0, NULL},
    {"FILE", OPTION_INPUT, "FILE",
     "files with the same header, plain or gzip (default: standard input)", OPTION_REPEAT, NULL},
    {NULL, 0, NULL, NULL, 0, NULL},
};

static const char details[] =
    "Reads what an office sends and writes the CSV that every other stage reads: commas, UTF-8, "
    "LF, one\n"
    "header.  Nothing is guessed: delimiter, encoding, line of the header and decimal mark are "
    "options,\n"
    "or come from a schema.  A byte order mark is skipped, gzip is recognised by its first bytes.\n"
    "Several files are read one after the other; they must have the same header.\n"
    "\n"
    "In the columns of --number (and the number fields of --schema) `35 510,5` becomes 35510.5 "
    "with\n"
    "--decimal , --thousands space.  Thousands must stand in groups of three.  A cell there that "
    "does\n"
    "not parse is an error, or sends its row to --rejects; a missing cell stays missing.\n"
    "\n"
    "A ragged row, a carriage return without line feed, a NUL byte or bytes that are not of the\n"
    "encoding are errors with file:line:column, or with --rejects set that one record aside.  A "
    "stray or\n"
    "unclosed quote always stops the run, because nobody knows where the record ends.  The rejects "
    "have\n"
    "the columns file,line,column,reason,record; control characters in the record are written "
    "%XX.\n"
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
    uint32_t columns;            /* of the input */
    struct table_schema *schema; /* NULL: none was given */
};

/* ---- the dialect ---- */

static int take_delimiter(struct step *step, const char *value, char *delimiter)
{
    if (strcmp(value, "tab") == 0 || strcmp(value, "\\t") == 0)
        value = "\t";
    if (strlen(value) != 1 || strchr("\"\r\n", value[0]) || (unsigned char)value[0] > 127)
        return step_fail(step, EX_USAGE, NOWHERE,
                         "--delimiter is one character (not a quote), or the word tab");
    *delimiter = value[0];
    return STEP_OK;
}

static int load_schema(struct step *step)
{
    struct ingest *g = step_state(step);
    const char *file = step_option(step, "schema");
    if (!file)
        return STEP_OK;
    struct text json = step_bytes(step, "schema");
    if (json.at)
        g->schema = table_schema_parse(step_arena(step), file, json, step_error(step));
    return g->schema ? STEP_OK : STEP_FAIL;
}

static int ingest_dialect(struct step *step, struct dialect *d)
{
    struct ingest *g = step_state(step);
    const char *delimiter = step_option(step, "delimiter"),
               *encoding = step_option(step, "encoding");
    long long header;
    if (load_schema(step) != STEP_OK)
        return STEP_FAIL;
    if (!delimiter && g->schema)
        delimiter = g->schema->delimiter;
    if (!encoding && g->schema)
        encoding = g->schema->encoding;
    if (delimiter && take_delimiter(step, delimiter, &d->delimiter) != STEP_OK)
        return STEP_FAIL;
    header = g->schema && g->schema->header >= 0 ? g->schema->header : 1;
    if (step_integer(step, "header", 0, 1000000, header, &header) != STEP_OK)
        return STEP_FAIL;
    d->encoding = encoding && strcasecmp(encoding, "utf-8") != 0 ? encoding : NULL;
    d->header = (uint32_t)header;
    d->skip_blank = step_flag(step, "skip-blank");
    d->set_aside = step_option(step, "rejects") != NULL;
    return STEP_OK;
}

/* ---- numbers as an office writes them ---- */

/* Length of the thousands mark at this place, or 0. */
static uint32_t mark_length(const struct number_form *f, const char *at, uint32_t left)
{
    static const struct text spaces[] = {{" ", 1}, {"\xc2\xa0", 2}, {"\xe2\x80\xaf", 3}};
    struct text rest = {at, left};
    if (!f->any_space)
        return f->thousands.len && text_starts(rest, f->thousands) ? f->thousands.len : 0;
    for (size_t i = 0; i < 3; i++)
        if (text_starts(rest, spaces[i]))
            return spaces[i].len;
    return 0;
}

/* Copies the whole part without its marks, which must part groups of three; false: they do not. */
static bool copy_whole(const struct number_form *f, const char **at, const char *end, char **to)
{
    const char *p = *at;
    uint32_t digits = 0, marks = 0;
    while (p < end && *p != f->decimal) {
        uint32_t mark = mark_length(f, p, (uint32_t)(end - p));
        bool grouped = marks == 0 ? digits >= 1 && digits <= 3 : digits == 3;
        if (mark && !grouped)
            return false;
        if (mark) {
            marks++;
            digits = 0;
            p += mark;
            continue;
        }
        if (*p < '0' || *p > '9')
            return false;
        digits++;
        *(*to)++ = *p++;
    }
    *at = p;
    return marks == 0 || digits == 3;
}

/* The number in our own form, or false where the cell is none.  `to` has room for the cell. */
static bool convert_number(const struct number_form *f, struct text cell, char *to, uint32_t *len)
{
    const char *at = cell.at, *end = cell.at + cell.len;
    char *start = to;
    if (at < end && (*at == '-' || *at == '+'))
        *to++ = *at++;
    if (!copy_whole(f, &at, end, &to))
        return false;
    if (at < end) {
        *to++ = '.';
        for (at++; at < end; at++)
            *to++ = *at;
    }
    *len = (uint32_t)(to - start);
    unsigned kind = decimal_parse((struct text){start, *len}).kind;
    return kind == NUMBER_EXACT || kind == NUMBER_WIDE;
}

/* ---- open ---- */

static int take_form(struct step *step, const char *decimal, const char *thousands,
                     struct number_form *form)
{
    form->decimal = decimal ? decimal[0] : '.';
    if (decimal && (strlen(decimal) != 1 || strchr("0123456789+-", decimal[0])))
        return step_fail(step, EX_USAGE, NOWHERE, "--decimal is one character, as in --decimal ,");
    if (thousands && (strcmp(thousands, "space") == 0 || strcmp(thousands, " ") == 0))
        form->any_space = true;
    else if (thousands)
        form->thousands = text_of(thousands);
    if (thousands && strchr(thousands, form->decimal))
        return step_fail(step, EX_USAGE, NOWHERE, "--thousands and --decimal are the same mark");
    return STEP_OK;
}

/* The number fields of the schema, all written in one form. */
static int take_schema(struct step *step, const struct schema *in)
{
    struct ingest *g = step_state(step);
    const char *decimal = step_option(step, "decimal"), *thousands = step_option(step, "thousands");
    for (uint32_t i = 0; g->schema && i < g->schema->fields; i++) {
        const struct field *f = &g->schema->field[i];
        int column = schema_find(in, f->name);
        bool number = f->type == FIELD_NUMBER || f->type == FIELD_INTEGER;
        if (!number || column == NO_COLUMN)
            continue;
        g->number[column] = g->any_number = true;
        decimal = decimal ? decimal : f->decimal;
        thousands = thousands ? thousands : f->thousands;
        if ((f->decimal && strcmp(f->decimal, decimal) != 0) ||
            (f->thousands && strcmp(f->thousands, thousands) != 0))
            return step_fail(
                step, EX_DATAERR, NOWHERE,
                "the schema's fields write numbers in several ways; read them in turns "
                "with --number, --decimal, --thousands");
    }
    return take_form(step, decimal, thousands, &g->form);
}

static int take_numbers(struct step *step, const struct schema *in)
{
    struct ingest *g = step_state(step);
    uint32_t *column, count;
    g->number = arena_zarray(step_arena(step), in->columns, sizeof *g->number);
    if (step_columns(step, "number", &column, &count) != STEP_OK ||
        take_schema(step, in) != STEP_OK)
        return STEP_FAIL;
    for (uint32_t i = 0; i < count; i++)
        g->number[column[i]] = g->any_number = true;
    if (!g->any_number && (step_option(step, "decimal") || step_option(step, "thousands")))
        return step_fail(step, EX_USAGE, NOWHERE,
                         "--decimal and --thousands are of the columns of --number: name them");
    for (uint32_t i = 0; i < in->columns; i++)
        if (g->number[i])
            step_need(step, i);
    return STEP_OK;
}

static int rename_columns(struct step *step, struct text *name)
{
    const char *value = step_option(step, "rename");
    struct text list = text_of(value ? value : ""), item, old;
    int column;
    while (value && text_next(&list, ',', &item)) {
        text_next(&item, '=', &old);
        if (!item.at || text_missing(item))
            return step_fail(step, EX_USAGE, NOWHERE, "--rename is OLD=NEW,...");
        column = schema_find(step_in(step), old);
        if (column == NO_COLUMN)
            return step_find(step, old, &column);
        name[column] = item;
    }
    return STEP_OK;
}

static int add_columns(struct step *step, const struct schema *in, struct schema *out)
{
    struct ingest *g = step_state(step);
    struct text *name = arena_array(step_arena(step), in->columns + 2, sizeof *name);
    memcpy(name, in->name, in->columns * sizeof *name);
    name[in->columns] = TEXT("file");
    name[in->columns + 1] = TEXT("line");
    if (rename_columns(step, name) != STEP_OK)
        return STEP_FAIL;
    for (uint32_t i = 0; i < in->columns + (g->origin ? 2 : 0); i++) {
        if (schema_add(out, name[i]) == NO_COLUMN)
            return step_fail(step, EX_USAGE, NOWHERE,
                             "two columns would be called '%.*s'; --rename one", (int)name[i].len,
                             name[i].at);
        if (i < in->columns)
            step_pass(step, i, i);
    }
    return STEP_OK;
}

static int ingest_open(struct step *step, const struct schema *in, struct schema *out)
{
    struct ingest *g = step_state(step);
    g->columns = in->columns;
    g->trim = step_flag(step, "trim");
    g->origin = step_flag(step, "origin");
    g->rejects = step_reject_port(step);
    if (g->trim)
        step_need_all(step);
    return take_numbers(step, in) == STEP_OK ? add_columns(step, in, out) : STEP_FAIL;
}

/* ---- push ---- */

static void trim_column(const struct batch *in, struct batch *out, uint32_t c)
{
    const struct text *from = batch_text(in, c);
    struct text *to = batch_new_text(out, c);
    for (uint32_t i = 0; i < in->rows; i++)
        to[i] = text_trim(from[i]);
}

static int refuse_number(struct step *step, const struct batch *b, uint32_t row, uint32_t c)
{
    struct text name = b->schema->name[c];
    return step_fail(step, EX_DATAERR, batch_place(b, row, c),
                     "column '%.*s' holds a cell that is no number as --decimal and --thousands "
                     "write it%s; --rejects FILE sets such rows aside",
                     (int)name.len, name.at, step_quote(step, batch_text(b, c)[row]));
}

/* Marks in bad[] the rows whose cell is no number (column + 1); without rejects the first fails. */
static int number_column(struct step *step, const struct batch *in, struct batch *out, uint32_t c,
                         uint32_t *bad)
{
    struct ingest *g = step_state(step);
    const struct text *from = batch_text(in, c);
    struct text *to = batch_new_text(out, c);
    for (uint32_t i = 0; i < in->rows; i++) {
        struct text cell = g->trim ? text_trim(from[i]) : from[i];
        char *copy = arena_alloc(in->arena, cell.len + 1);
        to[i] = cell;
        if (text_missing(cell))
            continue;
        if (convert_number(&g->form, cell, copy, &to[i].len)) {
            to[i].at = copy;
            continue;
        }
        if (!g->rejects)
            return refuse_number(step, in, i, c);
        to[i] = cell;
        if (!bad[i])
            bad[i] = c + 1;
    }
    return STEP_OK;
}

static void origin_columns(const struct batch *in, struct batch *out, uint32_t c)
{
    const uint64_t *line = batch_lines(in);
    struct text *cell = NULL;
    batch_fill_text(out, c, text_of(in->source->file));
    cell = batch_new_text(out, c + 1);
    for (uint32_t i = 0; i < in->rows; i++)
        cell[i] = text_of(arena_print(in->arena, "%llu", (unsigned long long)line[i]));
}

/* Splits the rows: bad ones to the rejects, the others on. */
static int emit_good(struct step *step, const struct batch *in, const struct batch *out,
                     const uint32_t *bad)
{
    struct ingest *g = step_state(step);
    uint32_t *good = arena_array(in->arena, in->rows, sizeof *good), goods = 0, bads = 0;
    uint32_t *pick = arena_array(in->arena, in->rows, sizeof *pick);
    struct text *column = arena_array(in->arena, in->rows, sizeof *column);
    struct text *reason = arena_array(in->arena, in->rows, sizeof *reason);
    for (uint32_t i = 0; i < in->rows; i++) {
        if (!bad[i]) {
            good[goods++] = i;
            continue;
        }
        column[bads] = in->schema->name[bad[i] - 1];
        reason[bads] = TEXT("the cell is no number");
        pick[bads++] = i;
    }
    if (bads && step_reject(step, g->rejects, in, pick, bads, column, reason) != STEP_OK)
        return STEP_FAIL;
    return step_emit(step, 0, batch_pick(out, good, goods));
}

static int ingest_push(struct step *step, struct batch *in)
{
    struct ingest *g = step_state(step);
    struct batch *out = batch_derive(in, step_out(step));
    uint32_t *bad = arena_zarray(in->arena, in->rows, sizeof *bad);
    for (uint32_t c = 0; c < g->columns; c++) {
        if (g->number[c]) {
            if (number_column(step, in, out, c, bad) != STEP_OK)
                return STEP_FAIL;
        } else if (g->trim) {
            trim_column(in, out, c);
        } else {
            batch_share(out, c, in, c);
        }
    }
    if (g->origin)
        origin_columns(in, out, g->columns);
    return g->any_number && g->rejects ? emit_good(step, in, out, bad) : step_emit(step, 0, out);
}

static void ingest_close(struct step *step)
{
    table_schema_free(((struct ingest *)step_state(step))->schema);
}

const struct stage stage_ingest = {
    .name = "ingest",
    .summary = "read foreign CSV files: delimiter, encoding, header, numbers",
    .details = details,
    .example = "marsad ingest --schema data/schemas/regularisation-2016.json"
               " data/samples/regularisation-2016.csv | head -3",
    .options = options,
    .state_size = sizeof(struct ingest),
    .dialect = ingest_dialect,
    .open = ingest_open,
    .push = ingest_push,
    .close = ingest_close,
    .flags = STAGE_ROWWISE | STAGE_FOREIGN,
};
