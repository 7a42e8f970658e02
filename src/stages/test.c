/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test: are two columns of a sample survey independent?  Rao and Scott's tests and Wald's.
 *
 * For each --by two folds (estimate_fold.c) keep sums of weights by unit: of the cells of the
 * table, and of the whole domain, so that records that miss a level are counted.  The tests
 * themselves are in stat/rao_scott.h.
 */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stages/design_option.h"
#include "stages/estimate_replicate.h"
#include "stages/result_rows.h"
#include "stat/rao_scott.h"

enum { CELLS = 1024 };

static const struct option_spec options[] = {
    {"rows", OPTION_COLUMN, "COL", "one column of the table", OPTION_REQUIRED, ""},
    {"columns", OPTION_COLUMN, "COL", "the other", OPTION_REQUIRED, ""},
    DESIGN_OPTIONS,
    {"by", OPTION_COLUMNS, "COL,...",
     "one table for each value of these columns; again: further ones", OPTION_REPEAT, ""},
    {"overall", OPTION_FLAG, "", "the whole sample too, beside --by", 0, ""},
    {"where", OPTION_EXPRESSION, "EXPR", "tables hold only rows where this is true", 0, ""},
    LONELY_OPTIONS,
    DF_OPTION,
    REPLICATE_OPTIONS,
    {"FILE", OPTION_INPUT, "FILE", "the records (default: standard input)", 0, ""},
    {.name = ""},
};

static const char details[] =
    "A chi-square test of a weighted table that treats records as a simple random sample finds "
    "far\n"
    "too much: people of one area are alike.  Five tests that know the design are given, a row "
    "each:\n"
    "F, Rao and Scott's second-order correction of Pearson's statistic (use this one); chisq, "
    "their\n"
    "first-order correction, and saddlepoint, the distribution itself approximated (Kuonen 1999), "
    "both\n"
    "with Pearson's statistic as the value; wald and adjusted-wald, on the differences from what "
    "is\n"
    "expected, which are poor where cells are many and units few.\n"
    "\n"
    "The result has, for each domain: the group columns, rows, columns, statistic (pearson or "
    "wald), method,\n"
    "value, df1, df2, p, n (records in the table), missing (records of the domain with a weight "
    "but no\n"
    "level in one of the two columns: they are in no cell), status and note.  Status M says why "
    "there is no\n"
    "test: fewer than two levels, no degree of freedom, a covariance that is singular.\n"
    "\n"
    "With --replicates, or --replicate-type for those that are made here, the covariances are "
    "those "
    "of\n"
    "counts and shares by replicates, and degrees of freedom as in marsad-estimate(1).\n"
    "\n"
    "The design is that of the whole file: give all records, and say by --where and --by which of "
    "them the\n"
    "table is of.  Degrees of freedom are units less strata that hold a record of the table.  "
    "Missing\n"
    "values, weights of 0 and lonely units are treated as in marsad-estimate(1).";

enum test_column {
    C_ROWS,
    C_COLUMNS,
    C_STATISTIC,
    C_METHOD,
    C_VALUE,
    C_DF1,
    C_DF2,
    C_P,
    C_N,
    C_MISSING,
    C_STATUS,
    C_NOTE,
    COLUMNS,
};

static const char *const names[COLUMNS] = {"rows",  "columns", "statistic", "method",
                                           "value", "df1",     "df2",       "p",
                                           "n",     "missing", "status",    "note"};

static const struct method {
    const char *statistic, *name;
} methods[] = {
    [TWO_WAY_F] = {"pearson", "F"},
    [TWO_WAY_CHISQ] = {"pearson", "chisq"},
    [TWO_WAY_SADDLEPOINT] = {"pearson", "saddlepoint"},
    [TWO_WAY_WALD] = {"wald", "wald"},
    [TWO_WAY_ADJUSTED_WALD] = {"wald", "adjusted-wald"},
};

struct test {
    struct estimate e; /* first: estimate's merge takes the state as its own */
    int rows, columns;
    struct result_rows *out;
};

