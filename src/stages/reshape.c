/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reshape: columns into rows (--long) and rows into columns (--wide).
 *
 * Long is streamed: a row becomes as many rows as there are columns to fold, and what is emitted at
 * once is kept small, in an arena of its own, however many columns there are.  Wide keeps all:
 * a table of the keys in order of appearance (table/key_index.h finds them) and a list of cells
 * (group, name, value); its columns are known only at the end (step_late).
 */
#include <stdlib.h>

#include "base/memory.h"
#include "chain/stage.h"
#include "table/key_index.h"
#include "table/sort.h"

enum { MOST_NAMES = 10000, MOST_CELLS = INT32_MAX };

struct cell {
    uint32_t group, name;
    struct text value;
};

struct reshape_state {
    struct schema *out;
    uint32_t keys, *key;   /* columns that stay */
    uint32_t folds, *fold; /* long: columns that become rows */
    bool wide, drop_missing;
    struct arena *scratch;       /* long: of one emitted batch */
    uint32_t name, value;        /* wide: the columns of names and of values */
    struct table_builder *group; /* wide: the first row of every key */
    struct key_index *group_index, *name_index, *cell_index;
    size_t names, names_room, cells, cells_room;
    struct text *name_text;
    struct cell *cell;
};

static const struct option_spec options[] = {
    {"long", OPTION_COLUMNS, "COL,...", "make a row of each of these columns", 0, ""},
    {"long-except", OPTION_COLUMNS, "COL,...", "make a row of each column but these", 0, ""},
    {"wide", OPTION_COLUMN, "COL", "make a column of each value of this column", 0, ""},
    {"name", OPTION_TEXT, "COL", "long: the new column that holds the names", 0, ""},
    {"value", OPTION_TEXT, "COL", "long: the new column of values; wide: the column they are in",
     OPTION_REQUIRED, ""},
    {"drop-missing", OPTION_FLAG, "", "long: no rows for missing cells", 0, ""},
    {"FILE", OPTION_INPUT, "FILE", "the rows (default: standard input)", 0, ""},
    {.name = ""},
};

/* ---- open ---- */

static bool is_listed(const uint32_t *list, uint32_t count, uint32_t column)
{
    for (uint32_t i = 0; i < count; i++)
        if (list[i] == column)
            return true;
    return false;
}

/* All columns that are not in the list. */
static uint32_t *others(struct step *step, const uint32_t *list, uint32_t count, uint32_t *n)
{
    uint32_t columns = step_in(step)->columns;
    uint32_t *other = arena_array(step_arena(step), columns, sizeof *other);
    *n = 0;
    for (uint32_t c = 0; c < columns; c++)
        if (!is_listed(list, count, c))
            other[(*n)++] = c;
    return other;
}

static int add_column(struct step *step, struct text name)
{
    struct reshape_state *s = step_state(step);
    if (schema_add(s->out, name) != NO_COLUMN)
        return STEP_OK;
    if (text_missing(name))
        return step_fail(step, EX_USAGE, NOWHERE, "a new column needs a name");
    return step_fail(step, EX_DATAERR, NOWHERE,
                     "the new column %.*s is there already: rename one before", (int)name.len,
                     name.at);
}

static void add_keys(struct step *step)
{
    struct reshape_state *s = step_state(step);
    for (uint32_t k = 0; k < s->keys; k++)
        schema_add(s->out, step_in(step)->name[s->key[k]]);
}

static int open_long(struct step *step)
{
    struct reshape_state *s = step_state(step);
    const char *name = step_option(step, "name");
    bool except = step_option(step, "long-except") != NULL;
    int result;
    if (!name)
        return step_fail(step, EX_USAGE, NOWHERE, "--name is missing: the column for the names");
    result = except ? step_columns(step, "long-except", &s->key, &s->keys)
                    : step_columns(step, "long", &s->fold, &s->folds);
    if (result)
        return result;
    if (except)
        s->fold = others(step, s->key, s->keys, &s->folds);
    s->key = others(step, s->fold, s->folds, &s->keys); /* in the order of the input */
    if (s->folds == 0)
        return step_fail(step, EX_DATAERR, NOWHERE, "no column is left to make rows of");
    s->drop_missing = step_flag(step, "drop-missing");
    add_keys(step);
    result = add_column(step, text_of(name));
    return result ? result : add_column(step, text_of(step_option(step, "value")));
}

