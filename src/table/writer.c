/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/writer.h"

/* What a cell cannot hold without quotes, counted: commas below COMMAS, others above. */
#define OTHER ((uint64_t)1 << 32)

static uint64_t count_marks(struct text t)
{
    static const uint64_t mark[256] = {[','] = 1, ['"'] = OTHER, ['\n'] = OTHER, ['\r'] = OTHER};
    uint64_t marks = 0;
    for (uint32_t i = 0; i < t.len; i++)
        marks += mark[(unsigned char)t.at[i]];
    return marks;
}

static char *quoted(char *to, struct text t)
{
    *to++ = '"';
    for (uint32_t i = 0; i < t.len; i++) {
        if (t.at[i] == '"')
            *to++ = '"';
        *to++ = t.at[i];
    }
    *to++ = '"';
    return to;
}

/* How many cells from here on stand side by side with commas between; *all is the text from the
 * first to the last. */
static uint32_t count_beside(const struct text *const *cell, uint32_t n, uint32_t row,
                             struct text *all)
{
    uint32_t c = 1;
    const char *start = cell[0][row].at, *end = start + cell[0][row].len;
    for (; c < n && end && cell[c][row].at == end + 1 && *end == ','; c++)
        end += 1 + cell[c][row].len;
    *all = (struct text){start, (uint32_t)(end - start)};
    return c;
}

bool writer_is_plain(const struct text *const *cell, uint32_t n, uint32_t row, struct text *record)
{
    return count_beside(cell, n, row, record) == n && count_marks(*record) == n - 1;
}

static char *put(char *to, struct text t)
{
    if (t.len)
        memcpy(to, t.at, t.len);
    return to + t.len;
}

char *writer_cell(char *to, struct text t)
{
    return count_marks(t) ? quoted(to, t) : put(to, t);
}

static int no_room(const struct output *out)
{
    return output_is_closed(out) ? OUTPUT_CLOSED : OUTPUT_FAILED;
}

/* The pieces of a record: cells, or packed ones. */
struct pieces {
    uint32_t count;
    const struct text **text; /* text[piece][row] */
    bool *packed;
};

static struct pieces pieces_of(const struct batch *b)
{
    uint32_t n = b->schema->columns;
    struct pieces p = {0, arena_array(b->arena, n, sizeof *p.text),
                       arena_zarray(b->arena, n, sizeof *p.packed)};
    for (uint32_t c = 0; c < n; p.count++) {
        const struct packed *packed = batch_packed(b, c);
        p.packed[p.count] = packed != NULL;
        p.text[p.count] = packed ? packed->record : batch_text(b, c);
        c += packed ? packed->columns : 1;
    }
    return p;
}

/* A record of cells text[piece][row]. */
static int write_record(struct output *out, const struct pieces *p, uint32_t row, struct error *e)
{
    size_t size = 0;
    for (uint32_t i = 0; i < p->count; i++)
        size += 2 * (size_t)p->text[i][row].len + 3;
    char *start = output_room(out, size, e), *to = start;
    if (!start)
        return no_room(out);
    for (uint32_t i = 0; i < p->count; i++) {
        to = p->packed[i] ? put(to, p->text[i][row]) : writer_cell(to, p->text[i][row]);
        *to++ = ',';
    }
    to[-1] = '\n';
    output_took(out, (size_t)(to - start));
    return OUTPUT_OK;
}

int writer_header(struct output *out, const struct schema *s, struct error *e)
{
    int status = OUTPUT_OK;
    for (uint32_t c = 0; c < s->columns && status == OUTPUT_OK; c++) {
        char *start = output_room(out, 2 * (size_t)s->name[c].len + 3, e);
        if (!start)
            return no_room(out);
        char *to = writer_cell(start, s->name[c]);
        *to++ = c + 1 < s->columns ? ',' : '\n';
        output_took(out, (size_t)(to - start));
    }
    return status;
}

int writer_batch(struct output *out, const struct batch *b, struct error *e)
{
    struct pieces p = pieces_of(b);
    int status = OUTPUT_OK;
    for (uint32_t i = 0; i < b->rows && status == OUTPUT_OK; i++)
        status = write_record(out, &p, i, e);
    return status;
}
