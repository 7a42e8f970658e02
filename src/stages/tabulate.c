/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tabulate: observations to the table that a reader sees, with its notes.
 *
 *     marsad tabulate --rows nationality --columns period --top 10 --notes n.csv < obs.csv > t.csv
 *
 * Fold over format/crosstab (order, ranking, exact sums) and format/caption (title, notes); tables
 * of parts of the input are merged.  Two observations that cannot stand together are refused at the
 * end, the first of them, since they may have come to two workers. Memory: the observations of the
 * table.  Marks: `c` withheld, `:` missing, 0 is zero.
 */
#include "stages/tabulate.h"

static const struct option_spec options[] = {
    {"rows", OPTION_COLUMNS, "COL,...", "dimensions of the rows", OPTION_REQUIRED, ""},
    {"columns", OPTION_COLUMNS, "COL,...", "dimensions of the columns (default: one column)", 0,
     ""},
    {"value", OPTION_COLUMN, "COL", "column with the figures", 0, "value"},
    {"top", OPTION_INTEGER, "N", "keep the N rows with the largest total, add up the others", 0,
     ""},
    {"other", OPTION_TEXT, "LABEL", "what the others are called", 0, "Autres, by --lang"},
    {"total", OPTION_FLAG, "", "add totals where the data have none", 0, ""},
    {"absent", OPTION_CHOICE, "WHAT", "what a place without an observation is", 0, "missing|zero"},
    {"digits", OPTION_INTEGER, "N", "round to N digits behind the point", 0, ""},
    {"lang", OPTION_CHOICE, "LANG", "language of the labels", 0, "fr|ar|en"},
    {"title", OPTION_TEXT, "TEXT", "title in that language, or in all: 'FR|AR|EN'", 0,
     "from the indicator"},
    {"notes", OPTION_OUTPUT, "FILE", "title, unit, sources, vintages, legend as kind,key,fr,ar,en",
     0, ""},
    {"FILE", OPTION_INPUT, "FILE", "the observations (default: standard input)", 0, ""},
    {.name = ""},
};

/* ---- push ---- */

static struct text cell_of(const struct batch *b, int column, uint32_t row)
{
    return column == NO_COLUMN ? (struct text){"", 0} : batch_text(b, (uint32_t)column)[row];
}

static bool is_withheld(const struct tabulate *s, const struct batch *b, uint32_t row)
{
    struct text secret = cell_of(b, s->confidentiality, row);

    return text_equal(cell_of(b, s->status, row), TEXT("Q")) ||
           (!text_missing(secret) && !text_equal(secret, TEXT("F")));
}

static int make_cell(struct step *step, struct tabulate *s, const struct batch *b, uint32_t row,
                     struct cell *cell)
{
    struct text sign = cell_of(b, s->qualifier, row);
    uint8_t kind = batch_decimal(b, (uint32_t)s->value)[row].kind;

    *cell = (struct cell){.state = CELL_WITHHELD, .number = {"", 0}};
    if (kind == NUMBER_BAD)
        return step_fail(step, EX_DATAERR, batch_place(b, row, (uint32_t)s->value),
                         "column '%.*s' holds no number%s", (int)b->schema->name[s->value].len,
                         b->schema->name[s->value].at, step_quote(step, cell_of(b, s->value, row)));
    if (is_withheld(s, b, row))
        return STEP_OK;
    cell->state = kind == NUMBER_MISSING ? CELL_MISSING : CELL_NUMBER;
    if (cell->state == CELL_MISSING)
        return STEP_OK;
    if (!text_missing(sign) && (sign.len > 1 || memchr("~><", sign.at[0], 3) == NULL))
        return step_fail(step, EX_DATAERR, batch_place(b, row, (uint32_t)s->qualifier),
                         "a qualifier is ~ > < or empty");
    cell->qualifier = text_missing(sign) ? 0 : sign.at[0];
    cell->number = cell_of(b, s->value, row);
    cell->status = statuses_rank(&s->legend.statuses, cell_of(b, s->status, row));
    return STEP_OK;
}

/* A scope is written only where there is something to tell. */
static bool may_be_empty(const struct batch *b, uint32_t column)
{
    return text_equal(b->schema->name[column], TEXT("scope"));
}

static int read_codes(struct step *step, const struct batch *b, uint32_t row, struct side *side)
{
    for (uint32_t i = 0; i < side->count; i++) {
        side->code[i] = batch_text(b, side->column[i])[row];
        if (text_missing(side->code[i]) && !may_be_empty(b, side->column[i]))
            return step_fail(step, EX_DATAERR, batch_place(b, row, side->column[i]),
                             "column '%.*s' is empty: what is not known has a code of its own "
                             "(XXX, _U), a total is _T",
                             (int)b->schema->name[side->column[i]].len,
                             b->schema->name[side->column[i]].at);
    }
    return STEP_OK;
}

