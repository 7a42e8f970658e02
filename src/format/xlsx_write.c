/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See xlsx_write.h. */
#include "format/xlsx_write.h"
#include "base/memory.h"
#include "format/xlsx_chart.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { DIGITS_SHOWN = 6, NAME_ROOM = 4 * LXW_SHEETNAME_MAX + 1, TALL = 30 };

/* In characters: what is read on one landscape page, and what a chart takes. */
enum { PAGE_WIDTH = 170, CHART_WIDTH = 110 };

/* Looks of cells; each exists plain and for rows of totals. */
enum look {
    LOOK_LABEL,
    LOOK_FIGURE_TEXT,
    LOOK_HEAD,
    LOOK_FIGURE_HEAD,
    LOOK_TITLE,
    LOOK_SMALL,
    LOOK_WRAP,
    LOOKS
};

struct book {
    lxw_workbook *book;
    enum language language;
    struct arena *arena;
    lxw_format *look[LOOKS][2];
    struct keys number;      /* number formats with a look of totals (\001) or without */
    lxw_format *format[256]; /* [number] */
    struct error *error;
};

/* A worksheet being filled. */
struct page {
    struct book *book;
    const struct sheet *sheet;
    lxw_worksheet *at;
    char name[NAME_ROOM + 8];
    lxw_row_t row;
};

static bool check(struct book *b, lxw_error code)
{
    if (code == LXW_NO_ERROR)
        return true;
    error_set(b->error, code == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED ? EX_DATAERR : EX_IOERR,
              NOWHERE, "the workbook cannot be written: %s", lxw_strerror(code));
    return false;
}

/* ---- looks ---- */

static lxw_format *new_format(struct book *b, bool total)
{
    lxw_format *f = workbook_add_format(b->book);

    if (f == NULL)
        memory_exhausted();
    format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    if (total) {
        format_set_bold(f);
        format_set_top(f, LXW_BORDER_THIN);
    }
    return f;
}

/* Arabic texts start on the right, whatever their first letter is. */
static void set_start(lxw_format *f, enum language language)
{
    if (language != ARABIC)
        return;
    format_set_align(f, LXW_ALIGN_RIGHT);
    format_set_reading_order(f, 2);
}

/* Figures stand to the right; on sheets from right to left, off the labels. */
static void set_right(lxw_format *f, enum language language)
{
    format_set_align(f, LXW_ALIGN_RIGHT);
    if (language == ARABIC)
        format_set_indent(f, 1);
}

static void set_look(lxw_format *f, enum look look, enum language language)
{
    bool head = look == LOOK_HEAD || look == LOOK_FIGURE_HEAD;

    if (look == LOOK_FIGURE_TEXT || look == LOOK_FIGURE_HEAD)
        set_right(f, language);
    else
        set_start(f, language);
    if (look == LOOK_LABEL || look == LOOK_WRAP || head)
        format_set_text_wrap(f);
    if (head) {
        format_set_bold(f);
        format_set_bottom(f, LXW_BORDER_THIN);
        format_set_bg_color(f, 0xE7EEF4);
    }
    if (look == LOOK_TITLE) {
        format_set_bold(f);
        format_set_font_size(f, 14);
    }
    if (look == LOOK_SMALL) {
        format_set_font_size(f, 9);
        format_set_font_color(f, 0x595959);
    }
}

static void make_looks(struct book *b)
{
    for (int look = 0; look < LOOKS; look++)
        for (int total = 0; total < 2; total++) {
            b->look[look][total] = new_format(b, total != 0);
            set_look(b->look[look][total], (enum look)look, b->language);
        }
}

/* `"~"#,##0.0" (u)"`: thousands and decimals are shown as the reader's Excel does. */
static lxw_format *number_format(struct book *b, const struct figure *f, int digits, bool total)
{
    char text[128];
    int n = snprintf(text, sizeof(text), "%s", total ? "\001" : "");
    uint32_t number;

    if (f->before != 0)
        n += snprintf(text + n, sizeof(text) - (size_t)n, "\"%c\"", f->before);
    n += snprintf(text + n, sizeof(text) - (size_t)n, "#,##0%s%.*s", digits > 0 ? "." : "", digits,
                  "000000");
    if (f->after.len > 0 && f->after.len < 32)
        n += snprintf(text + n, sizeof(text) - (size_t)n, "\"%.*s\"", (int)f->after.len,
                      f->after.at);
    number = keys_add(&b->number, (struct text){text, (uint32_t)n});
    if (number >= sizeof(b->format) / sizeof(b->format[0]))
        return NULL;
    if (b->format[number] == NULL) {
        b->format[number] = new_format(b, total);
        set_right(b->format[number], b->language);
        format_set_num_format(b->format[number], text + (total ? 1 : 0));
    }
    return b->format[number];
}