static int open_wide(struct step *step)
{
    struct reshape_state *s = step_state(step);
    int name, value;
    if (step_option(step, "name") || step_flag(step, "drop-missing"))
        return step_fail(step, EX_USAGE, NOWHERE, "--name and --drop-missing belong to --long");
    int result = step_column(step, "wide", &name);
    if (!result)
        result = step_column(step, "value", &value);
    if (result)
        return result;
    if (name == value)
        return step_fail(step, EX_USAGE, NOWHERE, "--wide and --value name the same column");
    s->wide = true;
    s->name = (uint32_t)name;
    s->value = (uint32_t)value;
    s->key = others(step, (uint32_t[]){s->name, s->value}, 2, &s->keys);
    s->group = table_builder_new(step_arena(step), step_in(step), "keys");
    s->group_index = key_index_new(step_arena(step));
    s->name_index = key_index_new(step_arena(step));
    s->cell_index = key_index_new(step_arena(step));
    add_keys(step);
    step_late(step);
    return STEP_OK;
}

static int reshape_open(struct step *step, const struct schema *in, struct schema *out)
{
    struct reshape_state *s = step_state(step);
    uint32_t forms = step_option_count(step, "long") + step_option_count(step, "long-except") +
                     step_option_count(step, "wide");
    (void)in;
    s->out = out;
    if (forms != 1)
        return step_fail(step, EX_USAGE, NOWHERE,
                         "give one of --long, --long-except and --wide, once");
    step_need_all(step);
    return step_option(step, "wide") ? open_wide(step) : open_long(step);
}

/* ---- long ---- */

/* Rows to emit together: row[i] of the input, its column fold[i]. */
struct folded {
    struct batch *in;
    uint32_t *row, *column;
    uint32_t count, most;
};

static void folded_places(struct batch *out, const struct folded *f)
{
    uint32_t *offset;
    out->sequence = f->in->sequence;
    if (!f->in->offset)
        return;
    out->source = f->in->source;
    out->offset = offset = arena_array(out->arena, f->count, sizeof *offset);
    for (uint32_t i = 0; i < f->count; i++)
        offset[i] = f->in->offset[f->row[i]];
}

static int folded_emit(struct step *step, struct folded *f)
{
    const struct reshape_state *s = step_state(step);
    arena_reset(s->scratch);
    struct batch *out = batch_new(s->scratch, s->out, f->count);
    folded_places(out, f);
    for (uint32_t k = 0; k < s->keys; k++) {
        struct text *cell = batch_new_text(out, k);
        const struct text *from = batch_text(f->in, s->key[k]);
        for (uint32_t i = 0; i < f->count; i++)
            cell[i] = from[f->row[i]];
    }
    struct text *name = batch_new_text(out, s->keys), *value = batch_new_text(out, s->keys + 1);
    for (uint32_t i = 0; i < f->count; i++) {
        name[i] = f->in->schema->name[f->column[i]];
        value[i] = batch_text(f->in, f->column[i])[f->row[i]];
    }
    f->count = 0;
    return step_emit(step, 0, out);
}

static int push_long(struct step *step, struct batch *in)
{
    struct reshape_state *s = step_state(step);
    struct folded f = {.in = in, .most = step_batch_rows(step)};
    uint64_t dropped = 0;
    int result = STEP_OK;
    f.row = arena_array(in->arena, f.most, sizeof *f.row);
    f.column = arena_array(in->arena, f.most, sizeof *f.column);
    if (!s->scratch)
        s->scratch = arena_new();
    for (uint32_t row = 0; row < in->rows; row++)
        for (uint32_t i = 0; i < s->folds && !result; i++) {
            if (s->drop_missing && text_missing(batch_text(in, s->fold[i])[row])) {
                dropped++;
                continue;
            }
            f.row[f.count] = row;
            f.column[f.count++] = s->fold[i];
            if (f.count == f.most)
                result = folded_emit(step, &f);
        }
    step_count(step, COUNT_MADE, (uint64_t)in->rows * (s->folds - 1));
    step_count(step, COUNT_DROPPED, dropped);
    return f.count && !result ? folded_emit(step, &f) : result;
}

/* ---- wide ---- */

/* A row of the present batch, and the rows of it that opened groups which are not kept yet. */
struct incoming {
    const struct reshape_state *state;
    const struct text *const *key;
    const uint32_t *fresh;
    uint32_t row, kept, fresh_count;
    struct text name;
    struct cell cell;
};

