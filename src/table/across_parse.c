/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/across_state.h"

struct words {
    struct across *a;
    const char *source, *at;
    const struct schema *schema;
    struct error *error;
};

static int fail(struct words *w, const char *what)
{
    return error_set(w->error, EX_USAGE, NOWHERE, "character %u: %s",
                     (unsigned)(w->at - w->source) + 1, what);
}

static void skip(struct words *w)
{
    while (*w->at == ' ' || *w->at == '\t')
        w->at++;
}

/* Up to a space or a sign; between brackets anything. */
static struct text name_next(struct words *w)
{
    skip(w);
    const char *start = w->at;
    if (*start == '[') {
        const char *end = strchr(start, ']');
        w->at = end ? end + 1 : start;
        return end ? (struct text){start + 1, (uint32_t)(end - start) - 1} : (struct text){"", 0};
    }
    while (*w->at && !strchr(" \t(),=<>![]", *w->at))
        w->at++;
    return (struct text){start, (uint32_t)(w->at - start)};
}

static bool sign_next(struct words *w, char sign)
{
    skip(w);
    if (*w->at != sign)
        return false;
    w->at++;
    return true;
}

static bool word_next(struct words *w, const char *word)
{
    const char *before = w->at;
    if (text_equal(name_next(w), text_of(word)))
        return true;
    w->at = before;
    return false;
}

static int column_of(struct words *w, struct text name, uint32_t *out)
{
    int column = schema_find(w->schema, name);
    *out = (uint32_t)column;
    if (column == NO_COLUMN)
        return error_set(w->error, EX_DATAERR, NOWHERE, "no column \"%.*s\"", (int)name.len,
                         name.at);
    return 0;
}

static int column_next(struct words *w, uint32_t *out)
{
    struct text name = name_next(w);
    return name.len ? column_of(w, name, out) : fail(w, "a column is wanted here");
}

/* Columns by commas, added to the key. */
static int columns_next(struct words *w)
{
    struct across *a = w->a;
    do {
        if (a->keys == ACROSS_KEYS)
            return fail(w, "too many columns");
        if (column_next(w, &a->key[a->keys++]) != 0)
            return -1;
    } while (sign_next(w, ','));
    return 0;
}

static int bracketed(struct words *w, uint32_t *column)
{
    if (!sign_next(w, '(') || column_next(w, column) != 0)
        return fail(w, "( and a column are wanted here");
    return sign_next(w, ')') ? 0 : fail(w, ") is wanted here");
}

static const struct {
    const char *name;
    enum across_kind kind;
    enum fold fold;
} heads[] = {
    {"sum", ACROSS_GROUP, FOLD_SUM},           {"count", ACROSS_GROUP, FOLD_COUNT},
    {"min", ACROSS_GROUP, FOLD_MIN},           {"max", ACROSS_GROUP, FOLD_MAX},
    {"partition", ACROSS_PARTITION, FOLD_SUM}, {"unique", ACROSS_UNIQUE, FOLD_SUM},
    {"rising", ACROSS_RISING, FOLD_SUM},       {"falling", ACROSS_FALLING, FOLD_SUM},
    {"ratio", ACROSS_RATIO, FOLD_SUM},
};

static bool head_find(struct text name, enum across_kind *kind, enum fold *fold)
{
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        if (!text_equal(name, text_of(heads[i].name)))
            continue;
        *kind = heads[i].kind;
        *fold = heads[i].fold;
        return true;
    }
    return false;
}

static int relation_next(struct words *w)
{
    static const struct {
        const char *sign;
        unsigned allowed; /* bits: below 1, equal 2, above 4 */
    } signs[] = {{"==", 2}, {"!=", 5}, {"<=", 3}, {">=", 6}, {"=", 2}, {"<", 1}, {">", 4}};
    skip(w);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t n = strlen(signs[i].sign);
        if (strncmp(w->at, signs[i].sign, n) != 0)
            continue;
        w->at += n;
        w->a->allowed = signs[i].allowed;
        return 0;
    }
    return fail(w, "one of = != < <= > >= is wanted here");
}

