/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * calibrate: weights whose totals are known ones, and adjustment for non-response before it.
 *
 * A fold that gives every row back: cells that somebody behind reads are kept (as sort does), and
 * beside them the sparse rows of table/margins.h and the weights.  stat/calibration.h does the rest
 * at the end, so that either all rows come out with weights that meet the margins, or none.
 */
#include "calibrate.h"

#include "base/memory.h"
#include "stages/calibration_option.h"
#include "table/group.h"

#include <math.h>
#include <stdlib.h>

enum { CELLS_MOST = 5000, ROWS_AT_ONCE = 512 };

static const struct option_spec options[] = {
    {"weight", OPTION_COLUMN, "COL", "the weight to start from", OPTION_REQUIRED, ""},
    {"margins", OPTION_TABLE, "FILE", "known totals: variable,level,total; may be repeated",
     OPTION_REPEAT, ""},
    {"method", OPTION_CHOICE, "METHOD", "the distance that is kept small", 0,
     "linear|raking|logit|truncated"},
    {"bounds", OPTION_TEXT, "L,U", "of the new weight over the old (logit, truncated)", 0, ""},
    {"by-household", OPTION_COLUMNS, "COL,...", "one weight for all persons of a household", 0, ""},
    {"scale", OPTION_COLUMN, "COL", "rows with more of it are changed less (1/q)", 0, ""},
    {"partial", OPTION_FLAG, "", "records may have levels that a margin does not list", 0, ""},
    {"drop-empty", OPTION_FLAG, "", "leave out margins that no record has, with a warning", 0, ""},
    {"response", OPTION_COLUMN, "COL",
     "1: answered, 0: did not; their weight goes to those who did", 0, ""},
    {"cells", OPTION_COLUMNS, "COL,...", "... within cells of these columns", 0, ""},
    {"trim", OPTION_TEXT, "LO,HI", "cut the weights to this range, and share out what was cut", 0,
     ""},
    {"trim-strict", OPTION_FLAG, "", "... until no weight is outside", 0, ""},
    {"replicates", OPTION_TEXT, "COL,...|PREFIX*", "treat these replicate weights alike, in place",
     0, ""},
    {"replicate-factors", OPTION_FLAG, "", "they are factors on --weight, and become weights", 0,
     ""},
    {"as", OPTION_TEXT, "NAME", "name of the new column", 0, "w_cal"},
    {"report", OPTION_OUTPUT, "FILE", "write each margin before and after here", 0, ""},
    {"FILE", OPTION_INPUT, "FILE", "the records (default: standard input)", 0, ""},
    {.name = ""},
};

/* ---- open ---- */

static void need_column(void *step, uint32_t column)
{
    if (step)
        step_need(step, column);
}

/* `need` is the step in open, NULL in start. */
static int bind_margins(struct step *step, struct step *need)
{
    struct calibrate *c = step_state(step);
    struct text missing;
    for (uint32_t i = 0; i < c->tables; i++)
        if (margins_add(c->margins, c->table[i], step_error(step)) != 0)
            return STEP_FAIL;
    if (margins_bind(c->margins, step_in(step), need_column, need, &missing) != 0) {
        int none;
        return step_find(step, missing, &none);
    }
    c->bound = true;
    if (margins_count(c->margins) > CELLS_MOST && margins_variables(c->margins) > 1)
        return step_fail(step, EX_DATAERR, NOWHERE, "over %d margins; cross fewer columns",
                         CELLS_MOST);
    return STEP_OK;
}

/* Margins that another pipeline of the run makes have no rows yet: any column may be theirs. */
static int open_margins(struct step *step)
{
    struct calibrate *c = step_state(step);
    bool complete = true;
    c->tables = step_option_count(step, "margins");
    c->table = arena_array(step_arena(step), c->tables, sizeof *c->table);
    c->margins = margins_new(step_arena(step));
    for (uint32_t i = 0; i < c->tables; i++) {
        c->table[i] = step_table(step, "margins", i);
        if (!c->table[i])
            return STEP_FAIL;
        complete = complete && c->table[i]->rows > 0;
    }
    return complete ? bind_margins(step, step) : step_need_all(step);
}

