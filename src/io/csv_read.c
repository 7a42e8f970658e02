/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_read.h"

#include <stdlib.h>

#include "base/memory.h"
#include "io/csv_block.h"
#include "io/csv_judge.h"

enum { CELLS = 256 * 1024, NO_NEED = 16 };

const struct csv_rules csv_rules_default = {
    .delimiter = ',',
    .strict = true,
    .max_field = 1024 * 1024,
    .max_lines = 1000,
    .max_columns = 16384,
    .max_record = 64 * 1024 * 1024,
    .block = 128 * 1024,
};

/* What became of one record. */
enum slice {
    SLICE_RECORD,
    SLICE_FAULT,
    SLICE_MORE,
    SLICE_LONG,
    SLICE_ODD,
    SLICE_BLANK,
    SLICE_FAILED
};

/* One record under the knife. */
struct cut {
    struct arena *arena;
    const bool *need;
    struct text **cell;
    uint32_t row, column;    /* column: cells found so far */
    uint32_t mark;           /* the first of the record */
    size_t start, end, next; /* of the record, without and with its line end */
    size_t begin;            /* of the last cell */
    size_t open;             /* SLICE_MORE: offset of the quote that is open, or SIZE_MAX */
    const char *reason;      /* first fault of the record, or NULL */
    size_t fault_at;
};

struct csv_reader *csv_reader_new(struct input *in, const struct csv_rules *rules)
{
    struct csv_reader *r = memory_zalloc(sizeof *r);
    r->input = in;
    r->name = input_name(in);
    r->fault = input_fault(in);
    r->rules = *rules;
    r->line = r->known_line = 1;
    r->isa = csv_isa();
    if (!r->isa)
        error_bug("MARSAD_ISA names what this machine has not");
    return r;
}

void csv_reader_free(struct csv_reader *r)
{
    if (!r)
        return;
    csv_block_free(r);
    free(r);
}

void csv_set_width(struct csv_reader *r, uint32_t columns)
{
    r->columns = columns;
}

/* ---- slicing one record ---- */

static void note(struct cut *c, const char *reason, size_t at)
{
    if (c->reason)
        return;
    c->reason = reason;
    c->fault_at = at;
}

static void put(const struct csv_reader *r, struct cut *c, struct text cell)
{
    if (c->column < r->columns && c->need[c->column])
        c->cell[c->column][c->row] = cell;
    c->column++;
}

struct text csv_undouble(struct arena *a, const char *at, size_t len)
{
    char *out = arena_alloc(a, len);
    uint32_t n = 0;
    for (size_t i = 0; i < len; i++) {
        out[n++] = at[i];
        if (at[i] == '"')
            i++;
    }
    return (struct text){out, n};
}

/* A CR behind a closing quote that begins no line end. */
static bool text_follows(const struct csv_reader *r, size_t at)
{
    return r->bytes[at] == '\r' && at + 1 < r->len && r->bytes[at + 1] != '\n';
}

/* From the mark behind an opening quote to the one behind its closing quote, which must be a
 * delimiter or line end: that is what plainly well-formed means. */
static enum slice quoted(struct csv_reader *r, struct cut *c, uint32_t *mark, size_t open)
{
    uint32_t m = *mark, lines = 0, doubled = 0;
    for (; m < r->structures; m++) {
        size_t at = r->structure[m];
        lines += r->bytes[at] == '\n';
        if (lines > r->rules.max_lines)
            return SLICE_LONG;
        if (r->bytes[at] != '"')
            continue;
        if (at + 1 == r->len)
            return SLICE_MORE;
        if (r->bytes[at + 1] == '"') {
            doubled++;
            m++;
            continue;
        }
        size_t len = at - open - 1;
        if (len - doubled > r->rules.max_field)
            return SLICE_LONG;
        if (m + 1 == r->structures || r->structure[m + 1] != at + 1 || text_follows(r, at + 1))
            return SLICE_ODD;
        const char *text = r->bytes + open + 1;
        put(r, c,
            doubled && c->column < r->columns && c->need[c->column]
                ? csv_undouble(c->arena, text, len)
                : (struct text){text, (uint32_t)len});
        *mark = m + 1;
        return SLICE_RECORD;
    }
    c->open = open;
    return SLICE_MORE;
}

