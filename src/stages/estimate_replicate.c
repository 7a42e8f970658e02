/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replicates: options, scales and factors; the statistic by each, and its variance. */
#include "stages/estimate_replicate.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/radix.h"

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
        free(r->scales);
    }
}

uint32_t replicates_count(const struct estimate *e)
{
    return e->replicates->count;
}

/* ---- the end ---- */

static const char *const type_names[] = {"brr", "fay", "jk1", "jkn", "bootstrap", "sdr"};

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
              type_names[r->type], scale, r->mse ? "the estimate" : "their mean");
    return STEP_OK;
}

/* 1 - n/N of the stratum that a replicate of a jackknife leaves a unit out of. */
static double unsampled(const struct estimate *e, uint32_t replicate)
{
    const struct design *d = &e->frame.design;
    uint32_t before = 0;
    if (e->replicates->type == REPLICATE_JK1)
        return 1 - design_fraction(d, 0, 0);
    for (uint32_t h = 0; h < d->strata; h++) {
        uint32_t n = d->stage[0].first[h + 1] - d->stage[0].first[h];
        before += n > 1 ? n : 0;
        if (replicate < before)
            return 1 - design_fraction(d, 0, h);
    }
    return 1;
}

/* When each PSU of stratum h came first, and as what it came: rank[i] of PSU i. */
static void rank_psus(const struct frame *f, uint32_t h, uint32_t *rank)
{
    const struct design *d = &f->design;
    uint32_t first = d->stage[0].first[h], n = d->stage[0].first[h + 1] - first;
    struct radix_entry *entry = memory_alloc(2 * n * sizeof *entry);
    for (uint32_t i = 0; i < n; i++)
        entry[i] = (struct radix_entry){UINT64_MAX, i};
    for (uint32_t leaf = 0; leaf < f->units; leaf++) {
        uint32_t psu = design_psu(d, leaf) - first;
        if (psu < n && f->unit_at[leaf] < entry[psu].word)
            entry[psu].word = f->unit_at[leaf];
    }
    radix_sort(entry, entry + n, n);
    for (uint32_t i = 0; i < n; i++)
        rank[entry[i].item] = i;
    free(entry);
}

/* Those of successive differences hang on the order in which the PSUs were drawn. */
static void order_factors(const struct estimate *e)
{
    const struct replicates *r = e->replicates;
    const struct design *d = &e->frame.design;
    uint32_t *rank = memory_alloc(d->stage[0].units * sizeof *rank);
    double *by_name = memory_alloc((size_t)d->stage[0].units * r->count * sizeof *by_name);
    memcpy(by_name, r->factor, (size_t)d->stage[0].units * r->count * sizeof *by_name);
    for (uint32_t h = 0; h < d->strata; h++) {
        uint32_t first = d->stage[0].first[h], n = d->stage[0].first[h + 1] - first;
        rank_psus(&e->frame, h, rank);
        for (uint32_t i = 0; i < n; i++)
            memcpy(r->factor + (size_t)(first + i) * r->count,
                   by_name + (size_t)(first + rank[i]) * r->count, r->count * sizeof *by_name);
    }
    free(rank);
    free(by_name);
}

static void make_factors(struct estimate *e)
{
    struct replicates *r = e->replicates;
    const struct replicate_plan *plan = &r->plan;
    const struct design *d = &e->frame.design;
    bool jackknife = r->type == REPLICATE_JK1 || r->type == REPLICATE_JKN;
    r->factor = memory_alloc((size_t)d->stage[0].units * r->count * sizeof *r->factor);
    for (uint32_t h = 0; h < d->strata; h++)
        replicate_factors(plan, h, r->factor + (size_t)d->stage[0].first[h] * r->count);
    if (r->type == REPLICATE_SDR)
        order_factors(e);
    for (uint32_t i = 0; i < r->count; i++) {
        r->scales[i] = isnan(r->scale) ? replicate_scale(plan, i) : r->scale;
        r->scales[i] *= jackknife && isnan(r->scale) ? unsampled(e, i) : 1;
    }
}

