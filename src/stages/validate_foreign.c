/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * validate --schema: the foreignKeys of the schema.  The resource of a key is a file that
 * --resource names, else a built-in list, else NAME.csv beside the schema.  A key with a missing
 * cell refers to nothing and breaks nothing.  Cells compare by their bytes.  Memory: the keys of
 * that table.  A resource "" is the input itself: its keys are kept, and a row whose key comes
 * later, or never, waits for the end.
 */
#include "stages/validate.h"

#include "table/reference.h"

/* The file behind `NAME=`, or NULL. */
static const char *resource_given(struct step *s, struct text name)
{
    const char *value;
    for (uint32_t i = 0; (value = step_option_nth(s, "resource", i)); i++) {
        const char *equals = strchr(value, '=');
        if (equals && text_equal(name, (struct text){value, (uint32_t)(equals - value)}))
            return equals + 1;
    }
    return NULL;
}

/* NAME, or NAME.csv where it has no ending, in the folder of the schema. */
static const char *resource_beside(struct step *s, struct text name)
{
    const char *schema = step_option(s, "schema"), *slash = strrchr(schema, '/');
    bool ending = memchr(name.at, '.', name.len) != NULL;
    return arena_print(step_arena(s), "%.*s%.*s%s", slash ? (int)(slash - schema + 1) : 0, schema,
                       (int)name.len, name.at, ending ? "" : ".csv");
}

static const struct table *resource_table(struct step *s, struct text name)
{
    const char *file = resource_given(s, name), *list = text_copy(step_arena(s), name).at;
    if (file)
        return step_table_file(s, file);
    return reference_exists(list) ? step_reference(s, list)
                                  : step_table_named(s, resource_beside(s, name));
}

/* Without this word, however its letters are written, a schema refers to no table: it need not be
 * parsed each time that somebody asks. */
static bool may_refer(struct text json)
{
    static const struct text word = {"foreignKeys", 11};
    for (uint32_t i = 0; i + word.len <= json.len; i++)
        if (json.at[i] == '\\' ||
            (json.at[i] == *word.at && memcmp(json.at + i, word.at, word.len) == 0))
            return true;
    return false;
}

void foreign_keys_names(struct step *s, void (*add)(void *, const char *), void *to)
{
    struct error ignored = {0};
    struct text json = step_peek(s, "schema");
    struct table_schema *schema =
        json.at && may_refer(json) ? table_schema_parse(step_arena(s), "", json, &ignored) : NULL;
    for (uint32_t i = 0; schema && i < schema->foreigns; i++) {
        struct text name = text_copy(step_arena(s), schema->foreign[i].resource);
        if (!text_missing(name) && !resource_given(s, name) && !reference_exists(name.at))
            add(to, resource_beside(s, name));
    }
    table_schema_free(schema);
}

static int there_find(struct step *s, const struct foreign_key *key, struct foreign_cells *f)
{
    for (uint32_t k = 0; k < f->columns; k++) {
        int column = schema_find(f->table->schema, key->there.text[k]);
        if (column == NO_COLUMN)
            return step_fail(s, EX_DATAERR, (struct place){f->table->name, 1, 0},
                             "no column \"%.*s\", to which a foreign key refers",
                             (int)key->there.text[k].len, key->there.text[k].at);
        f->there[k] = (uint32_t)column;
    }
    return STEP_OK;
}

/* The key refers to rows of the input, before or behind. */
static int own_find(struct step *s, const struct foreign_key *key, struct foreign_cells *f)
{
    for (uint32_t k = 0; k < f->columns; k++) {
        int column;
        if (step_find(s, key->there.text[k], &column) != STEP_OK)
            return STEP_FAIL;
        f->there[k] = (uint32_t)column;
    }
    f->keys = dictionary_new(step_arena(s), KEYS);
    f->sought = dictionary_new(step_arena(s), KEYS);
    return STEP_OK;
}

static int cells_find(struct step *s, const struct foreign_key *key, struct foreign_cells *f)
{
    f->columns = key->fields.count;
    f->column = arena_array(step_arena(s), f->columns, sizeof *f->column);
    f->there = arena_array(step_arena(s), f->columns, sizeof *f->there);
    for (uint32_t k = 0; k < f->columns; k++) {
        int column;
        if (step_find(s, key->fields.text[k], &column) != STEP_OK)
            return STEP_FAIL;
        f->column[k] = (uint32_t)column;
        step_need(s, f->column[k]);
    }
    if (text_missing(key->resource))
        return own_find(s, key, f);
    f->table = resource_table(s, key->resource);
    return f->table ? there_find(s, key, f) : STEP_FAIL;
}

