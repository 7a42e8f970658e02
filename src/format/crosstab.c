/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See crosstab.h. */
#include "format/crosstab.h"
#include "base/sum.h"

#include <stdlib.h>

struct adder {
    struct sum sum;
    uint32_t status, parts;
    char qualifier;
    bool gap;
};

static void axis_open(struct axis *a, struct arena *arena, uint32_t dimensions)
{
    *a = (struct axis){.arena = arena, .dimensions = dimensions};
    a->code = arena_zarray(arena, dimensions, sizeof(*a->code));
    a->order = arena_zarray(arena, dimensions, sizeof(struct code_order *));
    keys_open(&a->item, arena);
    for (uint32_t d = 0; d < dimensions; d++)
        keys_open(&a->code[d], arena);
}

static uint32_t axis_add(struct axis *a, const struct text *code)
{
    uint32_t number[16], n = a->dimensions < 16 ? a->dimensions : 16;

    for (uint32_t d = 0; d < n; d++)
        number[d] = keys_add(&a->code[d], code[d]);
    return keys_add(&a->item, (struct text){(const char *)number, n * (uint32_t)sizeof(*number)});
}

static uint32_t code_number(const struct axis *a, uint32_t item, uint32_t dimension)
{
    uint32_t number;

    memcpy(&number, a->item.text[item].at + dimension * sizeof(number), sizeof(number));
    return number;
}

struct text axis_code(const struct axis *a, uint32_t item, uint32_t dimension)
{
    return a->code[dimension].text[code_number(a, item, dimension)];
}

static enum code_class item_class(const struct axis *a, uint32_t item)
{
    uint8_t worst = CODE_PLAIN;

    for (uint32_t d = 0; d < a->dimensions; d++) {
        uint8_t kind = a->order[d][code_number(a, item, d)].kind;
        worst = kind > worst ? kind : worst;
    }
    return (enum code_class)worst;
}

static void set_marks(const struct axis *a, struct entry *e)
{
    for (uint32_t d = 0; d < a->dimensions; d++) {
        const struct code_order *order = &a->order[d][code_number(a, e->item, d)];
        e->rate = e->rate || order->rate;
        e->derived = e->derived || order->derived;
    }
}

bool axis_has(const struct axis *a, enum code_class kind)
{
    for (uint32_t d = 0; d < a->dimensions; d++)
        for (uint32_t i = 0; i < a->code[d].count; i++)
            if (a->order[d][i].kind == kind)
                return true;
    return false;
}

void crosstab_open(struct crosstab *t, uint32_t row_dimensions, uint32_t column_dimensions)
{
    *t = (struct crosstab){.arena = arena_new()};
    axis_open(&t->rows, t->arena, row_dimensions);
    axis_open(&t->columns, t->arena, column_dimensions);
    keys_open(&t->place, t->arena);
}

void crosstab_close(struct crosstab *t)
{
    if (t->arena != NULL)
        arena_free(t->arena);
    t->arena = NULL;
}

/* Of two observations for one place the later one is at fault; the earliest of those is told. */
static void take_place(struct crosstab *t, uint32_t place, struct origin new)
{
    struct origin *old = &t->origin[place];
    struct origin first = old->record < new.record ? *old : new;
    struct origin second = old->record < new.record ? new : *old;

    *old = first;
    if (t->second.record == 0 || second.record < t->second.record) {
        t->second = second;
        t->taken = first.record;
    }
}

static void add_place(struct crosstab *t, uint32_t row, uint32_t column, struct cell cell,
                      struct origin origin)
{
    uint32_t at[2] = {row, column}, before = t->place.count;
    uint32_t place = keys_add(&t->place, (struct text){(const char *)at, sizeof(at)});

    if (place < before) {
        take_place(t, place, origin);
        return;
    }
    t->cell = arena_grow(t->arena, t->cell, place, &t->room, sizeof *t->cell);
    t->origin = arena_grow(t->arena, t->origin, place, &t->origins, sizeof *t->origin);
    cell.number = text_copy(t->arena, cell.number);
    t->cell[place] = cell;
    t->origin[place] = origin;
}

void crosstab_add(struct crosstab *t, const struct text *row, const struct text *column,
                  struct cell cell, struct origin origin)
{
    add_place(t, axis_add(&t->rows, row), axis_add(&t->columns, column), cell, origin);
}

