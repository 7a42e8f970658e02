/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * select: some of the columns, in a chosen order, under new names.
 *
 * No cell is touched: the batch that is emitted shares the columns of the one that came.
 */
#include "chain/stage.h"

struct select {
    const struct schema *out;
    uint32_t *from; /* of each column of `out`: its number in the input */
};

/* One item of the list; `name` is empty where the column keeps its own. */
struct item {
    int column;
    struct text name;
};

struct items {
    struct item *item;
    uint32_t count;
};

static const struct option_spec options[] = {
    {"COLUMNS", OPTION_TEXT, "COL[=NEW],...", "the columns, and their new names", OPTION_REQUIRED,
     ""},
    {"drop", OPTION_FLAG, "", "drop these columns and keep the others", 0, ""},
    {"others", OPTION_FLAG, "", "keep the others too, every column in its place", 0, ""},
    {"FILE", OPTION_INPUT, "FILE", "the records (default: standard input)", 0, ""},
    {.name = ""},
};

/* `[name]` or `name` in backquotes, the closing sign doubled inside; false where it is not closed.
 */
static bool take_quoted(struct arena *a, const char **at, struct text *name)
{
    char close = **at == '[' ? ']' : '`';
    char *out = arena_alloc(a, strlen(*at));
    uint32_t len = 0;
    for ((*at)++; **at; (*at)++) {
        if (**at == close && *++*at != close) {
            *name = (struct text){out, len};
            return true;
        }
        out[len++] = **at;
    }
    return false;
}

/* strspn() and its like are large in the C library: two pages of it for some names. */
static const char *skip_spaces(const char *at)
{
    while (*at == ' ')
        at++;
    return at;
}

static bool take_name(struct arena *a, const char **at, struct text *name)
{
    *at = skip_spaces(*at);
    if (**at == '[' || **at == '`') {
        if (!take_quoted(a, at, name))
            return false;
    } else {
        const char *from = *at;
        while (**at && **at != ',' && **at != '=')
            ++*at;
        *name = text_trim((struct text){from, (uint32_t)(*at - from)});
    }
    *at = skip_spaces(*at);
    return !text_missing(*name) && (**at == ',' || **at == '=' || **at == '\0');
}

static int bad_list(struct step *step)
{
    return step_fail(step, EX_USAGE, NOWHERE,
                     "columns are written COL,COL=NEW,...; a name with a comma or an equals sign "
                     "is written in brackets: [a, b]");
}

static int find_column(struct step *step, struct text name, int *column)
{
    *column = schema_find(step_in(step), name);
    return *column == NO_COLUMN ? step_find(step, name, column) : STEP_OK;
}

static int read_item(struct step *step, const char **at, struct item *item)
{
    struct text name;
    if (!take_name(step_arena(step), at, &name))
        return bad_list(step);
    if (find_column(step, name, &item->column) != STEP_OK)
        return STEP_FAIL;
    if (**at != '=')
        return STEP_OK;
    (*at)++;
    if (step_flag(step, "drop"))
        return step_fail(step, EX_USAGE, NOWHERE, "--drop takes no new names");
    if (!take_name(step_arena(step), at, &item->name) || **at == '=')
        return bad_list(step);
    return STEP_OK;
}

static int read_items(struct step *step, struct items *items)
{
    const char *at = step_option(step, "COLUMNS");
    size_t room = 1;
    for (const char *c = at; *c; c++)
        room += *c == ',';
    items->item = arena_zarray(step_arena(step), room, sizeof *items->item);
    for (;; at++) {
        if (read_item(step, &at, &items->item[items->count++]) != STEP_OK)
            return STEP_FAIL;
        if (*at == '\0')
            return STEP_OK;
    }
}

static const struct item *find_item(const struct items *items, uint32_t column)
{
    for (uint32_t i = 0; i < items->count; i++)
        if (items->item[i].column == (int)column)
            return &items->item[i];
    return NULL;
}

