/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Data files of SPSS, Stata and SAS, by ReadStat.
 *
 * Numbers are written short; days, times and months by the format of their variable, as ISO 8601 or
 * SDMX periods.  A missing value is an empty cell; a value that the file calls missing but has a
 * code (99 of SPSS, .a of Stata and SAS) is one too, or stays, or goes to a column NAME_missing.
 * ReadStat pushes: variables first, then values row by row; labels of Stata come behind the values,
 * so with labels the file is read twice.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <readstat.h>

#include "base/library.h"
#include "base/memory.h"
#include "format/foreign.h"
#include "format/stat_value.h"

#define CALLS(X)                                                                                   \
    X(readstat_parser_init)                                                                        \
    X(readstat_parser_free)                                                                        \
    X(readstat_set_variable_handler)                                                               \
    X(readstat_set_value_handler)                                                                  \
    X(readstat_set_value_label_handler)                                                            \
    X(readstat_set_file_character_encoding)                                                        \
    X(readstat_parse_dta)                                                                          \
    X(readstat_parse_sav)                                                                          \
    X(readstat_parse_por)                                                                          \
    X(readstat_parse_sas7bdat)                                                                     \
    X(readstat_parse_xport)                                                                        \
    X(readstat_error_message)                                                                      \
    X(readstat_value_is_defined_missing)                                                           \
    X(readstat_value_is_system_missing)                                                            \
    X(readstat_value_is_tagged_missing)                                                            \
    X(readstat_value_tag)                                                                          \
    X(readstat_value_type)                                                                         \
    X(readstat_double_value)                                                                       \
    X(readstat_float_value)                                                                        \
    X(readstat_string_value)                                                                       \
    X(readstat_variable_get_missing_ranges_count)                                                  \
    X(readstat_variable_get_name)                                                                  \
    X(readstat_variable_get_format)                                                                \
    X(readstat_variable_get_type)                                                                  \
    X(readstat_variable_get_index)

struct calls {
    CALLS(LIBRARY_MEMBER)
};

struct variable {
    const char *name, *set; /* set: of value labels */
    enum stat_form form;
    uint32_t column;
    bool apart; /* has a column NAME_missing behind it */
};

struct file {
    struct calls call;
    const struct foreign *how;
    struct grid *rows;
    struct error *error;
    struct arena *arena;
    struct variable *variable;
    size_t variables, room;
    uint32_t columns;
    struct stat_labels labels;
    bool values; /* the pass that reads values */
    int last;    /* variable of the value before; -1: none */
    uint64_t row, rows_read;
};

static int stop(int status)
{
    return status < 0 ? READSTAT_HANDLER_ABORT : READSTAT_HANDLER_OK;
}

/* ---- variables ---- */

static bool keeps_apart(const struct file *f, readstat_variable_t *v)
{
    readstat_type_t type = f->call.readstat_variable_get_type(v);
    bool spss = f->how->kind == FOREIGN_SAV || f->how->kind == FOREIGN_POR;
    if (f->how->user_missing != USER_COLUMN)
        return false;
    if (spss)
        return f->call.readstat_variable_get_missing_ranges_count(v) > 0;
    return type != READSTAT_TYPE_STRING && type != READSTAT_TYPE_STRING_REF;
}

static int on_variable(int index, readstat_variable_t *v, const char *set, void *context)
{
    struct file *f = context;
    const char *name = f->call.readstat_variable_get_name(v);
    if (f->values)
        return READSTAT_HANDLER_OK;
    if (index < 0 || (size_t)index != f->variables)
        return READSTAT_HANDLER_ABORT;
    f->variable = memory_grow(f->variable, &f->room, f->variables + 1, sizeof *f->variable);
    struct variable *mine = &f->variable[f->variables++];
    *mine = (struct variable){.column = f->columns, .apart = keeps_apart(f, v)};
    mine->name = arena_copy(f->arena, name ? name : "", name ? strlen(name) : 0);
    mine->set = set ? arena_copy(f->arena, set, strlen(set)) : NULL;
    mine->form = stat_form_of(f->how->kind, f->call.readstat_variable_get_format(v));
    f->columns += mine->apart ? 2 : 1;
    return READSTAT_HANDLER_OK;
}

