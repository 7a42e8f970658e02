/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Functions and operators whose first argument is a number, and `not`; finding any function.
 */
#include "table/expression_tree.h"

/* A result that is no number is a fault of the row. */
static union value number_result(struct evaluation *e, struct number n)
{
    if (n.kind == NUMBER_BAD)
        return evaluation_fault(e, NO_ARGUMENT, "the result is too large");
    return value_of_number(n);
}

static union value call_add(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    return number_result(e, number_add(a[0].number, a[1].number));
}

static union value call_subtract(struct evaluation *e, const union value *a, uint32_t count)
{
    if (count == 1)
        return value_of_number(number_negate(a[0].number));
    return number_result(e, number_subtract(a[0].number, a[1].number));
}

static union value call_multiply(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    return number_result(e, number_multiply(a[0].number, a[1].number));
}

static union value call_divide(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    if (number_is_zero(a[1].number))
        return evaluation_fault(e, 1, "division by zero");
    return number_result(e, number_divide(a[0].number, a[1].number));
}

static union value call_modulo(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    if (number_is_zero(a[1].number))
        return evaluation_fault(e, 1, "division by zero");
    return number_result(e, number_modulo(a[0].number, a[1].number));
}

static union value call_round(struct evaluation *e, const union value *a, uint32_t count)
{
    int64_t digits = 0;
    if (count == 2 && !number_integer(a[1].number, -18, 18, &digits))
        return evaluation_fault(e, 1, "round() takes a whole number of digits, -18 to 18");
    return number_result(e, number_round(a[0].number, (int)digits));
}

static union value call_floor(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    return value_of_number(number_floor(a[0].number));
}

static union value call_ceil(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    return value_of_number(number_ceil(a[0].number));
}

static union value call_abs(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    struct number n = a[0].number;
    return value_of_number(number_compare(n, number_of_integer(0)) < 0 ? number_negate(n) : n);
}

static union value call_min(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    uint32_t least = 0;
    for (uint32_t i = 1; i < count; i++)
        if (number_compare(a[i].number, a[least].number) < 0)
            least = i;
    return a[least];
}

static union value call_max(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    uint32_t most = 0;
    for (uint32_t i = 1; i < count; i++)
        if (number_compare(a[i].number, a[most].number) > 0)
            most = i;
    return a[most];
}

/* ---- comparisons: by the first byte of the operator's name and whether = follows it ---- */

static bool holds(const struct evaluation *e, int order)
{
    struct text name = e->node->name;
    bool equal = name.len == 2 && order == 0;
    switch (name.at[0]) {
    case '=':
        return equal;
    case '!':
        return order != 0;
    case '<':
        return order < 0 || equal;
    default:
        return order > 0 || equal;
    }
}

static union value call_compare_numbers(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    return value_of_truth(holds(e, number_compare(a[0].number, a[1].number)));
}

static union value call_compare_texts(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    return value_of_truth(holds(e, text_compare(a[0].text, a[1].text)));
}

static union value call_not(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    return value_of_truth(a[0].truth == TRUTH_FALSE);
}

/* ---- from one type to another ---- */

static union value call_same(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    return a[0];
}

static union value call_number_of_text(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    struct number n = number_of_text(a[0].text);
    return n.kind == NUMBER_BAD ? evaluation_fault(e, 0, "not a number") : value_of_number(n);
}

static union value call_number_of_truth(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    return value_of_number(number_of_integer(a[0].truth == TRUTH_TRUE));
}

static union value call_text_of_number(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    char buffer[NUMBER_TEXT];
    size_t len = number_format(a[0].number, buffer);
    return value_of_text((struct text){arena_copy(e->arena, buffer, len), (uint32_t)len});
}

static union value call_text_of_truth(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    return value_of_text(a[0].truth == TRUTH_TRUE ? TEXT("1") : TEXT("0"));
}

static union value call_is_missing(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    return value_of_truth(text_missing(a[0].text));
}

static union value call_is_number(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    return value_of_truth(number_of_text(a[0].text).kind != NUMBER_BAD);
}

const struct function expression_number_functions[] = {
    {"+", "nn", 2, 2, 'n', 0, call_add},
    {"-", "nn", 1, 2, 'n', 0, call_subtract},
    {"*", "nn", 2, 2, 'n', 0, call_multiply},
    {"/", "nn", 2, 2, 'n', 0, call_divide},
    {"%", "nn", 2, 2, 'n', 0, call_modulo},
    {"==", "tt", 2, 2, 'b', 0, call_compare_texts},
    {"!=", "tt", 2, 2, 'b', 0, call_compare_texts},
    {"<", "tt", 2, 2, 'b', 0, call_compare_texts},
    {"<=", "tt", 2, 2, 'b', 0, call_compare_texts},
    {">", "tt", 2, 2, 'b', 0, call_compare_texts},
    {">=", "tt", 2, 2, 'b', 0, call_compare_texts},
    {"==", "nn", 2, 2, 'b', 0, call_compare_numbers},
    {"!=", "nn", 2, 2, 'b', 0, call_compare_numbers},
    {"<", "nn", 2, 2, 'b', 0, call_compare_numbers},
    {"<=", "nn", 2, 2, 'b', 0, call_compare_numbers},
    {">", "nn", 2, 2, 'b', 0, call_compare_numbers},
    {">=", "nn", 2, 2, 'b', 0, call_compare_numbers},
    {"not", "b", 1, 1, 'b', 0, call_not},
    {"abs", "n", 1, 1, 'n', 0, call_abs},
    {"ceil", "n", 1, 1, 'n', 0, call_ceil},
    {"floor", "n", 1, 1, 'n', 0, call_floor},
    {"is_missing", "x", 1, 1, 'b', FUNCTION_TAKES_MISSING, call_is_missing},
    {"is_number", "x", 1, 1, 'b', 0, call_is_number},
    {"max", "n", 1, MANY_ARGUMENTS, 'n', 0, call_max},
    {"min", "n", 1, MANY_ARGUMENTS, 'n', 0, call_min},
    {"number", "n", 1, 1, 'n', 0, call_same},
    {"number", "t", 1, 1, 'n', 0, call_number_of_text},
    {"number", "b", 1, 1, 'n', 0, call_number_of_truth},
    {"round", "nn", 1, 2, 'n', 0, call_round},
    {"text", "t", 1, 1, 't', 0, call_same},
    {"text", "n", 1, 1, 't', 0, call_text_of_number},
    {"text", "b", 1, 1, 't', 0, call_text_of_truth},
    {0},
};

/* ---- finding a function ---- */

static bool accepts(char letter, enum value_type type)
{
    if (type == TYPE_CELL)
        return letter != 'b';
    return type == TYPE_NOTHING || letter == 'x' || (letter == 'n' && type == TYPE_NUMBER) ||
           (letter == 't' && type == TYPE_TEXT) || (letter == 'b' && type == TYPE_TRUTH);
}

const struct function *function_find(struct text name, enum value_type type)
{
    const struct function *const tables[] = {expression_number_functions, expression_text_functions,
                                             expression_date_functions,
                                             expression_written_functions};
    const struct function *other = NULL;
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        for (const struct function *f = tables[t]; f->name; f++) {
            if (!text_equal(name, text_of(f->name)))
                continue;
            if (accepts(f->parameters[0], type))
                return f;
            other = other ? other : f;
        }
    }
    return other;
}
