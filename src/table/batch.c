/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/batch.h"

#include <math.h>

#include "io/csv_scan.h"
#include "table/packed_row.h"

enum { AGAIN = 256 };

struct batch *batch_new(struct arena *a, const struct schema *schema, uint32_t rows)
{
    struct batch *b = arena_zalloc(a, sizeof *b);
    b->schema = schema;
    b->rows = rows;
    b->arena = a;
    b->column = arena_zarray(a, schema->columns, sizeof *b->column);
    return b;
}

struct batch *batch_derive(const struct batch *from, const struct schema *schema)
{
    struct batch *b = batch_new(from->arena, schema, from->rows);
    b->source = from->source;
    b->offset = from->offset;
    b->sequence = from->sequence;
    b->isa = from->isa;
    return b;
}

static const uint32_t *pick_offsets(const struct batch *from, const uint32_t *pick, uint32_t rows)
{
    uint32_t *offset = arena_array(from->arena, rows, sizeof *offset);
    for (uint32_t i = 0; i < rows; i++)
        offset[i] = from->offset[pick[i]];
    return offset;
}

struct batch *batch_pick(const struct batch *from, const uint32_t *pick, uint32_t rows)
{
    struct batch *b = batch_derive(from, from->schema);
    struct column *column = arena_zarray(b->arena, from->schema->columns, sizeof *column);
    b->rows = rows;
    for (uint32_t c = 0; c < from->schema->columns; c++) {
        column[c].rows = rows;
        column[c].from = from->column[c];
        column[c].pick = pick;
        b->column[c] = &column[c];
    }
    if (from->offset)
        b->offset = pick_offsets(from, pick, rows);
    return b;
}

void batch_share(struct batch *out, uint32_t to, const struct batch *in, uint32_t from)
{
    out->column[to] = in->column[from];
}

static struct column *column_new(struct batch *b, uint32_t c)
{
    struct column *column = arena_zalloc(b->arena, sizeof *column);
    column->rows = b->rows;
    return b->column[c] = column;
}

struct text *batch_new_text(struct batch *b, uint32_t c)
{
    return column_new(b, c)->text = arena_array(b->arena, b->rows, sizeof(struct text));
}

struct decimal *batch_new_decimal(struct batch *b, uint32_t c)
{
    return column_new(b, c)->decimal = arena_array(b->arena, b->rows, sizeof(struct decimal));
}

double *batch_new_real(struct batch *b, uint32_t c)
{
    double *real = arena_array(b->arena, b->rows, sizeof *real);
    column_new(b, c)->real = real;
    return real;
}

static bool *new_changes(struct arena *a, uint32_t rows)
{
    return arena_zarray(a, (size_t)rows + CHANGES_ROOM, sizeof(bool));
}

struct text *batch_new_runs(struct batch *b, uint32_t c, bool **changed)
{
    struct text *text = batch_new_text(b, c);
    *changed = b->column[c]->changed = new_changes(b->arena, b->rows);
    return text;
}

void batch_set_real(struct batch *b, uint32_t c, const double *real)
{
    b->column[c]->real = real;
}

void batch_cut(struct batch *b, uint32_t rows)
{
    b->rows = rows;
    for (uint32_t c = 0; c < b->schema->columns; c++)
        b->column[c]->rows = rows;
}

struct packed *batch_new_packed(struct batch *b, const uint32_t *c, uint32_t columns,
                                const struct text *record)
{
    struct packed *p = arena_zalloc(b->arena, sizeof *p);
    p->record = record;
    p->column = arena_array(b->arena, columns, sizeof *p->column);
    p->columns = columns;
    for (uint32_t i = 0; i < columns; i++) {
        p->column[i] = column_new(b, c[i]);
        p->column[i]->packed = p;
    }
    return p;
}

const struct packed *batch_packed(const struct batch *b, uint32_t first)
{
    const struct packed *p = b->column[first]->packed;
    if (!p || p->columns > b->schema->columns - first)
        return NULL;
    for (uint32_t i = 0; i < p->columns; i++)
        if (b->column[first + i] != p->column[i])
            return NULL;
    return p;
}

void batch_fill_text(struct batch *b, uint32_t c, struct text value)
{
    struct text *cell = batch_new_text(b, c);
    for (uint32_t i = 0; i < b->rows; i++)
        cell[i] = value;
}

/* ---- the forms, each made from the one that is there ---- */

static struct text text_of_buffer(struct arena *a, const char *buffer, size_t len)
{
    return (struct text){len ? arena_copy(a, buffer, len) : "", (uint32_t)len};
}

static void texts_of_decimals(struct text *out, const struct column *c, struct arena *a)
{
    char buffer[DECIMAL_TEXT];
    for (uint32_t i = 0; i < c->rows; i++)
        out[i] = text_of_buffer(a, buffer, decimal_format(c->decimal[i], buffer));
}

