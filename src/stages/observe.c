/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * observe: rows of aggregates, or published figures, as rows of observations.
 *
 * Row-wise: each input row gives one row an indicator (--indicator CODE=COL,...), or one (@COL with
 * --value).  The columns of the output are given one after the other a source: a column of the
 * input, a constant, or a rule (value, status, unit).  No input column is silently lost: one that
 * has no place is refused at open.
 */
#include "chain/stage.h"
#include "table/catalogue.h"
#include "table/observation.h"

/* Where a named column comes from. */
struct origin {
    int column; /* of the input, or NO_COLUMN */
    struct text constant;
};

struct state {
    struct origin origin[OBS_COLUMNS];
    int to[OBS_COLUMNS]; /* output column, or NO_COLUMN */
    uint32_t codes;      /* indicators a row; 0: the code is in a column */
    struct text *code;
    int *value; /* their columns */
    uint32_t dimensions;
    struct text *dimension; /* names: the same in input and output */
    bool *used;             /* input columns that have a place */
    const struct schema *out;
    const struct table *catalogue; /* built in: dimension names, units */
};

static const struct option_spec options[] = {
    {"indicator", OPTION_TEXT, "CODE=COL,...|@COL",
     "indicators and the columns of their values; or the column that holds the code",
     OPTION_REQUIRED, ""},
    {"value", OPTION_COLUMN, "COL", "the column of values, with --indicator @COL", 0, "value"},
    {"period", OPTION_TEXT, "P|@COL", "the period", 0, "@period, or @year"},
    {"producer", OPTION_TEXT, "P|@COL", "who says so; _U: unknown", 0, "@producer"},
    {"as-of", OPTION_TEXT, "DATE|@COL", "as of when; _U: unknown", 0, "@as_of"},
    {"unit", OPTION_TEXT, "U|@COL", "unit of measure", 0, "that of the catalogue"},
    {"scope", OPTION_TEXT, "S|@COL", "scope: what is covered", 0, "@scope, or none"},
    {"status", OPTION_TEXT, "S|@COL", "observation status", 0, "A; L where missing"},
    {"qualifier", OPTION_TEXT, "Q|@COL", "~ about, > more than, < less than", 0, "none"},
    {"confidentiality", OPTION_TEXT, "C|@COL", "confidentiality status", 0, "none"},
    {"source", OPTION_TEXT, "S|@COL", "where it was read", 0, "none"},
    {"note", OPTION_TEXT, "N|@COL", "a note", 0, "none"},
    {"dimensions", OPTION_COLUMNS, "COL,...", "further columns that are dimensions", 0, ""},
    {"FILE", OPTION_INPUT, "FILE", "the figures (default: standard input)", 0, ""},
    {.name = ""},
};

static const struct {
    const char *option;
    enum observation_column column;
} given[] = {
    {"period", OBS_PERIOD},       {"producer", OBS_PRODUCER},
    {"as-of", OBS_AS_OF},         {"unit", OBS_UNIT},
    {"scope", OBS_SCOPE},         {"status", OBS_STATUS},
    {"qualifier", OBS_QUALIFIER}, {"confidentiality", OBS_CONFIDENTIALITY},
    {"source", OBS_SOURCE},       {"note", OBS_NOTE},
};

/* ---- open: where each column comes from ---- */

static int use_column(struct step *step, struct state *s, struct text name, int *column)
{
    if (step_find(step, name, column))
        return STEP_FAIL;
    s->used[*column] = true;
    return STEP_OK;
}

/* Unless another option uses it: a column `n` may hold the values. */
static int use_if_there(struct step *step, struct state *s, const char *name, int *column)
{
    int found = schema_find(step_in(step), text_of(name));
    if (found == NO_COLUMN || s->used[found])
        return STEP_OK;
    return use_column(step, s, text_of(name), column);
}

/* `P` or `@COL`. */
static int open_origin(struct step *step, struct state *s, const char *option,
                       enum observation_column c)
{
    struct origin *o = &s->origin[c];
    const char *text = step_option(step, option);
    if (!text)
        return STEP_OK;
    if (text[0] == '@')
        return use_column(step, s, text_of(text + 1), &o->column);
    o->constant = text_of(text);
    return STEP_OK;
}

