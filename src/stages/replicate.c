/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replicate: replicate weights of a sample, as columns or as factors of its PSUs.
 *
 * Strata and PSUs are numbered in the order of their keys, so that the factors (stat/replicate.h)
 * are a function of the design and the seed, not of the order of the rows.  Rows are kept to the
 * end; with
 * --factors they are not.  A PSU costs eight bytes a replicate.
 */
#include "chain/stage.h"

#include "base/memory.h"
#include "stat/replicate.h"
#include "table/group.h"
#include "table/kept_rows.h"

#include <stdlib.h>

enum { CELLS_AT_ONCE = 1 << 18, ROWS_MOST = INT32_MAX };

struct replicate {
    struct replicate_plan plan;
    uint32_t *strata_column, strata_columns, *psu_column, psu_columns, *key_column, key_columns;
    struct groups *strata, *psus, *names; /* psus: strata and PSU; names: PSU alone */
    uint32_t *stratum_of_psu, *stratum_of_name;
    size_t psu_room, name_room, row_room, weight_room;
    uint32_t *psu_of_row; /* of kept rows */
    double *weight;       /* of kept rows; NULL: factors are wanted */
    struct kept_rows *kept;
    uint32_t *sorted, *place; /* PSUs in the order of the plan, and the place of each in it */
    double *factor;           /* in that order, times replicates */
    int weight_column, fpc_column;
    double *population; /* of each stratum, as read; 0: not yet */
    size_t population_room;
    bool as_factors, late; /* late: the data decide how many replicates there are */
    struct schema *out;
    uint32_t first; /* column of the first replicate */
    const char *prefix;
    unsigned scales;
    const struct schema *scales_schema;
};

static const struct option_spec options[] = {
    {"type", OPTION_CHOICE, "TYPE", "how replicates are made", OPTION_REQUIRED,
     "brr|fay|jk1|jkn|bootstrap|sdr"},
    {"psu", OPTION_COLUMNS, "COL,...", "the primary sampling unit", OPTION_REQUIRED, ""},
    {"strata", OPTION_COLUMNS, "COL,...", "the stratum (default: one)", 0, ""},
    {"nest", OPTION_FLAG, "", "the same PSU in two strata is two PSUs", 0, ""},
    {"fpc", OPTION_COLUMN, "COL",
     "of a jackknife: PSUs in the population of the stratum (or the fraction taken)", 0, ""},
    {"weight", OPTION_COLUMN, "COL", "multiply by this weight (default: factors)", 0, ""},
    {"seed", OPTION_INTEGER, "N", "of the draws (bootstrap needs it)", 0, ""},
    {"replicates", OPTION_INTEGER, "R",
     "how many (default: as many as needed; bootstrap 500, sdr 80)", 0, ""},
    {"rho", OPTION_TEXT, "X", "of fay, from 0 up to 1", 0, "0.5"},
    {"prefix", OPTION_TEXT, "TEXT", "of the names of the columns", 0, "bw"},
    {"factors", OPTION_FLAG, "", "a row a PSU, with its factors, in the place of the records", 0,
     ""},
    {"scales", OPTION_OUTPUT, "FILE", "write the scale of each replicate here", 0, ""},
    {"FILE", OPTION_INPUT, "FILE", "the records (default: standard input)", 0, ""},
    {.name = ""},
};

/* ---- open ---- */

static int parse_rho(struct step *step)
{
    struct replicate *s = step_state(step);
    const char *rho = step_option(step, "rho");
    s->plan.rho = 0.5;
    if (rho && s->plan.type != REPLICATE_FAY)
        return step_fail(step, EX_USAGE, NOWHERE, "--rho belongs to --type fay");
    if (rho && (!real_read(text_of(rho), &s->plan.rho) || s->plan.rho < 0 || s->plan.rho >= 1))
        return step_fail(step, EX_USAGE, NOWHERE, "--rho is a number from 0 up to 1");
    return STEP_OK;
}

