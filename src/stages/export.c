/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * export: tables with their notes to a workbook, Markdown or CSV.
 *
 *     marsad export --format xlsx --output t.xlsx Demandes=t.csv,n.csv Retours=r.csv
 *
 * Tables are side inputs, or the main input where no NAME=TABLE is given (then it is kept whole).
 * Writers: format/xlsx_write, markdown, sheet_csv.  Cost: the tables and the file in memory.
 */
#include "chain/stage.h"
#include "format/markdown.h"
#include "format/sheet_csv.h"
#include "format/xlsx_write.h"

struct source_table {
    struct text name;
    const struct table *table, *notes;
};

struct state {
    struct table_builder *main; /* NULL: only side inputs */
    struct source_table *source;
    uint32_t sources;
    enum language language;
    long long labels;
    bool for_spreadsheet;
    const char *format;
};

static const struct option_spec options[] = {
    {"format", OPTION_CHOICE, "FORMAT", "what to write", OPTION_REQUIRED, "csv|xlsx|markdown"},
    {"output", OPTION_OUTPUT, "FILE", "where to (default: standard output)", 0, ""},
    {"for-spreadsheet", OPTION_FLAG, "", "CSV with semicolons, decimal commas and harmless cells",
     0, ""},
    {"lang", OPTION_CHOICE, "LANG", "language of titles and notes", 0, "fr|ar|en"},
    {"name", OPTION_TEXT, "NAME", "name of the table from standard input", 0, "Table"},
    {"notes", OPTION_TABLE, "FILE", "its notes", 0, ""},
    {"labels", OPTION_INTEGER, "N",
     "label columns (default: as the notes say, else those with words)", 0, ""},
    {"NAME=FILE", OPTION_TABLES, "NAME=TABLE.csv[,NOTES.csv]",
     "tables, each with its notes (default: one from standard input)", OPTION_REPEAT, ""},
    {.name = ""},
};

/* ---- open ---- */

static int open_source(struct step *step, const char *value, struct source_table *s)
{
    struct text rest = text_of(value), file, name[LANGUAGES];
    struct arena *arena = step_arena(step);

    if (!text_next(&rest, '=', &s->name) || s->name.len == strlen(value))
        return step_fail(step, EX_USAGE, NOWHERE, "an operand is NAME=TABLE.csv[,NOTES.csv]");
    language_parts(s->name, name);
    s->name = name[language_of(step_option(step, "lang"))];
    if (!text_next(&rest, ',', &file) || text_missing(file))
        return step_fail(step, EX_USAGE, NOWHERE, "NAME=TABLE.csv: there is no file");
    s->table = step_table_file(step, text_copy(arena, file).at);
    if (s->table == NULL)
        return STEP_FAIL;
    if (!text_missing(rest))
        s->notes = step_table_file(step, text_copy(arena, rest).at);
    return text_missing(rest) || s->notes != NULL ? STEP_OK : STEP_FAIL;
}

static int open_main(struct step *step, struct state *s, const struct schema *in)
{
    const char *name = step_option(step, "name");

    if (in == NULL)
        return STEP_OK;
    step_need_all(step);
    s->main = table_builder_new(step_arena(step), in, "-");
    s->source[0].name = text_of(name != NULL ? name : "Table");
    s->source[0].table = table_builder_table(s->main);
    if (step_option(step, "notes") != NULL) {
        s->source[0].notes = step_table(step, "notes", 0);
        if (s->source[0].notes == NULL)
            return STEP_FAIL;
    }
    s->sources = 1;
    return STEP_OK;
}

static int check_options(struct step *step, const struct state *s)
{
    bool csv = strcmp(s->format, "csv") == 0;

    if (s->for_spreadsheet && !csv)
        return step_fail(step, EX_USAGE, NOWHERE, "--for-spreadsheet goes with --format csv");
    if (csv && s->sources > 1)
        return step_fail(step, EX_USAGE, NOWHERE, "--format csv takes one table");
    return STEP_OK;
}

static int open(struct step *step, const struct schema *in, struct schema *out)
{
    struct state *s = step_state(step);
    uint32_t n = step_option_count(step, "NAME=FILE");

    (void)out;
    s->format = step_option(step, "format");
    s->for_spreadsheet = step_flag(step, "for-spreadsheet");
    s->language = language_of(step_option(step, "lang"));
    s->source = arena_zarray(step_arena(step), (size_t)n + 1, sizeof(*s->source));
    if (step_integer(step, "labels", 1, 1000, 0, &s->labels) != STEP_OK)
        return STEP_FAIL;
    if (n == 0 && open_main(step, s, in) != STEP_OK)
        return STEP_FAIL;
    for (; s->sources < n; s->sources++)
        if (open_source(step, step_option_nth(step, "NAME=FILE", s->sources),
                        &s->source[s->sources]) != STEP_OK)
            return STEP_FAIL;
    return check_options(step, s);
}