static bool is_set(const struct origin *o)
{
    return o->column != NO_COLUMN || o->constant.len;
}

static int check_constants(struct step *step, const struct state *s)
{
    struct span span;
    enum bearing bearing;
    struct text period = s->origin[OBS_PERIOD].constant, as_of = s->origin[OBS_AS_OF].constant;
    if (period.len && !span_parse(period, &span))
        return step_fail(step, EX_USAGE, NOWHERE,
                         "--period takes a period (2018, 2018-Q3, 2018-01-01/P9M) or @COL");
    if (as_of.len && !vintage_parse(as_of, &span))
        return step_fail(step, EX_USAGE, NOWHERE, "--as-of takes a period, _U or @COL");
    if (!bearing_parse(s->origin[OBS_QUALIFIER].constant, &bearing))
        return step_fail(step, EX_USAGE, NOWHERE, "--qualifier takes ~, >, < or @COL");
    return STEP_OK;
}

static int open_origins(struct step *step, struct state *s)
{
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        if (open_origin(step, s, given[i].option, given[i].column))
            return STEP_FAIL;
    for (int i = OBS_PERIOD; i < OBS_COLUMNS; i++)
        if (i != OBS_VALUE && !is_set(&s->origin[i]) &&
            use_if_there(step, s, observation_name[i], &s->origin[i].column))
            return STEP_FAIL;
    if (!is_set(&s->origin[OBS_PERIOD]) &&
        use_if_there(step, s, "year", &s->origin[OBS_PERIOD].column))
        return STEP_FAIL;
    static const enum observation_column must[] = {OBS_PERIOD, OBS_PRODUCER, OBS_AS_OF};
    static const char *const option[] = {"period", "producer", "as-of"};
    for (size_t i = 0; i < sizeof must / sizeof *must; i++)
        if (!is_set(&s->origin[must[i]]))
            return step_fail(step, EX_USAGE, NOWHERE, "--%s is needed: the input has no column %s",
                             option[i], observation_name[must[i]]);
    return check_constants(step, s);
}

/* Standard errors and the like belong to one figure. */
static int check_one_value(struct step *step, const struct state *s)
{
    for (int i = OBS_SE; s->codes > 1 && i <= OBS_DF; i++)
        if (s->origin[i].column != NO_COLUMN)
            return step_fail(step, EX_DATAERR, NOWHERE,
                             "column %s can belong to one indicator only, not to %u",
                             observation_name[i], (unsigned)s->codes);
    return STEP_OK;
}

static int add_code(struct step *step, struct state *s, struct text item)
{
    struct text column = item, code;
    if (!text_next(&column, '=', &code) || !code.len || !column.len)
        return step_fail(step, EX_USAGE, NOWHERE, "--indicator takes CODE=COL,... or @COL");
    for (uint32_t i = 0; i < s->codes; i++)
        if (text_equal(s->code[i], code))
            return step_fail(step, EX_USAGE, NOWHERE, "--indicator: %.*s is named twice",
                             (int)code.len, code.at);
    s->code[s->codes] = code;
    return use_column(step, s, column, &s->value[s->codes++]);
}

static int open_indicators(struct step *step, struct state *s)
{
    struct text list = text_of(step_option(step, "indicator")), item;
    size_t most = (size_t)list.len + 1;
    const char *value = step_option(step, "value");
    s->code = arena_array(step_arena(step), most, sizeof *s->code);
    s->value = arena_array(step_arena(step), most, sizeof *s->value);
    if (list.len && list.at[0] == '@') {
        if (use_column(step, s, (struct text){list.at + 1, list.len - 1},
                       &s->origin[OBS_INDICATOR].column))
            return STEP_FAIL;
        return use_column(step, s, value ? text_of(value) : TEXT("value"), &s->value[0]);
    }
    if (value)
        return step_fail(step, EX_USAGE, NOWHERE, "--value goes with --indicator @COL");
    while (text_next(&list, ',', &item))
        if (add_code(step, s, item))
            return STEP_FAIL;
    return STEP_OK;
}