static int parse_plan(struct step *step)
{
    struct replicate *s = step_state(step);
    long long seed, replicates;
    replicate_type_of(step_option(step, "type"), &s->plan.type);
    if (step_integer(step, "seed", 0, INT64_MAX, 0, &seed) != STEP_OK ||
        step_integer(step, "replicates", 2, 100000, 0, &replicates) != STEP_OK)
        return STEP_FAIL;
    if (s->plan.type == REPLICATE_BOOTSTRAP && !step_option(step, "seed"))
        return step_fail(step, EX_USAGE, NOWHERE,
                         "--type bootstrap draws: give a --seed, any whole number, and keep it");
    s->plan.seed = (uint64_t)seed;
    s->plan.replicates = (uint32_t)replicates;
    return parse_rho(step);
}

/* Strata and PSU together, for keys and the file of factors. */
static void join_columns(struct step *step)
{
    struct replicate *s = step_state(step);
    s->key_columns = s->strata_columns + s->psu_columns;
    s->key_column = arena_array(step_arena(step), s->key_columns, sizeof *s->key_column);
    for (uint32_t i = 0; i < s->key_columns; i++)
        s->key_column[i] =
            i < s->strata_columns ? s->strata_column[i] : s->psu_column[i - s->strata_columns];
}

static int add_columns(struct step *step, struct schema *out, uint32_t replicates)
{
    struct replicate *s = step_state(step);
    int width = replicates < 100 ? 2 : replicates < 1000 ? 3 : replicates < 10000 ? 4 : 6;
    s->first = out->columns;
    for (uint32_t r = 1; r <= replicates; r++) {
        const char *name = arena_print(step_arena(step), "%s%0*u", s->prefix, width, r);
        if (schema_add(out, text_of(name)) == NO_COLUMN)
            return step_fail(step, EX_USAGE, NOWHERE,
                             "the input already has a column '%s'; choose with --prefix", name);
    }
    return STEP_OK;
}

/* The number of replicates that does not hang on the data; 0: it does. */
static uint32_t known_replicates(const struct replicate_plan *p)
{
    if (p->replicates)
        return p->replicates;
    return p->type == REPLICATE_BOOTSTRAP ? REPLICATE_BOOTSTRAP_DEFAULT
           : p->type == REPLICATE_SDR     ? REPLICATE_SDR_DEFAULT
                                          : 0;
}

static int open_output(struct step *step, const struct schema *in, struct schema *out)
{
    struct replicate *s = step_state(step);
    struct schema *scales = schema_new(step_arena(step));
    uint32_t known = known_replicates(&s->plan);
    schema_add(scales, TEXT("replicate"));
    schema_add(scales, TEXT("scale"));
    s->scales_schema = scales;
    s->scales = step_port(step, "scales", scales);
    s->as_factors = step_flag(step, "factors");
    s->out = out;
    if (s->as_factors && s->weight_column != NO_COLUMN)
        return step_fail(step, EX_USAGE, NOWHERE, "--factors and --weight do not go together");
    if (s->as_factors)
        for (uint32_t i = 0; i < s->key_columns; i++)
            schema_add(out, in->name[s->key_column[i]]);
    else
        schema_add_all(out, in);
    if (!s->as_factors)
        s->kept = kept_rows_new(step_arena(step), in, NULL);
    if (known)
        return add_columns(step, out, known);
    s->late = true;
    step_late(step);
    return s->as_factors ? STEP_OK : step_need_all(step);
}

static int replicate_open(struct step *step, const struct schema *in, struct schema *out)
{
    struct replicate *s = step_state(step);
    s->weight_column = s->fpc_column = NO_COLUMN;
    s->prefix = step_option(step, "prefix");
    s->prefix = s->prefix ? s->prefix : "bw";
    if (parse_plan(step) != STEP_OK ||
        step_columns(step, "strata", &s->strata_column, &s->strata_columns) != STEP_OK ||
        step_columns(step, "psu", &s->psu_column, &s->psu_columns) != STEP_OK ||
        (step_option(step, "fpc") && step_column(step, "fpc", &s->fpc_column) != STEP_OK) ||
        (step_option(step, "weight") && step_column(step, "weight", &s->weight_column) != STEP_OK))
        return STEP_FAIL;
    if (s->fpc_column != NO_COLUMN && s->plan.type != REPLICATE_JK1 &&
        s->plan.type != REPLICATE_JKN)
        return step_fail(step, EX_USAGE, NOWHERE, "--fpc belongs to --type jk1 and jkn");
    join_columns(step);
    s->strata = groups_new(s->strata_columns);
    s->psus = groups_new(s->key_columns);
    s->names = groups_new(s->psu_columns);
    return open_output(step, in, out);
}

