/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folding, against stated forms and against utf8proc's own maps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "table/fold.h"

static void same_fold(const char *written, const char *folded)
{
    char out[FOLD_TEXT];
    struct text t = fold_text(text_of(written), out);
    if (!text_equal(t, text_of(folded)))
        print_error("%s: %.*s\n", written, (int)t.len, t.at);
    assert_true(text_equal(t, text_of(folded)));
}

static void test_stated(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"Sénégalais", "senegalais"},
        {"SE\xCC\x81NE\xCC\x81GAL", "senegal"}, /* decomposed */
        {"  Côte d’Ivoire ", "cote d ivoire"},
        {"CÔTE\xC2\xA0"
         "D'IVOIRE",
         "cote d ivoire"},
        {"Guinée\xE2\x80\xAF–\xE2\x80\xAF"
         "Bissau",
         "guinee bissau"},
        {"Congo (RDC)", "congo rdc"},
        {"le Mali", "mali"},
        {"L'Algérie", "algerie"},
        {"les Comores", "comores"},
        {"The Gambia", "gambia"},
        {"Sri Lanka", "sri lanka"},
        {"le", "le"},
        {"Le La", "la"},
        {"Leone", "leone"},
        {"U.S.A.", "usa"},
        {"R. D. Congo", "rd congo"},
        {"d'A b c", "dabc"},
        {"Œuvre", "oeuvre"},
        {"ﬁn", "fin"},
        {"Straße", "strasse"},
        {"ØRE", "ore"},
        {"السنغال", "سنغال"},
        {"سِنِغال", "سنغال"},
        {"الســـنغال", "سنغال"},
        {"أفريقيا الوسطى", "افريقيا وسطي"},
        {"ألمانيا", "مانيا"},
        {"المانيا", "مانيا"},
        {"الألمانيا", "مانيا"},
        {"غينيا ‏كوناكري", "غينيا كوناكري"}, /* with a right-to-left mark */
        {"السورية", "سوريه"},
        {"کامیرون", "كاميرون"},
        {"مؤتمر بناء", "موتمر بنا"},
        {"الم", "الم"}, /* one letter would be left */
        {"٢٠١٤ ۲۰", "2014 20"},
        {"", ""},
        {" - ", ""},
        {"...", ""},
        {"UN:011", "un 011"},
        {"X_SSA", "x ssa"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        same_fold(pairs[i][0], pairs[i][1]);
}

/* The two tables of common letters say what the library says. */
static void test_common_letters(void **state)
{
    (void)state;
    for (int32_t c = 0xC0; c <= 0x64A; c = c == 0xFF ? 0x622 : c + 1) {
        utf8proc_uint8_t in[5] = {0}, *map = NULL;
        char out[FOLD_TEXT];
        utf8proc_ssize_t n = utf8proc_encode_char(c, in);
        if (c == 0xC6 || c == 0xE6 || c == 0xD7 || c == 0xF7 || c == 0xD8 || c == 0xF8 ||
            c == 0xD0 || c == 0xF0 || c == 0xDE || c == 0xFE || c == 0x629 || c == 0x640 ||
            c == 0x649)
            continue; /* ours, in test_stated, or no letters */
        utf8proc_map(in, n, &map,
                     UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK |
                         UTF8PROC_NULLTERM);
        assert_non_null(map);
        struct text t = fold_text(text_of((char *)in), out);
        assert_true(text_equal(t, text_of((char *)map)));
        free(map);
    }
}

static void same_twice(struct text t)
{
    char once[FOLD_TEXT], twice[FOLD_TEXT];
    struct text a = fold_text(t, once), b = fold_text(a, twice);
    assert_true(text_equal(a, b));
    assert_true(utf8proc_codepoint_valid(0) && a.len <= FOLD_TEXT);
}

static void test_idempotent(void **state)
{
    (void)state;
    for (int32_t c = 1; c < 0x20000; c++) {
        if (!utf8proc_codepoint_valid(c))
            continue;
        char t[16] = "le ";
        utf8proc_ssize_t n = utf8proc_encode_char(c, (utf8proc_uint8_t *)t + 3);
        memcpy(t + 3 + n, " u", 3);
        same_twice((struct text){t, (uint32_t)n + 5});
        same_twice((struct text){t + 3, (uint32_t)n});
    }
    same_twice(TEXT("ا ل م ا ل ي"));
    same_twice(TEXT("l e the l"));
    same_twice(TEXT("ءا ل ال الالالي"));
}

static void test_too_long(void **state)
{
    (void)state;
    static char long_name[FOLD_TEXT + 1];
    char out[FOLD_TEXT];
    memset(long_name, 'a', sizeof long_name);
    assert_int_equal(fold_text((struct text){long_name, FOLD_TEXT}, out).len, FOLD_TEXT);
    assert_int_equal(fold_text((struct text){long_name, FOLD_TEXT + 1}, out).len, 0);
    assert_int_equal(fold_text(TEXT("\xC3"), out).len, 0); /* cut UTF-8 */
    same_fold("a\xFF"
              "b",
              "ab");
}

static void test_compact(void **state)
{
    (void)state;
    char out[FOLD_TEXT];
    assert_true(text_equal(fold_compact(TEXT("co te d ivoire"), out), TEXT("cotedivoire")));
    assert_int_equal(text_letters(TEXT("é ن")), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stated),     cmocka_unit_test(test_common_letters),
        cmocka_unit_test(test_idempotent), cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_compact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
