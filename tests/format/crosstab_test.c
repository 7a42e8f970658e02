/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random tables: ranking, folding and totals of crosstab_grid() against plain 64-bit additions made
 * here; and whole sums stay whole, gaps stay gaps.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "format/crosstab.h"

enum { ROWS = 23, COLUMNS = 5, GAP = -1 };

struct world {
    long long value[ROWS][COLUMNS]; /* GAP: missing */
    struct crosstab table;
    struct text label[ROWS];
};

static void plain_order(struct axis *a)
{
    struct code_order *order = arena_zarray(a->arena, a->code[0].count, sizeof(*order));

    for (uint32_t i = 0; i < a->code[0].count; i++)
        order[i] = (struct code_order){.position = UINT32_MAX};
    a->order[0] = order;
}

static void make_world(struct world *w, unsigned seed, int gaps)
{
    srand(seed);
    crosstab_open(&w->table, 1, 1);
    for (int r = 0; r < ROWS; r++)
        for (int c = 0; c < COLUMNS; c++) {
            char row[16], column[16], number[32];
            struct origin origin = {.record = (uint64_t)(r * COLUMNS + c + 1)};
            struct cell cell = {.state = CELL_NUMBER};
            w->value[r][c] = rand() % 100 < gaps ? GAP : rand() % 5000;
            snprintf(row, sizeof(row), "r%02d", r);
            snprintf(column, sizeof(column), "c%d", c);
            snprintf(number, sizeof(number), "%lld", w->value[r][c]);
            cell.number = text_of(number);
            if (w->value[r][c] == GAP)
                cell = (struct cell){.state = CELL_WITHHELD, .number = {"", 0}};
            struct text codes[2] = {text_of(row), text_of(column)};
            crosstab_add(&w->table, &codes[0], &codes[1], cell, origin);
        }
    for (int r = 0; r < ROWS; r++)
        w->label[r] = w->table.rows.code[0].text[r];
    plain_order(&w->table.rows);
    plain_order(&w->table.columns);
}

static long long cell_value(const struct grid *g, uint32_t row, uint32_t column)
{
    const struct cell *cell = &g->cell[row * g->columns + column];

    return cell->state == CELL_NUMBER ? decimal_parse(cell->number).mantissa : GAP;
}

static long long shown_total(const struct world *w, int row)
{
    long long sum = 0;

    for (int c = 0; c < COLUMNS; c++)
        sum += w->value[row][c] == GAP ? 0 : w->value[row][c];
    return sum;
}

/* The number of rows that must stand before this one. */
static int rank_of(const struct world *w, int row)
{
    int before = 0;

    for (int r = 0; r < ROWS; r++) {
        long long a = shown_total(w, r), b = shown_total(w, row);
        before += a > b || (a == b && r < row);
    }
    return before;
}

static void check_world(unsigned seed, int gaps, uint32_t top)
{
    struct world w;
    struct grid g;
    struct error error = {0};
    struct plan plan = {.top = top, .total_row = true, .total_column = true};
    long long rest[COLUMNS] = {0}, all[COLUMNS] = {0};

    make_world(&w, seed, gaps);
    assert_true(crosstab_grid(&w.table, &plan, w.label, &g, &error));
    assert_int_equal(g.rows, top + 2);
    assert_int_equal(g.columns, COLUMNS + 1);
    for (int r = 0; r < ROWS; r++)
        for (int c = 0; c < COLUMNS; c++) {
            uint32_t rank = (uint32_t)rank_of(&w, r);
            long long v = w.value[r][c];
            if (rank < top)
                assert_int_equal(cell_value(&g, rank, (uint32_t)c), v);
            else
                rest[c] = rest[c] == GAP || v == GAP ? GAP : rest[c] + v;
            all[c] = all[c] == GAP || v == GAP ? GAP : all[c] + v;
        }
    for (uint32_t c = 0; c < COLUMNS; c++) {
        assert_int_equal(cell_value(&g, top, c), rest[c]);
        assert_int_equal(cell_value(&g, top + 1, c), all[c]);
    }
    crosstab_close(&w.table);
}

static void test_against_additions(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 40; seed++)
        check_world(seed, seed % 2 == 0 ? 0 : 4, 1 + seed % (ROWS - 2));
}

static void test_status_and_qualifier(void **state)
{
    static const char *const number[] = {"0.1", "0.2", "1e2"};
    static const char sign[] = {'>', 0, '>'};
    struct crosstab t;
    struct grid g;
    struct error error = {0};
    struct text label[3], codes[] = {TEXT("a"), TEXT("b"), TEXT("c")}, column = TEXT("x");

    (void)state;
    crosstab_open(&t, 1, 1);
    for (uint32_t i = 0; i < 3; i++) {
        struct cell cell = {.state = CELL_NUMBER, .status = i * 10, .qualifier = sign[i]};
        cell.number = text_of(number[i]);
        crosstab_add(&t, &codes[i], &column, cell, (struct origin){.record = i + 1});
        label[i] = codes[i];
    }
    plain_order(&t.rows);
    plain_order(&t.columns);
    assert_true(crosstab_grid(&t, &(struct plan){.total_row = true}, label, &g, &error));
    assert_int_equal(g.cell[3].status, 20);
    assert_int_equal(g.cell[3].qualifier, '>');
    assert_true(text_equal(g.cell[3].number, TEXT("100.3")));
    t.columns.uneven = true; /* columns do not matter to a sum of rows */
    assert_true(crosstab_grid(&t, &(struct plan){.total_row = true}, label, &g, &error));
    assert_int_equal(g.cell[3].state, CELL_NUMBER);
    t.rows.uneven = true;
    assert_true(crosstab_grid(&t, &(struct plan){.total_row = true}, label, &g, &error));
    assert_int_equal(g.cell[3].state, CELL_MISSING);
    crosstab_close(&t);
}

/* Parts of the same observations, merged in either order: the first figure of each place, and the
 * first that stands where another does.  places[i] is where observation i + 1 stands. */
static void test_merge(void **state)
{
    static const char *const places[] = {"a", "b", "c", "b", "d", "a", "e", "c"};
    enum { N = sizeof places / sizeof *places };

    (void)state;
    for (unsigned part = 0; part < 1U << N; part++) {
        struct crosstab t[2];
        struct text column = TEXT("x");
        for (int k = 0; k < 2; k++)
            crosstab_open(&t[k], 1, 1);
        for (unsigned i = 0; i < N; i++) {
            struct text row = text_of(places[i]);
            crosstab_add(&t[part >> i & 1], &row, &column, (struct cell){.number = TEXT("1")},
                         (struct origin){i + 1, {NULL, 10 * (i + 1), 0}});
        }
        crosstab_merge(&t[0], &t[1]);
        assert_int_equal(t[0].place.count, 5);
        assert_int_equal(t[0].second.record, 4);
        assert_int_equal(t[0].second.place.line, 40);
        assert_int_equal(t[0].taken, 2);
        for (uint32_t i = 0; i < 5; i++) {
            char name = axis_code(&t[0].rows, i, 0).at[0];
            assert_int_equal(t[0].origin[i].record, name < 'd'    ? name - 'a' + 1
                                                    : name == 'd' ? 5
                                                                  : 7);
        }
        for (int k = 0; k < 2; k++)
            crosstab_close(&t[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_additions),
        cmocka_unit_test(test_status_and_qualifier),
        cmocka_unit_test(test_merge),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
