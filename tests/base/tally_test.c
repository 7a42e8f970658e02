/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tallies against sum.h, which has tests of its own: random products in any order and any split
 * over two tallies, sums beyond 64 bits, more digits than are kept; doubles on the grid by hand;
 * products of three against sum.h where they are exact, and in any order and split where some are
 * not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/product_tally.h"
#include "base/tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 3000, CELLS = 7 };

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 20;
}

static struct decimal any(uint64_t *seed, uint32_t digits, int scale)
{
    int64_t most = 1, m;
    while (digits-- > 0)
        most *= 10;
    m = (int64_t)(draw(seed) % (uint64_t)most);
    return (struct decimal){draw(seed) % 2 ? m : -m, (int8_t)(draw(seed) % (uint64_t)(scale + 1)),
                            NUMBER_EXACT};
}

static void same_as_sum(const struct tally *t, const struct sum *want)
{
    for (uint32_t c = 0; c < CELLS; c++) {
        struct sum got = tally_sum(t, c);
        char a[SUM_TEXT], b[SUM_TEXT];
        size_t n = sum_format(&got, a), m = sum_format(&want[c], b);
        assert_int_equal(n, m);
        assert_memory_equal(a, b, n);
    }
}

static void like_sums(uint32_t w_digits, uint32_t x_digits)
{
    static struct decimal w[ROWS], x[ROWS];
    static uint32_t cell[ROWS];
    struct sum want[CELLS] = {{{0}, {0}, 0, 0}};
    struct tally a = {0}, b = {0}, whole = {0};
    uint32_t map[CELLS];
    uint64_t seed = w_digits * 100 + x_digits;
    for (uint32_t i = 0; i < ROWS; i++) {
        w[i] = any(&seed, w_digits, 9);
        x[i] = any(&seed, x_digits, 9);
        cell[i] = i % 11 == 0 ? TALLY_SKIP : (uint32_t)(draw(&seed) % CELLS);
        if (cell[i] != TALLY_SKIP)
            assert_true(sum_add_product(&want[cell[i]], w[i], x[i]));
    }
    for (uint32_t c = 0; c < CELLS; c++)
        map[c] = c;
    assert_true(tally_add(&whole, CELLS, cell, ROWS, w, x));
    same_as_sum(&whole, want);
    assert_true(tally_add(&a, CELLS, cell + 1000, ROWS - 1000, w + 1000, x + 1000));
    assert_true(tally_add(&b, CELLS, cell, 1000, w, x));
    assert_true(tally_merge(&a, CELLS, map, &b, CELLS));
    same_as_sum(&a, want);
    tally_free(&a);
    tally_free(&b);
    tally_free(&whole);
}

static void random_products(void **state)
{
    (void)state;
    like_sums(3, 2);
    like_sums(9, 8);
    like_sums(11, 5);
    like_sums(13, 2);
}

/* Two tallies in rows of memory that grows: one stays, one outgrows 64 bits and leaves. */
static void lent_rows(void **state)
{
    enum { STRIDE = 3, FEW = 2 };
    static int64_t small[FEW * STRIDE], large[CELLS * STRIDE];
    const struct decimal one = {1, 0, NUMBER_EXACT}, big = {900000000000000000, 0, NUMBER_EXACT};
    struct tally a = {0}, b = {0}, own = {0};
    const uint32_t order[CELLS] = {6, 5, 4, 3, 2, 1, 0};
    (void)state;
    tally_lend(&a, small, STRIDE, FEW);
    tally_lend(&b, small + 1, STRIDE, FEW);
    for (uint32_t i = 0; i < 5; i++) {
        const uint32_t cell = i % FEW;
        assert_true(tally_add(&a, FEW, &cell, 1, &one, NULL));
        assert_true(tally_add(&b, FEW, &cell, 1, &big, NULL));
    }
    assert_int_equal(small[0], 3);
    assert_int_equal(small[STRIDE + 1], 1800000000000000000);
    memcpy(large, small, sizeof small);
    tally_lend(&a, large, STRIDE, CELLS);
    tally_lend(&b, large + 1, STRIDE, CELLS);
    for (uint32_t i = 0; i < 20; i++) {
        const uint32_t cell = i % CELLS;
        assert_true(tally_add(&a, CELLS, &cell, 1, &one, NULL));
        assert_true(tally_add(&b, CELLS, &cell, 1, &big, &big));
    }
    assert_true(b.wide && !b.stride && !a.wide);
    assert_int_equal(large[0], 6);
    assert_int_equal(large[2], 0);
    tally_copy(&own, &a);
    tally_permute(&own, order, CELLS);
    struct sum first = tally_sum(&own, 6), second = tally_sum(&b, 1);
    assert_true(sum_real(&first) == 6);
    /* 2 x 9e17 before, 3 x 81e34 after */
    assert_true(sum_real(&second) == 2430000000000000001800000000000000000.0);
    tally_free(&a);
    tally_free(&b);
    tally_free(&own);
}

