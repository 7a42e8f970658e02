/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sample design as it is read: every unit of the file, whatever the domain. */
#include "stages/estimate.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/radix.h"

/* ---- open ---- */

/* The columns of `--psu P,SSU` or `--fpc F,F2`. */
static int open_list(struct step *step, const char *option, int *column, uint32_t *count,
                     uint32_t most)
{
    uint32_t *found;
    if (step_columns(step, option, &found, count) != STEP_OK)
        return STEP_FAIL;
    if (*count > most)
        return step_fail(step, EX_USAGE, NOWHERE, "--%s takes at most %u columns", option, most);
    for (uint32_t i = 0; i < *count; i++)
        column[i] = (int)found[i];
    return STEP_OK;
}

static int open_column(struct step *step, const char *option, int *column)
{
    *column = NO_COLUMN;
    return step_option(step, option) ? step_column(step, option, column) : STEP_OK;
}

/* Of compare: rotation groups, or waves, are strata too. */
static int open_further_strata(struct step *step, struct frame *f, const char *option)
{
    if (!step_option(step, option))
        return STEP_OK;
    if (f->strata_columns == STRATA)
        return step_fail(step, EX_USAGE, NOWHERE, "--strata takes at most %d columns here",
                         STRATA - 1);
    return step_column(step, option, &f->stratum[f->strata_columns++]);
}

int frame_open(struct step *step, struct frame *f)
{
    bool independent = step_flag(step, "independent");
    return frame_open_further(step, f, independent ? "wave" : "rotation", independent);
}

int frame_open_further(struct step *step, struct frame *f, const char *further, bool nest)
{
    uint32_t ids;
    if (open_list(step, "strata", f->stratum, &f->strata_columns, STRATA) != STEP_OK ||
        open_further_strata(step, f, further) != STEP_OK ||
        open_column(step, "weight", &f->weight) != STEP_OK ||
        open_column(step, "probability", &f->probability) != STEP_OK ||
        open_list(step, "psu", f->psu, &ids, DESIGN_STAGES) != STEP_OK ||
        open_list(step, "fpc", f->fpc, &f->fpcs, DESIGN_STAGES) != STEP_OK)
        return STEP_FAIL;
    if (f->probability != NO_COLUMN && f->weight == NO_COLUMN)
        return step_fail(step, EX_USAGE, NOWHERE, "--probability wants --weight, its inverse");
    uint32_t known = f->fpcs + (f->probability != NO_COLUMN);
    if (known > (ids ? ids : 1))
        return step_fail(step, EX_USAGE, NOWHERE,
                         known > f->fpcs ? "--fpc names more stages than --psu has behind the "
                                           "first, which --probability is of"
                                         : "--fpc names more stages than --psu");
    if (known > f->fpcs && f->fpcs) { /* of the stages behind the first */
        memmove(f->fpc + 1, f->fpc, f->fpcs++ * sizeof *f->fpc);
        f->fpc[0] = NO_COLUMN;
    }
    f->single = ids == 0 && step_option(step, "replicates");
    f->by_record = ids == 0 && !f->single;
    f->nest = step_flag(step, "nest") || nest;
    f->stages = ids == 0 || (f->fpcs == 0 && f->probability == NO_COLUMN) ? 1 : ids;
    f->key_columns = f->strata_columns + (f->single ? 0 : f->stages);
    f->strata = groups_new(f->strata_columns);
    f->unit = groups_new(f->key_columns);
    f->alone = groups_new(1);
    f->nest |= f->single;
    f->traced |= f->by_record;
    return STEP_OK;
}

void frame_close(struct frame *f)
{
    groups_free(f->strata);
    groups_free(f->unit);
    groups_free(f->alone);
    free(f->stratum_of);
    free(f->origin);
    free(f->alone_stratum);
    free(f->chance);
    for (uint32_t s = 0; s < DESIGN_STAGES; s++)
        free(f->population[s]);
}

/* ---- rows ---- */

