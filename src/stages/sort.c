/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sort: rows in the order of keys.
 *
 * A fold: each worker keeps its rows (table/row_sort.h); at the end all are sorted by several
 * threads, which also put them together for the writer.  What --max-memory does not hold goes to a
 * temporary file in sorted runs.  Number keys are checked
 * as they arrive, so that the message can name the place.
 */
#include "chain/stage.h"
#include "table/row_sort.h"

struct sort_state {
    struct row_sort *rows;
    uint32_t keys;
    struct row_key *key;
};

static const struct option_spec options[] = {
    {"by", OPTION_TEXT, "[-]COL[:n],...", "sort by these columns; - descending, :n as numbers",
     OPTION_REQUIRED, ""},
    OPTION_MEMORY,
    {"FILE", OPTION_INPUT, "FILE", "the rows (default: standard input)", 0, ""},
    {.name = ""},
};

/* One item of --by: -name:n */
static int parse_key(struct step *step, struct text item, struct row_key *key)
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
    size_t memory;
    s->key = arena_zarray(step_arena(step), (size_t)list.len + 1, sizeof *s->key);
    while (text_next(&list, ',', &item)) {
        int result = parse_key(step, item, &s->key[s->keys++]);
        if (result)
            return result;
    }
    schema_add_all(out, in);
    if (step_memory(step, &memory) != STEP_OK)
        return STEP_FAIL;
    s->rows = row_sort_new(in->columns, s->key, s->keys, memory);
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
    if (!row_sort_add(s->rows, b, step_rows(step), step_error(step)))
        return STEP_FAIL;
    return STEP_OK;
}

static int sort_merge(struct step *step, struct step *other)
{
    struct sort_state *s = step_state(step), *from = step_state(other);
    row_sort_join(s->rows, from->rows);
    from->rows = NULL;
    return STEP_OK;
}

static void each(void *step, void (*work)(void *, uint64_t), void *of, uint64_t n)
{
    step_each(step, work, of, n);
}

static struct batch *make_rows(const struct step *step, uint64_t i, struct arena *arena)
{
    const struct sort_state *s = step_state_of(step);
    uint64_t rows, most = step_batch_rows(step), from = i * most;
    row_sort_rows(s->rows, &rows);
    struct batch *b =
        batch_new(arena, step_out(step), (uint32_t)(rows - from < most ? rows - from : most));
    row_sort_batch(s->rows, from, b);
    return b;
}

/* From memory and temporary files together. */
static int emit_merged(struct step *step)
{
    struct sort_state *s = step_state(step);
    int status = STEP_OK;
    while (status == STEP_OK) {
        struct batch *b = step_batch(step, step_out(step), step_batch_rows(step));
        int64_t rows = row_sort_next(s->rows, b, step_error(step));
        if (rows <= 0)
            return rows ? STEP_FAIL : STEP_OK;
        status = step_emit(step, 0, b);
    }
    return status;
}

static int sort_finish(struct step *step)
{
    struct sort_state *s = step_state(step);
    struct sort_crew crew = {each, step, step_threads(step)};
    uint64_t rows, most = step_batch_rows(step);
    if (!row_sort_begin(s->rows, &crew, step_error(step)))
        return STEP_FAIL;
    if (row_sort_rows(s->rows, &rows))
        return step_make(step, make_rows, (rows + most - 1) / most);
    return emit_merged(step);
}

static void sort_close(struct step *step)
{
    struct sort_state *s = step_state(step);
    row_sort_free(s->rows);
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
        "Missing cells come last, ascending or descending. A column "
        "whose own name begins with - or ends with :n cannot be a key: rename it before.\n"
        "\n"
        "Rows that --max-memory does not hold (half of the machine's without it) are sorted in "
        "parts "
        "that wait in a temporary file, in the folder that TMPDIR names, or /tmp; the file has no "
        "name "
        "and vanishes with the program. The result is the same.",
    .example = "printf 'region,n\\nOriental,9\\nTanger,10\\n' | marsad sort --by -n:n",
    .options = options,
    .state_size = sizeof(struct sort_state),
    .open = sort_open,
    .push = sort_push,
    .merge = sort_merge,
    .finish = sort_finish,
    .close = sort_close,
};
