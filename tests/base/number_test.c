/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"

#include <math.h>
#include <stdlib.h>

#include "base/number.h"
#include "number_vectors.h"

static struct decimal exact(const char *text)
{
    struct decimal d = decimal_parse(text_of(text));
    assert_int_equal(d.kind, NUMBER_EXACT);
    return d;
}

static void check_decimal(struct decimal d, const char *expected)
{
    char out[DECIMAL_TEXT + 1];
    assert_int_equal(d.kind, expected ? NUMBER_EXACT : NUMBER_WIDE);
    check_text(out, decimal_format(d, out), expected ? expected : "");
}

/* The sign of zero counts too. */
static void check_real(double real, double expected)
{
    uint64_t a, b;
    memcpy(&a, &real, sizeof a);
    memcpy(&b, &expected, sizeof b);
    assert_int_equal(a, b);
}

static void test_parse_kinds(void **state)
{
    static const struct {
        const char *text;
        int64_t mantissa;
        int scale, kind;
    } cases[] = {
        {"0", 0, 0, NUMBER_EXACT},
        {"-0", 0, 0, NUMBER_EXACT},
        {"7", 7, 0, NUMBER_EXACT},
        {"-7", -7, 0, NUMBER_EXACT},
        {"+7", 7, 0, NUMBER_EXACT},
        {"007", 7, 0, NUMBER_EXACT},
        {"1.50", 150, 2, NUMBER_EXACT},
        {"-1.5", -15, 1, NUMBER_EXACT},
        {"0.000", 0, 3, NUMBER_EXACT},
        {"1.5e3", 1500, 0, NUMBER_EXACT},
        {"1.5E+3", 1500, 0, NUMBER_EXACT},
        {"15e-3", 15, 3, NUMBER_EXACT},
        {"10e-19", 1, 18, NUMBER_EXACT},
        {"1e-18", 1, 18, NUMBER_EXACT},
        {"1e17", 100000000000000000, 0, NUMBER_EXACT},
        {"0e99999999999999999999", 0, 0, NUMBER_EXACT},
        {"999999999999999999", 999999999999999999, 0, NUMBER_EXACT},
        {"-999999999999999999", -999999999999999999, 0, NUMBER_EXACT},
        {"0.999999999999999999", 999999999999999999, 18, NUMBER_EXACT},
        {"0.9999999999999999990000000000", 999999999999999999, 18, NUMBER_EXACT},
        {"00000000000000000000000000000000001.5", 15, 1, NUMBER_EXACT},
        {"1.00000000000000000000000000000000", 1, 0, NUMBER_EXACT},
        {"0.0000000000000000000000000000001e30", 1, 1, NUMBER_EXACT},
        {"1000000000000000000", 0, 0, NUMBER_WIDE},
        {"1e18", 0, 0, NUMBER_WIDE},
        {"18446744073709551617", 0, 0, NUMBER_WIDE}, /* 2^64 + 1 */
        {"1e-19", 0, 0, NUMBER_WIDE},
        {"1234567890123456789", 0, 0, NUMBER_WIDE},
        {"0.1234567890123456789", 0, 0, NUMBER_WIDE},
        {"1e308", 0, 0, NUMBER_WIDE},
        {"1e-400", 0, 0, NUMBER_WIDE},
        {"1e309", 0, 0, NUMBER_BAD},
        {"-1.7976931348623159e308", 0, 0, NUMBER_BAD},
        {"1e99999999999999999999", 0, 0, NUMBER_BAD},
        {"", 0, 0, NUMBER_MISSING},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct decimal d = decimal_parse(text_of(cases[i].text));
        assert_int_equal(d.kind, cases[i].kind);
        assert_int_equal(d.mantissa, cases[i].mantissa);
        assert_int_equal(d.scale, cases[i].scale);
    }
}

static void test_parse_bad(void **state)
{
    static const char *const bad[] = {
        "1,5",
        " 1",
        "1 ",
        "0x1",
        "nan",
        "inf",
        "-inf",
        ".",
        ".5",
        "1.",
        "1.e5",
        "-",
        "+",
        "--1",
        "+-1",
        "e5",
        "1e",
        "1e+",
        "1e5.0",
        "1e 5",
        "1_000",
        "1 000",
        "1.2.3",
        "1e5e5",
        "\xd9\xa1",
        "12a",
        "a",
        "123456789012345678901234567890x",
        "0.12345678901234567890,",
        "1/2",
        "1:",
        "c",
        "5%",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        double real;
        assert_int_equal(decimal_parse(text_of(bad[i])).kind, NUMBER_BAD);
        assert_false(real_parse(text_of(bad[i]), &real));
    }
    assert_int_equal(decimal_parse((struct text){"1\0002", 3}).kind, NUMBER_BAD);
}

