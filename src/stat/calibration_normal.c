/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The normal matrix sum d q x x' of calibration, and regressions on it.
 *
 * It is scaled to a diagonal of ones and factored as P A P' = L D L' with pivots (GSL, Higham 2002,
 * Accuracy and Stability, 10.3); pivots below DEPENDENT are columns that depend on those before,
 * such as the sexes beside the regions that add up to the same persons: their coefficient is 0.
 */
#include "stat/calibration_normal.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

#define DEPENDENT 1e-11

struct calibration_normal *calibration_normal_new(struct arena *arena, uint32_t columns)
{
    struct calibration_normal *n = arena_zalloc(arena, sizeof *n);
    n->columns = columns;
    n->matrix = arena_zarray(arena, (size_t)columns * columns, sizeof *n->matrix);
    n->scale = arena_zarray(arena, columns, sizeof *n->scale);
    n->order = arena_zarray(arena, columns, sizeof *n->order);
    n->work = arena_zarray(arena, columns, sizeof *n->work);
    return n;
}

void calibration_normal_clear(struct calibration_normal *n)
{
    memset(n->matrix, 0, (size_t)n->columns * n->columns * sizeof *n->matrix);
    n->rank = 0;
}

void calibration_normal_add(struct calibration_normal *n, uint32_t entries, const uint32_t *column,
                            const double *value, double weight)
{
    for (uint32_t a = 0; a < entries; a++)
        for (uint32_t b = 0; b < entries; b++)
            if (column[b] <= column[a])
                n->matrix[(size_t)column[a] * n->columns + column[b]] +=
                    weight * value[a] * value[b];
}

/* Rows and columns to a diagonal of ones; where it is 0 the column is empty. */
static void scale_matrix(struct calibration_normal *n)
{
    for (uint32_t i = 0; i < n->columns; i++) {
        double d = n->matrix[(size_t)i * n->columns + i];
        n->scale[i] = d > 0 ? 1 / sqrt(d) : 0;
    }
    for (uint32_t i = 0; i < n->columns; i++)
        for (uint32_t j = 0; j <= i; j++)
            n->matrix[(size_t)i * n->columns + j] *= n->scale[i] * n->scale[j];
}

void calibration_normal_finish(struct calibration_normal *n)
{
    n->rank = 0;
    if (n->columns == 0)
        return;
    gsl_matrix_view a = gsl_matrix_view_array(n->matrix, n->columns, n->columns);
    gsl_permutation p = {.size = n->columns, .data = n->order};
    scale_matrix(n);
    gsl_linalg_pcholesky_decomp(&a.matrix, &p);
    while (n->rank < n->columns && n->matrix[(size_t)n->rank * (n->columns + 1)] > DEPENDENT)
        n->rank++;
}

struct calibration_normal *calibration_normal_of(struct arena *arena,
                                                 const struct calibration_units *u)
{
    struct calibration_normal *n = calibration_normal_new(arena, u->columns);
    for (uint32_t k = 0; k < u->units; k++) {
        size_t at = u->start[k];
        if (u->base[k] > 0)
            calibration_normal_add(n, (uint32_t)(u->start[k + 1] - at), u->column + at,
                                   u->value + at, u->scale ? u->base[k] / u->scale[k] : u->base[k]);
    }
    calibration_normal_finish(n);
    return n;
}

void calibration_coefficients(const struct calibration_normal *n, const double *xz, double *b)
{
    double *y = n->work;
    for (uint32_t i = 0; i < n->rank; i++) {
        const double *row = n->matrix + (size_t)i * n->columns;
        y[i] = xz[n->order[i]] * n->scale[n->order[i]];
        for (uint32_t j = 0; j < i; j++)
            y[i] -= row[j] * y[j];
    }
    for (uint32_t i = 0; i < n->rank; i++)
        y[i] /= n->matrix[(size_t)i * (n->columns + 1)];
    for (uint32_t i = n->rank; i-- > 0;)
        for (uint32_t j = i + 1; j < n->rank; j++)
            y[i] -= n->matrix[(size_t)j * n->columns + i] * y[j];
    memset(b, 0, n->columns * sizeof *b);
    for (uint32_t i = 0; i < n->rank; i++)
        b[n->order[i]] = y[i] * n->scale[n->order[i]];
}

double calibration_dot(const struct calibration_units *u, uint32_t unit, const double *b)
{
    double sum = 0;
    for (size_t i = u->start[unit]; i < u->start[unit + 1]; i++)
        sum += u->value[i] * b[u->column[i]];
    return sum;
}
