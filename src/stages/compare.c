/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare: change of a survey estimate between waves that share primary units.
 *
 *     V(b - a) = V(a) + V(b) - 2 C(a, b)
 *
 * where the covariance comes from the units that both waves hold.  A wave is a domain of one design
 * over all waves, in which the strata are told apart by rotation group: the units of a stratum that
 * stand in the same waves (Nordberg 2000, J. Off. Stat. 16; Berger & Priam 2016, J. R. Stat. Soc. A
 * 179, whose estimator this agrees with where rotation is fixed).  Were the union of the waves one
 * design without these groups, a unit that is in one wave only would count as a zero in the other,
 * and the error of a total would be far too large.  The relative change b/a - 1 by linearisation.
 *
 * The sums are those of estimate; a change is a line of the influence values of two domains.
 */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stages/estimate_calibrated.h"
#include "stages/result_rows.h"
#include "stat/significance.h"

enum { WAVES = 64, PAIRS = 256 };

static const struct option_spec options[] = {
    {"wave", OPTION_COLUMN, "COL", "wave of each record: a year, a round", OPTION_REQUIRED, NULL},
    {"pair", OPTION_TEXT, "FROM,TO", "compare these waves (without: each with the next)",
     OPTION_REPEAT, NULL},
    {"strata", OPTION_COLUMNS, "COL,...", "stratum of each record, the same in all waves", 0, NULL},
    {"psu", OPTION_COLUMNS, "COL[,COL]", "primary unit, the same in all waves; further stages", 0,
     NULL},
    {"rotation", OPTION_COLUMN, "COL",
     "rotation group of the unit (without: the waves that it is found in)", 0, NULL},
    {"independent", OPTION_FLAG, NULL, "the waves are separate samples, though ids may be alike", 0,
     NULL},
    {"weight", OPTION_COLUMN, "COL", "weight (without: 1 each)", 0, NULL},
    {"fpc", OPTION_COLUMNS, "COL[,COL]",
     "units in the population of each stratum and group (or the fraction taken)", 0, NULL},
    {"nest", OPTION_FLAG, NULL, "strata number their primary units alike", 0, NULL},
    {"by", OPTION_COLUMNS, "COL,...", "domains by these columns; again: further ones",
     OPTION_REPEAT, NULL},
    {"overall", OPTION_FLAG, NULL, "the whole sample too, beside --by", 0, NULL},
    {"where", OPTION_EXPRESSION, "EXPR", "domains hold only rows where this is true", 0, NULL},
    {"count", OPTION_FLAG, NULL, "sum of weights", 0, NULL},
    {"total", OPTION_COLUMN, "COL", "total of a number", OPTION_REPEAT, NULL},
    {"mean", OPTION_COLUMN, "COL", "mean of a number", OPTION_REPEAT, NULL},
    {"proportion", OPTION_COLUMN, "COL", "share of each level of a column", OPTION_REPEAT, NULL},
    {"tally", OPTION_COLUMN, "COL", "sum of weights of each level of a column", OPTION_REPEAT,
     NULL},
    {"ratio", OPTION_TEXT, "A/B", "ratio of two totals", OPTION_REPEAT, NULL},
    {"level", OPTION_TEXT, "P", "confidence level, and what counts as significant", 0, "0.95"},
    {"lonely", OPTION_CHOICE, "RULE", "what a stratum of one primary unit does", 0,
     "fail|remove|certainty|adjust|average|collapse"},
    {"lonely-domains", OPTION_FLAG, NULL,
     "adjust and average also where one unit of a stratum holds the domain", 0, NULL},
    {"df", OPTION_CHOICE, "WHICH", "degrees of freedom: of the design, the domain, none (normal)",
     0, "design|domain|inf"},
    {"calibrated", OPTION_TABLE, "FILE", "the margins that --weight was calibrated to",
     OPTION_REPEAT, NULL},
    {"base-weight", OPTION_COLUMN, "COL", "the weight that calibrate started from", 0, NULL},
    {"by-household", OPTION_COLUMNS, "COL,...", "as calibrate was told", 0, NULL},
    {"calibrated-scale", OPTION_COLUMN, "COL", "the --scale that calibrate was told", 0, NULL},
    {"FILE", OPTION_INPUT, "FILE", "the records of all waves (default: standard input)", 0, NULL},
    {NULL, 0, NULL, NULL, 0, NULL},
};

