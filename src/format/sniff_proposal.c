/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/sniff_proposal.h"

#include <stdlib.h>

#include <jansson.h>

enum { ENOUGH = 3 };

static const char *const form_words[SNIFF_FORMS] = {
    "point before decimals",
    "comma before decimals",
    "comma between thousands",
    "point between thousands, comma before decimals",
    "space between thousands, comma before decimals",
    "space between thousands",
};

/* ---- deciding ---- */

/* A comma that could part decimals or thousands: by the shape of all cells; -1: cannot be told. */
static int form_of(const struct proposal *p, const struct sniff_column *c)
{
    int form = sniff_column_form(c);
    /* Where commas part the cells, few commas inside of them rather part items of a list. */
    if (form > 0 && sniff_forms[form].decimal == ',' && p->delimiter == ',' &&
        p->how.kind == FOREIGN_CSV && c->grouped * 2 < sniff_column_values(c))
        return -1;
    if (form != 1 || c->bad[2] != 0)
        return form;
    if (c->plain_long)
        return 1;
    return c->grouped >= ENOUGH ? 2 : -1;
}

static void settle_missing(struct proposal *p, const char **evidence)
{
    uint64_t cells[SNIFF_MARKS] = {0};
    bool elsewhere[SNIFF_MARKS] = {false};
    *evidence = NULL;
    for (uint32_t i = 0; i < p->schema->columns; i++) {
        const struct sniff_column *c = &p->column[i];
        bool number = sniff_column_form(c) >= 0;
        for (int m = 0; m < SNIFF_MARKS; m++) {
            cells[m] += number ? c->mark[m] : 0;
            elsewhere[m] |= !number && c->mark[m];
        }
    }
    for (int m = 0; m < SNIFF_MARKS; m++) {
        if (!cells[m])
            continue;
        p->missing[m] = !elsewhere[m];
        *evidence = arena_print(p->arena, "%s%s'%s' stands in %llu cells among numbers%s",
                                *evidence ? *evidence : "", *evidence ? "; " : "", sniff_marks[m],
                                (unsigned long long)cells[m],
                                elsewhere[m] ? ", but also among texts: not proposed" : "");
    }
}

/* Whether a column can be read in this form; one that is plainly ours needs none. */
static bool fits(const struct proposal *p, const struct sniff_column *c, int form)
{
    int own = form_of(p, c);
    const struct number_form *f = &sniff_forms[form];
    bool grouped_by_comma = f->thousands.len && f->thousands.at[0] == ',';
    if (own == 0 || sniff_column_form(c) < 0 || c->zeros || c->bad[form])
        return false;
    return !(own == 1 && grouped_by_comma) && !(own == 2 && f->decimal == ',');
}

/* The form that most columns can be read in which need one; those in doubt go with them. */
static uint32_t choose_form(struct proposal *p)
{
    uint32_t most = 0;
    p->form = 0;
    for (int f = 1; f < SNIFF_FORMS; f++) {
        uint32_t columns = 0;
        for (uint32_t i = 0; i < p->schema->columns; i++)
            columns += form_of(p, &p->column[i]) > 0 && fits(p, &p->column[i], f);
        if (columns > most) {
            most = columns;
            p->form = f;
        }
    }
    return most;
}

void proposal_settle(struct proposal *p, const char **numbers, const char **missing)
{
    uint32_t doubtful = 0, zeros = 0, most = choose_form(p);
    settle_missing(p, missing);
    for (uint32_t i = 0; i < p->schema->columns; i++) {
        const struct sniff_column *c = &p->column[i];
        p->number[i] = p->form && fits(p, c, p->form);
        zeros += c->zeros != 0;
        doubtful += !p->number[i] && sniff_column_form(c) > 0;
        p->trim |= sniff_column_form(c) >= 0 && c->spaced;
    }
    *numbers = most ? arena_print(p->arena, "%s in %u columns", form_words[p->form], most)
                    : "numbers are written with a point, or there are none";
    if (doubtful)
        *numbers =
            arena_print(p->arena,
                        "%s; in %u columns a comma or point may stand before decimals, between "
                        "thousands or items of a list: they stay texts",
                        *numbers, doubtful);
    if (zeros)
        *numbers = arena_print(p->arena, "%s; %u columns have leading zeros and are codes",
                               *numbers, zeros);
}

/* ---- the command line ---- */

static const char *shell_word(struct arena *a, const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-+,:=@%";
    if (*word && strspn(word, plain) == strlen(word))
        return word;
    const char *out = "'";
    for (const char *c = word; *c; c++)
        out = *c == '\'' ? arena_print(a, "%s'\\''", out) : arena_print(a, "%s%c", out, *c);
    return arena_print(a, "%s'", out);
}

static const char *with(const struct proposal *p, const char *line, const char *option,
                        const char *value)
{
    return value ? arena_print(p->arena, "%s --%s %s", line, option, shell_word(p->arena, value))
                 : arena_print(p->arena, "%s --%s", line, option);
}

