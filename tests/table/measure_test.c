/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Measures: exact sums, extremes by value, quantiles by definition 2 of Hyndman & Fan (1996).
 *
 * Quantiles of 1..10 are those of R's quantile(type = 2); sums were
 * added by hand or by Python's decimal.  Groups, margins
 * and quantiles with weights are compared with R in tests/oracle.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "table/measure.h"

/* A batch of columns x and w from two lists of cells, parted by spaces (`-`: missing). */
static struct batch *batch_of(struct arena *a, const char *x, const char *w)
{
    struct schema *schema = schema_new(a);
    struct text list, cell;
    uint32_t rows = 0;
    schema_add(schema, TEXT("x"));
    schema_add(schema, TEXT("w"));
    for (list = text_of(x); text_next(&list, ' ', &cell);)
        rows++;
    struct batch *b = batch_new(a, schema, rows);
    for (uint32_t c = 0; c < 2; c++) {
        struct text *to = batch_new_text(b, c);
        list = text_of(c ? w : x);
        for (uint32_t i = 0; i < rows && text_next(&list, ' ', &cell); i++)
            to[i] = text_equal(cell, TEXT("-")) ? TEXT("") : cell;
    }
    return b;
}

static void check(enum measure_kind kind, const char *p, const char *x, const char *w,
                  const char *expected)
{
    struct arena *a = arena_new();
    struct batch *b = batch_of(a, x, w ? w : x);
    uint32_t *group = arena_zarray(a, b->rows, sizeof *group);
    struct measure *m = measure_new(kind, 0, w ? 1 : NO_COLUMN, decimal_parse(text_of(p)));
    struct measure_fault f;
    assert_true(measure_add(m, b, group, 1, false, &f));
    struct text got = measure_text(m, 0, a);
    if (!text_equal(got, text_of(expected)))
        fail_msg("kind %d, p %s of %s (%s): %.*s, not %s", (int)kind, p, x, w ? w : "",
                 (int)got.len, got.at, expected);
    measure_free(m);
    arena_free(a);
}

static void test_plain(void **state)
{
    (void)state;
    check(MEASURE_SUM, "0", "0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1", NULL, "1");
    check(MEASURE_SUM, "0", "1e17 1 -1e17 0.000000000000000001", NULL, "1.000000000000000001");
    check(MEASURE_SUM, "0", "999999999999999999 999999999999999999", NULL, "1999999999999999998");
    check(MEASURE_SUM, "0", "- - -", NULL, "");
    check(MEASURE_SUM, "0", "5 -5", NULL, "0");
    check(MEASURE_SUM, "0", "1.5 2 -", "2 3.25 7", "9.5");
    check(MEASURE_SUM, "0", "1.5 2 4", "2 - 0", "3");
    check(MEASURE_SUM, "0", "123456789012345678 1", "0.123456789012345678 1",
          "15241578753238837.527968299765279684");
    check(MEASURE_MEAN, "0", "1 2 4", NULL, "2.3333333333333335");
    check(MEASURE_MEAN, "0", "0.1 0.2 0.3", NULL, "0.2");
    check(MEASURE_MEAN, "0", "1 2 - 9", "1 3 5 0", "1.75");
    check(MEASURE_MEAN, "0", "1 2", "0 0", "");
    check(MEASURE_MEAN, "0", "-", NULL, "");
    check(MEASURE_MIN, "0", "10 9 1e1 -0.5 - -0.50", NULL, "-0.5");
    check(MEASURE_MAX, "0", "9 10 1e1 9.99", NULL, "10");
    check(MEASURE_MAX, "0", "- -", NULL, "");
    check(MEASURE_COUNT, "0", "a - b b", NULL, "3");
    check(MEASURE_MISSING, "0", "a - b b -", NULL, "2");
    check(MEASURE_DISTINCT, "0", "a b a - 1 1.0", NULL, "4");
}

