/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Evaluation, a node at a time over the rows that matter.
 *
 * Each node is computed for a selection of rows in ascending order.  The branches of if(), the
 * right side of and/or and the later arguments of coalesce() get only the rows that reach them, so
 * what is not used cannot fail.  A fault does not stop the batch: it is kept where its row comes
 * before that of the fault already kept, so that what is reported does not depend on batches.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "table/expression_tree.h"

static struct vector evaluate(struct evaluation *, const struct node *, const uint32_t *rows,
                              uint32_t count);

/* ---- faults ---- */

/* The column that the fault is in: the node itself, or the argument of its call. */
static const struct node *column_of(const struct node *n, uint32_t argument)
{
    if (argument < n->children)
        n = n->child[argument];
    return n->kind == NODE_COLUMN || n->kind == NODE_READ ? n : NULL;
}

static void keep_fault(struct evaluation *e, uint32_t argument, const char *message)
{
    const struct node *column = column_of(e->node, argument);
    const char *near = expression_near(e->arena, e->expression->source, e->node->at);
    struct place place = NOWHERE;
    e->fault = (struct error){0};
    if (e->batch)
        place = batch_place(e->batch, e->row, column ? column->column : 0);
    if (!column)
        place.column = 0;
    e->fault_row = e->row;
    if (column)
        error_set(&e->fault, EX_DATAERR, place, "column \"%.*s\": %s%s", (int)column->name.len,
                  column->name.at, message, near);
    else
        error_set(&e->fault, EX_DATAERR, place, "%s%s", message, near);
}

union value evaluation_fault(struct evaluation *e, uint32_t argument, const char *format, ...)
{
    char message[300];
    va_list list;
    if (e->row < e->fault_row) {
        va_start(list, format);
        vsnprintf(message, sizeof message, format, list);
        va_end(list);
        keep_fault(e, argument, message);
    }
    return value_missing(e->node->type);
}

/* ---- leaves ---- */

static union value *new_values(struct evaluation *e)
{
    return arena_array(e->arena, e->rows, sizeof(union value));
}

static struct vector whole(const union value *at)
{
    return (struct vector){at, UINT32_MAX};
}

static const union value *value_at(struct vector v, uint32_t row)
{
    return &v.at[row & v.mask];
}

static union value read_cell(struct evaluation *e, const struct node *n, struct decimal d)
{
    struct number number = d.kind == NUMBER_EXACT || d.kind == NUMBER_MISSING
                               ? number_of_decimal(d)
                               : number_of_text(batch_text(e->batch, n->column)[e->row]);
    if (number.kind != NUMBER_BAD)
        return value_of_number(number);
    e->node = n;
    return evaluation_fault(e, NO_ARGUMENT, "not a number");
}

static struct vector evaluate_read(struct evaluation *e, const struct node *n, const uint32_t *rows,
                                   uint32_t count)
{
    const struct decimal *cell = batch_decimal(e->batch, n->column);
    union value *out = new_values(e);
    for (uint32_t i = 0; i < count; i++) {
        e->row = rows[i];
        out[e->row] = read_cell(e, n, cell[e->row]);
    }
    return whole(out);
}

/* ---- calls ---- */

/* The arguments of one row; false where one is missing. */
static bool gather(const struct node *n, const struct vector *from, uint32_t row, union value *to)
{
    bool present = true;
    for (uint32_t i = 0; i < n->children; i++) {
        to[i] = *value_at(from[i], row);
        present &= !value_is_missing(&to[i], n->child[i]->type);
    }
    return present;
}

static struct vector evaluate_call(struct evaluation *e, const struct node *n, const uint32_t *rows,
                                   uint32_t count)
{
    const struct function *f = n->function;
    struct vector *from = arena_array(e->arena, n->children, sizeof *from);
    union value *argument = arena_array(e->arena, n->children, sizeof *argument);
    union value *out = new_values(e);
    for (uint32_t i = 0; i < n->children; i++)
        from[i] = evaluate(e, n->child[i], rows, count);
    e->node = n;
    for (uint32_t i = 0; i < count; i++) {
        e->row = rows[i];
        bool present = gather(n, from, e->row, argument);
        if (present || f->flags & FUNCTION_TAKES_MISSING)
            out[e->row] = f->call(e, argument, n->children);
        else
            out[e->row] = value_missing(n->type);
    }
    return whole(out);
}

static int compare_numbers(const void *a, const void *b)
{
    return number_compare(((const union value *)a)->number, ((const union value *)b)->number);
}

static int compare_texts(const void *a, const void *b)
{
    return text_compare(((const union value *)a)->text, ((const union value *)b)->text);
}

