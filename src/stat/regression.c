/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/regression.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { TURNS = 60, HALVINGS = 30 };

static const double collinear = 1e-11;   /* of a term's square is left */
static const double close_enough = 1e-9; /* of a scaled step; the turn after it is the last */

struct solver {
    const struct regression *r;
    struct regression_fit *fit;
    uint32_t p;
    double *scale;       /* root mean square of each term */
    double *information; /* of scaled terms, then its Cholesky factor below the diagonal */
    double *score, *step, *trial;
};

static double *reals(size_t n)
{
    return memory_zalloc((n + 1) * sizeof(double));
}

/* ---- models ---- */

static double mean_of(enum regression_model model, double eta)
{
    if (model == REGRESSION_LOGIT)
        return eta >= 0 ? 1 / (1 + exp(-eta)) : exp(eta) / (1 + exp(eta));
    return model == REGRESSION_POISSON ? exp(eta) : eta;
}

static double variance_of(enum regression_model model, double mu)
{
    return model == REGRESSION_LOGIT ? mu * (1 - mu) : model == REGRESSION_POISSON ? mu : 1;
}

/* What the solution makes least: minus the log likelihood, but for constants. */
static double loss_of(enum regression_model model, double y, double eta)
{
    if (model == REGRESSION_LOGIT)
        return (eta > 0 ? eta + log1p(exp(-eta)) : log1p(exp(eta))) - y * eta;
    if (model == REGRESSION_POISSON)
        return exp(eta) - y * eta;
    return (y - eta) * (y - eta) / 2;
}

static double eta_of(const struct regression *r, uint32_t i, const double *b)
{
    const double *x = r->x + (size_t)i * r->terms;
    double eta = r->offset ? r->offset[i] : 0;
    for (uint32_t j = 0; j < r->terms; j++)
        eta += x[j] * b[j];
    return eta;
}

static double loss(const struct regression *r, const double *b)
{
    long double sum = 0;
    for (uint32_t i = 0; i < r->n; i++)
        sum += (long double)(r->w[i] * loss_of(r->model, r->y[i], eta_of(r, i, b)));
    return (double)sum;
}

/* ---- linear algebra ---- */

static void find_scale(struct solver *s)
{
    const struct regression *r = s->r;
    double all = 0;
    for (uint32_t i = 0; i < r->n; i++) {
        all += r->w[i];
        for (uint32_t j = 0; j < s->p; j++)
            s->scale[j] += r->w[i] * r->x[(size_t)i * s->p + j] * r->x[(size_t)i * s->p + j];
    }
    for (uint32_t j = 0; j < s->p; j++) {
        s->scale[j] = all > 0 ? sqrt(s->scale[j] / all) : 0;
        s->fit->dropped[j] = !(s->scale[j] > 0);
        s->fit->kept += !s->fit->dropped[j];
    }
}

/* Information and score of scaled terms at b; at b NULL those of v = 1 without a score. */
static void find_information(struct solver *s, const double *b)
{
    const struct regression *r = s->r;
    uint32_t p = s->p;
    double *x = s->trial;
    memset(s->information, 0, (size_t)p * p * sizeof *s->information);
    memset(s->score, 0, p * sizeof *s->score);
    for (uint32_t i = 0; i < r->n; i++) {
        double mu = b ? mean_of(r->model, eta_of(r, i, b)) : 0;
        double v = r->w[i] * (b ? variance_of(r->model, mu) : 1);
        for (uint32_t j = 0; j < p; j++)
            x[j] = s->fit->dropped[j] ? 0 : r->x[(size_t)i * p + j] / s->scale[j];
        for (uint32_t j = 0; j < p; j++) {
            s->score[j] += b ? r->w[i] * (r->y[i] - mu) * x[j] : 0;
            for (uint32_t k = 0; k <= j; k++)
                s->information[(size_t)j * p + k] += v * x[j] * x[k];
        }
    }
}

/* Cholesky in place.  drop: terms with too small a pivot are dropped; else they are a failure. */
static bool factorise(struct solver *s, bool drop)
{
    uint32_t p = s->p;
    double *l = s->information;
    for (uint32_t j = 0; j < p; j++) {
        double whole = l[(size_t)j * p + j], pivot = whole;
        for (uint32_t k = 0; k < j; k++)
            pivot -= l[(size_t)j * p + k] * l[(size_t)j * p + k];
        bool small = !(pivot > (drop ? collinear : 1e-14) * whole) || !isfinite(pivot);
        if (small && !s->fit->dropped[j]) {
            if (!drop)
                return false;
            s->fit->dropped[j] = true;
            s->fit->kept--;
        }
        for (uint32_t k = 0; s->fit->dropped[j] && k <= j; k++)
            l[(size_t)j * p + k] = 0;
        double root = s->fit->dropped[j] ? 0 : sqrt(pivot);
        l[(size_t)j * p + j] = root;
        for (uint32_t i = j + 1; i < p; i++) {
            double sum = l[(size_t)i * p + j];
            for (uint32_t k = 0; k < j; k++)
                sum -= l[(size_t)i * p + k] * l[(size_t)j * p + k];
            l[(size_t)i * p + j] = root > 0 ? sum / root : 0;
        }
    }
    return s->fit->kept > 0;
}

