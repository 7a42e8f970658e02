/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_block.h"

#include <stdlib.h>

#include "base/memory.h"

/* Room for what is left of one block before the next: a part of the block. */
enum { LINE_END = 2, SLACK = 8 };

/* ---- places ---- */

/* Of a sheet, only line ends outside quotes count; `known` is where a record begins. */
static void count_records(struct csv_reader *r, size_t offset)
{
    bool inside = false;
    for (size_t i = r->known; i < offset; i++) {
        inside ^= r->bytes[i] == '"';
        if (r->bytes[i] != '\n' || inside)
            continue;
        r->known = i + 1;
        r->known_line++;
    }
}

struct place csv_place(struct csv_reader *r, size_t offset)
{
    const char *end = r->bytes + offset, *lf;
    if (offset < r->known) {
        r->known = 0;
        r->known_line = r->line;
    }
    if (r->fault) {
        count_records(r, offset);
        return (struct place){r->name, r->known_line, (uint32_t)(offset - r->known) + 1};
    }
    r->known_line += r->isa->tally(r->bytes + r->known, offset - r->known).lines;
    lf = end;
    while (lf > r->bytes + r->known && lf[-1] != '\n')
        lf--;
    r->known = (size_t)(lf - r->bytes);
    return (struct place){r->name, r->known_line, (uint32_t)(end - lf) + 1};
}

int csv_refuse(struct csv_reader *r, size_t offset, struct error *e, const char *what)
{
    return error_set(e, EX_DATAERR, csv_place(r, offset), "%s", what);
}

/* ---- the block ---- */

void csv_block_reserve(struct csv_reader *r, size_t room)
{
    if (room <= r->room)
        return;
    r->bytes = memory_realloc(r->bytes, room + CSV_PAD);
    free(r->fields.quoted);
    free(r->structure);
    r->fields.quoted = r->fields.at = r->structure = NULL;
    r->room = room;
}

void csv_block_free(struct csv_reader *r)
{
    free(r->bytes);
    free(r->fields.quoted);
    free(r->structure);
}

/* One room for both, of which mostly little is touched: the first is in use where cells have
 * quotes. */
void csv_block_fields(struct csv_reader *r)
{
    struct csv_marks *f = &r->fields;
    size_t quoted = r->room / 2 + 1;
    if (f->at)
        return;
    f->quoted = memory_alloc((quoted + r->room + CSV_PAD) * sizeof *f->quoted);
    f->at = f->quoted + quoted;
}

/* Moves what is not given out yet to the front. */
static void shift(struct csv_reader *r)
{
    r->line = csv_place(r, r->from).line;
    r->len -= r->from;
    memmove(r->bytes, r->bytes + r->from, r->len);
    r->from = r->known = 0;
    r->known_line = r->line;
}

void csv_block_forget(struct csv_reader *r)
{
    r->marked = false;
    r->field_row = r->field_rows = 0;
    r->declined = r->from;
}

static void check_text(struct csv_reader *r)
{
    size_t len = r->len - r->from;
    const char *at = r->bytes + r->from;
    size_t valid = utf8_valid_length(at, len), rest = len - valid;
    r->dirty = memchr(at, '\0', len) != NULL;
    r->dirty |= rest && (r->end || rest > 3 || memchr(at + valid, '\n', rest));
}

void csv_block_mark(struct csv_reader *r)
{
    if (!r->marked) {
        bool is_mark[256] = {['"'] = true, ['\n'] = true, ['\r'] = true};
        uint32_t n = 0;
        if (!r->structure && r->from < r->len)
            r->structure = memory_alloc(r->room * sizeof *r->structure);
        is_mark[(unsigned char)r->rules.delimiter] = true;
        for (size_t i = r->from; i < r->len; i++) {
            r->structure[n] = (uint32_t)i;
            n += is_mark[(unsigned char)r->bytes[i]];
        }
        r->structures = n;
        r->mark = 0;
        r->marked = true;
        check_text(r);
    }
    csv_block_seek(r, r->from);
}

/* A lane has all of its block, and rows of it may still be held: nothing moves. */
static int lane_end(struct csv_reader *r)
{
    r->end = true;
    csv_block_forget(r);
    return 0;
}

int csv_block_more(struct csv_reader *r, struct error *e)
{
    if (r->lane)
        return lane_end(r);
    if (r->from)
        shift(r);
    size_t want = r->rules.block > r->len ? r->rules.block : r->len;
    if (r->len + want >= r->room)
        csv_block_reserve(r, r->len + want + 1 + want / SLACK);
    long n = input_read(r->input, r->bytes + r->len, want, e);
    if (n < 0)
        return -1;
    r->len += (size_t)n;
    if (n) /* else texts that were given out may still stand there */
        memset(r->bytes + r->len, 0, CSV_PAD);
    r->end = n == 0;
    csv_block_forget(r);
    return 0;
}

int csv_block_fill(struct csv_reader *r, struct error *e)
{
    if (r->len - r->from > (size_t)r->rules.max_record + LINE_END)
        return csv_refuse(r, r->from, e, "a record is longer than --max-record allows");
    return csv_block_more(r, e);
}

void csv_block_drop(struct csv_reader *r, size_t n)
{
    r->len -= n;
    memmove(r->bytes, r->bytes + n, r->len);
    csv_block_forget(r);
}

void csv_block_close_tail(struct csv_reader *r)
{
    csv_block_reserve(r, r->len + 1);
    r->bytes[r->len++] = '\n';
    r->closed_tail = true;
    csv_block_forget(r);
}

void csv_block_seek(struct csv_reader *r, size_t offset)
{
    while (r->mark < r->structures && r->structure[r->mark] < offset)
        r->mark++;
}