int foreign_keys_open(struct step *s)
{
    struct validate *v = step_state(s);
    v->foreign = arena_zarray(step_arena(s), v->schema->foreigns + 1, sizeof *v->foreign);
    for (uint32_t i = 0; i < v->schema->foreigns; i++)
        if (cells_find(s, &v->schema->foreign[i], &v->foreign[i]) != STEP_OK)
            return STEP_FAIL;
    return STEP_OK;
}

/* The cells of a row with a NUL behind each; empty where one is missing. */
static struct text cells_join(struct text *const *column, const uint32_t *which, uint32_t n,
                              uint32_t row, struct arena *arena)
{
    uint32_t len = 0;
    for (uint32_t k = 0; k < n; k++) {
        if (text_missing(column[which[k]][row]))
            return (struct text){"", 0};
        len += column[which[k]][row].len + 1;
    }
    char *at = arena_alloc(arena, len), *to = at;
    for (uint32_t k = 0; k < n; k++) {
        struct text cell = column[which[k]][row];
        memcpy(to, cell.at, cell.len);
        to[cell.len] = '\0';
        to += cell.len + 1;
    }
    return (struct text){at, len};
}

static void keys_make(struct step *s, struct foreign_cells *f)
{
    struct arena *scratch = arena_new();
    f->keys = dictionary_new(step_arena(s), KEYS);
    for (uint32_t row = 0; row < f->table->rows; row++) {
        struct text key = cells_join(f->table->column, f->there, f->columns, row, scratch);
        if (key.len)
            dictionary_add(f->keys, key);
    }
    arena_free(scratch);
}

static struct text row_key(const struct validate *v, const struct foreign_cells *f,
                           const uint32_t *column, const struct batch *b, uint32_t row)
{
    struct text **cell = arena_array(b->arena, f->columns, sizeof *cell);
    uint32_t *which = arena_array(b->arena, f->columns, sizeof *which);
    for (uint32_t k = 0; k < f->columns; k++) {
        struct text t = batch_text(b, column[k])[row];
        cell[k] = arena_array(b->arena, 1, sizeof **cell);
        *cell[k] = table_schema_missing(v->schema, t) ? (struct text){"", 0} : t;
        which[k] = k;
    }
    return cells_join(cell, which, f->columns, 0, b->arena);
}

static void own_row(struct step *s, struct foreign_cells *f, const struct batch *b, uint32_t row)
{
    const struct validate *v = step_state(s);
    struct text own = row_key(v, f, f->there, b, row), key = row_key(v, f, f->column, b, row);
    if (own.len)
        dictionary_add(f->keys, own);
    if (!key.len || dictionary_find(f->keys, key) != DICTIONARY_NONE)
        return;
    f->wait = arena_grow(step_arena(s), f->wait, f->waits, &f->room, sizeof *f->wait);
    f->wait[f->waits++] =
        (struct foreign_wait){step_rows(s) + row + 1, dictionary_add(f->sought, key)};
}

static struct breach broken(const struct foreign_key *key, uint32_t row, struct arena *a)
{
    return (struct breach){row,
                           key->fields.text[0],
                           text_of(rule_name(RULE_FOREIGN_KEY)),
                           text_of(rule_message(NULL, RULE_FOREIGN_KEY, a)),
                           false,
                           NULL};
}

void foreign_keys_finish(struct step *s)
{
    struct validate *v = step_state(s);
    for (uint32_t i = 0; i < v->schema->foreigns; i++) {
        const struct foreign_cells *f = &v->foreign[i];
        for (uint32_t w = 0; w < f->waits; w++)
            if (dictionary_find(f->keys, dictionary_text(f->sought, f->wait[w].key)) ==
                DICTIONARY_NONE)
                breach_add(&v->late, broken(&v->schema->foreign[i],
                                            (uint32_t)(f->wait[w].number - 1), step_arena(s)));
    }
}

bool foreign_keys_rowwise(const struct validate *v)
{
    for (uint32_t i = 0; i < v->schema->foreigns; i++)
        if (!v->foreign[i].table)
            return false;
    return true;
}

void foreign_keys_row(struct step *s, const struct batch *b, uint32_t row, struct breaches *found)
{
    struct validate *v = step_state(s);
    for (uint32_t i = 0; i < v->schema->foreigns; i++) {
        struct foreign_cells *f = &v->foreign[i];
        if (!f->table) {
            own_row(s, f, b, row);
            continue;
        }
        if (!f->keys)
            keys_make(s, f);
        struct text key = row_key(v, f, f->column, b, row);
        if (key.len && dictionary_find(f->keys, key) == DICTIONARY_NONE)
            breach_add(found, broken(&v->schema->foreign[i], row, found->arena));
    }
}
