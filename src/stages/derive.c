/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * derive: columns computed from the others, one after the other.
 *
 * Each derivation makes a batch with one column more (or one replaced) that shares all the others,
 * so that derive A B is derive A | derive B without the way through a file.
 */
#include "chain/stage.h"

#include "table/expression.h"

struct derivation {
    struct expression *expression;
    const struct schema *schema; /* of what comes out */
    uint32_t column;
};

struct derive {
    struct derivation *list;
    uint32_t count;
};

/* The columns that have been made here are not those of the input, and not to be asked for. */
struct needs {
    struct step *step;
    const bool *made;
};

static const struct option_spec options[] = {
    {"EXPR", OPTION_EXPRESSION, "NAME = EXPR", "the new column and how it is computed",
     OPTION_REQUIRED | OPTION_REPEAT, ""},
    {"FILE", OPTION_INPUT, "FILE", "the records (default: standard input)", 0, ""},
    {.name = ""},
};

static void need(void *with, uint32_t column)
{
    const struct needs *n = with;
    if (!n->made[column])
        step_need(n->step, column);
}

/* The columns of `before`, and the new one behind them unless it is there. */
static const struct schema *widen(struct step *step, const struct schema *before, struct text name,
                                  uint32_t *column)
{
    int found = schema_find(before, name);
    struct schema *s = schema_new(step_arena(step));
    schema_add_all(s, before);
    *column = (uint32_t)(found == NO_COLUMN ? schema_add(s, name) : found);
    return s;
}

static const struct schema *derivation_open(struct step *step, struct derivation *d,
                                            const char *source, const struct schema *before,
                                            bool *made)
{
    struct needs needs = {step, made};
    struct text name;
    struct error *error = step_error(step);
    d->expression = expression_parse_named(step_arena(step), source, &name, error);
    if (!d->expression || expression_bind(d->expression, before, error) != 0)
        return NULL;
    expression_columns(d->expression, need, &needs);
    d->schema = widen(step, before, name, &d->column);
    made[d->column] = true;
    return d->schema;
}

static int derive_open(struct step *step, const struct schema *in, struct schema *out)
{
    struct derive *d = step_state(step);
    const struct schema *last = in;
    uint32_t count = step_option_count(step, "EXPR");
    bool *made = arena_zarray(step_arena(step), in->columns + count, sizeof *made);
    d->list = arena_zarray(step_arena(step), count, sizeof *d->list);
    while (d->count < count && last) {
        const char *source = step_option_nth(step, "EXPR", d->count);
        last = derivation_open(step, &d->list[d->count++], source, last, made);
    }
    if (!last)
        return STEP_FAIL;
    schema_add_all(out, last);
    return STEP_OK;
}

static int derive_push(struct step *step, struct batch *b)
{
    struct derive *d = step_state(step);
    for (uint32_t i = 0; i < d->count; i++) {
        const struct derivation *one = &d->list[i];
        struct batch *out = batch_derive(b, one->schema);
        for (uint32_t c = 0; c < b->schema->columns; c++)
            if (c != one->column)
                batch_share(out, c, b, c);
        if (expression_column(one->expression, b, out, one->column, step_error(step)) != 0)
            return STEP_FAIL;
        b = out;
    }
    return step_emit(step, 0, b);
}

static void derive_close(struct step *step)
{
    struct derive *d = step_state(step);
    for (uint32_t i = 0; i < d->count; i++)
        expression_close(d->list[i].expression);
}

const struct stage stage_derive = {
    .name = "derive",
    .summary = "compute columns from others",
    .details =
        "Each operand 'NAME = EXPR' makes a column NAME, whose value in each row is that of EXPR, "
        "in the expression language that marsad-expressions(7) describes. Where there is a column "
        "of that name it is replaced in its place; else the new one comes last. Operands are "
        "worked through in their order, and each sees the columns that those before it made. A "
        "name with spaces or signs is written in brackets: '[share, %] = round(100 * n / total, "
        "1)'.\n"
        "\n"
        "A condition gives 1 and 0, so that a sum over it counts. A missing cell makes what is "
        "computed from it missing: that is an empty cell. Numbers are exact up to 18 digits and "
        "are written without zeros at the end of a fraction; round(x, n) rounds.\n"
        "\n"
        "Where a number or a date is wanted and the cell is none, or where a divisor is zero, the "
        "run ends with exit code 65 and the place of the row. if(total == 0, missing, n / total) "
        "says what shall be done instead.",
    .example = "printf 'region,n,total\\nOriental,12,48\\nTanger,9,0\\n' | "
               "marsad derive 'rate = if(total == 0, missing, round(100 * n / total, 1))'",
    .options = options,
    .state_size = sizeof(struct derive),
    .open = derive_open,
    .push = derive_push,
    .close = derive_close,
    .flags = STAGE_ROWWISE,
};
