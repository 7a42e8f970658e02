/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans of replicates and their factors; formulas in the header. */
#include "stat/replicate.h"

#include "stat/random.h"

#include <math.h>
#include <string.h>

enum { REPLICATES_MOST = 1000000 };

/* ---- plans ---- */

static void count_psus(struct arena *arena, struct replicate_plan *p)
{
    p->first = arena_array(arena, (size_t)p->strata + 1, sizeof *p->first);
    p->total = 0;
    for (uint32_t h = 0; h < p->strata; h++) {
        p->first[h] = p->total;
        p->total += p->psus[h];
    }
    p->first[p->strata] = p->total;
}

static const char *set_hadamard(struct arena *arena, struct replicate_plan *p, uint32_t least)
{
    uint32_t asked = p->replicates;
    if (asked && asked < least)
        return "more replicates are needed than were asked for";
    p->wanted = asked ? asked : (least + 3) / 4 * 4;
    p->hadamard = hadamard_matrix(arena, asked ? asked : least, &p->order);
    if (!p->hadamard)
        return "there are too many strata for a Hadamard matrix (4096)";
    if (asked && p->order != asked)
        return "there is no Hadamard matrix of that order here; leave the number out, or take the "
               "next multiple of 4";
    p->replicates = p->order;
    return NULL;
}

static const char *set_halves(struct arena *arena, struct replicate_plan *p, uint32_t *stratum)
{
    for (uint32_t h = 0; h < p->strata; h++)
        if (p->psus[h] != 2) {
            *stratum = h;
            return "half samples want exactly 2 PSUs in each stratum; take jkn or bootstrap";
        }
    if (p->type == REPLICATE_BRR)
        p->rho = 0;
    return set_hadamard(arena, p, p->strata + 1);
}

static const char *set_number(struct replicate_plan *p, uint32_t needed)
{
    if (p->replicates && p->replicates != needed)
        return "a jackknife has as many replicates as PSUs; leave the number out";
    p->replicates = needed;
    return needed ? NULL : "a jackknife needs 2 PSUs at least";
}

static const char *set_jackknife(struct replicate_plan *p)
{
    uint32_t needed = 0;
    if (p->type == REPLICATE_JK1)
        return set_number(p, p->total > 1 ? p->total : 0);
    for (uint32_t h = 0; h < p->strata; h++)
        needed += p->psus[h] > 1 ? p->psus[h] : 0;
    return set_number(p, needed);
}

const char *replicate_plan_set(struct arena *arena, struct replicate_plan *p, uint32_t *stratum)
{
    *stratum = UINT32_MAX;
    count_psus(arena, p);
    if (p->replicates > REPLICATES_MOST)
        return "more than a million replicates";
    switch (p->type) {
    case REPLICATE_BRR:
    case REPLICATE_FAY:
        return set_halves(arena, p, stratum);
    case REPLICATE_JK1:
    case REPLICATE_JKN:
        return set_jackknife(p);
    case REPLICATE_SDR:
        if (p->replicates == 0)
            p->replicates = REPLICATE_SDR_DEFAULT;
        return set_hadamard(arena, p, 4);
    case REPLICATE_BOOTSTRAP:
        if (p->replicates == 0)
            p->replicates = REPLICATE_BOOTSTRAP_DEFAULT;
        break;
    }
    return NULL;
}

/* ---- factors of a stratum ---- */

static void fill_halves(const struct replicate_plan *p, uint32_t h, double *factor)
{
    for (uint32_t r = 0; r < p->replicates; r++) {
        bool first = p->hadamard[(size_t)r * p->order + h + 1] > 0;
        factor[r] = first ? 2 - p->rho : p->rho;
        factor[p->replicates + r] = first ? p->rho : 2 - p->rho;
    }
}

/* Replicates first..first+n-1 leave out one PSU each of the n that are numbered from `from`. */
static void fill_jackknife(const struct replicate_plan *p, uint32_t h, uint32_t from, uint32_t n,
                           uint32_t first, double *factor)
{
    double others = n > 1 ? (double)n / (n - 1) : 1;
    for (uint32_t i = 0; i < p->psus[h]; i++) {
        double *row = factor + (size_t)i * p->replicates;
        for (uint32_t r = 0; r < p->replicates; r++)
            row[r] = r >= first && r - first < n && n > 1 ? others : 1;
        if (n > 1)
            row[first + from + i] = 0;
    }
}

static uint32_t first_replicate(const struct replicate_plan *p, uint32_t h)
{
    uint32_t first = 0;
    for (uint32_t g = 0; g < h; g++)
        first += p->psus[g] > 1 ? p->psus[g] : 0;
    return first;
}