static void test_quantiles(void **state)
{
    static const char *const ten = "3 1 10 2 9 4 8 5 7 6";
    (void)state;
    check(MEASURE_QUANTILE, "0", ten, NULL, "1");
    check(MEASURE_QUANTILE, "0.1", ten, NULL, "1.5");
    check(MEASURE_QUANTILE, "0.25", ten, NULL, "3");
    check(MEASURE_QUANTILE, "0.5", ten, NULL, "5.5");
    check(MEASURE_QUANTILE, "0.501", ten, NULL, "6");
    check(MEASURE_QUANTILE, "1", ten, NULL, "10");
    check(MEASURE_QUANTILE, "0.5", "7", NULL, "7");
    check(MEASURE_QUANTILE, "0.5", "- -", NULL, "");
    check(MEASURE_QUANTILE, "0.5", "1 2", NULL, "1.5");
    check(MEASURE_QUANTILE, "0.3", "0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1", NULL, "0.35");
    check(MEASURE_QUANTILE, "0.5", "1 2 3", "1 1 2", "2.5");
    check(MEASURE_QUANTILE, "0.5", "1 2 3", "0.1 0.2 0.3", "2.5"); /* as doubles 0.1+0.2 > 0.3 */
    check(MEASURE_QUANTILE, "0.5", "1 2 3 9", "1 0 1 0", "2");
    check(MEASURE_QUANTILE, "0.5", "1 2", "0 0", "");
    check(MEASURE_QUANTILE, "0.5", "1 999999999999999999 999999999999999997 0.5", NULL,
          "499999999999999999");
}

static void check_fault(enum measure_kind kind, const char *x, const char *w, bool refuse_missing,
                        uint32_t row, uint32_t column)
{
    struct arena *a = arena_new();
    struct batch *b = batch_of(a, x, w ? w : x);
    uint32_t *group = arena_zarray(a, b->rows, sizeof *group);
    struct measure *m = measure_new(kind, 0, w ? 1 : NO_COLUMN, decimal_of(1));
    struct measure_fault f = {99, 99, NULL, 0};
    assert_false(measure_add(m, b, group, 1, refuse_missing, &f));
    assert_int_equal(f.row, row);
    assert_int_equal(f.column, column);
    assert_int_equal(f.code, EX_DATAERR);
    measure_free(m);
    arena_free(a);
}

static void test_faults(void **state)
{
    (void)state;
    check_fault(MEASURE_SUM, "1 - x 4", NULL, false, 2, 0);
    check_fault(MEASURE_SUM, "1 - x 4", NULL, true, 1, 0);
    check_fault(MEASURE_SUM, "1 2 3", "1 1,5 2", false, 1, 1);
    check_fault(MEASURE_MEAN, "1 2 3", "1 - 2", true, 1, 1);
    check_fault(MEASURE_SUM, "1 1234567890123456789", NULL, false, 1, 0);
    check_fault(MEASURE_SUM, "1 nan", NULL, false, 1, 0);
    check_fault(MEASURE_MIN, "1 inf", NULL, false, 1, 0);
    check_fault(MEASURE_QUANTILE, "1 2", "1 -1", false, 1, 1);
    check_fault(MEASURE_COUNT, "1 -", NULL, true, 1, 0);
    check_fault(MEASURE_SUM, "- -", "- x", false, 1, 1);
}

/* Batches in any cut, and folding of groups, give what one batch gives. */
static void test_fold(void **state)
{
    static const struct {
        enum measure_kind kind;
        const char *total;
    } of[] = {{MEASURE_COUNT, "6"},    {MEASURE_MISSING, "0"},
              {MEASURE_SUM, "20.5"},   {MEASURE_MIN, "-1"},
              {MEASURE_MAX, "10"},     {MEASURE_MEAN, "3.4166666666666665"},
              {MEASURE_DISTINCT, "5"}, {MEASURE_QUANTILE, "2.5"}};
    (void)state;
    for (size_t k = 0; k < sizeof of / sizeof *of; k++) {
        struct arena *a = arena_new();
        struct measure *m =
            measure_new(of[k].kind, 0, NO_COLUMN, (struct decimal){5, 1, NUMBER_EXACT});
        const uint32_t first[] = {0, 1, 0}, second[] = {2, 1, 2}, into[] = {3, 3, 3};
        struct measure_fault f;
        assert_true(measure_add(m, batch_of(a, "10 2 -1", ""), first, 2, false, &f));
        assert_true(measure_add(m, batch_of(a, "3 2 4.5", ""), second, 3, false, &f));
        assert_true(measure_fold(m, into, 3, 4));
        struct text got = measure_text(m, 3, a);
        if (!text_equal(got, text_of(of[k].total)))
            fail_msg("kind %d: %.*s, not %s", (int)of[k].kind, (int)got.len, got.at, of[k].total);
        assert_true(of[k].kind != MEASURE_COUNT || text_equal(measure_text(m, 1, a), TEXT("2")));
        measure_free(m);
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_quantiles),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_fold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