/* 1e-10 x 1e-9 is beyond 18 digits: half is rounded away from zero. */
static void rounded(void **state)
{
    struct tally t = {0};
    const struct decimal w[] = {{1, 10, NUMBER_EXACT}, {1, 10, NUMBER_EXACT}};
    const struct decimal x[] = {{5, 9, NUMBER_EXACT}, {4, 9, NUMBER_EXACT}};
    const uint32_t cell[] = {0, 1};
    (void)state;
    assert_true(tally_add(&t, 2, cell, 2, w, x));
    struct sum a = tally_sum(&t, 0), b = tally_sum(&t, 1);
    assert_true(sum_real(&a) == 1e-18);
    assert_true(sum_is_zero(&b));
    tally_free(&t);
}

static void too_wide(void **state)
{
    struct tally t = {0};
    const struct decimal big = {999999999999999999, 0, NUMBER_EXACT}, fine = {1, 18, NUMBER_EXACT};
    const uint32_t cell = 0;
    (void)state;
    assert_true(tally_add(&t, 1, &cell, 1, &big, &big));
    assert_false(tally_add(&t, 1, &cell, 1, &fine, NULL));
    tally_free(&t);
}

static void doubles(void **state)
{
    static const double value[] = {1e20, 0.1, -1e20, 0.25, -0.35, 1e-30, -3};
    static const uint32_t cell[] = {0, 0, 0, 0, 0, 1, 1};
    struct grid_tally t = {0};
    const double beyond = 1e60;
    (void)state;
    assert_true(grid_tally_add(&t, 2, cell, 7, value));
    /* 0.1 and 0.35 are not those decimals: what is left is exact. */
    assert_true(grid_real(&t, 0) == (0.1 + 0.25 == 0.35 ? 0.1 - 0.35 + 0.25 : 0.1 - (0.35 - 0.25)));
    assert_true(grid_real(&t, 1) == -3);
    /* Carries and borrows run through all four words. */
    static const double run[] = {-0x1p-120, 0x1p-120, -0x1p60, 0x1p60, 0x1p-56, -0x1p-120, 0x1p120};
    static const uint32_t third[] = {2, 2, 2, 2, 2, 2, 2};
    static const uint32_t same[] = {0, 1, 2};
    assert_true(grid_tally_add(&t, 3, third, 6, run));
    grid_tally_permute(&t, same, 3); /* from windows to words */
    assert_true(t.sum[2].word[0] == UINT64_MAX && t.sum[2].word[1] == 0 && t.sum[2].word[3] == 0);
    assert_true(grid_tally_add(&t, 3, third, 7, run));
    assert_true(grid_real(&t, 2) == 0x1p120 && t.sum[2].word[0] == UINT64_MAX - 1);
    assert_false(grid_tally_add(&t, 2, cell, 1, &beyond));
    grid_tally_free(&t);
}

/* Cells in windows alone, the same in windows and words, and both merged. */
static void windows(void **state)
{
    enum { MANY_ROWS = 1000 };
    struct grid_tally few = {0}, many = {0}, both = {0};
    static const uint32_t map[] = {1, 0}, same[] = {0, 1};
    uint32_t cell[MANY_ROWS];
    double value[MANY_ROWS], exact = 0;
    const double far = 0x1p70, back = -far;
    (void)state;
    for (uint32_t i = 0; i < MANY_ROWS; i++) {
        cell[i] = i % 3 == 2 ? TALLY_SKIP : i % 3;
        value[i] = ldexp(i % 2 ? 3.0 : -1.0, (int)(i % 37) - 20);
        exact += i % 3 == 1 ? value[i] : 0; /* all are multiples of 2^-20 below 2^33 */
    }
    assert_true(grid_tally_add(&few, 2, cell, MANY_ROWS, value));
    assert_true(
        grid_tally_add(&many, 100000, cell, 1, &far)); /* the others are not in its window */
    assert_true(grid_tally_add(&many, 100000, cell, MANY_ROWS, value));
    assert_true(grid_tally_add(&many, 100000, cell, 1, &back));
    assert_true(few.window && many.window && many.sum && many.others);
    assert_true(grid_real(&few, 1) == exact && grid_real(&many, 1) == exact);
    assert_true(grid_real(&few, 0) == grid_real(&many, 0));
    grid_tally_merge(&both, 2, same, &few, 2);
    grid_tally_merge(&both, 2, map, &few, 2);
    assert_true(grid_real(&both, 0) == grid_real(&few, 0) + exact);
    assert_true(grid_difference(&both, &many, 0) == exact);
    assert_true(grid_difference(&few, &both, 0) == -exact);
    grid_tally_free(&few);
    grid_tally_free(&many);
    grid_tally_free(&both);
}

