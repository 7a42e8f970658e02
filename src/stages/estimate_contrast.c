/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stages/estimate_contrast.h"

#include <math.h>

#include "stages/estimate_replicate.h"
#include "stages/estimate_write.h"

enum { LEVELS = 64, TOKENS = 256, DEPTH = 64 };

struct token {
    char what; /* L: level; #: number; + - * / */
    uint32_t level;
    double number;
};

struct contrast {
    int column;
    struct text text;
    struct text level[LEVELS];
    uint32_t levels, tokens, depth;
    struct token token[TOKENS];
    const char *at, *end; /* while it is parsed */
};

/* ---- parsing, to reverse Polish ---- */

static bool parse_sum(struct contrast *);

static void skip(struct contrast *c)
{
    while (c->at < c->end && *c->at == ' ')
        c->at++;
}

static bool take(struct contrast *c, char what)
{
    skip(c);
    if (c->at == c->end || *c->at != what)
        return false;
    c->at++;
    return true;
}

static bool push_token(struct contrast *c, struct token t)
{
    if (c->tokens == TOKENS)
        return false;
    c->token[c->tokens++] = t;
    return true;
}

static bool push_level(struct contrast *c, struct text name)
{
    uint32_t l = 0;
    while (l < c->levels && !text_equal(c->level[l], name))
        l++;
    if (l == LEVELS || name.len == 0)
        return false;
    c->level[l] = name;
    c->levels += l == c->levels;
    return push_token(c, (struct token){'L', l, 0});
}

static struct text take_word(struct contrast *c, const char *stop)
{
    const char *from = c->at;
    while (c->at < c->end && !strchr(stop, *c->at))
        c->at++;
    return (struct text){from, (uint32_t)(c->at - from)};
}

static bool parse_atom(struct contrast *c)
{
    struct token t = {'#', 0, 0};
    if (take(c, '(')) {
        if (++c->depth > DEPTH)
            return false;
        return parse_sum(c) && take(c, ')');
    }
    if (take(c, '"')) {
        struct text name = take_word(c, "\"");
        return take(c, '"') && push_level(c, name);
    }
    if (take(c, '#'))
        return real_parse(take_word(c, " +-*/()"), &t.number) && push_token(c, t);
    return push_level(c, take_word(c, " +-*/()\""));
}

static bool parse_product(struct contrast *c)
{
    bool good = parse_atom(c);
    while (good) {
        char op = take(c, '*') ? '*' : take(c, '/') ? '/' : 0;
        if (!op)
            break;
        good = parse_atom(c) && push_token(c, (struct token){op, 0, 0});
    }
    return good;
}

static bool parse_sum(struct contrast *c)
{
    bool good = parse_product(c);
    while (good) {
        char op = take(c, '+') ? '+' : take(c, '-') ? '-' : 0;
        if (!op)
            break;
        good = parse_product(c) && push_token(c, (struct token){op, 0, 0});
    }
    return good;
}

static int parse(struct step *step, const char *value, struct contrast *c)
{
    struct text rest = text_of(value), name;
    text_next(&rest, '=', &name);
    if (step_find(step, name, &c->column) != STEP_OK)
        return STEP_FAIL;
    c->text = rest;
    c->at = rest.at;
    c->end = rest.at ? rest.at + rest.len : NULL;
    if (!rest.at || !parse_sum(c) || (skip(c), c->at != c->end))
        return step_fail(step, EX_USAGE, NOWHERE,
                         "--contrast is COL=EXPR with levels, + - * / and ( ), as sex=F-M");
    return STEP_OK;
}

static bool in_fold(const struct fold *f, int column)
{
    for (uint32_t k = 0; k < f->keys; k++)
        if ((int)f->by[k] == column)
            return true;
    return false;
}

int contrasts_open(struct step *step, struct estimate *e)
{
    e->contrasts = step_option_count(step, "contrast");
    e->contrast = arena_zarray(step_arena(step), e->contrasts, sizeof *e->contrast);
    for (uint32_t i = 0; i < e->contrasts; i++) {
        bool used = false;
        if (parse(step, step_option_nth(step, "contrast", i), &e->contrast[i]) != STEP_OK)
            return STEP_FAIL;
        for (uint32_t f = 0; f < e->folds; f++)
            used |= in_fold(e->fold[f], e->contrast[i].column);
        if (!used)
            return step_fail(step, EX_USAGE, NOWHERE, "the column of --contrast is in no --by");
    }
    return STEP_OK;
}