value_order *value_order_of(unsigned type)
{
    return type == TYPE_NUMBER ? compare_numbers : compare_texts;
}

static struct vector evaluate_in(struct evaluation *e, const struct node *n, const uint32_t *rows,
                                 uint32_t count)
{
    unsigned type = n->child[0]->type;
    value_order *order = value_order_of(type);
    struct vector from = evaluate(e, n->child[0], rows, count);
    union value *out = new_values(e);
    for (uint32_t i = 0; i < count; i++) {
        const union value *v = value_at(from, rows[i]);
        if (value_is_missing(v, type))
            out[rows[i]] = value_missing(TYPE_TRUTH);
        else
            out[rows[i]] = value_of_truth(bsearch(v, n->list, n->listed, sizeof *v, order));
    }
    return whole(out);
}

/* ---- what takes only some rows further ---- */

/* The rows whose truth is `wanted`, or is not. */
static uint32_t *choose(struct evaluation *e, struct vector truth, unsigned wanted, bool is,
                        const uint32_t *rows, uint32_t count, uint32_t *chosen)
{
    uint32_t *out = arena_array(e->arena, count, sizeof *out);
    *chosen = 0;
    for (uint32_t i = 0; i < count; i++)
        if ((value_at(truth, rows[i])->truth == wanted) == is)
            out[(*chosen)++] = rows[i];
    return out;
}

static void copy_rows(union value *out, struct vector from, const uint32_t *rows, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        out[rows[i]] = *value_at(from, rows[i]);
}

/* Kleene: false decides `and`, true decides `or`; else a missing side leaves it missing. */
static struct vector evaluate_logic(struct evaluation *e, const struct node *n, unsigned decides,
                                    const uint32_t *rows, uint32_t count)
{
    uint32_t open;
    struct vector left = evaluate(e, n->child[0], rows, count);
    uint32_t *rest = choose(e, left, decides, false, rows, count, &open);
    struct vector right = evaluate(e, n->child[1], rest, open);
    union value *out = new_values(e);
    copy_rows(out, left, rows, count);
    for (uint32_t i = 0; i < open; i++) {
        unsigned a = value_at(left, rest[i])->truth, b = value_at(right, rest[i])->truth;
        out[rest[i]].truth = (uint8_t)(b == decides || a != TRUTH_MISSING ? b : TRUTH_MISSING);
    }
    return whole(out);
}

static struct vector evaluate_if(struct evaluation *e, const struct node *n, const uint32_t *rows,
                                 uint32_t count)
{
    struct vector condition = evaluate(e, n->child[0], rows, count);
    union value *out = new_values(e);
    for (uint32_t i = 0; i < count; i++)
        out[rows[i]] = value_missing(n->type);
    for (uint32_t branch = 1; branch <= 2; branch++) {
        uint32_t taken;
        unsigned wanted = branch == 1 ? TRUTH_TRUE : TRUTH_FALSE;
        uint32_t *some = choose(e, condition, wanted, true, rows, count, &taken);
        copy_rows(out, evaluate(e, n->child[branch], some, taken), some, taken);
    }
    return whole(out);
}

static struct vector evaluate_coalesce(struct evaluation *e, const struct node *n,
                                       const uint32_t *rows, uint32_t count)
{
    union value *out = new_values(e);
    uint32_t *rest = arena_array(e->arena, count, sizeof *rest), open = count;
    if (count)
        memcpy(rest, rows, count * sizeof *rest);
    for (uint32_t i = 0; i < n->children; i++) {
        struct vector from = evaluate(e, n->child[i], rest, open);
        copy_rows(out, from, rest, open);
        uint32_t still = 0;
        for (uint32_t k = 0; k < open; k++)
            if (value_is_missing(&out[rest[k]], n->type))
                rest[still++] = rest[k];
        open = still;
    }
    return whole(out);
}

static struct vector evaluate(struct evaluation *e, const struct node *n, const uint32_t *rows,
                              uint32_t count)
{
    switch (n->kind) {
    case NODE_CONSTANT:
        return (struct vector){&n->value, 0};
    case NODE_COLUMN: /* only cells are read from it, whose form is text */
        return whole((const union value *)batch_text(e->batch, n->column));
    case NODE_READ:
        return evaluate_read(e, n, rows, count);
    case NODE_IN:
        return evaluate_in(e, n, rows, count);
    case NODE_AND:
        return evaluate_logic(e, n, TRUTH_FALSE, rows, count);
    case NODE_OR:
        return evaluate_logic(e, n, TRUTH_TRUE, rows, count);
    case NODE_IF:
        return evaluate_if(e, n, rows, count);
    case NODE_COALESCE:
        return evaluate_coalesce(e, n, rows, count);
    default:
        return evaluate_call(e, n, rows, count);
    }
}

