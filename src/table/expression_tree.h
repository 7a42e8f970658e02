/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the parts of the expression language share: values, nodes, functions.  Of others only
 * edit_build.c, which takes the trees of rules apart.
 *
 * The parser makes nodes without types; binding gives each a type, and turns columns into reads
 * where a number is wanted; evaluation walks the tree once a batch and never changes it.
 * Every value has 16 bytes, whatever its type, so that a column of texts is one of values as it is.
 */
#ifndef MARSAD_TABLE_EXPRESSION_TREE_H
#define MARSAD_TABLE_EXPRESSION_TREE_H

#include <regex.h>

#include "table/expression.h"
#include "table/expression_number.h"

union value {
    struct text text;
    struct number number;
    uint8_t truth; /* enum truth */
};

_Static_assert(sizeof(union value) == sizeof(struct text), "texts are values as they are");

enum value_type {
    TYPE_NOTHING, /* the literal `missing`: becomes any type */
    TYPE_CELL,    /* a column, or if() of columns: text, or a number where one is wanted */
    TYPE_NUMBER,
    TYPE_TEXT,
    TYPE_TRUTH,
};

enum node_kind {
    NODE_CONSTANT,
    NODE_COLUMN, /* cells as texts */
    NODE_READ,   /* cells as numbers */
    NODE_CALL,
    NODE_IF,
    NODE_COALESCE,
    NODE_AND,
    NODE_OR,
    NODE_IN,
};

struct node {
    uint8_t kind, type;
    uint32_t at;      /* byte in the source */
    uint32_t depth;   /* of the tree below, for the limit */
    struct text name; /* of a column, function or operator */
    uint32_t children;
    struct node **child;
    union value value;               /* NODE_CONSTANT */
    uint32_t column;                 /* NODE_COLUMN, NODE_READ */
    const struct function *function; /* NODE_CALL */
    const regex_t *pattern;          /* NODE_CALL of match() */
    union value *list;               /* NODE_IN: sorted */
    uint32_t listed;
};

struct pattern {
    regex_t compiled;
    struct pattern *next;
};

struct expression {
    struct arena *arena;
    const char *source;
    struct node *root;
    const struct schema *schema;
    struct pattern *patterns; /* to be freed */
};

/* One evaluation, of one batch; functions see the row and the node of their call. */
struct evaluation {
    const struct expression *expression;
    const struct batch *batch;
    struct arena *arena;
    uint32_t rows, row;
    const struct node *node;
    uint32_t fault_row; /* first row with a fault; UINT32_MAX: none */
    struct error fault;
};

/*
 * A function or operator.  Parameters are one letter each, n number, t text, b truth, x anything
 * (made a text); the last one repeats up to `most`.  Several entries of one name are told apart by
 * the first argument; a bare column takes the first entry.  A call with a missing argument is
 * missing without being made, unless the entry takes missing ones.
 */
struct function {
    const char *name, *parameters;
    uint8_t least, most;
    char result;
    uint8_t flags;
    union value (*call)(struct evaluation *, const union value *arguments, uint32_t count);
};

enum { FUNCTION_TAKES_MISSING = 1, FUNCTION_PATTERN = 2 };
enum { MANY_ARGUMENTS = 100, DEEPEST = 1000 };

/* The tables of functions, each ending with a name NULL: number, text, date, written. */
extern const struct function expression_number_functions[];
extern const struct function expression_text_functions[];
extern const struct function expression_date_functions[];
extern const struct function expression_written_functions[];

/* The entry for a first argument of this type; else any of that name; else NULL. */
const struct function *function_find(struct text name, enum value_type);

/* ` (near "abc")` for the end of a message; in the arena. */
const char *expression_near(struct arena *, const char *source, uint32_t at);

/* ---- trees ---- */
struct node *node_new(struct arena *, enum node_kind, uint32_t at, uint32_t children);

/* ---- evaluation ---- */
struct vector {
    const union value *at;
    uint32_t mask; /* 0 where one value stands for all rows, else all ones */
};

/* The order of values of a type, for qsort and bsearch. */
typedef int value_order(const void *, const void *);
value_order *value_order_of(unsigned type);

/* Makes a node whose children are constants a constant, unless it has a fault. */
void expression_fold(struct expression *, struct node *);

/* What a node of a bound expression is worth in a batch of one row; false where it has a fault. */
bool expression_node_value(const struct expression *, const struct node *, const struct batch *,
                           union value *out);

/* The present call has a fault, in this argument of it; told unless an earlier row has one.
 * Returns a missing value. */
enum { NO_ARGUMENT = MANY_ARGUMENTS };
union value evaluation_fault(struct evaluation *, uint32_t argument, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static inline union value value_of_number(struct number n)
{
    return (union value){.number = n};
}

static inline union value value_of_text(struct text t)
{
    return (union value){.text = t};
}

static inline union value value_of_truth(bool truth)
{
    return (union value){.truth = truth ? TRUTH_TRUE : TRUTH_FALSE};
}

static inline union value value_missing(unsigned type)
{
    if (type == TYPE_NUMBER)
        return value_of_number(number_of_kind(NUMBER_MISSING));
    if (type == TYPE_TRUTH)
        return (union value){.truth = TRUTH_MISSING};
    return value_of_text((struct text){"", 0});
}

static inline bool value_is_missing(const union value *v, unsigned type)
{
    if (type == TYPE_NUMBER)
        return v->number.kind == NUMBER_MISSING;
    return type == TYPE_TRUTH ? v->truth == TRUTH_MISSING : v->text.len == 0;
}

#endif