/* ---- push ---- */

static int refuse(struct step *step, const struct batch *b, uint32_t row, uint32_t column,
                  const char *reason)
{
    struct text name = b->schema->name[column];
    return step_fail(step, EX_DATAERR, batch_place(b, row, column), "column '%.*s': %s%s",
                     (int)name.len, name.at, reason, step_quote(step, batch_text(b, column)[row]));
}

/* The PSU of a row; the same name in another stratum is a fault, unless it was said not to be. */
static int find_psu(struct step *step, const struct batch *b, uint32_t row, const struct text *key,
                    uint32_t *psu)
{
    struct replicate *s = step_state(step);
    bool fresh, new_name;
    uint32_t stratum = group_find(s->strata, key, NULL);
    uint32_t name = group_find(s->names, key + s->strata_columns, &new_name);
    *psu = group_find(s->psus, key, &fresh);
    if (new_name)
        s->stratum_of_name =
            memory_grow(s->stratum_of_name, &s->name_room, (size_t)name + 1, sizeof(uint32_t));
    if (new_name)
        s->stratum_of_name[name] = stratum;
    if (!step_flag(step, "nest") && s->stratum_of_name[name] != stratum)
        return refuse(step, b, row, s->psu_column[0],
                      "this PSU is in two strata; --nest if they are two PSUs of one name");
    if (fresh) {
        s->stratum_of_psu =
            memory_grow(s->stratum_of_psu, &s->psu_room, (size_t)*psu + 1, sizeof(uint32_t));
        s->stratum_of_psu[*psu] = stratum;
    }
    return STEP_OK;
}

/* The population of a stratum, which all its rows must tell alike. */
static int read_population(struct step *step, const struct batch *b, uint32_t row, uint32_t stratum)
{
    struct replicate *s = step_state(step);
    double value = batch_real(b, (uint32_t)s->fpc_column)[row];
    s->population = memory_grow_zeroed(s->population, &s->population_room, (size_t)stratum + 1,
                                       sizeof *s->population);
    if (!(value > 0))
        return refuse(step, b, row, (uint32_t)s->fpc_column,
                      "is no positive number (of units, or a fraction)");
    if (s->population[stratum] > 0 && s->population[stratum] != value)
        return refuse(step, b, row, (uint32_t)s->fpc_column,
                      "the population of units differs within a stratum");
    s->population[stratum] = value;
    return STEP_OK;
}

static int push_psus(struct step *step, const struct batch *b, uint32_t *psu)
{
    struct replicate *s = step_state(step);
    const struct text **cell = arena_array(b->arena, s->key_columns, sizeof *cell);
    struct text *key = arena_array(b->arena, s->key_columns, sizeof *key);
    for (uint32_t k = 0; k < s->key_columns; k++)
        cell[k] = batch_text(b, s->key_column[k]);
    for (uint32_t i = 0; i < b->rows; i++) {
        for (uint32_t k = 0; k < s->key_columns; k++) {
            key[k] = cell[k][i];
            if (text_missing(key[k]))
                return refuse(step, b, i, s->key_column[k], "a stratum or PSU is missing");
        }
        if (find_psu(step, b, i, key, &psu[i]) != STEP_OK ||
            (s->fpc_column != NO_COLUMN &&
             read_population(step, b, i, s->stratum_of_psu[psu[i]]) != STEP_OK))
            return STEP_FAIL;
    }
    return STEP_OK;
}