/* ---- the expression as a whole ---- */

void expression_fold(struct expression *x, struct node *n)
{
    static const uint32_t row = 0;
    if (n->kind == NODE_COLUMN || n->kind == NODE_CONSTANT)
        return;
    for (uint32_t i = 0; i < n->children; i++)
        if (n->child[i]->kind != NODE_CONSTANT || n->child[i]->type == TYPE_NOTHING)
            return;
    struct evaluation e = {.expression = x, .arena = x->arena, .rows = 1};
    e.fault_row = UINT32_MAX;
    union value v = *evaluate(&e, n, &row, 1).at;
    if (e.fault_row != UINT32_MAX)
        return;
    n->kind = NODE_CONSTANT;
    n->value = v;
    n->children = 0;
}

bool expression_node_value(const struct expression *x, const struct node *n, const struct batch *b,
                           union value *out)
{
    static const uint32_t row = 0;
    struct evaluation e = {.expression = x, .batch = b, .arena = b->arena, .rows = 1};
    e.fault_row = UINT32_MAX;
    *out = *evaluate(&e, n, &row, 1).at;
    return e.fault_row == UINT32_MAX;
}

static struct vector evaluate_all(const struct expression *x, const struct batch *b,
                                  struct error *error, int *status)
{
    struct evaluation e = {.expression = x, .batch = b, .arena = b->arena, .rows = b->rows};
    uint32_t *rows = arena_array(b->arena, b->rows, sizeof *rows);
    for (uint32_t i = 0; i < b->rows; i++)
        rows[i] = i;
    e.fault_row = UINT32_MAX;
    struct vector v = evaluate(&e, x->root, rows, b->rows);
    *status = 0;
    if (e.fault_row != UINT32_MAX)
        *status = error_set(error, e.fault.code, e.fault.place, "%s", e.fault.message);
    return v;
}

int expression_truth(const struct expression *x, const struct batch *b, uint8_t *out,
                     struct error *error)
{
    int status;
    struct vector v = evaluate_all(x, b, error, &status);
    for (uint32_t i = 0; i < b->rows && status == 0; i++)
        out[i] = value_at(v, i)->truth;
    return status;
}

static void put_texts(struct batch *out, uint32_t column, struct vector v)
{
    struct text *cell = batch_new_text(out, column);
    for (uint32_t i = 0; i < out->rows; i++)
        cell[i] = value_at(v, i)->text;
}

static void put_truths(struct batch *out, uint32_t column, struct vector v)
{
    static const struct text words[] = {
        [TRUTH_FALSE] = {"0", 1}, [TRUTH_TRUE] = {"1", 1}, [TRUTH_MISSING] = {"", 0}};
    struct text *cell = batch_new_text(out, column);
    for (uint32_t i = 0; i < out->rows; i++)
        cell[i] = words[value_at(v, i)->truth];
}

/* As decimals where all of them are, else as texts; to a reader they are the same. */
static void put_numbers(struct batch *out, uint32_t column, struct vector v)
{
    char buffer[NUMBER_TEXT];
    uint32_t wide = 0;
    for (uint32_t i = 0; i < out->rows; i++)
        wide += value_at(v, i)->number.kind == NUMBER_WIDE;
    if (wide == 0) {
        struct decimal *cell = batch_new_decimal(out, column);
        for (uint32_t i = 0; i < out->rows; i++) {
            struct number n = value_at(v, i)->number;
            cell[i] = (struct decimal){n.mantissa, n.scale, n.kind};
        }
        return;
    }
    struct text *cell = batch_new_text(out, column);
    for (uint32_t i = 0; i < out->rows; i++) {
        size_t len = number_format(value_at(v, i)->number, buffer);
        cell[i] = (struct text){arena_copy(out->arena, buffer, len), (uint32_t)len};
    }
}

int expression_column(const struct expression *x, const struct batch *in, struct batch *out,
                      uint32_t column, struct error *error)
{
    int status;
    if (x->root->kind == NODE_COLUMN) {
        batch_share(out, column, in, x->root->column);
        return 0;
    }
    struct vector v = evaluate_all(x, in, error, &status);
    if (status != 0)
        return status;
    if (x->root->type == TYPE_NUMBER)
        put_numbers(out, column, v);
    else if (x->root->type == TYPE_TRUTH)
        put_truths(out, column, v);
    else
        put_texts(out, column, v);
    return 0;
}
