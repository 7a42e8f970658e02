/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sums of batches against sum.h, which has tests of its own: batches of everyday numbers between
 * batches of any size and scale, with missing ones, so that quick sums are settled, passed over and
 * begun at another scale; split over two and merged.
 */
#include "check.h"

#include "base/sum_rows.h"

enum { ROWS = 60, GROUPS = 9, BATCHES = 400 };

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static struct decimal any(uint64_t *seed, uint32_t digits, uint32_t scale)
{
    uint64_t most = 1;
    for (; digits > 0; digits--)
        most *= 10;
    int64_t m = (int64_t)((draw(seed) << 31 ^ draw(seed)) % most);
    if (draw(seed) % 16 == 0)
        return decimal_missing();
    return (struct decimal){draw(seed) % 2 ? m : -m, (int8_t)(draw(seed) % (scale + 1)),
                            NUMBER_EXACT};
}

struct batch_of_test {
    uint32_t group[ROWS];
    struct decimal x[ROWS], w[ROWS];
    int64_t value[2][ROWS];
    struct scaled scaled[2];
};

static struct scaled scale(const struct decimal *d, int64_t *value)
{
    return decimals_scale(d, decimals_range(d, ROWS), ROWS, value);
}

/* Sizes from everyday to 18 digits, by the number of the batch. */
static void make_batch(struct batch_of_test *b, uint64_t *seed, int number)
{
    static const uint32_t digits[] = {3, 5, 6, 7, 9, 15, 18}, scales[] = {0, 2, 3, 3, 4, 9, 18};
    uint32_t size = number % 5 ? (uint32_t)(number % 4) : (uint32_t)draw(seed) % 7;
    for (int i = 0; i < ROWS; i++) {
        b->group[i] = (uint32_t)draw(seed) % GROUPS;
        b->x[i] = any(seed, digits[size], scales[size]);
        b->w[i] = any(seed, digits[size], scales[size]);
    }
    b->scaled[0] = scale(b->x, b->value[0]);
    b->scaled[1] = scale(b->w, b->value[1]);
}

static void add_plainly(struct sum *sum, const struct batch_of_test *b, bool product)
{
    for (int i = 0; i < ROWS; i++) {
        struct sum *s = &sum[b->group[i]];
        if (b->x[i].kind != NUMBER_EXACT || b->w[i].kind != NUMBER_EXACT)
            continue;
        assert_true(product ? sum_add_product(s, b->x[i], b->w[i]) : sum_add(s, b->x[i]));
    }
}

static void check_groups(struct sum_rows *got, const struct sum *want)
{
    for (uint32_t g = 0; g < GROUPS; g++) {
        struct sum s = sum_rows_get(got, g);
        char a[SUM_TEXT + 1], b[SUM_TEXT + 1];
        b[sum_format(&want[g], b)] = '\0';
        check_text(a, sum_format(&s, a), b);
        assert_int_equal(s.count, want[g].count);
    }
}

static void test_rows(void **state)
{
    static const uint32_t as_they_are[GROUPS] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    (void)state;
    for (int product = 0; product < 2; product++) {
        for (uint64_t seed = 1, turn = 0; turn < 20; turn++) {
            struct sum_rows part[2] = {{0}};
            struct sum want[GROUPS] = {{.count = 0}};
            for (int k = 0; k < BATCHES; k++) {
                struct batch_of_test b;
                make_batch(&b, &seed, k);
                struct sum_batch rows = {b.group,      b.x,  b.w,         &b.scaled[0],
                                         &b.scaled[1], ROWS, product != 0};
                assert_int_equal(sum_rows_add(&part[draw(&seed) % 2], GROUPS, &rows), ROWS);
                add_plainly(want, &b, product != 0);
            }
            assert_true(sum_rows_merge(&part[0], &part[1], as_they_are, GROUPS, GROUPS));
            check_groups(&part[0], want);
            sum_rows_free(&part[0]);
            sum_rows_free(&part[1]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
