/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sort: rows in the order of keys.
 *
 * All rows are kept in memory (about 16 bytes a cell and its text), then row numbers are sorted
 * (table/sort.h) and rows emitted in batches.  Number keys are checked as they arrive, so that
 * the message can name the place.
 */
#include "table/sort.h"
#include "chain/stage.h"

enum { MOST_ROWS = INT32_MAX };

struct key_spec {
    uint32_t column;
    bool number, descending;
};

struct sort_state {
    const struct schema *out;
    struct table_builder *rows;
    uint32_t keys;
    struct key_spec *key;
};

static const struct option_spec options[] = {
    {"by", OPTION_TEXT, "[-]COL[:n],...", "sort by these columns; - descending, :n as numbers",
     OPTION_REQUIRED, NULL},
    {"FILE", OPTION_INPUT, "FILE", "the rows (default: standard input)", 0, NULL},
    {0},
};

/* One item of --by: -name:n */
static int parse_key(struct step *step, struct text item, struct key_spec *key)
{
    int column;
    if (item.len > 1 && item.at[0] == '-') {
        key->descending = true;
        item.at++;
        item.len--;
    }
    if (item.len > 2 && memcmp(item.at + item.len - 2, ":n", 2) == 0) {
        key->number = true;
        item.len -= 2;
    }
    if (text_missing(item))
        return step_fail(step, EX_USAGE, NOWHERE, "--by: a column's name is missing");
    int result = step_find(step, item, &column);
    key->column = (uint32_t)column;
    return result;
}

static int sort_open(struct step *step, const struct schema *in, struct schema *out)
{
    struct sort_state *s = step_state(step);
    struct text list = text_of(step_option(step, "by")), item;
    s->key = arena_zarray(step_arena(step), (size_t)list.len + 1, sizeof *s->key);
    while (text_next(&list, ',', &item)) {
        int result = parse_key(step, item, &s->key[s->keys++]);
        if (result)
            return result;
    }
    schema_add_all(out, in);
    s->out = out;
    s->rows = table_builder_new(step_arena(step), in, "rows");
    return step_need_all(step);
}

/* Every cell of a number key is a number or missing. */
static int check_numbers(struct step *step, const struct batch *b, uint32_t column)
{
    const struct decimal *d = batch_decimal(b, column);
    for (uint32_t i = 0; i < b->rows; i++)
        if (d[i].kind == NUMBER_BAD) {
            struct text name = b->schema->name[column];
            return step_fail(step, EX_DATAERR, batch_place(b, i, column),
                             "column %.*s holds no number here%s: sort it as text, without :n",
                             (int)name.len, name.at, step_quote(step, batch_text(b, column)[i]));
        }
    return STEP_OK;
}

static int sort_push(struct step *step, struct batch *b)
{
    struct sort_state *s = step_state(step);
    for (uint32_t k = 0; k < s->keys; k++)
        if (s->key[k].number && check_numbers(step, b, s->key[k].column))
            return STEP_FAIL;
    if (table_builder_table(s->rows)->rows > MOST_ROWS - b->rows)
        return step_fail(step, EX_DATAERR, NOWHERE,
                         "over %d rows: sort parts of them, or aggregate before sorting",
                         MOST_ROWS);
    table_builder_add(s->rows, b);
    return STEP_OK;
}

static struct decimal *parse_column(struct arena *arena, const struct text *cell, uint32_t rows)
{
    struct decimal *d = arena_array(arena, rows, sizeof *d);
    for (uint32_t i = 0; i < rows; i++)
        d[i] = decimal_parse(cell[i]);
    return d;
}

static int emit_rows(struct step *step, const struct table *t, const uint32_t *order, uint32_t rows)
{
    const struct sort_state *s = step_state(step);
    struct batch *b = step_batch(step, s->out, rows);
    for (uint32_t c = 0; c < t->schema->columns; c++) {
        struct text *cell = batch_new_text(b, c);
        for (uint32_t i = 0; i < rows; i++)
            cell[i] = t->column[c][order[i]];
    }
    return step_emit(step, 0, b);
}

static int sort_finish(struct step *step)
{
    struct sort_state *s = step_state(step);
    struct arena *arena = step_arena(step);
    const struct table *t = table_builder_table(s->rows);
    struct sort_key *key = arena_zarray(arena, s->keys, sizeof *key);
    uint32_t *order = arena_array(arena, t->rows, sizeof *order);
    uint32_t most = step_batch_rows(step);
    int result = STEP_OK;
    for (uint32_t k = 0; k < s->keys; k++) {
        key[k].text = t->column[s->key[k].column];
        key[k].descending = s->key[k].descending;
        if (s->key[k].number)
            key[k].decimal = parse_column(arena, key[k].text, t->rows);
    }
    sort_rows(key, s->keys, t->rows, order);
    for (uint32_t at = 0, n; at < t->rows && result == STEP_OK; at += n) {
        n = t->rows - at < most ? t->rows - at : most;
        result = emit_rows(step, t, order + at, n);
    }
    return result;
}

const struct stage stage_sort = {
    .name = "sort",
    .summary = "put rows in the order of keys",
    .details =
        "Rows are put in the order of the first column of --by; rows that are equal in it in the "
        "order of the second, and so on; rows that are equal in all keep their order. A minus "
        "before the name sorts descending, :n behind it sorts as numbers.\n"
        "\n"
        "Texts sort by the bytes of UTF-8, whatever the language of the machine: capitals before "
        "small letters, these before letters with accents, these before Arabic. Numbers compare "
        "exactly, however many digits they have; a cell that is no number is refused.\n"
        "\n"
        "Missing cells come last, ascending or descending. All rows are kept in memory. A column "
        "whose own name begins with - or ends with :n cannot be a key: rename it before.",
    .example = "printf 'region,n\\nOriental,9\\nTanger,10\\n' | marsad sort --by -n:n",
    .options = options,
    .state_size = sizeof(struct sort_state),
    .open = sort_open,
    .push = sort_push,
    .finish = sort_finish,
};