/* ---- values and gradients ---- */

struct dual {
    double value, gradient[LEVELS];
};

static void apply(char op, struct dual *a, const struct dual *b, uint32_t levels)
{
    for (uint32_t l = 0; l < levels; l++) {
        double x = a->gradient[l], y = b->gradient[l];
        a->gradient[l] = op == '+'   ? x + y
                         : op == '-' ? x - y
                         : op == '*' ? x * b->value + y * a->value
                                     : x / b->value - y * a->value / (b->value * b->value);
    }
    a->value = op == '+'   ? a->value + b->value
               : op == '-' ? a->value - b->value
               : op == '*' ? a->value * b->value
                           : a->value / b->value;
}

static struct dual evaluate(const struct contrast *c, const double *value, struct arena *a)
{
    struct dual *stack = arena_zarray(a, (size_t)c->tokens + 1, sizeof *stack);
    uint32_t top = 0;
    for (uint32_t i = 0; i < c->tokens; i++) {
        const struct token *t = &c->token[i];
        if (t->what == 'L' || t->what == '#') {
            stack[top] = (struct dual){.value = t->what == 'L' ? value[t->level] : t->number};
            if (t->what == 'L')
                stack[top].gradient[t->level] = 1;
            top++;
        } else {
            top--;
            apply(t->what, &stack[top - 1], &stack[top], c->levels);
        }
    }
    return stack[0];
}

struct influence influence_combine(const struct influence *a, const struct influence *b,
                                   double factor, struct arena *arena)
{
    uint32_t most = a->count + b->count, i = 0, k = 0;
    struct influence out = {0, arena_array(arena, most, sizeof *out.leaf),
                            arena_array(arena, most, sizeof *out.z)};
    while (i < a->count || k < b->count) {
        bool from_a = k == b->count || (i < a->count && a->leaf[i] <= b->leaf[k]);
        bool from_b = i == a->count || (k < b->count && b->leaf[k] <= a->leaf[i]);
        out.leaf[out.count] = from_a ? a->leaf[i] : b->leaf[k];
        out.z[out.count++] = (from_a ? a->z[i] : 0) + (from_b ? factor * b->z[k] : 0);
        i += from_a;
        k += from_b;
    }
    return out;
}

/* ---- writing ---- */

struct cast {
    const struct contrast *contrast;
    uint32_t fold, domain[LEVELS]; /* of each level; UINT32_MAX: not there */
    struct text *key;              /* of the group, with the text of the contrast */
};

static int by_replicates(struct step *step, struct estimate *e, const struct cast *c,
                         const struct request *q, struct text level, struct arena *a,
                         struct result *r)
{
    uint32_t n = replicates_count(e);
    double *value = arena_array(a, (size_t)n * c->contrast->levels, sizeof *value);
    double *of = arena_array(a, n, sizeof *of), one[LEVELS];
    for (uint32_t l = 0; l < c->contrast->levels; l++) {
        struct result part;
        double *to = value + (size_t)l * n;
        int status = q->kind == STAT_QUANTILE
                         ? replicates_quantile(e, c->fold, c->domain[l], q, a, to, &part)
                         : replicates_values(step, e, c->fold, c->domain[l], q, level, a, to);
        if (status != STEP_OK)
            return status;
        if (q->kind == STAT_QUANTILE)
            r->influence = influence_combine(&r->influence, &part.influence, 1, a);
    }
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t l = 0; l < c->contrast->levels; l++)
            one[l] = value[(size_t)l * n + i];
        of[i] = evaluate(c->contrast, one, a).value;
    }
    r->df = 0;
    for (uint32_t l = 0; l < c->contrast->levels; l++)
        r->df = fmax(r->df, replicates_freedom(e, c->fold, c->domain[l], q, &r->influence));
    replicates_variance(e, of, r);
    return STEP_OK;
}