static bool same_group(const void *context, uint32_t id)
{
    const struct incoming *w = context;
    const struct reshape_state *s = w->state;
    const struct table *kept = table_builder_table(s->group);
    for (uint32_t k = 0; k < s->keys; k++) {
        struct text there =
            id < w->kept ? kept->column[s->key[k]][id] : w->key[k][w->fresh[id - w->kept]];
        if (!text_equal(w->key[k][w->row], there))
            return false;
    }
    return true;
}

static bool same_name(const void *context, uint32_t id)
{
    const struct incoming *w = context;
    return text_equal(w->name, w->state->name_text[id]);
}

static bool same_cell(const void *context, uint32_t id)
{
    const struct incoming *w = context;
    const struct cell *there = &w->state->cell[id];
    return there->group == w->cell.group && there->name == w->cell.name;
}

/* The number of a name; a new one is added. */
static uint32_t name_number(struct step *step, const struct incoming *w)
{
    struct reshape_state *s = step_state(step);
    uint32_t id =
        key_index_add(s->name_index, text_hash(w->name), (uint32_t)s->names, same_name, w);
    if (id == s->names) {
        s->name_text =
            memory_grow(s->name_text, &s->names_room, s->names + 1, sizeof *s->name_text);
        s->name_text[s->names++] = text_copy(step_arena(step), w->name);
    }
    return id;
}

static int add_cell(struct step *step, const struct batch *in, const struct incoming *w)
{
    struct reshape_state *s = step_state(step);
    uint64_t pair[1] = {(uint64_t)w->cell.group << 32 | w->cell.name};
    uint64_t hash = text_hash((struct text){(const char *)pair, sizeof pair});
    uint32_t id = key_index_add(s->cell_index, hash, (uint32_t)s->cells, same_cell, w);
    if (id != s->cells)
        return step_fail(step, EX_DATAERR, batch_place(in, w->row, s->name),
                         "a second value for the same key and name%s: aggregate before",
                         step_quote(step, w->name));
    s->cell = memory_grow(s->cell, &s->cells_room, s->cells + 1, sizeof *s->cell);
    s->cell[s->cells] = w->cell;
    s->cell[s->cells++].value = text_copy(step_arena(step), w->cell.value);
    return STEP_OK;
}

static int add_row(struct step *step, const struct batch *in, struct incoming *w, uint32_t *fresh)
{
    struct reshape_state *s = step_state(step);
    w->name = batch_text(in, s->name)[w->row];
    if (text_missing(w->name))
        return step_fail(step, EX_DATAERR, batch_place(in, w->row, s->name),
                         "no name for the new column here");
    uint32_t next = w->kept + w->fresh_count;
    w->cell.group =
        key_index_add(s->group_index, key_hash(w->key, s->keys, w->row), next, same_group, w);
    if (w->cell.group == next)
        fresh[w->fresh_count++] = w->row;
    else
        step_count(step, COUNT_FOLDED, 1);
    w->cell.name = name_number(step, w);
    if (s->names > MOST_NAMES || s->cells == MOST_CELLS)
        return step_fail(step, EX_DATAERR, batch_place(in, w->row, s->name),
                         "over %d columns or %d cells: is this the column of names?", MOST_NAMES,
                         MOST_CELLS);
    w->cell.value = batch_text(in, s->value)[w->row];
    return add_cell(step, in, w);
}

static int push_wide(struct step *step, struct batch *in)
{
    struct reshape_state *s = step_state(step);
    const struct text **key = arena_array(in->arena, s->keys, sizeof *key);
    uint32_t *fresh = arena_array(in->arena, in->rows, sizeof *fresh);
    for (uint32_t k = 0; k < s->keys; k++)
        key[k] = batch_text(in, s->key[k]);
    struct incoming w = {
        .state = s, .key = key, .fresh = fresh, .kept = table_builder_table(s->group)->rows};
    for (uint32_t row = 0; row < in->rows; row++) {
        w.row = row;
        if (add_row(step, in, &w, fresh))
            return STEP_FAIL;
    }
    table_builder_add(s->group, batch_pick(in, fresh, w.fresh_count));
    return STEP_OK;
}

/* Adds the columns in the order of their bytes; place[name] is where each went. */
static int name_columns(struct step *step, uint32_t *place)
{
    struct reshape_state *s = step_state(step);
    struct arena *arena = step_arena(step);
    uint32_t names = (uint32_t)s->names;
    uint32_t *order = arena_array(arena, names, sizeof *order);
    struct sort_key key = {.text = s->name_text};
    sort_rows(&key, 1, names, NULL, order);
    for (uint32_t i = 0; i < names; i++) {
        place[order[i]] = s->keys + i;
        if (add_column(step, s->name_text[order[i]]))
            return STEP_FAIL;
    }
    return STEP_OK;
}

