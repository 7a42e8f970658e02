/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ingest: foreign CSV files in, strict CSV out.
 *
 * The reader does the slicing by the dialect given here; what is left is row-wise: renaming,
 * trimming, turning the numbers of an office into numbers, and the origin of each row.
 */
#include <strings.h>

#include "chain/stage.h"
#include "format/foreign.h"
#include "format/sniff.h"
#include "table/hxl.h"
#include "table/number_form.h"
#include "table/table_schema.h"

static const struct option_spec options[] = {
    {"delimiter", OPTION_TEXT, "C", "one character, or `tab`", 0, ","},
    {"encoding", OPTION_TEXT, "NAME", "encoding of the files, any that iconv knows", 0, "UTF-8"},
    {"header", OPTION_INTEGER, "N", "line of the header; 0: there is none, columns are c1, c2, ...",
     0, "1"},
    {"number", OPTION_COLUMNS, "COL,...",
     "columns that hold numbers written by --decimal, --thousands", 0, ""},
    {"decimal", OPTION_TEXT, "C", "decimal mark of those columns", 0, "."},
    {"thousands", OPTION_TEXT, "C", "mark between thousands, or `space` (of any kind)", 0, ""},
    {"rename", OPTION_TEXT, "OLD=NEW,...", "new names of columns", 0, ""},
    {"missing", OPTION_TEXT, "TEXT,...", "cells that are one of these are missing", 0, ""},
    {"format", OPTION_CHOICE, "FORMAT", "format of the files (default: what their first bytes say)",
     OPTION_UNSET, FOREIGN_CHOICES},
    {"sheet", OPTION_TEXT, "NAME", "sheet of a workbook, by name or number", 0, ""},
    {"cell-errors", OPTION_CHOICE, "WHAT", "cells of a workbook that hold an error", 0,
     "refuse|missing"},
    {"labels", OPTION_CHOICE, "HOW", "values of SPSS and Stata that have a label", 0, "code|text"},
    {"user-missing", OPTION_CHOICE, "WHERE", "codes of missing values in SPSS, Stata, SAS", 0,
     "missing|value|column"},
    {"layout", OPTION_BYTES, "FILE", "fixed width: CSV name,start,width, or a CSPro dictionary", 0,
     ""},
    {"record", OPTION_TEXT, "NAME", "record of the CSPro dictionary", 0, ""},
    {"hxl", OPTION_FLAG, "", "leave out rows of HXL tags", 0, ""},
    {"sniff", OPTION_FLAG, "", "tell how the files seem to be written, and read nothing", 0, ""},
    {"draft", OPTION_OUTPUT, "FILE", "with --sniff: the draft of a Table Schema", 0, ""},
    {"trim", OPTION_FLAG, "", "cut spaces at both ends of every cell", 0, ""},
    {"skip-blank", OPTION_FLAG, "", "leave out blank lines", 0, ""},
    {"origin", OPTION_FLAG, "", "add columns `file` and `line`", 0, ""},
    {"schema", OPTION_BYTES, "FILE", "Table Schema: its encoding, dialect and number fields", 0,
     ""},
    {"rejects", OPTION_OUTPUT, "FILE", "set bad records aside here, and go on", 0, ""},
    {"FILE", OPTION_INPUT, "FILE", "files with the same columns (default: standard input)",
     OPTION_REPEAT, ""},
    {.name = ""},
};

