/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Error localisation against brute force: random rules over three numbers and two texts, whose
 * domains are closed by rules, and every row of a grid of quarters evaluated by the rules
 * themselves.  Cells are whole, so that what lies between two of them is on the grid.  And linear
 * systems whose answers are known by arithmetic.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "table/linear.h"
#include "table/localise.h"

enum { COLUMNS = 5, NUMBERS = 3, STEPS = 13, LETTERS = 3, GRID = 13 * 13 * 13 * 9 };

static const char *const names[COLUMNS] = {"x", "y", "z", "s", "t"};
static const char closed[] = "id,scope,expression\n"
                             "C1,row,x >= 0 and x <= 3\nC2,row,y >= 0 and y <= 3\n"
                             "C3,row,z >= 0 and z <= 3\nC4,row,\"s in ('a','b','c')\"\n"
                             "C5,row,\"t in ('a','b','c')\"\n";

static uint32_t draw(uint64_t *state, uint32_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % below;
}

/* ---- random rules ---- */

static void put_atom(char *out, size_t room, uint64_t *r)
{
    static const char *const order[] = {"<", "<=", "==", ">=", ">", "!="};
    uint32_t first = draw(r, 3), step = 1 + draw(r, 2);
    const char *x = names[first], *y = names[(first + step) % 3],
               *z = names[(first + 2 * step) % 3];
    const char *o = order[draw(r, 6)], *s = names[3 + draw(r, 2)];
    int k = (int)draw(r, 4);
    char letter = (char)('a' + draw(r, 3));
    switch (draw(r, 10)) {
    case 0:
        snprintf(out, room, "number(%s) + %s %s number(%s)", x, y, o, z);
        return;
    case 1:
        snprintf(out, room, "%s - %s %s %d", x, y, o, k - 1);
        return;
    case 2:
        snprintf(out, room, "abs(%s - %s) %s %d", x, y, o, k);
        return;
    case 3:
        snprintf(out, room, "max(%s, %s) %s number(%s)", x, y, o, z);
        return;
    case 4:
        snprintf(out, room, "if(%s == '%c', number(%s), %s) %s %d", s, letter, x, y, o, k);
        return;
    case 5:
        snprintf(out, room, "s %s t", o);
        return;
    case 6:
        snprintf(out, room, "%s in ('%c', 'b')", s, letter);
        return;
    case 7:
        snprintf(out, room, "%s %s '%c'", s, o, letter);
        return;
    default:
        snprintf(out, room, "%s %s %d", x, o, k);
    }
}

static void put_rule(char *out, size_t room, uint64_t *r)
{
    char a[100], b[100], c[100];
    put_atom(a, sizeof a, r);
    put_atom(b, sizeof b, r);
    put_atom(c, sizeof c, r);
    switch (draw(r, 4)) {
    case 0:
        snprintf(out, room, "%s", a);
        return;
    case 1:
        snprintf(out, room, "%s or %s", a, b);
        return;
    case 2:
        snprintf(out, room, "not (%s and (%s or %s))", a, b, c);
        return;
    default:
        snprintf(out, room, "if(%s, %s, %s)", a, b, c);
    }
}

static const struct table *random_rules(struct arena *a, uint64_t *r)
{
    struct error error = {0};
    char *text = arena_alloc(a, 4000), rule[400];
    int len = snprintf(text, 4000, "%s", closed);
    uint32_t rules = 2 + draw(r, 4);
    for (uint32_t i = 0; i < rules; i++) {
        put_rule(rule, sizeof rule, r);
        len += snprintf(text + len, 4000 - (size_t)len, "R%u,row,\"%s\"\n", i, rule);
    }
    const struct table *t = table_parse(a, "rules", text, (size_t)len, &error);
    assert_non_null(t);
    return t;
}

/* ---- brute force ---- */

static struct text grid_text(uint32_t column, uint32_t i)
{
    static const char *const quarters[STEPS] = {
        "0", "0.25", "0.5", "0.75", "1", "1.25", "1.5", "1.75", "2", "2.25", "2.5", "2.75", "3"};
    static const char *const letters[LETTERS] = {"a", "b", "c"};
    return text_of(column < NUMBERS ? quarters[i] : letters[i]);
}

/* Every row of the grid, and what the rules say: 1 where all are satisfied. */
static void grid_judge(const struct rule_set *set, const struct schema *schema, uint8_t *good)
{
    struct arena *a = arena_new();
    struct batch *b = batch_new(a, schema, GRID);
    uint32_t stride = 1;
    for (uint32_t c = 0; c < COLUMNS; c++) {
        uint32_t values = c < NUMBERS ? STEPS : LETTERS;
        struct text *cell = batch_new_text(b, c);
        for (uint32_t i = 0; i < GRID; i++)
            cell[i] = grid_text(c, i / stride % values);
        stride *= values;
    }
    const uint8_t *truth = rules_truth(set, b);
    for (uint32_t i = 0; i < GRID; i++) {
        good[i] = 1;
        for (uint32_t r = 0; r < set->rules; r++)
            good[i] &= truth[(size_t)r * GRID + i] == TRUTH_TRUE;
    }
    arena_free(a);
}

