/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of an ODS workbook, from its content.xml: cells by their value type, paragraphs of a text
 * joined by line breaks, comments left out, repeated rows and columns written out.
 * Source: OpenDocument 1.2 part 1, 9.1 (tables), 19.385 (office:value-type), 6.1 (text).
 */
#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "format/bytes.h"
#include "format/foreign.h"
#include "format/serial.h"
#include "format/xml.h"

enum { MOST_ROWS = 16 * 1024 * 1024, MOST_COLUMNS = 1024 * 1024, MOST_TABLES = 4096 };

struct sheet {
    const struct foreign *how;
    struct grid *rows;
    bool list;         /* first pass: the names of the tables */
    const char **name; /* of the tables */
    size_t name_room;
    uint32_t names, table, wanted; /* table: of this number begins next */
    int nested;                    /* tables inside the one that is read */
    bool inside, cell, typed, error;
    int skip; /* inside a comment */
    uint64_t row;
    uint32_t column, repeat_row, repeat_column, paragraphs;
    struct bytes value;
    struct arena *arena;
};

static int damaged(const struct sheet *s, struct error *e)
{
    return error_set(e, EX_DATAERR, grid_place(s->rows, s->row + 1, s->column),
                     "the cell is not as a workbook writes it; the file is damaged");
}

/* ---- tables ---- */

/* What is kept of another file to which formulas refer is no sheet: 'file:///...'#$Name. */
static bool is_foreign(const char *name)
{
    return name && name[0] == '\'' && strstr(name, "'#$");
}

static int begin_table(struct sheet *s, const char *const *a, struct error *e)
{
    const char *name = xml_attribute(a, "table:name");
    if (s->inside || s->nested || is_foreign(name)) {
        s->nested++;
        return 0;
    }
    if (s->table >= MOST_TABLES)
        return damaged(s, e);
    if (s->list) {
        s->name = memory_grow(s->name, &s->name_room, s->table + 1, sizeof *s->name);
        s->name[s->table] = arena_copy(s->arena, name ? name : "", name ? strlen(name) : 0);
        s->names = s->table + 1;
    } else {
        s->inside = s->table == s->wanted;
    }
    s->table++;
    return 0;
}

static int end_table(struct sheet *s)
{
    if (s->nested) {
        s->nested--;
        return 0;
    }
    if (!s->inside)
        return 0;
    s->inside = false;
    return XML_ENOUGH;
}

/* ---- cells ---- */

static int add_text(struct sheet *s, struct text t, struct error *e)
{
    if (s->value.len + t.len > grid_rule(s->rows)->max_field)
        return error_set(e, EX_DATAERR, grid_place(s->rows, s->row + 1, s->column),
                         "a cell is longer than --max-field allows");
    bytes_text(&s->value, t);
    return 0;
}

static int add_number(struct sheet *s, const char *value, struct error *e)
{
    char out[REAL_TEXT];
    double x;
    if (!serial_number(value, &x))
        return damaged(s, e);
    return add_text(s, (struct text){out, (uint32_t)real_format(x, out)}, e);
}

/* PT12H30M05.25S */
static int add_clock(struct sheet *s, const char *value, struct error *e)
{
    char out[SERIAL_TEXT], *end;
    double seconds = 0;
    bool minus = *value == '-';
    value += minus;
    if (strncmp(value, "PT", 2) != 0)
        return damaged(s, e);
    for (value += 2; *value; value = end + 1) {
        double x = strtod(value, &end);
        if (end == value || !strchr("HMS", *end) || !*end || x < 0 || x > 1e9)
            return damaged(s, e);
        seconds += x * (*end == 'H' ? 3600 : *end == 'M' ? 60 : 1);
    }
    size_t n = serial_clock((double)(long long)(seconds + 0.5) * (minus ? -1000 : 1000), out);
    return add_text(s, (struct text){out, (uint32_t)n}, e);
}

static int add_day(struct sheet *s, const char *value, struct error *e)
{
    struct text t;
    return serial_iso(text_of(value), &t) ? add_text(s, t, e) : damaged(s, e);
}

static int add_value(struct sheet *s, const char *type, const char *const *a, struct error *e)
{
    static const struct {
        const char *type, *attribute;
        int (*add)(struct sheet *, const char *, struct error *);
    } kinds[] = {
        {"float", "office:value", add_number},    {"percentage", "office:value", add_number},
        {"currency", "office:value", add_number}, {"date", "office:date-value", add_day},
        {"time", "office:time-value", add_clock},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(type, kinds[i].type) != 0)
            continue;
        const char *value = xml_attribute(a, kinds[i].attribute);
        s->typed = true;
        return value ? kinds[i].add(s, value, e) : damaged(s, e);
    }
    const char *boolean = xml_attribute(a, "office:boolean-value");
    const char *string = xml_attribute(a, "office:string-value");
    s->typed = strcmp(type, "boolean") == 0 || string;
    if (strcmp(type, "boolean") == 0)
        return add_text(s, boolean && *boolean == 't' ? TEXT("1") : TEXT("0"), e);
    return string ? add_text(s, text_of(string), e) : 0;
}

static int begin_cell(struct sheet *s, const char *const *a, struct error *e)
{
    const char *type = xml_attribute(a, "office:value-type");
    const char *calc = xml_attribute(a, "calcext:value-type");
    long repeat = xml_number(a, "table:number-columns-repeated", MOST_COLUMNS, 1);
    if (repeat < 1)
        return damaged(s, e);
    s->cell = true;
    s->typed = false;
    s->repeat_column = (uint32_t)repeat;
    s->paragraphs = 0;
    s->value.len = 0;
    s->error = calc && strcmp(calc, "error") == 0;
    if (s->error || !type || grid_title(s->rows, s->row + s->repeat_row))
        return 0;
    return add_value(s, type, a, e);
}