static int write_one(struct step *step, struct estimate *e, const struct cast *c,
                     const struct request *q, struct text level, struct arena *a)
{
    const struct contrast *x = c->contrast;
    struct result *part = arena_array(a, x->levels, sizeof *part);
    double value[LEVELS];
    struct result r = {.se = NO_NUMBER, .deff = NO_NUMBER, .df = NO_NUMBER};
    for (uint32_t l = 0; l < x->levels; l++) {
        if (estimate_result(step, e, c->fold, c->domain[l], q, level, a, &part[l]) != STEP_OK)
            return STEP_FAIL;
        value[l] = part[l].value;
        r.n += part[l].n;
    }
    struct dual d = evaluate(x, value, a);
    r.value = isfinite(d.value) ? d.value : NO_NUMBER;
    for (uint32_t l = 0; l < x->levels; l++)
        r.influence = influence_combine(&r.influence, &part[l].influence, d.gradient[l], a);
    if (!isnan(r.value) && !e->quota) {
        int status = e->replicates ? by_replicates(step, e, c, q, level, a, &r)
                                   : result_variance(step, e, &r);
        if (status != STEP_OK)
            return status;
    }
    struct row_key key = {.variable = q->variable};
    key.statistic = arena_print(step_arena(step), "contrast:%s", statistic_name(q->kind));
    key.group = estimate_groups(step, e->fold[c->fold], c->key, a);
    if (request_has_levels(q))
        key.variable = text_of(arena_print(a, "%.*s=%.*s", (int)q->variable.len, q->variable.at,
                                           (int)level.len, level.at));
    return rows_add(step, e, &key, STAT_MEAN, &r);
}

static int write_cast(struct step *step, struct estimate *e, const struct cast *c, struct arena *a)
{
    int status = STEP_OK;
    for (uint32_t l = 0; l < c->contrast->levels; l++)
        if (c->domain[l] == UINT32_MAX)
            return STEP_OK;
    for (uint32_t i = 0; i < e->requests.count && status == STEP_OK; i++) {
        const struct request *q = &e->requests.request[i];
        struct text none = TEXT("");
        bool levels = request_has_levels(q);
        uint32_t n = q->kind == STAT_QUANTILE && !e->replicates ? 0
                     : levels                                   ? e->level_count[q->level]
                                                                : 1;
        for (uint32_t l = 0; l < n && status == STEP_OK; l++) {
            arena_reset(a);
            status = write_one(step, e, c, q, levels ? e->levels[q->level][l] : none, a);
        }
    }
    return status;
}

/* The key of a domain with the text of the contrast in its column. */
static void set_key(struct text *key, const struct fold *f, uint32_t domain,
                    const struct contrast *c, uint32_t *at)
{
    for (uint32_t k = 0; k < f->keys; k++) {
        key[k] = group_key(f->domains, domain)[k];
        if ((int)f->by[k] != c->column)
            continue;
        key[k] = c->text;
        *at = k;
    }
}

static int write_contrast(struct step *step, struct estimate *e, uint32_t fold,
                          const struct contrast *c, struct arena *a)
{
    const struct fold *f = e->fold[fold];
    struct arena *own = step_arena(step);
    struct groups *rest = groups_new(f->keys);
    struct text *key = arena_array(own, f->keys, sizeof *key);
    uint32_t(*domain)[LEVELS] = arena_array(own, f->known, sizeof *domain), at = 0;
    memset(domain, 0xff, f->known * sizeof *domain);
    for (uint32_t d = 0; d < f->known; d++) {
        set_key(key, f, d, c, &at);
        uint32_t g = group_find(rest, key, NULL);
        for (uint32_t l = 0; l < c->levels; l++)
            if (text_equal(group_key(f->domains, d)[at], c->level[l]))
                domain[g][l] = d;
    }
    const uint32_t *order = groups_order(rest, own);
    int status = STEP_OK;
    for (uint32_t g = 0; g < groups_count(rest) && status == STEP_OK; g++) {
        struct cast cast = {c, fold, {0}, key};
        memcpy(key, group_key(rest, order[g]), f->keys * sizeof *key);
        memcpy(cast.domain, domain[order[g]], sizeof cast.domain);
        status = write_cast(step, e, &cast, a);
    }
    groups_free(rest);
    return status;
}

int contrasts_write(struct step *step, struct estimate *e, uint32_t fold, struct arena *a)
{
    int status = STEP_OK;
    for (uint32_t i = 0; i < e->requests.count && e->contrasts && fold == 0; i++)
        if (e->requests.request[i].kind == STAT_QUANTILE && !e->replicates) {
            step_warn(step, NOWHERE,
                      "no --contrast of quantiles: their covariance wants --replicate-type");
            break;
        }
    for (uint32_t i = 0; i < e->contrasts && status == STEP_OK; i++)
        if (in_fold(e->fold[fold], e->contrast[i].column))
            status = write_contrast(step, e, fold, &e->contrast[i], a);
    return status;
}
