/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Binding: columns to their numbers, calls to functions, a type for every node.
 *
 * Types go up the tree.  Where a number is wanted of cells, the wish goes down again through if()
 * and coalesce() to the columns, which become reads.  Nodes of constants alone are then folded.
 */
#include <stdlib.h>

#include "base/nearest.h"
#include "table/expression_tree.h"

struct binder {
    struct expression *expression;
    const struct schema *schema;
    struct error *error;
};

static int bind(struct binder *, struct node *);

static int fail(struct binder *b, const struct node *n, const char *message)
{
    struct expression *e = b->expression;
    return error_set(b->error, EX_USAGE, NOWHERE, "%s%s", message,
                     expression_near(e->arena, e->source, n->at));
}

static const char *type_name(unsigned type)
{
    static const char *const names[] = {
        [TYPE_NOTHING] = "a missing value", [TYPE_CELL] = "a column",
        [TYPE_NUMBER] = "a number",         [TYPE_TEXT] = "a text",
        [TYPE_TRUTH] = "a condition",
    };
    return names[type];
}

/* What a word of another type can be made into the wanted one with. */
static const char *type_advice(unsigned have, unsigned want)
{
    if (have == TYPE_TEXT && want == TYPE_NUMBER)
        return ": number() reads one from a text";
    if (have == TYPE_NUMBER && want == TYPE_TEXT)
        return ": text() writes a number";
    if (have == TYPE_CELL && want == TYPE_TRUTH)
        return ": compare it with a value";
    return "";
}

static int fail_type(struct binder *b, const struct node *n, struct text where, unsigned want)
{
    struct arena *a = b->expression->arena;
    return fail(b, n,
                arena_print(a, "%.*s wants %s, not %s%s", (int)where.len, where.at, type_name(want),
                            type_name(n->type), type_advice(n->type, want)));
}

/* ---- columns ---- */

static int bind_column(struct binder *b, struct node *n)
{
    int column = schema_find(b->schema, n->name);
    n->type = TYPE_CELL;
    if (column != NO_COLUMN) {
        n->column = (uint32_t)column;
        return 0;
    }
    struct expression *e = b->expression;
    struct guess guess = guess_begin(n->name);
    for (uint32_t i = 0; i < b->schema->columns; i++)
        guess_offer(&guess, b->schema->name[i]);
    return error_set(b->error, EX_DATAERR, NOWHERE, "no column \"%.*s\"%s%.*s%s%s",
                     (int)n->name.len, n->name.at, guess.name.len ? "; there is \"" : "",
                     (int)guess.name.len, guess.name.at, guess.name.len ? "\"" : "",
                     expression_near(e->arena, e->source, n->at));
}

/* ---- from one type to another ---- */

static struct node *wrap(struct binder *b, struct node *inner, const char *name, unsigned type)
{
    struct node *n = node_new(b->expression->arena, NODE_CALL, inner->at, 1);
    n->name = text_of(name);
    n->function = function_find(n->name, inner->type);
    n->type = (uint8_t)type;
    n->child[0] = inner;
    expression_fold(b->expression, n);
    return n;
}

/* Cells become numbers: where they are read, below every if() and coalesce(). */
static void read_cells(struct node *n)
{
    if (n->type != TYPE_CELL && n->type != TYPE_NOTHING)
        return;
    n->type = TYPE_NUMBER;
    if (n->kind == NODE_COLUMN)
        n->kind = NODE_READ;
    if (n->kind == NODE_CONSTANT) /* `missing`: no other constant has these types */
        n->value = value_missing(TYPE_NUMBER);
    for (uint32_t i = n->kind == NODE_IF; i < n->children; i++)
        read_cells(n->child[i]);
}

/* Gives a missing value of no type the type that is wanted around it. */
static void type_nothing(struct node *n, unsigned want)
{
    if (n->type != TYPE_NOTHING)
        return;
    n->type = (uint8_t)want;
    n->value = value_missing(want);
    for (uint32_t i = n->kind == NODE_IF; i < n->children; i++)
        type_nothing(n->child[i], want);
}

static int want_type(struct binder *b, struct node *n, struct text where, unsigned want)
{
    type_nothing(n, want);
    if (n->type == want)
        return 0;
    if (n->type != TYPE_CELL || want == TYPE_TRUTH)
        return fail_type(b, n, where, want);
    if (want == TYPE_NUMBER)
        read_cells(n);
    else if (want == TYPE_TEXT)
        n->type = TYPE_TEXT;
    return 0;
}

