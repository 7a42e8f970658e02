/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of columns: found, refused where they are taken or empty, however many there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "table/schema.h"

enum { MANY = 16000 };

static struct text name_of(unsigned i, char name[16])
{
    snprintf(name, 16, "c%u", i);
    return text_of(name);
}

static void test_many(void **state)
{
    struct arena *a = arena_new();
    struct schema *s = schema_new(a);
    char name[16];
    (void)state;
    for (unsigned i = 0; i < MANY; i++) {
        assert_int_equal(schema_find(s, name_of(i, name)), NO_COLUMN);
        assert_int_equal(schema_add(s, name_of(i, name)), i);
        assert_int_equal(schema_add(s, name_of(i / 2, name)), NO_COLUMN);
        assert_int_equal(schema_find(s, name_of(i / 3, name)), i / 3);
    }
    assert_int_equal(schema_find(s, TEXT("c")), NO_COLUMN);
    assert_int_equal(schema_add(s, TEXT("")), NO_COLUMN);
    assert_int_equal(s->columns, MANY);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_many)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
