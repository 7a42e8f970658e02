/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the tree of an expression to a formula of edits, for one row and its free columns.
 *
 * Negations are pushed down to the comparisons: a formula says that the expression is not false, or
 * (want = false) not true.  A missing operand makes a comparison missing, which satisfies both.  An
 * operation that cannot be worked out satisfies neither.  What a case distinction (abs, min, max,
 * if) wants is a guard beside the comparison; the comparison is one `or` over all its cases.
 */
#include "table/edit_tree.h"
#include "table/expression_tree.h"

enum { MOST_CASES = 8, MOST_GUARDS = 64 };

/* One way through the case distinctions of a comparison. */
struct edit_cases {
    bool taken[MOST_CASES];
    uint32_t known, next; /* decided before; met in this pass */
    struct edit *guard[MOST_GUARDS];
    uint32_t guards;
};

enum term_kind { TERM_LINEAR, TERM_MISSING, TERM_FAULT, TERM_OPEN };

/* (sum of factor * unknown + constant) / below; below > 0. */
struct term {
    enum term_kind kind;
    struct linear_row sum;
    whole128 below;
};

static struct edit *form(struct edit_build *, const struct node *, bool want);
static struct term term_of(struct edit_build *, const struct node *);

/* ---- formulas ---- */

static struct edit *edit_new(struct edit_build *b, enum edit_kind kind, uint32_t room)
{
    struct edit *e = arena_zalloc(b->question->arena, sizeof *e);
    e->kind = kind;
    e->child = arena_array(b->question->arena, room + 1, sizeof(struct edit *));
    return e;
}

static struct edit *edit_two(struct edit_build *b, enum edit_kind kind, struct edit *x,
                             struct edit *y)
{
    struct edit *e = edit_new(b, kind, 2);
    e->child[e->children++] = x;
    e->child[e->children++] = y;
    return e;
}

static struct edit *edit_decided(struct edit_build *b, bool is)
{
    return edit_new(b, is ? EDIT_TRUE : EDIT_FALSE, 0);
}

static bool is_free(const struct edit_build *b, const struct node *n)
{
    bool free = (n->kind == NODE_COLUMN || n->kind == NODE_READ) && b->free[n->column] >= 0;
    for (uint32_t i = 0; i < n->children && !free; i++)
        free = is_free(b, n->child[i]);
    return free;
}

/* What has no free column is worked out; false where it has a fault. */
static bool constant_of(struct edit_build *b, const struct node *n, union value *v)
{
    bool good = expression_node_value(b->expression, n, b->row, v);
    b->missing |= !good || value_is_missing(v, n->type);
    return good;
}

/* ---- numbers ---- */

static struct term term_kind(enum term_kind kind)
{
    return (struct term){.kind = kind, .below = 1};
}

static struct term term_constant(const union value *v)
{
    struct term t = term_kind(TERM_LINEAR);
    if (v->number.kind != NUMBER_EXACT)
        return term_kind(v->number.kind == NUMBER_MISSING ? TERM_MISSING : TERM_OPEN);
    t.sum.constant = v->number.mantissa;
    for (int i = 0; i < v->number.scale; i++)
        t.below *= 10;
    return t;
}

/* Only the worse of two that are no linear forms is left. */
static struct term term_worse(const struct term *a, const struct term *b)
{
    return term_kind(a->kind > b->kind ? a->kind : b->kind);
}

static void term_reduce(struct term *t)
{
    whole128 common = whole_gcd(t->below, t->sum.constant);
    for (uint32_t i = 0; i < UNKNOWNS; i++)
        common = whole_gcd(common, t->sum.factor[i]);
    for (uint32_t i = 0; i < UNKNOWNS; i++)
        t->sum.factor[i] /= common;
    t->sum.constant /= common;
    t->below /= common;
}

