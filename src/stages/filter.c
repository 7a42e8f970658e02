/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * filter: keeps the rows for which a condition is true.
 *
 * Lazy: kept rows are a pick of the batch, and no cell is copied until somebody asks for it; a
 * batch that is kept whole goes on as it came.
 */
#include "chain/stage.h"

#include "table/expression.h"

struct filter {
    struct expression *condition;
};

static const struct option_spec options[] = {
    {"EXPR", OPTION_EXPRESSION, "EXPR", "the condition, as in \"age >= 18 and sex == 'F'\"",
     OPTION_REQUIRED, ""},
    {"FILE", OPTION_INPUT, "FILE", "the records (default: standard input)", 0, ""},
    {.name = ""},
};

static void need(void *step, uint32_t column)
{
    step_need(step, column);
}

static int filter_open(struct step *step, const struct schema *in, struct schema *out)
{
    struct filter *f = step_state(step);
    struct error *error = step_error(step);
    f->condition = expression_parse(step_arena(step), step_option(step, "EXPR"), error);
    if (!f->condition || expression_bind(f->condition, in, error) != 0 ||
        expression_need_truth(f->condition, error) != 0)
        return STEP_FAIL;
    expression_columns(f->condition, need, step);
    schema_add_all(out, in);
    return STEP_OK;
}

static int filter_push(struct step *step, struct batch *b)
{
    struct filter *f = step_state(step);
    uint8_t *truth = arena_array(b->arena, b->rows, sizeof *truth);
    uint32_t *pick = arena_array(b->arena, b->rows, sizeof *pick), kept = 0;
    if (expression_truth(f->condition, b, truth, step_error(step)) != 0)
        return STEP_FAIL;
    for (uint32_t i = 0; i < b->rows; i++)
        if (truth[i] == TRUTH_TRUE)
            pick[kept++] = i;
    step_count(step, COUNT_DROPPED, b->rows - kept);
    if (kept == 0)
        return STEP_OK;
    return step_emit(step, 0, kept == b->rows ? b : batch_pick(b, pick, kept));
}

static void filter_close(struct step *step)
{
    struct filter *f = step_state(step);
    expression_close(f->condition);
}

const struct stage stage_filter = {
    .name = "filter",
    .summary = "keep the rows for which a condition is true",
    .details =
        "EXPR is a condition in the expression language, which marsad-expressions(7) describes: "
        "columns by their names, numbers, texts in quotes, == != < <= > >=, in, and, or, not, and "
        "functions of numbers, texts, dates and periods.\n"
        "\n"
        "A row is kept where the condition is true. It is dropped where the condition is false "
        "and also where it is missing, because a cell that it compares is empty: filter \"sex == "
        "'F'\" and filter \"sex != 'F'\" both drop the rows without a sex; is_missing(sex) finds "
        "them. The number of rows dropped is in the accounts of the run.\n"
        "\n"
        "Where a number is wanted and the cell is none, the run ends with exit code 65 and the "
        "place of the row; if(is_number(age), age >= 18, ...) says what shall be done instead.",
    .example = "printf 'nationality,age\\nSEN,17\\nCIV,34\\nMLI,\\n' | marsad filter 'age >= 18'",
    .options = options,
    .state_size = sizeof(struct filter),
    .open = filter_open,
    .push = filter_push,
    .close = filter_close,
    .flags = STAGE_ROWWISE,
};