/* ---- open: the dimensions ---- */

static bool list_has(struct text list, char separator, struct text name)
{
    struct text item;
    while (text_next(&list, separator, &item))
        if (text_equal(item, name))
            return true;
    return false;
}

static bool is_dimension(const struct state *s, struct text name, const char *more)
{
    static const char known[] =
        "nationality,sex,age,region,destination,scheme,phase,form,direction";
    if (list_has(TEXT(known), ',', name) || (more && list_has(text_of(more), ',', name)))
        return true;
    int column = schema_find(s->catalogue->schema, TEXT("dimensions"));
    for (uint32_t row = 0; row < s->catalogue->rows; row++)
        if (list_has(table_get(s->catalogue, row, column), ' ', name))
            return true;
    return false;
}

static int add_dimension(struct step *step, struct state *s, uint32_t column, const char *more)
{
    struct text name = step_in(step)->name[column];
    bool reserved = observation_column(name) != NO_COLUMN;
    if (!reserved && is_dimension(s, name, more)) {
        s->dimension[s->dimensions++] = name;
        return step_need(step, column);
    }
    return step_fail(step, EX_DATAERR, NOWHERE, "column %.*s would be lost: %s", (int)name.len,
                     name.at,
                     reserved ? "another option takes its place; rename it or leave it out"
                              : "name it in --dimensions, or leave it out before");
}

static int open_dimensions(struct step *step, struct state *s, const struct schema *in)
{
    const char *more = step_option(step, "dimensions");
    uint32_t *named, count; /* checks that the columns are there */
    if (more && step_columns(step, "dimensions", &named, &count))
        return STEP_FAIL;
    s->dimension = arena_array(step_arena(step), in->columns, sizeof *s->dimension);
    for (uint32_t i = 0; i < in->columns; i++)
        if (!s->used[i] && add_dimension(step, s, i, more))
            return STEP_FAIL;
    observation_order(s->dimension, s->dimensions);
    return STEP_OK;
}

/* ---- open: the output ---- */

static bool is_shown(const struct state *s, int c)
{
    bool optional = (c >= OBS_N && c <= OBS_DF) || c == OBS_CONFIDENTIALITY;
    return !optional || is_set(&s->origin[c]);
}

static void make_schema(struct state *s, struct schema *out)
{
    for (int c = 0; c < OBS_COLUMNS; c++) {
        for (uint32_t i = 0; c == OBS_PERIOD && i < s->dimensions; i++)
            schema_add(out, s->dimension[i]);
        s->to[c] = is_shown(s, c) ? schema_add(out, text_of(observation_name[c])) : NO_COLUMN;
    }
    s->out = out;
}

static int open_step(struct step *step, const struct schema *in, struct schema *out)
{
    struct state *s = step_state(step);
    s->used = arena_zarray(step_arena(step), in->columns, sizeof *s->used);
    s->catalogue = step_reference(step, "indicator");
    if (!s->catalogue)
        return STEP_FAIL;
    for (int i = 0; i < OBS_COLUMNS; i++)
        s->origin[i] = (struct origin){NO_COLUMN, TEXT("")};
    if (open_indicators(step, s) || open_origins(step, s) || check_one_value(step, s) ||
        open_dimensions(step, s, in))
        return STEP_FAIL;
    make_schema(s, out);
    return STEP_OK;
}

/* ---- push ---- */

/* Each row as often as it has indicators. */
static const struct batch *repeat_rows(const struct batch *in, uint32_t times)
{
    if (times == 1)
        return in;
    uint32_t *pick = arena_array(in->arena, (size_t)in->rows * times, sizeof *pick);
    for (uint32_t i = 0; i < in->rows * times; i++)
        pick[i] = i / times;
    return batch_pick(in, pick, in->rows * times);
}

static int bad_cell(struct step *step, const struct batch *in, uint32_t row, int column,
                    const char *what)
{
    const struct text *cell = batch_text(in, (uint32_t)column);
    return step_fail(step, EX_DATAERR, batch_place(in, row, (uint32_t)column), "%s%s", what,
                     step_quote(step, cell[row]));
}