/* a + sign * b */
static struct term term_add(const struct term *a, const struct term *b, int sign)
{
    struct term t = term_kind(TERM_LINEAR);
    if (a->kind != TERM_LINEAR || b->kind != TERM_LINEAR)
        return term_worse(a, b);
    bool fits =
        !__builtin_mul_overflow(a->below, b->below, &t.below) &&
        whole_combine(a->sum.constant, b->below, b->sum.constant, sign * a->below, &t.sum.constant);
    for (uint32_t i = 0; i < UNKNOWNS && fits; i++)
        fits = whole_combine(a->sum.factor[i], b->below, b->sum.factor[i], sign * a->below,
                             &t.sum.factor[i]);
    if (!fits)
        return term_kind(TERM_OPEN);
    term_reduce(&t);
    return t;
}

static bool term_is_constant(const struct term *t)
{
    for (uint32_t i = 0; i < UNKNOWNS; i++)
        if (t->sum.factor[i] != 0)
            return false;
    return true;
}

/* t * above / below */
static struct term term_scale(struct term t, whole128 above, whole128 below)
{
    if (below < 0) {
        above = -above;
        below = -below;
    }
    bool fits = !__builtin_mul_overflow(t.below, below, &t.below) &&
                !__builtin_mul_overflow(t.sum.constant, above, &t.sum.constant);
    for (uint32_t i = 0; i < UNKNOWNS && fits; i++)
        fits = !__builtin_mul_overflow(t.sum.factor[i], above, &t.sum.factor[i]);
    if (!fits)
        return term_kind(TERM_OPEN);
    term_reduce(&t);
    return t;
}

static struct term term_multiply(const struct term *a, const struct term *b)
{
    if (a->kind != TERM_LINEAR || b->kind != TERM_LINEAR)
        return term_worse(a, b);
    if (term_is_constant(a))
        return term_scale(*b, a->sum.constant, a->below);
    return term_is_constant(b) ? term_scale(*a, b->sum.constant, b->below) : term_kind(TERM_OPEN);
}

static struct term term_divide(const struct term *a, const struct term *b)
{
    if (a->kind != TERM_LINEAR || b->kind != TERM_LINEAR)
        return term_worse(a, b);
    if (!term_is_constant(b))
        return term_kind(TERM_OPEN);
    return b->sum.constant == 0 ? term_kind(TERM_FAULT) : term_scale(*a, b->below, b->sum.constant);
}

/* ---- cases ---- */

/* Which way the next distinction goes in this pass. */
static bool case_next(struct edit_build *b, bool *side)
{
    struct edit_cases *c = b->cases;
    if (c->next == MOST_CASES || c->guards >= MOST_GUARDS - 1)
        return false;
    if (c->next >= c->known)
        c->taken[c->next] = false;
    *side = c->taken[c->next++];
    return true;
}

/* On to the next way; false behind the last. */
static bool cases_step(struct edit_cases *c)
{
    while (c->next > 0 && c->taken[c->next - 1])
        c->next--;
    c->known = c->next;
    if (c->next == 0)
        return false;
    c->taken[c->next - 1] = true;
    c->next = c->guards = 0;
    return true;
}

static struct edit *edit_line(struct edit_build *b, const struct term *t, whole128 turn,
                              enum relation relation)
{
    struct linear_row *r = arena_alloc(b->question->arena, sizeof *r);
    struct edit *e = edit_new(b, EDIT_LINEAR, 0);
    *r = t->sum;
    r->relation = relation;
    r->constant *= turn;
    for (uint32_t i = 0; i < UNKNOWNS; i++)
        r->factor[i] *= turn;
    e->line = r;
    return e;
}

/* a, where `guard` is not negative. */
static struct term term_guarded(struct edit_build *b, struct term a, const struct term *guard)
{
    b->cases->guard[b->cases->guards++] = edit_line(b, guard, 1, RELATION_NOT_NEGATIVE);
    return a;
}

static struct term term_abs(struct edit_build *b, struct term t)
{
    bool turned;
    if (t.kind != TERM_LINEAR)
        return t;
    if (!case_next(b, &turned))
        return term_kind(TERM_OPEN);
    if (turned)
        t = term_scale(t, -1, 1);
    return term_guarded(b, t, &t);
}

