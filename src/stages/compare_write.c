/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of a survey estimate between two waves, and their rows; formulas in compare.c. */
#include "stages/compare.h"

#include <math.h>

#include "stat/significance.h"

enum change_column {
    C_FROM,
    C_TO,
    C_STATISTIC,
    C_VARIABLE,
    C_MEASURE,
    C_VALUE_FROM,
    C_VALUE_TO,
    C_VALUE,
    C_SE,
    C_LOW,
    C_HIGH,
    C_CORRELATION,
    C_T,
    C_DF,
    C_P,
    C_SIGNIFICANT,
    C_N_FROM,
    C_N_TO,
    C_STATUS,
    C_NOTE,
    COLUMNS,
};

static const char *const names[COLUMNS] = {
    "from",  "to",          "statistic", "variable", "measure",     "value_from", "value_to",
    "value", "se",          "ci_low",    "ci_high",  "correlation", "t",          "df",
    "p",     "significant", "n_from",    "n_to",     "status",      "note"};

int compare_columns(struct step *step, struct schema *out)
{
    return result_columns(step, out, names, COLUMNS);
}

/* ---- one change ---- */

struct change {
    const struct pair *pair;
    const struct request *request;
    const struct text *group;
    struct text variable;
    struct result from, to, is;
    double correlation;
    /* with --variance-by strata: what becomes of the variance of each wave; degrees of freedom */
    double from_more, to_more, df;
};

static bool additive(enum statistic kind)
{
    return kind == STAT_COUNT || kind == STAT_TOTAL || kind == STAT_TALLY;
}

/* The estimate of one wave with its variance; no record of it: 0 where it is a sum. */
static int find_wave(struct step *step, struct compare *c, uint32_t fold, uint32_t domain,
                     const struct request *q, struct text level, struct arena *a, struct result *r)
{
    *r = (struct result){.value = additive(q->kind) ? 0 : (double)NAN,
                         .se = 0,
                         .deff = (double)NAN,
                         .df = (double)NAN,
                         .empty = true};
    if (domain == UINT32_MAX)
        return STEP_OK;
    if (estimate_result(step, &c->e, fold, domain, q, level, a, r) != STEP_OK)
        return STEP_FAIL;
    return isnan(r->value) ? STEP_OK : result_variance(step, &c->e, r);
}

static const char *judge(const struct change *x, bool relative, char *status)
{
    *status = 'A';
    if (isnan(x->is.value)) {
        *status = 'M';
        return relative && x->from.value == 0.0 && !isnan(x->to.value)
                   ? "from 0 there is no relative change"
                   : "no record in one of the waves";
    }
    if (x->from.n == 0 || x->to.n == 0) {
        *status = 'U';
        return "no record in one of the waves";
    }
    if (!(x->is.se > 0)) {
        *status = 'U';
        return "no variance: no test";
    }
    if (x->is.df < 1) {
        *status = 'U';
        return "a single PSU a stratum: interval with 1 degree of freedom";
    }
    return "";
}

