/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * indicators: derived indicators by the formulas of a catalogue.
 *
 * A fold: the observations that some formula names are kept in the step's memory, in one copy; all
 * others only pass.  At finish table/derivation computes each formula, sorts its rows and emits
 * them behind the input.  Cost: memory for the operands, a sort of them for each formula.
 */
#include <inttypes.h>

#include "chain/stage.h"
#include "table/derivation.h"

struct state {
    struct observation_layout in;
    const struct schema *out;
    int *from;                 /* out column -> in column, or NO_COLUMN */
    int to[OBS_COLUMNS];       /* named column -> out column, or NO_COLUMN */
    uint32_t *to_dimension;    /* dimension -> out column */
    const struct table *table; /* the catalogue as written */
    struct catalogue catalogue;
    const struct indicator **wanted;
    uint32_t wanted_count;
    struct derivation derivation;
    struct text *last; /* of each in column, the text copied last: runs of equal cells share one */
    struct text code;  /* the indicator seen last, and what it is */
    bool is_operand, is_wanted;
};

static const struct option_spec options[] = {
    {"catalogue", OPTION_LIST, "FILE", "the catalogue of indicators with their formulas", 0,
     "indicator"},
    {"only", OPTION_TEXT, "CODE,...", "these derived indicators only", 0, ""},
    {"only-derived", OPTION_FLAG, "", "leave the input's own rows out", 0, ""},
    {"round", OPTION_FLAG, "", "round to the decimals of the catalogue, half away from zero", 0,
     ""},
    {"across-producers", OPTION_FLAG, "",
     "one figure may have parts of several producers (a series made by rules)", 0, ""},
    {"lang", OPTION_CHOICE, "LANG", "language of the notes", 0, "fr|ar|en"},
    {"FILE", OPTION_INPUT, "FILE", "the observations (default: standard input)", 0, ""},
    {.name = ""},
};

/* ---- open: the columns ---- */

static int add_column(struct state *s, struct schema *out, const struct schema *in,
                      struct text name, int from)
{
    int at = schema_add(out, name);
    if (at == NO_COLUMN)
        return NO_COLUMN;
    s->from[at] = from;
    int named = observation_column(name);
    if (named != NO_COLUMN)
        s->to[named] = at;
    for (uint32_t i = 0; from != NO_COLUMN && i < s->in.dimensions; i++)
        if (text_equal(in->name[s->in.dimension[i]], name))
            s->to_dimension[i] = (uint32_t)at;
    return at;
}

static bool is_always_there(int named)
{
    return named == OBS_UNIT || named == OBS_QUALIFIER || named == OBS_STATUS ||
           named == OBS_SOURCE || named == OBS_NOTE;
}

/* The key as it came, unit behind it; then value and its attributes in their order; then the rest.
 */
static void make_schema(struct state *s, const struct schema *in, struct schema *out)
{
    for (int i = 0; i < s->in.column[OBS_VALUE]; i++)
        add_column(s, out, in, in->name[i], i);
    for (int named = OBS_UNIT; named < OBS_COLUMNS; named++)
        if (s->in.column[named] != NO_COLUMN || is_always_there(named))
            add_column(s, out, in, text_of(observation_name[named]), s->in.column[named]);
    for (uint32_t i = 0; i < in->columns; i++)
        add_column(s, out, in, in->name[i], (int)i);
}

static int need_columns(struct step *step, const struct state *s, const struct schema *in)
{
    if (!step_flag(step, "only-derived"))
        return step_need_all(step);
    for (uint32_t i = 0; i < in->columns; i++)
        if (observation_column(in->name[i]) != NO_COLUMN && step_need(step, i))
            return STEP_FAIL;
    for (uint32_t i = 0; i < s->in.dimensions; i++)
        if (step_need(step, s->in.dimension[i]))
            return STEP_FAIL;
    return STEP_OK;
}

static int open_step(struct step *step, const struct schema *in, struct schema *out)
{
    struct state *s = step_state(step);
    struct arena *a = step_arena(step);
    if (observation_layout(a, in, &s->in, step_error(step)))
        return STEP_FAIL;
    s->from = arena_array(a, (size_t)in->columns + OBS_COLUMNS, sizeof *s->from);
    s->to_dimension = arena_zarray(a, s->in.dimensions, sizeof *s->to_dimension);
    s->last = arena_zarray(a, in->columns, sizeof *s->last);
    for (int i = 0; i < OBS_COLUMNS; i++)
        s->to[i] = NO_COLUMN;
    make_schema(s, in, out);
    s->out = out;
    s->table = step_option(step, "catalogue") ? step_table(step, "catalogue", 0)
                                              : step_reference(step, "indicator");
    return s->table ? need_columns(step, s, in) : STEP_FAIL;
}