/* ---- cells ---- */

static bool put_text(struct page *p, lxw_row_t row, uint32_t column, struct text t, lxw_format *f)
{
    const char *string = arena_copy(p->book->arena, t.at, t.len);

    return check(p->book, text_missing(t)
                              ? worksheet_write_blank(p->at, row, (lxw_col_t)column, f)
                              : worksheet_write_string(p->at, row, (lxw_col_t)column, string, f));
}

/* Excel keeps 15 digits: what has more stays text, and so stays as it is. */
static bool is_number(const struct figure *f)
{
    return f->kind == FIGURE_NUMBER && f->value.kind == NUMBER_EXACT &&
           f->value.mantissa < 1000000000000000 && f->value.mantissa > -1000000000000000;
}

static bool put_figure(struct page *p, lxw_row_t row, uint32_t column, struct text t, int digits,
                       bool total)
{
    struct figure f = figure_of(t);
    lxw_format *format = is_number(&f) ? number_format(p->book, &f, digits, total) : NULL;

    if (format == NULL)
        return put_text(p, row, column, t, p->book->look[LOOK_FIGURE_TEXT][total]);
    return check(p->book, worksheet_write_number(p->at, row, (lxw_col_t)column,
                                                 decimal_real(f.value), format));
}

static int column_digits(const struct sheet *s, uint32_t column)
{
    int digits = 0;

    for (uint32_t r = 0; r < s->table->rows; r++) {
        struct figure f = figure_of(table_cell(s->table, r, column));
        if (f.kind == FIGURE_NUMBER && f.value.scale > digits)
            digits = f.value.scale;
    }
    return digits < DIGITS_SHOWN ? digits : DIGITS_SHOWN;
}

static bool put_column(struct page *p, uint32_t column)
{
    const struct sheet *s = p->sheet;
    bool figures = column >= s->labels;
    int digits = figures ? column_digits(s, column) : 0;

    if (!put_text(p, p->row, column, s->table->schema->name[column],
                  p->book->look[figures ? LOOK_FIGURE_HEAD : LOOK_HEAD][0]))
        return false;
    for (uint32_t r = 0; r < s->table->rows; r++) {
        bool total = sheet_total(s, r);
        struct text t = table_cell(s->table, r, column);
        if (figures ? !put_figure(p, p->row + 1 + r, column, t, digits, total)
                    : !put_text(p, p->row + 1 + r, column, t, p->book->look[LOOK_LABEL][total]))
            return false;
    }
    return true;
}

static double column_width(const struct sheet *s, uint32_t column)
{
    bool figures = column >= s->labels;
    uint32_t width = figures ? 8 : 10, head = text_width(s->table->schema->name[column]);
    uint32_t most = figures ? 30 : 48;
    struct bytes cell = {0};

    for (uint32_t r = 0; r < s->table->rows; r++) {
        uint32_t w;
        cell.len = 0;
        if (figures)
            figure_print(&cell, table_cell(s->table, r, column), FRENCH);
        else
            bytes_text(&cell, table_cell(s->table, r, column));
        w = text_width((struct text){cell.at, (uint32_t)cell.len});
        width = w > width ? w : width;
    }
    bytes_free(&cell);
    if (head > width) /* a header wraps */
        width = head < 18 ? head : (width > 18 ? width : 18);
    return 1.1 * (width < most ? width : most) + 2;
}

/* ---- pages ---- */

/* Excel counts UTF-16 units and refuses []:*?/\ and apostrophes at the ends. */
static uint32_t copy_name(char *out, struct text name, uint32_t units)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < name.len && units > 0;) {
        unsigned char c = (unsigned char)name.at[i];
        uint32_t len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4, cost = len == 4 ? 2 : 1;
        if (cost > units || i + len > name.len)
            break;
        memcpy(out + n, name.at + i, len);
        if (len == 1 && (c < ' ' || strchr("[]:*?/\\'", c) != NULL))
            out[n] = '_';
        n += len;
        i += len;
        units -= cost;
    }
    out[n] = '\0';
    return n;
}

static bool name_free(struct book *b, const char *name)
{
    return workbook_validate_sheet_name(b->book, name) == LXW_NO_ERROR &&
           strcmp(name, "History") != 0;
}