static int write_row(struct step *step, struct compare *c, const struct change *x, bool relative)
{
    struct result_rows *rows = c->rows;
    struct text *cell = result_row(rows);
    char status;
    const char *note = judge(x, relative, &status);
    for (uint32_t g = 0; g < c->e.columns; g++)
        cell[g] = result_text(rows, x->group[g]);
    cell += c->e.columns;
    cell[C_FROM] = result_text(rows, x->pair->from);
    cell[C_TO] = result_text(rows, x->pair->to);
    cell[C_STATISTIC] = text_of(statistic_name(x->request->kind));
    cell[C_VARIABLE] = result_text(rows, x->variable);
    cell[C_MEASURE] = relative ? TEXT("relative") : TEXT("change");
    cell[C_VALUE_FROM] = result_number(rows, x->from.value);
    cell[C_VALUE_TO] = result_number(rows, x->to.value);
    cell[C_N_FROM] = result_number(rows, x->from.n);
    cell[C_N_TO] = result_number(rows, x->to.n);
    cell[C_STATUS] = status == 'A' ? TEXT("A") : status == 'U' ? TEXT("U") : TEXT("M");
    cell[C_NOTE] = text_of(note);
    if (isnan(x->is.value))
        return result_row_done(step, rows);
    struct interval i = interval_of(x->is.value, x->is.se, c->e.level_of_confidence, x->is.df);
    cell[C_VALUE] = result_number(rows, x->is.value);
    cell[C_SE] = result_number(rows, x->is.se);
    cell[C_LOW] = result_number(rows, i.low);
    cell[C_HIGH] = result_number(rows, i.high);
    cell[C_CORRELATION] = result_number(rows, x->correlation);
    cell[C_DF] = isinf(x->is.df) ? TEXT("inf") : result_number(rows, x->is.df);
    if (x->is.se > 0) {
        double t = x->is.value / x->is.se, p = p_of_t(t, x->is.df < 1 ? 1 : x->is.df);
        cell[C_T] = result_number(rows, t);
        cell[C_P] = result_number(rows, p);
        cell[C_SIGNIFICANT] = p < 1 - c->e.level_of_confidence ? TEXT("1") : TEXT("0");
    }
    return result_row_done(step, rows);
}

/* x->is = to_factor to + from_factor from, linearised, with its variance. */
static int find_change(struct step *step, struct compare *c, struct change *x, double value,
                       double to_factor, double from_factor, struct arena *a)
{
    struct influence none = {0, NULL, NULL};
    x->is = (struct result){.value = isfinite(value) ? value : (double)NAN,
                            .se = (double)NAN,
                            .deff = (double)NAN,
                            .df = (double)NAN};
    if (isnan(x->is.value))
        return STEP_OK;
    x->is.influence = influence_combine(&none, &x->to.influence, to_factor, a);
    x->is.influence = influence_combine(&x->is.influence, &x->from.influence, from_factor, a);
    int status = result_variance(step, &c->e, &x->is);
    if (status != STEP_OK || !c->by_strata)
        return status;
    double v = x->is.se * x->is.se + to_factor * to_factor * x->to_more +
               from_factor * from_factor * x->from_more;
    x->is.se = v > 0 ? sqrt(v) : 0;
    x->is.df = compare_apart_freedom(c, x->df);
    return STEP_OK;
}

/* The variance of a wave within strata becomes that of r; *more: by how much it is more. */
static int take_apart(struct step *step, const struct compare *c, struct text wave,
                      struct result *r, struct arena *a, double *more, double *freedom)
{
    double v, df, had = r->se * r->se;
    if (r->empty || isnan(r->value))
        return STEP_OK;
    if (compare_apart_variance(step, c, wave, r, a, &v, &df) != STEP_OK)
        return STEP_FAIL;
    *more = v - had;
    *freedom += df;
    r->se = v > 0 ? sqrt(v) : 0;
    return STEP_OK;
}

/* From the three variances; what is rounding is 0. */
static double correlation(const struct change *x)
{
    double alone = x->from.se * x->from.se + x->to.se * x->to.se;
    double twice = alone - x->is.se * x->is.se, of = 2 * x->from.se * x->to.se;
    if (!(of > 0) || isnan(twice))
        return (double)NAN;
    if (fabs(twice) <= 1e-14 * alone)
        return 0;
    return fmax(-1, fmin(1, twice / of));
}

static int write_change(struct step *step, struct compare *c, struct change *x, struct arena *a)
{
    double from = x->from.value, to = x->to.value;
    if (find_change(step, c, x, to - from, 1, -1, a) != STEP_OK)
        return STEP_FAIL;
    x->correlation = correlation(x);
    int status = write_row(step, c, x, false);
    if (status != STEP_OK)
        return status;
    if (find_change(step, c, x, from != 0.0 ? (to - from) / from : (double)NAN, 1 / from,
                    -to / (from * from), a) != STEP_OK)
        return STEP_FAIL;
    return write_row(step, c, x, true);
}

/* ---- all of them ---- */