static int push_weights(struct step *step, const struct batch *b, uint32_t before)
{
    struct replicate *s = step_state(step);
    const double *x = batch_real(b, (uint32_t)s->weight_column);
    s->weight = memory_grow(s->weight, &s->weight_room, (size_t)before + b->rows, sizeof *x);
    for (uint32_t i = 0; i < b->rows; i++) {
        if (!(x[i] >= 0))
            return refuse(step, b, i, (uint32_t)s->weight_column,
                          "a weight is missing, below 0 or no number");
        s->weight[before + i] = x[i];
    }
    return STEP_OK;
}

static int replicate_push(struct step *step, struct batch *b)
{
    struct replicate *s = step_state(step);
    uint32_t *psu = arena_array(b->arena, b->rows, sizeof *psu);
    if (push_psus(step, b, psu) != STEP_OK)
        return STEP_FAIL;
    if (s->as_factors) {
        step_count(step, COUNT_FOLDED, b->rows);
        return STEP_OK;
    }
    uint32_t before = kept_rows_count(s->kept);
    if (before > ROWS_MOST - b->rows)
        return step_fail(step, EX_DATAERR, NOWHERE, "over %d rows; take --factors", ROWS_MOST);
    if (s->weight_column != NO_COLUMN && push_weights(step, b, before) != STEP_OK)
        return STEP_FAIL;
    s->psu_of_row = memory_grow(s->psu_of_row, &s->row_room, (size_t)before + b->rows, sizeof *psu);
    memcpy(s->psu_of_row + before, psu, b->rows * sizeof *psu);
    kept_rows_add(s->kept, b);
    return STEP_OK;
}

/* ---- finish ---- */

/* PSUs by stratum and then by key; for sdr as they came, since their order is the sample's. */
static void order_psus(struct step *step)
{
    struct replicate *s = step_state(step);
    struct arena *arena = step_arena(step);
    uint32_t strata = groups_count(s->strata), psus = groups_count(s->psus), at = 0;
    const uint32_t *stratum = groups_order(s->strata, arena),
                   *by_key = groups_order(s->psus, arena);
    uint32_t *size = arena_zarray(arena, strata, sizeof *size);
    uint32_t *next = arena_zarray(arena, strata, sizeof *next);
    uint32_t *count = arena_zarray(arena, strata, sizeof *count);
    for (uint32_t i = 0; i < psus; i++)
        size[s->stratum_of_psu[i]]++;
    for (uint32_t h = 0; h < strata; h++) {
        next[stratum[h]] = at;
        at += count[h] = size[stratum[h]];
    }
    s->sorted = arena_array(arena, psus, sizeof *s->sorted);
    s->place = arena_array(arena, psus, sizeof *s->place);
    for (uint32_t i = 0; i < psus; i++) {
        uint32_t psu = s->plan.type == REPLICATE_SDR ? i : by_key[i];
        s->place[psu] = next[s->stratum_of_psu[psu]]++;
        s->sorted[s->place[psu]] = psu;
    }
    s->plan.strata = strata;
    s->plan.psus = count;
}

/* The fraction taken of each stratum, in their order; for jk1 of all. */
static int find_fractions(struct step *step)
{
    struct replicate *s = step_state(step);
    const uint32_t *stratum = groups_order(s->strata, step_arena(step));
    double *fraction = arena_array(step_arena(step), s->plan.strata, sizeof *fraction);
    bool all = s->plan.type == REPLICATE_JK1;
    for (uint32_t h = 0; h < s->plan.strata; h++) {
        double value = s->population[stratum[h]];
        fraction[h] = value > 1 ? (all ? groups_count(s->psus) : s->plan.psus[h]) / value : value;
        if (fraction[h] > 1 + 1e-12 || (all && value != s->population[stratum[0]]))
            return step_fail(step, EX_DATAERR, NOWHERE,
                             "--fpc: the population of units is smaller than the sample, or "
                             "(jk1) differs");
    }
    s->plan.fraction = fraction;
    return STEP_OK;
}