/* Two tallies beside each other in lent memory; what would overflow is taken back. */
static void at_once(void **state)
{
    struct decimal w[] = {{15, 1, NUMBER_EXACT}, {2, 0, NUMBER_EXACT}, {-25, 2, NUMBER_EXACT}};
    struct decimal x[] = {{7, 0, NUMBER_EXACT}, {3, 0, NUMBER_EXACT}, {10, 0, NUMBER_EXACT}};
    const uint32_t cell[] = {1, TALLY_SKIP, 1};
    int64_t row[4] = {0}, value[6], scratch[3], out[6] = {0};
    struct scaled a, b;
    const struct tally_rows both = {out, 2, 2};
    struct tally t = {.stride = 2, .scale = 3}, fine = {.stride = 2};
    (void)state;
    a = decimals_scale(w, decimals_range(w, 3), 3, value);
    b = decimals_scale(x, decimals_range(x, 3), 3, scratch);
    int64_t of[3];
    memcpy(of, value, sizeof of);
    a.value = of;
    assert_false(tally_values(&fine, &a, &b, 3, out, 2)); /* two digits more than it has */
    assert_true(tally_values(&t, &a, &b, 3, out, 2));
    assert_true(tally_values(&t, &a, NULL, 3, out + 1, 2));
    assert_true(tally_add_values(row, 2, cell, 3, &both));
    assert_true(row[0] == 0 && row[1] == 0 && row[2] == 10500 - 2500 && row[3] == 1500 - 250);
    row[3] = INT64_MAX - 1000;
    assert_false(tally_add_values(row, 2, cell, 3, &both));
    assert_true(row[2] == 8000 && row[3] == INT64_MAX - 1000);
}

/* Rows from[0] .. from[rows - 1] of three columns, at once. */
static void add_triples(struct product_tally *t, const struct decimal (*column)[ROWS],
                        const uint32_t *cell, const uint32_t *from, uint32_t rows)
{
    static struct decimal some[3][ROWS];
    static int64_t value[3][ROWS];
    uint32_t to[ROWS];
    struct scaled scaled[3];
    struct factor factor[3];
    for (uint32_t i = 0; i < rows; i++)
        to[i] = cell[from[i]];
    for (uint32_t k = 0; k < 3; k++) {
        for (uint32_t i = 0; i < rows; i++)
            some[k][i] = column[k][from[i]];
        scaled[k] = decimals_scale(some[k], decimals_range(some[k], rows), rows, value[k]);
        factor[k] = (struct factor){some[k], &scaled[k]};
    }
    assert_true(product_tally_add(t, CELLS, to, rows, factor, 3));
}

/* Whether some rows have up to `odd` digits: those are not exact. */
static void triples(uint32_t digits, uint32_t odd)
{
    static struct decimal column[3][ROWS];
    static uint32_t cell[ROWS], row[ROWS], back[ROWS];
    struct product_tally whole = {0}, single = {0}, first = {0}, rest = {0};
    struct sum want[CELLS] = {{{0}, {0}, 0, 0}};
    uint32_t map[CELLS];
    uint64_t seed = digits * 100 + odd;
    for (uint32_t i = 0; i < ROWS; i++) {
        for (uint32_t k = 0; k < 3; k++)
            column[k][i] = any(&seed, odd && i % 5 == 0 ? odd : digits, 4);
        cell[i] = i % 11 == 0 ? TALLY_SKIP : (uint32_t)(draw(&seed) % CELLS);
        struct decimal two = decimal_multiply(column[0][i], column[1][i]);
        if (cell[i] != TALLY_SKIP && two.kind == NUMBER_EXACT)
            assert_true(sum_add_product(&want[cell[i]], two, column[2][i]));
        row[i] = i;
        back[i] = ROWS - 1 - i;
    }
    for (uint32_t c = 0; c < CELLS; c++)
        map[c] = CELLS - 1 - c;
    add_triples(&whole, (const struct decimal(*)[ROWS])column, cell, row, ROWS);
    for (uint32_t i = 0; i < ROWS; i++)
        add_triples(&single, (const struct decimal(*)[ROWS])column, cell, back + i, 1);
    add_triples(&first, (const struct decimal(*)[ROWS])column, cell, back, ROWS / 3);
    add_triples(&rest, (const struct decimal(*)[ROWS])column, cell, back + ROWS / 3,
                ROWS - ROWS / 3);
    product_tally_permute(&first, map, CELLS);
    product_tally_merge(&rest, CELLS, map, &first, CELLS);
    for (uint32_t c = 0; c < CELLS; c++) {
        assert_true(odd || product_real(&whole, c) == sum_real(&want[c]));
        assert_true(product_real(&single, c) == product_real(&whole, c));
        assert_true(product_real(&rest, c) == product_real(&whole, c));
        assert_true(product_difference(&whole, &rest, c) == 0.0);
    }
    product_tally_free(&whole);
    product_tally_free(&single);
    product_tally_free(&first);
    product_tally_free(&rest);
}

static void products(void **state)
{
    (void)state;
    triples(1, 0);
    triples(5, 0);
    triples(6, 8);
    triples(6, 13);
    triples(3, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_products), cmocka_unit_test(lent_rows), cmocka_unit_test(rounded),
        cmocka_unit_test(too_wide),        cmocka_unit_test(doubles),   cmocka_unit_test(windows),
        cmocka_unit_test(at_once),         cmocka_unit_test(products),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