static void name_page(struct page *p, struct text name)
{
    if (text_missing(text_trim(name)))
        name = label_word(WORD_TABLE, p->book->language);
    copy_name(p->name, name, LXW_SHEETNAME_MAX);
    for (unsigned i = 2; i < 100000 && !name_free(p->book, p->name); i++) {
        uint32_t n = copy_name(p->name, name, LXW_SHEETNAME_MAX - 8);
        snprintf(p->name + n, 9, " (%u)", i);
    }
}

static bool open_page(struct page *p, struct book *b, const struct sheet *s, struct text name)
{
    *p = (struct page){.book = b, .sheet = s};
    name_page(p, name);
    p->at = workbook_add_worksheet(b->book, p->name);
    if (p->at == NULL)
        return error_set(b->error, EX_SOFTWARE, NOWHERE, "no worksheet of that name") == 0;
    if (b->language == ARABIC)
        worksheet_right_to_left(p->at);
    worksheet_set_landscape(p->at);
    worksheet_set_paper(p->at, 9); /* A4 */
    worksheet_fit_to_pages(p->at, 1, 0);
    worksheet_set_footer(p->at, "&C&A&R&P / &N");
    worksheet_gridlines(p->at, LXW_HIDE_ALL_GRIDLINES);
    return true;
}

static void put_line(void *to, struct sheet_line line)
{
    struct page *p = to;
    struct text colon = line.mark ? TEXT(" = ") : label_word(WORD_COLON, p->book->language);
    char *text = arena_print(p->book->arena, "%.*s%.*s%.*s", (int)line.heading.len, line.heading.at,
                             (int)colon.len, colon.at, (int)line.text.len, line.text.at);

    put_text(p, p->row++, 0, text_of(text), p->book->look[LOOK_SMALL][0]);
}

static bool check_size(struct book *b, const struct table *t)
{
    if ((uint64_t)t->rows + 1000 < LXW_ROW_MAX && t->schema->columns < LXW_COL_MAX)
        return true;
    return error_set(b->error, EX_DATAERR, (struct place){t->name, 0, 0},
                     "%u rows and %u columns are more than a worksheet has", t->rows,
                     t->schema->columns) == 0;
}

static void put_head(struct page *p)
{
    enum language language = p->book->language;
    uint32_t row = 0;

    put_text(p, p->row++, 0, sheet_title(p->sheet, language), p->book->look[LOOK_TITLE][0]);
    if (notes_next(p->sheet->notes, "unit", &row))
        put_line(p, (struct sheet_line){label_word(WORD_UNIT, language),
                                        notes_text(p->sheet->notes, row, language), false});
    p->row++;
}

static bool put_chart(struct page *p, lxw_row_t header)
{
    const struct table *t = p->sheet->table;
    bool tall = t->rows > TALL;
    struct chart_place place = {.sheet = p->name, .title = 0, .header = header};

    place.row = tall ? header : p->row + 1;
    place.column = (lxw_col_t)(tall ? t->schema->columns + 1 : 0);
    return xlsx_chart_add(p->book->book, p->at, p->sheet, place);
}

