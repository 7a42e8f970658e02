/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * join: rows of the main input beside those of a table that have the same key.
 *
 * The table is indexed once in start (table/key_index.h; rows of one key are chained in file
 * order by `next`); then each batch is looked up alone, so the main input is never kept.  Columns
 * are not copied: rows are picked from the batch, cells point into the table.
 */
#include "chain/stage.h"
#include "table/key_index.h"

enum join_kind { JOIN_INNER, JOIN_LEFT, JOIN_SEMI, JOIN_ANTI };

struct join_state {
    const struct schema *out;
    const struct table *table;
    enum join_kind kind;
    uint32_t keys;
    uint32_t *left, *right;  /* columns of the input and of the table */
    uint32_t taken, *take;   /* columns of the table that are appended */
    const struct text **key; /* the table's key columns */
    struct key_index *index; /* key -> its first row in the table */
    uint32_t *next;          /* the next row of the same key, or NO_ID */
};

static const struct option_spec options[] = {
    {"on", OPTION_TEXT, "COL[=COL],...",
     "the key: columns of the input, with the table's name behind = where it differs",
     OPTION_REQUIRED, ""},
    {"kind", OPTION_CHOICE, "KIND", "which rows stay", 0, "inner|left|semi|anti"},
    {"unique", OPTION_FLAG, "", "refuse a table in which a key occurs twice", 0, ""},
    {"take", OPTION_TEXT, "COL,...", "append these columns of the table (default: all but the key)",
     0, ""},
    {"prefix", OPTION_TEXT, "TEXT", "put this before the names of the table's columns", 0, ""},
    {"TABLE", OPTION_LIST, "TABLE",
     "the table to look up in: a file, or the name of a built-in list", OPTION_REQUIRED, ""},
    {"FILE", OPTION_INPUT, "FILE", "the rows (default: standard input)", 0, ""},
    {.name = ""},
};

/* ---- open ---- */

static enum join_kind kind_of(const char *name)
{
    static const char *const names[] = {"inner", "left", "semi", "anti"};
    for (unsigned i = 0; name && i < 4; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum join_kind)i;
    return JOIN_INNER;
}

static int find_right(struct step *step, struct text name, uint32_t *column)
{
    const struct join_state *s = step_state(step);
    int found = schema_find(s->table->schema, name);
    if (found == NO_COLUMN)
        return step_fail(step, EX_DATAERR, (struct place){.file = s->table->name},
                         "no column %.*s in this table", (int)name.len, name.at);
    *column = (uint32_t)found;
    return STEP_OK;
}

static int open_keys(struct step *step)
{
    struct join_state *s = step_state(step);
    struct text list = text_of(step_option(step, "on")), item, left;
    s->left = arena_array(step_arena(step), (size_t)list.len + 1, sizeof *s->left);
    s->right = arena_array(step_arena(step), (size_t)list.len + 1, sizeof *s->right);
    for (; text_next(&list, ',', &item); s->keys++) {
        int column;
        text_next(&item, '=', &left);
        int result = step_find(step, left, &column);
        if (!result)
            result = find_right(step, item.at ? item : left, &s->right[s->keys]);
        if (result)
            return result;
        s->left[s->keys] = (uint32_t)column;
    }
    return STEP_OK;
}

static bool is_key(const struct join_state *s, uint32_t column)
{
    for (uint32_t k = 0; k < s->keys; k++)
        if (s->right[k] == column)
            return true;
    return false;
}

/* Which columns of the table are appended. */
static int open_take(struct step *step)
{
    struct join_state *s = step_state(step);
    const char *names = step_option(step, "take");
    struct text list = names ? text_of(names) : (struct text){0}, item;
    uint32_t most = s->table->schema->columns + list.len + 1;
    s->take = arena_array(step_arena(step), most, sizeof *s->take);
    for (uint32_t c = 0; !names && c < s->table->schema->columns; c++)
        if (!is_key(s, c))
            s->take[s->taken++] = c;
    while (names && text_next(&list, ',', &item)) {
        int result = find_right(step, item, &s->take[s->taken++]);
        if (result)
            return result;
    }
    return STEP_OK;
}

