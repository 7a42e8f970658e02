/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * aggregate: groups of rows, and what is counted, summed or averaged in each.
 *
 * A fold: keeps the keys and one accumulator a group and measure (see table/measure.h), emits the
 * groups in the order of their keys at the end.  Margins are folded from the finished groups, so
 * they cost groups, not rows.  What --max-memory does not hold is put aside (table/group_runs.h).
 */
#include <stdlib.h>

#include "base/memory.h"
#include "chain/stage.h"
#include "table/group_runs.h"

static const struct option_spec options[] = {
    {"by", OPTION_COLUMNS, "COL,...", "group by these columns", 0, ""},
    {"count", OPTION_TEXT, "NAME[=COL]", "number of rows, or of rows where COL is not missing",
     OPTION_REPEAT, ""},
    {"missing-count", OPTION_TEXT, "NAME=COL", "number of rows where COL is missing", OPTION_REPEAT,
     ""},
    {"sum", OPTION_TEXT, "NAME=COL[@WEIGHT]", "exact sum of COL, or of COL times WEIGHT",
     OPTION_REPEAT, ""},
    {"mean", OPTION_TEXT, "NAME=COL[@WEIGHT]", "mean", OPTION_REPEAT, ""},
    {"min", OPTION_TEXT, "NAME=COL", "smallest number", OPTION_REPEAT, ""},
    {"max", OPTION_TEXT, "NAME=COL", "largest number", OPTION_REPEAT, ""},
    {"distinct", OPTION_TEXT, "NAME=COL", "number of different values", OPTION_REPEAT, ""},
    {"quantile", OPTION_TEXT, "NAME=COL[@WEIGHT]:P", "quantile, P from 0 to 1", OPTION_REPEAT, ""},
    {"missing", OPTION_CHOICE, "HOW", "what a missing cell does", 0, "skip|fail"},
    {"margins", OPTION_FLAG, "", "add totals (_T) over every set of the group columns", 0, ""},
    OPTION_MEMORY,
    {"FILE", OPTION_INPUT, "FILE", "the records (default: standard input)", 0, ""},
    {.name = ""},
};

static const char details[] =
    "Rows are grouped by the columns of --by (all rows are one group without it), and every group\n"
    "becomes a row: its key, then the measures in the order of the command line.  Groups are "
    "sorted by\n"
    "their keys as text, missing last.\n"
    "\n"
    "Sums are exact: they do not depend on the order of rows, and equal what a clerk would add up. "
    " A\n"
    "mean is an exact sum divided once by an exact count or sum of weights.  A quantile is the "
    "smallest\n"
    "value whose cumulated weight reaches P of the total, and the mean of it and the next one "
    "where P\n"
    "is reached exactly, so that the 0.5 quantile is the median as taught.\n"
    "\n"
    "A row whose value or weight is missing is left out of that measure (--missing-count tells "
    "how\n"
    "many); --missing fail refuses it.  A cell that is no number is an error.  A measure of a "
    "group\n"
    "without any value is missing, but counts are 0.\n"
    "\n"
    "--margins adds the code _T: by nationality and year it adds each nationality over all years, "
    "each\n"
    "year over all nationalities, and the total.  It refuses keys that already hold _T.\n"
    "\n"
    "Memory: one or two hundred bytes a group, whatever the number of rows; --distinct keeps the "
    "different\n"
    "values, --quantile every value.  What --max-memory does not hold (half of the machine's "
    "without "
    "it)\n"
    "waits in a temporary file in the folder that TMPDIR names, or /tmp; the file has no name and "
    "vanishes\n"
    "with the program.  The result is the same.";

enum { MARGIN_KEYS = 12, MUCH = 1 << 20 };

struct aggregate {
    uint32_t *by, keys;
    struct measure **measure;
    uint32_t measures;
    struct groups *groups;
    const uint32_t *order; /* of the groups, at the end */
    struct group_runs *runs;
    size_t memory; /* 0: not asked for yet */
    bool refuse_missing, margins;
};