static int fail_plan(struct step *step, const char *reason, uint32_t stratum)
{
    struct replicate *s = step_state(step);
    if (stratum == UINT32_MAX)
        return step_fail(step, EX_DATAERR, NOWHERE, "%s", reason);
    return step_fail(step, EX_DATAERR, NOWHERE, "PSUs in stratum %u (by order of names): %u; %s",
                     stratum + 1, s->plan.psus[stratum], reason);
}

/* What estimate refuses: a stratum that shows no variance. */
static void warn_of_lonely(struct step *step)
{
    const struct replicate *s = step_state(step);
    bool strata = s->plan.type == REPLICATE_JKN || s->plan.type == REPLICATE_BOOTSTRAP;
    uint32_t alone = 0;
    for (uint32_t h = 0; h < s->plan.strata && strata; h++)
        alone += s->plan.psus[h] == 1;
    if (alone)
        step_warn(step, NOWHERE,
                  "strata of one PSU, which add no variance: %u; join strata, unless they were "
                  "taken for sure",
                  alone);
}

static int make_factors(struct step *step)
{
    struct replicate *s = step_state(step);
    struct arena *arena = step_arena(step);
    uint32_t stratum;
    order_psus(step);
    if (s->population && find_fractions(step) != STEP_OK)
        return STEP_FAIL;
    const char *reason = replicate_plan_set(arena, &s->plan, &stratum);
    if (reason)
        return fail_plan(step, reason, stratum);
    if (s->plan.order > s->plan.wanted)
        step_warn(step, NOWHERE, "%u replicates: a Hadamard matrix of order %u is not offered",
                  s->plan.order, s->plan.wanted);
    warn_of_lonely(step);
    size_t replicates = s->plan.replicates;
    s->factor = arena_array(arena, s->plan.total * replicates, sizeof *s->factor);
    for (uint32_t h = 0; h < s->plan.strata; h++)
        replicate_factors(&s->plan, h, s->factor + s->plan.first[h] * replicates);
    return STEP_OK;
}

static void fill_records(const struct replicate *s, struct batch *b, uint32_t first)
{
    kept_rows_take(s->kept, b, first);
    for (uint32_t r = 0; r < s->plan.replicates; r++) {
        double *x = batch_new_real(b, s->first + r);
        for (uint32_t i = 0; i < b->rows; i++)
            x[i] = s->factor[(size_t)s->place[s->psu_of_row[first + i]] * s->plan.replicates + r] *
                   (s->weight ? s->weight[first + i] : 1);
    }
}

static void fill_psus(const struct replicate *s, struct batch *b, uint32_t first)
{
    for (uint32_t k = 0; k < s->key_columns; k++) {
        struct text *cell = batch_new_text(b, k);
        for (uint32_t i = 0; i < b->rows; i++)
            cell[i] = group_key(s->psus, s->sorted[first + i])[k];
    }
    for (uint32_t r = 0; r < s->plan.replicates; r++) {
        double *x = batch_new_real(b, s->first + r);
        for (uint32_t i = 0; i < b->rows; i++)
            x[i] = s->factor[(size_t)(first + i) * s->plan.replicates + r];
    }
}

static int emit_scales(struct step *step)
{
    struct replicate *s = step_state(step);
    if (!s->scales)
        return STEP_OK;
    struct batch *b = step_batch(step, s->scales_schema, s->plan.replicates);
    struct text *name = batch_new_text(b, 0);
    double *scale = batch_new_real(b, 1);
    for (uint32_t r = 0; r < s->plan.replicates; r++) {
        name[r] = s->out->name[s->first + r];
        scale[r] = replicate_scale(&s->plan, r);
    }
    return step_emit(step, s->scales, b);
}

static uint32_t rows_at_once(const struct step *step)
{
    const struct replicate *s = step_state_of(step);
    uint32_t most = step_batch_rows(step), some = CELLS_AT_ONCE / s->plan.replicates + 1;
    return most < some ? most : some;
}

static uint32_t count_rows(const struct replicate *s)
{
    return s->as_factors ? s->plan.total : kept_rows_count(s->kept);
}