/* The cells in the order of their groups: those of group g are cell[from[g]..from[g+1]-1]. */
static const uint32_t *sort_cells(struct step *step, uint32_t groups)
{
    struct reshape_state *s = step_state(step);
    uint32_t *from = arena_zarray(step_arena(step), (size_t)groups + 2, sizeof *from);
    struct cell *sorted = memory_alloc(s->cells * sizeof *sorted);
    for (size_t i = 0; i < s->cells; i++)
        from[s->cell[i].group + 2]++;
    for (uint32_t g = 2; g < groups + 2; g++)
        from[g] += from[g - 1];
    for (size_t i = 0; i < s->cells; i++)
        sorted[from[s->cell[i].group + 1]++] = s->cell[i];
    free(s->cell);
    s->cell = sorted;
    return from;
}

static int emit_groups(struct step *step, const uint32_t *from, const uint32_t *place, uint32_t at,
                       uint32_t rows)
{
    struct reshape_state *s = step_state(step);
    struct batch *out = step_batch(step, s->out, rows);
    const struct table *group = table_builder_table(s->group);
    for (uint32_t k = 0; k < s->keys; k++)
        memcpy(batch_new_text(out, k), group->column[s->key[k]] + at, rows * sizeof(struct text));
    struct text **column = arena_array(out->arena, s->out->columns, sizeof *column);
    for (uint32_t c = s->keys; c < s->out->columns; c++) {
        column[c] = batch_new_text(out, c);
        for (uint32_t i = 0; i < rows; i++)
            column[c][i] = TEXT("");
    }
    for (uint32_t i = from[at]; i < from[at + rows]; i++)
        column[place[s->cell[i].name]][s->cell[i].group - at] = s->cell[i].value;
    return step_emit(step, 0, out);
}

static int finish_wide(struct step *step)
{
    struct reshape_state *s = step_state(step);
    uint32_t groups = table_builder_table(s->group)->rows, most = step_batch_rows(step);
    uint32_t *place = arena_array(step_arena(step), s->names, sizeof *place);
    int result = name_columns(step, place);
    if (result)
        return result;
    const uint32_t *from = sort_cells(step, groups);
    for (uint32_t at = 0, n; at < groups && !result; at += n) {
        n = groups - at < most ? groups - at : most;
        result = emit_groups(step, from, place, at, n);
    }
    return result;
}

/* ---- the stage ---- */

static int reshape_push(struct step *step, struct batch *in)
{
    const struct reshape_state *s = step_state(step);
    return s->wide ? push_wide(step, in) : push_long(step, in);
}

static int reshape_finish(struct step *step)
{
    const struct reshape_state *s = step_state(step);
    return s->wide ? finish_wide(step) : STEP_OK;
}

static void reshape_close(struct step *step)
{
    struct reshape_state *s = step_state(step);
    arena_free(s->scratch);
    free(s->name_text);
    free(s->cell);
}

const struct stage stage_reshape = {
    .name = "reshape",
    .summary = "turn columns into rows, or rows into columns",
    .details =
        "--long 2014,2017 makes a row of each of the columns 2014 and 2017: the other columns are "
        "repeated, the column's name goes into the new column --name, its cell into the new "
        "column --value. --long-except names the columns that stay instead, for tables with a "
        "column for each country. --drop-missing makes no rows of missing cells. The input is "
        "streamed.\n"
        "\n"
        "--wide year --value n does the reverse: rows that are equal in all other columns become "
        "one, with a column for each value of year that holds the n of that row. The new columns "
        "stand in the order of their bytes, rows in the order of appearance; a key without a row "
        "for a column has a missing cell. Two rows for one cell are refused, and so is a row "
        "without a name. All rows are kept in memory. Since the columns come from the data, a "
        "stage "
        "behind this one learns them, and refuses a wrong name, only at the end.",
    .example = "printf 'region,2014,2017\\nOriental,12,15\\n' | "
               "marsad reshape --long-except region --name year --value n",
    .options = options,
    .state_size = sizeof(struct reshape_state),
    .open = reshape_open,
    .push = reshape_push,
    .finish = reshape_finish,
    .close = reshape_close,
};
