/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/formula.h"

/* What each call takes: A and B indicators, d a dimension, p a period, n a number, m a window. */
static const struct call {
    const char *name, *takes;
    enum formula_kind kind;
} calls[] = {
    {"ratio", "AB", FORMULA_RATIO},
    {"share", "Ad", FORMULA_SHARE},
    {"per", "ABn", FORMULA_PER},
    {"index", "Ap", FORMULA_INDEX},
    {"cumulative", "A", FORMULA_CUMULATIVE},
    {"change", "A", FORMULA_CHANGE},
    {"growth", "A", FORMULA_GROWTH},
    {"moving_average", "Am", FORMULA_MOVING_AVERAGE},
};

struct cursor {
    struct text text;
    uint32_t at;
    const char *message;
};

static bool fail(struct cursor *c, uint32_t at, const char *message)
{
    c->at = at;
    c->message = message;
    return false;
}

static char peek(struct cursor *c)
{
    while (c->at < c->text.len && (c->text.at[c->at] == ' ' || c->text.at[c->at] == '\t'))
        c->at++;
    return c->at < c->text.len ? c->text.at[c->at] : '\0';
}

static struct text word(struct cursor *c)
{
    peek(c);
    uint32_t from = c->at;
    while (c->at < c->text.len && !memchr(" \t,()", c->text.at[c->at], 5))
        c->at++;
    return (struct text){c->text.at + from, c->at - from};
}

static bool is_name(struct text t)
{
    for (uint32_t i = 0; i < t.len; i++) {
        char c = t.at[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    return t.len > 0;
}

static bool number_in(struct text t, int32_t low, int32_t high, int32_t *out)
{
    int64_t v = 0;
    for (uint32_t i = 0; i < t.len; i++) {
        if (t.at[i] < '0' || t.at[i] > '9' || i == 10)
            return false;
        v = v * 10 + (t.at[i] - '0');
    }
    *out = (int32_t)v;
    return t.len > 0 && v >= low && v <= high;
}

static bool take(struct cursor *c, char what, struct formula *f)
{
    peek(c);
    uint32_t at = c->at;
    struct text t = word(c);
    switch (what) {
    case 'A':
        f->a = t;
        return is_name(t) || fail(c, at, "the code of an indicator is expected");
    case 'B':
        f->b = t;
        return is_name(t) || fail(c, at, "the code of an indicator is expected");
    case 'd':
        f->dimension = t;
        return is_name(t) || fail(c, at, "the name of a dimension is expected");
    case 'p':
        return span_parse(t, &f->base) || fail(c, at, "a period such as 2014 is expected");
    case 'n':
        return number_in(t, 1, 1000000000, &f->n) ||
               fail(c, at, "a whole number from 1 to 1000000000 is expected");
    default:
        return number_in(t, 2, 100, &f->n) ||
               fail(c, at, "a whole number from 2 to 100 is expected");
    }
}

static const struct call *call_find(struct text name)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (text_equal(name, text_of(calls[i].name)))
            return &calls[i];
    return NULL;
}

static bool parse_call(struct cursor *c, struct formula *f)
{
    const struct call *call = call_find(word(c));
    if (!call)
        return fail(c, 0,
                    "ratio, share, per, index, cumulative, change, growth or moving_average "
                    "is expected");
    f->kind = call->kind;
    if (peek(c) != '(')
        return fail(c, c->at, "( is expected");
    c->at++;
    for (const char *what = call->takes; *what; what++) {
        if (!take(c, *what, f))
            return false;
        char close = what[1] ? ',' : ')';
        if (peek(c) != close)
            return fail(c, c->at, what[1] ? ", is expected" : ") is expected");
        c->at++;
    }
    return peek(c) == '\0' || fail(c, c->at, "nothing may follow the call");
}

bool formula_parse(struct text t, struct formula *f, const char **message, uint32_t *at)
{
    struct cursor c = {.text = t};
    *f = (struct formula){.kind = FORMULA_NONE};
    bool good = peek(&c) == '\0' || parse_call(&c, f);
    *message = c.message;
    *at = c.at;
    return good;
}
