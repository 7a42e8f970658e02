/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paragraphs under a table, written out by hand from its notes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "format/page_notes.h"

static const char notes_csv[] = "kind,key,fr,ar,en\n"
                                "mark,:,manquant,غير متوفر,missing\n"
                                "mark,c,secret,محجوب,withheld\n"
                                "note,,première,,first\n"
                                "source,HCP,HCP : bilan,HCP: bilan,HCP: report\n"
                                "source,HCP,HCP : enquête,HCP: enquête,HCP: survey\n"
                                "source,MI,MI : bilan,MI: bilan,MI: report\n"
                                "vintage,HCP 2018,HCP : 2018,HCP: 2018,HCP: 2018\n";

static void add(void *to, struct text t)
{
    struct bytes *out = to;

    bytes_text(out, t);
    bytes_char(out, '\n', 1);
}

static void expect(const char *csv, enum language language, const char *paragraphs)
{
    struct arena *arena = arena_new();
    struct error error = {0};
    struct sheet s = {.notes = table_parse(arena, "n", csv, strlen(csv), &error)};
    struct bytes out = {0};

    assert_non_null(s.notes);
    page_notes(&s, language, add, &out);
    bytes_char(&out, '\0', 1);
    assert_string_equal(out.at, paragraphs);
    bytes_free(&out);
    arena_free(arena);
}

static void paragraphs(void **state)
{
    (void)state;
    expect(notes_csv, FRENCH,
           "Sources : HCP : bilan ; enquête ; MI : bilan\n"
           "Date des données : HCP : 2018\n"
           "Signes : : = manquant ; c = secret\n"
           "Note : première\n");
    expect(notes_csv, ENGLISH,
           "Sources: HCP: report; survey; MI: report\n"
           "Data as of: HCP: 2018\n"
           "Marks: : = missing; c = withheld\n"
           "Note: first\n");
}

static void what_the_table_shows(void **state)
{
    char csv[1024];

    (void)state;
    strcpy(csv, notes_csv);
    strcat(csv, "shown,source,,,\n");
    expect(csv, FRENCH,
           "Date des données : HCP : 2018\nSignes : : = manquant ; c = secret\nNote : première\n");
    strcat(csv, "shown,as_of,,,\n");
    expect(csv, FRENCH, "Signes : : = manquant ; c = secret\nNote : première\n");
}

static void many_notes(void **state)
{
    char csv[1024] = "kind,key,fr,ar,en\n", expected[1024] = "";

    (void)state;
    for (int i = 0; i < PAGE_NOTES + 2; i++) {
        char text[8] = {'n', (char)('a' + i), '\0'};
        strcat(strcat(strcat(csv, "note,,"), text), ",,\n");
        if (i < PAGE_NOTES)
            strcat(strcat(strcat(expected, "Note : "), text), "\n");
    }
    strcat(expected, "Suite des notes : dernière feuille\n");
    expect(csv, FRENCH, expected);
}

static void no_notes(void **state)
{
    (void)state;
    expect("kind,key,fr,ar,en\n", FRENCH, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paragraphs),
        cmocka_unit_test(what_the_table_shows),
        cmocka_unit_test(many_notes),
        cmocka_unit_test(no_notes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