/* Only the bytes of the cell are read: a digit that follows it is not its own. */
static void test_parse_bounds(void **state)
{
    double real;
    (void)state;
    assert_int_equal(decimal_parse((struct text){"12345", 3}).mantissa, 123);
    assert_true(real_parse((struct text){"1e205", 4}, &real));
    assert_true(real == 1e20);
    char *cell = malloc(22);
    assert_non_null(cell);
    memcpy(cell, "1234567890123456789012", 22);
    assert_true(real_parse((struct text){cell, 22}, &real));
    free(cell);
    assert_true(real == 1234567890123456789012.0);
}

static void test_canonical(void **state)
{
    static const char *const cases[][2] = {
        {"1.50", "1.5"},     {"-0", "0"},
        {"-0.00", "0"},      {"007", "7"},
        {"100", "100"},      {"10.0", "10"},
        {"-0.50", "-0.5"},   {"+3", "3"},
        {"1e3", "1000"},     {"1e-18", "0.000000000000000001"},
        {"0.10", "0.1"},     {"-999999999999999999", "-999999999999999999"},
        {"0.050", "0.05"},   {"-0.999999999999999999", "-0.999999999999999999"},
        {"12.340", "12.34"},
    };
    char out[DECIMAL_TEXT];
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        check_decimal(exact(cases[i][0]), cases[i][1]);
    assert_int_equal(decimal_format(decimal_missing(), out), 0);
}

static void test_of(void **state)
{
    (void)state;
    check_decimal(decimal_of(-42), "-42");
    check_decimal(decimal_of(999999999999999999), "999999999999999999");
    check_decimal(decimal_of(1000000000000000000), NULL);
    check_decimal(decimal_of(INT64_MIN), NULL);
}

static void test_real_parse(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(real_parses); i++) {
        double real;
        assert_true(real_parse(text_of(real_parses[i].text), &real));
        assert_true(real == real_parses[i].real);
        struct decimal d = decimal_parse(text_of(real_parses[i].text));
        if (d.kind == NUMBER_EXACT)
            assert_true(decimal_real(d) == real_parses[i].real);
    }
    double untouched = 1;
    assert_false(real_parse(text_of(""), &untouched));
}

static void test_real_format(void **state)
{
    char out[REAL_TEXT + 1];
    (void)state;
    for (size_t i = 0; i < COUNT(real_texts); i++) {
        double real = real_texts[i].real, back;
        size_t length = real_format(real, out);
        check_text(out, length, real_texts[i].text);
        assert_true(real_parse((struct text){out, (uint32_t)length}, &back));
        assert_true(back == real);
    }
    assert_int_equal(real_format((double)NAN, out), 0);
    assert_int_equal(real_format((double)INFINITY, out), 0);
    assert_int_equal(real_format(-(double)INFINITY, out), 0);
}

static void test_decimal_round(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(decimal_rounds); i++)
        check_decimal(decimal_round(exact(decimal_rounds[i].text), decimal_rounds[i].digits),
                      decimal_rounds[i].rounded);
    check_decimal(decimal_round(exact("999999999999999999"), -18), NULL);
    check_decimal(decimal_round(exact("499999999999999999"), -18), "0");
    check_decimal(decimal_round(exact("5"), -19), "0");
    check_decimal(decimal_round(exact("5"), -2000000000), "0");
    check_decimal(decimal_round(exact("5.5"), 2000000000), "5.5");
    assert_int_equal(decimal_round(decimal_missing(), 0).kind, NUMBER_MISSING);
}

static void test_real_round(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(real_rounds); i++)
        check_real(real_round(real_rounds[i].real, real_rounds[i].digits), real_rounds[i].rounded);
    check_real(real_round(1.7976931348623157e308, -308), 1.7976931348623157e308);
    check_real(real_round(1.5, -2000000000), 0);
    assert_true(isnan(real_round((double)NAN, 2)));
}

static void test_arithmetic(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(arithmetic); i++) {
        struct decimal a = exact(arithmetic[i].a), b = exact(arithmetic[i].b);
        int order = decimal_compare(a, b);
        assert_int_equal((order > 0) - (order < 0), arithmetic[i].order);
        check_decimal(decimal_add(a, b), arithmetic[i].sum);
        check_decimal(decimal_subtract(a, b), arithmetic[i].difference);
        check_decimal(decimal_multiply(a, b), arithmetic[i].product);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_kinds),  cmocka_unit_test(test_parse_bad),
        cmocka_unit_test(test_parse_bounds), cmocka_unit_test(test_canonical),
        cmocka_unit_test(test_of),           cmocka_unit_test(test_real_parse),
        cmocka_unit_test(test_real_format),  cmocka_unit_test(test_decimal_round),
        cmocka_unit_test(test_real_round),   cmocka_unit_test(test_arithmetic),
    };
    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