/* One item of --replicates: a column, or all that begin with what stands before `*`. */
static int find_replicates(struct step *step, const struct schema *in, struct text item)
{
    struct calibrate *c = step_state(step);
    uint32_t before = c->replicates;
    bool prefix = item.len && item.at[item.len - 1] == '*';
    int found;
    if (!prefix) {
        int result = step_find(step, item, &found);
        c->replicate_column[c->replicates++] = (uint32_t)found;
        return result;
    }
    item.len--;
    for (uint32_t i = 0; i < in->columns; i++)
        if (text_starts(in->name[i], item)) {
            c->replicate_column[c->replicates++] = i;
            step_need(step, i);
        }
    if (c->replicates == before)
        return step_fail(step, EX_DATAERR, NOWHERE, "no column begins with '%.*s'", (int)item.len,
                         item.at);
    return STEP_OK;
}

static int open_replicates(struct step *step, const struct schema *in)
{
    struct calibrate *c = step_state(step);
    const char *value = step_option(step, "replicates");
    struct text list = text_of(value ? value : ""), item;
    size_t most = (size_t)in->columns * (list.len + 1);
    c->replicate_column = arena_array(step_arena(step), most, sizeof *c->replicate_column);
    while (value && text_next(&list, ',', &item))
        if (find_replicates(step, in, item) != STEP_OK)
            return STEP_FAIL;
    c->replicate = arena_zarray(step_arena(step), c->replicates, sizeof *c->replicate);
    bool *leave = arena_zarray(step_arena(step), in->columns, sizeof *leave);
    for (uint32_t r = 0; r < c->replicates; r++)
        leave[c->replicate_column[r]] = true;
    c->kept = kept_rows_new(step_arena(step), in, leave);
    return STEP_OK;
}

static int open_columns(struct step *step)
{
    struct calibrate *c = step_state(step);
    c->scale = c->response = NO_COLUMN;
    if (step_column(step, "weight", &c->weight) != STEP_OK ||
        (step_option(step, "scale") && step_column(step, "scale", &c->scale) != STEP_OK) ||
        (step_option(step, "response") && step_column(step, "response", &c->response) != STEP_OK) ||
        step_columns(step, "by-household", &c->household_column, &c->household_columns) !=
            STEP_OK ||
        step_columns(step, "cells", &c->cell_column, &c->cell_columns) != STEP_OK)
        return STEP_FAIL;
    if (c->cell_columns && c->response == NO_COLUMN)
        return step_fail(step, EX_USAGE, NOWHERE, "--cells belongs to --response");
    c->households = groups_new(c->household_columns);
    c->cells = groups_new(c->cell_columns);
    return STEP_OK;
}

static int open_output(struct step *step, const struct schema *in, struct schema *out)
{
    struct calibrate *c = step_state(step);
    const char *as = step_option(step, "as");
    struct schema *report = schema_new(step_arena(step));
    as = as ? as : "w_cal";
    schema_add_all(out, in);
    if (schema_add(out, text_of(as)) == NO_COLUMN ||
        (c->response != NO_COLUMN &&
         schema_add(out, text_of(arena_print(step_arena(step), "%s_base", as))) == NO_COLUMN))
        return step_fail(step, EX_USAGE, NOWHERE,
                         "the input already has a column '%s' (or '%s_base'); choose with --as", as,
                         as);
    schema_add(report, TEXT("variable"));
    schema_add(report, TEXT("level"));
    schema_add(report, TEXT("total"));
    schema_add(report, TEXT("before"));
    schema_add(report, TEXT("after"));
    c->report_schema = report;
    c->report = step_port(step, "report", report);
    return STEP_OK;
}