static int add_taken(struct step *step, struct schema *out)
{
    const struct join_state *s = step_state(step);
    const char *prefix = step_option(step, "prefix");
    for (uint32_t i = 0; i < s->taken; i++) {
        struct text name = s->table->schema->name[s->take[i]];
        const char *full =
            arena_print(step_arena(step), "%s%.*s", prefix ? prefix : "", (int)name.len, name.at);
        if (schema_add(out, text_of(full)) == NO_COLUMN)
            return step_fail(step, EX_DATAERR, (struct place){.file = s->table->name},
                             "column %s is there already: choose with --take, or give --prefix",
                             full);
    }
    return STEP_OK;
}

static int join_open(struct step *step, const struct schema *in, struct schema *out)
{
    struct join_state *s = step_state(step);
    s->kind = kind_of(step_option(step, "kind"));
    s->table = step_table(step, "TABLE", 0);
    s->out = out;
    if (!s->table)
        return STEP_FAIL;
    schema_add_all(out, in);
    int result = open_keys(step);
    if (result)
        return result;
    if (s->kind == JOIN_INNER || s->kind == JOIN_LEFT) {
        result = open_take(step);
        return result ? result : add_taken(step, out);
    }
    if (step_option(step, "take") || step_option(step, "prefix"))
        return step_fail(step, EX_USAGE, NOWHERE,
                         "--kind %s appends no columns: leave --take and --prefix out",
                         step_option(step, "kind"));
    return STEP_OK;
}

/* ---- start: index the table ---- */

/* The key of one row of some columns, looked for among the rows of the table. */
struct wanted {
    const struct join_state *state;
    const struct text *const *column;
    uint32_t row;
};

static bool same_key(const void *context, uint32_t id)
{
    const struct wanted *w = context;
    for (uint32_t k = 0; k < w->state->keys; k++)
        if (!text_equal(w->column[k][w->row], w->state->key[k][id]))
            return false;
    return true;
}

static int index_row(struct step *step, uint32_t row, uint32_t *last)
{
    struct join_state *s = step_state(step);
    struct wanted wanted = {s, s->key, row};
    s->next[row] = NO_ID;
    last[row] = row;
    if (key_missing(s->key, s->keys, row))
        return STEP_OK;
    uint64_t hash = key_hash(s->key, s->keys, row);
    uint32_t first = key_index_add(s->index, hash, row, same_key, &wanted);
    if (first == row)
        return STEP_OK;
    if (step_flag(step, "unique"))
        return step_fail(step, EX_DATAERR, (struct place){.file = s->table->name},
                         "rows %u and %u have the same key, and --unique was asked", first + 1,
                         row + 1);
    s->next[last[first]] = row;
    last[first] = row;
    return STEP_OK;
}

static int join_start(struct step *step)
{
    struct join_state *s = step_state(step);
    struct arena *arena = step_arena(step), *work = arena_new();
    uint32_t *last = arena_array(work, s->table->rows, sizeof *last);
    int result = STEP_OK;
    s->index = key_index_new(arena);
    s->next = arena_array(arena, s->table->rows, sizeof *s->next);
    s->key = arena_array(arena, s->keys, sizeof *s->key);
    for (uint32_t k = 0; k < s->keys; k++)
        s->key[k] = s->table->column[s->right[k]];
    for (uint32_t row = 0; row < s->table->rows && !result; row++)
        result = index_row(step, row, last);
    arena_free(work);
    return result;
}

/* ---- push ---- */

/* Pairs of rows that are emitted together. */
struct pairs {
    struct batch *in;
    uint32_t *left, *right; /* right: NO_ID where no row of the table belongs to it */
    uint32_t count, most;
};

static void pairs_new(struct pairs *p)
{
    p->left = arena_array(p->in->arena, p->most, sizeof *p->left);
    p->right = arena_array(p->in->arena, p->most, sizeof *p->right);
    p->count = 0;
}

/* All rows once, in order: nothing has to be picked. */
static bool pairs_whole(const struct pairs *p)
{
    if (p->count != p->in->rows)
        return false;
    for (uint32_t i = 0; i < p->count; i++)
        if (p->left[i] != i)
            return false;
    return true;
}