/* min, or max with sign -1. */
static struct term term_least(struct edit_build *b, const struct node *n, int sign)
{
    struct term best = term_of(b, n->child[0]);
    for (uint32_t i = 1; i < n->children; i++) {
        bool second;
        struct term t = term_of(b, n->child[i]);
        if (t.kind != TERM_LINEAR || best.kind != TERM_LINEAR) {
            best = term_worse(&best, &t);
            continue;
        }
        if (!case_next(b, &second))
            return term_kind(TERM_OPEN);
        struct term less = term_add(second ? &best : &t, second ? &t : &best, -1);
        less = term_scale(less, sign, 1);
        if (less.kind != TERM_LINEAR)
            return less;
        best = term_guarded(b, second ? t : best, &less);
    }
    return best;
}

/* The condition of an if(), as a guard: its formula is exact only where it cannot be missing. */
static struct term term_if(struct edit_build *b, const struct node *n)
{
    bool otherwise, missing = b->missing;
    union value v;
    if (!is_free(b, n->child[0])) {
        if (!constant_of(b, n->child[0], &v))
            return term_kind(TERM_FAULT);
        if (v.truth == TRUTH_MISSING)
            return term_kind(TERM_MISSING);
        return term_of(b, n->child[v.truth == TRUTH_TRUE ? 1 : 2]);
    }
    if (!case_next(b, &otherwise))
        return term_kind(TERM_OPEN);
    struct edit_cases *outer = b->cases;
    b->missing = false;
    struct edit *guard = form(b, n->child[0], !otherwise);
    b->cases = outer;
    if (b->missing)
        return term_kind(TERM_OPEN);
    b->missing = missing;
    outer->guard[outer->guards++] = guard;
    return term_of(b, n->child[otherwise ? 2 : 1]);
}

static struct term term_coalesce(struct edit_build *b, const struct node *n)
{
    struct term t = term_kind(TERM_MISSING);
    for (uint32_t i = 0; i < n->children && t.kind == TERM_MISSING; i++)
        t = term_of(b, n->child[i]);
    return t;
}

static bool is_called(const struct node *n, const char *name)
{
    return n->kind == NODE_CALL && text_equal(n->name, text_of(name));
}

static struct term term_call(struct edit_build *b, const struct node *n)
{
    if (is_called(n, "min") || is_called(n, "max"))
        return term_least(b, n, is_called(n, "min") ? 1 : -1);
    bool known = is_called(n, "+") || is_called(n, "-") || is_called(n, "*") || is_called(n, "/") ||
                 is_called(n, "abs") || is_called(n, "number");
    if (!known || n->child[0]->type != TYPE_NUMBER)
        return term_kind(TERM_OPEN);
    struct term x = term_of(b, n->child[0]);
    if (is_called(n, "abs"))
        return term_abs(b, x);
    if (n->children == 1)
        return is_called(n, "-") && x.kind == TERM_LINEAR ? term_scale(x, -1, 1) : x;
    struct term y = term_of(b, n->child[1]);
    if (is_called(n, "*"))
        return term_multiply(&x, &y);
    return is_called(n, "/") ? term_divide(&x, &y) : term_add(&x, &y, is_called(n, "+") ? 1 : -1);
}

static struct term term_of(struct edit_build *b, const struct node *n)
{
    struct term t = term_kind(TERM_LINEAR);
    union value v;
    if (!is_free(b, n))
        return constant_of(b, n, &v) ? term_constant(&v) : term_kind(TERM_FAULT);
    if (n->kind == NODE_READ) {
        t.sum.factor[b->free[n->column]] = 1;
        b->numbers |= (uint16_t)(1u << b->free[n->column]);
        return t;
    }
    if (n->kind == NODE_IF)
        return term_if(b, n);
    return n->kind == NODE_COALESCE ? term_coalesce(b, n) : term_call(b, n);
}

/* ---- comparisons ---- */

