/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Groups: numbered as first seen, told apart cell by cell, ordered by bytes with missing last.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "table/group.h"

static struct text key_of(char *room, unsigned n)
{
    return (struct text){room, (uint32_t)snprintf(room, 16, "k%u", n)};
}

static void test_numbers(void **state)
{
    enum { KEYS = 50000 };
    struct groups *g = groups_new(2);
    char room[16];
    bool fresh;
    (void)state;
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < KEYS; i++) {
            struct text key[2] = {key_of(room, i / 7), {room, i % 7 % 3}};
            key[1] = (struct text){&"abcdefg"[i % 7], 1};
            assert_int_equal(group_find(g, key, &fresh), i);
            assert_int_equal(fresh, round == 0);
        }
    }
    assert_int_equal(groups_count(g), KEYS);
    assert_true(text_equal(group_key(g, 20)[0], TEXT("k2")));
    assert_true(text_equal(group_key(g, 20)[1], TEXT("g")));
    groups_free(g);
}

/* Keys whose cells are the same bytes put together are different keys. */
static void test_cells(void **state)
{
    const struct text key[][2] = {
        {TEXT("ab"), TEXT("c")},       {TEXT("a"), TEXT("bc")},       {TEXT("abc"), TEXT("")},
        {TEXT(""), TEXT("abc")},       {TEXT(""), TEXT("")},          {TEXT("a\0b"), TEXT("c")},
        {TEXT("12345678"), TEXT("9")}, {TEXT("123456789"), TEXT("")},
    };
    struct groups *g = groups_new(2);
    (void)state;
    for (uint32_t i = 0; i < sizeof key / sizeof *key; i++)
        assert_int_equal(group_find(g, key[i], NULL), i);
    groups_free(g);
}

static void test_rows(void **state)
{
    enum { ROWS = 1000 };
    struct text *cell[2] = {calloc(ROWS, sizeof **cell), calloc(ROWS, sizeof **cell)};
    struct groups *a = groups_new(2), *b = groups_new(2);
    uint32_t group[ROWS];
    (void)state;
    for (uint32_t i = 0; i < ROWS; i++) {
        cell[0][i] = (struct text){&"0123456789abcdef"[i % 5], i % 11};
        cell[1][i] = (struct text){"xyz", i % 4};
    }
    group_find_rows(a, (const struct text *const *)cell, ROWS, group);
    for (uint32_t i = 0; i < ROWS; i++) {
        struct text key[2] = {cell[0][i], cell[1][i]};
        assert_int_equal(group_find(b, key, NULL), group[i]);
    }
    assert_int_equal(groups_count(a), groups_count(b));
    groups_free(a);
    groups_free(b);
    free(cell[0]);
    free(cell[1]);
}

static void test_order(void **state)
{
    const char *first[] = {"b", "", "a", "a", "", "Z", "\xc3\xa9", "a"};
    const char *second[] = {"1", "2", "", "9", "1", "", "1", "10"};
    const uint32_t expected[] = {5, 7, 3, 2, 0, 6, 4, 1}; /* Z; a 10, a 9, a -; b; e'; - 1, - 2 */
    struct groups *g = groups_new(2);
    struct arena *a = arena_new();
    (void)state;
    for (uint32_t i = 0; i < 8; i++) {
        struct text key[2] = {text_of(first[i]), text_of(second[i])};
        group_find(g, key, NULL);
    }
    assert_memory_equal(groups_order(g, a), expected, sizeof expected);
    groups_free(g);
    arena_free(a);
}

static void test_no_keys(void **state)
{
    struct groups *g = groups_new(0);
    struct arena *a = arena_new();
    uint32_t group[3] = {9, 9, 9};
    const struct text *none[1] = {NULL};
    (void)state;
    assert_int_equal(groups_count(g), 0);
    groups_order(g, a);
    assert_int_equal(group_find(g, NULL, NULL), 0);
    group_find_rows(g, none, 3, group);
    assert_int_equal(group[0] | group[1] | group[2], 0);
    assert_int_equal(groups_count(g), 1);
    groups_free(g);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_cells),   cmocka_unit_test(test_rows),
        cmocka_unit_test(test_order),   cmocka_unit_test(test_no_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