/* One page wide as long as that can be read; else labels come again on every page. */
static void lay_out(struct page *p, lxw_row_t header, double width)
{
    const struct sheet *s = p->sheet;
    bool small = s->table->rows <= TALL && width <= PAGE_WIDTH;

    worksheet_set_row(p->at, 0, 22, NULL);
    worksheet_ignore_errors(p->at, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
    worksheet_fit_to_pages(p->at, (uint16_t)(1 + width / PAGE_WIDTH), small ? 1 : 0);
    worksheet_freeze_panes(p->at, header + 1, (lxw_col_t)s->labels);
    worksheet_repeat_rows(p->at, header, header);
    worksheet_repeat_columns(p->at, 0, (lxw_col_t)(s->labels - 1));
}

static bool put_sheet(struct book *b, const struct sheet *s, struct page *p)
{
    lxw_row_t header;
    double width = 0;

    if (!check_size(b, s->table) || !open_page(p, b, s, s->name))
        return false;
    put_head(p);
    header = p->row;
    for (uint32_t c = 0; c < s->table->schema->columns; c++) {
        double wide = column_width(s, c);
        worksheet_set_column(p->at, (lxw_col_t)c, (lxw_col_t)c, wide, NULL);
        width += wide;
        if (!put_column(p, c))
            return false;
    }
    p->row += s->table->rows + 2;
    sheet_lines(s, b->language, put_line, p);
    if (put_chart(p, header) && s->table->rows > TALL)
        width += CHART_WIDTH;
    lay_out(p, header, width);
    return b->error->code == 0;
}

/* ---- the sheet of notes ---- */

static void put_note(void *to, struct sheet_line line)
{
    struct page *p = to;

    put_text(p, p->row, 1, line.heading, p->book->look[LOOK_WRAP][0]);
    put_text(p, p->row++, 2, line.text, p->book->look[LOOK_WRAP][0]);
}

static void put_notes_of(struct page *p, const struct page *of)
{
    const struct sheet *s = of->sheet;
    enum language language = p->book->language;
    uint32_t row = 0;

    p->sheet = s;
    put_text(p, p->row, 0, text_of(of->name), p->book->look[LOOK_LABEL][1]);
    put_text(p, p->row, 1, label_word(WORD_TABLE, language), p->book->look[LOOK_LABEL][1]);
    put_text(p, p->row++, 2, sheet_title(s, language), p->book->look[LOOK_LABEL][1]);
    for (; notes_next(s->notes, "unit", &row); row++)
        put_note(p, (struct sheet_line){label_word(WORD_UNIT, language),
                                        notes_text(s->notes, row, language), false});
    sheet_lines(s, language, put_note, p);
}

static bool put_notes(struct book *b, const struct page *pages, uint32_t n)
{
    struct page p;

    if (!open_page(&p, b, &(struct sheet){0}, label_word(WORD_NOTES, b->language)))
        return false;
    worksheet_set_column(p.at, 0, 0, 24, NULL);
    worksheet_set_column(p.at, 1, 1, 14, NULL);
    worksheet_set_column(p.at, 2, 2, 100, NULL);
    put_text(&p, p.row++, 0, label_word(WORD_NOTES, b->language), b->look[LOOK_TITLE][0]);
    for (uint32_t i = 0; i < n; i++) {
        p.row++;
        put_notes_of(&p, &pages[i]);
    }
    return b->error->code == 0;
}

/* ---- the file ---- */

static bool fill_book(struct book *b, const struct sheet *sheets, uint32_t n)
{
    struct page *pages = arena_zarray(b->arena, (size_t)n + 1, sizeof(*pages));
    lxw_doc_properties properties = {.created = 946684800}; /* 2000-01-01: never the clock */

    make_looks(b);
    check(b, workbook_set_properties(b->book, &properties));
    for (uint32_t i = 0; i < n; i++)
        if (!put_sheet(b, &sheets[i], &pages[i]))
            return false;
    return put_notes(b, pages, n);
}

static bool read_back(struct bytes *out, const char *path, struct error *error)
{
    char block[65536];
    FILE *file = fopen(path, "rb");
    size_t n;
    bool ok;

    if (file == NULL)
        return error_set(error, EX_IOERR, NOWHERE, "temporary workbook: %s", strerror(errno)) == 0;
    while ((n = fread(block, 1, sizeof(block), file)) > 0)
        bytes_add(out, block, n);
    ok = !ferror(file);
    fclose(file);
    if (!ok)
        error_set(error, EX_IOERR, NOWHERE, "the temporary workbook cannot be read back");
    return ok;
}

static bool write_file(const char *path, char *folder, const struct sheet *sheets, uint32_t n,
                       enum language language, struct error *error)
{
    lxw_workbook_options options = {.tmpdir = folder};
    struct book b = {.language = language, .error = error, .arena = arena_new()};
    bool ok;

    keys_open(&b.number, b.arena);
    b.book = workbook_new_opt(path, &options);
    if (b.book == NULL)
        memory_exhausted();
    ok = fill_book(&b, sheets, n);
    if (ok)
        ok = check(&b, workbook_close(b.book));
    else
        lxw_workbook_free(b.book);
    arena_free(b.arena);
    return ok;
}

bool xlsx_write(struct bytes *out, const struct sheet *sheets, uint32_t n, enum language language,
                struct error *error)
{
    const char *set = getenv("TMPDIR");
    char folder[1024], path[1100];
    bool ok;
    int file;

    snprintf(folder, sizeof(folder), "%s", set == NULL || set[0] == '\0' ? "/tmp" : set);
    snprintf(path, sizeof(path), "%s/marsad-XXXXXX", folder);
    file = mkstemp(path); /* made 0600 */
    if (file < 0)
        return error_set(error, EX_CANTCREAT, NOWHERE, "temporary workbook in TMPDIR: %s",
                         strerror(errno)) == 0;
    close(file);
    ok = write_file(path, folder, sheets, n, language, error) && read_back(out, path, error);
    unlink(path);
    return ok;
}