static int refuse(struct step *step, const struct batch *b, uint32_t row, int column,
                  const char *why)
{
    struct text name = b->schema->name[column];
    return step_fail(step, EX_DATAERR, batch_place(b, row, (uint32_t)column), "column '%.*s': %s%s",
                     (int)name.len, name.at, why,
                     step_quote(step, batch_text(b, (uint32_t)column)[row]));
}

/* The population of one stage as this row has it: a number of units, or (up to 1) a fraction. */
static int read_number(struct step *step, struct frame *f, const struct batch *b, uint32_t row,
                       int column, uint32_t unit, bool fresh, double *of)
{
    double value = batch_real(b, (uint32_t)column)[row];
    if (!(value > 0) || (column == f->probability && value > 1))
        return refuse(step, b, row, column, "is no positive number (of units, or a fraction)");
    if (fresh)
        of[unit] = value;
    else if (of[unit] != value)
        return refuse(step, b, row, column, "differs within a unit of the sample");
    return STEP_OK;
}

static int read_numbers(struct step *step, struct frame *f, const struct batch *b, uint32_t row,
                        uint32_t unit, bool fresh)
{
    for (uint32_t s = 0; s < f->fpcs; s++) {
        if (f->fpc[s] == NO_COLUMN)
            continue;
        f->population[s] =
            memory_grow(f->population[s], &f->fpc_room[s], (size_t)unit + 1, sizeof(double));
        if (read_number(step, f, b, row, f->fpc[s], unit, fresh, f->population[s]) != STEP_OK)
            return STEP_FAIL;
    }
    if (f->probability == NO_COLUMN)
        return STEP_OK;
    f->chance = memory_grow(f->chance, &f->probability_room, (size_t)unit + 1, sizeof(double));
    return read_number(step, f, b, row, f->probability, unit, fresh, f->chance);
}

/* A new unit: its stratum, and whether another stratum has its id. */
static int new_unit(struct step *step, struct frame *f, const struct batch *b, uint32_t row,
                    const struct text *key, uint32_t unit)
{
    bool fresh;
    f->stratum_of =
        memory_grow(f->stratum_of, &f->stratum_room, (size_t)unit + 1, sizeof *f->stratum_of);
    f->stratum_of[unit] = group_find(f->strata, key, NULL);
    f->units = unit + 1;
    if (f->by_record || f->nest)
        return STEP_OK;
    uint32_t alone = group_find(f->alone, key + f->strata_columns, &fresh);
    f->alone_stratum =
        memory_grow(f->alone_stratum, &f->alone_room, (size_t)alone + 1, sizeof *f->alone_stratum);
    if (fresh)
        f->alone_stratum[alone] = f->stratum_of[unit];
    else if (f->alone_stratum[alone] != f->stratum_of[unit])
        return refuse(step, b, row, f->psu[0],
                      "the same PSU stands in two strata; if strata number their PSUs alike, say "
                      "--nest");
    return STEP_OK;
}

static int key_column(const struct frame *f, uint32_t k)
{
    return k < f->strata_columns ? f->stratum[k] : f->psu[k - f->strata_columns];
}

static int read_keys(struct step *step, const struct frame *f, const struct batch *b, uint32_t row,
                     const struct text *const *cell, uint32_t keys, struct text *key)
{
    for (uint32_t k = 0; k < keys; k++) {
        key[k] = cell[k][row];
        if (text_missing(key[k]))
            return refuse(step, b, row, key_column(f, k),
                          "missing: every record needs its stratum and its units");
    }
    return STEP_OK;
}

static int add_unit(struct step *step, struct frame *f, const struct batch *b, uint32_t row,
                    const struct text *key, uint32_t unit)
{
    bool fresh = unit == f->units;
    if (fresh && f->units == UINT32_MAX)
        return step_fail(step, EX_DATAERR, batch_place(b, row, 0), "too many units of the sample");
    if (fresh && new_unit(step, f, b, row, key, unit) != STEP_OK)
        return STEP_FAIL;
    return f->fpcs || f->probability != NO_COLUMN ? read_numbers(step, f, b, row, unit, fresh)
                                                  : STEP_OK;
}