static int right_next(struct words *w)
{
    struct across *a = w->a;
    struct text name = name_next(w);
    enum across_kind kind = ACROSS_GROUP;
    a->side[1].number = decimal_parse(name);
    if (a->side[1].number.kind == NUMBER_EXACT) {
        a->side[1].fold = FOLD_NUMBER;
        return 0;
    }
    skip(w);
    if (*w->at == '(' && head_find(name, &kind, &a->side[1].fold) && kind == ACROSS_GROUP)
        return bracketed(w, &a->side[1].column);
    a->side[1].fold = FOLD_SAME;
    return name.len ? column_of(w, name, &a->side[1].column)
                    : fail(w, "a number, a column or sum() is wanted here");
}

static int parse_exists(struct words *w, struct text name)
{
    struct across *a = w->a;
    a->kind = ACROSS_EXISTS;
    if (column_of(w, name, &a->key[0]) != 0)
        return -1;
    a->keys = 1;
    if (!word_next(w, "in"))
        return fail(w, "exists in FILE(COLUMN) is wanted here");
    a->file = text_copy(a->arena, name_next(w)).at;
    if (!*a->file || !sign_next(w, '('))
        return fail(w, "FILE(COLUMN) is wanted here");
    a->target_name = text_copy(a->arena, name_next(w));
    return a->target_name.len && sign_next(w, ')') ? 0 : fail(w, "COLUMN) is wanted here");
}

static bool is_time(enum across_kind kind)
{
    return kind == ACROSS_RISING || kind == ACROSS_FALLING || kind == ACROSS_RATIO;
}

static int parse_unique(struct words *w)
{
    if (!sign_next(w, '(') || columns_next(w) != 0)
        return fail(w, "( and columns are wanted here");
    return sign_next(w, ')') ? 0 : fail(w, ") is wanted here");
}

static int parse_limit(struct words *w)
{
    if (relation_next(w) != 0 || right_next(w) != 0)
        return -1;
    struct decimal n = w->a->side[1].number;
    if (w->a->allowed != 3 || w->a->side[1].fold != FOLD_NUMBER || n.mantissa <= 0)
        return fail(w, "ratio() takes <= and a number above zero");
    return 0;
}

static int parse_tail(struct words *w)
{
    struct across *a = w->a;
    if (word_next(w, "by") && columns_next(w) != 0)
        return -1;
    if (is_time(a->kind) && (!word_next(w, "over") || column_next(w, &a->over) != 0))
        return fail(w, "over and a column of periods are wanted here");
    if (a->kind == ACROSS_RATIO)
        return parse_limit(w);
    if (a->kind == ACROSS_GROUP)
        return relation_next(w) != 0 ? -1 : right_next(w);
    return 0;
}

static int parse_all(struct words *w)
{
    struct across *a = w->a;
    struct text name = name_next(w);
    int state;
    if (name.len && word_next(w, "exists"))
        state = parse_exists(w, name);
    else if (!head_find(name, &a->kind, &a->side[0].fold))
        return fail(w, "a rule begins with sum, count, min, max, partition, unique, rising, "
                       "falling, ratio, or COLUMN exists in");
    else if (a->kind == ACROSS_UNIQUE)
        state = parse_unique(w);
    else
        state = bracketed(w, &a->side[0].column) != 0 ? -1 : parse_tail(w);
    skip(w);
    return state == 0 && *w->at ? fail(w, "nothing more is wanted here") : state;
}

struct across *across_parse(struct arena *arena, const char *source, const struct schema *schema,
                            struct error *error)
{
    struct across *a = arena_zalloc(arena, sizeof *a);
    struct words w = {a, source, source, schema, error};
    a->arena = arena;
    if (parse_all(&w) != 0)
        return NULL;
    a->keys_seen = dictionary_new(arena, UINT32_MAX / 4);
    return a;
}

const char *across_names(struct arena *arena, struct text expression)
{
    const char *source = text_copy(arena, expression).at;
    struct words w = {.source = source, .at = source};
    name_next(&w);
    return word_next(&w, "exists") && word_next(&w, "in") ? text_copy(arena, name_next(&w)).at
                                                          : NULL;
}

void across_columns(const struct across *a, void (*call)(void *, uint32_t), void *to)
{
    bool group = a->kind == ACROSS_GROUP;
    if (a->kind != ACROSS_UNIQUE && a->kind != ACROSS_EXISTS)
        call(to, a->side[0].column);
    if (group && a->side[1].fold != FOLD_NUMBER)
        call(to, a->side[1].column);
    for (uint32_t i = 0; i < a->keys; i++)
        call(to, a->key[i]);
    if (is_time(a->kind))
        call(to, a->over);
}