static struct batch *make_rows(const struct step *step, uint64_t number, struct arena *arena)
{
    const struct replicate *s = step_state_of(step);
    uint32_t most = rows_at_once(step), first = (uint32_t)(number * most);
    uint32_t left = count_rows(s) - first;
    struct batch *b = batch_new(arena, s->out, left < most ? left : most);
    (s->as_factors ? fill_psus : fill_records)(s, b, first);
    return b;
}

static int emit_all(struct step *step)
{
    const struct replicate *s = step_state(step);
    uint64_t rows = count_rows(s), most = rows_at_once(step);
    step_count(step, COUNT_MADE, s->as_factors ? rows : 0);
    int result = step_make(step, make_rows, (rows + most - 1) / most);
    return result == STEP_OK ? emit_scales(step) : result;
}

static int replicate_finish(struct step *step)
{
    struct replicate *s = step_state(step);
    if (groups_count(s->psus) == 0)
        return STEP_OK;
    if (make_factors(step) != STEP_OK)
        return STEP_FAIL;
    if (s->late && add_columns(step, s->out, s->plan.replicates) != STEP_OK)
        return STEP_FAIL;
    return emit_all(step);
}

static void replicate_close(struct step *step)
{
    struct replicate *s = step_state(step);
    groups_free(s->strata);
    groups_free(s->psus);
    groups_free(s->names);
    free(s->stratum_of_psu);
    free(s->stratum_of_name);
    free(s->psu_of_row);
    free(s->weight);
    free(s->population);
}

const struct stage stage_replicate = {
    .name = "replicate",
    .summary = "replicate weights of a sample: brr, fay, jk1, jkn, bootstrap, sdr",
    .details =
        "Each record gets R more columns (bw001, ...), its weight in each of R replicates of the "
        "sample; without --weight the factor that a weight is to be multiplied by. An estimate "
        "made "
        "with each of them varies as the sample would have: estimate --replicates 'bw*' turns that "
        "into a standard error. All records of a PSU have the same factors.\n"
        "\n"
        "brr takes one of the 2 PSUs of each stratum with double weight, by a Hadamard matrix, so "
        "that R is the next multiple of 4 above the number of strata that has one; fay gives the "
        "others rho times their weight instead of none (--rho, 0.5). jk1 leaves out one PSU at a "
        "time "
        "and knows no strata, jkn leaves out one at a time within strata. bootstrap draws as many "
        "PSUs "
        "as a stratum has less one, with replacement, and scales them up (Rao and Wu); it works "
        "for "
        "any number of PSUs and for medians. sdr (successive differences) is for systematic "
        "samples: "
        "the PSUs must come in the order in which they were drawn.\n"
        "\n"
        "The draws are counted, not continued: with the same --seed, strata and PSUs the factors "
        "are "
        "the same, whatever the order of the rows. A stratum with one PSU adds no variance in "
        "bootstrap and jkn, and is refused by brr and fay. A PSU whose name occurs in two strata "
        "is "
        "refused, unless --nest says that it is two PSUs.\n"
        "\n"
        "The variance is the sum over the replicates of scale times squared difference, and the "
        "scale "
        "hangs on the type (brr 1/R, fay 1/(R(1-rho)^2), bootstrap 1/R, sdr 4/R, jk1 (R-1)/R, jkn "
        "(n-1)/n of the stratum; with --fpc of jackknives times 1 less the fraction taken): "
        "--scales writes it for each replicate, for whoever uses the "
        "weights elsewhere. --factors gives one row a PSU in the place of the records, which is "
        "all "
        "that has to be handed on: join it by stratum and PSU.\n"
        "\n"
        "Memory: 8 bytes a PSU and replicate; the records are kept, but never times R.",
    .example = "printf 'stratum,psu,w\\nA,1,10\\nA,2,12\\nB,3,9\\nB,4,9\\n' | "
               "marsad replicate --type jkn --strata stratum --psu psu --weight w",
    .options = options,
    .state_size = sizeof(struct replicate),
    .open = replicate_open,
    .push = replicate_push,
    .finish = replicate_finish,
    .close = replicate_close,
};
