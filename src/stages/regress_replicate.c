/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Errors of a model by replicate weights: it is fitted with each of them, from the solution of the
 * whole sample on (R survey, svyglm() of a design with replicates; Shao & Tu 1995, 6.3).
 *
 * Cost: a fit a replicate, by several threads; of columns 8 bytes a record and replicate are kept.
 * A replicate that has no solution, or loses a term, is left out and counted.
 */
#include "stages/regress.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

int regress_keep_replicates(struct step *step, struct regress *r, const struct batch *b, uint32_t i)
{
    const struct replicates *p = r->e.replicates;
    double *to = r->replicate + (size_t)r->records * p->count;
    double base = p->factors ? r->value[(size_t)r->records * r->width + r->terms + 1] : 1;
    for (uint32_t k = 0; k < p->count; k++) {
        to[k] = batch_real(b, p->column[k])[i] * base;
        if (!(to[k] >= 0))
            return step_fail(step, EX_DATAERR, batch_place(b, i, p->column[k]),
                             "a replicate weight is missing, below 0 or no number");
    }
    return STEP_OK;
}

struct job {
    const struct regress *r;
    const struct regression *whole;
    const struct regression_fit *fit;
    const uint32_t *record, *leaf;
    double *value; /* replicate x terms */
};

static double weight_of(const struct job *j, uint32_t i, uint32_t k)
{
    const struct replicates *p = j->r->e.replicates;
    if (p->column)
        return j->r->replicate[(size_t)j->record[i] * p->count + k];
    return j->whole->w[i] * replicates_factors(&j->r->e, j->leaf[i])[k];
}

static void fit_replicate(void *context, uint64_t k)
{
    const struct job *j = context;
    struct regression data = *j->whole;
    struct regression_fit fit;
    double *w = memory_alloc((size_t)data.n * sizeof *w + 1),
           *to = j->value + (size_t)k * data.terms;
    for (uint32_t i = 0; i < data.n; i++)
        w[i] = weight_of(j, i, (uint32_t)k);
    data.w = w;
    data.start = j->fit->value;
    bool good = regression_fit(&data, &fit) && fit.kept == j->fit->kept;
    for (uint32_t t = 0; t < data.terms; t++)
        to[t] = good && fit.dropped[t] == j->fit->dropped[t] ? fit.value[t] : (double)NAN;
    regression_free(&fit);
    free(w);
}

static uint32_t rank_of(const struct job *j)
{
    const struct replicates *p = j->r->e.replicates;
    struct row_space s = {0};
    if (j->r->e.df == DF_DESIGN)
        return p->whole.rank;
    for (uint32_t i = 0; i < j->whole->n && s.rank < p->count; i++)
        row_space_add(&s, j->r->replicate + (size_t)j->record[i] * p->count, p->count);
    uint32_t rank = s.rank;
    row_space_free(&s);
    return rank;
}

/* The leaves of records, which come in their order, each once. */
static uint32_t made_rank(const struct job *j)
{
    struct influence in = {0, memory_alloc((size_t)j->whole->n * sizeof *in.leaf + 1), NULL};
    for (uint32_t i = 0; i < j->whole->n; i++)
        if (in.count == 0 || in.leaf[in.count - 1] != j->leaf[i])
            in.leaf[in.count++] = j->leaf[i];
    uint32_t rank = replicates_made_rank(&j->r->e, &in);
    free(in.leaf);
    return rank;
}

uint32_t regress_covariance(struct step *step, const struct regress *r,
                            const struct regression *whole, const struct regression_fit *fit,
                            const uint32_t *record, const uint32_t *leaf, double *covariance,
                            double *freedom)
{
    const struct replicates *p = r->e.replicates;
    struct job j = {r, whole, fit, record, leaf, NULL};
    j.value = memory_alloc((size_t)p->count * whole->terms * sizeof *j.value);
    step_each(step, fit_replicate, &j, p->count);
    uint32_t left_out = replicates_covariance(&r->e, j.value, fit->value, whole->terms, covariance);
    *freedom = freedom_of_rank(&r->e, p->column ? rank_of(&j) : made_rank(&j));
    free(j.value);
    return left_out;
}
