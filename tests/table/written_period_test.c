/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Periods as ministries and the press write them, against what a reader takes them for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "table/fold.h"
#include "table/written_period.h"

struct expected {
    const char *text, *periods; /* candidates by `|`; "" where unknown */
};

static void print_readings(const struct written_period *p, char *out)
{
    for (uint32_t i = 0; i < p->readings; i++) {
        if (i)
            *out++ = '|';
        out += period_format(p->reading[i].first, p->reading[i].last, out);
    }
    *out = '\0';
}

static void check(const struct expected *e, size_t count, struct written_habits habits)
{
    int bad = 0;
    for (size_t i = 0; i < count; i++) {
        struct written_period p;
        char got[WRITTEN_READINGS * (PERIOD_TEXT + 1) + 1];
        enum written_match m = written_period_read(text_of(e[i].text), habits, &p);
        print_readings(&p, got);
        bool ambiguous = strchr(e[i].periods, '|') != NULL;
        if (strcmp(got, e[i].periods) != 0 || (m == WRITTEN_AMBIGUOUS) != ambiguous ||
            (m == WRITTEN_UNKNOWN) != !*e[i].periods) {
            print_error("%s: \"%s\", not \"%s\"\n", e[i].text, got, e[i].periods);
            bad++;
        }
    }
    assert_int_equal(bad, 0);
}

#define CHECK(list, ...)                                                                           \
    check(list, sizeof(list) / sizeof *(list), (struct written_habits){__VA_ARGS__})

/* The column `periode` of the report of 2018 on programme 11, and what else was asked for. */
static void as_printed(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"2018", "2018"},
        {"Courant 2018", "2018"},
        {"sur l’année 2018", "2018"},
        {"Tout le long de l’année 2018", "2018"},
        {"au cours de l'année 2018", "2018"},
        {"1er semestre 2018", "2018-S1"},
        {"2ème semestre 2018", "2018-S2"},
        {"3ème trimestre 2018", "2018-Q3"},
        {"Aout 2018", "2018-08"},
        {"AOÛT 2018", "2018-08"},
        {"Février 2018", "2018-02"},
        {"De janvier à Septembre 2018", "2018-01-01/P9M"},
        {"De septembre à novembre 2018", "2018-09-01/P3M"},
        {"de septembre 2017 à juin 2018", "2017-09-01/P10M"},
        {"Mai, juin et juillet 2018", "2018-05-01/P3M"},
        {"avril, mai et juin 2018", "2018-Q2"},
        {"Mai 2018 et septembre 2018", "2018-05|2018-09"},
        {"mai et septembre 2018", "2018-05|2018-09"},
        {"26-27 septembre 2018", "2018-09-26/P2D"},
        {"13 au 18 octobre 2018", "2018-10-13/P6D"},
        {"du 26 septembre au 3 octobre 2018", "2018-09-26/P8D"},
        {"17 et 18 octobre 2018", "2018-10-17/P2D"},
        {"17 et 20 octobre 2018", "2018-10-17|2018-10-20"},
        {"17 janvier 2018", "2018-01-17"},
        {"1er mars 2018", "2018-03-01"},
        {"premier mars 2018", "2018-03-01"},
        {"14juin2018", "2018-06-14"},
        {"29-Oct-19", "2019-10-29"},
        {"29-Oct-2019", "2019-10-29"},
        {"October 29, 2018", "2018-10-29"},
        {"S1 2018", "2018-S1"},
        {"2018 S2", "2018-S2"},
        {"1S2018", "2018-S1"},
        {"H1 2018", "2018-S1"},
        {"T3 2018", "2018-Q3"},
        {"2018T3", "2018-Q3"},
        {"Q3 2018", "2018-Q3"},
        {"third quarter of 2018", "2018-Q3"},
        {"first half of 2018", "2018-S1"},
        {"premier semestre de l'année 2018", "2018-S1"},
        {"au 1er semestre 2018", "2018-S1"},
        {"fin septembre 2018", "2018-09-30"},
        {"à fin août 2024", "2024-08-31"},
        {"à la fin de 2018", "2018-12-31"},
        {"fin du 1er semestre 2018", "2018-06-30"},
        {"au 31 décembre 2018", "2018-12-31"},
        {"les neuf premiers mois de 2018", "2018-01-01/P9M"},
        {"9 premiers mois 2018", "2018-01-01/P9M"},
        {"les sept premiers mois de 2018", "2018-01-01/P7M"},
        {"first nine months of 2018", "2018-01-01/P9M"},
        {"mois de mai 2018", "2018-05"},
        {"entre janvier et septembre 2018", "2018-01-01/P9M"},
        {"sept. 2018", "2018-09"},
        {"déc. 2018", "2018-12"},
        {"janv.-août 2018", "2018-01-01/P8M"},
        {"09/2018", "2018-09"},
        {"2018/09/14", "2018-09-14"},
        {"14.09.2018", "2018-09-14"},
        {"2018-9", "2018-09"},
        {"2018-01-01/P12M", "2018"},
        {"de 2017 à 2018", "2017-01-01/P2Y"},
        {"2004-2017", "2004-01-01/P14Y"},
        {"2017 et 2018", "2017-01-01/P2Y"},
        {"année universitaire 2017-2018", "2017-09-01/P12M"},
        {"année scolaire 2017/18", "2017-09-01/P12M"},
    };
    CHECK(cases, .academic = false);
}

