/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recursive descent over the tokens; a function a level of precedence.
 *
 *     or < and < not < comparison, in < + - < * / % < unary minus < literal, column, call, ( )
 *
 * Each parse function returns a node, or NULL with the error set.
 */
#include "table/expression_lex.h"
#include "table/expression_tree.h"

struct parser {
    struct lexer lexer;
    uint32_t depth; /* of parentheses, not, minus: what recursion takes */
};

static struct node *parse_or(struct parser *);

struct node *node_new(struct arena *a, enum node_kind kind, uint32_t at, uint32_t children)
{
    struct node *n = arena_zalloc(a, sizeof *n);
    n->kind = (uint8_t)kind;
    n->at = at;
    n->children = children;
    if (children)
        n->child = arena_zarray(a, children, sizeof *n->child);
    return n;
}

static struct node *fail(struct parser *p, uint32_t at, const char *message)
{
    lexer_fail(&p->lexer, at, "%s", message);
    return NULL;
}

static bool at(const struct parser *p, const char *sign_or_word)
{
    return lexer_is(&p->lexer, sign_or_word);
}

static bool next(struct parser *p)
{
    return lexer_next(&p->lexer) == 0;
}

/* A node over one or two others, whose depth is checked. */
static struct node *join(struct parser *p, enum node_kind kind, const struct token *sign,
                         struct node *a, struct node *b)
{
    struct node *n = node_new(p->lexer.arena, kind, sign->at, b ? 2 : 1);
    n->name = sign->text;
    n->child[0] = a;
    if (b)
        n->child[1] = b;
    n->depth = 1 + (b && b->depth > a->depth ? b->depth : a->depth);
    if (n->depth > DEEPEST)
        return fail(p, sign->at, "the expression has over 1000 levels");
    return n;
}

static bool is_keyword(struct text word)
{
    static const char *const keywords[] = {"and", "or", "not", "in", "missing"};
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (text_equal(word, text_of(keywords[i])))
            return true;
    return false;
}

static struct node *parse_literal(struct parser *p)
{
    const struct token *t = &p->lexer.now;
    struct node *n = node_new(p->lexer.arena, NODE_CONSTANT, t->at, 0);
    if (t->kind == TOKEN_NUMBER) {
        n->type = TYPE_NUMBER;
        n->value = value_of_number(number_of_text(t->text));
        if (n->value.number.kind == NUMBER_BAD)
            return fail(p, t->at, "this number is too large");
    } else {
        n->type = t->kind == TOKEN_TEXT && t->text.len ? TYPE_TEXT : TYPE_NOTHING;
        n->value = value_of_text((struct text){t->text.at, n->type == TYPE_TEXT ? t->text.len : 0});
    }
    return next(p) ? n : NULL;
}

/* Arguments up to the closing parenthesis, into the node. */
static bool parse_arguments(struct parser *p, struct node *call)
{
    struct node *child[MANY_ARGUMENTS];
    uint32_t n = 0;
    while (!at(p, ")")) {
        if (n == MANY_ARGUMENTS)
            return fail(p, call->at, "a function takes at most 100 arguments");
        if (!(child[n] = parse_or(p)))
            return false;
        if (child[n]->depth >= call->depth)
            call->depth = child[n]->depth + 1;
        n++;
        if (!at(p, ",") && !at(p, ")"))
            return fail(p, p->lexer.now.at, "expected , or ) or an operator");
        if (at(p, ",") &&
            (!next(p) || (at(p, ")") && !fail(p, p->lexer.now.at, "expected an argument"))))
            return false;
    }
    call->children = n;
    call->child = arena_array(p->lexer.arena, n, sizeof *child);
    if (n)
        memcpy(call->child, child, n * sizeof *child);
    return next(p);
}

static struct node *parse_word(struct parser *p)
{
    struct token word = p->lexer.now;
    if (!next(p))
        return NULL;
    bool call = word.kind == TOKEN_WORD && at(p, "(");
    struct node *n = node_new(p->lexer.arena, call ? NODE_CALL : NODE_COLUMN, word.at, 0);
    n->name = word.text;
    if (!call)
        return n;
    if (!next(p) || !parse_arguments(p, n))
        return NULL;
    return n->depth > DEEPEST ? fail(p, word.at, "the expression has over 1000 levels") : n;
}