static unsigned signs_of(struct text name)
{
    unsigned signs = name.at[0] == '<' ? SIGN_BELOW : name.at[0] == '>' ? SIGN_ABOVE : 0;
    if (name.at[0] == '!')
        return SIGN_BELOW | SIGN_ABOVE;
    return name.at[0] == '=' || name.len == 2 ? signs | SIGN_EQUAL : signs;
}

/* A term against zero. */
static struct edit *line_of(struct edit_build *b, const struct term *t, unsigned signs)
{
    if (t->kind != TERM_LINEAR)
        return t->kind == TERM_OPEN ? edit_new(b, EDIT_OPEN, 0)
                                    : edit_decided(b, t->kind == TERM_MISSING);
    if (signs == (SIGN_BELOW | SIGN_ABOVE))
        return edit_two(b, EDIT_OR, edit_line(b, t, -1, RELATION_POSITIVE),
                        edit_line(b, t, 1, RELATION_POSITIVE));
    enum relation relation = signs == SIGN_EQUAL  ? RELATION_ZERO
                             : signs & SIGN_EQUAL ? RELATION_NOT_NEGATIVE
                                                  : RELATION_POSITIVE;
    return edit_line(b, t, signs & SIGN_BELOW ? -1 : 1, relation);
}

/* The comparison in the present way through its cases. */
static struct edit *case_form(struct edit_build *b, const struct node *n, unsigned signs)
{
    struct term x = term_of(b, n->child[0]), y = term_of(b, n->child[1]);
    struct term difference = term_add(&x, &y, -1);
    struct edit *e = edit_new(b, EDIT_AND, b->cases->guards + 1);
    for (uint32_t i = 0; i < b->cases->guards; i++)
        e->child[e->children++] = b->cases->guard[i];
    e->child[e->children++] = line_of(b, &difference, signs);
    return e;
}

static struct edit *compare_numbers(struct edit_build *b, const struct node *n, unsigned signs)
{
    struct edit_cases cases = {.next = 0}, *outer = b->cases;
    struct edit *any = edit_new(b, EDIT_OR, 1u << MOST_CASES);
    b->cases = &cases;
    do {
        any->child[any->children++] = case_form(b, n, signs);
    } while (cases_step(&cases));
    b->cases = outer;
    return any->children == 1 ? any->child[0] : any;
}

/* False where a side is what the search does not know. */
static bool side_of(struct edit_build *b, const struct node *n, struct edit_side *side,
                    struct edit **decided)
{
    union value v;
    side->free = -1;
    if (n->kind == NODE_COLUMN && b->free[n->column] >= 0) {
        side->free = b->free[n->column];
        b->texts |= (uint16_t)(1u << side->free);
        return true;
    }
    if (is_free(b, n))
        return false;
    if (!constant_of(b, n, &v))
        *decided = edit_decided(b, false);
    else if (value_is_missing(&v, TYPE_TEXT))
        *decided = edit_decided(b, true);
    else
        side->text = v.text;
    return true;
}

static unsigned signs_turned(unsigned signs)
{
    return (signs & SIGN_EQUAL) | (signs & SIGN_BELOW ? SIGN_ABOVE : 0u) |
           (signs & SIGN_ABOVE ? SIGN_BELOW : 0u);
}

static struct edit *compare_texts(struct edit_build *b, const struct node *n, unsigned signs)
{
    struct edit *e = edit_new(b, EDIT_TEXT, 0), *decided = NULL;
    if (!side_of(b, n->child[0], &e->side[0], &decided) ||
        !side_of(b, n->child[1], &e->side[1], &decided))
        return edit_new(b, EDIT_OPEN, 0);
    e->signs = signs;
    if (e->side[0].free < 0) {
        struct edit_side first = e->side[0];
        e->side[0] = e->side[1];
        e->side[1] = first;
        e->signs = signs_turned(signs);
    }
    return decided ? decided : e;
}