/* ---- open ---- */

static int add_folds(struct step *step, struct test *t, const char *list, struct schema *out)
{
    const struct schema *in = step_in(step);
    uint32_t *by, *domain, keys;
    if (sample_by(step, list, &by, &keys) != STEP_OK ||
        sample_by(step, list, &domain, &keys) != STEP_OK)
        return STEP_FAIL;
    for (uint32_t k = 0; k < keys; k++)
        if (schema_find(out, in->name[by[k]]) == NO_COLUMN)
            schema_add(out, in->name[by[k]]);
    by[keys] = (uint32_t)t->rows;
    by[keys + 1] = (uint32_t)t->columns;
    estimate_add_fold(&t->e, keys + 2, by);
    estimate_add_fold(&t->e, keys, domain);
    return STEP_OK;
}

/* The sums of weights by replicate are those of a count. */
static void open_sums(struct step *step, struct estimate *e)
{
    if (!step_option(step, "replicates"))
        return;
    e->requests.set = arena_array(step_arena(step), 1, sizeof *e->requests.set);
    e->requests.set[0] = (struct set){NO_COLUMN, NO_COLUMN};
    e->requests.sets = 1;
}

static int test_open(struct step *step, const struct schema *in, struct schema *out)
{
    static const char *const df[] = {"domain", "design", "inf", NULL};
    static const int df_of[] = {DF_DOMAIN, DF_DESIGN, DF_INFINITE};
    struct test *t = step_state(step);
    uint32_t given = step_option_count(step, "by");
    if (sample_open(step, &t->e, in, df, df_of) != STEP_OK ||
        step_column(step, "rows", &t->rows) != STEP_OK ||
        step_column(step, "columns", &t->columns) != STEP_OK)
        return STEP_FAIL;
    if (t->rows == t->columns)
        return step_fail(step, EX_USAGE, NOWHERE, "--rows and --columns are the same column");
    open_sums(step, &t->e);
    t->e.fold = arena_zarray(step_arena(step), 2 * ((size_t)given + 1), sizeof *t->e.fold);
    for (uint32_t i = 0; i < given; i++)
        if (add_folds(step, t, step_option_nth(step, "by", i), out) != STEP_OK)
            return STEP_FAIL;
    if ((given == 0 || step_flag(step, "overall")) && add_folds(step, t, "", out) != STEP_OK)
        return STEP_FAIL;
    t->e.columns = out->columns;
    if (replicates_open(step, &t->e, in) != STEP_OK)
        return STEP_FAIL;
    return result_columns(step, out, names, COLUMNS);
}

static int test_push(struct step *step, struct batch *b)
{
    struct estimate *e = step_state(step);
    uint32_t *unit = arena_array(b->arena, b->rows, sizeof *unit);
    bool *use = arena_array(b->arena, b->rows, sizeof *use);
    const uint64_t *origin = frame_origins(step, &e->frame, b);
    struct weights weight;
    if (frame_add(step, &e->frame, b, origin, unit, &weight) != STEP_OK ||
        sample_use(step, e, b, use) != STEP_OK ||
        estimate_add_folds(step, e, b, use, unit, origin, &weight) != STEP_OK ||
        (e->replicates && replicates_add(step, e, b, use, weight.exact) != STEP_OK))
        return STEP_FAIL;
    step_count(step, COUNT_FOLDED, b->rows);
    return STEP_OK;
}

/* ---- one table ---- */

/* The cells of a table are domains of the fold of cells. */
struct table_of {
    uint32_t rows, columns, n, leaves;
    uint32_t *domain; /* of each cell, or UINT32_MAX */
    uint32_t *leaf;
    double *count, *z; /* z: leaves x cells */
};

