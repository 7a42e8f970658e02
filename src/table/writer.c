/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/writer.h"

static bool needs_quotes(struct text t)
{
    static const bool special[256] = {['"'] = true, [','] = true, ['\n'] = true, ['\r'] = true};
    bool any = false;
    for (uint32_t i = 0; i < t.len; i++)
        any |= special[(unsigned char)t.at[i]];
    return any;
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

char *writer_cell(char *to, struct text t)
{
    if (needs_quotes(t))
        return quoted(to, t);
    if (t.len)
        memcpy(to, t.at, t.len);
    return to + t.len;
}

static int no_room(const struct output *out)
{
    return output_is_closed(out) ? OUTPUT_CLOSED : OUTPUT_FAILED;
}

/* A record of n cells: cell[i][row]. */
static int write_record(struct output *out, const struct text *const *cell, uint32_t n,
                        uint32_t row, struct error *e)
{
    size_t size = 0;
    for (uint32_t c = 0; c < n; c++)
        size += 2 * (size_t)cell[c][row].len + 3;
    char *start = output_room(out, size, e), *to = start;
    if (!start)
        return no_room(out);
    for (uint32_t c = 0; c < n; c++) {
        to = writer_cell(to, cell[c][row]);
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
    uint32_t n = b->schema->columns;
    const struct text **cell = arena_array(b->arena, n, sizeof *cell);
    int status = OUTPUT_OK;
    for (uint32_t c = 0; c < n; c++)
        cell[c] = batch_text(b, c);
    for (uint32_t i = 0; i < b->rows && status == OUTPUT_OK; i++)
        status = write_record(out, cell, n, i, e);
    return status;
}
