/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * regress: linear, logit and Poisson models of a sample survey, with the errors of its design.
 *
 * A fold that keeps, of the records that are complete, the values of the terms, the response, the
 * weight and the unit of the sample: 8 (terms + 3) bytes a record, where both terms of a product
 * count.  At the end each domain is sorted by unit and fitted (stat/regression.h).
 */
#include "stages/regress.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stages/design_option.h"
#include "stat/significance.h"

enum { MODEL_TERMS = 1024 };

static const struct option_spec options[] = {
    {"response", OPTION_TEXT, "COL|EXPR", "what is explained: a number, or a condition",
     OPTION_REQUIRED, ""},
    {"terms", OPTION_TEXT, "TERM,...",
     "columns, expressions, factor(COL) or factor(COL=BASE), A:B; without: the mean alone", 0, ""},
    {"offset", OPTION_TEXT, "COL|EXPR", "added to the terms with no coefficient", 0, ""},
    {"exposure", OPTION_TEXT, "COL|EXPR", "of poisson: an offset of its logarithm", 0, ""},
    {"model", OPTION_CHOICE, "MODEL", "kind of model", 0, "linear|logit|poisson"},
    {"no-intercept", OPTION_FLAG, "", "the model has no constant", 0, ""},
    DESIGN_OPTIONS,
    {"by", OPTION_COLUMNS, "COL,...", "one model for each value of these columns", 0, ""},
    {"where", OPTION_EXPRESSION, "EXPR", "models of only the rows where this is true", 0, ""},
    {"level", OPTION_TEXT, "P", "confidence level", 0, "0.95"},
    LONELY_OPTIONS,
    DF_OPTION,
    REPLICATE_OPTIONS,
    {"FILE", OPTION_INPUT, "FILE", "the records (default: standard input)", 0, ""},
    {.name = ""},
};

static const char details[] =
    "Coefficients are those that the weighted records give; their errors are those of the design, "
    "by\n"
    "linearisation (Binder 1983), and not those that a program for simple random samples would "
    "print\n"
    "with the same weights.\n"
    "\n"
    "A term is a column of numbers, an expression of them (age - 40, age * age, sex == 'F': a "
    "condition\n"
    "is 1 or 0; marsad-expressions(7)), or factor(COLUMN), which makes a term for each level but "
    "the\n"
    "first in the order of bytes, or but BASE in factor(COLUMN=BASE).  A:B is the product of two "
    "such,\n"
    "as factor(sex):age or factor(sex):factor(region): an interaction, beside which A and B are "
    "terms of\n"
    "their own.  Commas part terms, except in brackets and quotes.  The response of --model logit "
    "is\n"
    "between 0 and 1 (a condition will do), that of --model poisson is not negative; --exposure is "
    "what\n"
    "its counts are counts of (persons, years), and --offset any number that is added as it is.\n"
    "\n"
    "The result has a row for each domain and term: the group columns, model, response, term, "
    "value (a log\n"
    "odds ratio of logit, a log ratio of poisson), se, the limits of the interval, t, df, p, n "
    "(records in\n"
    "the model), missing (records of the domain left out because the response or a term is "
    "missing), status\n"
    "and note.  Degrees of freedom are those of the domain plus 1 less the number of terms, as R's "
    "svyglm\n"
    "has them.  Status M is a term that is collinear with those before it, which is left out, or a "
    "model\n"
    "that has no solution.\n"
    "\n"
    "With --replicates, or --replicate-type for those that are made here, the model is fitted with "
    "each of\n"
    "them, and the errors are by these coefficients; a replicate without a solution is left out, "
    "and "
    "the\n"
    "rows say so.  Weights of columns cost 8 bytes a record and replicate.\n"
    "\n"
    "The design is that of the whole file: give all records, and say by --where and --by which of "
    "them the\n"
    "model is of.  Weights of 0 and lonely units are treated as in marsad-estimate(1).";

