/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A sheet of an XLSX workbook: cells by their type, dates by their style, formulas by the value
 * that the spreadsheet program stored.  Of merged cells the first has the value, as in the file.
 * Source: ECMA-376 part 1, 18.3 (sheetData), 18.18.11 (cell types).
 */
#include <stdlib.h>

#include "base/number.h"
#include "format/bytes.h"
#include "format/foreign.h"
#include "format/serial.h"
#include "format/xlsx_parts.h"

enum { MOST_ROWS = 1048576 };

enum cell_type {
    CELL_NUMBER,
    CELL_SHARED,
    CELL_TEXT,
    CELL_INLINE,
    CELL_BOOLEAN,
    CELL_ERROR,
    CELL_ISO
};

struct sheet {
    const struct foreign *how;
    const struct xlsx_book *book;
    struct grid *rows;
    uint64_t row;
    uint32_t column; /* of the cell, from 0 */
    uint32_t next;   /* of a cell without reference */
    enum cell_type type;
    uint32_t style;
    bool inside, take, formula;
    int phonetic;
    struct bytes value;
};

static struct place here(const struct sheet *s)
{
    return grid_place(s->rows, s->row, s->column);
}

static int damaged(const struct sheet *s, struct error *e)
{
    return error_set(e, EX_DATAERR, here(s),
                     "the cell is not as a workbook writes it; the file is "
                     "damaged");
}

static enum cell_type type_named(const char *t)
{
    static const struct {
        const char *name;
        enum cell_type type;
    } types[] = {{"s", CELL_SHARED},  {"str", CELL_TEXT}, {"inlineStr", CELL_INLINE},
                 {"b", CELL_BOOLEAN}, {"e", CELL_ERROR},  {"d", CELL_ISO}};
    for (size_t i = 0; t && i < sizeof types / sizeof *types; i++)
        if (strcmp(t, types[i].name) == 0)
            return types[i].type;
    return CELL_NUMBER;
}

/* The column of a reference like BC12, which is of this row. */
static bool column_of(const char *reference, uint64_t row, uint32_t *column)
{
    char *end;
    uint32_t n = 0, letters = 0;
    for (; *reference >= 'A' && *reference <= 'Z' && letters < 4; reference++, letters++)
        n = n * 26 + (uint32_t)(*reference - 'A') + 1;
    *column = n - 1;
    return letters > 0 && letters < 4 && *reference >= '0' && *reference <= '9' &&
           strtoull(reference, &end, 10) == row && !*end;
}

static int begin_cell(struct sheet *s, const char *const *a, struct error *e)
{
    const char *reference = xml_attribute(a, "r");
    long style = xml_number(a, "s", 1 << 30, 0);
    s->column = s->next;
    if ((reference && !column_of(reference, s->row, &s->column)) || style < 0)
        return damaged(s, e);
    s->next = s->column + 1;
    s->style = (uint32_t)style;
    s->type = type_named(xml_attribute(a, "t"));
    s->formula = false;
    s->value.len = 0;
    return 0;
}

static int begin_row(struct sheet *s, const char *const *a, struct error *e)
{
    long row = xml_number(a, "r", MOST_ROWS, (long)s->row + 1);
    s->next = s->column = 0;
    if (row <= 0 || (uint64_t)row <= s->row)
        return damaged(s, e);
    s->row = (uint64_t)row;
    return 0;
}

static int on_begin(void *context, const char *name, const char *const *a, struct error *e)
{
    struct sheet *s = context;
    const char *local = xml_local(name);
    if (strcmp(local, "sheetData") == 0)
        s->inside = true;
    if (!s->inside)
        return 0;
    if (strcmp(local, "c") == 0)
        return begin_cell(s, a, e);
    if (strcmp(local, "row") == 0)
        return begin_row(s, a, e);
    if (strcmp(local, "rPh") == 0)
        s->phonetic++;
    s->formula |= strcmp(local, "f") == 0;
    s->take =
        s->type == CELL_INLINE ? strcmp(local, "t") == 0 && !s->phonetic : strcmp(local, "v") == 0;
    return 0;
}

static int on_text(void *context, struct text t, struct error *e)
{
    struct sheet *s = context;
    if (!s->take)
        return 0;
    if (s->value.len + t.len > grid_rule(s->rows)->max_field)
        return error_set(e, EX_DATAERR, here(s), "a cell is longer than --max-field allows");
    bytes_text(&s->value, t);
    return 0;
}