static struct node *parse_parenthesis(struct parser *p)
{
    uint32_t open = p->lexer.now.at;
    struct node *n = next(p) ? parse_or(p) : NULL;
    if (!n)
        return NULL;
    if (p->lexer.now.kind == TOKEN_END)
        return fail(p, open, "this ( is not closed");
    if (!at(p, ")"))
        return fail(p, p->lexer.now.at, "expected ) or an operator");
    return next(p) ? n : NULL;
}

static struct node *parse_value(struct parser *p)
{
    const struct token *t = &p->lexer.now;
    if (t->kind == TOKEN_NUMBER || t->kind == TOKEN_TEXT || at(p, "missing"))
        return parse_literal(p);
    if (t->kind == TOKEN_COLUMN || (t->kind == TOKEN_WORD && !is_keyword(t->text)))
        return parse_word(p);
    if (at(p, "("))
        return parse_parenthesis(p);
    if (at(p, "="))
        return fail(p, t->at, "= does not compare: write ==");
    return fail(p, t->at, "expected a value: a column, a number, a 'text' or a function");
}

/* `-` and `not` bind what follows; `operand` is the level that they stand before. */
static struct node *parse_prefix(struct parser *p, const char *sign,
                                 struct node *(*operand)(struct parser *))
{
    if (!at(p, sign))
        return operand(p);
    struct token now = p->lexer.now;
    if (++p->depth > DEEPEST / 4)
        return fail(p, now.at, "the expression is nested too deeply");
    struct node *n = next(p) ? parse_prefix(p, sign, operand) : NULL;
    p->depth--;
    return n ? join(p, NODE_CALL, &now, n, NULL) : NULL;
}

static struct node *parse_minus(struct parser *p)
{
    return parse_prefix(p, "-", parse_value);
}

static bool at_any(const struct parser *p, const char *const *signs)
{
    for (; *signs; signs++)
        if (at(p, *signs))
            return true;
    return false;
}

/* One level of operators that group from the left. */
static struct node *parse_level(struct parser *p, const char *const *signs, enum node_kind kind,
                                struct node *(*operand)(struct parser *))
{
    struct node *left = operand(p);
    while (left && at_any(p, signs)) {
        struct token sign = p->lexer.now;
        struct node *right = next(p) ? operand(p) : NULL;
        left = right ? join(p, kind, &sign, left, right) : NULL;
    }
    return left;
}

static struct node *parse_product(struct parser *p)
{
    static const char *const signs[] = {"*", "/", "%", NULL};
    return parse_level(p, signs, NODE_CALL, parse_minus);
}

static struct node *parse_sum(struct parser *p)
{
    static const char *const signs[] = {"+", "-", NULL};
    return parse_level(p, signs, NODE_CALL, parse_product);
}

/* One literal of a list, with a minus before a number. */
static bool parse_item(struct parser *p, union value *item, uint8_t *type)
{
    uint32_t start = p->lexer.now.at;
    bool minus = at(p, "-");
    if (minus && !next(p))
        return false;
    enum token_kind kind = p->lexer.now.kind;
    if (kind != TOKEN_NUMBER && (kind != TOKEN_TEXT || minus || p->lexer.now.text.len == 0))
        return fail(p, start, "expected a number or a 'text' in the list of in");
    struct node *n = parse_literal(p);
    if (!n)
        return false;
    if (*type != TYPE_NOTHING && *type != n->type)
        return fail(p, start, "a list of in holds either numbers or texts");
    if (minus)
        n->value.number = number_negate(n->value.number);
    *item = n->value;
    *type = n->type;
    return true;
}

/* The type of the items stands in the node's type until it is bound. */
static bool parse_list(struct parser *p, struct node *in)
{
    struct arena *a = p->lexer.arena;
    uint32_t room = 8;
    in->list = arena_array(a, room, sizeof *in->list);
    do {
        if (in->listed == room) {
            union value *more = arena_array(a, room *= 2, sizeof *more);
            in->list = memcpy(more, in->list, in->listed * sizeof *more);
        }
        if (!next(p) || !parse_item(p, &in->list[in->listed++], &in->type))
            return false;
    } while (at(p, ","));
    if (!at(p, ")"))
        return fail(p, p->lexer.now.at, "expected , or ) in the list of in");
    return next(p);
}