static const char details[] =
    "Reads what an office sends and writes the CSV that every other stage reads: commas,\n"
    "UTF-8, LF, one header.  Nothing is guessed: delimiter, encoding, line of the header\n"
    "and decimal mark are options, or come from a schema; --sniff proposes them.  A byte\n"
    "order mark is skipped.  Several files are read one after the other; they must have the\n"
    "same columns, in any order.\n"
    "\n"
    "The format is what the first bytes of a file say: XLSX, ODS, XLS, SPSS (.sav, .zsav,\n"
    ".por), Stata (.dta), SAS (.sas7bdat, .xpt), or else CSV, plain or gzip.  --format\n"
    "insists on one, and a file of another is refused.  Of workbooks --sheet chooses a\n"
    "sheet and --header the row of the header; the rows above it (titles) are left out.\n"
    "Cells have the value that is stored, not what is shown: a percentage is a fraction, a\n"
    "formula what the program computed last, days are 2018-09-22, moments\n"
    "2018-09-22T12:30:00, times 12:30:00, true and false are 1 and 0; of merged cells the\n"
    "first has the value.  Hidden sheets, rows and columns are read like the others; a sheet's\n"
    "name goes before its number.  A cell with an error (#N/A), a formula without a value, or\n"
    "a number shown as a day that is none is refused; --cell-errors missing makes it a missing\n"
    "cell, --rejects sets its row aside.\n"
    "\n"
    "Values of SPSS and Stata come as codes, or with --labels text as their labels.  Codes\n"
    "that the file declares missing (99 of SPSS, .a of Stata and SAS) are missing;\n"
    "--user-missing value keeps them in place, --user-missing column puts them in a column\n"
    "NAME_missing behind each variable that may have some.  Days, months and quarters come\n"
    "by the format of their variable.  --encoding is for old files that do not tell theirs.\n"
    "Fixed width is read by --layout FILE, a CSV with the columns name,start,width and\n"
    "maybe decimals, positions counted in characters from 1, or a dictionary of CSPro, of\n"
    "which --record chooses a record; or by fields of the schema that have start and width.\n"
    "\n"
    "In the columns of --number (and the number fields of --schema) `35 510,5` becomes\n"
    "35510.5 with --decimal , --thousands space.  Thousands must stand in groups of three.\n"
    "A cell there that does not parse is an error, or sends its row to --rejects; a missing\n"
    "cell stays missing.  --missing :,- (and missingValues of the schema) names texts that\n"
    "are missing cells, in all columns.\n"
    "\n"
    "A schema can hold all of it: encoding, format, missingValues, and in its dialect\n"
    "delimiter, headerRow or header, sheet, cellErrors, labels, userMissing, hxl,\n"
    "skipBlankRows, trim.  Options that are given win over it.\n"
    "\n"
    "A ragged row, a carriage return without line feed, a NUL byte or bytes that are not of\n"
    "the encoding are errors with file:line:column, or with --rejects set that one record\n"
    "aside.  A stray or unclosed quote always stops the run, because nobody knows where the\n"
    "record ends.  The rejects have the columns file,line,column,reason,record; control\n"
    "characters in the record are written %XX, a cell with an error %00.  Of a workbook the\n"
    "line is the row of the sheet.\n"
    "\n"
    "--sniff reads the files and prints file,property,value,evidence: format, encoding,\n"
    "delimiter, header, marks of numbers, columns with types, rows, warnings (a total or notes\n"
    "at the bottom, with their lines), the command line that reads them (property command),\n"
    "and a Table Schema (property schema), which --draft writes to a file; or it says that it\n"
    "cannot tell, and why.\n"
    "\n"
    "--origin adds the columns `file` and `line`, which later stages copy into their\n"
    "findings.";

