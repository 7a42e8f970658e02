/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The order of keys: the same as comparing byte by byte says, missing cells last.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "table/text_order.h"

enum { KEYS = 20000, ROOM = 40 };

/* Our own words for it, apart from the code: bytes, then length; an empty cell after all others. */
static int compare_plainly(struct text a, struct text b)
{
    uint32_t n = a.len < b.len ? a.len : b.len;
    if (a.len == 0 || b.len == 0)
        return (a.len == 0) - (b.len == 0);
    int order = memcmp(a.at, b.at, n);
    return order ? order : (int)a.len - (int)b.len;
}

static unsigned draw(unsigned *state)
{
    *state = *state * 1103515245u + 12345u;
    return *state >> 16;
}

/* Texts that share beginnings of unlike lengths, some with NULs, some missing. */
static struct text text_draw(unsigned *state, char *room, unsigned kind)
{
    static const char *const begin[] = {"", "MA-", "a long beginning that all share ", "12345678"};
    unsigned n = (unsigned)snprintf(room, ROOM, "%s", begin[kind]);
    unsigned more = draw(state) % 7;
    for (unsigned i = 0; i < more; i++)
        room[n++] = "\0ab1\xc3\xff"[draw(state) % 6];
    return (struct text){room, n};
}

static void check_order(unsigned kind, unsigned columns, unsigned keys)
{
    static char room[2 * KEYS][ROOM];
    static struct text cell[2 * KEYS];
    static uint32_t order[KEYS];
    unsigned state = 7 + kind;
    for (unsigned i = 0; i < keys * columns; i++)
        cell[i] = text_draw(&state, room[i], kind);
    for (unsigned i = 0; i < keys; i++)
        order[i] = i;
    text_order(cell, columns, order, keys);
    static bool seen[KEYS];
    memset(seen, 0, sizeof seen);
    for (unsigned i = 0; i < keys; i++) {
        int way = 0;
        assert_false(seen[order[i]]);
        seen[order[i]] = true;
        for (unsigned k = 0; i && k < columns && way == 0; k++)
            way = compare_plainly(cell[order[i - 1] * columns + k], cell[order[i] * columns + k]);
        assert_true(way <= 0);
    }
}

static void test_order(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < 4; kind++)
        for (unsigned columns = 1; columns < 3; columns++)
            for (unsigned keys = 0; keys <= KEYS; keys = keys * 3 + 1)
                check_order(kind, columns, keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
