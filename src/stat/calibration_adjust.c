/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done to weights beside calibration: households, trimming, non-response. */
#include "stat/calibration.h"

#include <math.h>
#include <string.h>

enum { TRIMS_MOST = 10000 };

/* ---- households ---- */

/* start[h]: where the entries of household h begin; *members the persons in their order. */
static uint32_t *sort_members(struct arena *arena, const uint32_t *household, uint32_t persons,
                              uint32_t households, uint32_t *first)
{
    uint32_t *member = arena_array(arena, persons, sizeof *member);
    memset(first, 0, ((size_t)households + 1) * sizeof *first);
    for (uint32_t k = 0; k < persons; k++)
        first[household[k] + 1]++;
    for (uint32_t h = 0; h < households; h++)
        first[h + 1] += first[h];
    for (uint32_t k = persons; k-- > 0;)
        member[--first[household[k] + 1]] = k;
    /* every count was used up: first[h + 1] is the beginning of h again */
    memmove(first, first + 1, households * sizeof *first);
    first[households] = persons;
    return member;
}

struct household_sums {
    struct calibration_units *out;
    uint32_t *column; /* arrays of *out, to be written */
    double *value, *base, *scale;
    size_t *start, used;
    size_t *place; /* of each column in the present household: its index + 1 */
};

static void add_member(struct household_sums *s, const struct calibration_units *u, uint32_t k,
                       size_t begin)
{
    for (size_t i = u->start[k]; i < u->start[k + 1]; i++) {
        size_t *place = &s->place[u->column[i]];
        if (*place <= begin) {
            s->column[s->used] = u->column[i];
            s->value[s->used++] = 0;
            *place = s->used;
        }
        s->value[*place - 1] += u->value[i];
    }
}

static struct household_sums sums_new(struct arena *arena, const struct calibration_units *u,
                                      uint32_t households)
{
    size_t entries = u->start[u->units];
    struct household_sums s = {.out = arena_zalloc(arena, sizeof *s.out)};
    s.column = arena_array(arena, entries, sizeof *s.column);
    s.value = arena_array(arena, entries, sizeof *s.value);
    s.base = arena_zarray(arena, households, sizeof *s.base);
    s.scale = arena_zarray(arena, households, sizeof *s.scale);
    s.start = arena_zarray(arena, (size_t)households + 1, sizeof *s.start);
    s.place = arena_zarray(arena, u->columns, sizeof *s.place);
    *s.out = (struct calibration_units){households, u->columns, s.start, s.column,
                                        s.value,    s.base,     s.scale};
    return s;
}

struct calibration_units *calibration_households(struct arena *arena,
                                                 const struct calibration_units *u,
                                                 const uint32_t *household, uint32_t households,
                                                 uint32_t *fault)
{
    struct household_sums s = sums_new(arena, u, households);
    uint32_t *first = arena_array(arena, (size_t)households + 1, sizeof *first);
    const uint32_t *member = sort_members(arena, household, u->units, households, first);
    for (uint32_t h = 0; h < households; h++) {
        size_t begin = s.start[h] = s.used;
        for (uint32_t m = first[h]; m < first[h + 1]; m++) {
            *fault = member[m];
            if (u->base[member[m]] != u->base[member[first[h]]])
                return NULL;
            s.base[h] = u->base[member[m]];
            s.scale[h] += u->scale ? u->scale[member[m]] : 1;
            add_member(&s, u, member[m], begin);
        }
    }
    s.start[households] = s.used;
    return s.out;
}

/* ---- trimming ---- */

/* Cuts what is outside and shares it out; the number that was outside, or -1: nobody takes it. */
static int64_t trim_once(double *weight, uint32_t units, double low, double high, double slack)
{
    double cut = 0;
    uint32_t outside = 0, inside = 0;
    for (uint32_t k = 0; k < units; k++) {
        bool out = weight[k] < low * (1 - slack) || weight[k] > high * (1 + slack);
        outside += weight[k] != 0 && out;
        inside += weight[k] != 0 && !out;
    }
    if (outside && !inside)
        return -1;
    for (uint32_t k = 0; k < units && outside; k++)
        if (weight[k] < low * (1 - slack) || weight[k] > high * (1 + slack))
            cut += weight[k] == 0 ? 0 : weight[k] - (weight[k] < low ? low : high);
    for (uint32_t k = 0; k < units && outside; k++)
        if (weight[k] < low * (1 - slack) || weight[k] > high * (1 + slack))
            weight[k] = weight[k] == 0 ? 0 : weight[k] < low ? low : high;
        else if (weight[k] != 0)
            weight[k] += cut / inside;
    return outside;
}

bool calibration_trim(double *weight, uint32_t units, double low, double high, bool strict)
{
    double sum = 0;
    uint32_t used = 0;
    for (uint32_t k = 0; k < units; k++) {
        sum += weight[k];
        used += weight[k] != 0;
    }
    if (sum < low * used || sum > high * used)
        return false;
    int64_t outside = trim_once(weight, units, low, high, 0);
    for (int round = 0; strict && outside > 0 && round < TRIMS_MOST; round++)
        outside = trim_once(weight, units, low, high, 4e-16);
    for (uint32_t k = 0; strict && k < units; k++) /* what is left is rounding */
        if (weight[k] != 0)
            weight[k] = fmin(fmax(weight[k], low), high);
    return outside >= 0;
}

/* ---- non-response ---- */

bool calibration_response(struct arena *arena, double *weight, const bool *responds,
                          const uint32_t *cell, uint32_t units, uint32_t cells, uint32_t *fault)
{
    double *all = arena_zarray(arena, cells, sizeof *all);
    double *answered = arena_zarray(arena, cells, sizeof *answered);
    for (uint32_t k = 0; k < units; k++) {
        all[cell[k]] += weight[k];
        answered[cell[k]] += responds[k] ? weight[k] : 0;
    }
    for (uint32_t k = 0; k < units; k++)
        if (all[cell[k]] > 0 && !(answered[cell[k]] > 0)) {
            *fault = k;
            return false;
        }
    for (uint32_t k = 0; k < units; k++)
        weight[k] =
            responds[k] && weight[k] > 0 ? weight[k] * (all[cell[k]] / answered[cell[k]]) : 0;
    return true;
}