/* A stratum of one PSU, not all of its population, has no replicate: as --lonely says. */
static int check_lonely(struct step *step, const struct estimate *e)
{
    const struct design *d = &e->frame.design;
    bool strata =
        e->replicates->type == REPLICATE_JKN || e->replicates->type == REPLICATE_BOOTSTRAP;
    for (uint32_t h = 0; h < d->strata && strata; h++) {
        bool alone = d->stage[0].first[h + 1] - d->stage[0].first[h] == 1;
        if (!alone || design_fraction(d, 0, h) > 1 - 1e-7)
            continue;
        if (d->lonely == LONELY_FAIL)
            return sample_lonely(step, &e->frame, DESIGN_LONELY, h);
        if (d->lonely == LONELY_ADJUST || d->lonely == LONELY_AVERAGE)
            return step_fail(step, EX_USAGE, NOWHERE,
                             "--lonely %s does not go with replicates: remove, certainty and "
                             "collapse do",
                             step_option(step, "lonely"));
    }
    return STEP_OK;
}

static int plan_replicates(struct step *step, struct estimate *e)
{
    struct replicates *r = e->replicates;
    struct replicate_plan *plan = &r->plan;
    const struct design *d = &e->frame.design;
    long long count = 0, seed = 0;
    uint32_t *psus = arena_array(step_arena(step), d->strata, sizeof *psus), stratum;
    if (step_integer(step, "replicate-count", 2, 100000, 0, &count) != STEP_OK ||
        step_integer(step, "seed", 0, INT64_MAX, 0, &seed) != STEP_OK ||
        check_lonely(step, e) != STEP_OK)
        return STEP_FAIL;
    for (uint32_t h = 0; h < d->strata; h++)
        psus[h] = d->stage[0].first[h + 1] - d->stage[0].first[h];
    *plan = (struct replicate_plan){.type = r->type,
                                    .replicates = (uint32_t)count,
                                    .rho = r->rho,
                                    .seed = (uint64_t)seed,
                                    .strata = d->strata,
                                    .psus = psus};
    const char *why = replicate_plan_set(step_arena(step), plan, &stratum);
    if (why)
        return step_fail(step, EX_DATAERR, NOWHERE, "--replicate-type %s: %s", type_names[r->type],
                         why);
    r->count = plan->replicates;
    return STEP_OK;
}

int replicates_finish(struct step *step, struct estimate *e)
{
    struct replicates *r = e->replicates;
    if (!r->column && plan_replicates(step, e) != STEP_OK)
        return STEP_FAIL;
    r->scales = memory_alloc(r->count * sizeof *r->scales);
    if (r->column)
        return given_scales(step, r);
    make_factors(e);
    return STEP_OK;
}

/* ---- results ---- */

struct moments {
    double *w, *x, *y, *xx; /* of each replicate */
};

static struct moments new_moments(const struct replicates *r, struct arena *a)
{
    return (struct moments){
        arena_zarray(a, r->count, sizeof(double)), arena_zarray(a, r->count, sizeof(double)),
        arena_zarray(a, r->count, sizeof(double)), arena_zarray(a, r->count, sizeof(double))};
}

static const double *factors_of(const struct estimate *e, uint32_t leaf)
{
    return e->replicates->factor +
           (size_t)design_psu(&e->frame.design, leaf) * e->replicates->count;
}

static void made_moments(const struct estimate *e, const struct leaf_sums *s, struct moments *m)
{
    for (uint32_t i = 0; i < s->count; i++) {
        const double *factor = factors_of(e, s->leaf[i]);
        for (uint32_t k = 0; k < e->replicates->count; k++) {
            m->w[k] += factor[k] * s->w[i];
            m->x[k] += factor[k] * s->x[i];
            m->y[k] += factor[k] * s->y[i];
            m->xx[k] += factor[k] * s->xx[i];
        }
    }
}

