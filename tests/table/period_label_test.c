/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Periods as people write them, each counted out on a calendar by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "table/period_label.h"

struct example {
    const char *period, *label[LANGUAGES];
};

static const struct example examples[] = {
    {"2018", {"2018", "2018", "2018"}},
    {"2018-01-01/P1Y", {"2018", "2018", "2018"}},
    {"2018-01-01/P12M", {"2018", "2018", "2018"}},
    {"2018-01-01/P365D", {"2018", "2018", "2018"}},
    {"2004-01-01/P13Y", {"2004–2016", "2004–2016", "2004–2016"}},
    {"2017-S1", {"1er semestre 2017", "النصف الأول من 2017", "1st half of 2017"}},
    {"2017-S2", {"2e semestre 2017", "النصف الثاني من 2017", "2nd half of 2017"}},
    {"2018-Q1", {"1er trimestre 2018", "الفصل الأول من 2018", "1st quarter of 2018"}},
    {"2018-Q3", {"3e trimestre 2018", "الفصل الثالث من 2018", "3rd quarter of 2018"}},
    {"2018-07-01/P92D", {"3e trimestre 2018", "الفصل الثالث من 2018", "3rd quarter of 2018"}},
    {"2018-11", {"nov. 2018", "نونبر 2018", "Nov 2018"}},
    {"2018-01-01/P8M", {"janv.–août 2018", "يناير–غشت 2018", "Jan–Aug 2018"}},
    {"2018-02-01/P3M", {"févr.–avr. 2018", "فبراير–أبريل 2018", "Feb–April 2018"}},
    {"2018-07-01/P12M",
     {"juill. 2018 – juin 2019", "يوليوز 2018 – يونيو 2019", "July 2018 – June 2019"}},
    {"2002-01-01/P201M",
     {"janv. 2002 – sept. 2018", "يناير 2002 – شتنبر 2018", "Jan 2002 – Sept 2018"}},
    {"2014-09-01", {"1er sept. 2014", "فاتح شتنبر 2014", "1 Sept 2014"}},
    {"2018-11-30", {"30 nov. 2018", "30 نونبر 2018", "30 Nov 2018"}},
    {"2002-01-01/P6175D", /* 16 years with 4 leap days are 5 844; 331 days of 2018 */
     {"1er janv. 2002 – 27 nov. 2018", "فاتح يناير 2002 – 27 نونبر 2018",
      "1 Jan 2002 – 27 Nov 2018"}},
    {"2014-01-02/P364D",
     {"2 janv. – 31 déc. 2014", "2 يناير – 31 دجنبر 2014", "2 Jan – 31 Dec 2014"}},
    {"2014-05-01/P15D", {"1er–15 mai 2014", "فاتح–15 ماي 2014", "1–15 May 2014"}},
    {"2016-02-29", {"29 févr. 2016", "29 فبراير 2016", "29 Feb 2016"}},
    {"_U", {"date inconnue", "تاريخ غير معروف", "unknown date"}},
    {"2018-13", {"2018-13", "2018-13", "2018-13"}},
    {"_T", {"_T", "_T", "_T"}},
    {"", {"", "", ""}},
};

static void labels_of_examples(void **state)
{
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
        for (int k = 0; k < LANGUAGES; k++) {
            struct text t = period_label(arena, text_of(examples[i].period), (enum language)k);
            assert_string_equal(text_copy(arena, t).at, examples[i].label[k]);
        }
    arena_free(arena);
}

static void months_of_morocco(void **state)
{
    static const char *const names[12] = {"يناير",  "فبراير", "مارس",  "أبريل",  "ماي",   "يونيو",
                                          "يوليوز", "غشت",    "شتنبر", "أكتوبر", "نونبر", "دجنبر"};
    struct arena *arena = arena_new();

    (void)state;
    for (int m = 1; m <= 12; m++) {
        struct text label =
            period_label(arena, text_of(arena_print(arena, "2020-%02d", m)), ARABIC);
        assert_string_equal(text_copy(arena, label).at,
                            arena_print(arena, "%s 2020", names[m - 1]));
    }
    arena_free(arena);
}

static void order_of_time(void **state)
{
    static const char *const ordered[] = {"2002-01-01/P17Y",
                                          "2002-01-01/P6175D",
                                          "2017",
                                          "2017-S1",
                                          "2017-Q1",
                                          "2017-01",
                                          "2017-01-01",
                                          "2017-01-15",
                                          "2017-01-16",
                                          "2017-02",
                                          "2017-Q2",
                                          "2018",
                                          "_T",
                                          "_U"};

    (void)state;
    for (size_t i = 0; i < sizeof(ordered) / sizeof(ordered[0]); i++)
        for (size_t k = 0; k < sizeof(ordered) / sizeof(ordered[0]); k++) {
            int order = period_order(text_of(ordered[i]), text_of(ordered[k]));
            assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_of_examples),
        cmocka_unit_test(months_of_morocco),
        cmocka_unit_test(order_of_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