/* Column `from` of the input comes next, under its own name where `name` is empty. */
static int add_column(struct step *step, struct schema *out, uint32_t from, struct text name)
{
    struct select *s = step_state(step);
    if (text_missing(name))
        name = step_in(step)->name[from];
    else if (step_need(step, from) != STEP_OK) /* what is asked of it comes under another name */
        return STEP_FAIL;
    int to = schema_add(out, name);
    if (to == NO_COLUMN)
        return step_fail(step, EX_USAGE, NOWHERE, "two columns would be named \"%.*s\"",
                         (int)name.len, name.at);
    s->from[to] = from;
    return STEP_OK;
}

static int add_items(struct step *step, struct schema *out, const struct items *items)
{
    for (uint32_t i = 0; i < items->count; i++)
        if (add_column(step, out, (uint32_t)items->item[i].column, items->item[i].name) != STEP_OK)
            return STEP_FAIL;
    return STEP_OK;
}

/* All columns in their places, without those that were named (--drop) or with new names. */
static int add_others(struct step *step, struct schema *out, const struct items *items)
{
    const struct schema *in = step_in(step);
    for (uint32_t c = 0; c < in->columns; c++) {
        const struct item *named = find_item(items, c);
        if (named && step_flag(step, "drop"))
            continue;
        if (add_column(step, out, c, named ? named->name : TEXT("")) != STEP_OK)
            return STEP_FAIL;
    }
    return STEP_OK;
}

static int check_twice(struct step *step, const struct items *items)
{
    for (uint32_t i = 0; i < items->count; i++)
        if (find_item(items, (uint32_t)items->item[i].column) != &items->item[i])
            return step_fail(step, EX_USAGE, NOWHERE, "a column is named twice");
    return STEP_OK;
}

static int select_open(struct step *step, const struct schema *in, struct schema *out)
{
    struct select *s = step_state(step);
    struct items items = {0};
    bool drop = step_flag(step, "drop"), others = step_flag(step, "others");
    if (drop && others)
        return step_fail(step, EX_USAGE, NOWHERE, "--drop and --others exclude each other");
    if (read_items(step, &items) != STEP_OK)
        return STEP_FAIL;
    s->out = out;
    s->from = arena_array(step_arena(step), in->columns + items.count, sizeof *s->from);
    if (!drop && !others)
        return add_items(step, out, &items);
    if (check_twice(step, &items) != STEP_OK || add_others(step, out, &items) != STEP_OK)
        return STEP_FAIL;
    if (out->columns == 0)
        return step_fail(step, EX_USAGE, NOWHERE, "no column would be left");
    return STEP_OK;
}

static int select_push(struct step *step, struct batch *b)
{
    struct select *s = step_state(step);
    struct batch *out = batch_derive(b, s->out);
    for (uint32_t c = 0; c < s->out->columns; c++)
        batch_share(out, c, b, s->from[c]);
    return step_emit(step, 0, out);
}

const struct stage stage_select = {
    .name = "select",
    .summary = "keep, order, rename or drop columns",
    .details =
        "The columns of the list are kept, in the order of the list. COL=NEW gives column COL the "
        "name NEW. One column may be listed twice, under two names.\n"
        "\n"
        "With --drop the columns of the list are dropped and the others kept. With --others every "
        "column stays in its place, and the list only renames: that is how to rename one column "
        "of many.\n"
        "\n"
        "Spaces around names do not count. A name with a comma, an equals sign or spaces at its "
        "ends is written in brackets, [a, b], or in backquotes; a closing bracket inside is "
        "doubled. A column that is not there ends the run before the first row.",
    .example = "printf 'nationalité,sexe,n\\nSEN,F,12\\n' | "
               "marsad select 'nationalité=nationality,n=value'",
    .options = options,
    .state_size = sizeof(struct select),
    .open = select_open,
    .push = select_push,
    .flags = STAGE_ROWWISE,
};
