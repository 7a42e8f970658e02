/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fast way through a block: windows whose records are all plainly well-formed.
 *
 * A window is scanned once (csv_scan.h).  It is taken if its quoting is plain, its text valid,
 * every record has as many cells as the header and nothing comes near a limit; then the marks are a
 * rectangle, record by column, and cells are cut without looking at their bytes.  All else is left
 * to the slow slicer of csv_read.c, which knows what is wrong and where.
 */
#include "io/csv_block.h"

enum { WINDOW = 32 * 1024 };

/* Every column-th mark is a line end, and no other. */
static bool rectangular(const struct csv_reader *r)
{
    const struct csv_marks *f = &r->fields;
    const uint32_t *last = f->at + r->columns - 1;
    if ((uint64_t)f->lines * r->columns > f->count)
        return false;
    for (uint32_t i = 0; i < f->lines; i++)
        if (r->bytes[last[(size_t)i * r->columns]] != '\n')
            return false;
    return true;
}

static bool within_limits(const struct csv_reader *r, size_t end)
{
    const struct csv_rules *rules = &r->rules;
    size_t most = rules->max_field < rules->max_record ? rules->max_field : rules->max_record;
    size_t start = r->from;
    if (r->fields.all_lines - r->fields.lines > rules->max_lines)
        return false;
    if (end - start <= most)
        return true;
    for (uint32_t i = 0; i < r->fields.lines; i++) {
        size_t next = r->fields.at[(size_t)(i + 1) * r->columns - 1] + 1;
        if (next - start > most)
            return false;
        start = next;
    }
    return true;
}

/* Is all up to `end`, the end of the window's last whole record, plain? */
static bool plain(const struct csv_reader *r, size_t end)
{
    const struct csv_marks *f = &r->fields;
    if ((f->crlf && r->rules.strict) || (r->columns == 1 && r->rules.skip_blank))
        return false;
    return f->utf8 && rectangular(r) && within_limits(r, end);
}

/* Scans a window that holds a whole record; false: the block holds none that is plain. */
static bool open_window(struct csv_reader *r)
{
    struct csv_marks *f = &r->fields;
    size_t to = r->window = r->from;
    r->field_row = r->field_rows = r->field_quoted = 0;
    csv_block_fields(r);
    do {
        size_t size = to > r->from ? 2 * (to - r->from) : WINDOW;
        to = r->len - r->from < size ? r->len : r->from + size;
        r->isa->scan(r->bytes, r->from, to, r->rules.delimiter, f);
    } while (f->lines == 0 && f->plain && to < r->len);
    r->declined = to;
    if (!f->plain || f->lines == 0 || (uint64_t)f->lines * r->columns > f->count)
        return false;
    if (!plain(r, f->at[(size_t)f->lines * r->columns - 1] + 1))
        return false;
    r->field_rows = f->lines;
    return true;
}

static struct text unquoted(struct arena *a, struct text cell)
{
    cell.at++;
    cell.len -= 2;
    return cell.len && memchr(cell.at, '"', cell.len) ? csv_undouble(a, cell.at, cell.len) : cell;
}

/* Cells of one column; `mark` is the end of the first, `begin` where it begins. */
static void cut_column(const struct csv_reader *r, const uint32_t *mark, uint32_t begin,
                       uint32_t rows, struct text *cell)
{
    const char *bytes = r->bytes;
    size_t step = r->columns;
    cell[0] = (struct text){bytes + begin, mark[0] - begin};
    for (uint32_t i = 1; i < rows; i++) {
        mark += step;
        begin = mark[-1] + 1;
        cell[i] = (struct text){bytes + begin, *mark - begin};
    }
}

/* The CR of a last cell belongs to its line end. */
static void cut_returns(uint32_t rows, struct text *cell)
{
    for (uint32_t i = 0; i < rows; i++)
        if (cell[i].len && cell[i].at[cell[i].len - 1] == '\r')
            cell[i].len--;
}

/* Takes the quotes off the quoted cells of these rows. */
static void unquote_cells(struct csv_reader *r, struct arena *a, const bool *need, uint32_t rows,
                          struct text *const *cell)
{
    const struct csv_marks *f = &r->fields;
    while (r->field_quoted < f->quotes) {
        uint32_t mark = f->quoted[r->field_quoted], column = mark % r->columns;
        uint32_t row = mark / r->columns - r->field_row;
        if (row >= rows)
            break;
        if (need[column])
            cell[column][row] = unquoted(a, cell[column][row]);
        r->field_quoted++;
    }
}

/* All records of the window are given out, so that its lines are known. */
static void note_lines(struct csv_reader *r)
{
    if (r->known != r->window || r->fields.all_lines != r->fields.lines)
        return;
    r->known = r->from;
    r->known_line += r->fields.lines;
}

uint32_t csv_fast_rows(struct csv_reader *r, struct arena *a, const bool *need, uint32_t most,
                       struct text **cell, uint32_t *offset, size_t base)
{
    if (r->field_row == r->field_rows && (r->from < r->declined || !open_window(r)))
        return 0;
    uint32_t rows = r->field_rows - r->field_row;
    rows = rows < most ? rows : most;
    const uint32_t *mark = r->fields.at + (size_t)r->field_row * r->columns;
    for (uint32_t i = 0; i < rows; i++)
        offset[i] = (i ? mark[(size_t)i * r->columns - 1] + 1 : (uint32_t)r->from) - (uint32_t)base;
    for (uint32_t c = 0; c < r->columns; c++) {
        if (!need[c])
            continue;
        cut_column(r, mark + c, c ? mark[c - 1] + 1 : (uint32_t)r->from, rows, cell[c]);
        if (r->fields.crlf && c + 1 == r->columns)
            cut_returns(rows, cell[c]);
    }
    unquote_cells(r, a, need, rows, cell);
    r->field_row += rows;
    r->from = mark[(size_t)rows * r->columns - 1] + 1;
    r->declined = r->from;
    if (r->field_row == r->field_rows)
        note_lines(r);
    return rows;
}
