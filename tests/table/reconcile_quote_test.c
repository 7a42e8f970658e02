/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers in running text: the texts are notes of data/sources, read by eye.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "table/reconcile_quote.h"

static void check(const char *text, const char *want)
{
    struct quote q;
    char got[256] = "", one[DECIMAL_TEXT];
    size_t n = 0;
    for (uint32_t at = 0; quote_next(text_of(text), &at, &q);) {
        size_t len = decimal_format(q.value, one);
        memcpy(got + n, one, len);
        n += len;
        got[n++] = q.percent ? '%' : ' ';
    }
    got[n] = '\0';
    if (strcmp(got, want) != 0)
        fail_msg("%s: \"%s\", not \"%s\"", text, got, want);
}

static void numbers_are_found(void **state)
{
    (void)state;
    check("H24info imprime 7138 et 7139, et « 2017 »", "7138 7139 2017 ");
    check("7 440 + 21 140 = 28 580 (vérifié)", "7440 21140 28580 ");
    check("Casablanca 35,1, Rabat 29, Marrakech 4,5", "35.1 29 4.5 ");
    check("coûts 7 / 10,5 / 21 MDH : exactement 7 000 DH", "7 10.5 21 7000 ");
    check("écrit « 20.410 »", "20410 ");
    check("« environ 90 % » : 50000/54000 = 92,6 %", "90%50000 54000 92.6%");
    check("about 85 percent", "85%");
    check("un\xC2\xA0total de 1\xE2\x80\xAF"
          "508",
          "1508 ");
    check("aucun", "");
}

static void folding_is_plain(void **state)
{
    char out[64];
    struct text t = quote_fold(text_of("Près d’un Été ÇA"), out), want = TEXT("pres d'un ete ca");
    (void)state;
    assert_int_equal(t.len, want.len);
    assert_memory_equal(t.at, want.at, want.len);
    assert_true(text_holds(t, "ete"));
    assert_false(text_holds(t, "hiver"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_found),
        cmocka_unit_test(folding_is_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
