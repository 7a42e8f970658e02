/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replicates: options, columns and scales. */
#include "stages/estimate_replicate.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stages/estimate_calibrated.h"

/* ---- open ---- */

static int find_columns(struct step *step, struct replicates *r, const struct schema *in)
{
    const char *value = step_option(step, "replicates");
    struct text list = text_of(value), name;
    r->column = arena_array(step_arena(step), in->columns + list.len, sizeof *r->column);
    while (text_next(&list, ',', &name)) {
        bool open_end = name.len > 0 && name.at[name.len - 1] == '*';
        struct text head = {name.at, name.len - 1};
        int column;
        for (uint32_t c = 0; open_end && c < in->columns; c++)
            if (text_starts(in->name[c], head) && step_need(step, c) == STEP_OK)
                r->column[r->count++] = c;
        if (open_end)
            continue;
        if (step_find(step, name, &column) != STEP_OK)
            return STEP_FAIL;
        r->column[r->count++] = (uint32_t)column;
    }
    if (r->count < 2)
        return step_fail(step, EX_USAGE, NOWHERE, "--replicates names fewer than two columns");
    return STEP_OK;
}

static int option_real(struct step *step, const char *name, double otherwise, double *out)
{
    const char *value = step_option(step, name);
    *out = otherwise;
    if (value && (!real_read(text_of(value), out) || *out < 0))
        return step_fail(step, EX_USAGE, NOWHERE, "--%s is a positive number", name);
    return STEP_OK;
}

static int open_type(struct step *step, struct replicates *r)
{
    const char *type = step_option(step, "replicate-type");
    r->type = REPLICATE_BOOTSTRAP;
    r->mse = step_flag(step, "mse");
    r->factors = step_flag(step, "replicate-factors");
    if (type)
        replicate_type_of(type, &r->type);
    if (option_real(step, "rho", 0.5, &r->rho) != STEP_OK ||
        option_real(step, "scale", NO_NUMBER, &r->scale) != STEP_OK)
        return STEP_FAIL;
    r->scaled = step_option(step, "scales") != NULL;
    if (r->scaled && !r->column)
        return step_fail(step, EX_USAGE, NOWHERE, "--scales goes with --replicates");
    if (r->column && r->type == REPLICATE_JKN && isnan(r->scale) && !r->scaled)
        return step_fail(step, EX_USAGE, NOWHERE,
                         "replicate weights of type jkn want --scales, as `replicate --scales` "
                         "writes it, or --scale: each stratum has its own");
    if (!r->column && r->type == REPLICATE_BOOTSTRAP && !step_option(step, "seed"))
        return step_fail(step, EX_USAGE, NOWHERE, "bootstrap replicates want --seed");
    return STEP_OK;
}

static void new_sums(struct step *step, const struct estimate *e, struct replicates *r)
{
    struct arena *a = step_arena(step);
    const struct requests *q = &e->requests;
    r->folds = e->folds;
    r->levels = e->folds * q->levels;
    r->fold = arena_zarray(a, r->folds, sizeof *r->fold);
    r->level = arena_zarray(a, r->levels, sizeof *r->level);
    for (uint32_t f = 0; f < r->folds; f++) {
        r->fold[f].weight = arena_zarray(a, q->sets, sizeof *r->fold[f].weight);
        r->fold[f].first = arena_zarray(a, q->firsts, sizeof *r->fold[f].first);
        r->fold[f].second = arena_zarray(a, q->seconds, sizeof *r->fold[f].second);
    }
    for (uint32_t l = 0; l < r->levels; l++)
        r->level[l].weight = arena_zarray(a, 1, sizeof *r->level[l].weight);
    r->kept = arena_zarray(a, (size_t)e->folds * q->stores, sizeof *r->kept);
    r->kept_room = arena_zarray(a, (size_t)e->folds * q->stores, sizeof *r->kept_room);
    spaces_open(step, e, r);
}

int replicates_open(struct step *step, struct estimate *e, const struct schema *in)
{
    bool given = step_option(step, "replicates") != NULL;
    if (!given && !step_option(step, "replicate-type"))
        return STEP_OK;
    struct replicates *r = arena_zalloc(step_arena(step), sizeof *r);
    if ((given && find_columns(step, r, in) != STEP_OK) || open_type(step, r) != STEP_OK)
        return STEP_FAIL;
    e->replicates = r;
    if (!given && r->type == REPLICATE_SDR)
        step_alone(step); /* units are numbered as they come */
    if (given)
        new_sums(step, e, r);
    return STEP_OK;
}

