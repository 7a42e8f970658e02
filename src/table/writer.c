/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/writer.h"

#include "io/csv_plain.h"

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
    return csv_copy_plain(to, t.at, t.len, 0) ? to + t.len : quoted(to, t);
}

static int no_room(const struct output *out)
{
    return output_is_closed(out) ? OUTPUT_CLOSED : OUTPUT_FAILED;
}

/* Whether the next cell follows in memory behind a comma, as it does in a record. */
static inline bool is_followed(struct text cell, struct text next)
{
    const char *end = cell.at + cell.len;
    return next.at == end + 1 && *end == ',';
}

/* How many cells from this one on stand side by side. */
static uint32_t run_length(const struct text *const *cell, uint32_t n, uint32_t row)
{
    uint32_t run = 1;
    while (run < n && is_followed(cell[run - 1][row], cell[run][row]))
        run++;
    return run;
}

/* The cells of a run with a comma behind each: at once, if the commas between are all there are. */
static char *write_run(char *to, const struct text *const *cell, uint32_t run, uint32_t row,
                       size_t len)
{
    if (csv_copy_plain(to, cell[0][row].at, len, run - 1)) {
        to[len] = ',';
        return to + len + 1;
    }
    for (uint32_t c = 0; c < run; c++) {
        to = writer_cell(to, cell[c][row]);
        *to++ = ',';
    }
    return to;
}

struct run {
    uint32_t cells;
    size_t len;
};

/* The runs of a record; returns how much room it takes at most. */
static size_t find_runs(const struct text *const *cell, uint32_t n, uint32_t row, struct run *run)
{
    size_t size = WRITER_SLACK + (size_t)3 * n;
    for (uint32_t c = 0; c < n; run++) {
        run->cells = run_length(cell + c, n - c, row);
        const struct text *last = &cell[c + run->cells - 1][row];
        run->len = (size_t)(last->at - cell[c][row].at) + last->len;
        size += 2 * run->len;
        c += run->cells;
    }
    return size;
}

/* A record of n cells: cell[i][row]. */
static int write_record(struct output *out, const struct text *const *cell, uint32_t n,
                        uint32_t row, struct run *run, struct error *e)
{
    char *start = output_room(out, find_runs(cell, n, row, run), e), *to = start;
    if (!start)
        return no_room(out);
    for (uint32_t c = 0; c < n; c += run->cells, run++)
        to = write_run(to, cell + c, run->cells, row, run->len);
    to[-1] = '\n';
    output_took(out, (size_t)(to - start));
    return OUTPUT_OK;
}

int writer_header(struct output *out, const struct schema *s, struct error *e)
{
    int status = OUTPUT_OK;
    for (uint32_t c = 0; c < s->columns && status == OUTPUT_OK; c++) {
        char *start = output_room(out, 2 * (size_t)s->name[c].len + 3 + WRITER_SLACK, e);
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
    struct run *run = arena_array(b->arena, n, sizeof *run);
    int status = OUTPUT_OK;
    for (uint32_t c = 0; c < n; c++)
        cell[c] = batch_text(b, c);
    for (uint32_t i = 0; i < b->rows && status == OUTPUT_OK; i++)
        status = write_record(out, cell, n, i, run, e);
    return status;
}
