/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_judge.h"

#include <csv.h>

#include "base/memory.h"

struct hearing {
    struct arena *arena;
    struct csv_judgement *out;
    uint32_t room;
    bool ended;
};

static int no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static int line_feed(unsigned char c)
{
    return c == '\n';
}

static void on_field(void *bytes, size_t len, void *context)
{
    struct hearing *h = context;
    struct csv_judgement *out = h->out;
    out->cell = arena_grow(h->arena, out->cell, out->cells, &h->room, sizeof *out->cell);
    out->cell[out->cells++] = (struct text){arena_copy(h->arena, bytes, len), (uint32_t)len};
}

static void on_record(int end, void *context)
{
    (void)end;
    ((struct hearing *)context)->ended = true;
}

/* Where a quoted field opens is not told by libcsv: after a delimiter or at the start. */
struct quotes {
    bool inside, field_start;
};

static void follow_quotes(struct quotes *q, char c, char delimiter, size_t at,
                          struct csv_judgement *out)
{
    if (c == '"') {
        if (!q->inside && q->field_start)
            out->open_quote = at;
        q->inside = !q->inside;
    }
    q->field_start = !q->inside && c == delimiter;
}

/* A CR right before the LF, or before the end of all bytes, belongs to the line end. */
static bool is_line_end(const char *bytes, size_t i, size_t len, bool last)
{
    return bytes[i] == '\r' && (i + 1 < len ? bytes[i + 1] == '\n' : last);
}

static void judge_bytes(struct csv_parser *p, struct hearing *h, char delimiter, const char *bytes,
                        size_t len, bool last)
{
    struct csv_judgement *out = h->out;
    struct quotes q = {false, true};
    for (size_t i = 0; i < len && !h->ended; i++) {
        if (!q.inside && is_line_end(bytes, i, len, last))
            continue;
        if (!q.inside && bytes[i] == '\r' && i + 1 == len)
            break; /* what follows will tell */
        if (!q.inside && bytes[i] == '\r' && out->bare_return == SIZE_MAX)
            out->bare_return = i;
        if (csv_parse(p, bytes + i, 1, on_field, on_record, h) != 1) {
            out->verdict = CSV_STRAY;
            out->length = i;
            return;
        }
        follow_quotes(&q, bytes[i], delimiter, i, out);
        out->length = i + 1;
    }
    out->in_quotes = q.inside;
    if (!h->ended && last) {
        out->length = len;
        h->ended = csv_fini(p, on_field, on_record, h) == 0;
    }
    out->verdict = h->ended ? CSV_RECORD : CSV_UNFINISHED;
}

void csv_judge(struct arena *arena, char delimiter, const char *bytes, size_t len, bool last,
               struct csv_judgement *out)
{
    struct csv_parser p;
    struct hearing h = {arena, out, 0, false};
    memset(out, 0, sizeof *out);
    out->bare_return = SIZE_MAX;
    if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0)
        memory_exhausted();
    csv_set_delim(&p, (unsigned char)delimiter);
    csv_set_space_func(&p, no_space);
    csv_set_term_func(&p, line_feed);
    judge_bytes(&p, &h, delimiter, bytes, len, last);
    csv_free(&p);
}