/* The fewest columns in which some good row differs; 0 where there is no good row. */
static uint32_t fewest(const uint8_t *good, const uint32_t *place)
{
    uint32_t best = COLUMNS + 1;
    for (uint32_t i = 0; i < GRID; i++) {
        uint32_t stride = 1, differ = 0;
        for (uint32_t c = 0; c < COLUMNS && good[i]; c++) {
            uint32_t values = c < NUMBERS ? STEPS : LETTERS;
            differ += i / stride % values != place[c];
            stride *= values;
        }
        best = good[i] && differ < best ? differ : best;
    }
    return best > COLUMNS ? 0 : best;
}

static void check_row(const struct localise *l, const struct rule_set *set,
                      const struct schema *schema, const uint8_t *good, uint64_t *r)
{
    struct arena *a = arena_new();
    struct batch *b = batch_new(a, schema, 1);
    struct localised found;
    uint32_t place[COLUMNS];
    for (uint32_t c = 0; c < COLUMNS; c++) {
        place[c] = c < NUMBERS ? 4 * draw(r, 4) : draw(r, LETTERS);
        batch_fill_text(b, c, grid_text(c, place[c]));
    }
    bool broken = localise_row(l, b, rules_truth(set, b), 0, &found);
    uint32_t expected = fewest(good, place);
    assert_int_equal(broken ? found.count : 0, expected);
    if (broken) {
        assert_true(text_equal(found.proof, expected ? TEXT("exact") : TEXT("impossible")));
    }
    arena_free(a);
}

static void test_brute_force(void **state)
{
    static uint8_t good[GRID];
    uint64_t r = 20260101;
    (void)state;
    for (int i = 0; i < 100; i++) {
        struct arena *a = arena_new();
        struct error error = {0};
        struct schema *schema = schema_new(a);
        for (uint32_t c = 0; c < COLUMNS; c++)
            schema_add(schema, text_of(names[c]));
        struct rule_set *set = rule_set_new(a, random_rules(a, &r), schema, ENGLISH, &error);
        if (!set)
            fail_msg("%s", error.message);
        struct localise *l = localise_new(a, set, schema);
        grid_judge(set, schema, good);
        for (int k = 0; k < 4; k++)
            check_row(l, set, schema, good, &r);
        localise_close(l);
        rule_set_close(set);
        arena_free(a);
    }
}

/* ---- linear systems ---- */

static void row_add(struct linear *l, int a, int b, int c, enum relation relation)
{
    struct linear_row *r = &l->row[l->rows++];
    memset(r, 0, sizeof *r);
    r->factor[0] = a;
    r->factor[1] = b;
    r->constant = c;
    r->relation = relation;
}

static enum linear_answer solve(const struct linear *l, struct decimal *value)
{
    struct arena *a = arena_new();
    uint64_t work = 10000;
    enum linear_answer answer = linear_solve(l, a, &work, value);
    arena_free(a);
    return answer;
}

static void test_linear(void **state)
{
    static struct linear l;
    struct decimal v[UNKNOWNS] = {{0}};
    (void)state;
    l = (struct linear){.unknowns = 2}; /* x + y = 10, x - y = 4: 7 and 3 */
    row_add(&l, 1, 1, -10, RELATION_ZERO);
    row_add(&l, 1, -1, -4, RELATION_ZERO);
    assert_int_equal(solve(&l, v), LINEAR_SOME);
    assert_int_equal(v[0].mantissa, 7);
    assert_int_equal(v[1].mantissa, 3);
    assert_true(linear_holds(&l.row[0], v));
    row_add(&l, 1, 0, -7, RELATION_POSITIVE); /* and x > 7 */
    assert_int_equal(solve(&l, v), LINEAR_NONE);
    l = (struct linear){.unknowns = 1}; /* 0 < x < 1: a half, but no whole number */
    row_add(&l, 1, 0, 0, RELATION_POSITIVE);
    row_add(&l, -1, 0, 1, RELATION_POSITIVE);
    assert_int_equal(solve(&l, v), LINEAR_SOME);
    l.integers = 1;
    assert_int_equal(solve(&l, v), LINEAR_NONE);
    l = (struct linear){.unknowns = 1}; /* 3x = 1 has no decimal */
    row_add(&l, 3, 0, -1, RELATION_ZERO);
    assert_int_equal(solve(&l, v), LINEAR_OPEN);
    l = (struct linear){.unknowns = 2, .integers = 2}; /* 2x + 2y = 5: not in whole numbers */
    row_add(&l, 2, 2, -5, RELATION_ZERO);
    row_add(&l, 1, 0, 0, RELATION_NOT_NEGATIVE);
    row_add(&l, 0, 1, 0, RELATION_NOT_NEGATIVE);
    assert_int_equal(solve(&l, v), LINEAR_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_linear),
        cmocka_unit_test(test_brute_force),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