/* ---- start: the catalogue ---- */

static const struct indicator *derived_find(const struct state *s, struct text code)
{
    const struct indicator *i = catalogue_find(&s->catalogue, code);
    return i && i->formula.kind != FORMULA_NONE ? i : NULL;
}

static int choose_wanted(struct step *step, struct state *s)
{
    const char *only = step_option(step, "only");
    struct text list = only ? text_of(only) : TEXT(""), code;
    s->wanted = arena_array(step_arena(step), s->catalogue.count, sizeof *s->wanted);
    for (uint32_t i = 0; !only && i < s->catalogue.count; i++)
        if (s->catalogue.indicator[i].formula.kind != FORMULA_NONE)
            s->wanted[s->wanted_count++] = &s->catalogue.indicator[i];
    while (only && text_next(&list, ',', &code)) {
        const struct indicator *i = derived_find(s, code);
        if (!i)
            return step_fail(step, EX_USAGE, NOWHERE,
                             "--only: the catalogue has no formula for %.*s", (int)code.len,
                             code.at);
        for (uint32_t k = 0; k < s->wanted_count; k++)
            if (s->wanted[k] == i)
                return step_fail(step, EX_USAGE, NOWHERE, "--only: %.*s is named twice",
                                 (int)code.len, code.at);
        s->wanted[s->wanted_count++] = i;
    }
    return STEP_OK;
}

/* The code list that tells countries from groups, by the name of the dimension. */
static const struct table *dimension_list(struct step *step, struct text name)
{
    if (text_equal(name, TEXT("nationality")) || text_equal(name, TEXT("destination")))
        return step_reference(step, "nationality");
    return NULL;
}

static int prepare(struct step *step, struct state *s)
{
    struct derivation *d = &s->derivation;
    struct arena *a = step_arena(step);
    struct text *name = arena_array(a, s->in.dimensions, sizeof *name);
    d->arena = a;
    d->error = step_error(step);
    d->catalogue = &s->catalogue;
    d->dimensions = s->in.dimensions;
    d->dimension = name;
    d->list = arena_zarray(a, s->in.dimensions, sizeof *d->list);
    d->across = step_flag(step, "across-producers");
    d->round = step_flag(step, "round");
    d->language = language_of(step_option(step, "lang"));
    for (uint32_t i = 0; i < s->in.dimensions; i++) {
        name[i] = step_in(step)->name[s->in.dimension[i]];
        d->list[i] = dimension_list(step, name[i]);
    }
    if (ranks_read(step_reference(step, "obs_status"), &d->ranks[0], d->error) ||
        ranks_read(step_reference(step, "conf_status"), &d->ranks[1], d->error))
        return STEP_FAIL;
    return STEP_OK;
}

static int start_step(struct step *step)
{
    struct state *s = step_state(step);
    if (catalogue_read(step_arena(step), s->table, &s->catalogue, step_error(step)))
        return STEP_FAIL;
    if (choose_wanted(step, s))
        return STEP_FAIL;
    return prepare(step, s);
}

/* ---- push: keep the operands ---- */

static void classify(struct state *s, struct text code)
{
    s->is_operand = s->is_wanted = false;
    for (uint32_t i = 0; i < s->wanted_count; i++) {
        const struct indicator *w = s->wanted[i];
        s->is_operand |= text_equal(w->formula.a, code) || text_equal(w->formula.b, code);
        s->is_wanted |= text_equal(w->code, code);
    }
}

static struct text keep(struct step *step, struct state *s, int column, struct text t)
{
    if (!text_equal(s->last[column], t) || !s->last[column].at)
        s->last[column] = text_copy(step_arena(step), t);
    return s->last[column];
}

