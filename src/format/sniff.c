/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/sniff.h"

#include <stdlib.h>

#include "base/memory.h"
#include "format/bytes.h"
#include "format/sniff_proposal.h"
#include "format/sniff_sample.h"
#include "format/zip.h"
#include "table/hxl.h"
#include "table/writer.h"

enum { SAMPLE = 1024 * 1024, HEAD = 1024, MOST_SHEETS = 50, ROWS = 4096 };

struct sniff {
    struct arena *arena;
    const struct reader_spec *spec;
    const char *path, *name;
    struct foreign how; /* as the options say */
    struct bytes report;
};

/* ---- the report ---- */

static void add_cell(struct bytes *b, const char *cell, char end)
{
    struct text t = text_of(cell);
    char *room = memory_alloc(2 * (size_t)t.len + 2 + WRITER_SLACK);
    size_t n = (size_t)(writer_cell(room, t) - room);
    bytes_add(b, room, n);
    bytes_char(b, end, 1);
    free(room);
}

static void tell(struct sniff *s, const char *property, const char *value, const char *evidence)
{
    add_cell(&s->report, s->name, ',');
    add_cell(&s->report, property, ',');
    add_cell(&s->report, value ? value : "", ',');
    add_cell(&s->report, evidence ? evidence : "", '\n');
}

static void cannot_tell(struct sniff *s, const char *why)
{
    tell(s, "command", "", arena_print(s->arena, "cannot tell: %s", why));
}

/* ---- looking ---- */

static int look_at_format(struct sniff *s, enum foreign_kind *kind, struct error *e)
{
    const unsigned char *head;
    const char *other;
    struct input *in = input_open(s->path, s->name, e);
    long n = in ? input_peek(in, HEAD, &head, e) : -1;
    if (n >= 0)
        *kind = foreign_kind_of(head, (size_t)n, &other);
    input_close(in);
    if (n < 0)
        return -1;
    if (s->how.kind != FOREIGN_AUTO)
        *kind = s->how.kind;
    if (other && s->how.kind == FOREIGN_AUTO)
        return error_set(e, EX_DATAERR, NOWHERE, "it is %s", other);
    return 0;
}

/* Of a zip file: XLSX or ODS. */
static enum foreign_kind look_into_zip(struct sniff *s)
{
    struct error e = {0};
    struct zip *zip = zip_open(s->path, s->name, &e);
    bool ods = zip && !zip_has(zip, "[Content_Types].xml") && zip_has(zip, "content.xml");
    zip_close(zip);
    return ods ? FOREIGN_ODS : FOREIGN_XLSX;
}

/* How the file is opened for a proposal. */
static struct reader_spec spec_of(struct sniff *s, const struct proposal *p)
{
    struct reader_spec spec = *s->spec;
    spec.files = 1;
    spec.path = &s->path;
    spec.name = &s->name;
    spec.rules.strict = false;
    spec.rules.set_aside = false;
    spec.rules.delimiter = p->delimiter;
    spec.rules.skip_blank = p->skip_blank;
    spec.encoding = p->encoding;
    spec.header = p->header;
    spec.open = foreign_open;
    spec.foreign = &p->how;
    return spec;
}

static int find_encoding(struct sniff *s, struct proposal *p, struct error *e)
{
    struct sniff_guess guess;
    struct input *in = input_open(s->path, s->name, e);
    if (!in)
        return -1;
    input_limit_ratio(in, s->spec->max_ratio);
    int status = sniff_encoding(in, s->arena, &guess, e);
    input_close(in);
    if (status < 0)
        return -1;
    if (s->how.encoding)
        guess = (struct sniff_guess){s->how.encoding, "as --encoding says"};
    tell(s, "encoding", guess.value, guess.evidence);
    if (!guess.value)
        return error_set(e, EX_DATAERR, NOWHERE, "the encoding: %s", guess.evidence);
    p->encoding = strcmp(guess.value, "UTF-8") == 0 ? NULL : guess.value;
    p->how.encoding = p->encoding;
    return 0;
}

/* The first MiB of it as CSV in UTF-8. */
static int read_sample(struct sniff *s, const struct proposal *p, struct text *sample,
                       struct error *e)
{
    struct proposal raw = *p;
    raw.header = 0;
    struct reader_spec spec = spec_of(s, &raw);
    struct input *in = foreign_open(&spec, 0, e);
    char *bytes = arena_alloc(s->arena, SAMPLE);
    size_t len = 0;
    long n = in ? 1 : -1;
    while (n > 0 && len < SAMPLE) {
        n = input_read(in, bytes + len, SAMPLE - len, e);
        len += n > 0 ? (size_t)n : 0;
    }
    input_close(in);
    if (n == 0 && len && len < SAMPLE && bytes[len - 1] != '\n')
        bytes[len++] = '\n';
    *sample = (struct text){bytes, (uint32_t)len};
    return n < 0 ? -1 : 0;
}