static void fill_bootstrap(const struct replicate_plan *p, uint32_t h, double *factor)
{
    uint32_t n = p->psus[h], replicates = p->replicates;
    double unit = n > 1 ? (double)n / (n - 1) : 1;
    for (size_t i = 0; i < (size_t)n * replicates; i++)
        factor[i] = n > 1 ? 0 : 1;
    for (uint32_t r = 0; r < replicates && n > 1; r++)
        for (uint32_t draw = 0; draw + 1 < n; draw++)
            factor[(size_t)random_below(p->seed, h, r, draw, n) * replicates + r] += 1;
    for (size_t i = 0; i < (size_t)n * replicates && n > 1; i++)
        factor[i] *= unit;
}

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    while (b) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The row of PSU i in a walk through rows 1..m of the matrix: once round by steps of 1, then by the
 * next step that goes round, ...: neighbours share a row, and pairs repeat as late as can be. */
static uint32_t walk_row(uint32_t i, uint32_t m, bool next)
{
    uint32_t round = i / m, step = 1, place = i % m + (next ? 1 : 0);
    for (uint32_t k = 0; k < round; k++)
        do
            step = step + 1 < m ? step + 1 : 1;
        while (common_divisor(step, m) != 1);
    return 1 + (uint32_t)((uint64_t)place * step % m);
}

static void fill_sdr(const struct replicate_plan *p, uint32_t h, double *factor)
{
    double swing = pow(2, -1.5);
    for (uint32_t i = 0; i < p->psus[h]; i++) {
        const int8_t *a =
            p->hadamard + (size_t)p->order * walk_row(p->first[h] + i, p->order - 1, false);
        const int8_t *b =
            p->hadamard + (size_t)p->order * walk_row(p->first[h] + i, p->order - 1, true);
        for (uint32_t r = 0; r < p->replicates; r++)
            factor[(size_t)i * p->replicates + r] = 1 + swing * (a[r] - b[r]);
    }
}

void replicate_factors(const struct replicate_plan *p, uint32_t stratum, double *factor)
{
    switch (p->type) {
    case REPLICATE_BRR:
    case REPLICATE_FAY:
        fill_halves(p, stratum, factor);
        break;
    case REPLICATE_JK1:
        fill_jackknife(p, stratum, p->first[stratum], p->total, 0, factor);
        break;
    case REPLICATE_JKN:
        fill_jackknife(p, stratum, 0, p->psus[stratum], first_replicate(p, stratum), factor);
        break;
    case REPLICATE_BOOTSTRAP:
        fill_bootstrap(p, stratum, factor);
        break;
    case REPLICATE_SDR:
        fill_sdr(p, stratum, factor);
        break;
    }
}

/* 1 - f of a stratum. */
static double unsampled(const struct replicate_plan *p, uint32_t stratum)
{
    return p->fraction ? 1 - p->fraction[stratum] : 1;
}

static double stratum_scale(const struct replicate_plan *p, uint32_t replicate)
{
    for (uint32_t h = 0; h < p->strata; h++) {
        uint32_t n = p->psus[h] > 1 ? p->psus[h] : 0;
        if (replicate < n)
            return (double)(n - 1) / n * unsampled(p, h);
        replicate -= n;
    }
    return 0;
}

double replicate_scale(const struct replicate_plan *p, uint32_t replicate)
{
    double r = p->replicates;
    switch (p->type) {
    case REPLICATE_JK1:
        return (r - 1) / r * unsampled(p, 0);
    case REPLICATE_JKN:
        return stratum_scale(p, replicate);
    case REPLICATE_SDR:
        return 4 / r;
    case REPLICATE_BRR:
    case REPLICATE_FAY:
        return 1 / (r * (1 - p->rho) * (1 - p->rho));
    case REPLICATE_BOOTSTRAP:
        break;
    }
    return 1 / r;
}

/* Of the PSUs of strata from..to-1, taken as one. */
static uint32_t strata_rank(const struct replicate_plan *p, const uint32_t *psus, uint32_t from,
                            uint32_t to, bool *constant)
{
    uint32_t here = 0;
    for (uint32_t h = from; h < to; h++)
        here += psus[h];
    bool all = here > 0 && here == p->first[to] - p->first[from];
    *constant = *constant || all;
    return here - all;
}

uint32_t replicate_rank(const struct replicate_plan *p, const uint32_t *psus)
{
    uint32_t rank = 0, most = p->type == REPLICATE_SDR ? p->replicates - 1 : p->replicates;
    bool constant = false;
    if (p->type == REPLICATE_JK1)
        rank = strata_rank(p, psus, 0, p->strata, &constant);
    for (uint32_t h = 0; h < p->strata && p->type != REPLICATE_JK1; h++)
        rank += p->type == REPLICATE_SDR ? psus[h] : strata_rank(p, psus, h, h + 1, &constant);
    rank += constant;
    return rank < most ? rank : most;
}

static const char *const type_names[] = {"brr", "fay", "jk1", "jkn", "bootstrap", "sdr"};

const char *replicate_type_name(enum replicate_type type)
{
    return type_names[type];
}

bool replicate_type_of(const char *name, enum replicate_type *type)
{
    for (unsigned i = 0; i < sizeof type_names / sizeof *type_names; i++)
        if (strcmp(name, type_names[i]) == 0) {
            *type = (enum replicate_type)i;
            return true;
        }
    return false;
}