static int number_cell(struct sheet *s, struct error *e)
{
    const struct xlsx_book *b = s->book;
    enum xlsx_style style = s->style < b->styles ? b->style[s->style] : XLSX_NUMBER;
    char out[REAL_TEXT + SERIAL_TEXT];
    double x;
    bytes_char(&s->value, '\0', 1);
    if (!serial_number(s->value.at, &x))
        return damaged(s, e);
    size_t n = style == XLSX_NUMBER ? real_format(x, out)
                                    : serial_excel(x, b->from_1904, style == XLSX_DAY, out);
    if (n == 0)
        return sheet_error(s->how, s->rows, s->row, s->column, e);
    return grid_cell(s->rows, s->row, s->column, (struct text){out, (uint32_t)n}, e);
}

static int shared_cell(struct sheet *s, struct error *e)
{
    char *end;
    bytes_char(&s->value, '\0', 1);
    unsigned long n = strtoul(s->value.at, &end, 10);
    if (*end || *s->value.at == '-' || n >= s->book->strings)
        return damaged(s, e);
    return grid_cell(s->rows, s->row, s->column, s->book->string[n], e);
}

/* An error, or a formula that no program has computed; a text without a value is an empty one. */
static bool is_error(const struct sheet *s)
{
    bool text = s->type == CELL_TEXT || s->type == CELL_INLINE;
    return s->type == CELL_ERROR || (s->formula && !text && !s->value.len);
}

static int boolean_cell(struct sheet *s, struct text t, struct error *e)
{
    bool yes = text_equal(t, TEXT("1")) || text_equal(t, TEXT("true"));
    if (!yes && !text_equal(t, TEXT("0")) && !text_equal(t, TEXT("false")))
        return damaged(s, e);
    return grid_cell(s->rows, s->row, s->column, yes ? TEXT("1") : TEXT("0"), e);
}

static int end_cell(struct sheet *s, struct error *e)
{
    struct text t = {s->value.at, (uint32_t)s->value.len};
    if (grid_title(s->rows, s->row))
        return t.len ? grid_cell(s->rows, s->row, s->column, TEXT("-"), e) : 0;
    if (is_error(s))
        return sheet_error(s->how, s->rows, s->row, s->column, e);
    if (!t.len)
        return 0;
    switch (s->type) {
    case CELL_SHARED:
        return shared_cell(s, e);
    case CELL_NUMBER:
        return number_cell(s, e);
    case CELL_BOOLEAN:
        return boolean_cell(s, t, e);
    case CELL_ISO:
        if (!serial_iso(t, &t))
            return damaged(s, e);
        break;
    case CELL_TEXT:
    case CELL_INLINE:
        t.len = xlsx_unescape(s->value.at, t.len);
        break;
    default:
        break;
    }
    return grid_cell(s->rows, s->row, s->column, t, e);
}

static int on_end(void *context, const char *name, struct error *e)
{
    struct sheet *s = context;
    const char *local = xml_local(name);
    s->take = false;
    if (!s->inside)
        return 0;
    if (strcmp(local, "rPh") == 0)
        s->phonetic--;
    if (strcmp(local, "c") == 0)
        return end_cell(s, e);
    if (strcmp(local, "row") == 0)
        return grid_end(s->rows, s->row, 1, e);
    if (strcmp(local, "sheetData") == 0)
        s->inside = false;
    return 0;
}

static int read_sheet(const struct foreign *how, struct zip *zip, const struct xlsx_book *book,
                      struct grid *rows, struct error *e)
{
    static const struct xml_handler handler = {on_begin, on_end, on_text};
    int n = sheet_choose(how, zip_name(zip), book->sheet, book->sheets, e);
    struct sheet s = {.how = how, .book = book, .rows = rows};
    if (n < 0)
        return -1;
    int status = xml_parse(zip, book->target[n], &handler, &s, e);
    bytes_free(&s.value);
    return status;
}

int xlsx_read(const struct foreign *how, const char *path, struct grid *rows, struct error *e)
{
    struct zip *zip = zip_open(path, grid_rule(rows)->name, e);
    struct arena *a = arena_new();
    struct xlsx_book book;
    int status = -1;
    if (zip && xlsx_book_read(&book, zip, a, e) == 0)
        status = read_sheet(how, zip, &book, rows, e);
    zip_close(zip);
    arena_free(a);
    return status;
}