/* `not in (...)` is not (x in (...)). */
static struct node *parse_in(struct parser *p, struct node *left)
{
    struct token word = p->lexer.now;
    bool negated = at(p, "not");
    if (negated && !next(p))
        return NULL;
    if (!at(p, "in"))
        return fail(p, word.at, "expected in behind not");
    if (!next(p))
        return NULL;
    struct node *n = join(p, NODE_IN, &word, left, NULL);
    if (!n)
        return NULL;
    if (!at(p, "("))
        return fail(p, p->lexer.now.at, "expected ( behind in");
    if (!parse_list(p, n))
        return NULL;
    return negated ? join(p, NODE_CALL, &word, n, NULL) : n;
}

static const char *const comparisons[] = {"==", "!=", "<", "<=", ">", ">=", NULL};

static struct node *parse_comparison(struct parser *p)
{
    struct node *left = parse_sum(p);
    if (!left)
        return NULL;
    if (at(p, "in") || at(p, "not"))
        return parse_in(p, left);
    if (!at_any(p, comparisons))
        return left;
    struct token sign = p->lexer.now;
    struct node *right = next(p) ? parse_sum(p) : NULL;
    if (!right)
        return NULL;
    if (at_any(p, comparisons))
        return fail(p, p->lexer.now.at,
                    "comparisons do not follow each other: write a < b and b < c");
    return join(p, NODE_CALL, &sign, left, right);
}

static struct node *parse_not(struct parser *p)
{
    return parse_prefix(p, "not", parse_comparison);
}

static struct node *parse_and(struct parser *p)
{
    static const char *const words[] = {"and", NULL};
    return parse_level(p, words, NODE_AND, parse_not);
}

static struct node *parse_or(struct parser *p)
{
    static const char *const words[] = {"or", NULL};
    if (++p->depth > DEEPEST / 4)
        return fail(p, p->lexer.now.at, "the expression is nested too deeply");
    struct node *n = parse_level(p, words, NODE_OR, parse_and);
    p->depth--;
    return n;
}

static bool check_end(struct parser *p)
{
    const struct token *t = &p->lexer.now;
    if (t->kind == TOKEN_END)
        return true;
    if (at(p, "="))
        return fail(p, t->at, "= does not compare: write ==");
    if (at(p, ","))
        return fail(p, t->at, "unexpected , (a number is written with a point)");
    if (t->kind == TOKEN_SIGN && at(p, ")"))
        return fail(p, t->at, "this ) closes nothing");
    return fail(p, t->at, "expected an operator (and, or, in, ==, + ...) or the end");
}

static struct expression *parse_rest(struct parser *p)
{
    struct node *root = parse_or(p);
    if (!root || !check_end(p))
        return NULL;
    struct expression *e = arena_zalloc(p->lexer.arena, sizeof *e);
    *e = (struct expression){p->lexer.arena, p->lexer.source, root, NULL, NULL};
    return e;
}

struct expression *expression_parse(struct arena *a, const char *text, struct error *error)
{
    struct parser p = {.depth = 0};
    return lexer_start(&p.lexer, a, text, error) == 0 ? parse_rest(&p) : NULL;
}

struct expression *expression_parse_named(struct arena *a, const char *text, struct text *name,
                                          struct error *error)
{
    struct parser p = {.depth = 0};
    if (lexer_start(&p.lexer, a, text, error) != 0)
        return NULL;
    struct token word = p.lexer.now;
    bool named = word.kind == TOKEN_COLUMN || word.kind == TOKEN_WORD;
    if (!named || !next(&p) || !at(&p, "=")) {
        fail(&p, p.lexer.now.at, "expected NAME = EXPRESSION");
        return NULL;
    }
    *name = word.text;
    return next(&p) ? parse_rest(&p) : NULL;
}
