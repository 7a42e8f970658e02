/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/layout.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/memory.h"
#include "table/table.h"

enum { MOST_PLACE = 1 << 20, MOST_TIMES = 1000, MOST_FIELDS = 16384 };

static bool whole(struct text t, uint32_t most, uint32_t *out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t.len; i++) {
        if (t.at[i] < '0' || t.at[i] > '9' || n > most)
            return false;
        n = n * 10 + (uint32_t)(t.at[i] - '0');
    }
    *out = n;
    return t.len > 0 && n <= most;
}

/* ---- a CSV ---- */

static int row_field(const struct table *t, uint32_t row, const int *column, struct layout_field *f,
                     struct error *e)
{
    struct place place = {t->name, row + 2, 0};
    struct text decimals = table_get(t, row, column[3]);
    f->name = table_get(t, row, column[0]);
    if (!whole(table_get(t, row, column[1]), MOST_PLACE, &f->start) || f->start == 0 ||
        !whole(table_get(t, row, column[2]), MOST_PLACE, &f->width) || f->width == 0 ||
        (!text_missing(decimals) && !whole(decimals, 18, &f->decimals)))
        return error_set(e, EX_DATAERR, place,
                         "start and width of a field are whole numbers from 1");
    f->start--;
    return 0;
}

static const struct layout *parse_table(struct arena *a, const char *file, struct text bytes,
                                        struct error *e)
{
    static const char *const names[] = {"name", "start", "width", "decimals"};
    const struct table *t = table_parse(a, file, bytes.at, bytes.len, e);
    struct layout *l = arena_zalloc(a, sizeof *l);
    int column[4];
    if (!t)
        return NULL;
    for (int i = 0; i < 4; i++) {
        column[i] = schema_find(t->schema, text_of(names[i]));
        if (i < 3 && column[i] == NO_COLUMN) {
            error_set(e, EX_DATAERR, (struct place){file, 1, 0},
                      "a layout has the columns name,start,width and maybe decimals, or is a "
                      "dictionary of CSPro; there is no column '%s'",
                      names[i]);
            return NULL;
        }
    }
    struct layout_field *field = arena_zarray(a, t->rows, sizeof *field);
    for (uint32_t i = 0; i < t->rows; i++)
        if (row_field(t, i, column, &field[i], e) < 0)
            return NULL;
    l->field = field;
    l->fields = t->rows;
    return l;
}

/* ---- a dictionary of CSPro ---- */

enum section {
    SECTION_OTHER,
    SECTION_DICTIONARY,
    SECTION_LEVEL,
    SECTION_IDS,
    SECTION_RECORD,
    SECTION_ITEM
};

struct item {
    struct layout_field field;
    uint32_t times;
    bool sub; /* a part of the item before */
};

struct record {
    struct text name, type;
    size_t first, items;
};

struct dictionary {
    struct arena *arena;
    const char *file;
    struct error *error;
    uint32_t line, type_start, type_width;
    bool relative; /* positions count from the item before */
    enum section section;
    struct item *item;
    size_t items, item_room, ids;
    struct record *record;
    size_t records, record_room;
};

static int wrong(struct dictionary *d, const char *what)
{
    return error_set(d->error, EX_DATAERR, (struct place){d->file, d->line, 0}, "%s", what);
}

static enum section section_named(struct text t)
{
    static const struct {
        const char *name;
        enum section section;
    } sections[] = {{"[Dictionary]", SECTION_DICTIONARY},
                    {"[Level]", SECTION_LEVEL},
                    {"[IdItems]", SECTION_IDS},
                    {"[Record]", SECTION_RECORD},
                    {"[Item]", SECTION_ITEM}};
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        if (text_equal(t, text_of(sections[i].name)))
            return sections[i].section;
    return SECTION_OTHER;
}

static int begin_section(struct dictionary *d, struct text t)
{
    d->section = section_named(t);
    if (d->section == SECTION_LEVEL && d->records)
        return wrong(d, "dictionaries with more than one level are not read");
    if (d->section == SECTION_RECORD) {
        d->record = memory_grow(d->record, &d->record_room, d->records + 1, sizeof *d->record);
        d->record[d->records++] = (struct record){.first = d->items};
    }
    if (d->section != SECTION_ITEM)
        return 0;
    if (d->items >= MOST_FIELDS)
        return wrong(d, "there are too many items");
    d->item = memory_grow(d->item, &d->item_room, d->items + 1, sizeof *d->item);
    d->item[d->items++] = (struct item){.times = 1};
    if (d->records)
        d->record[d->records - 1].items++;
    else
        d->ids++;
    return 0;
}

static struct text unquoted(struct text t)
{
    bool quoted = t.len >= 2 && (t.at[0] == '\'' || t.at[0] == '"') && t.at[t.len - 1] == t.at[0];
    return quoted ? (struct text){t.at + 1, t.len - 2} : t;
}

static bool is(struct text key, const char *name)
{
    return text_equal(key, text_of(name));
}

static int item_line(struct dictionary *d, struct text key, struct text value)
{
    struct item *i = &d->item[d->items - 1];
    if (is(key, "Name"))
        i->field.name = text_copy(d->arena, value);
    else if (is(key, "ItemType"))
        i->sub = is(value, "SubItem");
    else if ((is(key, "Start") && !whole(value, MOST_PLACE, &i->field.start)) ||
             (is(key, "Len") && !whole(value, MOST_PLACE, &i->field.width)) ||
             (is(key, "Decimal") && !whole(value, 18, &i->field.decimals)) ||
             (is(key, "Occurrences") && !whole(value, MOST_TIMES, &i->times)))
        return wrong(d, "this is no whole number");
    else if (is(key, "DecimalChar") && is(value, "Yes"))
        i->field.decimals = 0;
    return 0;
}

