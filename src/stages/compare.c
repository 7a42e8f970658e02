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
#include "stages/compare.h"

#include <stdlib.h>

#include "base/memory.h"
#include "stages/design_option.h"
#include "stages/estimate_calibrated.h"

static const struct option_spec options[] = {
    {"wave", OPTION_COLUMN, "COL", "wave of each record: a year, a round", OPTION_REQUIRED, ""},
    {"pair", OPTION_TEXT, "FROM,TO", "compare these waves (without: each with the next)",
     OPTION_REPEAT, ""},
    {"strata", OPTION_COLUMNS, "COL,...", "stratum of each record, the same in all waves", 0, ""},
    {"psu", OPTION_COLUMNS, "COL[,COL]", "primary unit, the same in all waves; further stages", 0,
     ""},
    {"rotation", OPTION_COLUMN, "COL",
     "rotation group of the unit (without: the waves that it is found in)", 0, ""},
    {"independent", OPTION_FLAG, "", "the waves are separate samples, though ids may be alike", 0,
     ""},
    WEIGHT_OPTION,
    {"fpc", OPTION_COLUMNS, "COL[,COL]",
     "units in the population of each stratum and group (or the fraction taken)", 0, ""},
    NEST_OPTION,
    DOMAIN_OPTIONS,
    STATISTIC_OPTIONS,
    {"variance-by", OPTION_CHOICE, "WHICH",
     "variance of each wave within groups, or strata alone (covariances are within groups)", 0,
     "groups|strata"},
    {"level", OPTION_TEXT, "P", "confidence level, and what counts as significant", 0, "0.95"},
    LONELY_OPTIONS,
    {"df", OPTION_CHOICE, "WHICH", "degrees of freedom: of the design, the domain, none (normal)",
     0, "design|domain|inf"},
    CALIBRATED_OPTIONS,
    {"FILE", OPTION_INPUT, "FILE", "the records of all waves (default: standard input)", 0, ""},
    {.name = ""},
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
    "Variances, too, are within rotation groups.  --variance-by strata takes those of each wave by "
    "itself,\n"
    "within strata alone, and only the covariance within groups: it uses the differences between "
    "the\n"
    "groups, which are of the sample of a wave too; df is then units less strata of each wave.\n"
    "\n"
    "Status A is a normal value; U one to be read with care: no record in one wave, or no "
    "variance; M\n"
    "where there is none, as the relative change from 0.\n"
    "\n"
    "Missing values, weights of 0 and lonely units are treated as in marsad-estimate(1).";

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
    estimate_add_fold(&c->e, keys + 1, by);
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
    return compare_columns(step, out);
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
        open_folds(step, c, out) != STEP_OK || calibrated_open(step, &c->e) != STEP_OK ||
        compare_apart_open(step, c) != STEP_OK)
        return STEP_FAIL;
    if (c->derived || c->by_strata)
        c->waves = groups_new(1);
    if (c->derived)
        step_alone(step);
    return step_error(step)->code ? STEP_FAIL : STEP_OK;
}

/* ---- rows ---- */

static int note_waves(struct step *step, struct compare *c, const struct batch *b,
                      const uint32_t *unit)
{
    const struct text *wave = batch_text(b, (uint32_t)c->wave);
    c->held = memory_grow_zeroed(c->held, &c->held_room, c->e.frame.units, sizeof *c->held);
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
    struct weights weight;
    if (frame_add(step, &e->frame, b, origin, unit, &weight) != STEP_OK ||
        (c->derived && note_waves(step, c, b, unit) != STEP_OK) ||
        (c->by_strata && compare_apart_add(step, c, b, origin, unit) != STEP_OK) ||
        sample_use(step, e, b, use) != STEP_OK ||
        (e->calibrated && calibrated_add(step, e, b, unit) != STEP_OK) ||
        estimate_add_folds(step, e, b, use, unit, origin, &weight) != STEP_OK)
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
    if (!shared && !f->by_record && groups_count(c->waves) > 1)
        step_warn(step, NOWHERE,
                  "no unit of the sample is in two waves: they count as independent samples");
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
        (c->e.calibrated && calibrated_finish(step, &c->e) != STEP_OK) ||
        (c->by_strata && compare_apart_finish(step, c) != STEP_OK))
        return STEP_FAIL;
    c->rows = result_rows_new(step);
    int status = estimate_finish_folds(step, &c->e);
    if (status == STEP_OK)
        status = find_pairs(step, c);
    for (uint32_t f = 0; f < c->e.folds && status == STEP_OK; f++)
        status = compare_write(step, c, f);
    return status == STEP_OK ? result_rows_flush(step, c->rows) : status;
}

static void compare_close(struct step *step)
{
    struct compare *c = step_state(step);
    groups_free(c->waves);
    free(c->held);
    compare_apart_close(c);
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
