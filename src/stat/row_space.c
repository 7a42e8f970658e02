/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/row_space.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stat/random.h"

/* What the probe must see of a row, and what must be left of it, as a share of its length. */
static const double seen = 1e-8, left = 1e-5;

static double product(const double *a, const double *b, uint32_t width)
{
    double sum = 0;
    for (uint32_t k = 0; k < width; k++)
        sum += a[k] * b[k];
    return sum;
}

/* Takes the basis out of x, twice since once leaves rounding; returns what is left of its length.
 */
static double take_out(const struct row_space *s, double *x, uint32_t width)
{
    for (int turn = 0; turn < 2; turn++)
        for (uint32_t i = 0; i < s->rank; i++) {
            const double *base = s->basis + (size_t)i * width;
            double share = product(base, x, width);
            for (uint32_t k = 0; k < width; k++)
                x[k] -= share * base[k];
        }
    return sqrt(product(x, x, width));
}

/* Drawn, so that no table of weights is across it but by chance. */
static void draw_probe(const struct row_space *s, double *probe, uint32_t width)
{
    for (uint32_t k = 0; k < width; k++)
        probe[k] = random_unit(0, 0, s->rank, k) - 0.5;
    double length = take_out(s, probe, width);
    for (uint32_t k = 0; k < width; k++)
        probe[k] /= length;
}

/* Adds `fresh` of length 1, and takes it out of the probe, which is drawn anew when little is left.
 */
static void grow(struct row_space *s, const double *fresh, uint32_t width)
{
    double *at = s->basis + (size_t)s->rank * width, *probe = at + width;
    double share = s->rank ? product(at, fresh, width) : 1, rest = 1 - share * share;
    for (uint32_t k = 0; k < width; k++) {
        double was = at[k];
        at[k] = fresh[k];
        probe[k] = s->rank ? (was - share * fresh[k]) / sqrt(rest) : 0;
    }
    if (++s->rank < width && rest < 1e-4)
        draw_probe(s, probe, width);
}

/* The probe is across the basis: a row without a part of it lies, but by chance, in the space. */
static bool is_known(const struct row_space *s, const double *row, uint32_t width, double length)
{
    const double *probe = s->basis + (size_t)s->rank * width;
    return fabs(product(probe, row, width)) <= seen * length;
}

void row_space_add(struct row_space *s, const double *row, uint32_t width)
{
    if (s->rank == width)
        return;
    double length = sqrt(product(row, row, width));
    if (length == 0 || (s->rank > 0 && is_known(s, row, width, length)))
        return;
    s->basis = memory_grow(s->basis, &s->room, (size_t)(s->rank + 3) * width, sizeof *s->basis);
    double *fresh = s->basis + (size_t)(s->rank + 2) * width;
    memcpy(fresh, row, width * sizeof *row);
    double rest = take_out(s, fresh, width);
    if (rest <= left * length)
        return;
    for (uint32_t k = 0; k < width; k++)
        fresh[k] /= rest;
    grow(s, fresh, width);
    if (s->rank == width)
        row_space_free(s);
}

void row_space_merge(struct row_space *into, const struct row_space *from, uint32_t width)
{
    if (from->rank == width && into->rank < width) {
        row_space_free(into);
        into->rank = width;
    }
    for (uint32_t i = 0; i < from->rank && into->rank < width; i++)
        row_space_add(into, from->basis + (size_t)i * width, width);
}

void row_space_free(struct row_space *s)
{
    free(s->basis);
    s->basis = NULL;
    s->room = 0;
}