static enum slice end_record(struct csv_reader *r, struct cut *c, size_t end, size_t next,
                             uint32_t mark)
{
    c->end = end;
    c->next = next;
    r->mark = mark;
    return SLICE_RECORD;
}

/* A CR: the line end of a foreign file, or a fault. Gives SLICE_RECORD where the record ends. */
static enum slice carriage_return(struct csv_reader *r, struct cut *c, size_t at)
{
    if (at + 1 == r->len && !r->end)
        return SLICE_MORE;
    if (at + 1 == r->len || r->bytes[at + 1] != '\n') {
        note(c, "a carriage return without a line feed", at);
        return SLICE_FAULT;
    }
    if (r->rules.strict)
        note(c, "the line ends in CR LF; pass the file through `marsad ingest`", at);
    return SLICE_RECORD;
}

/* Walks the marks of the record at c->start.  One loop, because this is what every byte waits for.
 */
static enum slice slice(struct csv_reader *r, struct cut *c)
{
    const char *bytes = r->bytes;
    char delimiter = r->rules.delimiter;
    uint32_t m = r->mark;
    bool was_quoted = false;
    c->begin = c->start;
    while (m < r->structures) {
        size_t at = r->structure[m++];
        char byte = bytes[at];
        if (byte == '"') {
            if (at != c->begin)
                return SLICE_ODD;
            enum slice state = quoted(r, c, &m, at);
            if (state != SLICE_RECORD)
                return state;
            was_quoted = true;
            continue;
        }
        if (byte == '\r') {
            enum slice state = carriage_return(r, c, at);
            if (state == SLICE_MORE)
                return state;
            if (state == SLICE_FAULT)
                continue;
        }
        if (!was_quoted && at - c->begin > r->rules.max_field)
            return SLICE_LONG;
        if (!was_quoted)
            put(r, c, (struct text){bytes + c->begin, (uint32_t)(at - c->begin)});
        was_quoted = false;
        if (byte != delimiter)
            return end_record(r, c, at, byte == '\r' ? at + 2 : at + 1, byte == '\r' ? m + 1 : m);
        c->begin = at + 1;
    }
    return SLICE_MORE;
}

/* Asks libcsv about a record that is not plainly well-formed. */
static enum slice judged(struct csv_reader *r, struct cut *c, struct error *e)
{
    struct csv_judgement j;
    csv_judge(c->arena, r->rules.delimiter, r->bytes + c->start, r->len - c->start, r->end, &j);
    if (j.verdict == CSV_STRAY) {
        csv_refuse(
            r, c->start + j.length, e,
            "a stray quote: a cell with a quote in it must be quoted, with the quote doubled");
        return SLICE_FAILED;
    }
    if (j.verdict == CSV_UNFINISHED) {
        c->open = j.in_quotes ? c->start + j.open_quote : SIZE_MAX;
        return SLICE_MORE;
    }
    c->column = 0;
    for (uint32_t i = 0; i < j.cells; i++)
        put(r, c, j.cell[i]);
    c->end = c->next = c->start + j.length;
    while (c->end > c->start && (r->bytes[c->end - 1] == '\n' || r->bytes[c->end - 1] == '\r'))
        c->end--;
    csv_block_seek(r, c->next);
    return SLICE_RECORD;
}

/* ---- one record, checked ---- */

static void check_bytes(struct csv_reader *r, struct cut *c)
{
    const char *at = r->bytes + c->start;
    size_t len = c->end - c->start;
    const char *nul = memchr(at, '\0', len);
    size_t valid = utf8_valid_length(at, len);
    if (nul && nul < at + valid)
        note(c, r->fault ? r->fault : "a NUL byte", (size_t)(nul - r->bytes));
    if (valid < len)
        note(c,
             "bytes that are not UTF-8; name the file's encoding with `marsad ingest --encoding`",
             c->start + valid);
}

static void check_width(struct csv_reader *r, struct cut *c)
{
    if (c->column == r->columns)
        return;
    if (c->end == c->start)
        note(c, "a blank line; --skip-blank skips such lines", c->start);
    else if (c->column < r->columns)
        note(c, "the row has fewer cells than the header", c->end);
    else
        note(c, "the row has more cells than the header", c->start);
}

