/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/breach.h"

void breach_add(struct breaches *f, struct breach breach)
{
    if (f->count == f->room) {
        struct breach *old = f->at;
        f->room = f->room ? f->room * 2 : 64;
        f->at = arena_array(f->arena, f->room, sizeof *f->at);
        if (old)
            memcpy(f->at, old, f->count * sizeof *old);
    }
    f->errors += !breach.warning;
    f->at[f->count++] = breach;
}

/* A batch with a fault in it: row by row, so that the others are judged. */
static void truth_slowly(const struct expression *e, const struct batch *b, uint8_t *out)
{
    uint32_t *pick = arena_array(b->arena, b->rows, sizeof *pick);
    for (uint32_t row = 0; row < b->rows; row++) {
        struct error fault = {0};
        pick[row] = row;
        if (expression_truth(e, batch_pick(b, pick + row, 1), out + row, &fault) != 0)
            out[row] = TRUTH_FAULT;
    }
}

uint8_t *rules_truth(const struct rule_set *set, const struct batch *b)
{
    uint8_t *truth = arena_array(b->arena, (size_t)set->rules * b->rows + 1, 1);
    for (uint32_t i = 0; i < set->rules; i++) {
        struct error fault = {0};
        uint8_t *out = truth + (size_t)i * b->rows;
        const struct expression *e = set->rule[i].expression;
        if (e && expression_truth(e, b, out, &fault) != 0)
            truth_slowly(e, b, out);
    }
    return truth;
}

void rules_row(struct rule_set *set, const struct batch *b, const uint8_t *truth, uint32_t row,
               uint64_t number, struct breaches *found)
{
    for (uint32_t i = 0; i < set->rules; i++) {
        struct row_rule *r = &set->rule[i];
        uint8_t t = TRUTH_TRUE;
        if (r->expression)
            t = truth[(size_t)i * b->rows + row];
        else if (!across_row(r->across, b, row, number))
            t = TRUTH_FALSE;
        if (t == TRUTH_TRUE || t == TRUTH_MISSING)
            continue;
        struct text column = r->columns ? b->schema->name[r->column[0]] : (struct text){"", 0};
        struct text message =
            t == TRUTH_FAULT ? TEXT("the rule cannot be worked out in this row") : r->message;
        r->findings++;
        breach_add(found, (struct breach){row, column, r->id, message, r->warning, r});
    }
}
