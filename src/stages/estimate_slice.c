/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stages/estimate_slice.h"

/* Cells at[k] lack what entry[k] of a list holds. */
struct gaps {
    const struct tally *sum;
    const uint32_t *entry;
    uint32_t *at, count;
};

void slice_open(struct slice *s, const struct estimate *e, const struct fold *f, uint32_t domain,
                struct arena *a)
{
    const struct requests *r = &e->requests;
    *s = (struct slice){.e = e, .fold = f, .arena = a, .domain = domain};
    if (domain != UINT32_MAX) {
        s->cell = f->order + f->start[domain - f->from];
        s->count = f->stop[domain - f->from] - f->start[domain - f->from];
    }
    s->leaf = arena_array(a, s->count, sizeof *s->leaf);
    for (uint32_t i = 0; i < s->count; i++)
        s->leaf[i] = e->frame.place[f->unit[s->cell[i]]];
    s->complete = arena_zarray(a, (size_t)r->sets + 1, sizeof *s->complete);
    s->first = arena_zarray(a, r->firsts, sizeof *s->first);
}

/* ---- columns ---- */

/* The column without the gaps; false: 64 bits do not do. */
static bool read_whole(const struct slice *s, const struct tally *t, const uint32_t *cell,
                       const struct gaps *g, uint32_t scale, int64_t *to)
{
    int64_t *gone = arena_array(s->arena, g->count, sizeof *gone);
    bool good = tally_column(t, scale, cell, s->count, to) &&
                (g->count == 0 || tally_column(g->sum, scale, g->entry, g->count, gone));
    for (uint32_t k = 0; good && g->at && k < g->count; k++)
        good = !__builtin_sub_overflow(to[g->at[k]], gone[k], &to[g->at[k]]);
    return good;
}

static long double *read_real(const struct slice *s, const struct tally *t, const uint32_t *cell,
                              const struct gaps *g)
{
    long double *real = arena_array(s->arena, s->count, sizeof *real);
    for (uint32_t i = 0; i < s->count; i++)
        real[i] = tally_real(t, cell[i]);
    for (uint32_t k = 0; k < g->count; k++)
        real[g->at[k]] = tally_difference(t, cell[g->at[k]], g->sum, g->entry[k]);
    return real;
}

static void read_column(const struct slice *s, const struct tally *t, const uint32_t *cell,
                        const struct gaps *g, struct domain_column *c)
{
    int64_t *whole = arena_array(s->arena, s->count, sizeof *whole);
    c->sums = (struct unit_column){.whole = whole, .scale = tally_scale(t)};
    if (read_whole(s, t, cell, g, c->sums.scale, whole)) {
        c->total = tally_column_total(whole, s->count, c->sums.scale, &c->sums.largest);
        return;
    }
    c->sums.whole = NULL;
    c->sums.real = read_real(s, t, cell, g);
    c->total = tally_total(t, cell, s->count, 1);
    if (g->count) {
        struct sum gone = tally_total(g->sum, g->entry, g->count, -1);
        sum_merge(&c->total, &gone);
    }
}

/* ---- records that lack a value ---- */

/* Of each place the number of its cell. */
static const uint32_t *places(struct slice *s)
{
    if (!s->at) {
        s->at = arena_array(s->arena, s->e->frame.places, sizeof *s->at);
        for (uint32_t i = 0; i < s->count; i++)
            s->at[s->leaf[i]] = i;
    }
    return s->at;
}

/* How many cells of this domain have records that a set lacks; NULL: the set of all records. */
static uint32_t lacking(const struct slice *s, const struct missing *m)
{
    bool some = m && m->start && s->domain != UINT32_MAX;
    return some ? m->start[s->domain + 1] - m->start[s->domain] : 0;
}

static struct gaps gaps_of(struct slice *s, const struct missing *m, const struct tally *sum)
{
    struct gaps g = {.sum = sum, .count = lacking(s, m)};
    if (g.count == 0)
        return g;
    g.entry = m->order + m->start[s->domain];
    g.at = arena_array(s->arena, g.count, sizeof *g.at);
    for (uint32_t k = 0; k < g.count; k++)
        g.at[k] = places(s)[s->e->frame.place[m->unit[g.entry[k]]]];
    return g;
}