static int calibrate_open(struct step *step, const struct schema *in, struct schema *out)
{
    struct calibrate *c = step_state(step);
    c->partial = step_flag(step, "partial");
    c->strict = step_flag(step, "trim-strict");
    c->factors = step_flag(step, "replicate-factors");
    if (step_option(step, "trim") &&
        option_range(step, "trim", &c->trim_low, &c->trim_high) != STEP_OK)
        return STEP_FAIL;
    if (!step_option(step, "margins") && !step_option(step, "response") &&
        !step_option(step, "trim"))
        return step_fail(step, EX_USAGE, NOWHERE, "give --margins, --response or --trim");
    if (option_rule(step, "method", "bounds", &c->rule) != STEP_OK ||
        open_columns(step) != STEP_OK || open_margins(step) != STEP_OK ||
        open_replicates(step, in) != STEP_OK)
        return STEP_FAIL;
    return open_output(step, in, out);
}

static int calibrate_start(struct step *step)
{
    struct calibrate *c = step_state(step);
    return c->bound ? STEP_OK : bind_margins(step, NULL);
}

/* ---- push ---- */

static int refuse(struct step *step, const struct batch *b, uint32_t row, uint32_t column,
                  const char *reason)
{
    struct text name = b->schema->name[column];
    return step_fail(step, EX_DATAERR, batch_place(b, row, column), "column '%.*s': %s%s",
                     (int)name.len, name.at, reason, step_quote(step, batch_text(b, column)[row]));
}

/* Appends a column of numbers >= least. */
static int push_reals(struct step *step, const struct batch *b, uint32_t column, double least,
                      const char *reason, struct reals *to)
{
    struct calibrate *c = step_state(step);
    const double *x = batch_real(b, column);
    to->at = memory_grow(to->at, &to->room, (size_t)c->rows + b->rows, sizeof *to->at);
    for (uint32_t i = 0; i < b->rows; i++) {
        if (!(x[i] >= least))
            return refuse(step, b, i, column, reason);
        to->at[c->rows + i] = x[i];
    }
    return STEP_OK;
}

static void push_codes(struct step *step, const struct batch *b, struct groups *groups,
                       const uint32_t *column, uint32_t columns, struct codes *to)
{
    struct calibrate *c = step_state(step);
    const struct text **cell = arena_array(b->arena, columns, sizeof *cell);
    struct text *key = arena_array(b->arena, columns, sizeof *key);
    to->at = memory_grow(to->at, &to->room, (size_t)c->rows + b->rows, sizeof *to->at);
    for (uint32_t k = 0; k < columns; k++)
        cell[k] = batch_text(b, column[k]);
    for (uint32_t i = 0; i < b->rows; i++) {
        for (uint32_t k = 0; k < columns; k++)
            key[k] = cell[k][i];
        to->at[c->rows + i] = group_find(groups, key, NULL);
    }
}

static int push_response(struct step *step, const struct batch *b)
{
    struct calibrate *c = step_state(step);
    const struct text *cell = batch_text(b, (uint32_t)c->response);
    c->responds =
        memory_grow(c->responds, &c->responds_room, (size_t)c->rows + b->rows, sizeof *c->responds);
    for (uint32_t i = 0; i < b->rows; i++) {
        c->responds[c->rows + i] = text_equal(cell[i], TEXT("1"));
        if (!c->responds[c->rows + i] && !text_equal(cell[i], TEXT("0")))
            return refuse(step, b, i, (uint32_t)c->response, "response is 1 or 0");
    }
    return STEP_OK;
}

/* Rows of X; those without weight need not have their margins. */
static int push_margins(struct step *step, const struct batch *b)
{
    struct calibrate *c = step_state(step);
    struct margins_fault fault;
    bool *leave = arena_array(b->arena, b->rows, sizeof *leave);
    for (uint32_t i = 0; i < b->rows; i++)
        leave[i] = c->base.at[c->rows + i] == 0 || (c->responds && !c->responds[c->rows + i]);
    c->row_of.at =
        memory_grow(c->row_of.at, &c->row_of.room, (size_t)c->rows + b->rows, sizeof *c->row_of.at);
    uint32_t *row_of = c->row_of.at + c->rows;
    bool own = c->household_columns || c->scale != NO_COLUMN;
    for (uint32_t i = 0; i < b->rows; i++)
        row_of[i] = c->rows + i;
    if (margins_code(c->margins, b, leave, c->partial, &c->x, own ? NULL : row_of, &fault))
        return STEP_OK;
    return refuse(step, b, fault.row, fault.column, fault.reason);
}

