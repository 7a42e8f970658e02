/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guesses from a sample that ends in the middle of a line, with nothing readable behind it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "format/sniff_sample.h"

static int header_of(const char *bytes)
{
    struct arena *a = arena_new();
    struct text sample = text_of(bytes);
    const char *evidence;
    char *copy = malloc(sample.len); /* of this very size: the sanitizers see a byte too many */
    memcpy(copy, sample.at, sample.len);
    sample.at = copy;
    struct sniff_grid grid = sniff_cut(a, sample, ',');
    int line = sniff_header(a, &grid, false, &evidence);
    free(copy);
    arena_free(a);
    return line;
}

static void test_header(void **state)
{
    (void)state;
    assert_int_equal(header_of("country,2014,2015\nSEN,3,4\nMLI,5,6"), 1); /* years are names */
    assert_int_equal(header_of("country,n\nSEN,2014"), 1);
    assert_int_equal(header_of("1,2\n3,4\n5,6"), 0);
    header_of("1"); /* whatever it says */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_header)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