static const struct missing *missing_of(const struct slice *s, uint32_t set)
{
    return &s->fold->missing[s->fold->missing[set].as];
}

static void count_records(struct slice *s, const struct missing *m, const struct gaps *g,
                          struct complete *c)
{
    uint32_t *records = arena_array(s->arena, s->count, sizeof *records);
    for (uint32_t i = 0; i < s->count; i++)
        records[i] = fold_records(s->fold, s->cell[i]);
    for (uint32_t k = 0; m && k < g->count; k++)
        records[g->at[k]] -= m->count[g->entry[k]];
    c->records = records;
    c->leaf = arena_array(s->arena, s->count, sizeof *c->leaf);
    for (uint32_t i = 0; i < s->count; i++) {
        c->n += records[i];
        c->leaf[c->leaves] = s->leaf[i];
        c->leaves += records[i] > 0;
    }
}

/* ---- what statistics ask for ---- */

const struct complete *slice_complete(struct slice *s, uint32_t set)
{
    const struct missing *m = set == NO_SET ? NULL : missing_of(s, set);
    uint32_t at = lacking(s, m) ? s->fold->missing[set].as : s->e->requests.sets;
    if (s->complete[at])
        return s->complete[at];
    struct gaps g = gaps_of(s, m, m ? &m->sum : NULL);
    struct complete *c = s->complete[at] = arena_zalloc(s->arena, sizeof *c);
    count_records(s, m, &g, c);
    read_column(s, &s->fold->weight, s->cell, &g, &c->weight);
    return c;
}

const struct domain_column *slice_first(struct slice *s, uint32_t first)
{
    const struct first_moment *m = &s->e->requests.first[first];
    bool same = m->base == first || s->fold->less[first].room == 0;
    const struct missing *lacks = same ? NULL : missing_of(s, m->set);
    uint32_t at = lacking(s, lacks) ? first : m->base;
    if (s->first[at])
        return s->first[at];
    struct gaps g = gaps_of(s, lacks, &s->fold->less[first]);
    struct domain_column *c = s->first[at] = arena_alloc(s->arena, sizeof *c);
    read_column(s, &s->fold->first[m->base], s->cell, &g, c);
    return c;
}

/* The cells of a level, beside those of the slice: in their rows, */
static void place_level(const struct slice *s, const struct fold *levels, uint32_t level,
                        uint32_t *cell)
{
    for (uint32_t i = 0; i < s->count; i++)
        cell[i] = s->cell[i] * levels->width + levels->at + level;
}

/* or in the same order, TALLY_SKIP where there is none. */
static void match_level(const struct slice *s, const struct fold *levels, uint32_t level_domain,
                        uint32_t *cell)
{
    uint32_t k = levels->start[level_domain], end = levels->stop[level_domain];
    for (uint32_t i = 0; i < s->count; i++) {
        bool there = k < end && levels->unit[levels->order[k]] == s->fold->unit[s->cell[i]];
        cell[i] = there ? levels->order[k++] : TALLY_SKIP;
    }
}

struct domain_column slice_level(struct slice *s, const struct fold *levels, uint32_t level_domain,
                                 double *records)
{
    const struct gaps none = {.count = 0};
    struct domain_column c;
    uint32_t *cell = arena_array(s->arena, s->count, sizeof *cell);
    if (level_domain == UINT32_MAX)
        memset(cell, 0xff, s->count * sizeof *cell);
    else
        (levels->width ? place_level : match_level)(s, levels, level_domain, cell);
    read_column(s, &levels->weight, cell, &none, &c);
    *records = 0;
    for (uint32_t i = 0; i < s->count; i++)
        *records += cell[i] == TALLY_SKIP ? 0 : fold_records(levels, cell[i]);
    return c;
}

struct influence slice_influence(const struct slice *s, const struct complete *c, double *z)
{
    uint32_t n = 0;
    for (uint32_t i = 0; c->leaves < s->count && i < s->count; i++) {
        z[n] = z[i];
        n += c->records[i] > 0;
    }
    return (struct influence){c->leaves, c->leaf, z};
}