static bool has_names(enum foreign_kind kind)
{
    return kind != FOREIGN_CSV && kind != FOREIGN_XLSX && kind != FOREIGN_ODS &&
           kind != FOREIGN_XLS;
}

static int look_at_lines(struct sniff *s, struct proposal *p, struct error *e)
{
    struct text sample;
    const char *evidence;
    char shown[8] = ",";
    p->header = 1;
    if (has_names(p->how.kind))
        return 0;
    if (read_sample(s, p, &sample, e) < 0)
        return -1;
    const char *odd = p->how.kind == FOREIGN_CSV ? sniff_line_ends(s->arena, sample) : NULL;
    if (odd)
        return error_set(e, EX_DATAERR, NOWHERE, "%s", odd);
    if (p->how.kind == FOREIGN_CSV) {
        char found = sniff_delimiter(s->arena, sample, &evidence);
        p->delimiter = found ? found : ',';
        shown[0] = p->delimiter;
        bool aligned = !found && sniff_aligned(sample);
        if (aligned)
            evidence = "no delimiter is found, but runs of spaces: columns of a fixed width? "
                       "--layout says where they are";
        tell(s, "delimiter", found == '\t' ? "tab" : found ? shown : "", evidence);
        if (aligned)
            return error_set(e, EX_DATAERR, NOWHERE, "the delimiter: %s", evidence);
    }
    struct sniff_grid grid = sniff_cut(s->arena, sample, p->delimiter);
    int header = sniff_header(s->arena, &grid, p->how.kind != FOREIGN_CSV, &evidence);
    tell(s, "header", header < 0 ? "" : arena_print(s->arena, "%d", header), evidence);
    if (header < 0)
        return error_set(e, EX_DATAERR, NOWHERE, "the header: %s", evidence);
    p->header = (uint32_t)header;
    return 0;
}

/* ---- trying ---- */

static int count_cells(struct proposal *p, struct reader *r, struct error *e)
{
    struct arena *a = arena_new();
    const struct csv_chunk *chunk;
    struct batch *b;
    int got;
    p->schema = reader_schema(r);
    p->rows = 0;
    p->hxl = false;
    p->tail = (struct sniff_tail){0};
    p->column = arena_zarray(p->arena, p->schema->columns, sizeof *p->column);
    p->number = arena_zarray(p->arena, p->schema->columns, sizeof *p->number);
    for (uint32_t c = 0; c < p->schema->columns; c++)
        reader_need(r, c);
    while ((got = reader_next(r, a, ROWS, &b, &chunk, e)) > 0) {
        uint32_t first = p->rows == 0 && b->rows && hxl_is_tags(b, 0);
        p->hxl |= first;
        for (uint32_t c = 0; c < p->schema->columns; c++) {
            const struct text *cell = batch_text(b, c);
            for (uint32_t i = first; i < b->rows; i++)
                sniff_column_add(&p->column[c], cell[i]);
        }
        p->rows += b->rows - first;
        sniff_tail_add(&p->tail, b, chunk);
        arena_reset(a);
    }
    arena_free(a);
    return got;
}

static int try_once(struct sniff *s, struct proposal *p, bool set_aside, struct error *e)
{
    struct reader_spec *spec = arena_alloc(s->arena, sizeof *spec);
    *spec = spec_of(s, p);
    spec->rules.set_aside = set_aside;
    struct reader *r = reader_open(spec, s->arena, e);
    int status = r ? count_cells(p, r, e) : -1;
    reader_close(r);
    return status;
}

static void warn(struct sniff *s, const char *what, const char *evidence)
{
    if (evidence)
        tell(s, "warning", what, evidence);
}

/* No proposal reads it: maybe because of what stands behind the table. */
static void look_at_tail(struct sniff *s, const struct proposal *p)
{
    struct proposal trial = *p;
    struct error ignored = {0};
    if (try_once(s, &trial, true, &ignored) < 0 || !sniff_tail_only(&trial.tail))
        return;
    warn(s, "total", sniff_tail_total(&trial.tail, s->arena));
    warn(s, "notes", sniff_tail_notes(&trial.tail, s->arena));
}

/* Reads the whole file by the proposal; where that fails, once more without blank lines. */
static int try_proposal(struct sniff *s, struct proposal *p, struct error *e)
{
    struct error again = {0};
    if (try_once(s, p, false, e) == 0)
        return 0;
    p->skip_blank = true;
    if (try_once(s, p, false, &again) < 0) {
        look_at_tail(s, p);
        return -1;
    }
    *e = (struct error){0};
    return 0;
}

static void tell_columns(struct sniff *s, const struct proposal *p)
{
    for (uint32_t i = 0; i < p->schema->columns; i++) {
        const struct sniff_column *c = &p->column[i];
        struct text name = p->schema->name[i];
        const char *type = p->number[i] ? "number" : sniff_type_name(sniff_column_type(c));
        uint64_t values = sniff_column_values(c);
        tell(s, arena_print(s->arena, "column %.*s", (int)name.len, name.at), type,
             arena_print(s->arena, "%llu cells, %llu of them missing", (unsigned long long)c->cells,
                         (unsigned long long)(c->cells - values)));
    }
}

