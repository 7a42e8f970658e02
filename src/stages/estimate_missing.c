/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the sets of a fold lack: records with a missing value, counted by unit and domain.
 *
 * Mostly few cells have such records, so these are a list of their own, and a file without any pays
 * nothing.  First moments of pairs keep by its entries what the moment of one column has and the
 * pair has not.  At the end entries are put in the order of domains, and
 * whoever works one out takes from its cells what these lack (estimate_slice.h).
 */
#include <stdlib.h>

#include "base/memory.h"
#include "stages/estimate.h"

enum { AHEAD = 32 };

void missing_free(struct missing *m)
{
    pair_index_free(m->index);
    free(m->unit);
    free(m->domain);
    free(m->count);
    tally_free(&m->sum);
}

static uint32_t find_entry(struct missing *m, uint32_t unit, uint32_t domain)
{
    if (!m->index)
        m->index = pair_index_new();
    uint32_t e = pair_index_find(m->index, unit, domain, m->entries);
    if (e < m->entries)
        return e;
    size_t want = (size_t)++m->entries;
    m->unit = memory_grow(m->unit, &m->unit_room, want, sizeof *m->unit);
    m->domain = memory_grow(m->domain, &m->domain_room, want, sizeof *m->domain);
    m->count = memory_grow(m->count, &m->count_room, want, sizeof *m->count);
    m->unit[e] = unit;
    m->domain[e] = domain;
    m->count[e] = 0;
    return e;
}

/* Entries keep their numbers, so that the sums of pairs stay where they are. */
void missing_split(struct fold *f, uint32_t set)
{
    struct missing *m = &f->missing[set];
    const struct missing *shared = &f->missing[m->as];
    m->as = set;
    for (uint32_t e = 0; e < shared->entries; e++)
        m->count[find_entry(m, shared->unit[e], shared->domain[e])] = shared->count[e];
    if (shared->entries)
        tally_copy(&m->sum, &shared->sum);
}

bool missing_add(struct missing *m, uint32_t rows, const uint32_t *unit, const uint32_t *domain,
                 const struct decimal *weight, uint32_t *entry)
{
    for (uint32_t i = 0; m->index && i < rows; i++)
        pair_index_ask(m->index, unit[i], domain[i]);
    for (uint32_t i = 0; i < rows; i++) {
        entry[i] = find_entry(m, unit[i], domain[i]);
        m->count[entry[i]]++;
    }
    return tally_add(&m->sum, m->entries, entry, rows, weight, NULL);
}

/* ---- several workers ---- */

static bool merge_less(struct fold *into, const struct fold *from, const struct requests *r,
                       uint32_t set, const uint32_t *entry)
{
    uint32_t to = into->missing[set].entries, entries = from->missing[set].entries;
    bool good = true;
    for (uint32_t i = 0; i < r->firsts && good; i++)
        if (r->first[i].base != i && into->missing[r->first[i].set].as == set)
            good = tally_merge(&into->less[i], to, entry, &from->less[i], entries);
    return good;
}

static bool merge_set(struct fold *into, const struct fold *from, const struct requests *r,
                      uint32_t set, const uint32_t *unit, const uint32_t *domain)
{
    struct missing *m = &into->missing[set];
    const struct missing *o = &from->missing[set];
    uint32_t *entry = memory_alloc((size_t)o->entries * sizeof *entry);
    for (uint32_t e = 0; e < o->entries; e++) {
        uint32_t next = e + AHEAD < o->entries ? e + AHEAD : e;
        if (m->index)
            pair_index_ask(m->index, unit[o->unit[next]], domain[o->domain[next]]);
        entry[e] = find_entry(m, unit[o->unit[e]], domain[o->domain[e]]);
        m->count[entry[e]] += o->count[e];
    }
    bool good = o->entries == 0 || (tally_merge(&m->sum, m->entries, entry, &o->sum, o->entries) &&
                                    merge_less(into, from, r, set, entry));
    free(entry);
    return good;
}

bool missing_merge(struct fold *into, struct fold *from, const struct requests *r,
                   const uint32_t *unit, const uint32_t *domain)
{
    bool good = true;
    for (uint32_t s = 0; s < r->sets; s++)
        if (into->missing[s].as != from->missing[s].as)
            missing_split(into->missing[s].as == s ? from : into, s);
    for (uint32_t s = 0; s < r->sets && good; s++)
        good = merge_set(into, from, r, s, unit, domain);
    return good;
}

/* ---- the end ---- */

static void order_entries(struct missing *m, uint32_t domains, struct arena *a)
{
    m->start = arena_zarray(a, (size_t)domains + 1, sizeof *m->start);
    m->order = arena_array(a, m->entries, sizeof *m->order);
    for (uint32_t e = 0; e < m->entries; e++)
        m->start[m->domain[e]]++;
    for (uint32_t d = 0; d < domains; d++)
        m->start[d + 1] += m->start[d];
    for (uint32_t e = m->entries; e-- > 0;)
        m->order[--m->start[m->domain[e]]] = e;
}

void missing_order(struct fold *f, const struct requests *r)
{
    for (uint32_t s = 0; s < r->sets; s++)
        if (f->missing[s].entries)
            order_entries(&f->missing[s], f->known, f->arena);
}