/* Rows that repeat a unit need nothing but its number, and the numbers that they repeat too. */
static int find_units(struct step *step, struct frame *f, const struct batch *b, uint32_t *unit)
{
    const struct text *cell[FRAME_KEYS] = {NULL};
    struct text key[FRAME_KEYS] = {{NULL, 0}};
    uint32_t column[FRAME_KEYS], keys = f->by_record ? f->strata_columns : f->key_columns;
    bool numbers = f->fpcs || f->probability != NO_COLUMN;
    for (uint32_t k = 0; k < keys; k++) {
        column[k] = (uint32_t)key_column(f, k);
        cell[k] = batch_text(b, column[k]);
    }
    if (!f->by_record)
        rows_group(f->unit, column, keys, b, NULL, &f->scattered, unit);
    for (uint32_t i = 0; i < b->rows; i++) {
        if (!f->by_record && !numbers && unit[i] < f->units)
            continue;
        if (read_keys(step, f, b, i, cell, keys, key) != STEP_OK)
            return STEP_FAIL;
        if (f->by_record)
            unit[i] = f->units;
        if (add_unit(step, f, b, i, key, unit[i]) != STEP_OK)
            return STEP_FAIL;
    }
    return STEP_OK;
}

/* Every weight is there, is a number, and is not below 0. */
static bool are_fine(const struct scaled *weight, uint32_t rows)
{
    int64_t all = 0;
    for (uint32_t i = 0; weight->value && i < rows; i++)
        all |= weight->value[i];
    return weight->value && weight->kinds == NUMBER_EXACT && all >= 0;
}

static int check_weights(struct step *step, const struct frame *f, const struct batch *b,
                         const struct decimal *weight)
{
    if (are_fine(batch_scaled(b, (uint32_t)f->weight), b->rows))
        return STEP_OK;
    for (uint32_t i = 0; i < b->rows; i++) {
        if (weight[i].kind == NUMBER_EXACT && (f->negative || weight[i].mantissa >= 0))
            continue;
        return refuse(step, b, i, f->weight,
                      weight[i].kind == NUMBER_MISSING
                          ? "a weight is missing: give 0 to records that count for nothing"
                      : weight[i].kind == NUMBER_EXACT ? "a weight is negative"
                      : weight[i].kind == NUMBER_WIDE
                          ? "a weight has more than 18 digits: round it first"
                          : "a weight is no number");
    }
    return STEP_OK;
}

/* The number of a file, by its name. */
static uint32_t find_file(struct frame *f, struct arena *a, struct text name)
{
    uint32_t i = 0;
    while (i < f->files && !text_equal(f->file[i], name))
        i++;
    if (i == FRAME_FILES)
        return FRAME_FILES - 1;
    if (i == f->files)
        f->file[f->files++] = text_copy(a, name);
    return i;
}

const uint64_t *frame_origins(struct step *step, struct frame *f, const struct batch *b)
{
    if (!f->traced)
        return NULL;
    const uint64_t *line = batch_lines(b);
    const char *name = b->source && b->source->file ? b->source->file : "";
    uint64_t file = (uint64_t)find_file(f, step_arena(step), text_of(name)) << 40;
    uint64_t *origin = arena_array(b->arena, b->rows, sizeof *origin);
    for (uint32_t i = 0; i < b->rows; i++)
        origin[i] = file | (line ? line[i] : f->made++);
    return origin;
}

/* A weight of 1 for every row. */
static void set_ones(const struct batch *b, struct weights *weight)
{
    struct decimal *one = arena_array(b->arena, b->rows, sizeof *one);
    struct scaled *scaled = arena_alloc(b->arena, sizeof *scaled);
    int64_t *value = arena_array(b->arena, b->rows, sizeof *value);
    for (uint32_t i = 0; i < b->rows; i++)
        one[i] = decimal_of(1);
    *scaled = decimals_scale(one, (struct decimal_range){1, 0, NUMBER_EXACT}, b->rows, value);
    *weight = (struct weights){one, scaled, NO_COLUMN};
}

