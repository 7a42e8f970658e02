/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_block.h"

#include "base/memory.h"

enum { LINE_END = 2 };

/* ---- places ---- */

struct place csv_place(struct csv_reader *r, size_t offset)
{
    const char *end = r->bytes + offset, *lf;
    if (offset < r->known) {
        r->known = 0;
        r->known_line = r->line;
    }
    const char *at = r->bytes + r->known;
    while (at < end && (lf = memchr(at, '\n', (size_t)(end - at)))) {
        r->known_line++;
        at = lf + 1;
    }
    r->known = (size_t)(at - r->bytes);
    return (struct place){input_name(r->input), r->known_line, (uint32_t)(end - at) + 1};
}

int csv_refuse(struct csv_reader *r, size_t offset, struct error *e, const char *what)
{
    return error_set(e, EX_DATAERR, csv_place(r, offset), "%s", what);
}

/* ---- the block ---- */

static void reserve(struct csv_reader *r, size_t room)
{
    if (room <= r->room)
        return;
    r->bytes = memory_realloc(r->bytes, room);
    r->marks.at = memory_realloc(r->marks.at, (room + 1) * sizeof *r->marks.at);
    r->room = room;
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

static void scan(struct csv_reader *r)
{
    r->marks.count = r->mark = 0;
    r->marks.nul = r->marks.wide = false;
    csv_scan(&r->scanner, r->bytes, r->from, r->len, &r->marks);
    r->dirty = r->marks.nul;
    if (!r->marks.wide || r->dirty)
        return;
    size_t len = r->len - r->from, valid = utf8_valid_length(r->bytes + r->from, len);
    const char *bad = r->bytes + r->from + valid;
    size_t rest = len - valid;
    r->dirty = rest && (r->end || rest > 3 || memchr(bad, '\n', rest));
}

int csv_block_fill(struct csv_reader *r, struct error *e)
{
    if (r->from)
        shift(r);
    if (r->len > (size_t)r->rules.max_record + LINE_END)
        return csv_refuse(r, r->from, e, "a record is longer than --max-record allows");
    size_t want = r->rules.block > r->len ? r->rules.block : r->len;
    reserve(r, r->len + want + 1);
    long n = input_read(r->input, r->bytes + r->len, want, e);
    if (n < 0)
        return -1;
    r->len += (size_t)n;
    r->end = n == 0;
    scan(r);
    return 0;
}

void csv_block_drop(struct csv_reader *r, size_t n)
{
    r->len -= n;
    memmove(r->bytes, r->bytes + n, r->len);
    scan(r);
}

void csv_block_close_tail(struct csv_reader *r)
{
    reserve(r, r->len + 1);
    r->bytes[r->len++] = '\n';
    r->closed_tail = true;
    scan(r);
}

void csv_block_seek(struct csv_reader *r, size_t offset)
{
    while (r->mark < r->marks.count && r->marks.at[r->mark] < offset)
        r->mark++;
}