static struct edit *form_in(struct edit_build *b, const struct node *n, bool want)
{
    bool number = n->child[0]->type == TYPE_NUMBER;
    struct edit *e = edit_new(b, want ? EDIT_OR : EDIT_AND, n->listed);
    for (uint32_t i = 0; i < n->listed; i++) {
        struct node literal = {.kind = NODE_CONSTANT, .type = n->child[0]->type};
        struct node *sides[2] = {n->child[0], &literal};
        struct node equal = {.kind = NODE_CALL, .children = 2, .child = sides};
        unsigned signs = want ? SIGN_EQUAL : SIGN_BELOW | SIGN_ABOVE;
        literal.value = n->list[i];
        e->child[e->children++] =
            number ? compare_numbers(b, &equal, signs) : compare_texts(b, &equal, signs);
    }
    return e;
}

/* ---- conditions ---- */

/* Either the condition and one branch, or its contrary and the other. */
static struct edit *form_if(struct edit_build *b, const struct node *n, bool want)
{
    bool missing = b->missing;
    b->missing = false;
    struct edit *is = form(b, n->child[0], true), *is_not = form(b, n->child[0], false);
    if (b->missing)
        return edit_new(b, EDIT_OPEN, 0);
    b->missing = missing;
    return edit_two(b, EDIT_OR, edit_two(b, EDIT_AND, is, form(b, n->child[1], want)),
                    edit_two(b, EDIT_AND, is_not, form(b, n->child[2], want)));
}

static struct edit *form_call(struct edit_build *b, const struct node *n, bool want)
{
    static const char *const comparisons[] = {"==", "!=", "<", "<=", ">", ">="};
    if (is_called(n, "not"))
        return form(b, n->child[0], !want);
    if (is_called(n, "is_missing") && n->child[0]->kind == NODE_COLUMN)
        return edit_decided(b, !want); /* a free cell has a value */
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
        unsigned signs = signs_of(n->name);
        if (!is_called(n, comparisons[i]))
            continue;
        signs = want ? signs : SIGN_ANY & ~signs;
        return n->child[0]->type == TYPE_NUMBER ? compare_numbers(b, n, signs)
                                                : compare_texts(b, n, signs);
    }
    return edit_new(b, EDIT_OPEN, 0);
}

static struct edit *form(struct edit_build *b, const struct node *n, bool want)
{
    union value v;
    if (!is_free(b, n)) {
        if (!constant_of(b, n, &v))
            return edit_decided(b, false);
        return edit_decided(b, v.truth == TRUTH_MISSING || (v.truth == TRUTH_TRUE) == want);
    }
    if (n->kind == NODE_AND || n->kind == NODE_OR)
        return edit_two(b, (n->kind == NODE_AND) == want ? EDIT_AND : EDIT_OR,
                        form(b, n->child[0], want), form(b, n->child[1], want));
    if (n->kind == NODE_IN)
        return form_in(b, n, want);
    if (n->kind == NODE_IF)
        return form_if(b, n, want);
    return n->kind == NODE_CALL ? form_call(b, n, want) : edit_new(b, EDIT_OPEN, 0);
}

struct edit *edit_of_rule(struct edit_build *b, const struct expression *e)
{
    b->expression = e;
    b->cases = NULL;
    return form(b, e->root, true);
}

/* ---- empty cells ---- */

/* How often a column is read, and by is_missing(). */
static void count_reads(const struct node *n, uint32_t column, uint32_t *all, uint32_t *missing)
{
    *all += (n->kind == NODE_COLUMN || n->kind == NODE_READ) && n->column == column;
    *missing += is_called(n, "is_missing") && n->child[0]->kind == NODE_COLUMN &&
                n->child[0]->column == column;
    for (uint32_t i = 0; i < n->children; i++)
        count_reads(n->child[i], column, all, missing);
}

bool edits_may_blank(const struct rule_set *set, uint32_t column)
{
    for (uint32_t i = 0; i < set->rules; i++) {
        uint32_t all = 0, missing = 0;
        const struct row_rule *r = &set->rule[i];
        if (r->expression && !r->warning)
            count_reads(r->expression->root, column, &all, &missing);
        if (missing > 0 && missing == all)
            return true;
    }
    return false;
}