static const char *number_list(const struct proposal *p)
{
    const char *list = NULL;
    for (uint32_t i = 0; i < p->schema->columns; i++) {
        struct text name = p->schema->name[i];
        if (p->number[i] && !memchr(name.at, ',', name.len))
            list = arena_print(p->arena, "%s%s%.*s", list ? list : "", list ? "," : "",
                               (int)name.len, name.at);
    }
    return list;
}

static const char *missing_list(const struct proposal *p)
{
    const char *list = NULL;
    for (int m = 0; m < SNIFF_MARKS; m++)
        if (p->missing[m])
            list =
                arena_print(p->arena, "%s%s%s", list ? list : "", list ? "," : "", sniff_marks[m]);
    return list;
}

static const char *thousands_word(const struct number_form *f)
{
    return f->any_space ? "space" : f->thousands.len ? f->thousands.at : NULL;
}

static const char *number_options(const struct proposal *p, const char *line)
{
    const struct number_form *f = &sniff_forms[p->form];
    const char *list = number_list(p);
    if (!p->form || !list)
        return line;
    line = with(p, line, "number", list);
    if (f->decimal != '.')
        line = with(p, line, "decimal", ",");
    return thousands_word(f) ? with(p, line, "thousands", thousands_word(f)) : line;
}

const char *proposal_command(const struct proposal *p)
{
    const char *line = "marsad ingest", *missing = missing_list(p);
    if (p->how.kind != FOREIGN_CSV)
        line = with(p, line, "format", foreign_kind_name(p->how.kind));
    if (p->how.sheet)
        line = with(p, line, "sheet", p->how.sheet);
    if (p->encoding)
        line = with(p, line, "encoding", p->encoding);
    if (p->delimiter == '\t')
        line = with(p, line, "delimiter", "tab");
    else if (p->delimiter != ',')
        line = with(p, line, "delimiter", arena_print(p->arena, "%c", p->delimiter));
    if (p->header != 1)
        line = with(p, line, "header", arena_print(p->arena, "%u", p->header));
    line = p->skip_blank ? with(p, line, "skip-blank", NULL) : line;
    line = p->hxl ? with(p, line, "hxl", NULL) : line;
    line = p->trim ? with(p, line, "trim", NULL) : line;
    line = number_options(p, line);
    line = missing ? with(p, line, "missing", missing) : line;
    return arena_print(p->arena, "%s %s%s", line, *p->file == '-' ? "./" : "",
                       shell_word(p->arena, p->file));
}

/* ---- the schema ---- */

static json_t *field_json(const struct proposal *p, uint32_t i)
{
    struct text name = p->schema->name[i];
    enum sniff_type type = sniff_column_type(&p->column[i]);
    const struct number_form *f = &sniff_forms[p->form];
    bool ours = form_of(p, &p->column[i]) == 0;
    json_t *field = json_object();
    if (p->number[i])
        type = SNIFF_NUMBER;
    else if ((type == SNIFF_NUMBER || type == SNIFF_INTEGER) && !ours)
        type = SNIFF_STRING;
    json_object_set_new(field, "name", json_stringn(name.at, name.len));
    json_object_set_new(field, "type", json_string(sniff_type_name(type)));
    if (p->number[i] && f->decimal != '.')
        json_object_set_new(field, "decimalChar", json_string(","));
    if (p->number[i] && thousands_word(f))
        json_object_set_new(field, "groupChar", json_string(f->any_space ? " " : f->thousands.at));
    return field;
}

static json_t *dialect_json(const struct proposal *p)
{
    char delimiter[2] = {p->delimiter, '\0'};
    json_t *d = json_object();
    json_object_set_new(d, "delimiter", json_string(delimiter));
    if (p->header == 0)
        json_object_set_new(d, "header", json_false());
    else
        json_object_set_new(d, "headerRow", json_integer(p->header));
    if (p->how.sheet)
        json_object_set_new(d, "sheet", json_string(p->how.sheet));
    if (p->skip_blank)
        json_object_set_new(d, "skipBlankRows", json_true());
    if (p->hxl)
        json_object_set_new(d, "hxl", json_true());
    if (p->trim)
        json_object_set_new(d, "trim", json_true());
    return d;
}

const char *proposal_schema(const struct proposal *p)
{
    json_t *root = json_object(), *fields = json_array(), *missing = json_array();
    json_object_set_new(root, "encoding", json_string(p->encoding ? p->encoding : "UTF-8"));
    json_object_set_new(root, "format", json_string(foreign_kind_name(p->how.kind)));
    json_object_set_new(root, "dialect", dialect_json(p));
    for (uint32_t i = 0; i < p->schema->columns; i++)
        json_array_append_new(fields, field_json(p, i));
    json_object_set_new(root, "fields", fields);
    json_array_append_new(missing, json_string(""));
    for (int m = 0; m < SNIFF_MARKS; m++)
        if (p->missing[m])
            json_array_append_new(missing, json_string(sniff_marks[m]));
    json_object_set_new(root, "missingValues", missing);
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    const char *copy = text ? arena_copy(p->arena, text, strlen(text)) : "";
    free(text);
    json_decref(root);
    return copy;
}