int frame_add(struct step *step, struct frame *f, const struct batch *b, const uint64_t *origin,
              uint32_t *unit, struct weights *weight)
{
    if (f->weight == NO_COLUMN) {
        set_ones(b, weight);
    } else {
        *weight = (struct weights){batch_decimal(b, (uint32_t)f->weight),
                                   batch_scaled(b, (uint32_t)f->weight), f->weight};
        if (check_weights(step, f, b, weight->exact) != STEP_OK)
            return STEP_FAIL;
    }
    if (find_units(step, f, b, unit) != STEP_OK || !f->by_record)
        return step_error(step)->code ? STEP_FAIL : STEP_OK;
    f->origin = memory_grow(f->origin, &f->origin_room, f->units, sizeof *f->origin);
    memcpy(f->origin + f->units - b->rows, origin, b->rows * sizeof *origin);
    return STEP_OK;
}

/* ---- the design ---- */

/* A unit, in order. */
struct sorter {
    const struct text *key;      /* of the unit's stages; NULL: it has none */
    uint32_t stratum, own, unit; /* own: before strata were joined */
};

/* Units in the order of their keys, that is of strata and ids, or of their origins. */
static void order_units(const struct frame *f, struct radix_entry *entry, struct radix_entry *spare,
                        struct arena *a)
{
    bool keyed = !f->by_record && !f->single;
    const uint32_t *order = keyed ? groups_order(f->unit, a) : NULL;
    for (uint32_t u = 0; u < f->units; u++)
        entry[u] = (struct radix_entry){f->origin ? f->origin[u] : u, order ? order[u] : u};
    if (!order)
        radix_sort(entry, spare, f->units);
}

/* By stratum[] of their strata, in that by rank[], in that by their keys. */
static struct sorter *sort_units(const struct frame *f, const uint32_t *stratum,
                                 const uint32_t *rank, struct arena *a)
{
    struct sorter *s = arena_array(a, f->units, sizeof *s);
    struct radix_entry *entry = memory_alloc(f->units * sizeof *entry);
    struct radix_entry *spare = memory_alloc(f->units * sizeof *spare);
    order_units(f, entry, spare, a);
    for (uint32_t i = 0; i < f->units; i++) {
        uint32_t own = f->stratum_of[entry[i].item];
        entry[i].word = (uint64_t)stratum[own] << 32 | rank[own];
    }
    radix_sort(entry, spare, f->units);
    for (uint32_t i = 0; i < f->units; i++) {
        uint32_t u = entry[i].item, own = f->stratum_of[u];
        const struct text *key = f->by_record || f->single ? NULL : group_key(f->unit, u);
        s[i] = (struct sorter){key ? key + f->key_columns - f->stages : NULL, stratum[own],
                               rank[own], u};
    }
    free(entry);
    free(spare);
    return s;
}

/* Whether a unit of stage s begins with leaf i. */
static bool begins(const struct sorter *s, uint32_t i, uint32_t stage)
{
    if (i == 0 || s[i].own != s[i - 1].own || !s[i].key)
        return true;
    for (uint32_t k = 0; k <= stage; k++)
        if (!text_equal(s[i].key[k], s[i - 1].key[k]))
            return true;
    return false;
}

/* Whether a parent of the units of a stage begins with leaf i: a stratum, or a unit above. */
static bool parent_begins(const struct sorter *s, uint32_t i, uint32_t stage)
{
    if (stage > 0)
        return begins(s, i, stage - 1);
    return i == 0 || s[i].stratum != s[i - 1].stratum;
}

