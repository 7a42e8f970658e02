/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Degrees of freedom of replicates: the rank of the weights of the domain's records, a column a
 * replicate, less 1 (R survey 4.5, degf() of a design with replicates and of its subsets).
 *
 * Of weights that are read the rank is found as rows come (stat/row_space.h), a space a set of
 * complete rows and domain; of factors made here it is counted (replicate_rank()).
 */
#include "stages/estimate_replicate.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stages/estimate_calibrated.h"

void spaces_open(struct step *step, const struct estimate *e, struct replicates *r)
{
    size_t n = e->df == DF_DOMAIN ? (size_t)e->folds * e->requests.sets : 0;
    r->space = arena_zarray(step_arena(step), n, sizeof *r->space);
    r->space_room = arena_zarray(step_arena(step), n, sizeof *r->space_room);
    r->spaces = n;
}

void spaces_free(struct replicates *r)
{
    for (size_t i = 0; i < r->spaces; i++) {
        for (size_t d = 0; d < r->space_room[i]; d++)
            row_space_free(&r->space[i][d]);
        free(r->space[i]);
    }
    row_space_free(&r->whole);
}

/* The space of a domain, with room for it. */
static struct row_space *space_of(struct replicates *r, size_t at, uint32_t domain)
{
    r->space[at] =
        memory_grow_zeroed(r->space[at], &r->space_room[at], (size_t)domain + 1, sizeof **r->space);
    return &r->space[at][domain];
}

static bool lacks(const struct batch *b, int column, uint32_t row)
{
    return column != NO_COLUMN && batch_text(b, (uint32_t)column)[row].len == 0;
}

/* A row of weights, made when the first space asks that is not full. */
struct row {
    const struct decimal *const *weight;
    uint32_t at, count;
    double *real;
    bool made;
};

static void add_row(struct row *row, struct row_space *s)
{
    if (s->rank == row->count)
        return;
    for (uint32_t k = 0; k < row->count && !row->made; k++)
        row->real[k] = decimal_real(row->weight[k][row->at]);
    row->made = true;
    row_space_add(s, row->real, row->count);
}

/* To the space of each fold and set that has the row. */
static void add_to_domains(struct estimate *e, const struct batch *b, struct row *row)
{
    struct replicates *r = e->replicates;
    const struct requests *q = &e->requests;
    for (size_t i = 0; i < r->spaces; i++) {
        const struct fold *f = e->fold[i / q->sets];
        const struct set *set = &q->set[i % q->sets];
        if (f->row_cell[row->at] != TALLY_SKIP && !lacks(b, set->x, row->at) &&
            !lacks(b, set->y, row->at))
            add_row(row, space_of(r, i, f->row_domain[row->at]));
    }
}

void spaces_add(struct estimate *e, const struct batch *b, const struct decimal *const *weight)
{
    struct replicates *r = e->replicates;
    struct row row = {weight, 0, r->count, arena_array(b->arena, r->count, sizeof(double)), false};
    for (; row.at < b->rows; row.at++, row.made = false) {
        add_to_domains(e, b, &row);
        if (e->df == DF_DESIGN)
            add_row(&row, &r->whole);
    }
}

void spaces_merge(struct estimate *e, const struct replicates *from, uint32_t *const *domain)
{
    struct replicates *r = e->replicates;
    for (size_t i = 0; i < r->spaces; i++)
        for (uint32_t d = 0; d < from->space_room[i]; d++)
            if (from->space[i][d].rank)
                row_space_merge(space_of(r, i, domain[i / e->requests.sets][d]), &from->space[i][d],
                                r->count);
    row_space_merge(&r->whole, &from->whole, r->count);
}

static uint32_t given_rank(const struct estimate *e, uint32_t fold, uint32_t domain, uint32_t set)
{
    const struct replicates *r = e->replicates;
    size_t at = (size_t)fold * e->requests.sets + set;
    if (e->df == DF_DESIGN)
        return r->whole.rank;
    return domain < r->space_room[at] ? r->space[at][domain].rank : 0;
}

uint32_t replicates_joint_rank(const struct estimate *e, uint32_t fold, const uint32_t *domain,
                               uint32_t count)
{
    struct replicates *r = e->replicates;
    size_t at = (size_t)fold * e->requests.sets;
    struct row_space joint = {0};
    if (e->df == DF_DESIGN)
        return r->whole.rank;
    for (uint32_t i = 0; i < count && r->spaces; i++)
        if (domain[i] < r->space_room[at] && r->space[at][domain[i]].rank)
            row_space_merge(&joint, &r->space[at][domain[i]], r->count);
    uint32_t rank = joint.rank;
    row_space_free(&joint);
    return rank;
}

/* The PSUs of each stratum that hold one of these leaves, or all. */
uint32_t replicates_made_rank(const struct estimate *e, const struct influence *in)
{
    const struct design *d = &e->frame.design;
    uint32_t last = UINT32_MAX, *psus = memory_zalloc(((size_t)d->strata + 1) * sizeof *psus),
             h = 0;
    for (uint32_t s = 0; s < d->strata && e->df == DF_DESIGN; s++)
        psus[s] = d->stage[0].first[s + 1] - d->stage[0].first[s];
    for (uint32_t i = 0; i < in->count && e->df != DF_DESIGN; i++) {
        uint32_t psu = design_psu(d, in->leaf[i]);
        while (psu >= d->stage[0].first[h + 1])
            h++;
        psus[h] += psu != last;
        last = psu;
    }
    uint32_t rank = replicate_rank(&e->replicates->plan, psus);
    free(psus);
    return rank;
}

/* Of weights that are calibrated; statistics of one set and domain follow each other. */
static uint32_t calibrated_rank(const struct estimate *e, uint32_t fold, uint32_t domain,
                                uint32_t set, const struct influence *in)
{
    struct replicates *r = e->replicates;
    bool whole = e->df == DF_DESIGN;
    if (whole && r->last.rank)
        return r->last.rank;
    if (!r->last.rank || r->last.fold != fold || r->last.domain != domain || r->last.set != set)
        r->last.rank = recalibrated_rank(e, whole ? NULL : in->leaf, whole ? 0 : in->count);
    r->last.fold = fold;
    r->last.domain = domain;
    r->last.set = set;
    return r->last.rank;
}

double freedom_of_rank(const struct estimate *e, uint32_t rank)
{
    if (e->df == DF_INFINITE)
        return (double)INFINITY;
    return rank > 0 ? rank - 1.0 : 0;
}

double replicates_freedom(const struct estimate *e, uint32_t fold, uint32_t domain,
                          const struct request *q, const struct influence *in)
{
    uint32_t rank = e->calibrated           ? calibrated_rank(e, fold, domain, q->set, in)
                    : e->replicates->column ? given_rank(e, fold, domain, q->set)
                                            : replicates_made_rank(e, in);
    return freedom_of_rank(e, rank);
}