enum regress_column {
    C_MODEL,
    C_RESPONSE,
    C_TERM,
    C_VALUE,
    C_SE,
    C_LOW,
    C_HIGH,
    C_T,
    C_DF,
    C_P,
    C_N,
    C_MISSING,
    C_STATUS,
    C_NOTE,
    COLUMNS,
};

static const char *const names[COLUMNS] = {"model",  "response", "term",   "value", "se",
                                           "ci_low", "ci_high",  "t",      "df",    "p",
                                           "n",      "missing",  "status", "note"};
static const char *const model_names[] = {"linear", "logit", "poisson", NULL};

/* ---- open, push ---- */

static int regress_open(struct step *step, const struct schema *in, struct schema *out)
{
    static const char *const df[] = {"domain", "design", "inf", NULL};
    static const int df_of[] = {DF_DOMAIN, DF_DESIGN, DF_INFINITE};
    struct regress *r = step_state(step);
    const char *by = step_option(step, "by");
    r->model = (enum regression_model)estimate_choice(step, "model", model_names);
    r->intercept = !step_flag(step, "no-intercept");
    if (sample_open(step, &r->e, in, df, df_of) != STEP_OK ||
        replicates_open(step, &r->e, in) != STEP_OK || regress_terms_open(step, r, in) != STEP_OK ||
        sample_by(step, by ? by : "", &r->by, &r->keys) != STEP_OK)
        return STEP_FAIL;
    r->domains = groups_new(r->keys);
    for (uint32_t k = 0; k < r->keys; k++)
        schema_add(out, in->name[r->by[k]]);
    r->e.columns = out->columns;
    return result_columns(step, out, names, COLUMNS);
}

static int regress_push(struct step *step, struct batch *b)
{
    struct regress *r = step_state(step);
    uint32_t *unit = arena_array(b->arena, b->rows, sizeof *unit);
    bool *use = arena_array(b->arena, b->rows, sizeof *use);
    const uint64_t *origin = frame_origins(step, &r->e.frame, b);
    struct weights weight;
    if (frame_add(step, &r->e.frame, b, origin, unit, &weight) != STEP_OK ||
        sample_use(step, &r->e, b, use) != STEP_OK ||
        (r->e.replicates && r->e.df == DF_DESIGN &&
         replicates_add(step, &r->e, b, use, weight.exact) != STEP_OK) ||
        regress_add(step, r, b, use, unit, weight.exact) != STEP_OK)
        return STEP_FAIL;
    step_count(step, COUNT_FOLDED, b->rows);
    return STEP_OK;
}

/* ---- one model ---- */

struct model {
    struct regression data;
    struct text *name;
    uint32_t *record, *leaf; /* of the domain, by leaf */
    struct text *group;
    uint32_t domain, left_out; /* left_out: replicates without a solution */
    double df;
};

static void sort_records(const struct regress *r, struct model *m, struct arena *a)
{
    uint32_t places = r->e.frame.places, n = 0;
    uint32_t *start = arena_zarray(a, (size_t)places + 2, sizeof *start);
    const uint32_t *place = r->e.frame.place;
    for (uint32_t i = 0; i < r->records; i++)
        if (r->domain[i] == m->domain) {
            start[place[r->unit[i]] + 1]++;
            n++;
        }
    for (uint32_t p = 0; p < places; p++)
        start[p + 1] += start[p];
    m->record = arena_array(a, n, sizeof *m->record);
    m->leaf = arena_array(a, n, sizeof *m->leaf);
    for (uint32_t i = 0; i < r->records; i++)
        if (r->domain[i] == m->domain) {
            uint32_t leaf = place[r->unit[i]], at = start[leaf]++;
            m->record[at] = i;
            m->leaf[at] = leaf;
        }
    m->data.n = n;
}