static int check_values(struct step *step, const struct state *s, const struct batch *in)
{
    for (uint32_t i = 0; i < (s->codes ? s->codes : 1); i++) {
        const struct decimal *value = batch_decimal(in, (uint32_t)s->value[i]);
        for (uint32_t row = 0; row < in->rows; row++)
            if (value[row].kind == NUMBER_BAD)
                return bad_cell(step, in, row, s->value[i], "the value is not a number");
    }
    return STEP_OK;
}

static bool good_period(struct text t)
{
    struct span span;
    return span_parse(t, &span);
}

static bool good_vintage(struct text t)
{
    struct span span;
    return t.len && vintage_parse(t, &span);
}

static bool good_qualifier(struct text t)
{
    enum bearing bearing;
    return bearing_parse(t, &bearing);
}

static bool good_text(struct text t)
{
    return t.len > 0;
}

static int check_cells(struct step *step, const struct state *s, const struct batch *in)
{
    static const struct {
        enum observation_column column;
        bool (*good)(struct text);
        const char *what;
    } check[] = {
        {OBS_INDICATOR, good_text, "the code of the indicator is missing"},
        {OBS_PERIOD, good_period, "the period is none (2018, 2018-Q3, 2018-01-01/P9M)"},
        {OBS_PRODUCER, good_text, "the producer is missing (_U: unknown)"},
        {OBS_AS_OF, good_vintage, "as_of is neither a period nor _U"},
        {OBS_QUALIFIER, good_qualifier, "the qualifier is none of ~ > <"},
    };
    for (size_t k = 0; k < sizeof check / sizeof *check; k++) {
        int column = s->origin[check[k].column].column;
        const struct text *cell = column == NO_COLUMN ? NULL : batch_text(in, (uint32_t)column);
        for (uint32_t row = 0; cell && row < in->rows; row++)
            if ((row == 0 || !text_equal(cell[row], cell[row - 1])) && !check[k].good(cell[row]))
                return bad_cell(step, in, row, column, check[k].what);
    }
    return STEP_OK;
}

static void fill_values(const struct state *s, const struct batch *in, struct batch *out)
{
    uint32_t times = s->codes ? s->codes : 1;
    struct text *value = batch_new_text(out, (uint32_t)s->to[OBS_VALUE]);
    for (uint32_t i = 0; i < times; i++) {
        const struct text *cell = batch_text(in, (uint32_t)s->value[i]);
        for (uint32_t row = 0; row < in->rows; row++)
            value[row * times + i] = cell[row];
    }
}

static void fill_codes(const struct state *s, struct batch *out)
{
    struct text *code = batch_new_text(out, (uint32_t)s->to[OBS_INDICATOR]);
    for (uint32_t i = 0; i < out->rows; i++)
        code[i] = s->code[i % s->codes];
}

/* A missing value keeps a status that says why; A and no status become L. */
static void fill_status(const struct state *s, const struct batch *rows, struct batch *out)
{
    const struct origin *o = &s->origin[OBS_STATUS];
    const struct text *value = batch_text(out, (uint32_t)s->to[OBS_VALUE]);
    const struct text *own = o->column == NO_COLUMN ? NULL : batch_text(rows, (uint32_t)o->column);
    struct text *status = batch_new_text(out, (uint32_t)s->to[OBS_STATUS]);
    for (uint32_t i = 0; i < out->rows; i++) {
        struct text t = own ? own[i] : o->constant;
        bool plain = text_missing(t) || text_equal(t, TEXT("A"));
        status[i] = !plain ? t : text_missing(value[i]) ? TEXT("L") : TEXT("A");
    }
}

static struct text unit_of(const struct state *s, struct text code)
{
    const struct table *t = s->catalogue;
    int at = schema_find(t->schema, TEXT("code")), unit = schema_find(t->schema, TEXT("unit"));
    for (uint32_t row = 0; row < t->rows; row++)
        if (text_equal(table_get(t, row, at), code))
            return table_get(t, row, unit);
    return TEXT("");
}