static const char details[] =
    "Waves that share areas are not independent: what an area adds to both moves them together, "
    "and\n"
    "the error of a change is not the two errors put in one root.  Give the records of all waves "
    "in\n"
    "one file, with ids of strata and primary units that mean the same in all of them.  The design "
    "is\n"
    "worked out with a group of units for each rotation pattern: --rotation names the column that "
    "has\n"
    "it; without it, units are grouped by the waves in which they are found.  Give all records, "
    "and\n"
    "name domains by --by and --where: a unit that a filter took out of a wave looks rotated out.\n"
    "\n"
    "Never put the waves together and treat them as one sample of clusters: units that were "
    "rotated\n"
    "out would count as zeros, and a total's change gets an error two or three times too large.  "
    "The\n"
    "column of --wave may therefore not stand in --strata; where waves are separate samples (new "
    "areas\n"
    "drawn, old numbers used again) --independent says so, and the covariance is 0.\n"
    "\n"
    "The result has two rows for each domain, statistic and pair of waves: measure `change` is TO "
    "less\n"
    "FROM, `relative` is TO / FROM - 1.  Its columns: the groups, from, to, statistic, variable, "
    "measure,\n"
    "value_from, value_to, value with its standard error and interval, the correlation of the two\n"
    "estimates, t, degrees of freedom, p, significant (1 where p is below 1 - level), n_from, "
    "n_to,\n"
    "status and note.  Waves are compared each with the next, in the order of their names, or by\n"
    "--pair 2018,2026.  Degrees of freedom are those of the whole design.\n"
    "\n"
    "Status A is a normal value; U one to be read with care: no record in one wave, or no "
    "variance; M\n"
    "where there is none, as the relative change from 0.\n"
    "\n"
    "Missing values, weights of 0 and lonely units are treated as in marsad-estimate(1).";

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

struct pair {
    struct text from, to;
};

struct compare {
    struct estimate e; /* first: estimate's merge takes the state as its own */
    int wave;
    bool derived;         /* groups are made from the waves of each unit */
    struct groups *waves; /* where derived */
    uint64_t *held;       /* of each unit: its waves, a bit each */
    size_t held_room;
    struct pair pair[PAIRS];
    uint32_t pairs;
    struct result_rows *rows;
};

/* ---- open ---- */

static int open_pairs(struct step *step, struct compare *c)
{
    c->pairs = step_option_count(step, "pair");
    if (c->pairs > PAIRS)
        return step_fail(step, EX_USAGE, NOWHERE, "--pair: at most %d of them", PAIRS);
    for (uint32_t i = 0; i < c->pairs; i++) {
        struct text rest = text_of(step_option_nth(step, "pair", i));
        struct pair *p = &c->pair[i];
        if (!text_next(&rest, ',', &p->from) || !rest.at || !rest.len || !p->from.len ||
            text_equal(p->from, rest))
            return step_fail(step, EX_USAGE, NOWHERE, "--pair is FROM,TO, as in --pair 2018,2026");
        p->to = rest;
    }
    return STEP_OK;
}

static int check_strata(struct step *step, const struct compare *c)
{
    const struct frame *f = &c->e.frame;
    bool independent = step_flag(step, "independent");
    if (independent && step_option(step, "rotation"))
        return step_fail(step, EX_USAGE, NOWHERE, "--independent goes without --rotation");
    if (c->derived && f->fpcs)
        return step_fail(step, EX_USAGE, NOWHERE,
                         "--fpc wants --rotation too: it counts the units of stratum and group");
    for (uint32_t k = 0; k + independent < f->strata_columns; k++)
        if (f->stratum[k] == c->wave)
            return step_fail(step, EX_USAGE, NOWHERE,
                             "--strata has the column of --wave, which would make the waves "
                             "independent: leave it out, or say --independent");
    return STEP_OK;
}

static int add_fold(struct step *step, struct compare *c, const char *list, struct schema *out)
{
    const struct schema *in = step_in(step);
    uint32_t *by, keys;
    if (sample_by(step, list, &by, &keys) != STEP_OK)
        return STEP_FAIL;
    for (uint32_t k = 0; k < keys; k++) {
        if ((int)by[k] == c->wave)
            return step_fail(step, EX_USAGE, NOWHERE,
                             "--by has the column of --wave: leave it out");
        if (schema_find(out, in->name[by[k]]) == NO_COLUMN)
            schema_add(out, in->name[by[k]]);
    }
    by[keys] = (uint32_t)c->wave;
    estimate_add_fold(step, &c->e, keys + 1, by);
    return STEP_OK;
}

static int open_folds(struct step *step, struct compare *c, struct schema *out)
{
    struct estimate *e = &c->e;
    uint32_t given = step_option_count(step, "by");
    size_t levels = ((size_t)given + 1) * (e->requests.levels + 1);
    e->fold = arena_zarray(step_arena(step), (size_t)given + 1, sizeof *e->fold);
    e->level = arena_zarray(step_arena(step), levels, sizeof *e->level);
    for (uint32_t i = 0; i < given; i++)
        if (add_fold(step, c, step_option_nth(step, "by", i), out) != STEP_OK)
            return STEP_FAIL;
    if ((given == 0 || step_flag(step, "overall")) && add_fold(step, c, "", out) != STEP_OK)
        return STEP_FAIL;
    e->columns = out->columns;
    return result_columns(step, out, names, COLUMNS);
}