static int bad_cell(struct step *step, const struct batch *in, uint32_t row, int column,
                    enum observation_column named)
{
    static const char *const what[OBS_COLUMNS] = {
        [OBS_PERIOD] = "period is no period (2018, 2018-Q3, 2018-01-01/P9M)",
        [OBS_AS_OF] = "as_of is neither a period nor _U",
        [OBS_VALUE] = "value is not a number",
        [OBS_QUALIFIER] = "qualifier is none of ~ > <",
    };
    return step_fail(step, EX_DATAERR, batch_place(in, row, (uint32_t)column), "%s%s", what[named],
                     step_quote(step, batch_text(in, (uint32_t)column)[row]));
}

static int keep_row(struct step *step, struct state *s, const struct batch *in, uint32_t row)
{
    struct arena *a = step_arena(step);
    struct observation *o = arena_zalloc(a, sizeof *o);
    o->dimension = arena_array(a, s->in.dimensions, sizeof *o->dimension);
    o->record = step_rows(step) + row + 1;
    for (int i = 0; i < OBS_COLUMNS; i++) {
        int c = s->in.column[i];
        o->field[i] =
            c == NO_COLUMN ? TEXT("") : keep(step, s, c, batch_text(in, (uint32_t)c)[row]);
    }
    for (uint32_t i = 0; i < s->in.dimensions; i++) {
        uint32_t c = s->in.dimension[i];
        o->dimension[i] = keep(step, s, (int)c, batch_text(in, c)[row]);
    }
    enum observation_column fault = observation_parse(o);
    if (fault != OBS_COLUMNS)
        return bad_cell(step, in, row, s->in.column[fault], fault);
    figures_add(a, &s->derivation.in, o);
    return STEP_OK;
}

static int pass(struct step *step, struct state *s, const struct batch *in)
{
    struct batch *out = batch_derive(in, s->out);
    for (uint32_t c = 0; c < s->out->columns; c++) {
        if (s->from[c] == NO_COLUMN)
            batch_fill_text(out, c, TEXT(""));
        else
            batch_share(out, c, in, (uint32_t)s->from[c]);
    }
    return step_emit(step, 0, out);
}

static int push_step(struct step *step, struct batch *in)
{
    struct state *s = step_state(step);
    uint32_t column = (uint32_t)s->in.column[OBS_INDICATOR];
    const struct text *code = batch_text(in, column);
    for (uint32_t row = 0; row < in->rows; row++) {
        if (!s->code.at || !text_equal(s->code, code[row])) {
            s->code = text_copy(step_arena(step), code[row]);
            classify(s, s->code);
        }
        if (s->is_wanted)
            return step_fail(step, EX_DATAERR, batch_place(in, row, column),
                             "this derived indicator is in the input already: leave its rows out, "
                             "or choose others with --only");
        if (s->is_operand && keep_row(step, s, in, row))
            return STEP_FAIL;
    }
    if (!step_flag(step, "only-derived"))
        return pass(step, s, in);
    step_count(step, COUNT_FOLDED, in->rows);
    return STEP_OK;
}

/* ---- finish ---- */

static void tell_left_out(struct step *step, const struct derivation *d, const struct indicator *i)
{
    const struct formula *f = &i->formula;
    if (d->unmatched)
        step_warn(step, NOWHERE,
                  "%.*s: %" PRIu64
                  " figures of %.*s have no %.*s of the same key%s: no row for them",
                  (int)i->code.len, i->code.at, d->unmatched, (int)f->a.len, f->a.at, (int)f->b.len,
                  f->b.at, d->across ? "" : ", producer and vintage");
    if (d->misfits)
        step_warn(step, NOWHERE,
                  "%.*s: %" PRIu64 " figures in another unit than the catalogue's were left out",
                  (int)i->code.len, i->code.at, d->misfits);
}

static void fill_column(const struct state *s, struct batch *out, uint32_t column, uint32_t from)
{
    struct text *cell = batch_new_text(out, column);
    const struct figures *f = &s->derivation.out;
    int named = observation_column(s->out->name[column]);
    for (uint32_t i = 0; i < out->rows; i++)
        cell[i] = named == NO_COLUMN ? TEXT("") : f->at[from + i]->field[named];
}

static void fill_dimensions(const struct state *s, struct batch *out, uint32_t from)
{
    for (uint32_t k = 0; k < s->in.dimensions; k++) {
        struct text *cell = batch_new_text(out, s->to_dimension[k]);
        for (uint32_t i = 0; i < out->rows; i++)
            cell[i] = s->derivation.out.at[from + i]->dimension[k];
    }
}

