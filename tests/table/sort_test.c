/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sort_rows() against qsort() with the row number as last key, on random rows with many ties, and
 * numeral_compare() against numbers whose order is plain to see.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "table/sort.h"

/* In ascending order; texts in one row are equal. */
static const char *const numbers[][4] = {
    {"-1e300"},
    {"-123456789012345678901"},
    {"-123456789012345678900", "-12345678901234567890e1"},
    {"-1.00000000000000000000001"},
    {"-1", "-1.0", "-10e-1"},
    {"-1e-30"},
    {"0", "-0", "0.000", "0e30"},
    {"1e-300"},
    {"0.05", "5e-2", "+0.050"},
    {"0.3333333333333333"},
    {"0.33333333333333333333333"},
    {"1", "1.000000000000000000000000", "01"},
    {"1.00000000000000001"},
    {"1.000000000000000011"},
    {"1.00000000000000002"},
    {"9"},
    {"10", "1e1"},
    {"999999999999999999"},
    {"1000000000000000000", "1e18"},
    {"1000000000000000001"},
    {"1e300"},
};

static void test_numbers(void **state)
{
    (void)state;
    size_t n = sizeof numbers / sizeof *numbers;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            for (size_t i = 0; i < 4 && numbers[a][i]; i++)
                for (size_t k = 0; k < 4 && numbers[b][k]; k++) {
                    int order = numeral_compare(text_of(numbers[a][i]), text_of(numbers[b][k]));
                    if ((order > 0) - (order < 0) != (a > b) - (a < b))
                        fail_msg("%s and %s: %d", numbers[a][i], numbers[b][k], order);
                }
}

/* All the numbers in a mixed-up order, exact and wide ones together. */
static void test_mixed(void **state)
{
    (void)state;
    enum { N = sizeof numbers / sizeof *numbers, STEP = 8 }; /* STEP and N have no common factor */
    struct text cell[N];
    struct decimal decimal[N];
    uint32_t order[N];
    for (uint32_t i = 0; i < N; i++) {
        cell[i] = text_of(numbers[i * STEP % N][0]);
        decimal[i] = decimal_parse(cell[i]);
        assert_true(decimal[i].kind != NUMBER_BAD);
    }
    struct sort_key key = {.text = cell, .decimal = decimal};
    for (int descending = 0; descending < 2; descending++) {
        key.descending = descending;
        sort_rows(&key, 1, N, NULL, order);
        for (uint32_t i = 0; i < N; i++)
            assert_int_equal(order[i] * STEP % N, descending ? N - 1 - i : i);
    }
}

static const struct sort_key *compare_key;
static uint32_t compare_keys;

static int compare_rows(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    for (uint32_t k = 0; k < compare_keys; k++) {
        const struct sort_key *key = &compare_key[k];
        bool mx = key->text[x].len == 0, my = key->text[y].len == 0;
        if (mx != my)
            return mx ? 1 : -1;
        int order = 0;
        if (key->decimal && !mx) {
            double dx = strtod(key->text[x].at, NULL), dy = strtod(key->text[y].at, NULL);
            order = (dx > dy) - (dx < dy);
        } else if (!mx) {
            order = strcmp(key->text[x].at, key->text[y].at);
        }
        if (order)
            return key->descending ? -order : order;
    }
    return x < y ? -1 : x > y;
}

static void test_random(void **state)
{
    (void)state;
    static const char *const words[] = {"",          "a",         "ab",       "abcdefgh",
                                        "abcdefghi", "abcdefghj", "\xc3\xa9", "Z",
                                        "abcdefg",   "\xd9\x85",  "b"};
    static const char *const values[] = {"", "1", "10", "9", "-3", "0.5", "1.0", "-0", "0", "1e2"};
    enum { ROWS = 3000 };
    static struct text word[ROWS], value[ROWS];
    static struct decimal decimal[ROWS];
    static uint32_t order[ROWS], want[ROWS];
    unsigned random = 12345;
    for (uint32_t i = 0; i < ROWS; i++) {
        random = random * 1103515245u + 12345u;
        word[i] = text_of(words[(random >> 16) % 11]);
        value[i] = text_of(values[(random >> 20) % 10]);
        decimal[i] = decimal_parse(value[i]);
    }
    for (unsigned form = 0; form < 16; form++) {
        struct sort_key key[2] = {{word, NULL, NULL, form & 1},
                                  {value, decimal, NULL, (form & 2) != 0}};
        if (form & 4) {
            struct sort_key first = key[0];
            key[0] = key[1];
            key[1] = first;
        }
        compare_key = key;
        compare_keys = form & 8 ? 1 : 2;
        uint32_t rows = form == 15 ? 1 : form == 7 ? 0 : ROWS - form;
        for (uint32_t i = 0; i < rows; i++)
            want[i] = i;
        qsort(want, rows, sizeof *want, compare_rows);
        sort_rows(key, compare_keys, rows, NULL, order);
        assert_memory_equal(order, want, rows * sizeof *want);
    }
}