/* x = (L L')^-1 x; 0 where dropped. */
static void solve(const struct solver *s, double *x)
{
    uint32_t p = s->p;
    const double *l = s->information;
    for (uint32_t j = 0; j < p; j++) {
        for (uint32_t k = 0; k < j; k++)
            x[j] -= l[(size_t)j * p + k] * x[k];
        x[j] = s->fit->dropped[j] ? 0 : x[j] / l[(size_t)j * p + j];
    }
    for (uint32_t j = p; j-- > 0;) {
        for (uint32_t k = j + 1; k < p; k++)
            x[j] -= l[(size_t)k * p + j] * x[k];
        x[j] = s->fit->dropped[j] ? 0 : x[j] / l[(size_t)j * p + j];
    }
}

static void find_inverse(struct solver *s)
{
    uint32_t p = s->p;
    for (uint32_t j = 0; j < p; j++) {
        memset(s->step, 0, p * sizeof *s->step);
        s->step[j] = 1;
        solve(s, s->step);
        for (uint32_t k = 0; k < p; k++)
            s->fit->inverse[(size_t)j * p + k] = s->fit->dropped[j] || s->fit->dropped[k]
                                                     ? 0
                                                     : s->step[k] / s->scale[j] / s->scale[k];
    }
}

/* ---- Newton ---- */

/* Goes along s->step, scaled, as far as the loss does not grow; false: not at all. */
static bool walk(struct solver *s)
{
    double *b = s->fit->value, before = loss(s->r, b), share = 1;
    for (int h = 0; h < HALVINGS; h++) {
        for (uint32_t j = 0; j < s->p; j++)
            s->trial[j] = b[j] + (s->fit->dropped[j] ? 0 : share * s->step[j] / s->scale[j]);
        double after = loss(s->r, s->trial);
        if (isfinite(after) && after <= before + 1e-12 * fabs(before)) {
            memcpy(b, s->trial, s->p * sizeof *b);
            return true;
        }
        share /= 2;
    }
    return false;
}

static double longest(const struct solver *s)
{
    double most = 0, size = 1;
    for (uint32_t j = 0; j < s->p; j++) {
        most = fmax(most, fabs(s->step[j]));
        size = fmax(size, fabs(s->fit->value[j] * s->scale[j]));
    }
    return most / size;
}

static bool iterate(struct solver *s)
{
    bool last = false;
    for (; s->fit->turns < TURNS; s->fit->turns++) {
        find_information(s, s->fit->value);
        if (!factorise(s, false))
            return false;
        memcpy(s->step, s->score, s->p * sizeof *s->step);
        solve(s, s->step);
        double far = longest(s);
        if (!walk(s))
            return far < close_enough;
        if (last)
            return true;
        last = far < close_enough;
    }
    return false;
}

bool regression_fit(const struct regression *r, struct regression_fit *fit)
{
    uint32_t p = r->terms;
    struct solver s = {r, fit, p, reals(p), reals((size_t)p * p), reals(p), reals(p), reals(p)};
    *fit = (struct regression_fit){0, memory_zalloc(p + 1), reals(p), reals((size_t)p * p), 0};
    if (r->start)
        memcpy(fit->value, r->start, p * sizeof *fit->value);
    find_scale(&s);
    find_information(&s, NULL);
    bool good = factorise(&s, true) && iterate(&s);
    if (good) {
        find_information(&s, fit->value);
        good = factorise(&s, false);
        find_inverse(&s);
    }
    free(s.scale);
    free(s.information);
    free(s.score);
    free(s.step);
    free(s.trial);
    return good;
}

void regression_free(struct regression_fit *fit)
{
    free(fit->dropped);
    free(fit->value);
    free(fit->inverse);
    *fit = (struct regression_fit){0};
}

/* ---- errors ---- */

/* The scores of each leaf; -> number of leaves. */
static uint32_t sum_scores(const struct regression *r, const struct regression_fit *fit,
                           const uint32_t *leaf, uint32_t *unit, double *z)
{
    uint32_t count = 0, p = r->terms;
    for (uint32_t i = 0; i < r->n; i++) {
        if (count == 0 || unit[count - 1] != leaf[i])
            unit[count++] = leaf[i];
        double *to = z + (size_t)(count - 1) * p;
        double off = r->w[i] * (r->y[i] - mean_of(r->model, eta_of(r, i, fit->value)));
        for (uint32_t j = 0; j < p; j++)
            to[j] += off * r->x[(size_t)i * p + j];
    }
    return count;
}

enum design_fault regression_covariance(const struct regression *r,
                                        const struct regression_fit *fit, const struct design *d,
                                        const uint32_t *leaf, double *covariance, uint32_t *stratum)
{
    uint32_t p = r->terms;
    uint32_t *unit = memory_alloc(((size_t)r->n + 1) * sizeof *unit);
    double *z = reals((size_t)r->n * p), *own = reals(p);
    uint32_t count = sum_scores(r, fit, leaf, unit, z);
    for (uint32_t u = 0; u < count; u++) {
        double *score = z + (size_t)u * p;
        memcpy(own, score, p * sizeof *own);
        for (uint32_t j = 0; j < p; j++) {
            score[j] = 0;
            for (uint32_t k = 0; k < p; k++)
                score[j] += fit->inverse[(size_t)j * p + k] * own[k];
        }
    }
    struct unit_sums sums = {count, p, unit, z};
    enum design_fault fault = design_covariance(d, &sums, covariance, stratum);
    free(unit);
    free(z);
    free(own);
    return fault;
}