void crosstab_restate(struct crosstab *t, uint32_t (*status)(void *data, uint32_t), void *data)
{
    for (uint32_t i = 0; i < t->place.count; i++)
        t->cell[i].status = status(data, t->cell[i].status);
}

/* The numbers here of the items of another axis. */
static uint32_t *axis_merge(struct axis *a, const struct axis *from)
{
    uint32_t *item = arena_array(a->arena, (size_t)from->item.count + 1, sizeof *item);
    struct text code[16];

    for (uint32_t i = 0; i < from->item.count; i++) {
        for (uint32_t d = 0; d < from->dimensions && d < 16; d++)
            code[d] = axis_code(from, i, d);
        item[i] = axis_add(a, code);
    }
    return item;
}

void crosstab_merge(struct crosstab *into, struct crosstab *from)
{
    const uint32_t *row, *column;

    if (into->place.count < from->place.count) {
        struct crosstab less = *into;
        *into = *from;
        *from = less;
    }
    row = axis_merge(&into->rows, &from->rows);
    column = axis_merge(&into->columns, &from->columns);

    for (uint32_t i = 0; i < from->place.count; i++) {
        uint32_t at[2];
        memcpy(at, from->place.text[i].at, sizeof(at));
        add_place(into, row[at[0]], column[at[1]], from->cell[i], from->origin[i]);
    }
    if (from->second.record != 0 &&
        (into->second.record == 0 || from->second.record < into->second.record)) {
        into->second = from->second;
        into->taken = from->taken;
    }
}

/* ---- order ---- */

static int compare_codes(const struct axis *a, uint32_t d, uint32_t x, uint32_t y)
{
    const struct code_order *ox = &a->order[d][x], *oy = &a->order[d][y];

    if (x == y)
        return 0;
    if (ox->kind != oy->kind)
        return ox->kind < oy->kind ? -1 : 1;
    if (ox->position != oy->position)
        return ox->position < oy->position ? -1 : 1;
    return text_compare(a->code[d].text[x], a->code[d].text[y]);
}

/* By the dimensions in turn, so that a subtotal closes its part of the table. */
static int compare_entries(const void *pa, const void *pb)
{
    const struct entry *x = pa, *y = pb;
    int order = 0;

    for (uint32_t d = 0; d < x->axis->dimensions && order == 0; d++)
        order = compare_codes(x->axis, d, code_number(x->axis, x->item, d),
                              code_number(y->axis, y->item, d));
    return order;
}

/* Plain rows, rests, special codes, and behind them groups and totals as one. */
static int rank_class(const struct entry *e)
{
    return e->kind < CODE_GROUP ? e->kind : CODE_GROUP;
}

/* Plain rows by falling rank, then by label; what is not ranked behind them. */
static int compare_ranks(const void *pa, const void *pb)
{
    const struct entry *x = pa, *y = pb;
    int order;

    if (rank_class(x) != rank_class(y))
        return rank_class(x) - rank_class(y);
    if (x->kind != CODE_PLAIN)
        return compare_entries(pa, pb);
    if ((x->rank.kind == NUMBER_EXACT) != (y->rank.kind == NUMBER_EXACT))
        return x->rank.kind == NUMBER_EXACT ? -1 : 1;
    order = x->rank.kind == NUMBER_EXACT ? decimal_compare(y->rank, x->rank) : 0;
    if (order == 0)
        order = text_compare(*x->label, *y->label);
    return order != 0 ? order : compare_entries(pa, pb);
}

/* The items of an axis in order, with room for a made total (and a made rest). */
static uint32_t order_axis(const struct axis *a, const struct text *label, struct entry **out)
{
    uint32_t n = a->item.count;
    struct entry *entry = arena_zarray(a->arena, (size_t)n + 2, sizeof(*entry));

    for (uint32_t i = 0; i < n; i++) {
        entry[i] = (struct entry){.axis = a, .item = i, .kind = (uint8_t)item_class(a, i)};
        set_marks(a, &entry[i]);
        entry[i].label = label == NULL ? NULL : &label[i];
    }
    if (n > 1)
        qsort(entry, n, sizeof(*entry), compare_entries);
    *out = entry;
    return n;
}

/* Plain codes, a published rest and special codes are parts of totals; groups and totals are not.
 */