static void read_sums(const struct tally *t, uint32_t domain, uint32_t count, double *to)
{
    for (uint32_t k = 0; k < count && domain != UINT32_MAX; k++) {
        struct sum s = tally_sum(t, domain * count + k);
        to[k] = sum_real(&s);
    }
}

static void given_moments(const struct estimate *e, uint32_t fold, uint32_t domain,
                          uint32_t level_domain, const struct request *q, struct moments *m)
{
    const struct replicates *r = e->replicates;
    const struct replicate_sums *s = &r->fold[fold];
    read_sums(&s->weight[q->set], domain, r->count, m->w);
    if (request_has_levels(q))
        read_sums(&r->level[(size_t)fold * e->requests.levels + q->level].weight[0], level_domain,
                  r->count, m->x);
    else if (q->kind != STAT_COUNT)
        read_sums(&s->first[q->x_sum], domain, r->count, m->x);
    if (q->kind == STAT_RATIO)
        read_sums(&s->first[q->y_sum], domain, r->count, m->y);
    for (uint32_t k = 0; q->kind == STAT_VARIANCE && k < r->count; k++)
        m->xx[k] = grid_real(&s->second[q->xx], domain * r->count + k);
}

static double statistic(const struct request *q, const struct moments *m, uint32_t k, double n)
{
    double mean = m->x[k] / m->w[k];
    switch (q->kind) {
    case STAT_COUNT:
        return m->w[k];
    case STAT_TOTAL:
    case STAT_TALLY:
        return m->x[k];
    case STAT_RATIO:
        return m->x[k] / m->y[k];
    case STAT_VARIANCE:
        return n / (n - 1) * (m->xx[k] / m->w[k] - mean * mean);
    default:
        return mean;
    }
}

int replicates_values(struct step *step, struct estimate *e, uint32_t fold, uint32_t domain,
                      const struct request *q, struct text level, struct arena *a, double *value)
{
    const struct replicates *r = e->replicates;
    struct moments m = new_moments(r, a);
    struct result whole;
    uint32_t inner =
        request_has_levels(q) ? estimate_level_domain(e, fold, domain, q, level, a) : UINT32_MAX;
    if (q->kind == STAT_VARIANCE)
        linear_result(e, e->fold[fold], domain, q, a, &whole);
    if (r->column) {
        given_moments(e, fold, domain, inner, q, &m);
    } else {
        struct leaf_sums s;
        linear_leaves(e, fold, domain, inner, q, a, &s);
        made_moments(e, &s, &m);
    }
    (void)step;
    for (uint32_t k = 0; k < r->count; k++)
        value[k] = statistic(q, &m, k, q->kind == STAT_VARIANCE ? whole.n : 0);
    return STEP_OK;
}

/* A replicate in which the domain is empty (a mean of nothing) does not count, and one of scale 0
 * not for the mean, as in R. */
void replicates_variance(const struct estimate *e, const double *value, struct result *r)
{
    const struct replicates *p = e->replicates;
    double sum = 0, centre = r->value, n = 0;
    long double squares = 0;
    for (uint32_t k = 0; k < p->count; k++) {
        bool counts = isfinite(value[k]) && p->scales[k] > 0;
        sum += counts ? value[k] : 0;
        n += counts;
    }
    if (!p->mse && n > 0)
        centre = sum / n;
    for (uint32_t k = 0; k < p->count; k++)
        if (isfinite(value[k]))
            squares += (long double)(p->scales[k] * (value[k] - centre) * (value[k] - centre));
    r->se = sqrt((double)squares);
    if (e->deff < DEFF_KISH && !isnan(r->deff))
        r->deff = r->se * r->se / r->deff;
}

/* ---- quantiles ---- */

static double weight_in(const struct estimate *e, const double *kept, const struct series *s,
                        uint32_t i, uint32_t k)
{
    if (kept)
        return kept[(size_t)s->row[i] * e->replicates->count + k];
    return s->w[i] * factors_of(e, e->frame.leaf[s->unit[i]])[k];
}

