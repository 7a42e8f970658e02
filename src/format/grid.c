/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/grid.h"

#include <stdlib.h>

#include "base/memory.h"

enum { CHUNK = 64 * 1024, MOST_REPEATED = 64 * 1024 * 1024 };

struct cell {
    uint32_t column;
    struct text text; /* .at is set at the end: the bytes move */
    size_t from;
};

struct grid {
    struct grid_rule rule;
    int (*write)(void *, const void *, size_t);
    void *context;
    char *bytes; /* of the cells of the present row */
    size_t len, room;
    struct cell *cell;
    size_t cells, cell_room;
    char *out;
    size_t out_len, out_room, last; /* last: where the last record begins in out */
    uint64_t row;                   /* the last one written */
    uint32_t width;
};

struct grid *grid_new(const struct grid_rule *rule, int (*write)(void *, const void *, size_t),
                      void *context)
{
    struct grid *r = memory_zalloc(sizeof *r);
    r->rule = *rule;
    r->write = write;
    r->context = context;
    return r;
}

void grid_free(struct grid *r)
{
    if (!r)
        return;
    free(r->bytes);
    free(r->cell);
    free(r->out);
    free(r);
}

const struct grid_rule *grid_rule(const struct grid *r)
{
    return &r->rule;
}

uint64_t grid_first(const struct grid *r)
{
    return r->rule.header ? r->rule.header : 1;
}

bool grid_title(const struct grid *r, uint64_t row)
{
    return row < r->rule.header;
}

struct place grid_place(const struct grid *r, uint64_t row, uint32_t column)
{
    return (struct place){r->rule.name, row, column + 1};
}

/* ---- the cells of a row ---- */

static void copy_cell(struct grid *r, struct text t)
{
    r->bytes = memory_grow(r->bytes, &r->room, r->len + t.len + 1, 1);
    if (!memchr(t.at, '\r', t.len)) {
        memcpy(r->bytes + r->len, t.at, t.len);
        r->len += t.len;
        return;
    }
    for (uint32_t i = 0; i < t.len; i++) {
        char c = t.at[i];
        if (c == '\r' && i + 1 < t.len && t.at[i + 1] == '\n')
            continue;
        r->bytes[r->len++] = c == '\r' ? '\n' : c;
    }
}

int grid_cell(struct grid *r, uint64_t row, uint32_t column, struct text t, struct error *e)
{
    struct place place = grid_place(r, row, column);
    if (text_missing(t))
        return 0;
    if (column >= r->rule.max_columns)
        return error_set(e, EX_DATAERR, place, "there are more columns than --max-columns allows");
    if (t.len > r->rule.max_field)
        return error_set(e, EX_DATAERR, place, "a cell is longer than --max-field allows");
    if (r->len + t.len > r->rule.max_record)
        return error_set(e, EX_DATAERR, place, "a row is longer than --max-record allows");
    if (r->cells && column <= r->cell[r->cells - 1].column)
        return error_set(e, EX_DATAERR, place,
                         "cells of a row do not follow each other; the file is "
                         "damaged");
    r->cell = memory_grow(r->cell, &r->cell_room, r->cells + 1, sizeof *r->cell);
    struct cell *c = &r->cell[r->cells++];
    c->column = column;
    c->from = r->len;
    copy_cell(r, t);
    c->text.len = (uint32_t)(r->len - c->from);
    return 0;
}

int grid_fault(struct grid *r, uint64_t row, uint32_t column, struct error *e)
{
    return grid_cell(r, row, column, (struct text){"", 1}, e);
}

/* ---- lines ---- */

static int flush(struct grid *r)
{
    size_t n = r->out_len;
    r->out_len = 0;
    return n ? r->write(r->context, r->out, n) : 0;
}

static char *room(struct grid *r, size_t n)
{
    r->out = memory_grow(r->out, &r->out_room, r->out_len + n, 1);
    return r->out + r->out_len;
}

static bool needs_quotes(const struct grid *r, struct text t)
{
    return memchr(t.at, r->rule.delimiter, t.len) || memchr(t.at, '"', t.len) ||
           memchr(t.at, '\n', t.len);
}

static void write_cell(struct grid *r, struct text t)
{
    char *start = room(r, 2 * (size_t)t.len + 2), *to = start;
    if (!needs_quotes(r, t)) {
        memcpy(start, t.at, t.len);
        r->out_len += t.len;
        return;
    }
    *to++ = '"';
    for (uint32_t i = 0; i < t.len; i++) {
        if (t.at[i] == '"')
            *to++ = '"';
        *to++ = t.at[i];
    }
    *to++ = '"';
    r->out_len += (size_t)(to - start);
}

static void write_char(struct grid *r, char c)
{
    *room(r, 1) = c;
    r->out_len++;
}

static int write_blanks(struct grid *r, uint64_t until)
{
    for (; r->row < until; r->row++) {
        write_char(r, '\n');
        if (r->out_len >= CHUNK && flush(r) < 0)
            return -1;
    }
    return 0;
}

static void write_row(struct grid *r)
{
    uint32_t column = 0, last = r->cells ? r->cell[r->cells - 1].column : 0;
    uint32_t width = last + 1 > r->width ? last + 1 : r->width;
    r->last = r->out_len;
    for (size_t i = 0; i < r->cells; i++) {
        for (; column < r->cell[i].column; column++)
            write_char(r, r->rule.delimiter);
        write_cell(r, (struct text){r->bytes + r->cell[i].from, r->cell[i].text.len});
    }
    for (; column + 1 < width; column++)
        write_char(r, r->rule.delimiter);
    write_char(r, '\n');
    r->row++;
}

static int repeat_row(struct grid *r, uint32_t repeat, struct error *e)
{
    size_t n = r->out_len - r->last;
    if ((uint64_t)n * repeat > MOST_REPEATED)
        return error_set(
            e, EX_DATAERR, grid_place(r, r->row, 0),
            "a row is repeated more often than a table is; the file is damaged or hostile");
    for (uint32_t i = 1; i < repeat; i++, r->row++) {
        char *to = room(r, n);
        memcpy(to, r->out + r->last, n);
        r->out_len += n;
    }
    return 0;
}

int grid_end(struct grid *r, uint64_t row, uint32_t repeat, struct error *e)
{
    bool title = row < r->rule.header, empty = r->cells == 0;
    if (row <= r->row)
        return error_set(e, EX_DATAERR, grid_place(r, row, 0),
                         "rows do not follow each other; the file is damaged");
    if (title && !empty && row + repeat > r->rule.header)
        title = false;
    if (!empty && !title) {
        if (write_blanks(r, row - 1) < 0)
            return -1;
        if (!r->width && (row == r->rule.header || !r->rule.header))
            r->width = r->cell[r->cells - 1].column + 1;
        write_row(r);
        if (repeat_row(r, repeat, e) < 0)
            return -1;
    }
    r->cells = 0;
    r->len = 0;
    return r->out_len >= CHUNK ? flush(r) : 0;
}

int grid_finish(struct grid *r, struct error *e)
{
    if (!r->row && r->rule.header)
        return error_set(e, EX_DATAERR, grid_place(r, r->rule.header, 0),
                         "there is no row at the line of the header, nor behind it");
    return flush(r);
}
