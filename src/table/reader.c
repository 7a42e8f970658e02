/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/reader.h"

#include <stdlib.h>

#include "base/memory.h"
#include "io/csv_scan.h"

enum { LEAST_BLOCK = 4096, FIRST_ROWS = 128 };

/* Columns of a further file that come in another order than those of the first. */
struct file_order {
    uint32_t *column; /* of the schema, for each column of the file */
    bool *need;
};

struct reader {
    const struct reader_spec *spec;
    struct arena *arena;
    struct schema *schema;
    struct input *input;
    struct csv_reader *csv;
    const struct csv_isa *isa;
    struct csv_rules rules; /* of the present file */
    uint32_t file;          /* the present one */
    bool ahead;             /* inflate in a thread */
    bool *need;
    const struct file_order *order; /* of the present file; NULL: as in the schema */
    struct csv_chunk chunk;
    uint64_t sequence, done; /* done: bytes of the files before this one */
};

static void close_file(struct reader *r)
{
    if (r->input)
        r->done += input_done(r->input);
    csv_reader_free(r->csv);
    input_close(r->input);
    r->csv = NULL;
    r->input = NULL;
}

struct input *reader_open_plain(const struct reader_spec *spec, uint32_t file, struct error *e)
{
    struct input *in = input_open(spec->path[file], spec->name[file], e);
    if (!in)
        return NULL;
    input_limit_ratio(in, spec->max_ratio);
    if (!spec->encoding || input_decode(in, spec->encoding, e) == 0)
        return in;
    input_close(in);
    return NULL;
}

/* A short file gets a block that just holds it, and most runs read one. */
static uint32_t block_for(uint32_t most, uint64_t size)
{
    uint32_t room = size && size < most ? (uint32_t)size + 1 : most;
    return room < LEAST_BLOCK && LEAST_BLOCK < most ? LEAST_BLOCK : room;
}

static int open_file(struct reader *r, struct error *e)
{
    const struct reader_spec *spec = r->spec;
    r->input = (spec->open ? spec->open : reader_open_plain)(spec, r->file, e);
    if (!r->input)
        return -1;
    if (r->ahead)
        input_ahead(r->input);
    r->rules = spec->rules;
    r->rules.block = block_for(spec->rules.block, input_size(r->input));
    r->csv = csv_reader_new(r->input, &r->rules);
    r->isa = csv_isa();
    return 0;
}

static int refuse_name(struct text name, uint32_t i, int same, struct place place, struct error *e)
{
    place.column = i + 1;
    if (text_missing(name))
        return error_set(e, EX_DATAERR, place, "column %u has no name", i + 1);
    return error_set(e, EX_DATAERR, place, "columns %d and %u are both called '%.*s'", same + 1,
                     i + 1, (int)name.len, name.at);
}

static int read_names(struct reader *r, struct schema *schema, struct error *e)
{
    struct text *name;
    uint32_t columns;
    struct place place;
    if (csv_read_header(r->csv, r->spec->header - 1, schema->arena, &name, &columns, &place, e) < 0)
        return -1;
    if (columns == 0)
        return refuse_name((struct text){0}, 0, 0, place, e);
    for (uint32_t i = 0; i < columns; i++)
        if (schema_add(schema, name[i]) == NO_COLUMN)
            return refuse_name(name[i], i, schema_find(schema, name[i]), place, e);
    return 0;
}

static int make_names(struct reader *r, struct schema *schema, struct error *e)
{
    int columns = csv_peek_width(r->csv, schema->arena, e);
    char name[32];
    if (columns < 0)
        return -1;
    if (columns == 0)
        return error_set(e, EX_DATAERR, (struct place){r->spec->name[r->file], 1, 0},
                         "it is empty: there are no columns to count");
    for (int i = 0; i < columns; i++) {
        snprintf(name, sizeof name, "c%d", i + 1);
        schema_add(schema, text_of(name));
    }
    csv_set_width(r->csv, (uint32_t)columns);
    return 0;
}

/* The columns of a further file, which come in another order than those of the first. */
static int put_in_order(struct reader *r, const struct schema *schema, struct error *e)
{
    struct place place = {r->spec->name[r->file], r->spec->header, 0};
    struct file_order *order = arena_alloc(r->arena, sizeof *order);
    order->column = arena_array(r->arena, schema->columns, sizeof *order->column);
    order->need = arena_array(r->arena, schema->columns, sizeof *order->need);
    for (uint32_t i = 0; i < schema->columns; i++) {
        int column = r->spec->header ? schema_find(r->schema, schema->name[i]) : NO_COLUMN;
        if (column == NO_COLUMN)
            return error_set(e, EX_DATAERR, place,
                             "its header is not that of %s, which has no column '%.*s'; files that "
                             "are read together have the same columns, in any order",
                             r->spec->name[0], (int)schema->name[i].len, schema->name[i].at);
        order->column[i] = (uint32_t)column;
        order->need[i] = r->need[column];
    }
    for (uint32_t i = 0; i < r->schema->columns; i++)
        if (schema_find(schema, r->schema->name[i]) == NO_COLUMN)
            return error_set(e, EX_DATAERR, place,
                             "its header is not that of %s: it has no column '%.*s'",
                             r->spec->name[0], (int)r->schema->name[i].len, r->schema->name[i].at);
    r->order = order;
    return 0;
}

