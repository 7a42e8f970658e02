/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Philox4x32-10 against the known answers that its authors publish with Random123 (kat_vectors),
 * and draws below a bound: even, and the same by themselves as in any order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stat/random.h"

#include <math.h>

struct known {
    uint32_t counter[4], key[2], out[4];
};

static void known_answers(void **state)
{
    static const struct known known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t out[4];
        random_philox(known[i].counter, known[i].key, out);
        assert_memory_equal(out, known[i].out, sizeof out);
    }
}

static void is_even(void **state)
{
    enum { DRAWS = 70000, BELOW = 7 };
    uint32_t count[BELOW] = {0};
    double chi = 0;
    (void)state;
    for (uint32_t i = 0; i < DRAWS; i++)
        count[random_below(42, 3, i % 10, i, BELOW)]++;
    for (int k = 0; k < BELOW; k++)
        chi += pow(count[k] - DRAWS / (double)BELOW, 2) / (DRAWS / (double)BELOW);
    assert_true(chi < 22.46); /* 0.1 % point of chi-square, 6 degrees of freedom */
}

static void is_a_function(void **state)
{
    (void)state;
    assert_int_equal(random_bits(1, 2, 3, 4), random_bits(1, 2, 3, 4));
    assert_int_not_equal(random_bits(1, 2, 3, 4), random_bits(2, 2, 3, 4));
    assert_int_not_equal(random_bits(1, 2, 3, 4), random_bits(1, 3, 3, 4));
    assert_int_not_equal(random_bits(1, 2, 3, 4), random_bits(1, 2, 4, 4));
    assert_int_not_equal(random_bits(1, 2, 3, 4), random_bits(1, 2, 3, 5));
    assert_int_equal(random_below(9, 9, 9, 9, 1), 0);
    for (uint64_t i = 0; i < 1000; i++) {
        double u = random_unit(7, 0, 0, i);
        assert_true(u > 0 && u < 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(is_even),
        cmocka_unit_test(is_a_function),
    };
    return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