static int want_letter(struct binder *b, struct node **slot, struct text where, char letter)
{
    if (letter == 'n')
        return want_type(b, *slot, where, TYPE_NUMBER);
    if (letter == 'b')
        return want_type(b, *slot, where, TYPE_TRUTH);
    if (letter == 'x' && ((*slot)->type == TYPE_NUMBER || (*slot)->type == TYPE_TRUTH))
        *slot = wrap(b, *slot, "text", TYPE_TEXT);
    return want_type(b, *slot, where, TYPE_TEXT);
}

/* The type that two branches or two sides have in common; -1 where there is none. */
static int common_type(unsigned a, unsigned b)
{
    if (a == b || b == TYPE_NOTHING)
        return (int)a;
    if (a == TYPE_NOTHING)
        return (int)b;
    if (a == TYPE_CELL && b != TYPE_TRUTH)
        return (int)b;
    return b == TYPE_CELL && a != TYPE_TRUTH ? (int)a : -1;
}

/* Gives all children from `first` on their common type, which becomes the node's. */
static int unify(struct binder *b, struct node *n, uint32_t first)
{
    int type = TYPE_NOTHING;
    for (uint32_t i = first; i < n->children; i++) {
        int both = common_type((unsigned)type, n->child[i]->type);
        if (both < 0)
            return fail_type(b, n->child[i], n->name, (unsigned)type);
        type = both;
    }
    for (uint32_t i = first; i < n->children; i++)
        if (type != TYPE_CELL || n->child[i]->type == TYPE_NOTHING)
            if (want_type(b, n->child[i], n->name, (unsigned)type) != 0)
                return -1;
    n->type = (uint8_t)type;
    return 0;
}

/* ---- calls ---- */

static int check_count(struct binder *b, const struct node *n, uint32_t least, uint32_t most)
{
    struct arena *a = b->expression->arena;
    if (n->children >= least && n->children <= most)
        return 0;
    const char *range = least == most            ? arena_print(a, "%u", least)
                        : most == MANY_ARGUMENTS ? arena_print(a, "at least %u", least)
                                                 : arena_print(a, "%u to %u", least, most);
    return fail(b, n,
                arena_print(a, "%.*s() takes %s argument%s, not %u", (int)n->name.len, n->name.at,
                            range, least == 1 && most == 1 ? "" : "s", n->children));
}

static int bind_if(struct binder *b, struct node *n)
{
    n->kind = NODE_IF;
    if (check_count(b, n, 3, 3) != 0 ||
        want_type(b, n->child[0], TEXT("the condition of if()"), TYPE_TRUTH) != 0)
        return -1;
    return unify(b, n, 1);
}

static int bind_coalesce(struct binder *b, struct node *n)
{
    n->kind = NODE_COALESCE;
    return check_count(b, n, 1, MANY_ARGUMENTS) != 0 ? -1 : unify(b, n, 0);
}

/* Compiles the constant pattern of match(). */
static int bind_pattern(struct binder *b, struct node *n)
{
    struct expression *e = b->expression;
    const struct node *text = n->child[1];
    if (text->kind != NODE_CONSTANT || text->value.text.len == 0)
        return fail(b, text, "the pattern of match() is written out as a 'text'");
    struct pattern *p = arena_zalloc(e->arena, sizeof *p);
    char *pattern = arena_copy(e->arena, text->value.text.at, text->value.text.len);
    char reason[200];
    int code = regcomp(&p->compiled, pattern, REG_EXTENDED | REG_NOSUB);
    if (code != 0) {
        regerror(code, &p->compiled, reason, sizeof reason);
        return fail(b, text, arena_print(e->arena, "the pattern of match() is wrong: %s", reason));
    }
    p->next = e->patterns;
    e->patterns = p;
    n->pattern = &p->compiled;
    return 0;
}

static int fail_function(struct binder *b, const struct node *n)
{
    const struct function *const tables[] = {expression_number_functions, expression_text_functions,
                                             expression_date_functions};
    struct guess guess = guess_begin(n->name);
    guess_offer(&guess, TEXT("if"));
    guess_offer(&guess, TEXT("coalesce"));
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (const struct function *f = tables[t]; f->name; f++)
            guess_offer(&guess, text_of(f->name));
    struct arena *a = b->expression->arena;
    const char *hint = guess.name.len ? arena_print(a, "; there is %s()", guess.name.at) : "";
    return fail(b, n, arena_print(a, "no function %.*s()%s", (int)n->name.len, n->name.at, hint));
}

static char result_type(char letter)
{
    return letter == 'n' ? TYPE_NUMBER : letter == 'b' ? TYPE_TRUTH : TYPE_TEXT;
}