/* Levels of one column in the tables of a domain, in order. */
static uint32_t find_levels(const struct fold *f, const struct text *key, uint32_t keys,
                            uint32_t column, struct arena *a, const struct text **level)
{
    struct groups *g = groups_new(1);
    for (uint32_t d = 0; d < f->known; d++) {
        const struct text *other = group_key(f->domains, d);
        bool same = f->start[d + 1] > f->start[d];
        for (uint32_t k = 0; k < keys && same; k++)
            same = text_equal(other[k], key[k]);
        if (same)
            group_find(g, other + column, NULL);
    }
    uint32_t n = groups_count(g);
    const uint32_t *order = groups_order(g, a);
    struct text *sorted = arena_array(a, n, sizeof *sorted);
    for (uint32_t i = 0; i < n; i++)
        sorted[i] = text_copy(a, group_key(g, order[i])[0]);
    groups_free(g);
    *level = sorted;
    return n;
}

static void find_cells(const struct fold *f, const struct text *key, uint32_t keys, struct arena *a,
                       struct table_of *t)
{
    const struct text *row, *column;
    t->rows = find_levels(f, key, keys, keys, a, &row);
    t->columns = find_levels(f, key, keys, keys + 1, a, &column);
    uint32_t cells = t->rows * t->columns, known = groups_count(f->domains);
    struct text *want = arena_array(a, (size_t)keys + 2, sizeof *want);
    t->domain = arena_array(a, cells, sizeof *t->domain);
    for (uint32_t k = 0; k < keys; k++)
        want[k] = key[k];
    for (uint32_t c = 0; c < cells; c++) {
        want[keys] = row[c / t->columns];
        want[keys + 1] = column[c % t->columns];
        uint32_t d = group_find(f->domains, want, NULL);
        t->domain[c] = d < known && d < f->known ? d : UINT32_MAX;
    }
}

/* Sums of weights of each cell by leaf, over the leaves that hold a record of the table. */
static void find_sums(const struct estimate *e, const struct fold *f, struct arena *a,
                      struct table_of *t)
{
    uint32_t cells = t->rows * t->columns, places = e->frame.places;
    uint32_t *at = arena_zarray(a, (size_t)places + 1, sizeof *at);
    for (uint32_t c = 0; c < cells; c++)
        for (uint32_t i = t->domain[c] == UINT32_MAX ? 1 : f->start[t->domain[c]];
             t->domain[c] != UINT32_MAX && i < f->start[t->domain[c] + 1]; i++)
            at[e->frame.place[f->unit[f->order[i]]]] = 1;
    t->leaf = arena_array(a, places, sizeof *t->leaf);
    for (uint32_t p = 0; p < places; p++)
        if (at[p]) {
            at[p] = t->leaves;
            t->leaf[t->leaves++] = p;
        }
    t->count = arena_zarray(a, cells, sizeof *t->count);
    t->z = arena_zarray(a, (size_t)t->leaves * cells, sizeof *t->z);
    for (uint32_t c = 0; c < cells; c++) {
        uint32_t d = t->domain[c];
        if (d == UINT32_MAX)
            continue;
        struct sum all =
            tally_total(&f->weight, f->order + f->start[d], f->start[d + 1] - f->start[d], 1);
        t->count[c] = sum_real(&all);
        for (uint32_t i = f->start[d]; i < f->start[d + 1]; i++) {
            uint32_t cell = f->order[i], l = at[e->frame.place[f->unit[cell]]];
            t->z[(size_t)l * cells + c] += (double)tally_real(&f->weight, cell);
            t->n += fold_records(f, cell);
        }
    }
}

/* ---- by replicates ---- */

/* The counts by each replicate: value[replicate * cells + cell]. */
static void replicate_counts(const struct estimate *e, uint32_t fold, const struct table_of *t,
                             double *value)
{
    const struct replicates *r = e->replicates;
    uint32_t cells = t->rows * t->columns;
    for (uint32_t c = 0; c < cells && r->column; c++)
        for (uint32_t k = 0; k < r->count && t->domain[c] != UINT32_MAX; k++) {
            struct sum s = tally_sum(&r->fold[fold].weight[0], t->domain[c] * r->count + k);
            value[(size_t)k * cells + c] = sum_real(&s);
        }
    for (uint32_t l = 0; l < t->leaves && !r->column; l++) {
        const double *factor = replicates_factors(e, t->leaf[l]);
        for (uint32_t k = 0; k < r->count; k++)
            for (uint32_t c = 0; c < cells; c++)
                value[(size_t)k * cells + c] += factor[k] * t->z[(size_t)l * cells + c];
    }
}