static bool is_part(const struct entry *e)
{
    return e->kind <= CODE_SPECIAL;
}

static void fill_cells(const struct crosstab *t, const struct plan *plan, struct grid *g)
{
    for (uint32_t r = 0; r < g->rows; r++)
        for (uint32_t c = 0; c < g->columns; c++) {
            uint32_t at[2] = {g->row[r].item, g->column[c].item};
            struct cell *cell = &g->cell[(size_t)r * g->columns + c];
            int64_t place = keys_find(&t->place, (struct text){(const char *)at, sizeof(at)});

            *cell = (struct cell){0};
            if (place != KEYS_NONE)
                *cell = t->cell[place];
            else if (plan->absent_zero && is_part(&g->row[r]) && is_part(&g->column[c]))
                *cell = (struct cell){.state = CELL_NUMBER, .number = TEXT("0")};
        }
}

/* ---- sums ---- */

static char join_qualifiers(char a, char b)
{
    if (a == 0 || a == b)
        return b;
    return b == 0 ? a : '~';
}

static bool add_cell(struct adder *sum, const struct cell *cell)
{
    struct decimal d = {0, 0, NUMBER_MISSING};

    sum->parts++;
    if (cell->state != CELL_NUMBER) {
        sum->gap = true;
        return true;
    }
    d = decimal_parse(cell->number);
    sum->qualifier = join_qualifiers(sum->qualifier, cell->qualifier);
    sum->status = cell->status > sum->status ? cell->status : sum->status;
    return d.kind == NUMBER_EXACT && sum_add(&sum->sum, d);
}

static struct cell adder_cell(const struct adder *sum, struct arena *arena)
{
    char text[SUM_TEXT];
    struct cell cell = {.state = CELL_MISSING};

    if (sum->parts == 0 || sum->gap)
        return cell;
    cell = (struct cell){.state = CELL_NUMBER, .status = sum->status, .qualifier = sum->qualifier};
    cell.number.len = (uint32_t)sum_format(&sum->sum, text);
    cell.number.at = arena_copy(arena, text, cell.number.len);
    return cell;
}

static int too_wide(struct error *e)
{
    return error_set(e, EX_DATAERR, NOWHERE,
                     "a sum needs more digits than exact numbers have: round the values first");
}

/* The sum of the parts of a row. */
static bool add_row(const struct grid *g, uint32_t row, struct adder *sum)
{
    sum->gap = g->row[row].rate || g->column[0].axis->uneven;
    for (uint32_t c = 0; c < g->columns; c++)
        if (is_part(&g->column[c]) && !add_cell(sum, &g->cell[(size_t)row * g->columns + c]))
            return false;
    return true;
}

/* The sum of the parts in rows from..to-1 of a column. */
static bool add_column(const struct grid *g, uint32_t from, uint32_t to, uint32_t column,
                       struct adder *sum)
{
    sum->gap = g->column[column].rate || g->row[0].axis->uneven;
    for (uint32_t r = from; r < to; r++)
        if (is_part(&g->row[r]) && !add_cell(sum, &g->cell[(size_t)r * g->columns + column]))
            return false;
    return true;
}

/* ---- ranking ---- */

/* What a row is ranked by: the sum of its figures that are shown.  A table whose columns are all
 * totals or groups is ranked by the last one. */
static bool rank_row(const struct grid *g, const struct plan *plan, uint32_t row)
{
    const struct cell *cell = &g->cell[(size_t)row * g->columns];
    struct adder sum = {0};
    char text[SUM_TEXT];
    uint32_t used = 0;

    for (uint32_t c = 0; c < g->columns; c++) {
        bool last = c + 1 == g->columns && used == 0;
        if (!is_part(&g->column[c]) && !last)
            continue;
        if (plan->rank_first && used > 0)
            break;
        used++;
        if (cell[c].state == CELL_NUMBER && !add_cell(&sum, &cell[c]))
            return false;
    }
    g->row[row].rank = decimal_missing();
    if (sum.parts > 0)
        g->row[row].rank = decimal_parse((struct text){text, (uint32_t)sum_format(&sum.sum, text)});
    return g->row[row].rank.kind != NUMBER_WIDE;
}

