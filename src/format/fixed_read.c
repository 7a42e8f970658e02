/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines of fixed width, cut by a layout.  Positions count characters, not bytes; spaces around a
 * field are filling and are cut; a line that ends early leaves the rest of its fields missing.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "format/foreign.h"

enum { PIECE = 64 * 1024 };

struct cutter {
    const struct foreign *how;
    struct grid *rows;
    char *line;
    size_t len, room;
    uint32_t *offset; /* of each character, and the end */
    size_t offset_room, characters;
    uint64_t line_number, row;
};

static int write_header(struct cutter *c, struct error *e)
{
    const struct layout *l = c->how->layout;
    c->row = grid_first(c->rows);
    if (!grid_rule(c->rows)->header)
        return 0;
    for (uint32_t i = 0; i < l->fields; i++)
        if (grid_cell(c->rows, c->row, i, l->field[i].name, e) < 0)
            return -1;
    return grid_end(c->rows, c->row++, 1, e);
}

static void find_characters(struct cutter *c)
{
    c->characters = 0;
    c->offset = memory_grow(c->offset, &c->offset_room, c->len + 1, sizeof *c->offset);
    for (size_t i = 0; i < c->len; i++)
        if (((unsigned char)c->line[i] & 0xc0) != 0x80)
            c->offset[c->characters++] = (uint32_t)i;
    c->offset[c->characters] = (uint32_t)c->len;
}

static struct text cut(const struct cutter *c, uint32_t start, uint32_t width)
{
    if (start >= c->characters)
        return (struct text){0};
    size_t end = start + (size_t)width < c->characters ? start + (size_t)width : c->characters;
    return (struct text){c->line + c->offset[start], c->offset[end] - c->offset[start]};
}

/* Puts the point in that the field does not write: 1234 with two decimals is 12.34. */
static struct text with_point(struct text t, uint32_t decimals, char *out)
{
    uint32_t sign = t.len && (t.at[0] == '-' || t.at[0] == '+'), digits = t.len - sign, n = 0;
    if (!decimals || !t.len || t.len > 40 || memchr(t.at, '.', t.len))
        return t;
    if (sign)
        out[n++] = t.at[0];
    for (uint32_t i = digits; i <= decimals; i++)
        out[n++] = '0';
    memcpy(out + n, t.at + sign, digits);
    n += digits;
    memmove(out + n - decimals + 1, out + n - decimals, decimals);
    out[n - decimals] = '.';
    return (struct text){out, n + 1};
}

static int end_line(struct cutter *c, struct error *e)
{
    const struct layout *l = c->how->layout;
    char out[80];
    if (c->len && c->line[c->len - 1] == '\r')
        c->len--;
    find_characters(c);
    c->line_number++;
    if (l->type_width &&
        !text_equal(text_trim(cut(c, l->type_start, l->type_width)), text_trim(l->type)))
        return 0;
    for (uint32_t i = 0; i < l->fields; i++) {
        const struct layout_field *f = &l->field[i];
        struct text t = text_trim(cut(c, f->start, f->width));
        if (grid_cell(c->rows, c->row, i, with_point(t, f->decimals, out), e) < 0)
            return -1;
    }
    return grid_end(c->rows, c->row++, 1, e);
}

static int take(struct cutter *c, const char *at, size_t n, struct error *e)
{
    const uint32_t most = grid_rule(c->rows)->max_record;
    const char *end = at + n;
    while (at < end) {
        const char *lf = memchr(at, '\n', (size_t)(end - at)), *to = lf ? lf : end;
        size_t more = (size_t)(to - at);
        if (c->len + more > most)
            return error_set(e, EX_DATAERR, grid_place(c->rows, c->line_number + 1, 0),
                             "a line is longer than --max-record allows");
        c->line = memory_grow(c->line, &c->room, c->len + more + 1, 1);
        memcpy(c->line + c->len, at, more);
        c->len += more;
        if (lf && end_line(c, e) < 0)
            return -1;
        if (lf)
            c->len = 0;
        at = lf ? lf + 1 : end;
    }
    return 0;
}

static int read_all(struct cutter *c, struct input *in, struct error *e)
{
    char piece[PIECE];
    long n;
    if (c->how->encoding && input_decode(in, c->how->encoding, e) < 0)
        return -1;
    if (write_header(c, e) < 0)
        return -1;
    while ((n = input_read(in, piece, sizeof piece, e)) > 0)
        if (take(c, piece, (size_t)n, e) < 0)
            return -1;
    return n < 0 || (c->len && end_line(c, e) < 0) ? -1 : 0;
}

int fixed_read(const struct foreign *how, const char *path, struct grid *rows, struct error *e)
{
    struct cutter c = {.how = how, .rows = rows};
    struct input *in = input_open(path, grid_rule(rows)->name, e);
    if (!in)
        return -1;
    input_limit_ratio(in, how->max_ratio);
    int status = read_all(&c, in, e);
    input_close(in);
    free(c.line);
    free(c.offset);
    return status;
}