static int begin_row(struct sheet *s, const char *const *a, struct error *e)
{
    long repeat = xml_number(a, "table:number-rows-repeated", MOST_ROWS, 1);
    s->column = 0;
    if (repeat < 1 || s->row + (uint64_t)repeat > MOST_ROWS)
        return damaged(s, e);
    s->repeat_row = (uint32_t)repeat;
    return 0;
}

static int end_cell(struct sheet *s, struct error *e)
{
    struct text t = {s->value.at, (uint32_t)s->value.len};
    uint64_t row = s->row + 1;
    uint32_t first = s->column;
    s->cell = false;
    s->column += s->repeat_column;
    if (s->column > MOST_COLUMNS)
        return damaged(s, e);
    if (s->error ? grid_title(s->rows, row) : text_missing(t))
        return 0;
    for (uint32_t c = first; c < s->column; c++)
        if ((s->error ? sheet_error(s->how, s->rows, row, c, e)
                      : grid_cell(s->rows, row, c, t, e)) < 0)
            return -1;
    return 0;
}

static int end_row(struct sheet *s, struct error *e)
{
    uint64_t row = s->row + 1;
    s->row += s->repeat_row;
    return grid_end(s->rows, row, s->repeat_row, e);
}

/* ---- text inside a cell ---- */

static int begin_text(struct sheet *s, const char *name, const char *const *a, struct error *e)
{
    if (strcmp(name, "text:p") == 0 || strcmp(name, "text:h") == 0)
        return s->paragraphs++ ? add_text(s, TEXT("\n"), e) : 0;
    if (strcmp(name, "text:tab") == 0)
        return add_text(s, TEXT("\t"), e);
    if (strcmp(name, "text:line-break") == 0)
        return add_text(s, TEXT("\n"), e);
    if (strcmp(name, "text:s") != 0)
        return 0;
    long spaces = xml_number(a, "text:c", 65536, 1);
    if (spaces < 0)
        return damaged(s, e);
    for (long i = 0; i < spaces; i++)
        if (add_text(s, TEXT(" "), e) < 0)
            return -1;
    return 0;
}

static bool is_comment(const char *name)
{
    return strcmp(name, "office:annotation") == 0 || strcmp(name, "draw:frame") == 0 ||
           strcmp(name, "table:shapes") == 0;
}

static bool is_cell(const char *name)
{
    return strcmp(name, "table:table-cell") == 0 || strcmp(name, "table:covered-table-cell") == 0;
}

static int on_begin(void *context, const char *name, const char *const *a, struct error *e)
{
    struct sheet *s = context;
    if (is_comment(name))
        s->skip++;
    if (s->skip)
        return 0;
    if (strcmp(name, "table:table") == 0)
        return begin_table(s, a, e);
    if (!s->inside || s->nested)
        return 0;
    if (is_cell(name))
        return begin_cell(s, a, e);
    if (strcmp(name, "table:table-row") == 0)
        return begin_row(s, a, e);
    return s->cell && !s->typed && !s->error ? begin_text(s, name, a, e) : 0;
}

static int on_end(void *context, const char *name, struct error *e)
{
    struct sheet *s = context;
    if (is_comment(name))
        s->skip--;
    if (s->skip)
        return 0;
    if (strcmp(name, "table:table") == 0)
        return end_table(s);
    if (!s->inside || s->nested)
        return 0;
    if (is_cell(name))
        return end_cell(s, e);
    return strcmp(name, "table:table-row") == 0 ? end_row(s, e) : 0;
}

static int on_text(void *context, struct text t, struct error *e)
{
    struct sheet *s = context;
    if (s->skip || !s->inside || s->nested || !s->cell || s->typed || s->error || !s->paragraphs)
        return 0;
    return add_text(s, t, e);
}

static int on_manifest(void *context, const char *name, const char *const *a, struct error *e)
{
    const struct sheet *s = context;
    (void)a;
    if (strcmp(xml_local(name), "encryption-data") != 0)
        return 0;
    return error_set(e, EX_DATAERR, (struct place){grid_rule(s->rows)->name, 0, 0},
                     "it is protected by a password; save it without one");
}

static int read_table(struct sheet *s, struct zip *zip, struct error *e)
{
    static const struct xml_handler handler = {on_begin, on_end, on_text};
    static const struct xml_handler manifest = {.begin = on_manifest};
    static const char list[] = "META-INF/manifest.xml";
    if (zip_has(zip, list) && xml_parse(zip, list, &manifest, s, e) < 0)
        return -1;
    s->list = true;
    if (xml_parse(zip, "content.xml", &handler, s, e) < 0)
        return -1;
    int n = sheet_choose(s->how, zip_name(zip), s->name, s->names, e);
    if (n < 0)
        return -1;
    s->list = false;
    s->table = 0;
    s->skip = 0;
    s->wanted = (uint32_t)n;
    return xml_parse(zip, "content.xml", &handler, s, e);
}

int ods_read(const struct foreign *how, const char *path, struct grid *rows, struct error *e)
{
    struct zip *zip = zip_open(path, grid_rule(rows)->name, e);
    struct sheet s = {.how = how, .rows = rows, .arena = arena_new()};
    int status = zip ? read_table(&s, zip, e) : -1;
    zip_close(zip);
    arena_free(s.arena);
    bytes_free(&s.value);
    free(s.name);
    return status;
}