static int compare_open(struct step *step, const struct schema *in, struct schema *out)
{
    static const char *const df[] = {"design", "domain", "inf", NULL};
    static const int df_of[] = {DF_DESIGN, DF_DOMAIN, DF_INFINITE};
    struct compare *c = step_state(step);
    c->derived = !step_option(step, "rotation") && !step_flag(step, "independent");
    if (step_column(step, "wave", &c->wave) != STEP_OK ||
        sample_open(step, &c->e, in, df, df_of) != STEP_OK || check_strata(step, c) != STEP_OK ||
        open_pairs(step, c) != STEP_OK ||
        requests_open(step, &c->e.requests, DEFF_NONE) != STEP_OK ||
        open_folds(step, c, out) != STEP_OK || calibrated_open(step, &c->e) != STEP_OK)
        return STEP_FAIL;
    if (c->derived) {
        c->waves = groups_new(1);
        step_alone(step);
    }
    return step_error(step)->code ? STEP_FAIL : STEP_OK;
}

/* ---- rows ---- */

static int note_waves(struct step *step, struct compare *c, const struct batch *b,
                      const uint32_t *unit)
{
    const struct text *wave = batch_text(b, (uint32_t)c->wave);
    size_t had = c->held_room;
    c->held = memory_grow(c->held, &c->held_room, c->e.frame.units, sizeof *c->held);
    memset(c->held + had, 0, (c->held_room - had) * sizeof *c->held);
    for (uint32_t i = 0; i < b->rows; i++) {
        if (text_missing(wave[i]))
            continue;
        uint32_t w = group_find(c->waves, &wave[i], NULL);
        if (w >= WAVES)
            return step_fail(step, EX_DATAERR, batch_place(b, i, (uint32_t)c->wave),
                             "--wave has more than %d values", WAVES);
        c->held[unit[i]] |= (uint64_t)1 << w;
    }
    return STEP_OK;
}

static int compare_push(struct step *step, struct batch *b)
{
    struct compare *c = step_state(step);
    struct estimate *e = &c->e;
    uint32_t *unit = arena_array(b->arena, b->rows, sizeof *unit);
    bool *use = arena_array(b->arena, b->rows, sizeof *use);
    const uint64_t *origin = frame_origins(step, &e->frame, b);
    const struct decimal *weight;
    if (frame_add(step, &e->frame, b, origin, unit, &weight) != STEP_OK ||
        (c->derived && note_waves(step, c, b, unit) != STEP_OK) ||
        sample_use(step, e, b, use) != STEP_OK ||
        (e->calibrated && calibrated_add(step, e, b, unit, weight) != STEP_OK) ||
        estimate_add_folds(step, e, b, use, unit, origin, weight) != STEP_OK)
        return STEP_FAIL;
    step_count(step, COUNT_FOLDED, b->rows);
    return STEP_OK;
}

/* ---- rotation groups from the waves of each unit ---- */

static struct text name_group(const struct compare *c, uint64_t held, const uint32_t *order,
                              struct arena *a)
{
    char *name = arena_print(a, "%s", "");
    for (uint32_t i = 0; i < groups_count(c->waves); i++) {
        struct text wave = group_key(c->waves, order[i])[0];
        if (held >> order[i] & 1)
            name = arena_print(a, "%s%s%.*s", name, *name ? "+" : "", (int)wave.len, wave.at);
    }
    return text_of(name);
}

static void split_strata(struct step *step, struct compare *c)
{
    struct frame *f = &c->e.frame;
    struct arena *a = arena_new();
    const uint32_t *order = groups_order(c->waves, step_arena(step));
    struct groups *split = groups_new(f->strata_columns + 1);
    struct text key[STRATA + 1] = {{NULL, 0}};
    bool shared = false;
    for (uint32_t u = 0; u < f->units; u++) {
        if (f->strata_columns)
            memcpy(key, group_key(f->strata, f->stratum_of[u]), f->strata_columns * sizeof *key);
        key[f->strata_columns] = name_group(c, c->held[u], order, a);
        shared |= (c->held[u] & (c->held[u] - 1)) != 0;
        f->stratum_of[u] = group_find(split, key, NULL);
        arena_reset(a);
    }
    arena_free(a);
    groups_free(f->strata);
    f->strata = split;
    f->strata_columns++;
    if (!shared && !f->by_record && f->units)
        step_warn(step, NOWHERE,
                  "no unit of the sample is in two waves: they count as independent samples");
}

/* ---- one change ---- */