static void make_shares(double *value, uint32_t rows, uint32_t cells)
{
    for (uint32_t k = 0; k < rows; k++) {
        double sum = 0;
        for (uint32_t c = 0; c < cells; c++)
            sum += value[(size_t)k * cells + c];
        for (uint32_t c = 0; c < cells; c++)
            value[(size_t)k * cells + c] /= sum;
    }
}

static void replicate_errors(const struct estimate *e, uint32_t fold, const struct table_of *t,
                             struct arena *a, struct two_way *w, double *covariance)
{
    uint32_t cells = t->rows * t->columns;
    double *value = arena_zarray(a, (size_t)e->replicates->count * cells, sizeof *value);
    double *share = arena_array(a, cells, sizeof *share);
    double *shares = arena_array(a, (size_t)cells * cells, sizeof *shares);
    const struct influence in = {t->leaves, t->leaf, NULL};
    memcpy(share, t->count, cells * sizeof *share);
    replicate_counts(e, fold, t, value);
    replicates_covariance(e, value, t->count, cells, covariance);
    make_shares(value, e->replicates->count, cells);
    make_shares(share, 1, cells);
    replicates_covariance(e, value, share, cells, shares);
    w->shares = shares;
    w->freedom =
        freedom_of_rank(e, e->replicates->column ? replicates_joint_rank(e, fold, t->domain, cells)
                                                 : replicates_made_rank(e, &in));
}

static uint32_t records_of(const struct fold *f, uint32_t domain)
{
    uint32_t n = 0;
    for (uint32_t i = f->start[domain]; i < f->start[domain + 1]; i++)
        n += fold_records(f, f->order[i]);
    return n;
}

/* ---- writing ---- */

static const char *why_not(const struct two_way *w)
{
    if (w->n <= 0)
        return "no record in this domain";
    if (w->rows < 2 || w->columns < 2)
        return "fewer than two levels on a side";
    if (!(w->freedom > 0))
        return "no degree of freedom: a single PSU a stratum";
    if (w->freedom - (w->rows - 1.0) * (w->columns - 1.0) + 1 <= 0)
        return "too few degrees of freedom for a table of this size";
    return "the covariance of the table is singular";
}

static int write_method(struct step *step, struct test *t, const struct text *group,
                        const struct two_way *w, int method, uint32_t missing)
{
    struct result_rows *rows = t->out;
    struct text *cell = result_row(rows);
    struct two_way_test result;
    bool good = two_way_test(w, (enum two_way_method)method, &result);
    for (uint32_t g = 0; g < t->e.columns; g++)
        cell[g] = result_text(rows, group[g]);
    cell += t->e.columns;
    cell[C_ROWS] = step_in(step)->name[t->rows];
    cell[C_COLUMNS] = step_in(step)->name[t->columns];
    cell[C_STATISTIC] = text_of(methods[method].statistic);
    cell[C_METHOD] = text_of(methods[method].name);
    cell[C_N] = result_number(rows, w->n);
    cell[C_MISSING] = result_number(rows, missing);
    cell[C_STATUS] = good ? TEXT("A") : TEXT("M");
    if (!good) {
        cell[C_NOTE] = text_of(why_not(w));
        return result_row_done(step, rows);
    }
    cell[C_VALUE] = result_number(rows, result.value);
    cell[C_DF1] = result_number(rows, result.df1);
    cell[C_DF2] = isinf(result.df2) ? TEXT("inf") : result_number(rows, result.df2);
    cell[C_P] = result_number(rows, result.p);
    return result_row_done(step, rows);
}