/* first[] of stage s: children are the units of s, parents those of s - 1 or the strata. */
static void build_stage(const struct frame *f, struct design *d, const struct sorter *s,
                        uint32_t stage, uint32_t parents, struct arena *a)
{
    uint32_t *first = arena_array(a, (size_t)parents + 1, sizeof *first), units = 0, parent = 0;
    for (uint32_t i = 0; i < f->units; i++) {
        if (parent_begins(s, i, stage))
            first[parent++] = units;
        units += begins(s, i, stage);
    }
    first[parent] = units;
    d->stage[stage].first = first;
    d->stage[stage].units = units;
}

static int refuse_population(struct step *step, uint32_t stage, const char *why)
{
    return step_fail(step, EX_DATAERR, NOWHERE, "--fpc, stage %u: the population of units %s",
                     stage + 1, why);
}

/* The population of each parent at a stage, of joined strata the sum: numbers count once a stratum
 * or unit, fractions f as 1/f a unit. */
static int build_population(struct step *step, struct frame *f, const struct sorter *s,
                            uint32_t stage, uint32_t parents, struct arena *a)
{
    struct design *d = &f->design;
    const uint32_t *first = d->stage[stage].first;
    const double *read = f->population[stage];
    double *population = arena_zarray(a, parents, sizeof *population);
    uint32_t parent = UINT32_MAX;
    for (uint32_t i = 0; i < f->units; i++) {
        bool above = parent_begins(s, i, stage), piece = above || s[i].own != s[i - 1].own;
        double value = read[s[i].unit];
        parent += above;
        if (!piece && read[s[i - 1].unit] != value)
            return refuse_population(step, stage, "differs within a stratum or unit");
        if (value > 1)
            population[parent] += piece ? value : 0;
        else
            population[parent] += begins(s, i, stage) ? 1 / value : 0;
    }
    for (uint32_t p = 0; p < parents; p++)
        if (population[p] < (first[p + 1] - first[p]) * (1 - 1e-12))
            return refuse_population(step, stage, "is smaller than the sample");
    d->stage[stage].population = population;
    return STEP_OK;
}

static int build(struct step *step, struct frame *f, const uint32_t *stratum, const uint32_t *rank,
                 uint32_t strata)
{
    struct arena *a = step_arena(step);
    struct design *d = &f->design;
    struct sorter *s = sort_units(f, stratum, rank, a);
    d->strata = strata;
    d->stages = f->stages;
    for (uint32_t stage = 0; stage < f->stages; stage++) {
        uint32_t parents = stage == 0 ? strata : d->stage[stage - 1].units;
        build_stage(f, d, s, stage, parents, a);
        if (stage < f->fpcs && f->fpc[stage] != NO_COLUMN &&
            build_population(step, f, s, stage, parents, a) != STEP_OK)
            return STEP_FAIL;
    }
    f->leaf = arena_array(a, f->units, sizeof *f->leaf);
    f->unit_at = arena_array(a, f->units, sizeof *f->unit_at);
    f->stratum_at = arena_array(a, strata, sizeof *f->stratum_at);
    double *chance = f->chance ? arena_array(a, f->units, sizeof *chance) : NULL;
    uint32_t psu = UINT32_MAX;
    for (uint32_t i = 0; i < f->units; i++) {
        psu += begins(s, i, 0);
        f->leaf[s[i].unit] = i;
        f->unit_at[i] = s[i].unit;
        f->stratum_at[s[i].stratum] = f->stratum_of[s[i].unit];
        if (chance)
            chance[psu] = f->chance[s[i].unit];
    }
    d->stage[0].probability = chance;
    f->place = f->leaf;
    f->places = f->units;
    return STEP_OK;
}

