/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/rao_scott.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stat/significance.h"

/* A pivot up to this share of the largest is zero. */
static const double negligible = 1e-12;

struct margins {
    double total, *row, *column; /* shares */
};

static double *reals(size_t n)
{
    return memory_zalloc((n + 1) * sizeof(double));
}

static bool find_margins(const struct two_way *t, struct margins *m)
{
    bool good = true;
    m->row = reals(t->rows);
    m->column = reals(t->columns);
    m->total = 0;
    for (uint32_t c = 0; c < t->rows * t->columns; c++)
        m->total += t->count[c];
    for (uint32_t i = 0; i < t->rows; i++)
        for (uint32_t j = 0; j < t->columns; j++) {
            double share = t->count[i * t->columns + j] / m->total;
            m->row[i] += share;
            m->column[j] += share;
        }
    for (uint32_t i = 0; i < t->rows; i++)
        good = good && m->row[i] > 0;
    for (uint32_t j = 0; j < t->columns; j++)
        good = good && m->column[j] > 0;
    return good;
}

static void free_margins(struct margins *m)
{
    free(m->row);
    free(m->column);
}

static double pearson(const struct two_way *t, const struct margins *m)
{
    double x = 0;
    for (uint32_t i = 0; i < t->rows; i++)
        for (uint32_t j = 0; j < t->columns; j++) {
            double expected = m->row[i] * m->column[j];
            double off = t->count[i * t->columns + j] / m->total - expected;
            x += off * off / expected;
        }
    return t->n * x;
}

/* to (rows_l x rows_l) = l m l', l of rows_l x k, m of k x k. */
static void sandwich(const double *l, uint32_t rows_l, const double *m, uint32_t k, double *to)
{
    double *half = reals((size_t)rows_l * k);
    for (uint32_t a = 0; a < rows_l; a++)
        for (uint32_t i = 0; i < k; i++) {
            double x = l[(size_t)a * k + i];
            for (uint32_t j = 0; j < k && x != 0.0; j++)
                half[(size_t)a * k + j] += x * m[(size_t)i * k + j];
        }
    for (uint32_t a = 0; a < rows_l; a++)
        for (uint32_t b = 0; b < rows_l; b++) {
            double sum = 0;
            for (uint32_t j = 0; j < k; j++)
                sum += half[(size_t)a * k + j] * l[(size_t)b * k + j];
            to[(size_t)a * rows_l + b] = sum;
        }
    free(half);
}

/* x = a^-1 b for `width` columns of b (both overwritten); false where a is singular. */
static bool solve(double *a, uint32_t n, double *b, uint32_t width)
{
    gsl_matrix_view view = gsl_matrix_view_array(a, n, n);
    gsl_permutation *order = gsl_permutation_alloc(n);
    double *column = reals(n), largest = 0, least = (double)INFINITY;
    int sign;
    for (uint32_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(a[(size_t)i * n + i]));
    bool good = order && largest > 0 && gsl_linalg_LU_decomp(&view.matrix, order, &sign) == 0;
    for (uint32_t i = 0; i < n && good; i++)
        least = fmin(least, fabs(a[(size_t)i * n + i]));
    good = good && least > negligible * largest;
    for (uint32_t c = 0; c < width && good; c++) {
        for (uint32_t i = 0; i < n; i++)
            column[i] = b[(size_t)i * width + c];
        gsl_vector_view x = gsl_vector_view_array(column, n);
        gsl_linalg_LU_svx(&view.matrix, order, &x.vector);
        for (uint32_t i = 0; i < n; i++)
            b[(size_t)i * width + c] = column[i];
    }
    gsl_permutation_free(order);
    free(column);
    return good;
}

/* Rows of C' D^-1 : contrast (i, j) is +1 at (i, j) and the last cell, -1 where one index is last.
 */
static double *weighted_contrasts(const struct two_way *t, const struct margins *m)
{
    uint32_t k = t->rows * t->columns, r = t->rows - 1, c = t->columns - 1;
    double *l = reals((size_t)r * c * k);
    for (uint32_t i = 0; i < r; i++)
        for (uint32_t j = 0; j < c; j++) {
            double *row = l + (size_t)(i * c + j) * k;
            const uint32_t at[4] = {i * t->columns + j, r * t->columns + c, i * t->columns + c,
                                    r * t->columns + j};
            for (int s = 0; s < 4; s++)
                if (t->count[at[s]] > 0)
                    row[at[s]] = (s < 2 ? 1 : -1) * m->total / t->count[at[s]];
        }
    return l;
}