static int write_table(struct step *step, struct test *t, uint32_t fold, uint32_t domain,
                       struct arena *a)
{
    struct estimate *e = &t->e;
    const struct fold *cells = e->fold[fold], *whole = e->fold[fold + 1];
    const struct text *key = group_key(whole->domains, domain);
    struct table_of table = {0};
    find_cells(cells, key, whole->keys, a, &table);
    uint32_t k = table.rows * table.columns, stratum;
    if (k > CELLS)
        return step_fail(step, EX_DATAERR, NOWHERE, "a table of %u cells; at most %d", k, CELLS);
    find_sums(e, cells, a, &table);
    double *v = arena_zarray(a, (size_t)k * k, sizeof *v);
    struct two_way w = {table.rows, table.columns, table.count, v, table.n, 0, NULL};
    struct unit_sums sums = {table.leaves, k, table.leaf, table.z};
    enum design_fault fault = DESIGN_FINE;
    if (k && table.leaves && !e->replicates)
        fault = design_covariance(&e->frame.design, &sums, v, &stratum);
    if (fault != DESIGN_FINE)
        return sample_lonely(step, &e->frame, fault, stratum);
    if (e->replicates && k)
        replicate_errors(e, fold, &table, a, &w, v);
    else
        w.freedom = sample_freedom(e, table.leaf, table.leaves);
    struct text *group = arena_array(a, e->columns, sizeof *group);
    for (uint32_t g = 0; g < e->columns; g++)
        group[g] = result_group(step, g, whole->by, whole->keys, key);
    int status = STEP_OK;
    for (int m = TWO_WAY_F; m <= TWO_WAY_ADJUSTED_WALD && status == STEP_OK; m++)
        status = write_method(step, t, group, &w, m, records_of(whole, domain) - table.n);
    return status;
}

static int write_folds(struct step *step, struct test *t, uint32_t fold)
{
    const struct fold *whole = t->e.fold[fold + 1];
    const uint32_t *order = groups_order(whole->domains, step_arena(step));
    struct arena *a = arena_new();
    int status = STEP_OK;
    for (uint32_t d = 0; d < whole->known && status == STEP_OK; d++) {
        status = write_table(step, t, fold, order[d], a);
        arena_reset(a);
    }
    arena_free(a);
    if (whole->unplaced)
        step_warn(step, NOWHERE, "%llu rows are in no domain: a group column is missing there",
                  (unsigned long long)whole->unplaced);
    return status;
}

static int test_finish(struct step *step)
{
    struct test *t = step_state(step);
    if (frame_finish(step, &t->e.frame) != STEP_OK)
        return STEP_FAIL;
    t->out = result_rows_new(step);
    int status = estimate_finish_folds(step, &t->e);
    if (status == STEP_OK && t->e.replicates)
        status = replicates_finish(step, &t->e);
    for (uint32_t f = 0; f < t->e.folds && status == STEP_OK; f += 2)
        status = write_folds(step, t, f);
    return status == STEP_OK ? result_rows_flush(step, t->out) : status;
}

static void test_close(struct step *step)
{
    struct test *t = step_state(step);
    result_rows_free(t->out);
    estimate_close(step);
}

const struct stage stage_test = {
    .name = "test",
    .summary = "independence of two columns of a survey, by Rao and Scott's tests",
    .details = details,
    .example =
        "printf 'region,area,sex,work,w\\n1,a,F,0,10\\n1,a,M,1,12\\n1,b,F,1,9\\n1,b,M,1,11\\n"
        "2,c,F,0,8\\n2,c,M,0,8\\n2,d,F,0,7\\n2,d,M,1,10\\n' |"
        " marsad test --rows sex --columns work --strata region --psu area --weight w",
    .options = options,
    .state_size = sizeof(struct test),
    .open = test_open,
    .push = test_push,
    .merge = estimate_merge,
    .finish = test_finish,
    .close = test_close,
};