struct change {
    const struct pair *pair;
    const struct request *request;
    const struct text *group;
    struct text variable;
    struct result from, to, is;
    double correlation;
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
                         .deff = NAN,
                         .df = NAN,
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
    x->is = (struct result){
        .value = isfinite(value) ? value : (double)NAN, .se = NAN, .deff = NAN, .df = NAN};
    if (isnan(x->is.value))
        return STEP_OK;
    x->is.influence = influence_combine(&none, &x->to.influence, to_factor, a);
    x->is.influence = influence_combine(&x->is.influence, &x->from.influence, from_factor, a);
    return result_variance(step, &c->e, &x->is);
}

static int write_change(struct step *step, struct compare *c, struct change *x, struct arena *a)
{
    double from = x->from.value, to = x->to.value;
    if (find_change(step, c, x, to - from, 1, -1, a) != STEP_OK)
        return STEP_FAIL;
    double both = x->from.se * x->from.se + x->to.se * x->to.se - x->is.se * x->is.se;
    x->correlation = both / (2 * x->from.se * x->to.se);
    int status = write_row(step, c, x, false);
    if (status != STEP_OK)
        return status;
    if (find_change(step, c, x, from != 0.0 ? to / from - 1 : (double)NAN, 1 / from,
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

static int write_fold(struct step *step, struct compare *c, uint32_t fold)
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

/* ---- which waves ---- */

static bool has_wave(const struct groups *waves, struct text name)
{
    for (uint32_t w = 0; w < groups_count(waves); w++)
        if (text_equal(group_key(waves, w)[0], name))
            return true;
    return false;
}

static int check_pairs(struct step *step, const struct compare *c, const struct groups *waves)
{
    for (uint32_t i = 0; i < c->pairs; i++)
        for (int side = 0; side < 2; side++) {
            struct text name = side ? c->pair[i].to : c->pair[i].from;
            if (!has_wave(waves, name))
                return step_fail(step, EX_DATAERR, NOWHERE, "--pair: no record is of wave '%.*s'",
                                 (int)name.len, name.at);
        }
    return STEP_OK;
}

/* Each wave with the next, in order, where --pair says nothing. */
static int find_pairs(struct step *step, struct compare *c)
{
    struct groups *waves = groups_new(1);
    for (uint32_t f = 0; f < c->e.folds; f++)
        for (uint32_t d = 0; d < c->e.fold[f]->known; d++)
            group_find(waves, group_key(c->e.fold[f]->domains, d) + c->e.fold[f]->keys - 1, NULL);
    uint32_t n = groups_count(waves);
    const uint32_t *order = groups_order(waves, step_arena(step));
    int status = c->pairs && n ? check_pairs(step, c, waves) : STEP_OK;
    if (n == 1)
        status = step_fail(step, EX_DATAERR, NOWHERE,
                           "--wave has one value only: a change needs two waves");
    if (n > WAVES)
        status = step_fail(step, EX_DATAERR, NOWHERE, "--wave has more than %d values", WAVES);
    for (uint32_t i = 0; !step_option(step, "pair") && status == STEP_OK && i + 1 < n; i++)
        c->pair[c->pairs++] =
            (struct pair){text_copy(step_arena(step), group_key(waves, order[i])[0]),
                          text_copy(step_arena(step), group_key(waves, order[i + 1])[0])};
    groups_free(waves);
    return status;
}

static int compare_finish(struct step *step)
{
    struct compare *c = step_state(step);
    if (c->derived)
        split_strata(step, c);
    if (frame_finish(step, &c->e.frame) != STEP_OK ||
        (c->e.calibrated && calibrated_finish(step, &c->e) != STEP_OK))
        return STEP_FAIL;
    c->rows = result_rows_new(step);
    estimate_finish_folds(step, &c->e);
    int status = find_pairs(step, c);
    for (uint32_t f = 0; f < c->e.folds && status == STEP_OK; f++)
        status = write_fold(step, c, f);
    return status == STEP_OK ? result_rows_flush(step, c->rows) : status;
}

static void compare_close(struct step *step)
{
    struct compare *c = step_state(step);
    groups_free(c->waves);
    free(c->held);
    result_rows_free(c->rows);
    estimate_close(step);
}

const struct stage stage_compare = {
    .name = "compare",
    .summary = "change between waves of a survey, with the covariance of shared units",
    .details = details,
    .example = "printf 'year,stratum,area,w,work\\n2018,1,a,10,1\\n2018,1,b,12,0\\n2018,1,c,9,1\\n"
               "2026,1,a,11,1\\n2026,1,b,12,1\\n2026,1,c,9,1\\n' |"
               " marsad compare --wave year --strata stratum --psu area --weight w --mean work",
    .options = options,
    .state_size = sizeof(struct compare),
    .open = compare_open,
    .start = estimate_start,
    .push = compare_push,
    .merge = estimate_merge,
    .finish = compare_finish,
    .close = compare_close,
};