/* Covariance of shares: A V A' with A = (I - p 1') / total. */
static double *share_covariance(const struct two_way *t, const struct margins *m)
{
    uint32_t k = t->rows * t->columns;
    double *a = reals((size_t)k * k), *v = reals((size_t)k * k);
    if (t->shares)
        memcpy(v, t->shares, (size_t)k * k * sizeof *v);
    for (uint32_t i = 0; i < k; i++)
        for (uint32_t j = 0; j < k; j++)
            a[(size_t)i * k + j] = ((i == j) - t->count[i] / m->total) / m->total;
    if (!t->shares)
        sandwich(a, k, t->covariance, k, v);
    free(a);
    return v;
}

/* The eigenvalues of b^-1 a, a and b symmetric (both overwritten), b positive. */
static void eigenvalues(double *a, double *b, uint32_t n, double *value)
{
    gsl_matrix_view left = gsl_matrix_view_array(a, n, n), right = gsl_matrix_view_array(b, n, n);
    gsl_vector_view to = gsl_vector_view_array(value, n);
    gsl_eigen_gensymm_workspace *w = gsl_eigen_gensymm_alloc(n);
    gsl_eigen_gensymm(&left.matrix, &right.matrix, &to.vector, w);
    gsl_eigen_gensymm_free(w);
}

/* tr Delta and tr Delta^2; the eigenvalues of Delta, where they are wanted. */
static bool design_effects(const struct two_way *t, const struct margins *m, double *trace,
                           double *squares, double *value)
{
    uint32_t k = t->rows * t->columns, d = (t->rows - 1) * (t->columns - 1);
    double *l = weighted_contrasts(t, m), *v = share_covariance(t, m),
           *shares = reals((size_t)k * k);
    double *below = reals((size_t)d * d), *above = reals((size_t)d * d);
    for (uint32_t c = 0; c < k; c++)
        shares[(size_t)c * k + c] = t->count[c] / m->total / t->n;
    sandwich(l, d, shares, k, below);
    sandwich(l, d, v, k, above);
    if (value) {
        double *a = reals((size_t)d * d), *b = reals((size_t)d * d);
        memcpy(a, above, (size_t)d * d * sizeof *a);
        memcpy(b, below, (size_t)d * d * sizeof *b);
        eigenvalues(a, b, d, value);
        free(a);
        free(b);
    }
    bool good = solve(below, d, above, d);
    *trace = *squares = 0;
    for (uint32_t i = 0; i < d && good; i++) {
        *trace += above[(size_t)i * d + i];
        for (uint32_t j = 0; j < d; j++)
            *squares += above[(size_t)i * d + j] * above[(size_t)j * d + i];
    }
    free(l);
    free(v);
    free(shares);
    free(below);
    free(above);
    return good && *trace > 0 && *squares > 0;
}

/* ---- saddlepoint ---- */

/* Q = sum l_i chi-square(1) - x chi-square(floor df) / df, whose sign is asked for; x alone where
 * df is infinite. */
struct form {
    const double *l;
    uint32_t n;
    double x, df;
};

/* Derivative `order` of the cumulant generating function of l chi-square(1) at z. */
static double cumulant_of(double l, double z, int order)
{
    double share = 1 - 2 * z * l;
    return order == 0 ? -log(share) / 2 : order == 1 ? l / share : 2 * l * l / (share * share);
}

static double cumulant(const struct form *f, double z, int order)
{
    double sum = order == 0 ? -z * f->x : order == 1 ? -f->x : 0;
    if (!isinf(f->df))
        sum = floor(f->df) * cumulant_of(-f->x / f->df, z, order);
    for (uint32_t i = 0; i < f->n; i++)
        sum += cumulant_of(f->l[i], z, order);
    return sum;
}

/* P(Q > 0), or `otherwise` where the formula has no value, near the mean. */
static double saddlepoint(const struct form *f, double otherwise)
{
    double largest = 0;
    for (uint32_t i = 0; i < f->n; i++)
        largest = fmax(largest, f->l[i]);
    double low = isinf(f->df) ? -(f->n / (2 * f->x)) : -f->df / (2 * f->x), high = 0.5 / largest;
    for (int i = 0; i < 200; i++) {
        double mid = (low + high) / 2;
        if (cumulant(f, mid, 1) < 0)
            low = mid;
        else
            high = mid;
    }
    double z = (low + high) / 2;
    if (!(fabs(z * largest) >= 1e-4))
        return otherwise;
    double w = copysign(sqrt(-2 * cumulant(f, z, 0)), z), v = z * sqrt(cumulant(f, z, 2));
    return gsl_cdf_ugaussian_Q(w + log(v / w) / w);
}