static int push_row(struct step *step, struct tabulate *s, struct batch *b, uint32_t row,
                    uint64_t line)
{
    struct origin origin = {step_rows(step) + row + 1, s->place};
    struct cell cell;

    if (read_codes(step, b, row, &s->rows) != STEP_OK ||
        read_codes(step, b, row, &s->columns) != STEP_OK ||
        make_cell(step, s, b, row, &cell) != STEP_OK)
        return STEP_FAIL;
    origin.place.line = line;
    caption_add(&s->caption, b, row, origin.record, cell.state != CELL_WITHHELD);
    crosstab_add(&s->table, s->rows.code, s->columns.code, cell, origin);
    return STEP_OK;
}

static int push(struct step *step, struct batch *b)
{
    struct tabulate *s = step_state(step);
    const uint64_t *line = batch_lines(b);

    s->place = b->rows > 0 ? batch_place(b, 0, (uint32_t)s->value) : NOWHERE;
    for (uint32_t row = 0; row < b->rows; row++)
        if (push_row(step, s, b, row, line == NULL ? 0 : line[row]) != STEP_OK)
            return STEP_FAIL;
    step_count(step, COUNT_FOLDED, b->rows);
    return STEP_OK;
}

/* Statuses of one table as those of another. */
struct restating {
    struct statuses *to;
    const struct statuses *from;
};

static uint32_t restate(void *data, uint32_t rank)
{
    const struct restating *r = data;

    return statuses_rank_from(r->to, r->from, rank);
}

static int merge(struct step *into, struct step *from)
{
    struct tabulate *s = step_state(into), *other = step_state(from);
    struct restating statuses = {&s->legend.statuses, &other->legend.statuses};

    crosstab_restate(&other->table, restate, &statuses);
    crosstab_merge(&s->table, &other->table);
    caption_merge(&s->caption, &other->caption);
    return STEP_OK;
}

static void close(struct step *step)
{
    struct tabulate *s = step_state(step);

    crosstab_close(&s->table);
}

/* ---- finish: what the observations are refused for ---- */

/* Of the observations that cannot stand in the table the first one is told. */
static int check_observations(struct step *step, const struct tabulate *s)
{
    const struct watched *mixed = caption_refused(&s->caption);
    const struct crosstab *t = &s->table;

    if (mixed != NULL && (t->second.record == 0 || mixed->other.record <= t->second.record))
        return step_fail(step, EX_DATAERR, mixed->other.place,
                         "column '%.*s' differs from record %llu, but the table does not show it: "
                         "filter, or put it into --rows or --columns",
                         (int)mixed->name.len, mixed->name.at,
                         (unsigned long long)step_number(step, mixed->origin.record));
    if (t->second.record != 0)
        return step_fail(step, EX_DATAERR, t->second.place,
                         "a second figure for one cell of the table (record %llu; the first is "
                         "record %llu): filter, or put what tells them apart (producer, as_of, "
                         "...) into --rows or --columns",
                         (unsigned long long)step_number(step, t->second.record),
                         (unsigned long long)step_number(step, t->taken));
    if (s->legend.statuses.seen.count > STATUSES_MOST)
        return step_fail(step, EX_DATAERR, NOWHERE, "over %d status codes", STATUSES_MOST);
    return STEP_OK;
}

static void sort_statuses(struct step *step, struct tabulate *s)
{
    struct statuses seen = s->legend.statuses;
    struct restating statuses = {&s->legend.statuses, &seen};

    statuses_sort(&s->legend.statuses, step_arena(step), &seen);
    crosstab_restate(&s->table, restate, &statuses);
}

/* ---- finish: labels ---- */

/* A name that is taken gets a number. */
static void add_column(struct step *step, struct tabulate *s, struct text name)
{
    for (unsigned n = 2; schema_add(s->out, text_copy(step_arena(step), name)) == NO_COLUMN; n++)
        name = text_of(arena_print(step_arena(step), "%.*s (%u)", (int)name.len, name.at, n));
}

static void add_columns(struct step *step, struct tabulate *s)
{
    for (uint32_t i = 0; i < s->rows.count; i++)
        add_column(step, s, label_dimension(s->rows.name[i], s->language));
    for (uint32_t c = 0; c < s->grid.columns; c++) {
        const struct entry *e = &s->grid.column[c];
        struct text label = label_word(e->made ? WORD_TOTAL : WORD_VALUE, s->language);
        if (!e->made && s->columns.count > 0)
            label = side_label(&s->columns, &s->table.columns, e->item, s->language);
        add_column(step, s, text_missing(label) ? label_word(WORD_VALUE, s->language) : label);
    }
}