static int write_header(struct file *f)
{
    uint64_t row = grid_first(f->rows);
    if (!grid_rule(f->rows)->header)
        return 0;
    for (size_t i = 0; i < f->variables; i++) {
        const struct variable *v = &f->variable[i];
        const char *apart = arena_print(f->arena, "%s_missing", v->name);
        if (grid_cell(f->rows, row, v->column, text_of(v->name), f->error) < 0 ||
            (v->apart && grid_cell(f->rows, row, v->column + 1, text_of(apart), f->error) < 0))
            return -1;
    }
    f->row++;
    return grid_end(f->rows, row, 1, f->error);
}

/* ---- values ---- */

static int end_row(struct file *f)
{
    int last = f->last;
    f->last = -1;
    if (last < 0)
        return 0;
    f->rows_read++;
    return grid_end(f->rows, f->row++, 1, f->error);
}

static struct text value_text(struct file *f, const struct variable *v, readstat_value_t value,
                              char *out)
{
    readstat_type_t type = f->call.readstat_value_type(value);
    const char *label = NULL;
    struct text t;
    if (type == READSTAT_TYPE_STRING || type == READSTAT_TYPE_STRING_REF) {
        const char *s = f->call.readstat_string_value(value);
        t = text_of(s ? s : "");
    } else if (f->call.readstat_value_is_tagged_missing(value)) {
        out[0] = '.';
        out[1] = f->call.readstat_value_tag(value);
        t = (struct text){out, 2};
    } else if (f->call.readstat_value_is_system_missing(value)) {
        return (struct text){0};
    } else if (type == READSTAT_TYPE_FLOAT && v->form == STAT_PLAIN) {
        t = (struct text){out, stat_float(f->call.readstat_float_value(value), out)};
    } else {
        t = (struct text){out, stat_number(f->call.readstat_double_value(value), v->form, out)};
    }
    if (f->how->labels && v->set)
        label = stat_label(&f->labels, v->set, t);
    return label ? text_of(label) : t;
}

static int on_value(int row, readstat_variable_t *v, readstat_value_t value, void *context)
{
    struct file *f = context;
    int index = f->call.readstat_variable_get_index(v);
    char out[STAT_TEXT];
    (void)row;
    if (index < 0 || (size_t)index >= f->variables)
        return READSTAT_HANDLER_ABORT;
    if (index <= f->last && end_row(f) < 0)
        return READSTAT_HANDLER_ABORT;
    const struct variable *mine = &f->variable[index];
    struct text t = value_text(f, mine, value, out);
    bool coded = f->call.readstat_value_is_tagged_missing(value) ||
                 f->call.readstat_value_is_defined_missing(value, v);
    uint32_t column = mine->column + (coded && mine->apart ? 1 : 0);
    f->last = index;
    if (coded && f->how->user_missing == USER_MISSING)
        return READSTAT_HANDLER_OK;
    return stop(grid_cell(f->rows, f->row, column, t, f->error));
}

static int on_label(const char *set, readstat_value_t value, const char *label, void *context)
{
    struct file *f = context;
    struct variable plain = {.form = STAT_PLAIN};
    char out[STAT_TEXT];
    struct text t = value_text(f, &plain, value, out);
    if (!set || !label || f->values)
        return READSTAT_HANDLER_OK;
    stat_labels_add(&f->labels, f->arena, set, t, label);
    return READSTAT_HANDLER_OK;
}

/* ---- the file ---- */

static int refuse(struct file *f, readstat_error_t why)
{
    struct place place = {grid_rule(f->rows)->name, 0, 0};
    const char *message = f->call.readstat_error_message(why);
    if (f->error->code || why == READSTAT_OK)
        return f->error->code ? -1 : 0;
    if (why == READSTAT_ERROR_USER_ABORT)
        return -1;
    if (why == READSTAT_ERROR_CONVERT_BAD_STRING || why == READSTAT_ERROR_UNSUPPORTED_CHARSET ||
        why == READSTAT_ERROR_CONVERT)
        return error_set(
            f->error, EX_DATAERR, place,
            "a text of it is not of the encoding that it tells; --encoding names another");
    return error_set(f->error, EX_DATAERR, place,
                     "it cannot be read as %s: %s; the file is damaged or of an unknown version",
                     foreign_kind_name(f->how->kind), message);
}

