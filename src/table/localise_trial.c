/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Values tried for some columns of a row: the literals of the rules that read a column, and the
 * numbers next to them; the other cells of the row under the same rule; and every sum and
 * difference of up to five numbers under it, which solves balances.
 */
#include "table/localise_state.h"

#include "table/expression_lex.h"

enum { TRIALS = 4096, SUM_FIELDS = 5, TRIAL_STEPS = 4 };

static void value_add(struct values *v, struct text t)
{
    for (uint32_t i = 0; i < v->count; i++)
        if (text_equal(v->at[i], t))
            return;
    if (t.len && v->count < VALUES)
        v->at[v->count++] = t;
}

static struct text decimal_text(struct arena *a, struct decimal d)
{
    char out[DECIMAL_TEXT];
    size_t n = decimal_format(d, out);
    return (struct text){arena_copy(a, out, n), (uint32_t)n};
}

void literals_of(struct localise *l, const struct row_rule *r, struct values *to)
{
    struct lexer lexer;
    struct error fault = {0};
    if (lexer_start(&lexer, l->arena, r->source, &fault) != 0)
        return;
    do {
        struct decimal d = decimal_parse(lexer.now.text);
        if (lexer.now.kind == TOKEN_TEXT)
            value_add(to, lexer.now.text);
        for (int step = -1; step <= 1 && lexer.now.kind == TOKEN_NUMBER; step++)
            if (d.kind == NUMBER_EXACT)
                value_add(to, decimal_text(l->arena, decimal_add(d, decimal_of(step))));
    } while (lexer.now.kind != TOKEN_END && lexer_next(&lexer) == 0);
}

/* ---- values to try ---- */

/* Every sum of the numbers of a rule's other fields, each taken as it is, turned, or left out. */
static void sums_add(const struct localise *l, const struct batch *b, uint32_t row, uint64_t mask,
                     uint32_t field, struct values *v)
{
    struct decimal number[SUM_FIELDS];
    uint32_t n = 0, all = 1;
    for (uint32_t f = 0; f < l->fields && n < SUM_FIELDS; f++) {
        struct decimal d = {0, 0, NUMBER_BAD};
        if (f != field && (mask >> f & 1))
            d = decimal_parse(batch_text(b, l->field[f])[row]);
        if (d.kind != NUMBER_EXACT)
            continue;
        number[n++] = d;
        all *= 3;
    }
    for (uint32_t code = 1; code < all; code++) {
        struct decimal sum = decimal_of(0);
        for (uint32_t i = 0, rest = code; i < n; i++, rest /= 3) {
            if (sum.kind == NUMBER_EXACT && rest % 3 == 1)
                sum = decimal_add(sum, number[i]);
            if (sum.kind == NUMBER_EXACT && rest % 3 == 2)
                sum = decimal_subtract(sum, number[i]);
        }
        if (sum.kind == NUMBER_EXACT)
            value_add(v, decimal_text(l->scratch, sum));
    }
}

static void values_of(const struct localise *l, const struct batch *b, uint32_t row, uint32_t field,
                      struct values *v)
{
    v->count = 0;
    for (uint32_t i = 0; i < l->literal[field].count && i < VALUES / 4; i++)
        value_add(v, l->literal[field].at[i]);
    for (uint32_t i = 0; i < l->set->rules; i++) {
        if (!(l->mask[i] >> field & 1))
            continue;
        for (uint32_t f = 0; f < l->fields; f++)
            if (f != field && (l->mask[i] >> f & 1))
                value_add(v, batch_text(b, l->field[f])[row]);
        sums_add(l, b, row, l->mask[i], field, v);
    }
}

/* ---- trying ---- */

/* A batch of one row for every choice of values of the fields of `mask`, at most TRIALS. */
static struct batch *trials(const struct localise *l, const struct batch *b, uint32_t row,
                            uint64_t mask, const struct values *const *v)
{
    uint32_t rows = 1, stride = 1;
    for (uint32_t f = 0; f < l->fields; f++)
        if (mask >> f & 1)
            rows = rows * v[f]->count < TRIALS ? rows * v[f]->count : TRIALS;
    struct batch *t = batch_new(l->scratch, l->schema, rows);
    batch_fill_text(t, 0, (struct text){"", 0});
    for (uint32_t c = 1; c < l->schema->columns; c++)
        batch_share(t, c, t, 0);
    for (uint32_t f = 0; f < l->fields; f++) {
        uint32_t column = l->field[f];
        if (!(mask >> f & 1)) {
            batch_fill_text(t, column, batch_text(b, column)[row]);
            continue;
        }
        struct text *cell = batch_new_text(t, column);
        for (uint32_t i = 0; i < rows; i++)
            cell[i] = v[f]->at[i / stride % v[f]->count];
        stride *= v[f]->count < TRIALS ? v[f]->count : TRIALS;
        stride = stride < TRIALS ? stride : TRIALS;
    }
    return t;
}

/* Whether some of these rows breaks no rule. */
bool some_good(const struct localise *l, const struct batch *t)
{
    const uint8_t *truth = rules_truth(l->set, t);
    for (uint32_t row = 0; row < t->rows; row++) {
        bool good = true;
        for (uint32_t i = 0; i < l->set->rules && good; i++) {
            uint8_t is = l->mask[i] ? truth[(size_t)i * t->rows + row] : (uint8_t)TRUTH_TRUE;
            good = is == TRUTH_TRUE || is == TRUTH_MISSING;
        }
        if (good)
            return true;
    }
    return false;
}

bool trial_works(const struct localise *l, const struct batch *b, uint32_t row, uint64_t mask,
                 uint64_t *work)
{
    const struct values **values = arena_zarray(l->scratch, l->fields + 1, sizeof *values);
    for (uint32_t f = 0; f < l->fields; f++) {
        if (!(mask >> f & 1))
            continue;
        struct values *v = arena_alloc(l->scratch, sizeof *v);
        values_of(l, b, row, f, v);
        if (v->count == 0)
            return false;
        values[f] = v;
    }
    const struct batch *t = trials(l, b, row, mask, values);
    uint64_t steps = (uint64_t)t->rows * TRIAL_STEPS;
    *work -= steps < *work ? steps : *work;
    return some_good(l, t);
}
