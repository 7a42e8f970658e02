/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"

#include <math.h>
#include <stdlib.h>

#include "base/sum.h"
#include "sum_vectors.h"

static struct decimal exact(struct text t)
{
    struct decimal d = decimal_parse(t);
    assert_int_equal(d.kind, NUMBER_EXACT);
    return d;
}

/* One term of the vectors: a, a*b, a#n, a*b#n. */
static void add_term(struct sum *s, struct text term)
{
    struct text product, a;
    text_next(&term, '#', &product);
    long times = term.at ? strtol(term.at, NULL, 10) : 1;
    text_next(&product, '*', &a);
    for (; times > 0; times--) {
        if (product.at)
            assert_true(sum_add_product(s, exact(a), exact(product)));
        else
            assert_true(sum_add(s, exact(a)));
    }
}

static struct sum sum_of(const char *terms)
{
    struct sum s = {0};
    struct text rest = text_of(terms), term;
    while (text_next(&rest, ' ', &term))
        if (term.len)
            add_term(&s, term);
    return s;
}

/* The last term first: the result must be the same. */
static struct sum sum_backwards(const char *terms)
{
    struct sum s = {0};
    size_t end = strlen(terms);
    while (end > 0) {
        size_t start = end;
        while (start > 0 && terms[start - 1] != ' ')
            start--;
        add_term(&s, (struct text){terms + start, (uint32_t)(end - start)});
        end = start ? start - 1 : 0;
    }
    return s;
}

static void check_sum(const struct sum *s, const char *expected)
{
    char out[SUM_TEXT + 1];
    check_text(out, sum_format(s, out), expected);
    int sign = *expected == '-' ? -1 : strcmp(expected, "0") != 0;
    assert_int_equal(sum_sign(s), sign);
    assert_int_equal(sum_is_zero(s), sign == 0);
}

static void test_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(sum_vectors); i++) {
        const struct sum_vector *v = &sum_vectors[i];
        struct sum left = sum_of(v->left), right = sum_of(v->right);
        check_sum(&left, v->sum);
        assert_true(sum_real(&left) == v->real);
        if (!sum_is_zero(&right))
            assert_true(sum_ratio(&left, &right) == v->ratio);
        else
            assert_true(isnan(sum_ratio(&left, &right)));
        struct sum other = right;
        assert_true(sum_merge(&other, &left));
        assert_true(sum_merge(&left, &right));
        check_sum(&left, v->merged);
        check_sum(&other, v->merged);
    }
}

static void test_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(sum_vectors); i++) {
        struct sum s = sum_backwards(sum_vectors[i].left);
        check_sum(&s, sum_vectors[i].sum);
        assert_true(sum_real(&s) == sum_vectors[i].real);
    }
}

static void test_empty(void **state)
{
    struct sum s = {0}, t = {0};
    (void)state;
    check_sum(&s, "0");
    assert_true(sum_real(&s) == 0);
    assert_true(sum_merge(&s, &t));
    check_sum(&s, "0");
    assert_true(sum_add(&s, decimal_missing()));
    check_sum(&s, "0");
}

/* (10^18 - 1)^2 at scale 36 doubled until 254 bits do not hold it: Python counts 14 doublings. */
static void test_too_wide(void **state)
{
    const char *last = "16383999999999999967232000000000000016384."
                       "000000000000000000000000000000000001";
    struct decimal most = exact(TEXT("999999999999999999")), least = exact(TEXT("1e-18"));
    struct sum s = {0}, tiny = {0}, before;
    (void)state;
    assert_true(sum_add_product(&tiny, least, least));
    assert_true(sum_add_product(&s, most, most));
    for (int i = 0; i < 14; i++)
        assert_true(sum_merge(&s, &s));
    assert_true(sum_merge(&s, &tiny));
    before = s;
    assert_false(sum_merge(&s, &s));
    assert_memory_equal(&s, &before, sizeof s);
    check_sum(&s, last);
    assert_true(sum_merge(&s, &tiny));
}

/* The same when a scale grows under a sum that is already too wide for it. */
static void test_too_wide_scale(void **state)
{
    struct decimal most = exact(TEXT("999999999999999999")), least = exact(TEXT("1e-18"));
    struct sum s = {0}, before;
    (void)state;
    assert_true(sum_add_product(&s, most, most));
    for (int i = 0; i < 15; i++)
        assert_true(sum_merge(&s, &s));
    before = s;
    assert_false(sum_add_product(&s, least, least));
    assert_memory_equal(&s, &before, sizeof s);
    check_sum(&s, "32767999999999999934464000000000000032768");
    assert_true(sum_add(&s, least));
    check_sum(&s, "32767999999999999934464000000000000032768.000000000000000001");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),        cmocka_unit_test(test_order),
        cmocka_unit_test(test_empty),          cmocka_unit_test(test_too_wide),
        cmocka_unit_test(test_too_wide_scale),
    };
    return cmocka_run_group_tests_name("sum", tests, NULL, NULL);
}
