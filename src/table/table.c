/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/table.h"

#include "io/csv_read.h"

struct table_builder {
    struct table table;
    struct arena *arena;
    uint32_t room;
};

struct text table_get(const struct table *t, uint32_t row, int column)
{
    return column == NO_COLUMN ? (struct text){"", 0} : t->column[column][row];
}

struct table_builder *table_builder_new(struct arena *a, const struct schema *schema,
                                        const char *name)
{
    struct table_builder *b = arena_zalloc(a, sizeof *b);
    b->arena = a;
    b->table.schema = schema;
    b->table.name = name;
    b->table.column = arena_zarray(a, schema->columns, sizeof *b->table.column);
    return b;
}

static void reserve(struct table_builder *b, uint32_t rows)
{
    uint32_t room = b->room ? b->room : 64;
    if (rows <= b->room)
        return;
    while (room < rows)
        room *= 2;
    for (uint32_t c = 0; c < b->table.schema->columns; c++) {
        struct text *cell = arena_array(b->arena, room, sizeof *cell);
        if (b->table.rows)
            memcpy(cell, b->table.column[c], b->table.rows * sizeof *cell);
        b->table.column[c] = cell;
    }
    b->room = room;
}

/* Copies n cells with their bytes in one piece. */
static void copy_cells(struct arena *a, struct text *to, const struct text *from, uint32_t n)
{
    size_t size = 0;
    for (uint32_t i = 0; i < n; i++)
        size += from[i].len;
    char *at = arena_alloc(a, size + 1);
    for (uint32_t i = 0; i < n; i++) {
        if (from[i].len)
            memcpy(at, from[i].at, from[i].len);
        to[i] = (struct text){at, from[i].len};
        at += from[i].len;
    }
}

static void add_rows(struct table_builder *b, struct text *const *cell, uint32_t rows)
{
    reserve(b, b->table.rows + rows);
    for (uint32_t c = 0; c < b->table.schema->columns; c++)
        copy_cells(b->arena, b->table.column[c] + b->table.rows, cell[c], rows);
    b->table.rows += rows;
}

void table_builder_add(struct table_builder *b, const struct batch *batch)
{
    reserve(b, b->table.rows + batch->rows);
    for (uint32_t c = 0; c < b->table.schema->columns; c++)
        copy_cells(b->arena, b->table.column[c] + b->table.rows, batch_text(batch, c), batch->rows);
    b->table.rows += batch->rows;
}

const struct table *table_builder_table(struct table_builder *b)
{
    return &b->table;
}

static struct schema *parse_header(struct csv_reader *csv, struct arena *a, struct error *e)
{
    struct text *name;
    uint32_t columns;
    struct place place;
    struct schema *schema = schema_new(a);
    if (csv_read_header(csv, 0, a, &name, &columns, &place, e) < 0)
        return NULL;
    for (uint32_t i = 0; i < columns; i++) {
        if (schema_add(schema, name[i]) == NO_COLUMN) {
            place.column = i + 1;
            error_set(e, EX_DATAERR, place, "column %u has no name, or that of another column",
                      i + 1);
            return NULL;
        }
    }
    return schema;
}

static const struct table *parse_rows(struct csv_reader *csv, struct arena *a, const char *name,
                                      struct error *e)
{
    const struct schema *schema = parse_header(csv, a, e);
    if (!schema)
        return NULL;
    struct table_builder *b = table_builder_new(a, schema, name);
    bool *need = arena_array(a, schema->columns, sizeof *need);
    memset(need, true, schema->columns * sizeof *need);
    struct arena *scratch = arena_new();
    struct csv_chunk chunk;
    int got;
    while ((got = csv_read_next(csv, scratch, need, 4096, &chunk, e)) > 0) {
        add_rows(b, chunk.cell, chunk.rows);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return got < 0 ? NULL : &b->table;
}

const struct table *table_parse(struct arena *a, const char *name, const char *bytes, size_t len,
                                struct error *e)
{
    struct input *in = input_memory(bytes, len, name);
    struct csv_reader *csv = csv_reader_new(in, &csv_rules_default);
    const struct table *t = parse_rows(csv, a, name, e);
    csv_reader_free(csv);
    input_close(in);
    return t;
}
