/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stages/regress.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* ---- open ---- */

static struct text trim(struct text t)
{
    while (t.len && *t.at == ' ')
        t = (struct text){t.at + 1, t.len - 1};
    while (t.len && t.at[t.len - 1] == ' ')
        t.len--;
    return t;
}

/* The next piece of a list: separators inside brackets and quotes do not part it. */
static struct text next_term(struct text *rest, char separator)
{
    uint32_t depth = 0, n = 0;
    char quote = 0;
    for (; n < rest->len; n++) {
        char c = rest->at[n];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '(' || c == '[')
            depth++;
        else if ((c == ')' || c == ']') && depth)
            depth--;
        else if (c == separator && depth == 0)
            break;
    }
    struct text term = {rest->at, n};
    uint32_t taken = n < rest->len ? n + 1 : n;
    *rest = (struct text){rest->at + taken, rest->len - taken};
    return trim(term);
}

static int open_factor(struct step *step, struct text inside, struct term *t)
{
    text_next(&inside, '=', &t->name);
    t->name = trim(t->name);
    t->base = inside.at ? trim(inside) : TEXT("");
    t->levels = groups_new(1);
    return step_find(step, t->name, &t->column);
}

static void need(void *step, uint32_t column)
{
    step_need(step, column);
}

static int open_term(struct step *step, struct text asked, const struct schema *in, struct term *t)
{
    static const struct text factor = {"factor(", 7};
    *t = (struct term){.name = asked, .column = schema_find(in, asked)};
    if (t->column != NO_COLUMN)
        return step_need(step, (uint32_t)t->column);
    if (asked.len > factor.len + 1 && memcmp(asked.at, factor.at, factor.len) == 0 &&
        asked.at[asked.len - 1] == ')')
        return open_factor(step, (struct text){asked.at + factor.len, asked.len - factor.len - 1},
                           t);
    const char *text = arena_print(step_arena(step), "%.*s", (int)asked.len, asked.at);
    bool word = asked.len > 0;
    for (uint32_t i = 0; i < asked.len; i++)
        word = word && !strchr(" +-*/()<>=!\"'[],", asked.at[i]);
    if (word)
        return step_find(step, asked, &t->column); /* says which columns there are */
    t->expression = expression_parse(step_arena(step), text, step_error(step));
    if (!t->expression || expression_bind(t->expression, in, step_error(step)) != 0)
        return STEP_FAIL;
    expression_columns(t->expression, need, step);
    return STEP_OK;
}

/* A column, an expression or a factor; or two of them with a colon between. */
static int open_product(struct step *step, struct regress *r, struct text asked,
                        const struct schema *in)
{
    struct text rest = asked, first = next_term(&rest, ':');
    struct product *p = &r->product[r->products++];
    *p = (struct product){r->terms++, NO_TERM};
    if (rest.len == 0 || schema_find(in, asked) != NO_COLUMN)
        return open_term(step, asked, in, &r->term[p->first]);
    p->second = r->terms++;
    return open_term(step, first, in, &r->term[p->first]) == STEP_OK
               ? open_term(step, trim(rest), in, &r->term[p->second])
               : STEP_FAIL;
}

static int open_offset(struct step *step, struct regress *r, const struct schema *in)
{
    const char *offset = step_option(step, "offset"), *exposure = step_option(step, "exposure");
    r->offsets = offset || exposure;
    r->exposure = exposure != NULL;
    if (!r->offsets)
        return STEP_OK;
    if (offset && exposure)
        return step_fail(step, EX_USAGE, NOWHERE, "--exposure is an offset: give one of the two");
    if (exposure && r->model != REGRESSION_POISSON)
        return step_fail(step, EX_USAGE, NOWHERE, "--exposure belongs to --model poisson");
    if (open_term(step, trim(text_of(offset ? offset : exposure)), in, &r->offset) != STEP_OK)
        return STEP_FAIL;
    return r->offset.levels ? step_fail(step, EX_USAGE, NOWHERE, "an offset is a number, no factor")
                            : STEP_OK;
}

int regress_terms_open(struct step *step, struct regress *r, const struct schema *in)
{
    const char *terms = step_option(step, "terms");
    struct text list = text_of(terms ? terms : "");
    struct schema *made = schema_new(step_arena(step));
    schema_add(made, TEXT("value"));
    r->made = made;
    if (open_term(step, trim(text_of(step_option(step, "response"))), in, &r->response) != STEP_OK)
        return STEP_FAIL;
    if (r->response.levels)
        return step_fail(step, EX_USAGE, NOWHERE, "--response is a number, no factor");
    while (list.len) {
        if (r->products == TERMS)
            return step_fail(step, EX_USAGE, NOWHERE, "--terms: at most %d of them", TERMS);
        if (open_product(step, r, next_term(&list, ','), in) != STEP_OK)
            return STEP_FAIL;
    }
    if (open_offset(step, r, in) != STEP_OK)
        return STEP_FAIL;
    r->width = r->terms + 2 + r->offsets;
    if (r->terms == 0 && !r->intercept)
        return step_fail(step, EX_USAGE, NOWHERE, "a model without an intercept needs --terms");
    return STEP_OK;
}

void regress_terms_free(struct regress *r)
{
    if (r->response.expression)
        expression_close(r->response.expression);
    if (r->offset.expression)
        expression_close(r->offset.expression);
    for (uint32_t i = 0; i < r->terms; i++) {
        if (r->term[i].expression)
            expression_close(r->term[i].expression);
        groups_free(r->term[i].levels);
    }
    groups_free(r->domains);
    free(r->value);
    free(r->replicate);
    free(r->unit);
    free(r->domain);
    free(r->missing);
}