/* The levels of a factor that the model has, in order, the base first. */
static uint32_t *find_levels(const struct regress *r, const struct model *m, uint32_t term,
                             struct arena *a, uint32_t *count)
{
    const struct term *t = &r->term[term];
    uint32_t all = groups_count(t->levels), n = 0;
    const uint32_t *order = groups_order(t->levels, a);
    bool *seen = arena_zarray(a, all, sizeof *seen);
    uint32_t *level = arena_array(a, all, sizeof *level);
    for (uint32_t i = 0; i < m->data.n; i++)
        seen[(uint32_t)r->value[(size_t)m->record[i] * r->width + term]] = true;
    for (int turn = 0; turn < 2; turn++)
        for (uint32_t i = 0; i < all; i++) {
            bool base = t->base.len && text_equal(group_key(t->levels, order[i])[0], t->base);
            if (seen[order[i]] && base == (turn == 0))
                level[n++] = order[i];
        }
    *count = n;
    return level;
}

/* Where each term of the model comes from. */
struct origin {
    uint32_t product, level[2];
};

/* The levels of a term that the model has, the base left out; of a number one. */
struct span {
    const uint32_t *level; /* NULL: a number */
    uint32_t count;
};

static struct span span_of(const struct regress *r, const struct model *m, uint32_t term,
                           struct arena *a)
{
    struct span s = {NULL, 1};
    if (term == NO_TERM || !r->term[term].levels)
        return s;
    const uint32_t *level = find_levels(r, m, term, a, &s.count);
    s.level = level + (s.count > 0);
    s.count -= s.count > 0;
    return s;
}

static const char *name_of(const struct regress *r, uint32_t term, uint32_t level, struct arena *a)
{
    const struct term *t = &r->term[term];
    if (!t->levels)
        return arena_print(a, "%.*s", (int)t->name.len, t->name.at);
    struct text name = group_key(t->levels, level)[0];
    return arena_print(a, "%.*s=%.*s", (int)t->name.len, t->name.at, (int)name.len, name.at);
}

static void add_product(const struct regress *r, struct model *m, uint32_t product,
                        struct origin *from, struct arena *a)
{
    const struct product *p = &r->product[product];
    struct span one = span_of(r, m, p->first, a), two = span_of(r, m, p->second, a);
    for (uint32_t k = 0; k < two.count; k++)
        for (uint32_t l = 0; l < one.count; l++) {
            struct origin *o = &from[m->data.terms];
            *o = (struct origin){product,
                                 {one.level ? one.level[l] : 0, two.level ? two.level[k] : 0}};
            const char *name = name_of(r, p->first, o->level[0], a);
            if (p->second != NO_TERM)
                name = arena_print(a, "%s:%s", name, name_of(r, p->second, o->level[1], a));
            m->name[m->data.terms++] = text_of(name);
        }
}

static size_t levels_of(const struct regress *r, uint32_t term)
{
    return term != NO_TERM && r->term[term].levels ? groups_count(r->term[term].levels) : 1;
}

static struct origin *find_terms(const struct regress *r, struct model *m, struct arena *a)
{
    size_t most = 1;
    for (uint32_t p = 0; p < r->products; p++)
        most += levels_of(r, r->product[p].first) * levels_of(r, r->product[p].second);
    struct origin *from = arena_array(a, most, sizeof *from);
    m->name = arena_array(a, most, sizeof *m->name);
    if (r->intercept) {
        from[0] = (struct origin){NO_TERM, {0, 0}};
        m->name[m->data.terms++] = TEXT("(Intercept)");
    }
    for (uint32_t p = 0; p < r->products; p++)
        add_product(r, m, p, from, a);
    return from;
}

static double factor_of(const struct regress *r, const double *value, uint32_t term, uint32_t level)
{
    if (term == NO_TERM)
        return 1;
    return r->term[term].levels ? (value[term] == level ? 1 : 0) : value[term];
}

static double value_of(const struct regress *r, const double *value, const struct origin *from)
{
    if (from->product == NO_TERM)
        return 1;
    const struct product *p = &r->product[from->product];
    return factor_of(r, value, p->first, from->level[0]) *
           factor_of(r, value, p->second, from->level[1]);
}

