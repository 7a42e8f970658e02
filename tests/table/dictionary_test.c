/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "table/dictionary.h"

static void test_numbers(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct dictionary *d = dictionary_new(a, DICTIONARY_LIMIT);
    char changing[8] = "MLI";
    assert_int_equal(dictionary_add(d, (struct text){changing, 3}), 0);
    assert_int_equal(dictionary_add(d, TEXT("SEN")), 1);
    memcpy(changing, "xxx", 3); /* texts are copied */
    assert_int_equal(dictionary_add(d, TEXT("MLI")), 0);
    assert_int_equal(dictionary_add(d, TEXT("")), 2);
    assert_int_equal(dictionary_find(d, TEXT("")), 2);
    assert_int_equal(dictionary_find(d, TEXT("GIN")), DICTIONARY_NONE);
    assert_int_equal(dictionary_count(d), 3);
    assert_true(text_equal(dictionary_text(d, 1), TEXT("SEN")));
    arena_free(a);
}

static struct text numbered(char *buffer, uint32_t i)
{
    return (struct text){buffer, (uint32_t)snprintf(buffer, 16, "t%u", i)};
}

static void test_limit(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct dictionary *d = dictionary_new(a, 1000);
    char buffer[16];
    for (uint32_t i = 0; i < 3000; i++)
        assert_int_equal(dictionary_add(d, numbered(buffer, i)), i < 1000 ? i : DICTIONARY_NONE);
    for (uint32_t i = 0; i < 3000; i++)
        assert_int_equal(dictionary_find(d, numbered(buffer, i)), i < 1000 ? i : DICTIONARY_NONE);
    assert_int_equal(dictionary_count(d), 1000);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