/* Its own quantile by a replicate; or, where `at` is a number, the share at or below that. */
static double quantile_of_replicate(const struct estimate *e, const double *kept,
                                    const struct series *s, const struct request *q, double at,
                                    uint32_t k, double *x, double *c)
{
    double in = 0, all = 0;
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->n; i++) {
        double w = weight_in(e, kept, s, i, k);
        in += s->x[i] <= at ? w : 0;
        all += w;
        if (w <= 0)
            continue;
        x[n] = s->x[i];
        c[n++] = all;
    }
    if (isnan(at))
        return n ? quantile_of(e->rule, x, c, n, q->p) : NO_NUMBER;
    return in / all;
}

static void quantile_values(const struct estimate *e, uint32_t fold, const struct request *q,
                            const struct series *s, double at, struct arena *a, double *value)
{
    const struct replicates *p = e->replicates;
    const double *kept = p->column ? p->kept[(size_t)fold * e->requests.stores + q->store] : NULL;
    double *x = arena_array(a, s->n, sizeof *x), *c = arena_array(a, s->n, sizeof *c);
    for (uint32_t k = 0; k < p->count; k++)
        value[k] = quantile_of_replicate(e, kept, s, q, at, k, x, c);
}

/* The leaves that hold a record, of a statistic without influence values. */
static void set_leaves(const struct estimate *e, uint32_t fold, uint32_t domain,
                       const struct request *q, struct arena *a, struct result *r)
{
    struct leaf_sums sums;
    struct request count = {.kind = STAT_COUNT, .set = q->set};
    linear_leaves(e, fold, domain, UINT32_MAX, &count, a, &sums);
    r->influence.leaf = sums.leaf;
    r->influence.z = arena_zarray(a, sums.count, sizeof *r->influence.z);
    r->influence.count = sums.count;
}

int replicates_quantile(const struct estimate *e, uint32_t fold, uint32_t domain,
                        const struct request *q, struct arena *a, double *value, struct result *r)
{
    struct series s;
    quantile_series(e, e->fold[fold], domain, q, a, &s);
    quantile_values(e, fold, q, &s, NO_NUMBER, a, value);
    set_leaves(e, fold, domain, q, a, r);
    return STEP_OK;
}

static int quantile_variance(struct estimate *e, uint32_t fold, uint32_t domain,
                             const struct request *q, struct arena *a, struct result *r)
{
    const struct replicates *p = e->replicates;
    const struct fold *f = e->fold[fold];
    struct series s;
    double at = r->value, *value = arena_array(a, p->count, sizeof *value), in = 0;
    quantile_series(e, f, domain, q, a, &s);
    quantile_values(e, fold, q, &s, e->quantile_by_replicates ? NO_NUMBER : at, a, value);
    set_leaves(e, fold, domain, q, a, r);
    r->df = replicates_freedom(e, fold, domain, q, &r->influence);
    for (uint32_t i = 0; i < s.n; i++)
        in += s.x[i] <= at ? s.w[i] : 0;
    double share = in / s.c[s.n - 1];
    r->value = e->quantile_by_replicates ? at : share;
    replicates_variance(e, value, r);
    r->value = at;
    if (e->quantile_by_replicates)
        r->interval = interval_of(at, r->se, e->level_of_confidence, r->df);
    else
        quantile_interval(e, &s, share, r);
    return STEP_OK;
}

int replicates_result(struct step *step, struct estimate *e, uint32_t fold, uint32_t domain,
                      const struct request *q, struct text level, struct arena *a, struct result *r)
{
    double *value = arena_array(a, e->replicates->count, sizeof *value);
    if (q->kind == STAT_QUANTILE)
        return quantile_variance(e, fold, domain, q, a, r);
    if (replicates_values(step, e, fold, domain, q, level, a, value) != STEP_OK)
        return STEP_FAIL;
    r->df = replicates_freedom(e, fold, domain, q, &r->influence);
    replicates_variance(e, value, r);
    return STEP_OK;
}