static void fill_data(const struct regress *r, struct model *m, const struct origin *from,
                      struct arena *a)
{
    uint32_t n = m->data.n, p = m->data.terms;
    double *x = arena_array(a, (size_t)n * p + 1, sizeof *x);
    double *y = arena_array(a, n, sizeof *y), *w = arena_array(a, n, sizeof *w);
    double *offset = r->offsets ? arena_array(a, n, sizeof *offset) : NULL;
    for (uint32_t i = 0; i < n; i++) {
        const double *value = r->value + (size_t)m->record[i] * r->width;
        for (uint32_t j = 0; j < p; j++)
            x[(size_t)i * p + j] = value_of(r, value, &from[j]);
        y[i] = value[r->terms];
        w[i] = value[r->terms + 1];
        if (offset)
            offset[i] = value[r->terms + 2];
    }
    m->data.model = r->model;
    m->data.x = x;
    m->data.y = y;
    m->data.w = w;
    m->data.offset = offset;
}

static void find_freedom(const struct regress *r, struct model *m, struct arena *a)
{
    uint32_t *leaf = arena_array(a, m->data.n, sizeof *leaf), count = 0;
    for (uint32_t i = 0; i < m->data.n; i++)
        if (count == 0 || leaf[count - 1] != m->leaf[i])
            leaf[count++] = m->leaf[i];
    m->df = sample_freedom(&r->e, leaf, count);
}

/* ---- writing ---- */

static struct text *begin_row(struct step *step, struct regress *r, const struct model *m,
                              struct text term)
{
    struct text *cell = result_row(r->rows);
    for (uint32_t g = 0; g < r->e.columns; g++)
        cell[g] = result_text(r->rows, m->group[g]);
    cell += r->e.columns;
    cell[C_MODEL] = text_of(model_names[r->model]);
    cell[C_RESPONSE] = text_of(step_option(step, "response"));
    cell[C_TERM] = result_text(r->rows, term);
    cell[C_N] = result_number(r->rows, m->data.n);
    cell[C_MISSING] = result_number(r->rows, r->missing ? r->missing[m->domain] : 0);
    cell[C_STATUS] = TEXT("A");
    return cell;
}

static int write_nothing(struct step *step, struct regress *r, const struct model *m,
                         struct text term, const char *why)
{
    struct text *cell = begin_row(step, r, m, term);
    cell[C_STATUS] = TEXT("M");
    cell[C_NOTE] = text_of(why);
    return result_row_done(step, r->rows);
}

static int write_term(struct step *step, struct regress *r, const struct model *m, uint32_t j,
                      double value, double variance)
{
    struct result_rows *rows = r->rows;
    struct text *cell = begin_row(step, r, m, m->name[j]);
    double se = variance > 0 ? sqrt(variance) : 0;
    bool test = se > 1e-12 * fabs(value);
    struct interval i = interval_of(value, se, r->e.level_of_confidence, m->df);
    cell[C_VALUE] = result_number(rows, value);
    cell[C_SE] = result_number(rows, test ? se : 0);
    cell[C_LOW] = result_number(rows, i.low);
    cell[C_HIGH] = result_number(rows, i.high);
    cell[C_DF] = isinf(m->df) ? TEXT("inf") : result_number(rows, m->df);
    if (test) {
        cell[C_T] = result_number(rows, value / se);
        cell[C_P] = result_number(rows, p_of_t(value / se, m->df < 1 ? 1 : m->df));
    }
    if (!test || m->df < 1)
        cell[C_STATUS] = TEXT("U");
    if (m->left_out) {
        cell[C_STATUS] = TEXT("U");
        cell[C_NOTE] = TEXT("replicates without a solution are left out");
    }
    if (!test)
        cell[C_NOTE] = TEXT("no variance: no test");
    else if (m->df < 1)
        cell[C_NOTE] = TEXT("more terms than degrees of freedom: interval with 1");
    return result_row_done(step, rows);
}