/* Doubles come again (the weights of a household): the text of an earlier row is taken, found by
 * the bits of the double. */
static void texts_of_reals(struct text *out, const struct column *c, struct arena *a)
{
    char buffer[REAL_TEXT];
    uint32_t seen[AGAIN] = {0};
    for (uint32_t i = 0; i < c->rows; i++) {
        uint64_t bits, other;
        memcpy(&bits, &c->real[i], sizeof bits);
        uint32_t *last = &seen[(bits * 0x9e3779b97f4a7c15u) >> 56];
        memcpy(&other, &c->real[*last], sizeof other);
        out[i] = bits == other && *last < i
                     ? out[*last]
                     : text_of_buffer(a, buffer, real_format(c->real[i], buffer));
        *last = i;
    }
}

/* All columns at once, since somebody who reads one reads others too. */
static void unpack(const struct packed *p, struct arena *a)
{
    uint32_t rows = p->column[0]->rows;
    for (uint32_t c = 0; c < p->columns; c++)
        p->column[c]->text = arena_array(a, rows, sizeof(struct text));
    struct text *cell = arena_array(a, p->columns, sizeof *cell);
    for (uint32_t i = 0; i < rows; i++) {
        packed_row_cells(p->record[i], p->columns, cell, a);
        for (uint32_t c = 0; c < p->columns; c++)
            p->column[c]->text[i] = cell[c];
    }
}

static const struct text *column_text(struct column *c, struct arena *a)
{
    if (c->packed && !c->text)
        unpack(c->packed, a);
    if (c->text)
        return c->text;
    struct text *out = arena_array(a, c->rows, sizeof *out);
    if (c->from) {
        const struct text *in = column_text(c->from, a);
        for (uint32_t i = 0; i < c->rows; i++)
            out[i] = in[c->pick[i]];
    } else if (c->decimal) {
        texts_of_decimals(out, c, a);
    } else if (c->real) {
        texts_of_reals(out, c, a);
    } else {
        error_bug("a column was read that no step asked for");
    }
    return c->text = out;
}

/* Of texts that doubles were made to, many are the same piece of memory: each is parsed once. */
static void decimals_of_reals(struct decimal *out, const struct text *in, uint32_t rows)
{
    uint32_t seen[AGAIN] = {0};
    for (uint32_t i = 0; i < rows; i++) {
        uint32_t *last = &seen[(uintptr_t)in[i].at * 0x9e3779b97f4a7c15u >> 56];
        out[i] = *last < i && in[*last].at == in[i].at ? out[*last] : decimal_parse(in[i]);
        *last = i;
    }
}

static const struct decimal *column_decimal(struct column *c, const struct csv_isa *isa,
                                            struct arena *a)
{
    if (c->decimal)
        return c->decimal;
    struct decimal *out = arena_array(a, c->rows, sizeof *out);
    if (c->from && c->from->decimal) {
        for (uint32_t i = 0; i < c->rows; i++)
            out[i] = c->from->decimal[c->pick[i]];
    } else {
        const struct text *in = column_text(c, a);
        if (c->real) {
            decimals_of_reals(out, in, c->rows);
        } else {
            c->scaled = arena_alloc(a, sizeof *c->scaled);
            *c->scaled = (isa ? isa : csv_isa())
                             ->decimals(in, c->rows, out, arena_array(a, c->rows, sizeof(int64_t)));
        }
    }
    return c->decimal = out;
}

static double real_of(struct decimal d, struct text t)
{
    double x;
    if (d.kind == NUMBER_EXACT)
        return decimal_real(d);
    return d.kind == NUMBER_WIDE && real_parse(t, &x) ? x : (double)NAN;
}

static const double *column_real(struct column *c, const struct csv_isa *isa, struct arena *a)
{
    if (c->real)
        return c->real;
    double *out = arena_array(a, c->rows, sizeof *out);
    const struct text *t = column_text(c, a);
    const struct decimal *d = column_decimal(c, isa, a);
    bool done =
        (c->scaled && scaled_real(c->scaled, c->rows, out)) || decimals_real(d, c->rows, out);
    for (uint32_t i = 0; !done && i < c->rows; i++)
        out[i] = real_of(d[i], t[i]);
    return c->real = out;
}

const struct text *batch_text(const struct batch *b, uint32_t c)
{
    return column_text(b->column[c], b->arena);
}

const struct decimal *batch_decimal(const struct batch *b, uint32_t c)
{
    return column_decimal(b->column[c], b->isa, b->arena);
}

const double *batch_real(const struct batch *b, uint32_t c)
{
    return column_real(b->column[c], b->isa, b->arena);
}