struct kind_of_option {
    const char *option;
    enum measure_kind kind;
    bool weight, quantile;
};

static const struct kind_of_option kinds[] = {
    {"count", MEASURE_COUNT, false, false},
    {"missing-count", MEASURE_MISSING, false, false},
    {"sum", MEASURE_SUM, true, false},
    {"mean", MEASURE_MEAN, true, false},
    {"min", MEASURE_MIN, false, false},
    {"max", MEASURE_MAX, false, false},
    {"distinct", MEASURE_DISTINCT, false, false},
    {"quantile", MEASURE_QUANTILE, true, true},
};

/* ---- open: NAME=COL[@WEIGHT][:P] ---- */

static bool cut_last(struct text *from, char separator, struct text *tail)
{
    for (uint32_t i = from->len; i-- > 0;) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a text of some length has bytes */
        if (from->at[i] != separator)
            continue;
        *tail = (struct text){from->at + i + 1, from->len - i - 1};
        from->len = i;
        return true;
    }
    return false;
}

static int parse_p(struct step *step, struct text *spec, struct decimal *p)
{
    struct text tail;
    struct decimal one = decimal_of(1);
    *p = cut_last(spec, ':', &tail) ? decimal_parse(tail) : decimal_missing();
    if (p->kind != NUMBER_EXACT || p->mantissa < 0 || decimal_compare(*p, one) > 0)
        return step_fail(
            step, EX_USAGE, NOWHERE,
            "--quantile is NAME=COL[@WEIGHT]:P with P from 0 to 1, as in median=age:0.5");
    return STEP_OK;
}

static int parse_columns(struct step *step, const struct kind_of_option *k, struct text spec,
                         int *column, int *weight)
{
    struct text tail;
    *weight = NO_COLUMN;
    if (k->weight && cut_last(&spec, '@', &tail) && step_find(step, tail, weight) != STEP_OK)
        return STEP_FAIL;
    return step_find(step, spec, column);
}

static int parse_measure(struct step *step, const struct kind_of_option *k, const char *value,
                         struct schema *out)
{
    struct aggregate *a = step_state(step);
    struct text name, spec = text_of(value);
    struct decimal p = decimal_of(0);
    int column = NO_COLUMN, weight = NO_COLUMN;
    text_next(&spec, '=', &name);
    if (text_missing(name) || (!spec.at && k->kind != MEASURE_COUNT))
        return step_fail(step, EX_USAGE, NOWHERE, "--%s is NAME=COL, as in --%s total=persons",
                         k->option, k->option);
    if (k->quantile && parse_p(step, &spec, &p) != STEP_OK)
        return STEP_FAIL;
    if (spec.at && parse_columns(step, k, spec, &column, &weight) != STEP_OK)
        return STEP_FAIL;
    if (schema_add(out, name) == NO_COLUMN)
        return step_fail(step, EX_USAGE, NOWHERE, "two columns of the result are called '%.*s'",
                         (int)name.len, name.at);
    a->measure[a->measures++] = measure_new(k->kind, column, weight, p);
    return STEP_OK;
}

static const struct kind_of_option *find_kind(const char *option)
{
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (strcmp(kinds[k].option, option) == 0)
            return &kinds[k];
    return NULL;
}

static int parse_measures(struct step *step, struct schema *out)
{
    struct aggregate *a = step_state(step);
    const struct options *given = step_options(step);
    a->measure = arena_zarray(step_arena(step), given->count, sizeof *a->measure);
    for (uint32_t i = 0; i < given->count; i++) {
        const struct kind_of_option *k = find_kind(given->value[i].spec->name);
        if (k && parse_measure(step, k, given->value[i].value, out) != STEP_OK)
            return STEP_FAIL;
    }
    if (a->measures == 0 && a->keys == 0)
        return step_fail(step, EX_USAGE, NOWHERE,
                         "asks for nothing: give --by, --count, --sum, ...");
    return STEP_OK;
}

