/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stages/estimate_replicate.h"

int replicates_open(struct step *step, struct estimate *e, const struct schema *in)
{
    (void)step, (void)e, (void)in;
    return STEP_OK;
}
int replicates_add(struct step *step, struct estimate *e, const struct batch *b, const bool *use,
                   const struct decimal *weight)
{
    (void)step, (void)e, (void)b, (void)use, (void)weight;
    return STEP_OK;
}
int replicates_finish(struct step *step, struct estimate *e)
{
    (void)step, (void)e;
    return STEP_OK;
}
void replicates_free(struct estimate *e) { (void)e; }
uint32_t replicates_count(const struct estimate *e) { (void)e; return 0; }
int replicates_values(struct step *step, struct estimate *e, uint32_t fold, uint32_t domain,
                      const struct request *q, struct text level, struct arena *a, double *value)
{
    (void)step, (void)e, (void)fold, (void)domain, (void)q, (void)level, (void)a, (void)value;
    return STEP_OK;
}
void replicates_variance(const struct estimate *e, const double *value, struct result *r)
{
    (void)e, (void)value, (void)r;
}
int replicates_result(struct step *step, struct estimate *e, uint32_t fold, uint32_t domain,
                      const struct request *q, struct text level, struct arena *a, struct result *r)
{
    (void)step, (void)e, (void)fold, (void)domain, (void)q, (void)level, (void)a, (void)r;
    return STEP_OK;
}