static int key_line(struct dictionary *d, struct text key, struct text value)
{
    struct record *r = d->records ? &d->record[d->records - 1] : NULL;
    if (d->section == SECTION_DICTIONARY) {
        if ((is(key, "RecordTypeStart") && !whole(value, MOST_PLACE, &d->type_start)) ||
            (is(key, "RecordTypeLen") && !whole(value, MOST_PLACE, &d->type_width)))
            return wrong(d, "this is no whole number");
        if (is(key, "Positions"))
            d->relative = is(value, "Relative");
    } else if (d->section == SECTION_RECORD && r) {
        if (is(key, "Name"))
            r->name = text_copy(d->arena, value);
        if (is(key, "RecordTypeValue"))
            r->type = text_copy(d->arena, unquoted(value));
    } else if (d->section == SECTION_ITEM) {
        return item_line(d, key, value);
    }
    return 0;
}

static int read_lines(struct dictionary *d, struct text bytes)
{
    struct text line, key;
    while (text_next(&bytes, '\n', &line)) {
        d->line++;
        if (line.len && line.at[line.len - 1] == '\r')
            line.len--;
        line = text_trim(line);
        if (line.len && line.at[0] == '[') {
            if (begin_section(d, line) < 0)
                return -1;
        } else if (text_next(&line, '=', &key) &&
                   key_line(d, text_trim(key), text_trim(line)) < 0) {
            return -1;
        }
    }
    return 0;
}

static const struct record *choose_record(struct dictionary *d, const char *name)
{
    const char *list = "";
    for (size_t i = 0; i < d->records; i++) {
        struct text t = d->record[i].name;
        if (name ? text_equal(t, text_of(name)) : d->records == 1)
            return &d->record[i];
        list = arena_print(d->arena, "%s%s%.*s", list, i ? ", " : "", (int)t.len, t.at);
    }
    error_set(d->error, EX_DATAERR, (struct place){d->file, 0, 0},
              "--record chooses one of the dictionary's records: %s", list);
    return NULL;
}

static int add_fields(struct dictionary *d, const struct item *i, struct layout_field *field,
                      uint32_t *fields)
{
    struct text name = i->field.name;
    if (!i->field.width || !i->field.start || !name.len || i->times > MOST_FIELDS - *fields)
        return wrong(
            d, "an item of the dictionary has no name, start or length, or there are too many");
    for (uint32_t n = 0; n < i->times; n++) {
        struct layout_field *f = &field[(*fields)++];
        *f = i->field;
        f->start = i->field.start - 1 + n * i->field.width;
        if (i->times > 1)
            f->name = text_of(arena_print(d->arena, "%.*s_%u", (int)name.len, name.at, n + 1));
    }
    return 0;
}

static const struct layout *make_layout(struct dictionary *d, const char *name)
{
    const struct record *r = choose_record(d, name);
    if (!r)
        return NULL;
    struct layout *l = arena_zalloc(d->arena, sizeof *l);
    struct layout_field *field = arena_zarray(d->arena, MOST_FIELDS, sizeof *field);
    for (size_t i = 0; i < d->ids; i++)
        if (add_fields(d, &d->item[i], field, &l->fields) < 0)
            return NULL;
    for (size_t i = 0; i < r->items; i++)
        if (add_fields(d, &d->item[r->first + i], field, &l->fields) < 0)
            return NULL;
    l->field = field;
    l->type = r->type;
    l->type_start = d->type_start ? d->type_start - 1 : 0;
    l->type_width = d->type_start ? d->type_width : 0;
    return l;
}

static const struct layout *parse_dictionary(struct arena *a, const char *file, struct text bytes,
                                             const char *record, struct error *e)
{
    struct dictionary d = {.arena = a, .file = file, .error = e};
    const struct layout *l = NULL;
    int status = read_lines(&d, bytes);
    if (status == 0 && d.relative)
        status =
            wrong(&d, "dictionaries with relative positions are not read; save it with absolute "
                      "ones");
    if (status == 0)
        l = make_layout(&d, record);
    free(d.item);
    free(d.record);
    return l;
}

const struct layout *layout_parse(struct arena *a, const char *file, struct text bytes,
                                  const char *record, struct error *e)
{
    static const struct text mark = {"\xef\xbb\xbf", 3};
    if (text_starts(bytes, mark))
        bytes = (struct text){bytes.at + 3, bytes.len - 3};
    if (bytes.len && bytes.at[0] == '{') {
        error_set(e, EX_DATAERR, (struct place){file, 0, 0},
                  "dictionaries of CSPro 8 (JSON) are not read; write name,start,width as CSV");
        return NULL;
    }
    return bytes.len && bytes.at[0] == '[' ? parse_dictionary(a, file, bytes, record, e)
                                           : parse_table(a, file, bytes, e);
}

const struct layout *layout_of_schema(struct arena *a, const struct table_schema *s)
{
    struct layout *l = arena_zalloc(a, sizeof *l);
    struct layout_field *field = arena_zarray(a, s->fields + 1, sizeof *field);
    for (uint32_t i = 0; i < s->fields; i++) {
        const struct field *f = &s->field[i];
        if (f->start)
            field[l->fields++] =
                (struct layout_field){f->name, f->start - 1, f->width, f->decimals};
    }
    l->field = field;
    return l->fields ? l : NULL;
}