static enum slice check_record(struct csv_reader *r, struct cut *c, struct error *e)
{
    if (c->end == c->start && r->rules.skip_blank)
        return SLICE_BLANK;
    if (c->end - c->start > r->rules.max_record) {
        csv_refuse(r, c->start, e, "a record is longer than --max-record allows");
        return SLICE_FAILED;
    }
    if (r->dirty)
        check_bytes(r, c);
    check_width(r, c);
    return c->reason ? SLICE_FAULT : SLICE_RECORD;
}

/* Is the unfinished cell longer than any finished one may be?  Its end and quotes may still come.
 */
static bool runaway(struct csv_reader *r, const struct cut *c)
{
    size_t most = r->rules.max_field;
    if (c->open == SIZE_MAX)
        return r->bytes[c->begin] != '"' && r->len - c->begin > most + 1;
    if (r->len - c->open > 2 * most + 2)
        return true;
    uint64_t line = csv_place(r, c->open).line;
    return csv_place(r, r->len).line - line > r->rules.max_lines;
}

static enum slice refuse_long(struct csv_reader *r, const struct cut *c, struct error *e)
{
    csv_refuse(r, c->begin, e,
               r->bytes[c->begin] == '"'
                   ? "a quoted cell opens here and does not end within the limits (--max-field, "
                     "--max-lines): a quote is missing or too many"
                   : "a cell is longer than --max-field allows");
    return SLICE_FAILED;
}

static enum slice next_record(struct csv_reader *r, struct cut *c, struct error *e)
{
    c->column = 0;
    c->reason = NULL;
    c->open = SIZE_MAX;
    c->start = r->from;
    enum slice state = slice(r, c);
    if (state == SLICE_ODD)
        state = judged(r, c, e);
    if (state == SLICE_LONG || (state == SLICE_MORE && c->begin < r->len && runaway(r, c)))
        return refuse_long(r, c, e);
    if (state != SLICE_RECORD)
        return state;
    r->from = c->next;
    return check_record(r, c, e);
}

/* ---- the end of the input ---- */

static int tail_strict(struct csv_reader *r, const struct cut *c, struct error *e)
{
    const char *tail = r->bytes + r->from;
    size_t len = r->len - r->from;
    if (len == 2 && memcmp(tail, "\"\n", 2) == 0)
        return csv_refuse(r, r->from, e,
                          "the program before this one failed: its output ends with the "
                          "mark of a failure");
    if (c->open != SIZE_MAX)
        return csv_refuse(r, c->open, e, "a quoted cell opens here and is never closed");
    return csv_refuse(r, r->len, e,
                      "the last line has no end: the program before this one died, or the "
                      "file was cut short (a foreign file goes through `marsad ingest`)");
}

/* A foreign file may lack its last line end: it is put in, once. */
static int tail(struct csv_reader *r, const struct cut *c, struct error *e)
{
    if (r->rules.strict)
        return tail_strict(r, c, e);
    if (c->open != SIZE_MAX || r->closed_tail)
        return csv_refuse(r, c->open != SIZE_MAX ? c->open : r->from, e,
                          "a quoted cell opens here and is never closed");
    csv_block_close_tail(r);
    return 0;
}

/* More bytes, or the tail dealt with.  1: go on; 0: nothing is left; -1: failed. */
static int more(struct csv_reader *r, const struct cut *c, struct error *e)
{
    if (!r->end)
        return csv_block_fill(r, e) < 0 ? -1 : 1;
    if (r->from == r->len)
        return 0;
    return tail(r, c, e) < 0 ? -1 : 1;
}

/* ---- chunks ---- */

/* The cell of a sheet that a NUL stands for. */
static uint32_t field_at(const struct csv_reader *r, const struct cut *c)
{
    uint32_t field = 1;
    bool inside = false;
    if (c->reason != r->fault)
        return 0;
    for (size_t i = c->start; i < c->fault_at; i++) {
        inside ^= r->bytes[i] == '"';
        field += r->bytes[i] == r->rules.delimiter && !inside;
    }
    return field;
}

static struct csv_fault *fault_of(struct csv_reader *r, const struct cut *c)
{
    struct csv_fault *fault = arena_alloc(c->arena, sizeof *fault);
    struct text record = {r->bytes + c->start, (uint32_t)(c->end - c->start)};
    *fault = (struct csv_fault){c->reason, csv_place(r, c->fault_at), field_at(r, c),
                                text_copy(c->arena, record)};
    return fault;
}

