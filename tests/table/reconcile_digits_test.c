/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Slips of digits: the expected kinds are the diagnoses that tests/data/contradictions.csv and the
 * notes of data/sources give of the very numbers; rounding is worked out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "table/reconcile_digits.h"

static struct decimal number(const char *text)
{
    struct decimal d = decimal_parse(text_of(text));
    assert_int_equal(d.kind, NUMBER_EXACT);
    return d;
}

static void slips_are_told_apart(void **state)
{
    static const struct {
        const char *a, *b;
        enum slip slip;
    } cases[] = {
        {"27649", "27449", SLIP_ONE_DIGIT},
        {"27649", "26649", SLIP_ONE_DIGIT},
        {"83.53", "85.53", SLIP_ONE_DIGIT},
        {"24.15", "24.45", SLIP_ONE_DIGIT},
        {"174", "147", SLIP_PERMUTED},
        {"3400", "4300", SLIP_PERMUTED},
        {"143", "134", SLIP_PERMUTED},
        {"8.35", "35.8", SLIP_REVERSED},
        {"24000", "2400", SLIP_TENFOLD},
        {"83.53", "8.353", SLIP_TENFOLD},
        {"27130", "27332", SLIP_NONE},
        {"27649", "27649", SLIP_NONE},
        {"59", "56", SLIP_NONE},
        {"56", "65", SLIP_NONE},
        {"19.21", "19.2", SLIP_NONE},
        {"1508", "5608", SLIP_NONE},
        {"9", "90", SLIP_NONE},
        {"12.3", "45.6", SLIP_NONE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct decimal a = number(cases[i].a), b = number(cases[i].b);
        if (slip_between(a, b) != cases[i].slip || slip_between(b, a) != cases[i].slip)
            fail_msg("%s %s: %d", cases[i].a, cases[i].b, (int)slip_between(a, b));
    }
}

static void rounding_is_to_the_last_digit_that_counts(void **state)
{
    (void)state;
    assert_true(rounds_to(number("27649"), number("28000")));
    assert_true(rounds_to(number("88761"), number("89000")));
    assert_true(rounds_to(number("65.55"), number("65"))); /* cut off */
    assert_false(rounds_to(number("23096"), number("25000")));
    assert_false(rounds_to(number("74"), number("80")));
    assert_int_equal(digits_significant(number("28000")), 2);
    assert_int_equal(digits_significant(number("0.50")), 1);
    assert_int_equal(decimal_compare(decimal_step(number("28400")), number("100")), 0);
    assert_int_equal(decimal_compare(decimal_step(number("83.53")), number("0.01")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slips_are_told_apart),
        cmocka_unit_test(rounding_is_to_the_last_digit_that_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
