/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every sentence exists in every language, its places are filled, and some are read in full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "table/remark.h"

static void all_sentences(void **state)
{
    struct arena *arena = arena_new();

    (void)state;
    for (int remark = 0; remark < REMARKS; remark++)
        for (int language = 0; language < LANGUAGES; language++) {
            struct text t = remark_text(arena, (enum language)language, (enum remark)remark,
                                        TEXT("one"), TEXT("two"));
            assert_true(t.len > 3);
            assert_null(memchr(t.at, '{', t.len));
        }
    arena_free(arena);
}

static void sentences_in_full(void **state)
{
    struct arena *arena = arena_new();
    struct text none = TEXT("");

    (void)state;
    assert_string_equal(
        remark_text(arena, FRENCH, REMARK_GAP_PART, TEXT("2017"), TEXT("janv.–sept. 2017")).at,
        "lacune : pas de chiffre pour 2017, seulement pour une partie : "
        "janv.–sept. 2017");
    assert_string_equal(remark_text(arena, ENGLISH, REMARK_OF_SUM, TEXT("12"), none).at,
                        "of the sum of 12 parts: no total published");
    assert_string_equal(remark_text(arena, ARABIC, REMARK_NO_FIGURE, TEXT("2017"), none).at,
                        "لا رقم لـ 2017");
    assert_string_equal(remark_text(arena, FRENCH, REMARK_ZERO, none, none).at,
                        "division par zéro");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_sentences),
        cmocka_unit_test(sentences_in_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