static int aggregate_open(struct step *step, const struct schema *in, struct schema *out)
{
    struct aggregate *a = step_state(step);
    const char *missing = step_option(step, "missing");
    a->refuse_missing = missing && strcmp(missing, "fail") == 0;
    a->margins = step_flag(step, "margins");
    if (step_columns(step, "by", &a->by, &a->keys) != STEP_OK)
        return STEP_FAIL;
    if (a->margins && a->keys > MARGIN_KEYS)
        return step_fail(step, EX_USAGE, NOWHERE, "--margins takes at most %d columns of --by",
                         MARGIN_KEYS);
    for (uint32_t i = 0; i < a->keys; i++)
        schema_add(out, in->name[a->by[i]]);
    a->groups = groups_new(a->keys);
    if (parse_measures(step, out) != STEP_OK)
        return STEP_FAIL;
    a->runs = group_runs_new(a->keys, a->measures);
    return step_option(step, "max-memory") ? step_memory(step, &a->memory) : STEP_OK;
}

/* ---- margins ---- */

/* The group that has _T in the columns of `set` and is `group` elsewhere. */
static uint32_t margin_of(struct aggregate *a, uint32_t group, uint32_t set, struct text *key)
{
    const struct text *own = group_key(a->groups, group);
    for (uint32_t k = 0; k < a->keys; k++)
        key[k] = set >> k & 1 ? TEXT("_T") : own[k];
    return group_find(a->groups, key, NULL);
}

static int fold_margins(struct step *step, uint32_t set, uint32_t groups)
{
    struct aggregate *a = step_state(step);
    uint32_t *into = memory_alloc(groups * sizeof *into);
    struct text key[MARGIN_KEYS];
    bool good = true;
    for (uint32_t i = 0; i < groups; i++)
        into[i] = margin_of(a, i, set, key);
    for (uint32_t m = 0; m < a->measures && good; m++)
        good = measure_fold(a->measure[m], into, groups, groups_count(a->groups));
    free(into);
    return good ? STEP_OK
                : step_fail(step, EX_DATAERR, NOWHERE, "a total outgrows 77 digits; round first");
}

static int add_margins(struct step *step)
{
    struct aggregate *a = step_state(step);
    uint32_t groups = groups_count(a->groups);
    for (uint32_t set = 1; set < 1u << a->keys; set++)
        if (fold_margins(step, set, groups) != STEP_OK)
            return STEP_FAIL;
    return STEP_OK;
}

/* ---- want of memory ---- */

static void settle_measures(struct aggregate *a)
{
    for (uint32_t m = 0; m < a->measures; m++)
        measure_settle(a->measure[m], groups_count(a->groups));
}

/* All groups become a run, with the margins that these rows make, and others may begin. */
static int put_aside(struct step *step)
{
    struct aggregate *a = step_state(step);
    if (a->margins && add_margins(step) != STEP_OK)
        return STEP_FAIL;
    settle_measures(a);
    if (!group_runs_write(a->runs, a->groups, a->measure, step_error(step)))
        return STEP_FAIL;
    groups_free(a->groups);
    a->groups = groups_new(a->keys);
    for (uint32_t m = 0; m < a->measures; m++) {
        struct measure *done = a->measure[m];
        a->measure[m] = measure_like(done);
        measure_free(done);
    }
    return STEP_OK;
}

/* What the machine has is asked for only where there is much. */
static size_t memory_allowed(struct step *step)
{
    struct aggregate *a = step_state(step);
    if (!a->memory)
        (void)step_memory(step, &a->memory);
    return a->memory;
}