const struct scaled *batch_scaled(const struct batch *b, uint32_t c)
{
    struct column *column = b->column[c];
    const struct decimal *d = batch_decimal(b, c);
    if (!column->scaled) {
        int64_t *value = arena_array(b->arena, b->rows, sizeof *value);
        column->scaled = arena_alloc(b->arena, sizeof *column->scaled);
        *column->scaled = decimals_scale(d, decimals_range(d, b->rows), b->rows, value);
    }
    return column->scaled;
}

static const bool *column_changes(struct column *c, struct arena *a)
{
    if (!c->changed) {
        c->changed = new_changes(a, c->rows);
        text_mark_changes(column_text(c, a), c->rows, c->changed);
    }
    return c->changed;
}

/* Eight rows at a time. */
static void join_changes(bool *any, const bool *more, uint32_t rows)
{
    for (uint32_t i = 0; i < rows; i += 8) {
        uint64_t a, b;
        memcpy(&a, any + i, 8);
        memcpy(&b, more + i, 8);
        a |= b;
        memcpy(any + i, &a, 8);
    }
}

const bool *batch_changes(const struct batch *b, uint32_t c)
{
    return column_changes(b->column[c], b->arena);
}

const uint32_t *batch_runs(const struct batch *b, const uint32_t *column, uint32_t columns,
                           uint32_t *runs)
{
    uint32_t *start = arena_array(b->arena, (size_t)b->rows + 1, sizeof *start), n = 0;
    bool *any = new_changes(b->arena, b->rows);
    for (uint32_t k = 0; k < columns; k++)
        join_changes(any, batch_changes(b, column[k]), b->rows);
    for (uint32_t i = 0; i < b->rows; i = text_next_change(any, i + 1, b->rows))
        start[n++] = i;
    start[n] = b->rows;
    *runs = n;
    return start;
}

enum { FORM_TEXT = 1, FORM_DECIMAL = 2, FORM_REAL = 4, FORM_SCALED = 8, FORM_CHANGES = 16 };

void batch_note_forms(const struct batch *b, uint8_t *forms)
{
    for (uint32_t i = 0; i < b->schema->columns; i++) {
        const struct column *c = b->column[i];
        forms[i] = 0;
        if (c)
            forms[i] = (uint8_t)((c->text ? FORM_TEXT : 0) | (c->decimal ? FORM_DECIMAL : 0) |
                                 (c->real ? FORM_REAL : 0) | (c->scaled ? FORM_SCALED : 0) |
                                 (c->changed ? FORM_CHANGES : 0));
    }
}

void batch_make_forms(const struct batch *b, const uint8_t *forms)
{
    for (uint32_t c = 0; c < b->schema->columns; c++) {
        if (forms[c] & FORM_TEXT)
            batch_text(b, c);
        if (forms[c] & FORM_DECIMAL)
            batch_decimal(b, c);
        if (forms[c] & FORM_REAL)
            batch_real(b, c);
        if (forms[c] & FORM_SCALED)
            batch_scaled(b, c);
        if (forms[c] & FORM_CHANGES)
            batch_changes(b, c);
    }
}

bool batch_has(const struct batch *b, uint32_t c)
{
    const struct column *column = b->column[c];
    while (column && column->from)
        column = column->from;
    return column && (column->packed || column->text || column->decimal || column->real);
}

static uint64_t count_records(const char *at, const char *end)
{
    uint64_t records = 0;
    bool inside = false;
    for (; at < end; at++) {
        inside ^= *at == '"';
        records += *at == '\n' && !inside;
    }
    return records;
}

static uint64_t count_lines(const struct source *s, const char *at, const char *end)
{
    uint64_t lines = 0;
    if (s->sheet)
        return count_records(at, end);
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
        lines++;
        at++;
    }
    return lines;
}

const uint64_t *batch_lines(const struct batch *b)
{
    if (!b->source)
        return NULL;
    uint64_t *line = arena_array(b->arena, b->rows, sizeof *line), at_line = b->source->first_line;
    uint32_t at = 0;
    for (uint32_t i = 0; i < b->rows; i++) {
        if (b->offset[i] < at) {
            at = 0;
            at_line = b->source->first_line;
        }
        at_line += count_lines(b->source, b->source->bytes + at, b->source->bytes + b->offset[i]);
        at = b->offset[i];
        line[i] = at_line;
    }
    return line;
}

/* A column that was passed on or renamed is still the one that was read; 0: it was made. */
static uint32_t field_of(const struct batch *b, uint32_t c)
{
    const struct column *column = b->column[c];
    while (column && column->from)
        column = column->from;
    return column ? column->field : 0;
}

struct place batch_place(const struct batch *b, uint32_t row, uint32_t column)
{
    if (!b->source)
        return (struct place){NULL, 0, column + 1};
    const char *from = b->source->bytes;
    uint64_t line = b->source->first_line + count_lines(b->source, from, from + b->offset[row]);
    return (struct place){b->source->file, line, field_of(b, column)};
}
