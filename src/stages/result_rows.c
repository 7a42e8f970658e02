/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stages/result_rows.h"

#include <math.h>

struct result_rows {
    struct arena *arena;
    uint32_t count, room, columns;
    struct text *cell; /* room x columns */
};

struct result_rows *result_rows_new(struct step *step)
{
    struct result_rows *r = arena_zalloc(step_arena(step), sizeof *r);
    r->arena = arena_new();
    r->room = step_batch_rows(step);
    r->columns = step_out(step)->columns;
    r->cell = arena_array(step_arena(step), (size_t)r->room * r->columns, sizeof *r->cell);
    return r;
}

void result_rows_free(struct result_rows *r)
{
    if (r)
        arena_free(r->arena);
}

struct text *result_row(struct result_rows *r)
{
    struct text *cell = r->cell + (size_t)r->count * r->columns;
    memset(cell, 0, r->columns * sizeof *cell);
    return cell;
}

int result_row_done(struct step *step, struct result_rows *r)
{
    r->count++;
    return r->count == r->room ? result_rows_flush(step, r) : STEP_OK;
}

int result_rows_flush(struct step *step, struct result_rows *r)
{
    if (r->count == 0)
        return STEP_OK;
    struct batch *b = step_batch(step, step_out(step), r->count);
    for (uint32_t c = 0; c < r->columns; c++) {
        struct text *to = batch_new_text(b, c);
        for (uint32_t i = 0; i < r->count; i++)
            to[i] = text_copy(b->arena, r->cell[(size_t)i * r->columns + c]);
    }
    step_count(step, COUNT_MADE, r->count);
    r->count = 0;
    arena_reset(r->arena);
    return step_emit(step, 0, b);
}

struct text result_number(struct result_rows *r, double value)
{
    char out[REAL_TEXT];
    if (!isfinite(value))
        return TEXT("");
    size_t n = real_format(value, out);
    return (struct text){arena_copy(r->arena, out, n), (uint32_t)n};
}

struct text result_text(struct result_rows *r, struct text t)
{
    return text_copy(r->arena, t);
}

int result_columns(struct step *step, struct schema *out, const char *const *names, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (schema_add(out, text_of(names[i])) == NO_COLUMN)
            return step_fail(step, EX_USAGE, NOWHERE,
                             "--by: '%s' is a column of the result; rename that of the input",
                             names[i]);
    return STEP_OK;
}

struct text result_group(struct step *step, uint32_t column, const uint32_t *by, uint32_t keys,
                         const struct text *key)
{
    for (uint32_t k = 0; k < keys; k++)
        if (text_equal(step_in(step)->name[by[k]], step_out(step)->name[column]))
            return key[k];
    return TEXT("_T");
}
