/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The hash index against a plain list that is searched from its beginning, with good hashes, with
 * three hashes for all keys, and with one; and keys whose cells run into each other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "table/key_index.h"

enum { DRAWS = 4000, KEYS = 900 };

struct list {
    unsigned key[DRAWS];
    uint32_t count;
    unsigned wanted;
};

static bool same(const void *context, uint32_t id)
{
    const struct list *list = context;
    return list->key[id] == list->wanted;
}

static uint32_t search(const struct list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->key[i] == list->wanted)
            return i;
    return NO_ID;
}

static void test_against_list(void **state)
{
    (void)state;
    static const unsigned hashes[] = {1000000, 3, 1};
    for (size_t h = 0; h < 3; h++) {
        struct arena *arena = arena_new();
        struct key_index *x = key_index_new(arena);
        struct list list = {.count = 0};
        unsigned random = 7;
        for (unsigned i = 0; i < DRAWS; i++) {
            random = random * 1103515245u + 12345u;
            list.wanted = (random >> 16) % KEYS;
            uint64_t hash = list.wanted % hashes[h];
            uint32_t want = search(&list);
            assert_int_equal(key_index_find(x, hash, same, &list), want);
            uint32_t got = key_index_add(x, hash, list.count, same, &list);
            assert_int_equal(got, want == NO_ID ? list.count : want);
            if (want == NO_ID)
                list.key[list.count++] = list.wanted;
        }
        assert_int_equal(list.count > KEYS / 2, 1);
        arena_free(arena);
    }
}

static void test_keys(void **state)
{
    (void)state;
    const struct text first[] = {TEXT("ab"), TEXT("a"), TEXT("ab"), TEXT(""), TEXT("c")};
    const struct text second[] = {TEXT("c"), TEXT("bc"), TEXT("c"), TEXT("abc"), TEXT("ab")};
    const struct text *column[] = {first, second};
    for (uint32_t a = 0; a < 5; a++)
        for (uint32_t b = 0; b < 5; b++) {
            bool equal = text_equal(first[a], first[b]) && text_equal(second[a], second[b]);
            assert_int_equal(key_hash(column, 2, a) == key_hash(column, 2, b), equal);
        }
    assert_true(key_missing(column, 2, 3));
    assert_false(key_missing(column, 2, 0));
    assert_false(key_missing(column, 0, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_against_list),
                                       cmocka_unit_test(test_keys)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
