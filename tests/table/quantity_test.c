/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantities as the press prints them, against what a reader takes them for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "table/fold.h"
#include "table/quantity.h"
#include "table/quantity_phrase.h"
#include "table/reference.h"

/* `qualifier value unit currency`, a ratio as a:b; "" where nothing is read. */
struct expected {
    const char *text, *parts;
};

static void print_decimal(char **out, struct decimal d)
{
    *out += decimal_format(d, *out);
}

static void print_parts(const struct quantity *q, char *out)
{
    out += sprintf(out, "%s", q->qualifier);
    if (q->value.kind == NUMBER_MISSING) {
        print_decimal(&out, q->numerator);
        *out++ = ':';
        print_decimal(&out, q->denominator);
    } else {
        print_decimal(&out, q->value);
    }
    out += sprintf(out, "%s%s%s%s", *q->unit ? " " : "", q->unit, *q->currency ? " " : "",
                   q->currency);
    *out = '\0';
}

static void check(const struct expected *e, size_t count, enum custom custom)
{
    int bad = 0;
    for (size_t i = 0; i < count; i++) {
        struct quantity q;
        char got[400] = "";
        if (quantity_read(text_of(e[i].text), custom, &q))
            print_parts(&q, got);
        if (strcmp(got, e[i].parts) == 0)
            continue;
        print_error("%s: \"%s\", not \"%s\"\n", e[i].text, got, e[i].parts);
        bad++;
    }
    assert_int_equal(bad, 0);
}

#define CHECK(list, custom) check(list, sizeof(list) / sizeof *(list), custom)

static void numbers(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"27130", "27130"},
        {"27 130", "27130"},
        {"27\u00a0130", "27130"},
        {"27\u202f130", "27130"},
        {"27.130", "27130"},
        {"50.000", "50000"},
        {"1.234.567", "1234567"},
        {"1,234,567", "1234567"},
        {"1.234.567,8", "1234567.8"},
        {"1,234.5", "1234.5"},
        {"1 234,5", "1234.5"},
        {"12'500", "12500"},
        {"83,53", "83.53"},
        {"24.15", "24.15"},
        {"0,123", "0.123"},
        {"1234,567", "1234.567"},
        {"-5", "-5"},
        {"٢٧١٣٠", "27130"},
        {"٢٧٬١٣٠", "27130"},
        {"٨٣٫٥٣", "83.53"},
        {"35,510", ""},
        {"27 13", ""},
        {"27  130", ""},
        {"2018 500", ""},
        {"1.23.456", ""},
        {"1.234 567", ""},
        {"012.345", ""},
        {"1,", ""},
        {"12 345 678 901 234 567 890", ""},
        {"", ""},
        {"200 à 300", ""},
        {"10-15", ""},
        {"x", ""},
        {"#", ""},
    };
    CHECK(cases, CUSTOM_NONE);
    static const struct expected french[] = {{"35,510", "35.51"}, {"50.000", "50000"}};
    static const struct expected english[] = {
        {"35,510", "35510"}, {"50.000", "50"}, {"1.5 billion", "1500000000"}};
    CHECK(french, CUSTOM_FRENCH);
    CHECK(english, CUSTOM_ENGLISH);
}

static void with_words(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"plus de 50.000", ">50000"},
        {"Plus de 50 000 migrants", ">50000 PS"},
        {"environ 1 500", "~1500"},
        {"au moins 100 personnes", ">100 PS"},
        {"près de 700", "~700"},
        {"près d'un millier", "~1000"},
        {"moins de 30", "<30"},
        {"quelque 200 réseaux", "~200 NETWORKS"},
        {"une centaine", "~100"},
        {"une dizaine de migrants", "~10 PS"},
        {"un millier", "~1000"},
        {"plus d'une centaine de personnes", ">100 PS"},
        {"deux millions", "2000000"},
        {"35 millions d'euros", "35000000 EUR EUR"},
        {"35 millions d’euros", "35000000 EUR EUR"},
        {"7 MDH", "7000000 MAD MAD"},
        {"10,5 MDH", "10500000 MAD MAD"},
        {"1,2 milliard", "1200000000"},
        {"1,2 milliard de dirhams", "1200000000 MAD MAD"},
        {"environ 2,5 M€", "~2500000 EUR EUR"},
        {"EUR 35 million", "35000000 EUR EUR"},
        {"350 DH", "350 MAD MAD"},
        {"83,53 %", "83.53 PT"},
        {"83,53%", "83.53 PT"},
        {"5 pour cent", "5 PT"},
        {"15/16", "15:16"},
        {"15 sur 16", "15:16"},
        {"أكثر من 50 ألف", ">50000"},
        {"حوالي ٣٠٠ مهاجر", "~300 PS"},
        {"نحو 35 مليون أورو", "~35000000 EUR EUR"},
        {"٨٣٫٥ في المائة", "83.5 PT"},
        {"ما لا يقل عن 100 شخص", ">100 PS"},
        {"300 environ", "~300"},
        {"> 500", ">500"},
        {"≈ 500", "~500"},
        {"15/0", ""},
        {"15/16/17", ""},
        {"des centaines", ""},
        {"plusieurs", ""},
        {"35 dollars", ""},
        {"27 130 en 2018", ""},
        {"plus de moins de 30", ""},
        {"une", ""},
        {"centaine", ""},
        {"1,5 billion", ""},
        {"12.345 %", ""},
        {"7 MDH MDH", ""},
        {"plus de", ""},
    };
    CHECK(cases, CUSTOM_NONE);
}

/* Phrases are written folded, word by word, and units are codes of the list. */
static void phrases(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct error error = {0};
    int bad = 0;
    const struct table *units = reference_table(a, "unit", &error);
    assert_non_null(units);
    for (unsigned i = 0; phrase_at(i); i++) {
        const struct phrase *p = phrase_at(i);
        struct text rest = text_of(p->words), word;
        while (text_next(&rest, ' ', &word)) {
            char buffer[FOLD_TEXT];
            struct text folded = fold_text(word, buffer);
            if (folded.len && !text_equal(folded, word)) {
                print_error("%s: folds to %.*s\n", p->words, (int)folded.len, folded.at);
                bad++;
            }
        }
        if (p->kind != PHRASE_UNIT && p->kind != PHRASE_MONEY)
            continue;
        bool found = false;
        for (uint32_t row = 0; row < units->rows && !found; row++)
            found = text_equal(table_cell(units, row, 0), text_of(p->code));
        assert_true(found);
    }
    assert_int_equal(bad, 0);
    arena_free(a);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(with_words),
        cmocka_unit_test(phrases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