/* ---- rows ---- */

/* The values of a term in the rows with use[]; NaN: missing. */
static double *read_term(struct step *step, const struct regress *r, struct term *t,
                         const struct batch *b, const bool *use)
{
    const struct batch *from = b;
    uint32_t column = t->expression ? 0 : (uint32_t)t->column;
    if (t->expression) {
        struct batch *made = batch_derive(b, r->made);
        if (expression_column(t->expression, b, made, 0, step_error(step)) != 0)
            return NULL;
        from = made;
    }
    const struct text *text = batch_text(from, column);
    double *value = arena_array(b->arena, b->rows, sizeof *value);
    const double *real = t->levels ? NULL : batch_real(from, column);
    for (uint32_t i = 0; i < b->rows; i++) {
        value[i] = (double)NAN;
        if (!use[i] || text_missing(text[i]))
            continue;
        value[i] = real ? real[i] : group_find(t->levels, &text[i], NULL);
        if (!isnan(value[i]))
            continue;
        step_fail(step, EX_DATAERR, batch_place(b, i, t->expression ? 0 : column),
                  "term '%.*s': is no number (factor(COLUMN) takes texts as levels)%s",
                  (int)t->name.len, t->name.at, step_quote(step, text[i]));
        return NULL;
    }
    return value;
}

static int check_response(struct step *step, const struct regress *r, const struct batch *b,
                          const double *y)
{
    if (r->model == REGRESSION_LINEAR)
        return STEP_OK;
    bool logit = r->model == REGRESSION_LOGIT;
    for (uint32_t i = 0; i < b->rows; i++)
        if (y[i] < 0 || (logit && y[i] > 1))
            return step_fail(
                step, EX_DATAERR,
                batch_place(b, i, r->response.expression ? 0 : (uint32_t)r->response.column),
                logit ? "the response of --model logit is not between 0 and 1"
                      : "the response of --model poisson is negative");
    return STEP_OK;
}

/* The logarithms, in place; NaN stays. */
static int take_logarithms(struct step *step, const struct regress *r, const struct batch *b,
                           double *x)
{
    for (uint32_t i = 0; i < b->rows; i++) {
        if (x[i] <= 0)
            return step_fail(
                step, EX_DATAERR,
                batch_place(b, i, r->offset.expression ? 0 : (uint32_t)r->offset.column),
                "--exposure is not above 0");
        x[i] = log(x[i]);
    }
    return STEP_OK;
}

/* The domain of each row, or UINT32_MAX. */
static uint32_t *find_domains(struct regress *r, const struct batch *b, const bool *use,
                              const struct decimal *weight)
{
    uint32_t *domain = arena_array(b->arena, b->rows, sizeof *domain);
    struct text *key = arena_array(b->arena, r->keys, sizeof *key);
    for (uint32_t i = 0; i < b->rows; i++) {
        bool missing = false;
        for (uint32_t k = 0; k < r->keys; k++) {
            key[k] = batch_text(b, r->by[k])[i];
            missing |= text_missing(key[k]);
        }
        r->unplaced += use[i] && missing;
        bool in = use[i] && !missing && weight[i].mantissa != 0;
        domain[i] = in ? group_find(r->domains, key, NULL) : UINT32_MAX;
    }
    return domain;
}

static void grow(struct regress *r, uint32_t rows)
{
    size_t want = (size_t)r->records + rows;
    r->value = memory_grow(r->value, &r->value_room, want * r->width, sizeof *r->value);
    if (r->e.replicates && r->e.replicates->column)
        r->replicate = memory_grow(r->replicate, &r->replicate_room, want * r->e.replicates->count,
                                   sizeof *r->replicate);
    r->unit = memory_grow(r->unit, &r->unit_room, want, sizeof *r->unit);
    r->domain = memory_grow(r->domain, &r->domain_room, want, sizeof *r->domain);
    r->missing = memory_grow_zeroed(r->missing, &r->missing_room, groups_count(r->domains),
                                    sizeof *r->missing);
}

int regress_add(struct step *step, struct regress *r, const struct batch *b, const bool *use,
                const uint32_t *unit, const struct decimal *weight)
{
    double **x = arena_array(b->arena, r->terms + 2, sizeof *x);
    uint32_t read = r->terms + 1 + r->offsets;
    for (uint32_t t = 0; t < read; t++) {
        struct term *from = t < r->terms ? &r->term[t] : t == r->terms ? &r->response : &r->offset;
        if (!(x[t] = read_term(step, r, from, b, use)))
            return STEP_FAIL;
    }
    if (check_response(step, r, b, x[r->terms]) != STEP_OK ||
        (r->exposure && take_logarithms(step, r, b, x[r->terms + 1]) != STEP_OK))
        return STEP_FAIL;
    const uint32_t *domain = find_domains(r, b, use, weight);
    grow(r, b->rows);
    for (uint32_t i = 0; i < b->rows; i++) {
        double *to = r->value + (size_t)r->records * r->width;
        bool complete = true;
        if (domain[i] == UINT32_MAX)
            continue;
        for (uint32_t t = 0; t < read; t++) {
            uint32_t at = t <= r->terms ? t : t + 1; /* behind the weight */
            to[at] = x[t][i];
            complete = complete && !isnan(to[at]);
        }
        r->missing[domain[i]] += !complete;
        if (!complete)
            continue;
        to[r->terms + 1] = decimal_real(weight[i]);
        if (r->e.replicates && r->e.replicates->column &&
            regress_keep_replicates(step, r, b, i) != STEP_OK)
            return STEP_FAIL;
        r->unit[r->records] = unit[i];
        r->domain[r->records++] = domain[i];
    }
    return STEP_OK;
}