static struct text row_label(struct step *step, struct tabulate *s, const struct entry *e,
                             uint32_t d)
{
    const char *other = step_option(step, "other");

    if (!e->made)
        return labels_heading(&s->rows.labels[d], axis_code(&s->table.rows, e->item, d),
                              s->language);
    if (d > 0)
        return (struct text){"", 0};
    if (e->kind == CODE_TOTAL)
        return label_word(WORD_TOTAL, s->language);
    return other != NULL ? text_of(other) : label_word(WORD_OTHER, s->language);
}

/* ---- finish: cells ---- */

/* Figures that are rounded or computed here are written alike, published ones as published. */
static bool is_aligned(void *data, const struct entry *row, const struct entry *column)
{
    const struct tabulate *s = data;

    return s->digits >= 0 || row->derived || column->derived || caption_is_derived(&s->caption);
}

static void fill_places(struct step *step, struct tabulate *s)
{
    places_fill(&s->places, step_arena(step), &s->rows, &s->columns, &s->grid, &s->legend,
                (struct places_rule){is_aligned, s});
}

static int emit_rows(struct step *step, struct tabulate *s, uint32_t from, uint32_t rows)
{
    struct batch *b = step_batch(step, s->out, rows);

    for (uint32_t d = 0; d < s->rows.count; d++) {
        struct text *label = batch_new_text(b, d);
        for (uint32_t r = 0; r < rows; r++)
            label[r] = row_label(step, s, &s->grid.row[from + r], d);
    }
    for (uint32_t c = 0; c < s->grid.columns; c++) {
        struct text *text = batch_new_text(b, s->rows.count + c);
        for (uint32_t r = 0; r < rows; r++)
            text[r] = legend_cell(&s->legend, b->arena,
                                  &s->grid.cell[(size_t)(from + r) * s->grid.columns + c],
                                  places_of(&s->places, from + r, c));
    }
    step_count(step, COUNT_MADE, rows);
    return step_emit(step, 0, b);
}

/* ---- finish: notes ---- */

static int emit_notes(struct step *step, struct tabulate *s)
{
    const struct note_set *set = &s->caption.notes;

    for (uint32_t from = 0; from < set->seen.count;) {
        uint32_t rows = set->seen.count - from;
        rows = rows < step_batch_rows(step) ? rows : step_batch_rows(step);
        struct batch *b = step_batch(step, s->notes_schema, rows);
        struct text *cell[2 + LANGUAGES];
        for (uint32_t c = 0; c < 2 + LANGUAGES; c++)
            cell[c] = batch_new_text(b, c);
        for (uint32_t r = 0; r < rows; r++) {
            const struct note *note = &set->note[from + r];
            cell[0][r] = note->kind;
            cell[1][r] = note->key;
            for (int k = 0; k < LANGUAGES; k++)
                cell[2 + k][r] = note->text[k];
        }
        if (step_emit(step, s->notes_port, b) == STEP_FAIL)
            return STEP_FAIL;
        from += rows;
    }
    return STEP_OK;
}

/* What the table says itself, and whether it is a series: for those who print it. */
static void note_layout(struct step *step, struct tabulate *s)
{
    static const struct text none[LANGUAGES];
    static const char *const told[] = {"as_of", "producer", "source"};
    struct note_set *notes = &s->caption.notes;

    note_set_add(notes, "labels", text_of(arena_print(step_arena(step), "%u", s->rows.count)),
                 none);
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
        if (tabulate_shows(s, text_of(told[i])))
            note_set_add(notes, "shown", text_of(told[i]), none);
    if (side_series(&s->rows, &s->table.rows))
        note_set_add(notes, "series", TEXT("rows"), none);
    if (side_series(&s->columns, &s->table.columns))
        note_set_add(notes, "series", TEXT("columns"), none);
}

static int write_notes(struct step *step, struct tabulate *s)
{
    if (s->notes_port == 0)
        return STEP_OK;
    legend_notes(&s->legend, &s->caption);
    if (axis_has(&s->table.rows, CODE_GROUP) || axis_has(&s->table.columns, CODE_GROUP))
        caption_mark(&s->caption, TEXT("group"), WORD_GROUPS);
    note_layout(step, s);
    caption_close(&s->caption, step_option(step, "title"), s->language);
    return emit_notes(step, s);
}

/* ---- finish ---- */