static bool is_full(struct step *step)
{
    const struct aggregate *a = step_state(step);
    size_t bytes = groups_bytes(a->groups);
    for (uint32_t m = 0; m < a->measures; m++)
        bytes += measure_bytes(a->measure[m]);
    if (!a->memory && bytes < MUCH)
        return false;
    return bytes > memory_allowed(step) && groups_count(a->groups) > 0;
}

/* ---- push ---- */

static int refuse_total(struct step *step, const struct batch *b, uint32_t row, uint32_t column)
{
    return step_fail(step, EX_DATAERR, batch_place(b, row, column),
                     "column '%.*s' already holds the total code _T; leave such rows out before "
                     "--margins",
                     (int)b->schema->name[column].len, b->schema->name[column].at);
}

static int refuse_totals(struct step *step, const struct batch *b, const struct text *const *cell)
{
    struct aggregate *a = step_state(step);
    for (uint32_t k = 0; k < a->keys; k++)
        for (uint32_t i = 0; i < b->rows; i++)
            if (text_equal(cell[k][i], TEXT("_T")))
                return refuse_total(step, b, i, a->by[k]);
    return STEP_OK;
}

static int find_groups(struct step *step, const struct batch *b, uint32_t *group)
{
    struct aggregate *a = step_state(step);
    const struct text **cell = arena_array(b->arena, a->keys, sizeof *cell);
    for (uint32_t k = 0; k < a->keys; k++)
        cell[k] = batch_text(b, a->by[k]);
    if (a->margins && refuse_totals(step, b, cell) != STEP_OK)
        return STEP_FAIL;
    group_find_rows(a->groups, cell, b->rows, group);
    return STEP_OK;
}

static int refuse_cell(struct step *step, const struct batch *b, const struct measure_fault *f)
{
    struct text name = b->schema->name[f->column];
    return step_fail(step, f->code, batch_place(b, f->row, f->column), "column '%.*s': %s%s",
                     (int)name.len, name.at, f->reason,
                     step_quote(step, batch_text(b, f->column)[f->row]));
}

static int aggregate_push(struct step *step, struct batch *b)
{
    struct aggregate *a = step_state(step);
    uint32_t *group = arena_array(b->arena, b->rows, sizeof *group);
    struct measure_fault fault;
    if (is_full(step) && put_aside(step) != STEP_OK)
        return STEP_FAIL;
    if (find_groups(step, b, group) != STEP_OK)
        return STEP_FAIL;
    for (uint32_t m = 0; m < a->measures; m++)
        if (!measure_add(a->measure[m], b, group, groups_count(a->groups), a->refuse_missing,
                         &fault))
            return refuse_cell(step, b, &fault);
    step_count(step, COUNT_FOLDED, b->rows);
    return STEP_OK;
}

/* The smaller state is added to the larger: nothing of it depends on whose rows came first. */
static void put_larger_first(struct aggregate *a, struct aggregate *b)
{
    struct groups *groups = a->groups;
    if (groups_count(b->groups) <= groups_count(groups))
        return;
    a->groups = b->groups;
    b->groups = groups;
    for (uint32_t m = 0; m < a->measures; m++) {
        struct measure *measure = a->measure[m];
        a->measure[m] = b->measure[m];
        b->measure[m] = measure;
    }
}

static void aggregate_settle(struct step *step)
{
    settle_measures(step_state(step));
}

/* Where something was put aside, the rest of the other worker is too. */
static int join_runs(struct step *step, struct step *other)
{
    struct aggregate *a = step_state(step), *b = step_state(other);
    if (groups_count(b->groups) && put_aside(other) != STEP_OK)
        return STEP_FAIL;
    group_runs_join(a->runs, b->runs);
    b->runs = NULL;
    return STEP_OK;
}

