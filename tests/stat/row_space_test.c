/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ranks by row against matrices whose rank is known: half samples of five strata (6, as qr() of R
 * 4.2.2 has it), powers, noise below and above the threshold; and the ranks that
 * stat/replicate.h counts against those of its factors, for some of the PSUs (a bootstrap of few
 * replicates may by chance have less).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stat/random.h"
#include "stat/replicate.h"
#include "stat/row_space.h"

#include <stdlib.h>
#include <string.h>

static uint32_t rank_of(const double *rows, uint32_t count, uint32_t width)
{
    struct row_space a = {0}, b = {0}, both = {0};
    for (uint32_t i = 0; i < count; i++)
        row_space_add(i % 2 ? &a : &b, rows + (size_t)i * width, width);
    row_space_merge(&both, &a, width);
    row_space_merge(&both, &b, width);
    for (uint32_t i = 0; i < count; i++)
        row_space_add(&both, rows + (size_t)i * width, width);
    uint32_t rank = both.rank;
    row_space_free(&a);
    row_space_free(&b);
    row_space_free(&both);
    return rank;
}

static void known_ranks(void **state)
{
    static const double halves[] = {2, 0, 2, 0, 2, 0, 2, 0, 0, 2, 0, 2, 0, 2, 0, 2, 2, 2, 0, 0,
                                    2, 2, 0, 0, 0, 0, 2, 2, 0, 0, 2, 2, 2, 0, 0, 2, 2, 0, 0, 2,
                                    0, 2, 2, 0, 0, 2, 2, 0, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0,
                                    2, 2, 2, 2, 2, 0, 2, 0, 0, 2, 0, 2, 0, 2, 0, 2, 2, 0, 2, 0};
    static const double zeros[] = {0, 0, 0, 0};
    double noise[] = {1, 2, 3, 2, 4, 6 + 1e-7, 0, 1, 1};
    (void)state;
    assert_int_equal(rank_of(halves, 10, 8), 6);
    assert_int_equal(rank_of(halves, 2, 8), 2);
    assert_int_equal(rank_of(zeros, 2, 2), 0);
    assert_int_equal(rank_of(noise, 3, 3), 2);
    noise[5] = 6.01;
    assert_int_equal(rank_of(noise, 3, 3), 3);
}

/* Takes each PSU with a chance of 3 in 4, and whole strata now and then. */
static void counted_ranks(void **state)
{
    static const uint32_t pairs[] = {2, 2, 2, 2, 2, 2, 2}, mixed[] = {4, 1, 3, 2, 5, 1, 2};
    (void)state;
    for (uint64_t turn = 0; turn < 600; turn++) {
        struct arena *arena = arena_new();
        enum replicate_type type = (enum replicate_type)(turn % 5);
        struct replicate_plan p = {.type = type,
                                   .rho = type == REPLICATE_FAY ? 0.3 : 0,
                                   .seed = turn,
                                   .strata = 7,
                                   .psus = type < REPLICATE_JK1 ? pairs : mixed};
        uint32_t stratum, here[7] = {0}, count = 0;
        p.replicates = type == REPLICATE_BOOTSTRAP ? 40 : 0;
        assert_null(replicate_plan_set(arena, &p, &stratum));
        double *factor = arena_array(arena, (size_t)p.total * p.replicates, sizeof *factor);
        for (uint32_t h = 0; h < p.strata; h++)
            replicate_factors(&p, h, factor + (size_t)p.first[h] * p.replicates);
        for (uint32_t h = 0; h < p.strata; h++)
            for (uint32_t i = p.first[h]; i < p.first[h + 1]; i++)
                if (random_below(turn, h, 0, 0, 3) == 0 || random_below(turn, h, i, 1, 4) > 0) {
                    memmove(factor + (size_t)count++ * p.replicates,
                            factor + (size_t)i * p.replicates, p.replicates * sizeof *factor);
                    here[h]++;
                }
        assert_int_equal(replicate_rank(&p, here), rank_of(factor, count, p.replicates));
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_ranks),
        cmocka_unit_test(counted_ranks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