static bool rank_rows(const struct crosstab *t, const struct plan *plan, struct grid *g,
                      struct error *error)
{
    for (uint32_t r = 0; r < g->rows; r++)
        if (!rank_row(g, plan, r))
            return too_wide(error) == 0;
    if (g->rows > 1)
        qsort(g->row, g->rows, sizeof(*g->row), compare_ranks);
    fill_cells(t, plan, g);
    return true;
}

static uint32_t count_kind(const struct grid *g, enum code_class kind)
{
    uint32_t n = 0;

    for (uint32_t r = 0; r < g->rows; r++)
        n += g->row[r].kind == kind;
    return n;
}

/* Rows top..end-1, a published rest among them, become one row, in the place of the first. */
static bool fold_rest(struct crosstab *t, uint32_t top, uint32_t end, struct grid *g,
                      struct error *error)
{
    size_t columns = g->columns;

    for (uint32_t c = 0; c < g->columns; c++) {
        struct adder sum = {0};
        if (!add_column(g, top, end, c, &sum))
            return too_wide(error) == 0;
        g->cell[top * columns + c] = adder_cell(&sum, t->arena);
    }
    g->row[top].made = true; /* its kind stays plain: totals add it */
    memmove(&g->row[top + 1], &g->row[end], (g->rows - end) * sizeof(*g->row));
    memmove(&g->cell[(top + 1) * columns], &g->cell[end * columns],
            (g->rows - end) * columns * sizeof(*g->cell));
    g->rows -= end - top - 1;
    return true;
}

/* ---- totals ---- */

/* `cell` has room for one column more; rows move apart from the last to the first. */
static bool add_total_column(struct crosstab *t, struct grid *g, struct error *error)
{
    uint32_t old = g->columns;
    struct cell *total = arena_array(t->arena, (size_t)g->rows + 1, sizeof(*total));

    for (uint32_t r = 0; r < g->rows; r++) {
        struct adder sum = {0};
        if (!add_row(g, r, &sum))
            return too_wide(error) == 0;
        total[r] = adder_cell(&sum, t->arena);
    }
    for (uint32_t r = g->rows; r-- > 0;) {
        memmove(&g->cell[(size_t)r * (old + 1)], &g->cell[(size_t)r * old], old * sizeof(*total));
        g->cell[(size_t)r * (old + 1) + old] = total[r];
    }
    g->column[g->columns++] = (struct entry){.axis = &t->columns, .kind = CODE_TOTAL, .made = true};
    return true;
}

static bool add_total_row(struct crosstab *t, struct grid *g, struct error *error)
{
    for (uint32_t c = 0; c < g->columns; c++) {
        struct adder sum = {0};
        if (!add_column(g, 0, g->rows, c, &sum))
            return too_wide(error) == 0;
        g->cell[(size_t)g->rows * g->columns + c] = adder_cell(&sum, t->arena);
    }
    g->row[g->rows++] = (struct entry){.axis = &t->rows, .kind = CODE_TOTAL, .made = true};
    return true;
}

bool crosstab_grid(struct crosstab *t, const struct plan *plan, const struct text *label,
                   struct grid *g, struct error *error)
{
    uint32_t plain;

    *g = (struct grid){0};
    g->rows = order_axis(&t->rows, label, &g->row);
    g->columns = order_axis(&t->columns, NULL, &g->column);
    if (((uint64_t)g->rows + 2) * ((uint64_t)g->columns + 1) > CROSSTAB_CELLS)
        return error_set(error, EX_DATAERR, NOWHERE,
                         "the table would have %u rows and %u columns: over %d cells", g->rows,
                         g->columns, CROSSTAB_CELLS) == 0;
    g->cell =
        arena_array(t->arena, ((size_t)g->rows + 2) * ((size_t)g->columns + 1), sizeof(*g->cell));
    fill_cells(t, plan, g);
    if (plan->top > 0 && !rank_rows(t, plan, g, error))
        return false;
    plain = count_kind(g, CODE_PLAIN);
    if (plan->top > 0 && plain > plan->top &&
        !fold_rest(t, plan->top, plain + count_kind(g, CODE_OTHER), g, error))
        return false;
    if (plan->total_column && g->columns > 0 && !axis_has(&t->columns, CODE_TOTAL) &&
        !add_total_column(t, g, error))
        return false;
    if (plan->total_row && g->rows > 0 && !axis_has(&t->rows, CODE_TOTAL) &&
        !add_total_row(t, g, error))
        return false;
    return true;
}