static void in_arabic(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"٢٠١٨", "2018"},
        {"سنة 2018", "2018"},
        {"خلال سنة ٢٠١٨", "2018"},
        {"النصف الأول من 2018", "2018-S1"},
        {"النصف الثاني من سنة 2018", "2018-S2"},
        {"الربع الثالث من 2018", "2018-Q3"},
        {"غشت 2018", "2018-08"},
        {"شهر غشت 2018", "2018-08"},
        {"آب 2018", "2018-08"},
        {"أغسطس 2018", "2018-08"},
        {"أوت 2018", "2018-08"},
        {"يوليوز 2018", "2018-07"},
        {"تموز 2018", "2018-07"},
        {"جويلية 2018", "2018-07"},
        {"كانون الثاني 2018", "2018-01"},
        {"كانون الأول 2018", "2018-12"},
        {"تشرين الأول 2018", "2018-10"},
        {"تشرين الثاني 2018", "2018-11"},
        {"من يناير إلى شتنبر 2018", "2018-01-01/P9M"},
        {"ماي وشتنبر 2018", "2018-05|2018-09"},
        {"فاتح شتنبر 2014", "2014-09-01"},
        {"١٤ يونيو ٢٠١٨", "2018-06-14"},
        {"متم شتنبر 2018", "2018-09-30"},
        {"الموسم الجامعي 2017-2018", "2017-09-01/P12M"},
        {"الأشهر التسعة الأولى من 2018", "2018-01-01/P9M"},
        {"تشرين 2018", ""},
    };
    CHECK(cases, .academic = false);
}

static void not_guessed(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"2017-2018", "2017-09-01/P12M|2017-01-01/P2Y"},
        {"2017/18", "2017-09-01/P12M|2017-01-01/P2Y"},
        {"2016 et 2018", "2016|2018"},
        {"01/02/2018", "2018-02-01|2018-01-02"},
        {"05/05/2018", "2018-05-05"},
        {"13/02/2018", "2018-02-13"},
        {"02/13/2018", "2018-02-13"},
        {"13/02/18", "2018-02-13|2013-02-18"},
        {"", ""},
        {"4250", ""},
        {"18", ""},
        {"oct-19", ""},
        {"17 janvier", ""},
        {"31 février 2018", ""},
        {"29 février 2018", ""},
        {"3ème semestre 2018", ""},
        {"S3 2018", ""},
        {"T5 2018", ""},
        {"2018-13", ""},
        {"2018-2017", ""},
        {"depuis janvier 2018", ""},
        {"jusqu'au 31 décembre 2018", ""},
        {"avant 2018", ""},
        {"début 2018", ""},
        {"à septembre 2018", ""},
        {"2018 (provisoire)", ""},
        {"septembre à janvier 2018", ""},
        {"27-26 septembre 2018", ""},
        {"juin mai 2018", ""},
        {"2018 ?", ""},
        {"1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12 13 2018", ""},
        {"\xff\xfe", ""},
    };
    CHECK(cases, .academic = false);
}

static void by_habit(void **state)
{
    (void)state;
    static const struct expected academic[] = {
        {"2017-2018", "2017-09-01/P12M"},
        {"2017/18", "2017-09-01/P12M"},
        {"2018", "2018"},
        {"2011-12", "2011-12|2011-09-01/P12M"},
        {"2018-12", "2018-12"},
        {"2004-2017", "2004-01-01/P14Y"},
    };
    static const struct expected day_first[] = {
        {"01/02/2018", "2018-02-01"}, {"01/02/18", "2018-02-01"}, {"02/13/2018", ""}};
    CHECK(academic, .academic = true);
    CHECK(day_first, .day_first = true);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_printed),
        cmocka_unit_test(in_arabic),
        cmocka_unit_test(not_guessed),
        cmocka_unit_test(by_habit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
