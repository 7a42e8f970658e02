/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replicates against what they must give for a total: jackknife and half samples the textbook
 * variance of a stratified sample (Wolter 2007, 3.2 and 4.2), successive differences half the sum
 * of squared differences of neighbours (Fay and Train 1995), the bootstrap the textbook variance on
 * the average.  Hadamard matrices by their definition.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stat/replicate.h"

#include <math.h>

/* Every multiple of 4 up to 256. */
static void are_hadamard(void **state)
{
    (void)state;
    for (uint32_t least = 1; least <= 260; least++) {
        struct arena *arena = arena_new();
        uint32_t n;
        const int8_t *h = hadamard_matrix(arena, least, &n);
        assert_non_null(h);
        assert_true(n >= least);
        if (least % 4 == 0 && least <= 256)
            assert_true(n == least);
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t j = 0; j < n; j++) {
                int dot = 0;
                for (uint32_t k = 0; k < n; k++)
                    dot += h[i * n + k] * h[j * n + k];
                assert_int_equal(dot, i == j ? (int)n : 0);
            }
        for (uint32_t i = 0; i < n; i++)
            assert_true(h[i] == 1 && h[i * n] == 1);
        arena_free(arena);
        least = n > least ? n : least;
    }
}

/* The replicate variance of sum y around the full sum; *centre its mean over the replicates. */
static double variance(struct replicate_plan *p, const double *y, double *centre)
{
    struct arena *arena = arena_new();
    uint32_t stratum;
    assert_null(replicate_plan_set(arena, p, &stratum));
    double *factor = arena_array(arena, (size_t)p->total * p->replicates, sizeof *factor);
    double v = 0, full = 0;
    *centre = 0;
    for (uint32_t h = 0; h < p->strata; h++)
        replicate_factors(p, h, factor + (size_t)p->first[h] * p->replicates);
    for (uint32_t i = 0; i < p->total; i++)
        full += y[i];
    for (uint32_t r = 0; r < p->replicates; r++) {
        double sum = 0;
        for (uint32_t i = 0; i < p->total; i++)
            sum += y[i] * factor[(size_t)i * p->replicates + r];
        *centre += sum / p->replicates;
        v += replicate_scale(p, r) * (sum - full) * (sum - full);
    }
    arena_free(arena);
    return v;
}

static const double pairs[] = {3, 7, 11, 4, 8, 8.5, 2, 9, 1, 6};

static void half_samples(void **state)
{
    static const uint32_t psus[] = {2, 2, 2, 2, 2};
    const double expected = 16 + 49 + 0.25 + 49 + 25; /* sum of (y1 - y2)^2 */
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct replicate_plan p = {
            .type = i ? REPLICATE_FAY : REPLICATE_BRR, .rho = 0.3, .strata = 5, .psus = psus};
        double centre;
        assert_true(fabs(variance(&p, pairs, &centre) - expected) < 1e-10);
        assert_true(fabs(centre - 59.5) < 1e-12);
        assert_int_equal(p.replicates, 8);
    }
}

static void jackknife(void **state)
{
    static const uint32_t psus[] = {4, 1, 5};
    /* n sum (y - mean)^2 / (n - 1): 3 7 11 4 and 8.5 2 9 1 6; the lonely 8 adds nothing */
    const double expected = 4 * 38.75 / 3 + 5 * 53.8 / 4;
    double centre;
    (void)state;
    struct replicate_plan p = {.type = REPLICATE_JKN, .strata = 3, .psus = psus};
    assert_true(fabs(variance(&p, pairs, &centre) - expected) < 1e-10);
    assert_int_equal(p.replicates, 9);
}

static void jackknife_unstratified(void **state)
{
    static const uint32_t psus[] = {4, 6};
    double mean = 5.95, square = 0, centre;
    (void)state;
    for (int i = 0; i < 10; i++)
        square += (pairs[i] - mean) * (pairs[i] - mean);
    struct replicate_plan p = {.type = REPLICATE_JK1, .strata = 2, .psus = psus};
    assert_true(fabs(variance(&p, pairs, &centre) - 10 * square / 9) < 1e-10);
}

/* With as many rows as PSUs and one more, the chain is not closed: its ends count alone. */
static void successive_differences(void **state)
{
    static const uint32_t psus[] = {3, 7};
    double expected = pairs[0] * pairs[0] + pairs[9] * pairs[9], centre;
    (void)state;
    for (int i = 1; i < 10; i++)
        expected += (pairs[i] - pairs[i - 1]) * (pairs[i] - pairs[i - 1]);
    struct replicate_plan p = {.type = REPLICATE_SDR, .strata = 2, .psus = psus};
    assert_true(fabs(variance(&p, pairs, &centre) - expected / 2) < 1e-10);
    assert_int_equal(p.replicates, 80);
}

static void bootstrap(void **state)
{
    static const uint32_t psus[] = {4, 1, 5};
    const double expected = 4 * 38.75 / 3 + 5 * 53.8 / 4;
    double centre, again;
    (void)state;
    struct replicate_plan p = {
        .type = REPLICATE_BOOTSTRAP, .strata = 3, .psus = psus, .seed = 2026, .replicates = 20000};
    double v = variance(&p, pairs, &centre);
    assert_true(fabs(v / expected - 1) < 0.04); /* 4 standard errors of a variance of 20 000 */
    assert_true(fabs(centre - 59.5) < 4 * sqrt(expected / 20000));
    assert_true(variance(&p, pairs, &again) == v);
}

static void refusals(void **state)
{
    static const uint32_t psus[] = {2, 3};
    struct replicate_plan p = {.type = REPLICATE_BRR, .strata = 2, .psus = psus};
    uint32_t stratum;
    (void)state;
    struct arena *arena = arena_new();
    assert_non_null(replicate_plan_set(arena, &p, &stratum));
    assert_int_equal(stratum, 1);
    p = (struct replicate_plan){.type = REPLICATE_SDR, .strata = 2, .psus = psus, .replicates = 7};
    assert_non_null(replicate_plan_set(arena, &p, &stratum));
    p = (struct replicate_plan){.type = REPLICATE_JKN, .strata = 2, .psus = psus, .replicates = 7};
    assert_non_null(replicate_plan_set(arena, &p, &stratum));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_hadamard),
        cmocka_unit_test(half_samples),
        cmocka_unit_test(jackknife),
        cmocka_unit_test(jackknife_unstratified),
        cmocka_unit_test(successive_differences),
        cmocka_unit_test(bootstrap),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests_name("replicate", tests, NULL, NULL);
}
