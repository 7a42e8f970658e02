/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs against a plain square of numbers: dense ones, and few among many, which become hashed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "table/pair_index.h"

#include <stdlib.h>

enum { SIDE = 1500 };

static void same_as_square(uint32_t finds, uint32_t stretch)
{
    uint32_t *square = calloc((size_t)SIDE * SIDE, sizeof *square), count = 0;
    struct pair_index *x = pair_index_new();
    uint64_t seed = finds;
    assert_non_null(square);
    for (uint32_t i = 0; i < finds; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        uint32_t a = (uint32_t)(seed >> 33) % SIDE, b = (uint32_t)(seed >> 13) % SIDE;
        uint32_t *known = &square[(size_t)a * SIDE + b];
        pair_index_ask(x, a, b * stretch);
        uint32_t got = pair_index_find(x, a, b * stretch, count);
        assert_int_equal(got, *known ? *known - 1 : count);
        if (!*known)
            *known = ++count;
    }
    pair_index_free(x);
    free(square);
}

static void dense(void **state)
{
    (void)state;
    same_as_square(3000000, 1);
}

static void sparse(void **state)
{
    (void)state;
    same_as_square(20000, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(dense), cmocka_unit_test(sparse)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
