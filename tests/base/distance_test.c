/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nearest name; distances of the textbooks, and every pair of short words against the plain
 * recursion. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/distance.h"
#include "base/nearest.h"

static void test_known(void **state)
{
    (void)state;
    assert_int_equal(text_distance(TEXT("kitten"), TEXT("sitting"), 5), 3);
    assert_int_equal(text_distance(TEXT("saturday"), TEXT("sunday"), 3), 3);
    assert_int_equal(text_distance(TEXT("ca"), TEXT("abc"), 5), 3); /* restricted, not 2 */
    assert_int_equal(text_distance(TEXT("senegla"), TEXT("senegal"), 3), 1);
    assert_int_equal(text_distance(TEXT("سنغال"), TEXT("سينغال"), 3), 1); /* letters, not bytes */
    assert_int_equal(text_distance(TEXT("mali"), TEXT("mali"), 0), 0);
    assert_int_equal(text_distance(TEXT("mali"), TEXT("male"), 0), 1);
    assert_int_equal(text_distance(TEXT(""), TEXT("abc"), 3), 3);
    assert_int_equal(text_distance(TEXT("mali"), TEXT("sénégal"), 2), 3); /* limit + 1 */
}

static uint32_t least3(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t d = a < b ? a : b;
    return d < c ? d : c;
}

/* The definition, word for word. */
static uint32_t plain(const char *a, uint32_t n, const char *b, uint32_t m)
{
    if (!n || !m)
        return n + m;
    uint32_t d = least3(plain(a, n - 1, b, m) + 1, plain(a, n, b, m - 1) + 1,
                        plain(a, n - 1, b, m - 1) + (a[n - 1] != b[m - 1]));
    if (n > 1 && m > 1 && a[n - 1] == b[m - 2] && a[n - 2] == b[m - 1])
        d = least3(d, d, plain(a, n - 2, b, m - 2) + 1);
    return d;
}

static struct text word_of(uint32_t number, char *word)
{
    uint32_t n = 0;
    for (; number; number /= 4)
        if (number % 4)
            word[n++] = (char)('a' + number % 4);
    return (struct text){word, n};
}

static void test_all_short_words(void **state)
{
    (void)state;
    char a[8], b[8];
    for (uint32_t i = 0; i < 1024; i += 3)
        for (uint32_t j = 0; j < 1024; j += 7)
            for (uint32_t limit = 0; limit < 4; limit++) {
                struct text x = word_of(i, a), y = word_of(j, b);
                uint32_t d = plain(a, x.len, b, y.len);
                assert_int_equal(text_distance(x, y, limit), d < limit   ? d
                                                             : d > limit ? limit + 1
                                                                         : d);
            }
}

static void test_too_long(void **state)
{
    (void)state;
    static char words[DISTANCE_LETTERS + 1];
    memset(words, 'a', sizeof words);
    assert_int_equal(text_distance((struct text){words, DISTANCE_LETTERS},
                                   (struct text){words, DISTANCE_LETTERS}, 3),
                     0);
    assert_int_equal(text_distance((struct text){words, DISTANCE_LETTERS + 1},
                                   (struct text){words, DISTANCE_LETTERS + 1}, 3),
                     4);
}

static const char *guess(const char *wanted, const struct text *names, uint32_t count)
{
    struct guess g = guess_begin(text_of(wanted));
    for (uint32_t i = 0; i < count; i++)
        guess_offer(&g, names[i]);
    return g.name.at;
}

static void test_nearest(void **state)
{
    (void)state;
    static char endless[3 * DISTANCE_LETTERS];
    memset(endless, 'n', sizeof endless - 1);
    const struct text names[] = {TEXT("nationality"), TEXT("sex"), TEXT("age"), TEXT("région"),
                                 text_of(endless)};
    assert_string_equal(guess("nationalité", names, 5), "nationality");
    assert_string_equal(guess("Region", names, 5), "région"); /* a letter, though two bytes */
    assert_string_equal(guess("sexe", names, 5), "sex");
    assert_string_equal(guess("nat", names, 5), "nationality"); /* how it begins */
    assert_string_equal(guess("gae", names, 5), "age");
    assert_string_equal(guess("zzzzzzzz", names, 5), "");
    assert_string_equal(guess("ag", names, 0), "");
    assert_string_equal(guess("", names, 5), "");
    assert_string_equal(guess(endless + 3, names, 1), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_all_short_words),
        cmocka_unit_test(test_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