static int bind_function(struct binder *b, struct node *n)
{
    const struct function *f =
        function_find(n->name, n->children ? n->child[0]->type : TYPE_NOTHING);
    if (!f)
        return fail_function(b, n);
    if (check_count(b, n, f->least, f->most) != 0)
        return -1;
    n->function = f;
    n->type = (uint8_t)result_type(f->result);
    const char *letter = f->parameters;
    for (uint32_t i = 0; i < n->children; i++) {
        if (want_letter(b, &n->child[i], n->name, *letter) != 0)
            return -1;
        letter += letter[1] != '\0';
    }
    return f->flags & FUNCTION_PATTERN ? bind_pattern(b, n) : 0;
}

static bool is_comparison(struct text name)
{
    return name.at[0] == '=' || name.at[0] == '!' || name.at[0] == '<' || name.at[0] == '>';
}

/* Both sides as numbers, or both as texts; conditions only for equality, as the texts 1 and 0. */
static int bind_comparison(struct binder *b, struct node *n)
{
    for (uint32_t i = 0; i < 2; i++)
        if (n->child[i]->type == TYPE_NOTHING)
            return fail(b, n, "nothing compares with a missing value: write is_missing(...)");
    if (unify(b, n, 0) != 0)
        return -1;
    if (n->type == TYPE_TRUTH && (n->name.at[0] == '<' || n->name.at[0] == '>'))
        return fail(b, n, "conditions have no order: only == and != compare them");
    for (uint32_t i = 0; i < 2 && n->type == TYPE_TRUTH; i++)
        n->child[i] = wrap(b, n->child[i], "text", TYPE_TEXT);
    return bind_function(b, n);
}

static int bind_call(struct binder *b, struct node *n)
{
    for (uint32_t i = 0; i < n->children; i++)
        if (bind(b, n->child[i]) != 0)
            return -1;
    if (text_equal(n->name, TEXT("if")))
        return bind_if(b, n);
    if (text_equal(n->name, TEXT("coalesce")))
        return bind_coalesce(b, n);
    return is_comparison(n->name) ? bind_comparison(b, n) : bind_function(b, n);
}

static int bind_logic(struct binder *b, struct node *n)
{
    n->type = TYPE_TRUTH;
    for (uint32_t i = 0; i < n->children; i++)
        if (bind(b, n->child[i]) != 0 || want_type(b, n->child[i], n->name, TYPE_TRUTH) != 0)
            return -1;
    return 0;
}

static int bind_in(struct binder *b, struct node *n)
{
    unsigned type = n->type;
    n->type = TYPE_TRUTH;
    if (bind(b, n->child[0]) != 0 || want_type(b, n->child[0], TEXT("the list of in"), type) != 0)
        return -1;
    qsort(n->list, n->listed, sizeof *n->list, value_order_of(type));
    return 0;
}

static int bind_kind(struct binder *b, struct node *n)
{
    switch (n->kind) {
    case NODE_CONSTANT:
        return 0;
    case NODE_COLUMN:
        return bind_column(b, n);
    case NODE_IN:
        return bind_in(b, n);
    case NODE_AND:
    case NODE_OR:
        return bind_logic(b, n);
    default:
        return bind_call(b, n);
    }
}

static int bind(struct binder *b, struct node *n)
{
    if (bind_kind(b, n) != 0)
        return -1;
    expression_fold(b->expression, n);
    return 0;
}

int expression_bind(struct expression *e, const struct schema *schema, struct error *error)
{
    struct binder b = {e, schema, error};
    e->schema = schema;
    return bind(&b, e->root);
}

int expression_need_truth(const struct expression *e, struct error *error)
{
    static const char *const advice = "compare it with a value, as in age >= 18";
    if (e->root->type == TYPE_TRUTH)
        return 0;
    return error_set(error, EX_USAGE, NOWHERE, "the expression is %s, not a condition: %s",
                     type_name(e->root->type), advice);
}

static void tell_columns(const struct node *n, void (*tell)(void *, uint32_t), void *with)
{
    if (n->kind == NODE_COLUMN || n->kind == NODE_READ)
        tell(with, n->column);
    for (uint32_t i = 0; i < n->children; i++)
        tell_columns(n->child[i], tell, with);
}

void expression_columns(const struct expression *e, void (*tell)(void *, uint32_t), void *with)
{
    tell_columns(e->root, tell, with);
}

void expression_close(struct expression *e)
{
    for (struct pattern *p = e ? e->patterns : NULL; p; p = p->next)
        regfree(&p->compiled);
    if (e)
        e->patterns = NULL;
}