static int aggregate_merge(struct step *step, struct step *other)
{
    struct aggregate *a = step_state(step), *b = step_state(other);
    if (group_runs_any(a->runs) || group_runs_any(b->runs))
        return join_runs(step, other);
    put_larger_first(a, b);
    uint32_t n = groups_count(b->groups);
    uint32_t *map = arena_array(step_arena(other), n, sizeof *map);
    groups_merge(a->groups, b->groups, map);
    for (uint32_t m = 0; m < a->measures; m++)
        if (!measure_merge(a->measure[m], b->measure[m], map, n, groups_count(a->groups)))
            return step_fail(step, EX_DATAERR, NOWHERE, "a sum outgrows 77 digits; round first");
    return STEP_OK;
}

/* ---- finish ---- */

static struct batch *make_groups(const struct step *step, uint64_t number, struct arena *arena)
{
    const struct aggregate *a = step_state_of(step);
    uint32_t most = step_batch_rows(step), groups = groups_count(a->groups);
    uint32_t from = (uint32_t)(number * most), n = groups - from < most ? groups - from : most;
    const uint32_t *group = a->order + from;
    struct batch *b = batch_new(arena, step_out(step), n);
    for (uint32_t k = 0; k < a->keys; k++) {
        struct text *cell = batch_new_text(b, k);
        for (uint32_t i = 0; i < n; i++)
            cell[i] = group_key(a->groups, group[i])[k];
    }
    for (uint32_t m = 0; m < a->measures; m++)
        measure_texts(a->measure[m], group, n, batch_new_text(b, a->keys + m), arena);
    return b;
}

static int emit_groups(struct step *step)
{
    struct aggregate *a = step_state(step);
    uint64_t groups = groups_count(a->groups), most = step_batch_rows(step);
    a->order = groups_order(a->groups, step_arena(step));
    settle_measures(a);
    step_count(step, COUNT_MADE, groups);
    return step_make(step, make_groups, (groups + most - 1) / most);
}

static int emit_runs(struct step *step)
{
    struct aggregate *a = step_state(step);
    uint32_t columns = a->keys + a->measures;
    struct text **cell = arena_array(step_arena(step), columns, sizeof *cell);
    struct error *error = step_error(step);
    int64_t rows = group_runs_begin(a->runs, memory_allowed(step), error) ? 1 : -1;
    int status = STEP_OK;
    while (rows > 0 && status == STEP_OK) {
        struct batch *b = step_batch(step, step_out(step), step_batch_rows(step));
        for (uint32_t c = 0; c < columns; c++)
            cell[c] = batch_new_text(b, c);
        rows = group_runs_next(a->runs, a->measure, b->arena, cell, b->rows, error);
        if (rows <= 0)
            break;
        batch_cut(b, (uint32_t)rows);
        step_count(step, COUNT_MADE, b->rows);
        status = step_emit(step, 0, b);
    }
    return rows < 0 ? STEP_FAIL : status;
}

static int aggregate_finish(struct step *step)
{
    struct aggregate *a = step_state(step);
    if (a->keys == 0)
        group_find(a->groups, NULL, NULL);
    if (group_runs_any(a->runs))
        return put_aside(step) == STEP_OK ? emit_runs(step) : STEP_FAIL;
    if (a->margins && add_margins(step) != STEP_OK)
        return STEP_FAIL;
    return emit_groups(step);
}

static void aggregate_close(struct step *step)
{
    struct aggregate *a = step_state(step);
    for (uint32_t i = 0; i < a->measures; i++)
        measure_free(a->measure[i]);
    groups_free(a->groups);
    group_runs_free(a->runs);
}

const struct stage stage_aggregate = {
    .name = "aggregate",
    .summary = "count, sum and average rows by group, exactly",
    .details = details,
    .example = "printf 'nationality,year,weight\\nSEN,2024,1.5\\nSEN,2024,0.5\\n' |"
               " marsad aggregate --by nationality,year --count n --sum w=weight",
    .options = options,
    .state_size = sizeof(struct aggregate),
    .open = aggregate_open,
    .push = aggregate_push,
    .settle = aggregate_settle,
    .merge = aggregate_merge,
    .finish = aggregate_finish,
    .close = aggregate_close,
};