void replicates_free(struct estimate *e)
{
    struct replicates *r = e->replicates;
    for (uint32_t f = 0; r && f < r->folds; f++) {
        for (uint32_t i = 0; i < e->requests.sets; i++)
            tally_free(&r->fold[f].weight[i]);
        for (uint32_t i = 0; i < e->requests.firsts; i++)
            tally_free(&r->fold[f].first[i]);
        for (uint32_t i = 0; i < e->requests.seconds; i++)
            grid_tally_free(&r->fold[f].second[i]);
        for (uint32_t i = 0; i < e->requests.stores; i++)
            free(r->kept[(size_t)f * e->requests.stores + i]);
    }
    for (uint32_t l = 0; r && l < r->levels; l++)
        tally_free(&r->level[l].weight[0]);
    if (r) {
        spaces_free(r);
        free(r->factor);
        free(r->part);
        free(r->scales);
    }
}

uint32_t replicates_count(const struct estimate *e)
{
    return e->replicates->count;
}

/* ---- the end ---- */

/* The scale of weights that were made elsewhere. */
static double own_scale(const struct replicates *r)
{
    double n = r->count;
    switch (r->type) {
    case REPLICATE_BRR:
        return 1 / n;
    case REPLICATE_FAY:
        return 1 / (n * (1 - r->rho) * (1 - r->rho));
    case REPLICATE_SDR:
        return 4 / n;
    case REPLICATE_JK1:
        return (n - 1) / n;
    default:
        return 1 / (n - 1);
    }
}

/* The scale of each replicate from the file, times --scale. */
static int read_scales(struct step *step, struct replicates *r)
{
    const struct table *t = step_table(step, "scales", 0);
    if (!t)
        return STEP_FAIL;
    int name = schema_find(t->schema, TEXT("replicate")),
        scale = schema_find(t->schema, TEXT("scale"));
    if (name == NO_COLUMN || scale == NO_COLUMN)
        return step_fail(step, EX_DATAERR, (struct place){t->name, 1, 0},
                         "a file of scales has the columns replicate and scale");
    for (uint32_t i = 0; i < r->count; i++) {
        struct text column = step_in(step)->name[r->column[i]];
        uint32_t row = 0;
        while (row < t->rows && !text_equal(table_get(t, row, name), column))
            row++;
        if (row == t->rows || !real_parse(table_get(t, row, scale), &r->scales[i]) ||
            r->scales[i] < 0)
            return step_fail(step, EX_DATAERR, (struct place){t->name, 1, 0},
                             "replicate '%.*s' has no scale, a number from 0 on, in --scales",
                             (int)column.len, column.at);
        r->scales[i] *= isnan(r->scale) ? 1 : r->scale;
    }
    step_warn(step, NOWHERE, "%u replicates with the scales of '%s', squares around %s", r->count,
              t->name, r->mse ? "the estimate" : "their mean");
    return STEP_OK;
}

static int given_scales(struct step *step, struct replicates *r)
{
    if (r->scaled)
        return read_scales(step, r);
    double scale = isnan(r->scale) ? own_scale(r) : r->scale;
    for (uint32_t i = 0; i < r->count; i++)
        r->scales[i] = scale;
    step_warn(step, NOWHERE, "%u replicates of type %s, scale %.6g, squares around %s", r->count,
              replicate_type_name(r->type), scale, r->mse ? "the estimate" : "their mean");
    return STEP_OK;
}

int replicates_finish(struct step *step, struct estimate *e)
{
    struct replicates *r = e->replicates;
    if (!r->column && replicates_plan(step, e) != STEP_OK)
        return STEP_FAIL;
    r->scales = memory_alloc(r->count * sizeof *r->scales);
    if (!r->column)
        replicates_make(e);
    else if (given_scales(step, r) != STEP_OK)
        return STEP_FAIL;
    return e->calibrated ? recalibrate(step, e) : STEP_OK;
}
