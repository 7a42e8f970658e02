/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See xlsx_write.h. */
#include "format/xlsx_write.h"
#include "base/memory.h"
#include "format/note_set.h"
#include "format/page_layout.h"
#include "format/page_notes.h"
#include "format/xlsx_chart.h"
#include "format/xlsx_library.h"
#include "format/xlsx_look.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { NAME_ROOM = 4 * LXW_SHEETNAME_MAX + 1, TALL = 30 };

/* Widths: of a chart, of the least paragraph of notes, of a column by default, of all label columns
 * that may stand still while the others move, of texts on the sheet of notes. */
enum { CHART_WIDTH = 110, NOTES_WIDTH = 110, PLAIN_WIDTH = 9, FROZEN_WIDTH = 75, NOTE_WIDTH = 95 };

/* In points: lines of text, of small text and of titles; a chart; a page at its smallest scale. */
enum { LINE = 15, SMALL_LINE = 13, TITLE_LINE = 20, CHART = 290, PAGE_HEIGHT = 640 };

struct book {
    lxw_workbook *book;
    enum language language;
    struct arena *arena;
    struct looks looks;
    struct error *error;
};

/* A worksheet being filled. */
struct page {
    struct book *book;
    const struct sheet *sheet;
    lxw_worksheet *at;
    char name[NAME_ROOM + 8];
    lxw_row_t row;
    uint32_t *width;      /* characters of each column of the table */
    uint32_t notes_width; /* digits that a paragraph takes; it goes over columns 0..notes_end */
    lxw_col_t notes_end;
    uint32_t height; /* in points, of what stands on the page so far */
};

static bool check(struct book *b, lxw_error code)
{
    if (code == LXW_NO_ERROR)
        return true;
    error_set(b->error, code == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED ? EX_DATAERR : EX_IOERR,
              NOWHERE, "the workbook cannot be written: %s", xlsx()->lxw_strerror(code));
    return false;
}

/* ---- cells ---- */

static bool put_text(struct page *p, lxw_row_t row, uint32_t column, struct text t, lxw_format *f)
{
    const char *string = arena_copy(p->book->arena, t.at, t.len);

    return check(p->book,
                 text_missing(t)
                     ? xlsx()->worksheet_write_blank(p->at, row, (lxw_col_t)column, f)
                     : xlsx()->worksheet_write_string(p->at, row, (lxw_col_t)column, string, f));
}

static bool put_figure(struct page *p, lxw_row_t row, uint32_t column, struct text t, bool total)
{
    struct figure f = figure_of(t);
    lxw_format *format = looks_number(&p->book->looks, &f, total);

    if (format == NULL)
        return put_text(p, row, column, t, p->book->looks.look[LOOK_FIGURE_TEXT][total]);
    return check(p->book, xlsx()->worksheet_write_number(p->at, row, (lxw_col_t)column,
                                                         decimal_real(f.value), format));
}

static bool put_column(struct page *p, uint32_t column)
{
    const struct sheet *s = p->sheet;
    struct looks *looks = &p->book->looks;
    bool figures = column >= s->labels;

    if (!put_text(p, p->row, column, s->table->schema->name[column],
                  looks->look[figures ? LOOK_FIGURE_HEAD : LOOK_HEAD][0]))
        return false;
    for (uint32_t r = 0; r < s->table->rows; r++) {
        bool total = sheet_total(s, r);
        struct text t = table_cell(s->table, r, column);
        if (figures ? !put_figure(p, p->row + 1 + r, column, t, total)
                    : !put_text(p, p->row + 1 + r, column, t, looks->look[LOOK_LABEL][total]))
            return false;
    }
    return true;
}

/* Gives the present row its height, where it is not the common one. */
static void set_height(struct page *p, lxw_row_t row, uint32_t lines, uint32_t line)
{
    if (lines > 1 || line != LINE)
        xlsx()->worksheet_set_row(p->at, row, lines * line + 2, NULL);
    p->height += lines * line;
}

/* A paragraph over the columns of the table; `scale` percent of the normal size. */
static void put_paragraph(struct page *p, struct text t, enum look look, uint32_t line,
                          uint32_t scale)
{
    lxw_format *format = p->book->looks.look[look][0];
    const char *string = arena_copy(p->book->arena, t.at, t.len);

    set_height(p, p->row, layout_lines(t, p->notes_width * 100 / scale), line);
    if (p->notes_end == 0)
        put_text(p, p->row, 0, t, format);
    else
        check(p->book, xlsx()->worksheet_merge_range(p->at, p->row, 0, p->row, p->notes_end, string,
                                                     format));
    p->row++;
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
    return xlsx()->workbook_validate_sheet_name(b->book, name) == LXW_NO_ERROR &&
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
    p->at = xlsx()->workbook_add_worksheet(b->book, p->name);
    if (p->at == NULL)
        return error_set(b->error, EX_SOFTWARE, NOWHERE, "no worksheet of that name") == 0;
    if (b->language == ARABIC)
        xlsx()->worksheet_right_to_left(p->at);
    xlsx()->worksheet_set_landscape(p->at);
    xlsx()->worksheet_set_paper(p->at, 9); /* A4 */
    xlsx()->worksheet_fit_to_pages(p->at, 1, 0);
    xlsx()->worksheet_set_footer(p->at, "&C&A&R&P / &N");
    xlsx()->worksheet_gridlines(p->at, LXW_HIDE_ALL_GRIDLINES);
    return true;
}