struct ingest {
    struct number_form form;
    bool *number;
    bool trim, origin, any_number, hxl, sniff;
    struct texts missing; /* texts that are missing cells */
    struct foreign foreign;
    unsigned draft; /* port */
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

/* An option, or else what the schema says. */
static const char *option_or(struct step *step, const char *name, const char *schema)
{
    const char *value = step_option(step, name);
    return value ? value : schema;
}

static int take_layout(struct step *step)
{
    struct ingest *g = step_state(step);
    const char *file = step_option(step, "layout");
    struct text bytes = file ? step_bytes(step, "layout") : (struct text){0};
    if (file && !bytes.at)
        return STEP_FAIL;
    if (file)
        g->foreign.layout = layout_parse(step_arena(step), file, bytes, step_option(step, "record"),
                                         step_error(step));
    else if (g->schema)
        g->foreign.layout = layout_of_schema(step_arena(step), g->schema);
    if (file && !g->foreign.layout)
        return STEP_FAIL;
    if (g->foreign.layout && g->foreign.kind == FOREIGN_AUTO)
        g->foreign.kind = FOREIGN_FIXED;
    if (g->foreign.kind == FOREIGN_FIXED && !g->foreign.layout)
        return step_fail(step, EX_USAGE, NOWHERE, "a file of fixed width is read by --layout FILE");
    return STEP_OK;
}

/* What a schema may say wrong, which options cannot. */
static int take_choice(struct step *step, const char *option, const char *schema,
                       const char *const *choice, int *chosen)
{
    const char *value = option_or(step, option, schema);
    *chosen = 0;
    if (!value)
        return STEP_OK;
    for (int i = 0; choice[i]; i++) {
        *chosen = i;
        if (strcmp(value, choice[i]) == 0)
            return STEP_OK;
    }
    return step_fail(step, EX_DATAERR, NOWHERE,
                     "the schema says something else of %s than that option "
                     "takes",
                     option);
}

static int take_foreign(struct step *step)
{
    static const char *const errors[] = {"refuse", "missing", NULL},
                             *const labels[] = {"code", "text", NULL},
                             *const user[] = {"missing", "value", "column", NULL};
    struct ingest *g = step_state(step);
    const struct table_dialect none = {0}, *d = g->schema ? &g->schema->dialect : &none;
    const char *format = option_or(step, "format", d->format);
    int cell_errors, labelled, user_missing;
    if (take_choice(step, "cell-errors", d->cell_errors, errors, &cell_errors) != STEP_OK ||
        take_choice(step, "labels", d->labels, labels, &labelled) != STEP_OK ||
        take_choice(step, "user-missing", d->user_missing, user, &user_missing) != STEP_OK)
        return STEP_FAIL;
    g->foreign.kind = format ? foreign_kind_named(format) : FOREIGN_AUTO;
    if (format && g->foreign.kind == FOREIGN_AUTO)
        return step_fail(step, EX_DATAERR, NOWHERE, "the schema names a format that is not read");
    g->foreign.sheet = option_or(step, "sheet", d->sheet);
    g->foreign.errors = cell_errors == 1               ? ERRORS_MISSING
                        : step_option(step, "rejects") ? ERRORS_REJECT
                                                       : ERRORS_REFUSE;
    g->foreign.labels = labelled == 1;
    g->foreign.user_missing = (enum user_missing)user_missing;
    g->foreign.max_ratio = INPUT_MAX_RATIO;
    g->trim = step_flag(step, "trim") || d->trim;
    g->hxl = step_flag(step, "hxl") || d->hxl;
    return take_layout(step);
}

static int take_missing(struct step *step)
{
    struct ingest *g = step_state(step);
    const char *value = step_option(step, "missing");
    struct text list = text_of(value ? value : ""), item;
    uint32_t most = g->schema && !value ? g->schema->missing.count : list.len;
    g->missing = (struct texts){0, arena_array(step_arena(step), most + 1, sizeof item)};
    for (uint32_t i = 0; g->schema && !value && i < most; i++)
        if (!text_missing(g->schema->missing.text[i]))
            g->missing.text[g->missing.count++] = g->schema->missing.text[i];
    while (value && text_next(&list, ',', &item))
        if (!text_missing(item))
            g->missing.text[g->missing.count++] = item;
    return STEP_OK;
}

static int ingest_dialect(struct step *step, struct dialect *d)
{
    struct ingest *g = step_state(step);
    long long header;
    if (load_schema(step) != STEP_OK || take_foreign(step) != STEP_OK ||
        take_missing(step) != STEP_OK)
        return STEP_FAIL;
    const char *delimiter = option_or(step, "delimiter", g->schema ? g->schema->delimiter : NULL);
    const char *encoding = option_or(step, "encoding", g->schema ? g->schema->encoding : NULL);
    if (delimiter && take_delimiter(step, delimiter, &d->delimiter) != STEP_OK)
        return STEP_FAIL;
    header = g->schema && g->schema->header >= 0 ? g->schema->header : 1;
    if (step_integer(step, "header", 0, 1000000, header, &header) != STEP_OK)
        return STEP_FAIL;
    d->encoding = encoding && strcasecmp(encoding, "utf-8") != 0 ? encoding : NULL;
    g->foreign.encoding = d->encoding;
    d->header = (uint32_t)header;
    d->skip_blank = step_flag(step, "skip-blank") || (g->schema && g->schema->dialect.skip_blank);
    d->set_aside = step_option(step, "rejects") != NULL;
    d->open = foreign_open;
    d->foreign = &g->foreign;
    g->sniff = step_flag(step, "sniff");
    if (g->sniff) {
        *d = (struct dialect){.delimiter = ',', .header = 1, .open = sniff_open};
        d->foreign = &g->foreign;
    } else if (step_option(step, "draft")) {
        return step_fail(step, EX_USAGE, NOWHERE, "--draft is written with --sniff");
    }
    return STEP_OK;
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
    g->origin = step_flag(step, "origin");
    g->rejects = step_reject_port(step);
    g->draft = g->sniff ? step_port_bytes(step, "draft") : 0;
    if (g->trim || g->hxl || g->missing.count || g->sniff)
        step_need_all(step);
    if (g->sniff)
        return schema_add_all(out, in) ? STEP_OK : STEP_FAIL;
    return take_numbers(step, in) == STEP_OK ? add_columns(step, in, out) : STEP_FAIL;
}

/* ---- push ---- */

/* A cell without the spaces around it, and empty where it is a text for missing. */
static struct text tidy(const struct ingest *g, struct text cell)
{
    if (g->trim)
        cell = text_trim(cell);
    for (uint32_t i = 0; i < g->missing.count; i++)
        if (text_equal(cell, g->missing.text[i]))
            return (struct text){cell.at, 0};
    return cell;
}

static void tidy_column(const struct ingest *g, const struct batch *in, struct batch *out,
                        uint32_t c)
{
    const struct text *from = batch_text(in, c);
    struct text *to = batch_new_text(out, c);
    for (uint32_t i = 0; i < in->rows; i++)
        to[i] = tidy(g, from[i]);
}

static struct batch *drop_tags(struct step *step, struct batch *in)
{
    uint32_t *pick = arena_array(in->arena, in->rows, sizeof *pick), rows = 0;
    for (uint32_t i = 0; i < in->rows; i++)
        if (!hxl_is_tags(in, i))
            pick[rows++] = i;
    if (rows == in->rows)
        return in;
    step_count(step, COUNT_DROPPED, in->rows - rows);
    return batch_pick(in, pick, rows);
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
        struct text cell = tidy(g, from[i]);
        char *copy = arena_alloc(in->arena, cell.len + 1);
        to[i] = cell;
        if (text_missing(cell))
            continue;
        if (number_form_convert(&g->form, cell, copy, &to[i].len)) {
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

/* The report of --sniff goes on as it is, and the drafts also to their file. */
static int push_report(struct step *step, struct batch *in)
{
    struct ingest *g = step_state(step);
    struct batch *out = batch_derive(in, step_out(step));
    for (uint32_t c = 0; c < in->schema->columns; c++)
        batch_share(out, c, in, c);
    for (uint32_t i = 0; g->draft && i < in->rows; i++) {
        struct text draft = batch_text(in, 2)[i];
        if (text_equal(batch_text(in, 1)[i], TEXT("schema")) &&
            (step_write(step, g->draft, draft.at, draft.len) != STEP_OK ||
             step_write(step, g->draft, "\n", 1) != STEP_OK))
            return STEP_FAIL;
    }
    return step_emit(step, 0, out);
}

static int ingest_push(struct step *step, struct batch *in)
{
    struct ingest *g = step_state(step);
    if (g->sniff)
        return push_report(step, in);
    if (g->hxl)
        in = drop_tags(step, in);
    struct batch *out = batch_derive(in, step_out(step));
    uint32_t *bad = arena_zarray(in->arena, in->rows, sizeof *bad);
    for (uint32_t c = 0; c < g->columns; c++) {
        if (g->number[c]) {
            if (number_column(step, in, out, c, bad) != STEP_OK)
                return STEP_FAIL;
        } else if (g->trim || g->missing.count) {
            tidy_column(g, in, out, c);
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
    .summary = "read foreign files: CSV of any kind, XLSX, ODS, XLS, SPSS, Stata, SAS, fixed width",
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