static int pairs_emit(struct step *step, struct pairs *p)
{
    const struct join_state *s = step_state(step);
    const struct batch *in = pairs_whole(p) ? p->in : batch_pick(p->in, p->left, p->count);
    struct batch *out = batch_derive(in, s->out);
    for (uint32_t c = 0; c < in->schema->columns; c++)
        batch_share(out, c, in, c);
    for (uint32_t i = 0; i < s->taken; i++) {
        struct text *cell = batch_new_text(out, in->schema->columns + i);
        const struct text *from = s->table->column[s->take[i]];
        for (uint32_t k = 0; k < p->count; k++)
            cell[k] = p->right[k] == NO_ID ? TEXT("") : from[p->right[k]];
    }
    return step_emit(step, 0, out);
}

static int pairs_add(struct step *step, struct pairs *p, uint32_t left, uint32_t right)
{
    if (p->count == p->most) {
        int result = pairs_emit(step, p);
        if (result)
            return result;
        pairs_new(p);
    }
    p->left[p->count] = left;
    p->right[p->count++] = right;
    return STEP_OK;
}

/* A row and the first row of the table that matches it, or NO_ID. */
static int join_row(struct step *step, struct pairs *p, uint32_t row, uint32_t match)
{
    const struct join_state *s = step_state(step);
    bool found = match != NO_ID;
    if (s->kind == JOIN_SEMI || s->kind == JOIN_ANTI || !found) {
        if (s->kind == JOIN_LEFT || (s->kind == JOIN_SEMI && found) ||
            (s->kind == JOIN_ANTI && !found))
            return pairs_add(step, p, row, NO_ID);
        step_count(step, COUNT_DROPPED, 1);
        return STEP_OK;
    }
    int result = pairs_add(step, p, row, match);
    while (!result && (match = s->next[match]) != NO_ID) {
        step_count(step, COUNT_MADE, 1);
        result = pairs_add(step, p, row, match);
    }
    return result;
}

static int join_push(struct step *step, struct batch *in)
{
    const struct join_state *s = step_state(step);
    struct pairs pairs = {.in = in, .most = step_batch_rows(step)};
    const struct text **column = arena_array(in->arena, s->keys, sizeof *column);
    int result = STEP_OK;
    for (uint32_t k = 0; k < s->keys; k++)
        column[k] = batch_text(in, s->left[k]);
    pairs_new(&pairs);
    for (uint32_t row = 0; row < in->rows && !result; row++) {
        struct wanted wanted = {s, column, row};
        uint32_t match = NO_ID;
        if (!key_missing(column, s->keys, row))
            match = key_index_find(s->index, key_hash(column, s->keys, row), same_key, &wanted);
        result = join_row(step, &pairs, row, match);
    }
    if (!result && pairs.count)
        result = pairs_emit(step, &pairs);
    return result;
}

const struct stage stage_join = {
    .name = "join",
    .summary = "put columns of a table beside the rows that have its key",
    .details =
        "Each row of the input is looked up in TABLE by the columns of --on, and the other columns "
        "of TABLE are appended to it. A key that TABLE has several times gives as many rows, in "
        "the order of TABLE; --unique refuses such a table, which is what a list of codes wants. "
        "The input is streamed, TABLE is kept in memory.\n"
        "\n"
        "--kind inner keeps the rows that have a match, left keeps all (with empty cells where "
        "there is none), semi keeps those with a match as they are, anti those without one. Keys "
        "compare by their bytes: 1 and 1.0 are different, and a missing key matches nothing.\n"
        "\n"
        "A column of TABLE whose name the input already has is refused before the first row: "
        "choose columns with --take, or name them apart with --prefix.",
    .example = "printf 'nationality,n\\nFRA,3\\n' | "
               "marsad join nationality --on nationality=code --take fr",
    .options = options,
    .state_size = sizeof(struct join_state),
    .open = join_open,
    .start = join_start,
    .push = join_push,
    .flags = STAGE_ROWWISE,
};