static uint32_t count_needed(const struct csv_reader *r, const bool *need)
{
    uint32_t needed = 0;
    for (uint32_t i = 0; i < r->columns; i++)
        needed += need[i];
    return needed;
}

static uint32_t chunk_rows(const struct csv_reader *r, const bool *need, uint32_t max_rows)
{
    uint32_t fit = CELLS / (count_needed(r, need) + 1);
    fit = fit < NO_NEED ? NO_NEED : fit;
    return fit < max_rows ? fit : max_rows;
}

static uint32_t *chunk_begin(struct csv_reader *r, struct arena *a, const bool *need, uint32_t rows,
                             struct csv_chunk *out)
{
    memset(out, 0, sizeof *out);
    out->sheet = r->fault != NULL;
    out->cell = arena_array(a, r->columns, sizeof *out->cell);
    struct text *cells = arena_array(a, (size_t)rows * count_needed(r, need), sizeof *cells);
    for (uint32_t i = 0; i < r->columns; cells += need[i++] ? rows : 0)
        out->cell[i] = need[i] ? cells : NULL;
    uint32_t *offset = arena_array(a, rows, sizeof *offset);
    out->offset = offset;
    return offset;
}

/* A record that cannot be read: set aside, or left for the next call where rows go before it, so
 * that what comes before a refusal does not depend on the size of the block.  0: the chunk ends;
 * -1. */
static int end_chunk(struct csv_reader *r, struct cut *c, enum slice state, struct csv_chunk *out,
                     struct error *e)
{
    if (state == SLICE_FAULT && r->rules.set_aside) {
        out->fault = fault_of(r, c);
        return 0;
    }
    if (c->row || out->blanks) {
        *e = (struct error){0};
        r->from = c->start;
        r->mark = c->mark;
        return 0;
    }
    return state == SLICE_FAULT ? csv_refuse(r, c->fault_at, e, c->reason) : -1;
}

/* Slices what the block holds, up to `rows`.  1: the block is used up; 0: the chunk is full; -1. */
static int fill_chunk(struct csv_reader *r, struct cut *c, uint32_t rows, uint32_t *offset,
                      struct csv_chunk *out, struct error *e)
{
    size_t base = (size_t)(out->bytes - r->bytes);
    c->row = csv_fast_rows(r, c->arena, c->need, rows, c->cell, offset, base);
    if (c->row)
        return 0;
    csv_block_mark(r);
    while (c->row < rows && (c->row == 0 || r->from < r->declined)) {
        c->mark = r->mark;
        enum slice state = next_record(r, c, e);
        if (state == SLICE_RECORD)
            offset[c->row++] = (uint32_t)(c->start - base);
        else if (state == SLICE_BLANK)
            out->blanks++;
        else if (state == SLICE_MORE)
            return 1;
        else
            return end_chunk(r, c, state, out, e);
    }
    return 0;
}

/* Offsets count from the last line whose number is known. */
static void set_base(const struct csv_reader *r, struct csv_chunk *out)
{
    bool known = r->known <= r->from;
    out->bytes = r->bytes + (known ? r->known : 0);
    out->first_line = known ? r->known_line : r->line;
}

int csv_read_next(struct csv_reader *r, struct arena *a, const bool *need, uint32_t max_rows,
                  struct csv_chunk *out, struct error *e)
{
    uint32_t rows = chunk_rows(r, need, max_rows);
    uint32_t *offset = chunk_begin(r, a, need, rows, out);
    struct cut c = {.arena = a, .need = need, .cell = out->cell, .open = SIZE_MAX};
    for (;;) {
        set_base(r, out);
        if (fill_chunk(r, &c, rows, offset, out, e) < 0)
            return -1;
        out->rows = c.row;
        if (c.row || out->fault || out->blanks)
            return 1;
        int go_on = more(r, &c, e);
        if (go_on <= 0)
            return go_on;
    }
}

/* ---- the header ---- */

static int skip_line(struct csv_reader *r, struct error *e)
{
    const char *lf;
    while (r->len == r->from || !(lf = memchr(r->bytes + r->from, '\n', r->len - r->from))) {
        if (r->end)
            return csv_refuse(r, r->from, e, "the file ends before its header (--header)");
        if (csv_block_fill(r, e) < 0)
            return -1;
    }
    r->from = (size_t)(lf - r->bytes) + 1;
    csv_block_seek(r, r->from);
    return 0;
}

