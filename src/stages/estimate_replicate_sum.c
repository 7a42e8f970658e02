/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weights of columns, summed by domain and replicate as rows come; several workers. */
#include "stages/estimate_replicate.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* ---- rows: weights of columns ---- */

struct pass {
    struct step *step;
    struct estimate *e;
    const struct batch *batch;
    const struct decimal **weights; /* of each replicate */
    const struct decimal *weight;   /* of the present one */
    uint32_t replicate;
    uint32_t *cell;
};

/* The weights of a replicate; a product that 18 digits do not hold is rounded to 15 behind the
 * point. */
static const struct decimal *replicate_weights(struct pass *p, const struct decimal *base)
{
    const struct replicates *r = p->e->replicates;
    uint32_t column = r->column[p->replicate];
    const struct decimal *read = batch_decimal(p->batch, column);
    struct decimal *w = arena_array(p->batch->arena, p->batch->rows, sizeof *w);
    char text[REAL_TEXT];
    for (uint32_t i = 0; i < p->batch->rows; i++) {
        double real = decimal_real(read[i]) * (r->factors ? decimal_real(base[i]) : 1);
        w[i] = read[i];
        if (read[i].kind == NUMBER_EXACT && r->factors)
            w[i] = decimal_multiply(read[i], base[i]);
        if (w[i].kind == NUMBER_WIDE && read[i].kind == NUMBER_WIDE)
            real = batch_real(p->batch, column)[i] * (r->factors ? decimal_real(base[i]) : 1);
        if (w[i].kind == NUMBER_WIDE) {
            size_t n = real_format(real_round(real, 12), text);
            w[i] = decimal_parse((struct text){text, (uint32_t)n});
        }
        if (w[i].kind != NUMBER_EXACT) {
            step_fail(p->step, EX_DATAERR, batch_place(p->batch, i, column),
                      "a replicate weight is missing or no number");
            return NULL;
        }
    }
    return w;
}

static int outgrown(struct pass *p)
{
    return step_fail(p->step, EX_DATAERR, NOWHERE, "sums of a replicate outgrow 38 digits");
}

/* Cells of the rows that are complete in the columns x and y. */
static void complete(struct pass *p, const struct fold *f, int x, int y)
{
    const struct text *a = x == NO_COLUMN ? NULL : batch_text(p->batch, (uint32_t)x);
    const struct text *b = y == NO_COLUMN ? NULL : batch_text(p->batch, (uint32_t)y);
    for (uint32_t i = 0; i < p->batch->rows; i++) {
        bool out = f->row_cell[i] == TALLY_SKIP || (a && !a[i].len) || (b && !b[i].len);
        p->cell[i] = out ? TALLY_SKIP : f->row_domain[i] * p->e->replicates->count + p->replicate;
    }
}

/* Sums of w x y of the rows in p->cell. */
static bool add_second(struct pass *p, uint32_t i, uint32_t cells, struct replicate_sums *to)
{
    const struct second_moment *m = &p->e->requests.second[i];
    const double *x = batch_real(p->batch, (uint32_t)m->x),
                 *y = batch_real(p->batch, (uint32_t)m->y);
    double *value = arena_array(p->batch->arena, p->batch->rows, sizeof *value);
    for (uint32_t k = 0; k < p->batch->rows; k++)
        value[k] = decimal_real(p->weight[k]) * x[k] * y[k];
    return grid_tally_add(&to->second[i], cells, p->cell, p->batch->rows, value);
}

static int add_fold(struct pass *p, const struct fold *f, struct replicate_sums *to)
{
    const struct requests *q = &p->e->requests;
    uint32_t cells = groups_count(f->domains) * p->e->replicates->count, rows = p->batch->rows;
    for (uint32_t s = 0; s < (f->bare ? 1 : q->sets); s++) {
        complete(p, f, f->bare ? NO_COLUMN : q->set[s].x, f->bare ? NO_COLUMN : q->set[s].y);
        if (!tally_add(&to->weight[s], cells, p->cell, rows, p->weight, NULL))
            return outgrown(p);
        for (uint32_t i = 0; !f->bare && i < q->firsts; i++)
            if (q->first[i].set == s &&
                !tally_add(&to->first[i], cells, p->cell, rows, p->weight,
                           batch_decimal(p->batch, (uint32_t)q->first[i].x)))
                return outgrown(p);
        for (uint32_t i = 0; !f->bare && i < q->seconds; i++)
            if (q->second[i].set == s && q->second[i].cells && !add_second(p, i, cells, to))
                return outgrown(p);
    }
    return STEP_OK;
}