static int check_sums(struct step *step, const struct tabulate *s)
{
    const struct watched *producer = caption_find(&s->caption, "producer");
    bool sums = s->plan.top > 0 || s->plan.total_row || s->plan.total_column;

    if (sums && s->table.place.count > 0 && caption_is_rate(&s->caption))
        return step_fail(step, EX_DATAERR, NOWHERE,
                         "the figures are rates, which --top and --total cannot add up");
    if (producer != NULL && producer->other.record != 0)
        step_warn(step, NOWHERE, "the table mixes figures of several producers, as its notes say");
    return STEP_OK;
}

static void order_side(struct tabulate *s, const struct side *side, struct axis *axis)
{
    side_order(side, axis, s->language);
    for (uint32_t d = 0; d < side->count; d++)
        for (uint32_t i = 0; i < axis->code[d].count; i++)
            if (text_equal(side->name[d], TEXT("indicator"))) {
                axis->order[d][i].rate = caption_rate_of(&s->caption, axis->code[d].text[i]);
                axis->order[d][i].derived = caption_derived(&s->caption, axis->code[d].text[i]);
            }
}

static int finish(struct step *step)
{
    struct tabulate *s = step_state(step);

    if (check_observations(step, s) != STEP_OK || check_sums(step, s) != STEP_OK)
        return STEP_FAIL;
    sort_statuses(step, s);
    order_side(s, &s->rows, &s->table.rows);
    order_side(s, &s->columns, &s->table.columns);
    if (!crosstab_grid(&s->table, &s->plan, side_ties(&s->rows, &s->table.rows, s->language),
                       &s->grid, step_error(step)))
        return STEP_FAIL;
    fill_places(step, s);
    add_columns(step, s);
    for (uint32_t from = 0, most = step_batch_rows(step); from < s->grid.rows; from += most) {
        uint32_t rows = s->grid.rows - from < most ? s->grid.rows - from : most;
        if (emit_rows(step, s, from, rows) == STEP_FAIL)
            return STEP_FAIL;
    }
    return write_notes(step, s);
}

const struct stage stage_tabulate = {
    .name = "tabulate",
    .summary = "lay observations out as the table that a reader sees",
    .details =
        "Each observation becomes one cell.  Rows and columns are labelled by the code list that "
        "has the column's name (nationality, region, sex, producer, indicator, ...; a region of "
        "1997 by the list region-1997) in the language of --lang; a code without a label stays as "
        "it is.  Periods and dates are written out: 2004–2016, 1er sept. 2014, 3e trimestre 2018; "
        "_U is an unknown date.\n\n"
        "Order: periods by time (a year before its parts), ages by their bounds, nationalities, "
        "countries and producers by the alphabet of --lang without accents, other codes as their "
        "list has them, unlisted ones by bytes.  Behind them come a published rest (_O), special "
        "codes (unknown, stateless), groups, and the published total (_T).\n\n"
        "A number is written as it is, or rounded to --digits, half away from zero.  Figures of "
        "one indicator and unit that are rounded or computed by a formula of the catalogue all "
        "show as many digits; published ones show those that were published.  Before the number "
        "stands its qualifier (~ approximate, > more than, < less than), behind it the mark of its "
        "status: 120 (u) is unreliable.  c is a figure that is withheld (status Q, or a "
        "confidentiality other than F), : one that is missing, also where there is no observation; "
        "--absent zero says that the data are complete and such a place is a zero.  Zero is 0.\n\n"
        "--top keeps the rows with the largest total and adds up the others exactly; periods are "
        "ranked by their sum, several indicators or producers by the first column.  --total "
        "adds a row and a column of sums where the data hold no total.  A sum with a missing or "
        "withheld part is missing, never a part of the sum; it takes the worst status of its "
        "parts. "
        "Special codes are added, not ranked.  "
        "Published totals are never added or ranked, groups neither, since they overlap with other "
        "codes (an age group only where another one lies within it).  Periods, indicators, "
        "producers and rates are not added up at all.\n\n"
        "Two figures for one cell, from two producers or two vintages, are refused: filter, or "
        "put the column that tells them apart into --rows or --columns.  So is a table whose "
        "figures differ in a dimension (sex, period, unit, ...) that it does not show.\n\n"
        "--notes writes what belongs beside the table in French, Arabic and English, sorted: "
        "title, "
        "unit, sources, vintages, the legend of the marks that occur, notes of the figures, and "
        "the "
        "number of label columns.  export prints them.",
    .example =
        "printf 'nationality,period,value,status\\nSEN,2014,6600,A\\nCIV,2014,2281,A\\n"
        "SEN,2015,,Q\\nCIV,2015,12,U\\n' | marsad tabulate --rows nationality --columns period",
    .options = options,
    .state_size = sizeof(struct tabulate),
    .open = tabulate_open,
    .push = push,
    .merge = merge,
    .finish = finish,
    .close = close,
    .flags = STAGE_LATE,
};