/* One domain in two waves: its group columns and the numbers of its domains. */
struct cast {
    const struct pair *pair;
    const struct text *group;
    uint32_t fold, from, to;
};

static int write_statistic(struct step *step, struct compare *c, const struct cast *cast,
                           const struct request *q, struct text level, struct arena *a)
{
    struct change x = {.pair = cast->pair, .request = q, .group = cast->group};
    x.variable = q->variable;
    if (request_has_levels(q))
        x.variable = text_of(arena_print(a, "%.*s=%.*s", (int)q->variable.len, q->variable.at,
                                         (int)level.len, level.at));
    if (find_wave(step, c, cast->fold, cast->from, q, level, a, &x.from) != STEP_OK ||
        find_wave(step, c, cast->fold, cast->to, q, level, a, &x.to) != STEP_OK)
        return STEP_FAIL;
    if (c->by_strata &&
        (take_apart(step, c, cast->pair->from, &x.from, a, &x.from_more, &x.df) != STEP_OK ||
         take_apart(step, c, cast->pair->to, &x.to, a, &x.to_more, &x.df) != STEP_OK))
        return STEP_FAIL;
    return write_change(step, c, &x, a);
}

static int write_cast(struct step *step, struct compare *c, const struct cast *cast,
                      struct arena *a)
{
    const struct estimate *e = &c->e;
    for (uint32_t i = 0; i < e->requests.count; i++) {
        const struct request *q = &e->requests.request[i];
        bool levels = request_has_levels(q);
        uint32_t n = levels ? e->level_count[q->level] : 1;
        for (uint32_t l = 0; l < n; l++) {
            arena_reset(a);
            int status =
                write_statistic(step, c, cast, q, levels ? e->levels[q->level][l] : TEXT(""), a);
            if (status != STEP_OK)
                return status;
        }
    }
    return STEP_OK;
}

/* The domain of a fold that has the key of another but for its wave. */
static uint32_t find_domain(const struct fold *f, const struct text *key, struct text wave)
{
    for (uint32_t d = 0; d < f->known; d++) {
        const struct text *other = group_key(f->domains, d);
        bool same = text_equal(other[f->keys - 1], wave);
        for (uint32_t k = 0; k + 1 < f->keys && same; k++)
            same = text_equal(other[k], key[k]);
        if (same)
            return d;
    }
    return UINT32_MAX;
}

static int write_domain(struct step *step, struct compare *c, uint32_t fold, const struct text *key,
                        struct arena *a)
{
    const struct fold *f = c->e.fold[fold];
    struct text *group = arena_array(step_arena(step), c->e.columns, sizeof *group);
    for (uint32_t g = 0; g < c->e.columns; g++)
        group[g] = result_group(step, g, f->by, f->keys - 1, key);
    for (uint32_t i = 0; i < c->pairs; i++) {
        struct cast cast = {&c->pair[i], group, fold, 0, 0};
        cast.from = find_domain(f, key, c->pair[i].from);
        cast.to = find_domain(f, key, c->pair[i].to);
        if (cast.from == UINT32_MAX && cast.to == UINT32_MAX)
            continue;
        int status = write_cast(step, c, &cast, a);
        if (status != STEP_OK)
            return status;
    }
    return STEP_OK;
}

int compare_write(struct step *step, struct compare *c, uint32_t fold)
{
    const struct fold *f = c->e.fold[fold];
    struct groups *rest = groups_new(f->keys - 1);
    struct arena *a = arena_new();
    for (uint32_t d = 0; d < f->known; d++)
        group_find(rest, group_key(f->domains, d), NULL);
    const uint32_t *order = groups_order(rest, step_arena(step));
    int status = STEP_OK;
    for (uint32_t g = 0; g < groups_count(rest) && status == STEP_OK; g++)
        status = write_domain(step, c, fold, group_key(rest, order[g]), a);
    arena_free(a);
    groups_free(rest);
    if (f->unplaced)
        step_warn(step, NOWHERE,
                  "%llu rows are in no domain: their wave or a group column is missing",
                  (unsigned long long)f->unplaced);
    return status;
}
