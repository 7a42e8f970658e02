/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What falls off a phrase, and what must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "table/phrase.h"

static const char words[] = "text,place\nressortissants,both\nnationalité,both\n"
                            "de nationalité,before\nRepublic,both\nof,link\nthe,link\ndu,link\n"
                            "جمهورية,before\nالشعبية,state\n";

static struct phrases *open_phrases(struct arena *arena)
{
    struct error error = {0};
    const struct table *t = table_parse(arena, "wrap", words, sizeof words - 1, &error);
    assert_non_null(t);
    return phrases_new(arena, t, &error);
}

static void assert_text(struct text got, const char *expected)
{
    if (!text_equal(got, text_of(expected)))
        fail_msg("\"%.*s\", not \"%s\"", (int)got.len, got.at, expected);
}

static void unwrap(void **state)
{
    (void)state;
    static const struct {
        const char *folded, *inner;
        bool back_first;
    } cases[] = {
        {"ressortissants du mali", "mali", false},
        {"de nationalite malienne", "malienne", false},
        {"congo republic of the", "congo", false},
        {"republic of congo republic", "congo republic", false},
        {"republic of congo republic", "republic of congo", true},
        {"جمهوريه الصين شعبيه", "الصين شعبيه", false},
    };
    struct arena *arena = arena_new();
    const struct phrases *p = open_phrases(arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text t = text_of(cases[i].folded);
        bool fell = false;
        assert_true(phrase_unwrap(p, cases[i].back_first, &t, &fell));
        assert_text(t, cases[i].inner);
    }
    arena_free(arena);
}

static void nothing_falls(void **state)
{
    (void)state;
    static const char *const texts[] = {"mali", "ressortissants", "republics of mali",
                                        "الصين شعبيه", "the mali"};
    struct arena *arena = arena_new();
    const struct phrases *p = open_phrases(arena);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct text t = text_of(texts[i]);
        bool fell = false;
        assert_false(phrase_unwrap(p, false, &t, &fell));
        assert_text(t, texts[i]);
    }
    arena_free(arena);
}

static void marks(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"Mali", "Mali"},
        {" Mali (1) ", "Mali"},
        {"Mali [12]", "Mali"},
        {"Mali (a)*", "Mali"},
        {"Mali¹²", "Mali"},
        {"Mali1", "Mali"},
        {"3. Mali", "Mali"},
        {"12 - Mali", "Mali"},
        {"مالي (١)", "مالي"},
        {"٣ - مالي", "مالي"},
        {"2014", "2014"},
        {"Mali 2014", "Mali 2014"},
        {"Congo (RDC)", "Congo (RDC)"},
        {"1234 Mali", "1234 Mali"},
        {"(1)", "(1)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_text(phrase_unmark(text_of(cases[i][0])), cases[i][1]);
}

static void pieces(void **state)
{
    (void)state;
    struct text rest = TEXT("Mali / مالي (ML) et Malien-ne"), piece;
    static const char *const expected[] = {"Mali", "مالي", "ML", "Malien-ne"};
    for (int i = 0; i < 4; i++) {
        assert_true(phrase_piece(&rest, &piece));
        assert_text(piece, expected[i]);
    }
    assert_false(phrase_piece(&rest, &piece));
}

static void elided(void **state)
{
    (void)state;
    assert_true(phrase_elides_initial(text_of("ressortissants d'É.-U.")));
    assert_true(phrase_elides_initial(text_of("d’U.S.A.")));
    assert_false(phrase_elides_initial(text_of("réfugiés d'Irak")));
    assert_false(phrase_elides_initial(text_of("People's Republic of China (1)")));
    assert_false(phrase_elides_initial(text_of("de l’Érythrée")));
}

static void bad_place(void **state)
{
    (void)state;
    static const char bad[] = "text,place\nnationals,beside\n";
    struct arena *arena = arena_new();
    struct error error = {0};
    const struct table *t = table_parse(arena, "wrap", bad, sizeof bad - 1, &error);
    assert_null(phrases_new(arena, t, &error));
    assert_int_equal(error.code, EX_DATAERR);
    arena_free(arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(unwrap), cmocka_unit_test(nothing_falls), cmocka_unit_test(marks),
        cmocka_unit_test(pieces), cmocka_unit_test(elided),        cmocka_unit_test(bad_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