static int calibrate_push(struct step *step, struct batch *b)
{
    static const char *const no_weight =
        "a weight is missing, below 0 or no number; set it to 0 to "
        "leave the record out";
    struct calibrate *c = step_state(step);
    if (c->rows > INT32_MAX - b->rows)
        return step_fail(step, EX_DATAERR, NOWHERE, "over %d rows", INT32_MAX);
    if (push_reals(step, b, (uint32_t)c->weight, 0, no_weight, &c->base) != STEP_OK ||
        (c->scale != NO_COLUMN && push_reals(step, b, (uint32_t)c->scale, 0x1p-1000,
                                             "--scale must be above 0", &c->scales) != STEP_OK) ||
        (c->response != NO_COLUMN && push_response(step, b) != STEP_OK) ||
        push_margins(step, b) != STEP_OK)
        return STEP_FAIL;
    for (uint32_t r = 0; r < c->replicates; r++) {
        if (push_reals(step, b, c->replicate_column[r], 0, no_weight, &c->replicate[r]) != STEP_OK)
            return STEP_FAIL;
        for (uint32_t i = c->rows; c->factors && i < c->rows + b->rows; i++)
            c->replicate[r].at[i] *= c->base.at[i];
    }
    if (c->household_columns)
        push_codes(step, b, c->households, c->household_column, c->household_columns,
                   &c->household);
    if (c->responds)
        push_codes(step, b, c->cells, c->cell_column, c->cell_columns, &c->cell);
    kept_rows_add(c->kept, b);
    c->rows += b->rows;
    return STEP_OK;
}

/* ---- finish: what is told and written ---- */

static void sum_margins(const struct calibrate *c, const double *weight, double *sum)
{
    double *of_row = memory_zalloc((size_t)c->x.rows * sizeof *of_row);
    memset(sum, 0, margins_count(c->margins) * sizeof *sum);
    for (uint32_t k = 0; k < c->rows; k++)
        of_row[c->row_of.at[k]] += weight[k];
    for (uint32_t row = 0; row < c->x.rows; row++)
        for (size_t i = c->x.start[row]; i < c->x.start[row + 1]; i++)
            sum[c->x.column[i]] += of_row[row] * c->x.value[i];
    free(of_row);
}

static void warn_of_weights(struct step *step, const double *weight, const double *after)
{
    struct calibrate *c = step_state(step);
    const double *total = margins_total(c->margins);
    uint32_t negative = 0;
    double off = 0;
    for (uint32_t k = 0; k < c->rows; k++)
        negative += weight[k] < 0;
    for (uint32_t j = 0; j < margins_count(c->margins); j++)
        off = fmax(off, fabs(after[j] - total[j]) / (1 + fabs(total[j])));
    if (negative)
        step_warn(step, NOWHERE,
                  "weights below 0: %u; --method raking, logit or truncated gives none", negative);
    if (off > 1e-9)
        step_warn(step, NOWHERE, "trimming moved the weights off the margins, by up to %.3g %%",
                  100 * off);
}

static int emit_report(struct step *step, const double *after)
{
    struct calibrate *c = step_state(step);
    uint32_t n = margins_count(c->margins);
    if (!c->report)
        return STEP_OK;
    struct batch *b = step_batch(step, c->report_schema, n);
    struct text *variable = batch_new_text(b, 0), *level = batch_new_text(b, 1);
    const double *column[] = {margins_total(c->margins), c->before, after};
    for (uint32_t j = 0; j < n; j++) {
        variable[j] = margins_variable(c->margins, j);
        level[j] = margins_level(c->margins, j);
    }
    for (uint32_t k = 0; k < 3; k++) {
        double *x = batch_new_real(b, 2 + k);
        for (uint32_t j = 0; j < n; j++)
            x[j] = column[k][j];
    }
    return step_emit(step, c->report, b);
}