static int write_fit(struct step *step, struct regress *r, struct model *m,
                     const struct regression_fit *fit, struct arena *a)
{
    uint32_t p = m->data.terms, stratum;
    double *v = arena_array(a, (size_t)p * p, sizeof *v);
    enum design_fault fault = DESIGN_FINE;
    if (r->e.replicates)
        m->left_out = regress_covariance(step, r, &m->data, fit, m->record, m->leaf, v, &m->df);
    else
        fault = regression_covariance(&m->data, fit, &r->e.frame.design, m->leaf, v, &stratum);
    if (fault != DESIGN_FINE)
        return sample_lonely(step, &r->e.frame, fault, stratum);
    if (!r->e.replicates)
        find_freedom(r, m, a);
    m->df += 1 - (double)fit->kept;
    int status = STEP_OK;
    for (uint32_t j = 0; j < p && status == STEP_OK; j++)
        status = fit->dropped[j] ? write_nothing(step, r, m, m->name[j],
                                                 "collinear with the terms before it: left out")
                                 : write_term(step, r, m, j, fit->value[j], v[(size_t)j * p + j]);
    return status;
}

static int write_model(struct step *step, struct regress *r, uint32_t domain, struct arena *a)
{
    struct model m = {.domain = domain};
    const struct text *key = group_key(r->domains, domain);
    m.group = arena_array(a, r->keys, sizeof *m.group);
    for (uint32_t k = 0; k < r->keys; k++)
        m.group[k] = key[k];
    sort_records(r, &m, a);
    const struct origin *from = find_terms(r, &m, a);
    if (m.data.n == 0)
        return write_nothing(step, r, &m, TEXT("(model)"), "no complete record in this domain");
    if (m.data.terms > MODEL_TERMS)
        return step_fail(step, EX_DATAERR, NOWHERE, "a model of %u terms; at most %d", m.data.terms,
                         MODEL_TERMS);
    if (m.data.terms == 0)
        return write_nothing(step, r, &m, TEXT("(model)"), "no term is left");
    fill_data(r, &m, from, a);
    struct regression_fit fit;
    int status = regression_fit(&m.data, &fit)
                     ? write_fit(step, r, &m, &fit, a)
                     : write_nothing(step, r, &m, TEXT("(model)"),
                                     "no finite solution: terms tell the response without fault");
    regression_free(&fit);
    return status;
}

static int regress_finish(struct step *step)
{
    struct regress *r = step_state(step);
    struct arena *a = arena_new();
    if (frame_finish(step, &r->e.frame) != STEP_OK) {
        arena_free(a);
        return STEP_FAIL;
    }
    if (r->e.replicates && replicates_finish(step, &r->e) != STEP_OK) {
        arena_free(a);
        return STEP_FAIL;
    }
    r->rows = result_rows_new(step);
    if (r->keys == 0)
        group_find(r->domains, NULL, NULL);
    const uint32_t *order = groups_order(r->domains, step_arena(step));
    int status = STEP_OK;
    for (uint32_t d = 0; d < groups_count(r->domains) && status == STEP_OK; d++) {
        status = write_model(step, r, order[d], a);
        arena_reset(a);
    }
    arena_free(a);
    if (r->unplaced)
        step_warn(step, NOWHERE, "%llu rows are in no domain: a group column is missing there",
                  (unsigned long long)r->unplaced);
    return status == STEP_OK ? result_rows_flush(step, r->rows) : status;
}

static void regress_close(struct step *step)
{
    struct regress *r = step_state(step);
    result_rows_free(r->rows);
    regress_terms_free(r);
    estimate_close(step);
}

const struct stage stage_regress = {
    .name = "regress",
    .summary = "linear, logit and Poisson models of a survey with the errors of its design",
    .details = details,
    .example =
        "printf 'area,sex,age,work,w\\na,F,30,0,10\\na,M,41,1,12\\nb,F,25,1,9\\nb,M,52,1,11\\n"
        "c,F,37,0,8\\nc,M,29,0,8\\nd,F,44,0,7\\nd,M,33,1,10\\n' |"
        " marsad regress --model logit --response work --terms \"sex == 'F', age - 40\""
        " --psu area --weight w",
    .options = options,
    .state_size = sizeof(struct regress),
    .open = regress_open,
    .push = regress_push,
    .finish = regress_finish,
    .close = regress_close,
};
