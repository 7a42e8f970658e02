/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Linear, logit and Poisson regression on a sample with a design.
 *
 * The coefficients solve sum w x (y - mu(x'b)) = 0, by Newton's method with halved steps; their
 * errors are those of the influence values (Binder 1983, Int. Stat. Rev. 51; Lumley & Scott 2017,
 * Stat. Sci. 32)
 *
 *     z = H^-1 w x (y - mu),    H = sum w v x x',    v = 1, mu (1 - mu), mu
 *
 * under the design, with no further factor.  A term that is collinear with those before it is
 * dropped, as far as 1e-11 of its square is left.  The Cholesky factor is our own because GSL's
 * neither drops terms nor gives a matrix back that is not positive definite.  Cost: an iteration n
 * p^2, some 5 to 10 of them.
 */
#ifndef MARSAD_STAT_REGRESSION_H
#define MARSAD_STAT_REGRESSION_H

#include "stat/design.h"

enum regression_model { REGRESSION_LINEAR, REGRESSION_LOGIT, REGRESSION_POISSON };

struct regression {
    enum regression_model model;
    uint32_t n, terms;
    const double *x, *y, *w; /* x: n x terms, record after record */
    const double *offset;    /* added to x'b; NULL: none */
    const double *start;     /* coefficients to begin with; NULL: 0 */
};

struct regression_fit {
    uint32_t kept;   /* terms that are not dropped */
    bool *dropped;   /* of each term */
    double *value;   /* coefficients; 0 where dropped */
    double *inverse; /* H^-1, terms x terms, 0 where dropped */
    uint32_t turns;
};

/* False where there is no finite solution (a logit whose terms tell the response without fault) or
 * no term is left.  The fit is to be freed either way. */
bool regression_fit(const struct regression *, struct regression_fit *);
void regression_free(struct regression_fit *);

/* Their covariance, terms x terms: leaf[i] is the unit of the last stage of record i, ascending.
 * As design_covariance(). */
enum design_fault regression_covariance(const struct regression *, const struct regression_fit *,
                                        const struct design *, const uint32_t *leaf,
                                        double *covariance, uint32_t *stratum);

#endif