static void fill_reals(struct batch *b, uint32_t column, const double *from)
{
    double *to = batch_new_real(b, column);
    for (uint32_t i = 0; i < b->rows; i++)
        to[i] = calibrate_rounded(from[i]);
}

static uint32_t rows_at_once(const struct step *step)
{
    uint32_t most = step_batch_rows(step);
    return most < ROWS_AT_ONCE ? most : ROWS_AT_ONCE;
}

static struct batch *make_rows(const struct step *step, uint64_t number, struct arena *arena)
{
    const struct calibrate *c = step_state_of(step);
    uint32_t most = rows_at_once(step), first = (uint32_t)(number * most);
    uint32_t columns = step_in(step)->columns;
    struct batch *b =
        batch_new(arena, step_out(step), c->rows - first < most ? c->rows - first : most);
    kept_rows_take(c->kept, b, first);
    if (b->column[c->weight])
        batch_set_real(b, (uint32_t)c->weight, c->base.at + first);
    for (uint32_t r = 0; r < c->replicates; r++)
        fill_reals(b, c->replicate_column[r], c->replicate[r].at + first);
    fill_reals(b, columns, c->after + first);
    if (c->responds)
        fill_reals(b, columns + 1, c->adjusted + first);
    return b;
}

static void drop_empty(struct step *step)
{
    struct calibrate *c = step_state(step);
    double *base = arena_zarray(step_arena(step), c->x.rows, sizeof *base);
    struct calibration_units units = {
        c->x.rows, margins_count(c->margins), c->x.start, c->x.column, c->x.value, base, NULL};
    for (uint32_t k = 0; k < c->rows; k++)
        base[c->row_of.at[k]] += c->responds && !c->responds[k] ? 0 : c->base.at[k];
    leave_out_empty(step, c->margins, &units);
}

static int weigh_all(struct step *step, double *weight)
{
    struct calibrate *c = step_state(step);
    struct arena *arena = step_arena(step);
    if (calibrate_weigh(step, weight, c->responds ? c->adjusted : NULL, "") != STEP_OK)
        return STEP_FAIL;
    for (uint32_t r = 0; r < c->replicates; r++) {
        struct text name = step_in(step)->name[c->replicate_column[r]];
        const char *where = arena_print(arena, "replicate '%.*s': ", (int)name.len, name.at);
        if (calibrate_weigh(step, c->replicate[r].at, NULL, where) != STEP_OK)
            return STEP_FAIL;
    }
    return STEP_OK;
}

static int calibrate_finish(struct step *step)
{
    struct calibrate *c = step_state(step);
    struct arena *arena = step_arena(step);
    uint32_t margins = margins_count(c->margins), most = rows_at_once(step);
    double *weight = arena_array(arena, c->rows, sizeof *weight);
    double *after = arena_zarray(arena, margins, sizeof *after);
    c->before = arena_zarray(arena, margins, sizeof *c->before);
    c->adjusted = c->responds ? arena_array(arena, c->rows, sizeof *c->adjusted) : c->base.at;
    c->after = weight;
    if (c->rows == 0 && margins > 0)
        return step_fail(step, EX_DATAERR, NOWHERE,
                         "there are no records to meet the margins with");
    if (c->rows == 0)
        return emit_report(step, after);
    memcpy(weight, c->base.at, c->rows * sizeof *weight);
    if (step_flag(step, "drop-empty"))
        drop_empty(step);
    if (weigh_all(step, weight) != STEP_OK)
        return STEP_FAIL;
    if (c->report)
        sum_margins(c, c->adjusted, c->before);
    sum_margins(c, weight, after);
    warn_of_weights(step, weight, after);
    int result = step_make(step, make_rows, ((uint64_t)c->rows + most - 1) / most);
    return result == STEP_OK ? emit_report(step, after) : result;
}