static int pass(struct file *f, const char *path)
{
    readstat_parser_t *p = f->call.readstat_parser_init();
    readstat_error_t why;
    if (!p)
        return error_set(f->error, EX_OSERR, NOWHERE, "out of memory");
    f->call.readstat_set_variable_handler(p, on_variable);
    f->call.readstat_set_value_label_handler(p, on_label);
    if (f->values)
        f->call.readstat_set_value_handler(p, on_value);
    if (f->how->encoding)
        f->call.readstat_set_file_character_encoding(p, f->how->encoding);
    switch (f->how->kind) {
    case FOREIGN_DTA:
        why = f->call.readstat_parse_dta(p, path, f);
        break;
    case FOREIGN_SAV:
        why = f->call.readstat_parse_sav(p, path, f);
        break;
    case FOREIGN_POR:
        why = f->call.readstat_parse_por(p, path, f);
        break;
    case FOREIGN_SAS:
        why = f->call.readstat_parse_sas7bdat(p, path, f);
        break;
    default:
        why = f->call.readstat_parse_xport(p, path, f);
    }
    f->call.readstat_parser_free(p);
    return refuse(f, why);
}

enum { TAIL = 12, XPT_RECORD = 80 };

/* How a whole file ends, where its rows are not counted; its size too. */
static bool is_whole(enum foreign_kind kind, const char *tail, size_t n, uint64_t size)
{
    static const char end[] = "</stata_dta>";
    if (kind == FOREIGN_XPT)
        return size % XPT_RECORD == 0;
    while (kind == FOREIGN_POR && n && (tail[n - 1] == '\n' || tail[n - 1] == '\r'))
        n--;
    if (kind == FOREIGN_POR)
        return n && tail[n - 1] == 'Z';
    return n == TAIL && memcmp(tail, end, TAIL) == 0;
}

/* The first byte and the last ones; how many of those. */
static size_t ends_read(FILE *in, char *head, char tail[TAIL], long *size)
{
    *size = fread(head, 1, 1, in) == 1 && fseek(in, 0, SEEK_END) == 0 ? ftell(in) : -1;
    if (*size < 0 || fseek(in, *size > TAIL ? *size - TAIL : 0, SEEK_SET) != 0)
        return 0;
    return fread(tail, 1, TAIL, in);
}

static int check_end(struct file *f, const char *path)
{
    char head = 0, tail[TAIL];
    long size = -1;
    FILE *in = fopen(path, "rb");
    size_t n = in ? ends_read(in, &head, tail, &size) : 0;
    if (in)
        fclose(in);
    bool told = f->how->kind == FOREIGN_XPT || f->how->kind == FOREIGN_POR ||
                (f->how->kind == FOREIGN_DTA && head == '<');
    if (!told || is_whole(f->how->kind, tail, n, (uint64_t)size))
        return 0;
    return error_set(f->error, EX_DATAERR, (struct place){grid_rule(f->rows)->name, 0, 0},
                     "it does not end as a %s file does; it is cut short",
                     foreign_kind_name(f->how->kind));
}

static int read_file(struct file *f, const char *path)
{
    f->row = grid_first(f->rows);
    f->last = -1;
    if (check_end(f, path) < 0 || pass(f, path) < 0)
        return -1;
    if (f->variables == 0)
        return error_set(f->error, EX_DATAERR, (struct place){grid_rule(f->rows)->name, 0, 0},
                         "it holds no variables");
    f->values = true;
    return write_header(f) < 0 || pass(f, path) < 0 || end_row(f) < 0 ? -1 : 0;
}

int stat_read(const struct foreign *how, const char *path, struct grid *rows, struct error *e)
{
    static const char names[] = CALLS(LIBRARY_NAME);
    struct file f = {.how = how, .rows = rows, .error = e};
    if (library_load("libreadstat.so.1", "libreadstat1", names, &f.call, e) < 0)
        return -1;
    f.arena = arena_new();
    int status = read_file(&f, path);
    arena_free(f.arena);
    free(f.variable);
    stat_labels_free(&f.labels);
    return status;
}