static void put_note(void *to, struct text t)
{
    put_paragraph(to, t, LOOK_SMALL, SMALL_LINE, 80);
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
    struct text unit = label_word(WORD_UNIT, language), colon = label_word(WORD_COLON, language);
    uint32_t row = 0;

    put_paragraph(p, sheet_title(p->sheet, language), LOOK_TITLE, TITLE_LINE, 130);
    if (notes_next(p->sheet->notes, "unit", &row))
        put_note(
            p, text_join(p->book->arena, unit, colon, notes_text(p->sheet->notes, row, language)));
    p->row++;
    p->height += LINE;
}

/* Column widths of the table, and how far paragraphs go: over the table, or farther where that is
 * narrow. */
static double set_widths(struct page *p)
{
    const struct sheet *s = p->sheet;
    uint32_t columns = s->table->schema->columns;
    double sum, notes = 0;

    p->width = arena_zarray(p->book->arena, (size_t)columns + 1, sizeof(*p->width));
    layout_columns(s, p->width);
    sum = layout_sum(s, p->width);
    for (uint32_t c = 0; c < columns; c++)
        xlsx()->worksheet_set_column(p->at, (lxw_col_t)c, (lxw_col_t)c, layout_units(p->width[c]),
                                     NULL);
    for (uint32_t c = 0; notes < NOTES_WIDTH || (c < columns && sum <= PAGE_WIDTH); c++) {
        notes += c < columns ? layout_units(p->width[c]) : PLAIN_WIDTH;
        p->notes_end = (lxw_col_t)c;
    }
    p->notes_width = (uint32_t)notes;
    return sum;
}

static bool put_rows(struct page *p)
{
    const struct sheet *s = p->sheet;

    set_height(p, p->row, layout_head(s, p->width), LINE);
    for (uint32_t r = 0; r < s->table->rows; r++)
        set_height(p, p->row + 1 + r, layout_row(s, p->width, r), LINE);
    for (uint32_t c = 0; c < s->table->schema->columns; c++)
        if (!put_column(p, c))
            return false;
    p->row += s->table->rows + 2;
    p->height += LINE;
    return true;
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
    double frozen = 0;

    for (uint32_t c = 0; c < s->labels; c++)
        frozen += layout_units(p->width[c]);
    xlsx()->worksheet_ignore_errors(p->at, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
    xlsx()->worksheet_fit_to_pages(p->at, (uint16_t)(1 + (width - 0.001) / PAGE_WIDTH),
                                   p->height <= PAGE_HEIGHT ? 1 : 0);
    xlsx()->worksheet_freeze_panes(p->at, header + 1,
                                   (lxw_col_t)(frozen <= FROZEN_WIDTH ? s->labels : 0));
    xlsx()->worksheet_repeat_rows(p->at, header, header);
    xlsx()->worksheet_repeat_columns(p->at, 0, (lxw_col_t)(s->labels - 1));
}

static bool put_sheet(struct book *b, const struct sheet *s, struct page *p)
{
    lxw_row_t header;
    double width;

    if (!check_size(b, s->table) || !open_page(p, b, s, s->name))
        return false;
    width = set_widths(p);
    put_head(p);
    header = p->row;
    if (!put_rows(p))
        return false;
    page_notes(s, b->language, put_note, p);
    if (put_chart(p, header)) {
        width += s->table->rows > TALL ? CHART_WIDTH : 0;
        p->height += CHART;
    }
    lay_out(p, header, width);
    return b->error->code == 0;
}

/* ---- the sheet of notes ---- */

static void put_line(void *to, struct sheet_line line)
{
    struct page *p = to;
    lxw_format *format = p->book->looks.look[LOOK_WRAP][0];

    set_height(p, p->row, layout_lines(line.text, NOTE_WIDTH + NOTE_WIDTH / 10), LINE);
    put_text(p, p->row, 1, line.heading, format);
    put_text(p, p->row++, 2, line.text, format);
}

static void put_notes_of(struct page *p, const struct page *of)
{
    const struct sheet *s = of->sheet;
    enum language language = p->book->language;
    uint32_t row = 0;

    p->sheet = s;
    put_text(p, p->row, 0, text_of(of->name), p->book->looks.look[LOOK_LABEL][1]);
    put_text(p, p->row, 1, label_word(WORD_TABLE, language), p->book->looks.look[LOOK_LABEL][1]);
    put_text(p, p->row++, 2, sheet_title(s, language), p->book->looks.look[LOOK_LABEL][1]);
    for (; notes_next(s->notes, "unit", &row); row++)
        put_line(p, (struct sheet_line){label_word(WORD_UNIT, language),
                                        notes_text(s->notes, row, language), false});
    sheet_lines(s, language, put_line, p);
}

static bool put_notes(struct book *b, const struct page *pages, uint32_t n)
{
    struct page p;

    if (!open_page(&p, b, &(struct sheet){0}, label_word(WORD_NOTES, b->language)))
        return false;
    xlsx()->worksheet_set_column(p.at, 0, 0, 24, NULL);
    xlsx()->worksheet_set_column(p.at, 1, 1, 20, NULL);
    xlsx()->worksheet_set_column(p.at, 2, 2, 1.1 * NOTE_WIDTH, NULL);
    put_text(&p, p.row++, 0, label_word(WORD_NOTES, b->language), b->looks.look[LOOK_TITLE][0]);
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

    looks_make(&b->looks, b->book, b->arena, b->language);
    check(b, xlsx()->workbook_set_properties(b->book, &properties));
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

    if (xlsx_library_load(error) < 0) {
        arena_free(b.arena);
        return false;
    }
    b.book = xlsx()->workbook_new_opt(path, &options);
    if (b.book == NULL)
        memory_exhausted();
    ok = fill_book(&b, sheets, n);
    if (ok)
        ok = check(&b, xlsx()->workbook_close(b.book));
    else
        xlsx()->lxw_workbook_free(b.book);
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