static void calibrate_close(struct step *step)
{
    struct calibrate *c = step_state(step);
    margins_free(c->margins);
    margin_rows_free(&c->x);
    groups_free(c->households);
    groups_free(c->cells);
    free(c->base.at);
    free(c->scales.at);
    free(c->household.at);
    free(c->cell.at);
    free(c->row_of.at);
    free(c->responds);
    for (uint32_t r = 0; c->replicate && r < c->replicates; r++)
        free(c->replicate[r].at);
}

const struct stage stage_calibrate = {
    .name = "calibrate",
    .summary = "weights that meet known totals; adjustment for non-response; trimming",
    .details =
        "Rows get a new weight, as near to --weight as can be, whose totals are those of "
        "--margins: "
        "what is known of the population from a census or a register. The new column (w_cal, or "
        "--as) comes last; all else passes through unchanged.\n"
        "\n"
        "A file of margins has columns variable, level, total. A variable is a column of the "
        "records, "
        "or several that are crossed: 'region*sex' with level '03*F'. An empty level means the "
        "total "
        "of a number: variable 'income', or 'region*income' with level '03*'. Variable '_T' is the "
        "number of records. A file without a column 'variable' is a table of counts whose columns "
        "other than 'total' are crossed. Levels compare by their bytes: 1 is not 01. Every record "
        "must have one of the levels of each variable; --partial lets others stay outside. A level "
        "that no record has is an error, unless --drop-empty leaves it out.\n"
        "\n"
        "One crossing alone is post-stratification. --method linear (the default) is the general "
        "regression estimator, whose weights may fall below 0, raking keeps them above it, logit "
        "and "
        "truncated keep the new weight over the old within --bounds L,U. --scale is the column by "
        "which a ratio estimator weighs distances. --by-household gives all persons of a household "
        "the same weight; they must start from the same one.\n"
        "\n"
        "The totals are met to 1e-10, or the run ends with exit code 65 and writes nothing: the "
        "message names the margins that cannot be met and, where there are bounds, the nearest "
        "ones "
        "that can. Margins that contradict each other (regions and sexes that do not add up to the "
        "same) are named too.\n"
        "\n"
        "--response COL (1 or 0) comes first: within --cells the weight of those who did not "
        "answer "
        "goes to those who did, and theirs becomes 0; the rows stay, since a design must not be "
        "cut. "
        "The weight between is column w_cal_base. --trim LO,HI comes last: weights outside are "
        "cut, "
        "and what was cut is shared out equally among the others, which can push some of them "
        "outside "
        "again; --trim-strict repeats until none is. Trimmed weights no longer meet the margins, "
        "and "
        "a warning says by how much.\n"
        "\n"
        "Standard errors: 'estimate --weight w_cal --base-weight W --calibrated MARGINS' takes the "
        "residuals of the regression on the margins (Deville and Sarndal 1992), also in domains: "
        "give "
        "it the same margins, and the same --by-household and --scale. W is the column of --weight "
        "here, or w_cal_base where there was --response. By replicates, either 'estimate "
        "--replicate-type ...' beside --calibrated calibrates each of them anew, or --replicates "
        "'bw*' does it here: each column is adjusted, calibrated and trimmed by itself, in its "
        "place (--replicate-factors: it is multiplied by --weight first), and 'estimate "
        "--replicates' takes them as they are.\n"
        "\n"
        "Memory: the cells that are read behind this stage, and 12 bytes a row and margin "
        "variable.",
    .example = "printf 'region,answered,w\\n01,1,10\\n01,0,20\\n02,1,15\\n' | "
               "marsad calibrate --weight w --response answered --cells region",
    .options = options,
    .state_size = sizeof(struct calibrate),
    .open = calibrate_open,
    .start = calibrate_start,
    .push = calibrate_push,
    .finish = calibrate_finish,
    .close = calibrate_close,
};