/* ---- push, finish ---- */

static int push(struct step *step, struct batch *b)
{
    struct state *s = step_state(step);

    if (s->main != NULL)
        table_builder_add(s->main, b);
    step_count(step, COUNT_FOLDED, b->rows);
    return STEP_OK;
}

static int check_notes(struct step *step, const struct table *notes)
{
    if (notes == NULL || schema_find(notes->schema, TEXT("kind")) != NO_COLUMN)
        return STEP_OK;
    return step_fail(step, EX_DATAERR, (struct place){notes->name, 1, 0},
                     "notes are kind,key,fr,ar,en: there is no column 'kind'");
}

static int write_sheets(struct step *step, const struct state *s, const struct sheet *sheets,
                        struct bytes *out)
{
    if (strcmp(s->format, "xlsx") == 0)
        return xlsx_write(out, sheets, s->sources, s->language, step_error(step)) ? STEP_OK
                                                                                  : STEP_FAIL;
    for (uint32_t i = 0; i < s->sources; i++) {
        if (strcmp(s->format, "csv") == 0)
            sheet_csv_write(out, &sheets[i], s->for_spreadsheet);
        else
            markdown_write(out, &sheets[i], s->language);
    }
    return STEP_OK;
}

static int finish(struct step *step)
{
    struct state *s = step_state(step);
    struct sheet *sheets = arena_zarray(step_arena(step), s->sources + 1, sizeof(*sheets));
    struct bytes out = {0};
    int result;

    for (uint32_t i = 0; i < s->sources; i++) {
        const struct source_table *t = &s->source[i];
        if (check_notes(step, t->notes) != STEP_OK)
            return STEP_FAIL;
        sheet_open(&sheets[i], t->name, t->table, t->notes, (uint32_t)s->labels);
    }
    result = write_sheets(step, s, sheets, &out);
    if (result == STEP_OK)
        result = step_write(step, 0, out.at, out.len);
    bytes_free(&out);
    return result;
}

const struct stage stage_export = {
    .name = "export",
    .summary = "write tables as a workbook, Markdown or CSV",
    .details =
        "Takes tables made by tabulate, each with its notes, as NAME=TABLE.csv,NOTES.csv; or one "
        "table from standard input.  A table's first columns are labels (as many as its notes say, "
        "else the first one and those behind it that hold more words than figures), the others "
        "hold figures.\n\n"
        "xlsx: a sheet a table, named NAME (in the language of --lang where it is 'FR|AR|EN'; "
        "shortened to 31 characters, forbidden characters replaced): title, unit, header that "
        "stays on the screen, and below it sources, dates, "
        "marks and the first ten notes, less what the table has in columns of its own; a native "
        "chart where the table is a series of at least three periods.  Figures are numbers, "
        "shown by the reader's Excel with its own separators and as many digits behind the point "
        "as they are written with; a sign before or a flag behind them is part of the number's "
        "format, so they can still be computed with.  Labels, codes, years and the marks c and : "
        "are text.  What has over 15 digits stays text, since Excel would change it.  Nothing is "
        "ever a formula.  A page prints landscape on A4, one page wide as long as that can be "
        "read.  A last sheet holds all notes.  Sheets run from right to left with --lang ar.  The "
        "same tables give the same bytes, whenever and wherever. "
        "Not for over 1 048 575 rows.\n\n"
        "markdown: a heading, a pipe table with figures as the language writes them, and a list of "
        "sources, vintages, marks and notes; cells cannot bring markup with them.\n\n"
        "csv: the table as it is.  With --for-spreadsheet: byte order mark, semicolons, decimal "
        "commas, CRLF, and an apostrophe before a cell that would run as a formula (= + - @ tab or "
        "a line end in front) unless it is a plain number.",
    .example =
        "printf 'Pays,2014,2015\\nMali,120,c\\n' | marsad export --format markdown --name Mali",
    .options = options,
    .state_size = sizeof(struct state),
    .open = open,
    .push = push,
    .finish = finish,
    .flags = STAGE_BYTES,
};