static bool saddlepoint_test(const struct two_way *t, const struct margins *m,
                             struct two_way_test *test)
{
    uint32_t k = (t->rows - 1) * (t->columns - 1);
    double trace, squares, x = pearson(t, m), *l = reals(k);
    bool good = design_effects(t, m, &trace, &squares, l);
    if (good) {
        double d = trace * trace / squares;
        struct form f = {l, k, x, d * t->freedom};
        double p = x > 0 ? saddlepoint(&f, p_of_f(x / trace, d, f.df)) : 1;
        *test = (struct two_way_test){x, (double)NAN, (double)NAN, p};
    }
    free(l);
    return good;
}

static bool rao_scott(const struct two_way *t, const struct margins *m, bool second,
                      struct two_way_test *test)
{
    double trace, squares, k = (t->rows - 1.0) * (t->columns - 1.0), x = pearson(t, m);
    if (!design_effects(t, m, &trace, &squares, NULL))
        return false;
    if (second) {
        test->df1 = trace * trace / squares;
        test->df2 = test->df1 * t->freedom;
        test->value = x / trace;
        test->p = p_of_f(test->value, test->df1, test->df2);
    } else {
        *test = (struct two_way_test){x, k, (double)NAN, p_of_chi_square(x / (trace / k), k)};
    }
    return true;
}

/* Y_ij = N_ij - N_i. N_.j / N without the last row and column, and its derivatives by all N. */
static void excesses(const struct two_way *t, const struct margins *m, double *y, double *jacobian)
{
    uint32_t k = t->rows * t->columns, d = 0;
    for (uint32_t i = 0; i + 1 < t->rows; i++)
        for (uint32_t j = 0; j + 1 < t->columns; j++, d++) {
            y[d] = t->count[i * t->columns + j] - m->total * m->row[i] * m->column[j];
            for (uint32_t c = 0; c < k; c++) {
                uint32_t in_row = c / t->columns == i, in_column = c % t->columns == j;
                jacobian[(size_t)d * k + c] = (in_row && in_column) - in_row * m->column[j] -
                                              in_column * m->row[i] + m->row[i] * m->column[j];
            }
        }
}

static bool wald(const struct two_way *t, const struct margins *m, bool adjusted,
                 struct two_way_test *test)
{
    uint32_t k = t->rows * t->columns, d = (t->rows - 1) * (t->columns - 1);
    double *y = reals(d), *x = reals(d), *jacobian = reals((size_t)d * k), w = 0;
    double *v = reals((size_t)d * d);
    excesses(t, m, y, jacobian);
    sandwich(jacobian, d, t->covariance, k, v);
    for (uint32_t i = 0; i < d; i++)
        x[i] = y[i];
    bool good = solve(v, d, x, 1);
    for (uint32_t i = 0; i < d; i++)
        w += y[i] * x[i];
    double left = t->freedom - d + 1;
    *test = (struct two_way_test){w / d, d, t->freedom, 0};
    if (adjusted && !isinf(t->freedom)) {
        test->value *= left / t->freedom;
        test->df2 = left;
    }
    test->p = p_of_f(test->value, test->df1, test->df2);
    free(y);
    free(x);
    free(jacobian);
    free(v);
    return good && test->df2 > 0 && w >= 0;
}

bool two_way_test(const struct two_way *t, enum two_way_method method, struct two_way_test *test)
{
    struct margins m;
    if (t->rows < 2 || t->columns < 2)
        return false;
    bool good = find_margins(t, &m) && t->freedom > 0;
    if (good && (method == TWO_WAY_F || method == TWO_WAY_CHISQ))
        good = rao_scott(t, &m, method == TWO_WAY_F, test);
    else if (good && method == TWO_WAY_SADDLEPOINT)
        good = saddlepoint_test(t, &m, test);
    else if (good)
        good = wald(t, &m, method == TWO_WAY_ADJUSTED_WALD, test);
    free_margins(&m);
    return good;
}