int frame_finish(struct step *step, struct frame *f)
{
    struct arena *a = step_arena(step);
    if (f->origin)
        frame_sort_origins(f, f->origin, f->units);
    uint32_t strata = groups_count(f->strata);
    uint32_t *rank = arena_array(a, strata, sizeof *rank);
    uint32_t *into = arena_array(a, strata, sizeof *into);
    const uint32_t *order = groups_order(f->strata, a);
    for (uint32_t h = 0; h < strata; h++)
        rank[order[h]] = h;
    if (build(step, f, rank, rank, strata) != STEP_OK || f->design.lonely != LONELY_COLLAPSE)
        return step_error(step)->code ? STEP_FAIL : STEP_OK;
    uint32_t left = design_collapse(&f->design, into);
    if (left == strata)
        return STEP_OK;
    uint32_t *joined = arena_array(a, strata, sizeof *joined);
    for (uint32_t h = 0; h < strata; h++)
        joined[h] = into[rank[h]];
    return build(step, f, joined, rank, left);
}

/* ---- the manifest ---- */

const struct schema *frame_schema(struct arena *a)
{
    struct schema *s = schema_new(a);
    schema_add(s, TEXT("stratum"));
    schema_add(s, TEXT("psus"));
    return s;
}

static uint32_t psus_of(const struct frame *f, uint32_t h)
{
    return f->design.stage[0].first[h + 1] - f->design.stage[0].first[h];
}

struct text frame_stratum(const struct frame *f, uint32_t h, struct arena *a)
{
    const struct text *key = group_key(f->strata, f->stratum_at[h]);
    char *name = arena_print(a, "%s", f->strata_columns ? "" : "_T");
    for (uint32_t k = 0; k < f->strata_columns; k++)
        name = arena_print(a, "%s%s%.*s", name, k ? "/" : "", (int)key[k].len, key[k].at);
    return text_of(name);
}

int frame_write(struct step *step, const struct frame *f, unsigned port)
{
    const struct schema *schema = frame_schema(step_arena(step));
    for (uint32_t h = 0; h < f->design.strata; h++) {
        struct batch *b = step_batch(step, schema, 1);
        batch_new_text(b, 0)[0] = frame_stratum(f, h, b->arena);
        batch_new_decimal(b, 1)[0] = decimal_of(psus_of(f, h));
        int status = step_emit(step, port, b);
        if (status != STEP_OK)
            return status;
    }
    return STEP_OK;
}

static int check_stratum(struct step *step, const struct frame *f, struct text name, double psus)
{
    struct arena *a = step_arena(step);
    for (uint32_t h = 0; h < f->design.strata; h++) {
        if (!text_equal(frame_stratum(f, h, a), name))
            continue;
        if (psus_of(f, h) == psus)
            return STEP_OK;
        return step_fail(
            step, EX_DATAERR, NOWHERE,
            "stratum '%.*s' has %u PSUs, the manifest of the design %.0f: records were "
            "filtered before; give all of them and use --where",
            (int)name.len, name.at, psus_of(f, h), psus);
    }
    return step_fail(
        step, EX_DATAERR, NOWHERE,
        "stratum '%.*s' of the manifest of the design is not in the file: records were "
        "filtered before; give all of them and use --where",
        (int)name.len, name.at);
}

int frame_check(struct step *step, const struct frame *f, const struct table *t)
{
    int name = schema_find(t->schema, TEXT("stratum")), psus = schema_find(t->schema, TEXT("psus"));
    double wanted;
    if (name == NO_COLUMN || psus == NO_COLUMN)
        return step_fail(step, EX_DATAERR, (struct place){t->name, 1, 0},
                         "a manifest has the columns stratum and psus");
    for (uint32_t r = 0; r < t->rows; r++) {
        if (!real_parse(table_get(t, r, psus), &wanted))
            return step_fail(step, EX_DATAERR, (struct place){t->name, r + 2, 0},
                             "psus is no number");
        if (check_stratum(step, f, table_get(t, r, name), wanted) != STEP_OK)
            return STEP_FAIL;
    }
    if (t->rows != f->design.strata)
        return step_fail(step, EX_DATAERR, NOWHERE,
                         "the file has %u strata, the manifest of the design %u", f->design.strata,
                         t->rows);
    return STEP_OK;
}