/* The weights of the rows that the stores have just taken. */
static void keep(struct pass *p, uint32_t fold)
{
    struct replicates *r = p->e->replicates;
    const struct requests *q = &p->e->requests;
    const struct fold *f = p->e->fold[fold];
    for (uint32_t s = 0; s < q->stores; s++) {
        size_t at = (size_t)fold * q->stores + s;
        uint32_t taken = 0, row = f->store[s].count;
        const struct text *x = batch_text(p->batch, (uint32_t)q->store[s]);
        r->kept[at] =
            memory_grow(r->kept[at], &r->kept_room[at], (size_t)row * r->count, sizeof(double));
        for (uint32_t i = 0; i < p->batch->rows; i++)
            taken += f->row_cell[i] != TALLY_SKIP && x[i].len > 0;
        row -= taken;
        for (uint32_t i = 0; i < p->batch->rows; i++)
            if (f->row_cell[i] != TALLY_SKIP && x[i].len > 0)
                r->kept[at][(size_t)row++ * r->count + p->replicate] = decimal_real(p->weight[i]);
    }
}

int replicates_add(struct step *step, struct estimate *e, const struct batch *b, const bool *use,
                   const struct decimal *weight)
{
    struct replicates *r = e->replicates;
    struct pass p = {.step = step, .e = e, .batch = b};
    (void)use;
    if (!r->column || e->calibrated)
        return STEP_OK;
    p.cell = arena_array(b->arena, b->rows, sizeof *p.cell);
    p.weights = arena_array(b->arena, r->count, sizeof *p.weights);
    for (; p.replicate < r->count; p.replicate++) {
        p.weight = p.weights[p.replicate] = replicate_weights(&p, weight);
        if (!p.weight)
            return STEP_FAIL;
        for (uint32_t f = 0; f < r->folds; f++) {
            if (add_fold(&p, e->fold[f], &r->fold[f]) != STEP_OK)
                return STEP_FAIL;
            keep(&p, f);
        }
        for (uint32_t l = 0; l < r->levels; l++)
            if (add_fold(&p, e->level[l], &r->level[l]) != STEP_OK)
                return STEP_FAIL;
    }
    spaces_add(e, b, p.weights);
    return STEP_OK;
}

/* ---- several workers ---- */

/* What the cells of a tally, a domain and replicate, are in another. */
static uint32_t *merged_cells(const uint32_t *domain, uint32_t n, uint32_t count)
{
    uint32_t *cell = memory_alloc((size_t)n * sizeof *cell + 1);
    for (uint32_t i = 0; i < n; i++)
        cell[i] = domain[i / count] * count + i % count;
    return cell;
}

static void merge_second(struct grid_tally *into, const struct grid_tally *from,
                         const uint32_t *domain, uint32_t domains, uint32_t most, uint32_t count)
{
    uint32_t *cell = merged_cells(domain, domains * count, count);
    grid_tally_merge(into, most * count, cell, from, domains * count);
    free(cell);
}

static bool merge_tally(struct tally *into, const struct tally *from, const uint32_t *domain,
                        uint32_t domains, uint32_t most, uint32_t count)
{
    uint32_t n = domains * count, *cell = merged_cells(domain, n, count);
    bool good = tally_merge(into, most * count, cell, from, n);
    free(cell);
    return good;
}

/* The weights of the values that fold_merge() has appended. */
static void merge_kept(struct estimate *e, const struct estimate *from, uint32_t fold)
{
    struct replicates *r = e->replicates;
    const struct replicates *o = from->replicates;
    for (uint32_t s = 0; s < e->requests.stores; s++) {
        size_t at = (size_t)fold * e->requests.stores + s;
        size_t rows = e->fold[fold]->store[s].count, added = from->fold[fold]->store[s].count;
        r->kept[at] = memory_grow(r->kept[at], &r->kept_room[at], rows * r->count, sizeof(double));
        if (added)
            memcpy(r->kept[at] + (rows - added) * r->count, o->kept[at],
                   added * r->count * sizeof(double));
    }
}

int replicates_merge(struct step *step, struct estimate *e, const struct estimate *from,
                     uint32_t *const *domain, uint32_t *const *level)
{
    struct replicates *r = e->replicates;
    const struct replicates *o = from->replicates;
    const struct requests *q = &e->requests;
    bool good = true;
    spaces_merge(e, o, domain);
    for (uint32_t f = 0; f < r->folds; f++) {
        uint32_t n = groups_count(from->fold[f]->domains), most = groups_count(e->fold[f]->domains);
        for (uint32_t i = 0; i < q->sets; i++)
            good = good && merge_tally(&r->fold[f].weight[i], &o->fold[f].weight[i], domain[f], n,
                                       most, r->count);
        for (uint32_t i = 0; i < q->firsts; i++)
            good = good && merge_tally(&r->fold[f].first[i], &o->fold[f].first[i], domain[f], n,
                                       most, r->count);
        for (uint32_t i = 0; i < q->seconds; i++)
            merge_second(&r->fold[f].second[i], &o->fold[f].second[i], domain[f], n, most,
                         r->count);
        merge_kept(e, from, f);
    }
    for (uint32_t l = 0; l < r->levels; l++)
        good = good && merge_tally(r->level[l].weight, o->level[l].weight, level[l],
                                   groups_count(from->level[l]->domains),
                                   groups_count(e->level[l]->domains), r->count);
    return good ? STEP_OK
                : step_fail(step, EX_DATAERR, NOWHERE, "sums of a replicate outgrow 38 digits");
}
