/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/writer.h"

#include "io/csv_plain.h"

enum { BLOCK = 256 };

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

/* How many cells from here on stand side by side with commas between; *all is the text from the
 * first to the last. */
static uint32_t count_beside(const struct text *const *cell, uint32_t n, uint32_t row,
                             struct text *all)
{
    uint32_t c = 1;
    *all = cell[0][row];
    if (!all->at)
        return 1;
    const char *start = all->at, *end = start + all->len;
    for (; c < n && cell[c][row].at == end + 1 && *end == ','; c++)
        end += 1 + cell[c][row].len;
    *all = (struct text){start, (uint32_t)(end - start)};
    return c;
}

/* Column by column, some rows at a time. */
static void find_records(const struct text *const *cell, uint32_t n, uint32_t from, uint32_t to,
                         struct text *record)
{
    for (uint32_t i = from; i < to; i++)
        record[i] = cell[0][i];
    for (uint32_t c = 1; c < n; c++)
        for (uint32_t i = from; i < to; i++) {
            const char *end = record[i].at ? record[i].at + record[i].len : NULL;
            bool beside = end && cell[c][i].at == end + 1 && *end == ',';
            record[i].at = beside ? record[i].at : NULL;
            record[i].len += beside ? 1 + cell[c][i].len : 0;
        }
}

void writer_records(const struct text *const *cell, uint32_t n, uint32_t rows, struct text *record)
{
    for (uint32_t i = 0; i < rows; i += BLOCK)
        find_records(cell, n, i, rows - i < BLOCK ? rows : i + BLOCK, record);
}

char *writer_record(char *to, const struct text *const *cell, uint32_t n, uint32_t row,
                    struct text record)
{
    if (record.at && csv_copy_plain(to, record.at, record.len, n - 1))
        return to + record.len;
    for (uint32_t c = 0; c < n; c++) {
        to = writer_cell(to, cell[c][row]);
        *to++ = ',';
    }
    return to - 1;
}

static int no_room(const struct output *out)
{
    return output_is_closed(out) ? OUTPUT_CLOSED : OUTPUT_FAILED;
}

/* The pieces of a record: cells, or packed ones. */
struct pieces {
    uint32_t count;
    const struct text **text; /* text[piece][row] */
    uint32_t *cells;          /* how many pieces from this one on are cells; 0: it is packed */
    struct run *run;          /* of the present record */
};

/* Cells that stand side by side, or one packed piece. */
struct run {
    uint32_t pieces;
    struct text all;
};

static struct pieces pieces_of(const struct batch *b)
{
    uint32_t n = b->schema->columns;
    struct pieces p = {0, arena_array(b->arena, n, sizeof *p.text),
                       arena_zarray(b->arena, (size_t)n + 1, sizeof *p.cells),
                       arena_array(b->arena, n, sizeof *p.run)};
    for (uint32_t c = 0; c < n; p.count++) {
        const struct packed *packed = batch_packed(b, c);
        p.cells[p.count] = packed == NULL;
        p.text[p.count] = packed ? packed->record : batch_text(b, c);
        c += packed ? packed->columns : 1;
    }
    for (uint32_t i = p.count; i-- > 0;)
        if (p.cells[i])
            p.cells[i] += p.cells[i + 1];
    return p;
}

/* Finds the runs of a record; how much room it takes at most. */
static size_t find_runs(const struct pieces *p, uint32_t row)
{
    size_t size = WRITER_SLACK + (size_t)3 * p->count;
    struct run *run = p->run;
    for (uint32_t i = 0; i < p->count; i += run->pieces, run++) {
        run->pieces = 1;
        run->all = p->text[i][row];
        if (p->cells[i])
            run->pieces = count_beside(p->text + i, p->cells[i], row, &run->all);
        size += 2 * (size_t)run->all.len;
    }
    return size;
}

/* The cells of a run with a comma behind each: at once, if the commas between are all there are. */
static char *write_cells(char *to, const struct text *const *cell, const struct run *run,
                         uint32_t row)
{
    if (csv_copy_plain(to, run->all.at, run->all.len, run->pieces - 1)) {
        to[run->all.len] = ',';
        return to + run->all.len + 1;
    }
    for (uint32_t c = 0; c < run->pieces; c++) {
        to = writer_cell(to, cell[c][row]);
        *to++ = ',';
    }
    return to;
}

static char *write_packed(char *to, struct text t)
{
    if (t.len)
        memcpy(to, t.at, t.len);
    to[t.len] = ',';
    return to + t.len + 1;
}

static int write_record(struct output *out, const struct pieces *p, uint32_t row, struct error *e)
{
    char *start = output_room(out, find_runs(p, row), e), *to = start;
    if (!start)
        return no_room(out);
    const struct run *run = p->run;
    for (uint32_t i = 0; i < p->count; i += run->pieces, run++)
        to = p->cells[i] ? write_cells(to, p->text + i, run, row) : write_packed(to, run->all);
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
    const struct packed *all = b->schema->columns ? batch_packed(b, 0) : NULL;
    int status = OUTPUT_OK;
    if (all && all->columns == b->schema->columns && all->whole.at)
        return output_write(out, all->whole.at, all->whole.len, e);
    struct pieces p = pieces_of(b);
    for (uint32_t i = 0; i < b->rows && status == OUTPUT_OK; i++)
        status = write_record(out, &p, i, e);
    return status;
}
