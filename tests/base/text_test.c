/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/text.h"

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void test_compare(void **state)
{
    /* in the order of `LC_ALL=C sort` */
    static const char *const sorted[] = {
        "",
        " ",
        "10",
        "9",
        "A",
        "MAR",
        "MARS",
        "SEN",
        "a",
        "\xc3\xa9t\xc3\xa9",
        "\xd8\xa7\xd9\x84",
        "\xf0\x9f\x98\x80",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(sorted); i++) {
        for (size_t j = 0; j < COUNT(sorted); j++) {
            struct text a = text_of(sorted[i]), b = text_of(sorted[j]);
            assert_int_equal(sign(text_compare(a, b)), (i > j) - (i < j));
            assert_int_equal(text_equal(a, b), i == j);
        }
    }
    assert_int_equal(sign(text_compare((struct text){NULL, 0}, TEXT("a"))), -1);
    assert_true(text_equal((struct text){NULL, 0}, TEXT("")));
    assert_true(text_compare((struct text){"a\0b", 3}, (struct text){"a\0c", 3}) < 0);
}

static void test_next(void **state)
{
    struct text list = TEXT("a,,b,"), item;
    static const char *const items[] = {"a", "", "b", ""};
    (void)state;
    for (size_t i = 0; i < COUNT(items); i++) {
        assert_true(text_next(&list, ',', &item));
        assert_true(text_equal(item, text_of(items[i])));
    }
    assert_false(text_next(&list, ',', &item));
    list = TEXT("");
    assert_true(text_next(&list, ',', &item));
    assert_true(text_missing(item));
    assert_false(text_next(&list, ',', &item));
}

static void test_trim(void **state)
{
    static const char *const cases[][2] = {
        {"", ""}, {" ", ""}, {" \t a b\t ", "a b"}, {"a", "a"}, {"\na ", "\na"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_true(text_equal(text_trim(text_of(cases[i][0])), text_of(cases[i][1])));
}

static void test_starts(void **state)
{
    (void)state;
    assert_true(text_starts(TEXT("value"), TEXT("val")));
    assert_true(text_starts(TEXT("value"), TEXT("")));
    assert_true(text_starts(TEXT(""), TEXT("")));
    assert_false(text_starts(TEXT("val"), TEXT("value")));
    assert_false(text_starts(TEXT("value"), TEXT("Val")));
}

static void test_copy(void **state)
{
    struct arena *arena = arena_new();
    char cell[] = "Rabat,next";
    (void)state;
    struct text copy = text_copy(arena, (struct text){cell, 5});
    memset(cell, 'x', sizeof cell - 1);
    assert_string_equal(copy.at, "Rabat");
    assert_int_equal(copy.len, 5);
    arena_free(arena);
}

/* Texts that differ in one place or in length hardly ever meet: no collision among these, and the
 * low bits, which tables use, spread over most of their room. */
static void test_hash(void **state)
{
    enum { KEYS = 4096, ROOM = 8192 };
    static unsigned char taken[ROOM];
    static uint64_t hash[KEYS];
    unsigned used = 0;
    char key[32];
    (void)state;
    for (unsigned i = 0; i < KEYS; i++) {
        int n = snprintf(key, sizeof key, "row %u of the register", i);
        hash[i] = text_hash((struct text){key, (uint32_t)n});
        used += taken[hash[i] % ROOM]++ == 0;
        for (unsigned j = 0; j < i; j++)
            assert_true(hash[i] != hash[j]);
    }
    /* 8192 * (1 - exp(-1/2)) = 3223 are expected of a random function */
    assert_in_range(used, 3100, 3350);
    assert_true(text_hash(TEXT("a")) != text_hash((struct text){"a\0", 2}));
    assert_true(text_hash(TEXT("abcdefgh1")) == text_hash((struct text){"abcdefgh12", 9}));
}

/* Against text_equal(); cells repeat, wholly or in their first bytes, stand at ends of pages too,
 * and some have no place. */
static void test_changes(void **state)
{
    enum { CELLS = 40, PAGE = 4096 };
    static _Alignas(PAGE) char pages[2 * PAGE];
    (void)state;
    srand(7);
    for (size_t i = 0; i < sizeof pages; i++)
        pages[i] = "ab"[rand() % 16 == 0];
    for (int turn = 0; turn < 20000; turn++) {
        struct text cell[CELLS];
        bool got[CELLS + CHANGES_ROOM];
        uint32_t n = (uint32_t)rand() % (CELLS + 1), longest = rand() % 2 ? 9 : 20;
        for (uint32_t i = 0; i < n; i++) {
            uint32_t len = rand() % 2 && i ? cell[i - 1].len : (uint32_t)rand() % longest;
            int from = rand() % 2 ? rand() % PAGE : PAGE - 10 + rand() % 10;
            cell[i] = (struct text){len ? pages + from : NULL, len};
        }
        text_mark_changes(cell, n, got);
        for (uint32_t i = 0; i < n; i++)
            assert_int_equal(got[i], i == 0 || !text_equal(cell[i], cell[i - 1]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compare), cmocka_unit_test(test_next), cmocka_unit_test(test_trim),
        cmocka_unit_test(test_starts),  cmocka_unit_test(test_copy), cmocka_unit_test(test_hash),
        cmocka_unit_test(test_changes),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
