/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classes of age as they are written; and every label of the list age_group. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "table/age_class.h"
#include "table/reference.h"

struct expected {
    const char *text, *code; /* "?" ambiguous, "" unknown */
};

static const char *code_of(struct text t, char *out)
{
    struct age_class c;
    enum age_match m = age_class_read(t, &c);
    if (m == AGE_READ)
        out[age_class_format(c, out)] = '\0';
    return m == AGE_READ ? out : m == AGE_AMBIGUOUS ? "?" : "";
}

static void as_written(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"15-24 ans", "Y15T24"},
        {"15 - 24", "Y15T24"},
        {"15–24 ans", "Y15T24"},
        {"15 à 24 ans", "Y15T24"},
        {"de 15 ans à 24 ans", "Y15T24"},
        {"entre 15 et 24 ans", "Y15T24"},
        {"15-24ans", "Y15T24"},
        {"aged 15 to 24", ""},
        {"15 to 24 years", "Y15T24"},
        {"moins de 15 ans", "Y_LT15"},
        {"Moins de 5 ans", "Y0T4"},
        {"under 5", "Y0T4"},
        {"0-4", "Y0T4"},
        {"0-14 ans", "Y_LT15"},
        {"under 15 years of age", "Y_LT15"},
        {"60 ans et plus", "Y_GE60"},
        {"60 et plus", "Y_GE60"},
        {"60+", "Y_GE60"},
        {"60 ans et +", "Y_GE60"},
        {"60 and over", "Y_GE60"},
        {"30 ans", "Y30"},
        {"0", "Y0"},
        {"15-24 سنة", "Y15T24"},
        {"من ١٥ إلى ٢٤ سنة", "Y15T24"},
        {"ما بين 15 و24 سنة", "Y15T24"},
        {"أقل من 15 سنة", "Y_LT15"},
        {"60 سنة فما فوق", "Y_GE60"},
        {"60 سنة فأكثر", "Y_GE60"},
        {"Y15T24", "Y15T24"},
        {"Y_LT15", "Y_LT15"},
        {"Y0T14", "Y_LT15"},
        {"Y_GE60", "Y_GE60"},
        {"plus de 60 ans", "?"},
        {"over 60", "?"},
        {"24-15", ""},
        {"15-24 mois", ""},
        {"15,5", ""},
        {"-5", ""},
        {"15-24-35", ""},
        {"60 ++", ""},
        {"moins de 15 ans et plus", ""},
        {"1950", ""},
        {"Y24T15", ""},
        {"Y015T24", ""},
        {"adultes", ""},
        {"", ""},
    };
    int bad = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[AGE_CLASS_TEXT + 1];
        const char *got = code_of(text_of(cases[i].text), out);
        if (strcmp(got, cases[i].code) != 0) {
            print_error("%s: \"%s\", not \"%s\"\n", cases[i].text, got, cases[i].code);
            bad++;
        }
    }
    assert_int_equal(bad, 0);
}

/* The labels of the list in three languages, and its codes, are read as its codes. */
static void the_list(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct error error = {0};
    const struct table *list = reference_table(a, "age_group", &error);
    assert_non_null(list);
    for (uint32_t row = 0; row < list->rows; row++) {
        struct text code = table_cell(list, row, 0);
        if (code.at[0] != 'Y')
            continue;
        for (int i = 0; i < 4; i++) {
            static const char *const names[] = {"code", "fr", "ar", "en"};
            int column = schema_find(list->schema, text_of(names[i]));
            char out[AGE_CLASS_TEXT + 1];
            const char *got = code_of(table_get(list, row, column), out);
            if (!text_equal(text_of(got), code))
                fail_msg("row %u %s: %s", row, names[i], got);
        }
    }
    arena_free(a);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_written),
        cmocka_unit_test(the_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
