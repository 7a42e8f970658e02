/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The results of all domains of a fold, as rows in order.
 *
 * What depends on nothing but the sums of a domain is worked out for some hundred results at a
 * time, by several threads (step_each()), and then written in order; replicates, calibrated weights
 * and quantiles have rooms of their own and are worked out one after the other.
 */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stages/estimate_calibrated.h"
#include "stages/estimate_contrast.h"
#include "stages/estimate_replicate.h"
#include "stages/estimate_slice.h"
#include "stages/estimate_write.h"

enum { BLOCK = 4096, SHARE = 8 }; /* results at a time; domains that a thread takes at once */

/* One row of the output. */
struct item {
    const struct request *request;
    struct text level;
    uint32_t domain, level_domain;
    bool ready;
    struct result result; /* its influence values are not kept */
    enum design_fault fault;
    uint32_t stratum;
};

struct block {
    struct step *step;
    struct estimate *e;
    uint32_t fold, domains, each; /* each: items of a domain */
    struct item *item;
};

static uint32_t levels_of(const struct estimate *e, const struct request *q)
{
    return request_has_levels(q) ? e->level_count[q->level] : 1;
}

static uint32_t items_of_domain(const struct estimate *e)
{
    uint32_t items = 0;
    for (uint32_t i = 0; i < e->requests.count; i++)
        items += levels_of(e, &e->requests.request[i]);
    return items;
}

/* Whether nothing is written to but the result. */
static bool is_apart(const struct estimate *e, const struct request *q)
{
    return !e->replicates && !e->calibrated && q->kind != STAT_QUANTILE;
}

static const struct fold *fold_of_level(const struct fold *f, uint32_t level)
{
    const struct fold *l = f->levels;
    while (l->number != level)
        l = l->next;
    return l;
}

static void make_result(const struct block *b, struct slice *s, struct item *it, struct arena *a)
{
    struct result *r = &it->result;
    const struct request *q = it->request;
    if (request_has_levels(q))
        level_result(s, fold_of_level(s->fold, q->level), it->level_domain, q, a, r);
    else
        linear_result(s, q, a, r);
    it->ready = true;
    if (b->e->quota || isnan(r->value))
        return;
    it->fault = result_errors(b->e, r, &it->stratum);
    if (it->fault == DESIGN_FINE && !isnan(r->se) && b->e->flags->kind == FLAGS_NONE)
        result_interval(b->e, it->request->kind, r);
    r->influence = (struct influence){0, NULL, NULL};
}

/* From one slice, whose columns statistics share. */
static void make_items(const struct block *b, const struct fold *f, struct item *item,
                       struct arena *of_slice, struct arena *a)
{
    struct slice s;
    slice_open(&s, b->e, f, item->domain, of_slice);
    for (uint32_t i = 0; i < b->each; i++) {
        if (is_apart(b->e, item[i].request))
            make_result(b, &s, &item[i], a);
        arena_reset(a);
    }
}

static void make_domain(const struct block *b, struct item *item, struct arena *of_slice,
                        struct arena *a)
{
    const struct requests *r = &b->e->requests;
    struct fold *f = b->e->fold[b->fold];
    if (b->each == 0)
        return;
    struct fold *view = f->viewed ? fold_view(f, r, &b->e->frame, item->domain, of_slice) : NULL;
    if (view || !f->viewed)
        make_items(b, view ? view : f, item, of_slice, a);
    if (view)
        fold_view_free(view, r);
    arena_reset(of_slice);
}

static void make_domains(void *context, uint64_t share)
{
    struct block *b = context;
    struct arena *a = arena_new(), *of_slice = arena_new();
    for (uint32_t d = (uint32_t)share * SHARE, i = 0; i < SHARE && d < b->domains; i++, d++)
        make_domain(b, b->item + (size_t)d * b->each, of_slice, a);
    arena_free(of_slice);
    arena_free(a);
}

