/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines counted on squared paper: each expectation is a text written out in boxes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "format/page_layout.h"

static void lines_of_texts(void **state)
{
    (void)state;
    assert_int_equal(layout_lines(TEXT(""), 10), 1);
    assert_int_equal(layout_lines(TEXT("0123456789"), 10), 1);
    assert_int_equal(layout_lines(TEXT("01234 6789"), 10), 1);
    assert_int_equal(layout_lines(TEXT("012345 789a"), 10), 2);
    assert_int_equal(layout_lines(TEXT("Demandes de régularisation"), 15), 2);
    assert_int_equal(layout_lines(TEXT("Demandes de régularisation"), 14), 2); /* 14 letters */
    assert_int_equal(layout_lines(TEXT("a b c d e f"), 1), 6);
    assert_int_equal(layout_lines(TEXT("0123456789abcdefghijk"), 10), 3); /* no space in it */
    assert_int_equal(layout_lines(TEXT("طلبات تسوية الوضعية"), 11), 2);   /* 11 and 7 */
}

static const struct table *parse(struct arena *arena, const char *csv)
{
    struct error error = {0};
    const struct table *t = table_parse(arena, "t", csv, strlen(csv), &error);

    assert_non_null(t);
    return t;
}

static void widths_of_columns(void **state)
{
    struct arena *arena = arena_new();
    struct sheet s;
    uint32_t width[8];

    (void)state;
    sheet_open(&s, TEXT("t"),
               parse(arena,
                     "Pays,Demandes de titres de séjour\n"
                     "République démocratique du Congo,12\n"
                     "Un très long libellé qui ne tient pas dans une seule ligne de page,3\n"),
               NULL, 1);
    layout_columns(&s, width);
    assert_int_equal(width[0], LABEL_WIDTH);
    assert_int_equal(width[1], 14);              /* the header goes over several lines */
    assert_int_equal(layout_head(&s, width), 3); /* Demandes de / titres de / séjour */
    assert_int_equal(layout_row(&s, width, 0), 1);
    assert_int_equal(layout_row(&s, width, 1), 2);
    arena_free(arena);
}

/* Five labels of 45 and three figures do not fit a page: labels give way, not below 14. */
static void page_is_kept(void **state)
{
    struct arena *arena = arena_new();
    struct sheet s;
    uint32_t width[8];

    (void)state;
    sheet_open(&s, TEXT("t"),
               parse(arena, "a,b,c,d,e,f,g,h\n"
                            "0123456789 0123456789 0123456789 0123456789 01,"
                            "0123456789 0123456789 0123456789 0123456789 01,"
                            "0123456789 0123456789 0123456789 0123456789 01,"
                            "0123456789 0123456789 0123456789 0123456789 01,short,1,2,3\n"),
               NULL, 5);
    layout_columns(&s, width);
    assert_true(layout_sum(&s, width) <= PAGE_WIDTH);
    assert_true(layout_sum(&s, width) > PAGE_WIDTH - 2);
    assert_int_equal(width[4], 5);
    for (int c = 0; c < 4; c++)
        assert_in_range(width[c], LEAST_LABEL, LABEL_WIDTH);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_texts),
        cmocka_unit_test(widths_of_columns),
        cmocka_unit_test(page_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