static int check_start(struct csv_reader *r, struct error *e)
{
    while (r->len < 3 && !r->end)
        if (csv_block_fill(r, e) < 0)
            return -1;
    if (r->len < 3 || memcmp(r->bytes, "\xef\xbb\xbf", 3) != 0)
        return 0;
    if (r->rules.strict)
        return csv_refuse(r, 0, e, "a byte order mark; pass the file through `marsad ingest`");
    csv_block_drop(r, 3);
    return 0;
}

/* Judges the record at `from` without consuming it. */
static int judge_first(struct csv_reader *r, struct arena *a, struct csv_judgement *j,
                       struct error *e)
{
    for (;;) {
        struct cut c = {.begin = r->from, .open = SIZE_MAX};
        csv_judge(a, r->rules.delimiter, r->bytes + r->from, r->len - r->from,
                  r->end && !r->rules.strict, j);
        if (j->verdict == CSV_STRAY)
            return csv_refuse(r, r->from + j->length, e, "a stray quote in the header");
        if (j->verdict == CSV_RECORD)
            return 0;
        if (j->in_quotes)
            c.open = r->from + j->open_quote;
        if (c.open != SIZE_MAX && runaway(r, &c))
            return csv_refuse(r, c.open, e,
                              "a quoted cell opens here and does not end within the "
                              "limits (--max-field, --max-lines)");
        if (r->end)
            return r->rules.strict
                       ? tail_strict(r, &c, e)
                       : csv_refuse(r, c.open, e, "a quoted cell opens here and is never closed");
        if (csv_block_fill(r, e) < 0)
            return -1;
    }
}

static bool name_too_long(const struct csv_reader *r, struct text name)
{
    uint32_t lines = 0;
    for (uint32_t i = 0; i < name.len; i++)
        lines += name.at[i] == '\n';
    return name.len > r->rules.max_field || lines > r->rules.max_lines;
}

static int check_header(struct csv_reader *r, const struct csv_judgement *j, struct error *e)
{
    struct cut c = {.start = r->from, .end = r->from + j->length, .column = j->cells};
    check_bytes(r, &c);
    if (j->bare_return != SIZE_MAX)
        note(&c, "a carriage return without a line feed", r->from + j->bare_return);
    if (r->rules.strict && j->length >= 2 && r->bytes[c.end - 2] == '\r')
        note(&c, "the line ends in CR LF; pass the file through `marsad ingest`", c.end - 2);
    if (c.reason)
        return csv_refuse(r, c.fault_at, e, c.reason);
    if (j->cells > r->rules.max_columns)
        return csv_refuse(r, r->from, e, "there are more columns than --max-columns allows");
    if (j->length > (size_t)r->rules.max_record)
        return csv_refuse(r, r->from, e, "the header is longer than --max-record allows");
    for (uint32_t i = 0; i < j->cells; i++)
        if (name_too_long(r, j->cell[i]))
            return csv_refuse(r, r->from, e,
                              "a column's name is longer than --max-field or --max-lines allow");
    return 0;
}

int csv_read_header(struct csv_reader *r, uint32_t lines, struct arena *a, struct text **name,
                    uint32_t *columns, struct place *place, struct error *e)
{
    struct csv_judgement j;
    if (check_start(r, e) < 0)
        return -1;
    for (uint32_t i = 0; i < lines; i++)
        if (skip_line(r, e) < 0)
            return -1;
    if (r->from == r->len && r->end)
        return csv_refuse(r, r->from, e,
                          "it is empty: there is not even a header"
                          " (the program before this one may have failed)");
    if (judge_first(r, a, &j, e) < 0 || check_header(r, &j, e) < 0)
        return -1;
    if (j.cells == 0)
        return csv_refuse(r, r->from, e, "the header is a blank line");
    *place = csv_place(r, r->from);
    *name = j.cell;
    *columns = j.cells;
    r->from += j.length;
    r->columns = j.cells;
    csv_block_seek(r, r->from);
    return 0;
}

int csv_peek_width(struct csv_reader *r, struct arena *a, struct error *e)
{
    struct csv_judgement j;
    if (check_start(r, e) < 0)
        return -1;
    csv_block_seek(r, r->from);
    if (r->from == r->len && r->end)
        return 0;
    if (judge_first(r, a, &j, e) < 0 || check_header(r, &j, e) < 0)
        return -1;
    return j.cells ? (int)j.cells : 1;
}