/* What could not be worked out apart. */
static int find_result(const struct block *b, struct item *it, struct arena *a)
{
    struct step *step = b->step;
    struct result *r = &it->result;
    const struct request *q = it->request;
    if (!it->ready && b->e->fold[b->fold]->viewed)
        return step_fail(step, EX_DATAERR, NOWHERE, "sums outgrow 38 digits; round first");
    if (it->ready)
        return it->fault == DESIGN_FINE ? STEP_OK
                                        : sample_lonely(step, &b->e->frame, it->fault, it->stratum);
    if (estimate_result(step, b->e, b->fold, it->domain, q, it->level, a, r) != STEP_OK)
        return STEP_FAIL;
    if (b->e->quota || isnan(r->value))
        return STEP_OK;
    if (b->e->replicates)
        return replicates_result(step, b->e, b->fold, it->domain, q, it->level, a, r);
    return q->kind == STAT_QUANTILE ? STEP_OK : result_variance(step, b->e, r);
}

static int write_item(const struct block *b, struct item *it, struct arena *a)
{
    const struct request *q = it->request;
    struct row_key key = {.statistic = statistic_name(q->kind), .variable = q->variable};
    const struct fold *f = b->e->fold[b->fold];
    key.group = estimate_groups(b->step, f, group_key(f->domains, it->domain), a);
    if (request_has_levels(q))
        key.variable = text_of(arena_print(a, "%.*s=%.*s", (int)q->variable.len, q->variable.at,
                                           (int)it->level.len, it->level.at));
    if (find_result(b, it, a) != STEP_OK)
        return STEP_FAIL;
    return rows_add(b->step, b->e, &key, q->kind, &it->result);
}

/* The items of a domain, in order. */
static void list_items(const struct block *b, uint32_t domain, struct item *it, struct arena *a)
{
    struct estimate *e = b->e;
    for (uint32_t i = 0; i < e->requests.count; i++) {
        const struct request *q = &e->requests.request[i];
        for (uint32_t l = 0; l < levels_of(e, q); l++, it++) {
            *it = (struct item){.request = q, .domain = domain, .level = TEXT("")};
            if (!request_has_levels(q))
                continue;
            it->level = e->levels[q->level][l];
            const struct fold *f = e->fold[b->fold];
            it->level_domain = f->viewed
                                   ? levels_number(fold_of_level(f, q->level), it->level)
                                   : estimate_level_domain(e, b->fold, domain, q, it->level, a);
        }
    }
}

static int write_block(struct block *b, const uint32_t *domain, uint32_t domains, struct arena *a)
{
    int status = STEP_OK;
    for (uint32_t d = 0; d < domains; d++)
        list_items(b, domain[d], b->item + (size_t)d * b->each, a);
    b->domains = domains;
    step_each(b->step, make_domains, b, (domains + SHARE - 1) / SHARE);
    for (uint32_t i = 0; i < domains * b->each && status == STEP_OK; i++) {
        arena_reset(a);
        status = write_item(b, &b->item[i], a);
    }
    return status;
}

int results_write(struct step *step, struct estimate *e, uint32_t fold)
{
    struct arena *a = arena_new();
    const struct fold *f = e->fold[fold];
    const uint32_t *order = groups_order(f->domains, step_arena(step));
    struct block b = {.step = step, .e = e, .fold = fold, .each = items_of_domain(e)};
    uint32_t most = b.each && b.each < BLOCK ? BLOCK / b.each : 1;
    int status = STEP_OK;
    b.item = memory_alloc((size_t)most * b.each * sizeof *b.item + 1);
    for (uint32_t d = 0, n; d < f->known && status == STEP_OK; d += n) {
        n = f->known - d < most ? f->known - d : most;
        status = write_block(&b, order + d, n, a);
    }
    if (status == STEP_OK)
        status = contrasts_write(step, e, fold, a);
    free(b.item);
    arena_free(a);
    return status;
}
