/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A sheet of a legacy XLS workbook (Excel 5 to 2003), by freexl, which tells days from numbers by
 * their format and holds the sheet in memory.  It passes over formulas and errors: these come from
 * xls_formula.h.
 */
#include <stdlib.h>

#include <freexl.h>

#include "base/library.h"
#include "base/number.h"
#include "format/foreign.h"
#include "format/serial.h"
#include "format/xls_formula.h"
#include "io/input.h"

enum { MOST_SHEETS = 4096, LARGEST = 256 * 1024 * 1024 };

#define CALLS(X)                                                                                   \
    X(freexl_open)                                                                                 \
    X(freexl_close)                                                                                \
    X(freexl_get_info)                                                                             \
    X(freexl_get_worksheet_name)                                                                   \
    X(freexl_select_active_worksheet)                                                              \
    X(freexl_worksheet_dimensions)                                                                 \
    X(freexl_get_cell_value)

struct calls {
    CALLS(LIBRARY_MEMBER)
};

struct book {
    struct calls call;
    const void *handle;
    const struct foreign *how;
    struct grid *rows;
    struct arena *arena;
    struct text file;
    struct xls_values formulas;
};

static int refuse(const struct book *b, struct error *e, const char *what)
{
    return error_set(e, EX_DATAERR, (struct place){grid_rule(b->rows)->name, 0, 0}, "%s", what);
}

/* `2018-09-22 12:30:00` with a T; a day at midnight is the day alone. */
static struct text moment(struct arena *a, const char *value)
{
    char *copy = arena_copy(a, value, strlen(value));
    if (strlen(copy) < 19)
        return text_of(copy);
    copy[10] = 'T';
    if (strcmp(copy + 10, "T00:00:00") == 0)
        copy[10] = '\0';
    return text_of(copy);
}

static struct text cell_text(const struct book *b, const FreeXL_CellValue *v)
{
    char out[REAL_TEXT];
    switch (v->type) {
    case FREEXL_CELL_INT:
        return text_of(arena_print(b->arena, "%d", v->value.int_value));
    case FREEXL_CELL_DOUBLE:
        return text_copy(b->arena,
                         (struct text){out, (uint32_t)serial_real(v->value.double_value, out)});
    case FREEXL_CELL_DATETIME:
    case FREEXL_CELL_DATE:
        return moment(b->arena, v->value.text_value);
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT:
    case FREEXL_CELL_TIME:
        return text_of(v->value.text_value ? v->value.text_value : "");
    default:
        return (struct text){0};
    }
}

static int read_cell(struct book *b, unsigned row, unsigned short column, struct error *e)
{
    FreeXL_CellValue v;
    if (b->call.freexl_get_cell_value(b->handle, row, column, &v) != FREEXL_OK)
        return refuse(b, e, "a cell of it cannot be read; the file is damaged");
    struct text t = cell_text(b, &v);
    const struct xls_value *formula = xls_value_at(&b->formulas, row, column);
    if (formula)
        t = formula->text;
    if (formula && formula->error && !grid_title(b->rows, row + 1))
        return sheet_error(b->how, b->rows, row + 1, column, e);
    return grid_cell(b->rows, row + 1, column, t, e);
}

static int read_sheet(struct book *b, int sheet, struct error *e)
{
    unsigned rows = 0;
    unsigned short columns = 0;
    if (b->call.freexl_select_active_worksheet(b->handle, (unsigned short)sheet) != FREEXL_OK ||
        b->call.freexl_worksheet_dimensions(b->handle, &rows, &columns) != FREEXL_OK)
        return refuse(b, e, "the sheet cannot be read; the file is damaged");
    for (unsigned i = 0; i < rows; i++) {
        for (unsigned short c = 0; c < columns; c++)
            if (read_cell(b, i, c, e) < 0)
                return -1;
        if (grid_end(b->rows, i + 1, 1, e) < 0)
            return -1;
        arena_reset(b->arena);
    }
    return 0;
}

static int read_book(struct book *b, struct error *e)
{
    struct arena *names = arena_new();
    unsigned sheets = 0, password = 0;
    int status = -1, chosen = -1;
    b->call.freexl_get_info(b->handle, FREEXL_BIFF_PASSWORD, &password);
    if (password == FREEXL_BIFF_OBFUSCATED)
        refuse(b, e, "it is protected by a password; save it without one");
    else if (b->call.freexl_get_info(b->handle, FREEXL_BIFF_SHEET_COUNT, &sheets) != FREEXL_OK ||
             sheets > MOST_SHEETS)
        refuse(b, e, "its list of sheets is damaged");
    const char **name = arena_zarray(names, sheets + 1, sizeof *name);
    for (unsigned i = 0; i < sheets && !e->code; i++)
        if (b->call.freexl_get_worksheet_name(b->handle, (unsigned short)i, &name[i]) != FREEXL_OK)
            refuse(b, e, "its list of sheets is damaged");
    if (!e->code)
        chosen = sheet_choose(b->how, grid_rule(b->rows)->name, name, sheets, e);
    if (chosen >= 0 && !xls_formulas(names, b->file, chosen, &b->formulas))
        refuse(b, e, "the values of its formulas cannot be read; save it as XLSX");
    else if (chosen >= 0)
        status = read_sheet(b, chosen, e);
    arena_free(names);
    return status;
}

static int read_file(struct book *b, const char *path, struct error *e)
{
    int opened = xls_is_whole(b->file) ? b->call.freexl_open(path, &b->handle) : -1, status = -1;
    if (xls_is_locked(b->file))
        refuse(b, e, "it is protected by a password; save it without one");
    else if (opened == FREEXL_BIFF_WORKBOOK_NOT_FOUND)
        refuse(b, e,
               "it holds no XLS workbook: it is another kind of document, or a workbook "
               "protected by a password");
    else if (opened != FREEXL_OK)
        refuse(b, e,
               "it is no whole XLS workbook: it is damaged, cut short, protected by a "
               "password, or another kind of document");
    b->arena = arena_new();
    if (opened == FREEXL_OK)
        status = read_book(b, e);
    if (b->handle)
        b->call.freexl_close(b->handle);
    arena_free(b->arena);
    return status;
}

int xls_read(const struct foreign *how, const char *path, struct grid *rows, struct error *e)
{
    static const char names[] = CALLS(LIBRARY_NAME);
    struct book b = {.how = how, .rows = rows};
    char *bytes;
    size_t len;
    if (library_load("libfreexl.so.1", "libfreexl1", names, &b.call, e) < 0 ||
        input_slurp(path, grid_rule(rows)->name, LARGEST, &bytes, &len, e) < 0)
        return -1;
    b.file = (struct text){bytes, (uint32_t)len};
    int status = read_file(&b, path, e);
    free(bytes);
    return status;
}
