/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/rule.h"

struct reading {
    struct arena *arena;
    const struct table *table;
    const struct schema *schema;
    enum language language;
    struct error *error;
    int id, scope, expression, severity, message[2]; /* columns; messages: fr, en */
};

static int rule_error(const struct reading *r, uint32_t row, const char *what)
{
    return error_set(r->error, EX_DATAERR, (struct place){r->table->name, 0, 0}, "rule %u: %s",
                     row + 1, what);
}

static int read_header(struct reading *r)
{
    static const char *const needed[] = {"id", "scope", "expression"};
    int *const to[] = {&r->id, &r->scope, &r->expression};
    for (int i = 0; i < 3; i++) {
        *to[i] = schema_find(r->table->schema, text_of(needed[i]));
        if (*to[i] == NO_COLUMN)
            return error_set(r->error, EX_DATAERR, (struct place){r->table->name, 1, 0},
                             "no column \"%s\"", needed[i]);
    }
    r->severity = schema_find(r->table->schema, TEXT("severity"));
    r->message[0] = schema_find(r->table->schema, TEXT("message_fr"));
    r->message[1] = schema_find(r->table->schema, TEXT("message_en"));
    return 0;
}

static int read_scope(const struct reading *r, uint32_t row, struct row_rule *rule)
{
    static const char *const names[] = {"row", "group", "key", "time"};
    struct text scope = text_trim(table_get(r->table, row, r->scope));
    for (int i = 0; i < 4; i++) {
        if (!text_equal(scope, text_of(names[i])))
            continue;
        rule->scope = (enum rule_scope)i;
        return 0;
    }
    return rule_error(r, row, "the scope is row, group, key or time");
}

static int read_severity(const struct reading *r, uint32_t row, struct row_rule *rule)
{
    struct text severity = text_trim(table_get(r->table, row, r->severity));
    rule->warning =
        text_equal(severity, TEXT("warning")) || text_equal(severity, TEXT("avertissement"));
    if (rule->warning || text_missing(severity) || text_equal(severity, TEXT("error")) ||
        text_equal(severity, TEXT("erreur")))
        return 0;
    return rule_error(r, row, "the severity is error or warning");
}

/* In the language asked for, else in the other one, else the rule itself. */
static struct text read_message(const struct reading *r, uint32_t row)
{
    int first = r->language == ENGLISH;
    struct text m = table_get(r->table, row, r->message[first]);
    if (text_missing(m))
        m = table_get(r->table, row, r->message[!first]);
    return text_missing(m) ? table_get(r->table, row, r->expression) : m;
}

static void column_add(void *rule, uint32_t column)
{
    struct row_rule *r = rule;
    for (uint32_t i = 0; i < r->columns; i++)
        if (r->column[i] == column)
            return;
    r->column[r->columns++] = column;
}

static int read_expression(const struct reading *r, uint32_t row, struct row_rule *rule)
{
    const char *source = text_copy(r->arena, table_get(r->table, row, r->expression)).at;
    struct error fault = {0};
    rule->source = source;
    rule->column = arena_array(r->arena, r->schema->columns + 1, sizeof *rule->column);
    if (rule->scope != SCOPE_ROW) {
        rule->across = across_parse(r->arena, source, r->schema, &fault);
        if (rule->across)
            across_columns(rule->across, column_add, rule);
    } else {
        rule->expression = expression_parse(r->arena, source, &fault);
        if (rule->expression && (expression_bind(rule->expression, r->schema, &fault) ||
                                 expression_need_truth(rule->expression, &fault)))
            return rule_error(r, row, fault.message);
        if (rule->expression)
            expression_columns(rule->expression, column_add, rule);
    }
    return fault.code ? rule_error(r, row, fault.message) : 0;
}

/* Scopes and forms must agree: a rule of keys under `group` is a slip of the hand. */
static int check_scope(const struct reading *r, uint32_t row, const struct row_rule *rule)
{
    static const enum rule_scope scopes[] = {
        [ACROSS_GROUP] = SCOPE_GROUP, [ACROSS_PARTITION] = SCOPE_GROUP,
        [ACROSS_UNIQUE] = SCOPE_KEY,  [ACROSS_EXISTS] = SCOPE_KEY,
        [ACROSS_RISING] = SCOPE_TIME, [ACROSS_FALLING] = SCOPE_TIME,
        [ACROSS_RATIO] = SCOPE_TIME,
    };
    if (!rule->across || scopes[across_kind(rule->across)] == rule->scope)
        return 0;
    return rule_error(r, row, "the expression is not of this scope");
}

static int read_rule(const struct reading *r, uint32_t row, struct row_rule *rule)
{
    rule->id = table_get(r->table, row, r->id);
    rule->message = read_message(r, row);
    if (text_missing(rule->id))
        return rule_error(r, row, "no id");
    if (read_scope(r, row, rule) || read_severity(r, row, rule) || read_expression(r, row, rule))
        return -1;
    return check_scope(r, row, rule);
}

struct rule_set *rule_set_new(struct arena *arena, const struct table *table,
                              const struct schema *schema, enum language language,
                              struct error *error)
{
    struct reading r = {arena, table, schema, language, error, 0, 0, 0, 0, {0, 0}};
    struct rule_set *set = arena_zalloc(arena, sizeof *set);
    set->rule = arena_zarray(arena, table->rows + 1, sizeof *set->rule);
    if (read_header(&r) != 0)
        return NULL;
    for (uint32_t row = 0; row < table->rows; row++) {
        struct row_rule *rule = &set->rule[set->rules++];
        bool bad = read_rule(&r, row, rule) != 0;
        for (uint32_t i = 0; i < row && !bad; i++)
            bad = text_equal(set->rule[i].id, rule->id) && rule_error(&r, row, "this id is taken");
        if (!bad)
            continue;
        rule_set_close(set);
        return NULL;
    }
    return set;
}

void rule_set_close(struct rule_set *set)
{
    for (uint32_t i = 0; set && i < set->rules; i++)
        if (set->rule[i].expression)
            expression_close(set->rule[i].expression);
}