static void tell_proposal(struct sniff *s, struct proposal *p)
{
    static const char *const decimals[] = {".", ","};
    const char *numbers, *missing;
    proposal_settle(p, &numbers, &missing);
    const struct number_form *f = &sniff_forms[p->form];
    tell(s, "decimal", decimals[f->decimal == ','], numbers);
    if (f->any_space || f->thousands.len)
        tell(s, "thousands", f->any_space ? "space" : f->thousands.at, numbers);
    if (missing)
        tell(s, "missing", "", missing);
    if (p->hxl)
        tell(s, "hxl", "yes", "the row below the header holds tags like #country");
    tell_columns(s, p);
    tell(s, "rows", arena_print(s->arena, "%llu", (unsigned long long)p->rows),
         p->skip_blank
             ? "the whole file was read by the proposal, without its blank lines; look whether "
               "one of them parts two tables"
             : "the whole file was read by the proposal");
    warn(s, "total", sniff_tail_total(&p->tail, s->arena));
    warn(s, "notes", sniff_tail_notes(&p->tail, s->arena));
    tell(s, "command", proposal_command(p), "");
    tell(s, "schema", proposal_schema(p), "");
}

/* One table: the file, or one of its sheets. */
static void sniff_table(struct sniff *s, enum foreign_kind kind, const char *sheet, struct error *e)
{
    struct proposal p = {.arena = s->arena, .file = s->name, .how = s->how, .delimiter = ','};
    p.how.kind = kind;
    p.how.sheet = sheet;
    p.how.errors = ERRORS_MISSING;
    bool text = kind == FOREIGN_CSV || kind == FOREIGN_FIXED;
    if ((text && find_encoding(s, &p, e) < 0) || look_at_lines(s, &p, e) < 0 ||
        try_proposal(s, &p, e) < 0)
        return;
    tell_proposal(s, &p);
}

static const char *why_not(struct sniff *s, const struct error *e)
{
    if (!e->place.line)
        return e->message;
    return arena_print(s->arena, "line %llu: %s", (unsigned long long)e->place.line, e->message);
}

/* Every sheet of a workbook that has several. */
static void sniff_sheets(struct sniff *s, enum foreign_kind kind)
{
    for (int n = 1; n <= MOST_SHEETS; n++) {
        const char *sheet = arena_print(s->arena, "%d", n);
        struct error e = {0};
        size_t before = s->report.len;
        tell(s, "sheet", sheet, "one of several");
        sniff_table(s, kind, sheet, &e);
        if (e.code && strstr(e.message, "no such sheet")) {
            s->report.len = before;
            return;
        }
        if (e.code)
            cannot_tell(s, why_not(s, &e));
    }
}

static void sniff_file(struct sniff *s)
{
    enum foreign_kind kind = FOREIGN_AUTO;
    struct error e = {0};
    if (look_at_format(s, &kind, &e) == 0) {
        if (kind == FOREIGN_XLSX && s->how.kind == FOREIGN_AUTO)
            kind = look_into_zip(s);
        tell(s, "format", foreign_kind_name(kind),
             kind == FOREIGN_CSV ? "no other format's first bytes" : "by its first bytes");
        sniff_table(s, kind, s->how.sheet, &e);
    }
    if (e.code && strncmp(e.message, "--sheet chooses", 15) == 0)
        sniff_sheets(s, kind);
    else if (e.code)
        cannot_tell(s, why_not(s, &e));
}

/* ---- the hook ---- */

static void free_report(void *context)
{
    struct bytes *b = context;
    bytes_free(b);
    free(b);
}

struct report {
    struct bytes bytes;
    size_t at;
};

static long read_report(void *context, void *out, size_t size, struct error *e)
{
    struct report *r = context;
    size_t left = r->bytes.len - r->at, n = left < size ? left : size;
    (void)e;
    memcpy(out, r->bytes.at + r->at, n);
    r->at += n;
    return (long)n;
}

struct input *sniff_open(const struct reader_spec *spec, uint32_t file, struct error *e)
{
    static const struct input_source source = {.read = read_report, .close = free_report};
    struct sniff s = {.spec = spec,
                      .path = spec->path[file],
                      .name = spec->name[file],
                      .how = *(const struct foreign *)spec->foreign};
    if (strcmp(s.path, "-") == 0) {
        error_set(e, EX_USAGE, NOWHERE,
                  "--sniff reads a file several times: name it, no pipe will do");
        return NULL;
    }
    struct input *there = input_open(s.path, s.name, e);
    if (!there)
        return NULL;
    input_close(there);
    s.arena = arena_new();
    bytes_string(&s.report, "file,property,value,evidence\n");
    sniff_file(&s);
    arena_free(s.arena);
    struct report *r = memory_zalloc(sizeof *r);
    r->bytes = s.report;
    return input_source(&source, r, s.name);
}