/* Texts that share beginnings of unlike lengths; some hold NULs, some are missing. */
static struct text text_draw(unsigned *random, char *room, unsigned kind)
{
    static const char *const begin[] = {"", "MA-", "a long beginning that all share ", "12345678"};
    unsigned n = (unsigned)strlen(begin[kind]);
    memcpy(room, begin[kind], n);
    *random = *random * 1103515245u + 12345u;
    for (unsigned bits = *random >> 12, more = (*random >> 8) % 7; more; more--, bits /= 6)
        room[n++] = "\0ab1\xc3\xff"[bits % 6];
    return (struct text){room, n};
}

static int compare_bytes(struct text a, struct text b)
{
    int order = memcmp(a.at, b.at, a.len < b.len ? a.len : b.len);
    return order ? order : (int)a.len - (int)b.len;
}

static void test_bytes(void **state)
{
    enum { ROWS = 30000, ROOM = 48 };
    static char room[ROWS][ROOM];
    static struct text text[ROWS];
    static uint32_t order[ROWS];
    unsigned random = 99;
    (void)state;
    for (unsigned form = 0; form < 8; form++) {
        bool descending = form & 1;
        for (uint32_t i = 0; i < ROWS; i++)
            text[i] = text_draw(&random, room[i], form / 2);
        sort_rows(&(struct sort_key){text, NULL, NULL, descending}, 1, ROWS, NULL, order);
        for (uint32_t i = 1; i < ROWS; i++) {
            struct text a = text[order[i - 1]], b = text[order[i]];
            int way = descending ? compare_bytes(b, a) : compare_bytes(a, b);
            if (a.len == 0 || b.len == 0)
                way = (a.len == 0) - (b.len == 0);
            assert_true(way < 0 || (way == 0 && order[i - 1] < order[i]));
        }
    }
}

/* Several threads' slices, worked off from the last to the first, against one. */
static void each_backwards(void *calls, void (*work)(void *, uint64_t), void *of, uint64_t n)
{
    *(unsigned *)calls += 1;
    while (n)
        work(of, --n);
}

static void test_crew(void **state)
{
    enum { ROWS = 200000, ROOM = 16 };
    static char room[ROWS][ROOM];
    static struct text text[ROWS], number[ROWS];
    static struct decimal decimal[ROWS];
    static uint32_t order[ROWS], want[ROWS];
    unsigned random = 7;
    (void)state;
    for (unsigned form = 0; form < 8; form++) {
        for (uint32_t i = 0; i < ROWS; i++) {
            random = random * 1103515245u + 12345u;
            unsigned few = form & 1 ? 90000 : 90;
            int n =
                snprintf(room[i], ROOM, "%s%u", form & 2 ? "unlike-" : "", random / 65536 % few);
            text[i] = (struct text){room[i], random % 64 ? (uint32_t)n : 0};
            number[i] = (struct text){room[i] + n - 1, 1};
            decimal[i] = decimal_parse(number[i]);
        }
        struct sort_key key[2] = {{text, NULL, NULL, form & 4}, {number, decimal, NULL, form & 1}};
        sort_rows(key, 2, ROWS, NULL, want);
        for (uint32_t threads = 2; threads < 8; threads++) {
            unsigned calls = 0;
            struct sort_crew crew = {each_backwards, &calls, threads};
            memset(order, 0xff, sizeof order);
            sort_rows(key, 2, ROWS, &crew, order);
            assert_true(calls > 2);
            assert_memory_equal(order, want, sizeof want);
        }
        compare_key = key;
        compare_keys = 2;
        for (uint32_t i = 1; i < ROWS; i++)
            assert_true(compare_rows(&want[i - 1], &want[i]) < 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_numbers), cmocka_unit_test(test_mixed),
                                       cmocka_unit_test(test_random), cmocka_unit_test(test_bytes),
                                       cmocka_unit_test(test_crew)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
