/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums that leave 18 digits; expected values from Python's decimal and float. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/amount.h"

static struct amount parse(const char *text)
{
    struct amount a;
    assert_true(amount_parse(text_of(text), &a));
    return a;
}

static void check_text(struct text t, const char *expected)
{
    assert_int_equal(t.len, strlen(expected));
    assert_memory_equal(t.at, expected, t.len);
}

static void test_exact(void **state)
{
    struct arena *a = *state;
    check_text(amount_text(a, amount_add(parse("0.1"), parse("0.2")), AMOUNT_FULL), "0.3");
    check_text(amount_text(a, amount_subtract(parse("1"), parse("1.50")), AMOUNT_FULL), "-0.5");
    check_text(amount_text(a, parse("2.675"), 2), "2.68");
    check_text(amount_text(a, parse("-2.5"), 0), "-3");
    check_text(amount_quotient(a, parse("1094"), parse("5"), 1, AMOUNT_FULL), "218.8");
    check_text(amount_quotient(a, parse("1"), parse("7"), 250, 3), "35.714"); /* 250 / 7 */
    check_text(amount_quotient(a, parse("719"), parse("36471769"), 100000, 2), "1.97");
}

static void test_wide(void **state)
{
    struct arena *a = *state;
    struct amount big = parse("123456789012345678901");
    assert_int_equal(big.exact.kind, NUMBER_WIDE);
    check_text(amount_quotient(a, big, parse("123456789012345678901"), 100, 1), "100");
    assert_true(amount_equal(big, parse("123456789012345678901")));
    assert_false(amount_equal(big, parse("1")));
    struct amount over = amount_add(parse("999999999999999999"), parse("999999999999999999"));
    assert_int_equal(over.exact.kind, NUMBER_WIDE);
    check_text(amount_quotient(a, over, parse("2"), 1, 0), "1e+18");
}

static void test_kinds(void **state)
{
    (void)state;
    struct amount a;
    assert_false(amount_parse(TEXT("1,5"), &a));
    assert_int_equal(parse("").exact.kind, NUMBER_MISSING);
    assert_true(amount_equal(parse("5"), parse("5.00")));
    assert_int_equal(amount_sign(parse("-0.01")), -1);
    assert_int_equal(amount_sign(parse("0.00")), 0);
}

static int set_up(void **state)
{
    *state = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_wide),
        cmocka_unit_test(test_kinds),
    };
    return cmocka_run_group_tests_name("base/amount", tests, set_up, tear_down);
}