static int emit_derived(struct step *step, const struct state *s)
{
    uint32_t count = s->derivation.out.count, most = step_batch_rows(step);
    step_count(step, COUNT_MADE, count);
    for (uint32_t from = 0; from < count; from += most) {
        struct batch *out = step_batch(step, s->out, count - from < most ? count - from : most);
        for (uint32_t c = 0; c < s->out->columns; c++)
            fill_column(s, out, c, from);
        fill_dimensions(s, out, from);
        int result = step_emit(step, 0, out);
        if (result != STEP_OK)
            return result;
    }
    return STEP_OK;
}

static int finish_step(struct step *step)
{
    struct state *s = step_state(step);
    for (uint32_t i = 0; i < s->wanted_count; i++) {
        if (derivation_run(&s->derivation, s->wanted[i]))
            return STEP_FAIL;
        tell_left_out(step, &s->derivation, s->wanted[i]);
    }
    derivation_sort(&s->derivation);
    return emit_derived(step, s);
}

static const char details[] =
    "The formulas of the catalogue are computed over rows of observations: ratio(A, B),\n"
    "share(A, dimension), per(A, B, n), index(A, period), cumulative(A), change(A),\n"
    "growth(A), moving_average(A, n). A and B are observed indicators of the same catalogue.\n"
    "Derived rows follow the input, sorted by indicator, dimensions, period, producer, as_of,\n"
    "scope and unit; --only-derived leaves the input out. A result of unit PT is in percent.\n"
    "Nothing is rounded unless --round asks: then the exact quotient is, half away from zero,\n"
    "to the catalogue's decimals.\n"
    "\n"
    "Two producers are never mixed. The parts of a ratio have the same producer, dimensions,\n"
    "scope, period and vintage (as_of); a figure without such a counterpart gives no row, and\n"
    "a warning counts them. Formulas over periods take of each period the latest vintage of\n"
    "the producer (2018 counts as its last day); an approximate figure or a bound (~ > <)\n"
    "never supersedes an exact one, nor an unknown vintage (_U) a known one. Two different\n"
    "figures for one key are refused: reconcile them first. With --across-producers the rows\n"
    "are taken for a series made by rules, one figure a cell: a result of several producers\n"
    "then has producer marsad, and its source names them. The same goes for a rate per\n"
    "inhabitants whose two parts have different producers by nature.\n"
    "\n"
    "A share is of the published total (_T) of its dimension. Where there is none it is of\n"
    "the sum of the parts, if there are two or more and none is missing, and the note says\n"
    "so. Groups such as X_SSA are never added to countries. A figure published only as a\n"
    "percentage is never turned into a count. A result has the breakdowns that the catalogue\n"
    "gives its indicator; in every other dimension of the catalogue only totals (_T or empty)\n"
    "are used. A dimension that the catalogue does not know is kept as it is.\n"
    "\n"
    "change, growth and moving_average need the adjacent period: the year before a year, the\n"
    "same months a year earlier for a part of a year. A day, such as a census, is compared\n"
    "with the day before it in the series, and the note says which. Several years taken\n"
    "together (2018-01-01/P5Y) are no period of a series. cumulative adds years only, from\n"
    "the first on, never parts of years; a year that is missing leaves it empty from there,\n"
    "with a note that names the gap. What cannot be computed is a row without a value, with\n"
    "status L (M after a division by zero) and a note. A result has the worst status of its\n"
    "parts, the latest as_of, and the qualifier that follows: more than 80 added to 229 is\n"
    "more than 309; where the direction is unclear it is ~. Notes are in the language of --lang,\n"
    "French where it is not given, and write periods out.";

static const char example[] =
    "printf 'indicator,period,producer,as_of,unit,value\\nREG_APPROVALS,2014,CNDH,2015,PS,23096\\n"
    "REG_REQUESTS,2014,CNDH,2015,PS,27649\\n' | marsad indicators --round --only REG_APPROVAL_RATE";

const struct stage stage_indicators = {
    .name = "indicators",
    .summary =
        "derived indicators (rates, shares, cumulative sums, growth) by the catalogue's formulas",
    .details = details,
    .example = example,
    .options = options,
    .state_size = sizeof(struct state),
    .open = open_step,
    .start = start_step,
    .push = push_step,
    .finish = finish_step,
};
