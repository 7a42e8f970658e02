/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every name of the list `nationality`, and every alias, is its own code or ambiguous: never wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "table/codelist.h"
#include "table/reference.h"

struct lists {
    struct arena *arena;
    const struct table *list, *alias;
    struct codelist *codes;
};

static struct lists open_lists(void)
{
    struct lists l = {.arena = arena_new()};
    struct error error = {0};
    l.list = reference_table(l.arena, "nationality", &error);
    l.alias = reference_table(l.arena, "nationality-alias", &error);
    l.codes = codelist_new(l.arena, l.list, l.alias, NULL, &error);
    assert_non_null(l.codes);
    return l;
}

static bool is_candidate(const struct lists *l, struct text name, struct text code)
{
    struct text all = codelist_candidates(l->codes, name, l->arena), item;
    while (text_next(&all, '|', &item))
        if (text_equal(item, code))
            return true;
    return false;
}

/* Adds one to *plain where the text is the code; fails where it is another, or not known. */
static void check(const struct lists *l, struct text name, struct text code, uint32_t *plain)
{
    struct text got;
    enum match m = codelist_resolve(l->codes, name, &got);
    if (m == MATCH_AMBIGUOUS && is_candidate(l, name, code))
        return;
    if (m == MATCH_UNKNOWN || m == MATCH_AMBIGUOUS || !text_equal(got, code))
        fail_msg("%.*s is %s %.*s, not %.*s", (int)name.len, name.at, match_name(m).at,
                 (int)got.len, got.at, (int)code.len, code.at);
    ++*plain;
}

/* Capitals, as forms are filled in by hand. */
static struct text shout(struct arena *arena, struct text t)
{
    char *out = arena_copy(arena, t.at, t.len);
    for (uint32_t i = 0; i < t.len; i++)
        if (out[i] >= 'a' && out[i] <= 'z')
            out[i] = (char)(out[i] - 32);
    return (struct text){out, t.len};
}

static void names(void **state)
{
    (void)state;
    struct lists l = open_lists();
    uint32_t plain = 0, members = 0;
    int kind = schema_find(l.list->schema, TEXT("kind"));
    for (uint32_t row = 0; row < l.list->rows; row++) {
        static const char *const labels[] = {"fr", "ar", "en"};
        struct text code = table_cell(l.list, row, 0);
        members += text_equal(table_get(l.list, row, kind), TEXT("country"));
        check(&l, code, code, &plain);
        for (int i = 0; i < 3; i++) {
            int column = schema_find(l.list->schema, text_of(labels[i]));
            struct text name = table_get(l.list, row, column);
            check(&l, name, code, &plain);
            check(&l, shout(l.arena, name), code, &plain);
        }
    }
    assert_in_range(members, 193, 197); /* the members of the UN and its observers */
    assert_int_equal(plain, 7 * l.list->rows);
    arena_free(l.arena);
}

static void aliases(void **state)
{
    (void)state;
    struct lists l = open_lists();
    uint32_t plain = 0;
    for (uint32_t row = 0; row < l.alias->rows; row++) {
        struct text name = table_cell(l.alias, row, 0), code = table_cell(l.alias, row, 1);
        check(&l, name, code, &plain);
        check(&l, shout(l.arena, name), code, &plain);
    }
    assert_true(plain > 2 * l.alias->rows / 100 * 90); /* the ambiguous ones are few */
    arena_free(l.arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(aliases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