static void fill_units(const struct state *s, struct batch *out)
{
    const struct text *code = batch_text(out, (uint32_t)s->to[OBS_INDICATOR]);
    struct text *unit = batch_new_text(out, (uint32_t)s->to[OBS_UNIT]);
    for (uint32_t i = 0; i < out->rows; i++) {
        uint32_t before = s->codes && i >= s->codes ? i - s->codes : i - (i > 0);
        bool same = i != before && text_equal(code[i], code[before]);
        unit[i] = same ? unit[before] : unit_of(s, code[i]);
    }
}

static void fill_rest(const struct state *s, const struct batch *rows, struct batch *out)
{
    for (int c = 0; c < OBS_COLUMNS; c++) {
        if (s->to[c] == NO_COLUMN || out->column[s->to[c]])
            continue;
        if (s->origin[c].column != NO_COLUMN)
            batch_share(out, (uint32_t)s->to[c], rows, (uint32_t)s->origin[c].column);
        else
            batch_fill_text(out, (uint32_t)s->to[c], s->origin[c].constant);
    }
    for (uint32_t i = 0; i < s->dimensions; i++)
        batch_share(out, (uint32_t)schema_find(s->out, s->dimension[i]), rows,
                    (uint32_t)schema_find(rows->schema, s->dimension[i]));
}

static int push_step(struct step *step, struct batch *in)
{
    const struct state *s = step_state(step);
    uint32_t times = s->codes ? s->codes : 1;
    if (check_values(step, s, in) || check_cells(step, s, in))
        return STEP_FAIL;
    const struct batch *rows = repeat_rows(in, times);
    struct batch *out = batch_derive(rows, s->out);
    fill_values(s, in, out);
    fill_status(s, rows, out);
    if (s->codes)
        fill_codes(s, out);
    else
        batch_share(out, (uint32_t)s->to[OBS_INDICATOR], rows,
                    (uint32_t)s->origin[OBS_INDICATOR].column);
    if (!is_set(&s->origin[OBS_UNIT]))
        fill_units(s, out);
    fill_rest(s, rows, out);
    step_count(step, COUNT_MADE, (uint64_t)in->rows * (times - 1));
    return step_emit(step, 0, out);
}

static const char details[] =
    "Every input row becomes one observation for each CODE=COL: its value is that of COL.\n"
    "Published figures that name their indicator in a column take --indicator @COL and\n"
    "--value. A value after @ is a column, any other a constant: --producer CNDH, --producer\n"
    "@producteur. An option that is not given takes the column of the same name (producer,\n"
    "as_of, scope, unit, status, qualifier, source, note), and period also a column year.\n"
    "Periods are SDMX's: 2018, 2018-S1, 2018-Q3, 2018-08, 2014-09-01, 2018-01-01/P9M; as_of,\n"
    "the vintage, may also be _U, unknown.\n"
    "\n"
    "The known dimensions (nationality, sex, age, region, destination, scheme, phase, form,\n"
    "direction, and those of the built-in catalogue) become key columns in this order;\n"
    "--dimensions names others. A column that has no place is refused, so that nothing is\n"
    "silently lost: leave it out before, with select. n, se, cv, ci_low, ci_high, deff and df\n"
    "are passed on.\n"
    "\n"
    "A missing value makes a row with an empty value and status L; a status that says another\n"
    "reason (Q, M) stays. Without --unit the unit is the one that the built-in catalogue\n"
    "gives the code. Values are passed on as they are written, and one that is no number is\n"
    "an error.";

const struct stage stage_observe = {
    .name = "observe",
    .summary = "aggregates or published figures as rows of observations",
    .details = details,
    .example = "printf 'nationality,year,asked,given\\nSEN,2014,6600,5514\\n' | marsad observe "
               "--indicator REG_REQUESTS=asked,REG_APPROVALS=given --producer CNDH --as-of 2015",
    .options = options,
    .state_size = sizeof(struct state),
    .open = open_step,
    .push = push_step,
    .flags = STAGE_ROWWISE,
};