static int read_header(struct reader *r, struct error *e)
{
    struct schema *schema = schema_new(r->arena);
    r->order = NULL;
    if ((r->spec->header ? read_names(r, schema, e) : make_names(r, schema, e)) < 0)
        return -1;
    if (!r->schema) {
        r->schema = schema;
        r->need = arena_zarray(r->arena, schema->columns, sizeof *r->need);
        return 0;
    }
    return schema_equal(schema, r->schema) ? 0 : put_in_order(r, schema, e);
}

struct reader *reader_open(const struct reader_spec *spec, struct arena *a, struct error *e)
{
    struct reader *r = memory_zalloc(sizeof *r);
    r->spec = spec;
    r->arena = a;
    if (open_file(r, e) < 0 || read_header(r, e) < 0) {
        reader_close(r);
        return NULL;
    }
    return r;
}

void reader_close(struct reader *r)
{
    if (!r)
        return;
    close_file(r);
    free(r);
}

const struct schema *reader_schema(const struct reader *r)
{
    return r->schema;
}

void reader_need(struct reader *r, uint32_t column)
{
    r->need[column] = true;
}

static struct batch *batch_of_chunk(const struct reader *r, const struct csv_chunk *chunk,
                                    const char *file, const struct file_order *order,
                                    struct arena *a)
{
    struct batch *b = batch_new(a, r->schema, chunk->rows);
    struct column *column = arena_zarray(a, r->schema->columns, sizeof *column);
    struct source *source = arena_alloc(a, sizeof *source);
    *source = (struct source){file, chunk->bytes, chunk->first_line, chunk->sheet};
    b->source = source;
    b->offset = chunk->offset;
    b->isa = r->isa;
    for (uint32_t c = 0; c < r->schema->columns; c++) {
        column[c].rows = chunk->rows;
        column[c].text = chunk->cell[c];
        column[c].field = c + 1;
        b->column[order ? order->column[c] : c] = &column[c];
    }
    return b;
}

static int next_file(struct reader *r, struct error *e)
{
    if (r->file + 1 >= r->spec->files)
        return 0;
    close_file(r);
    r->file++;
    return open_file(r, e) < 0 || read_header(r, e) < 0 ? -1 : 1;
}

static const bool *file_needs(const struct reader *r, const struct file_order *order)
{
    return order ? order->need : r->need;
}

/* Room for few rows is asked for first: most files are short, and a batch touches its room. */
static uint32_t rows_for(const struct reader *r, uint32_t max_rows)
{
    uint64_t rows = r->sequence < 16 ? (uint64_t)FIRST_ROWS << r->sequence : max_rows;
    return rows < max_rows ? (uint32_t)rows : max_rows;
}

int reader_next(struct reader *r, struct arena *a, uint32_t max_rows, struct batch **batch,
                const struct csv_chunk **chunk, struct error *e)
{
    for (;;) {
        int got =
            csv_read_next(r->csv, a, file_needs(r, r->order), rows_for(r, max_rows), &r->chunk, e);
        if (got == 0)
            got = next_file(r, e);
        else if (got > 0) {
            *batch = batch_of_chunk(r, &r->chunk, r->spec->name[r->file], r->order, a);
            (*batch)->sequence = r->sequence++;
            *chunk = &r->chunk;
            return 1;
        }
        if (got <= 0)
            return got;
    }
}

struct reader_lane {
    struct reader *reader;
    struct csv_reader *csv;
    const char *file;
    const struct file_order *order;
    struct csv_chunk chunk;
};

struct reader_lane *reader_lane_new(struct reader *r)
{
    struct reader_lane *lane = memory_zalloc(sizeof *lane);
    lane->reader = r;
    lane->csv = csv_lane_new(r->csv);
    return lane;
}

void reader_lane_free(struct reader_lane *lane)
{
    if (!lane)
        return;
    csv_reader_free(lane->csv);
    free(lane);
}

int reader_lane_take(struct reader *r, struct reader_lane *lane, struct error *e)
{
    for (;;) {
        int got = csv_lane_feed(r->csv, lane->csv, e);
        if (got > 0) {
            lane->file = r->spec->name[r->file];
            lane->order = r->order;
        }
        if (got != 0)
            return got;
        got = next_file(r, e);
        if (got <= 0)
            return got;
    }
}

int reader_lane_next(struct reader_lane *lane, struct arena *a, uint32_t max_rows,
                     struct batch **batch, const struct csv_chunk **chunk, struct error *e)
{
    const struct reader *r = lane->reader;
    int got = csv_read_next(lane->csv, a, file_needs(r, lane->order), max_rows, &lane->chunk, e);
    if (got <= 0)
        return got;
    *batch = batch_of_chunk(r, &lane->chunk, lane->file, lane->order, a);
    *chunk = &lane->chunk;
    return 1;
}

void reader_ahead(struct reader *r)
{
    r->ahead = true;
    if (r->input)
        input_ahead(r->input);
}

uint64_t reader_size(const struct reader *r)
{
    return r->input ? input_size(r->input) : 0;
}

uint64_t reader_done(const struct reader *r)
{
    return r->done + (r->input ? input_done(r->input) : 0);
}
