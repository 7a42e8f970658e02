/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a Table Schema from JSON (jansson). */
#include "table/table_schema.h"

#include <stdlib.h>

#include <jansson.h>

#include "base/memory.h"

struct loader {
    struct arena *arena;
    const char *file;
    struct error *error;
    struct table_schema *schema;
    const char *where; /* the field being read, for messages */
};

static const struct {
    const char *name;
    enum field_type type;
} type_names[] = {
    {"string", FIELD_STRING},       {"integer", FIELD_INTEGER}, {"number", FIELD_NUMBER},
    {"boolean", FIELD_BOOLEAN},     {"date", FIELD_DATE},       {"year", FIELD_YEAR},
    {"yearmonth", FIELD_YEARMONTH}, {"any", FIELD_ANY},
};

static int wrong(struct loader *l, const char *what)
{
    return error_set(l->error, EX_DATAERR, (struct place){l->file, 0, 0}, "%s%s", l->where, what);
}

static struct text keep(struct loader *l, const char *s)
{
    return text_copy(l->arena, text_of(s));
}

/* A JSON string, number or boolean as a cell would have it; .at NULL for anything else. */
static struct text value_text(struct loader *l, const json_t *v)
{
    char real[REAL_TEXT];
    if (json_is_string(v))
        return text_copy(l->arena,
                         (struct text){json_string_value(v), (uint32_t)json_string_length(v)});
    if (json_is_integer(v))
        return text_of(arena_print(l->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(v)));
    if (json_is_real(v))
        return text_copy(l->arena,
                         (struct text){real, (uint32_t)real_format(json_real_value(v), real)});
    if (json_is_boolean(v))
        return keep(l, json_is_true(v) ? "true" : "false");
    return (struct text){NULL, 0};
}

/* An array of values, or nothing where the key is not there. */
static int load_texts(struct loader *l, const json_t *object, const char *key, struct texts *out)
{
    const json_t *array = json_object_get(object, key);
    if (!array)
        return 0;
    if (!json_is_array(array))
        return wrong(l, arena_print(l->arena, "%s is not an array", key));
    out->count = 0;
    out->text = arena_array(l->arena, json_array_size(array) + 1, sizeof *out->text);
    for (size_t i = 0; i < json_array_size(array); i++) {
        struct text t = value_text(l, json_array_get(array, i));
        if (!t.at)
            return wrong(l, arena_print(l->arena, "%s holds something that is no text", key));
        out->text[out->count++] = t;
    }
    return 0;
}

static int load_flag(struct loader *l, const json_t *object, const char *key, bool *out)
{
    const json_t *v = json_object_get(object, key);
    if (v && !json_is_boolean(v))
        return wrong(l, arena_print(l->arena, "%s is not true or false", key));
    *out = json_is_true(v);
    return 0;
}

static int load_length(struct loader *l, const json_t *object, const char *key, int64_t *out)
{
    const json_t *v = json_object_get(object, key);
    *out = -1;
    if (!v)
        return 0;
    if (!json_is_integer(v) || json_integer_value(v) < 0)
        return wrong(l, arena_print(l->arena, "%s is not a whole number", key));
    *out = json_integer_value(v);
    return 0;
}

static int load_bound(struct loader *l, const json_t *object, const char *key, struct field *f,
                      struct text *out)
{
    const json_t *v = json_object_get(object, key);
    struct field plain = {.type = f->type, .min_length = -1, .max_length = -1};
    if (!v)
        return 0;
    *out = value_text(l, v);
    if (f->type == FIELD_STRING || f->type == FIELD_BOOLEAN || f->type == FIELD_ANY)
        return wrong(l, arena_print(l->arena, "%s has no meaning for this type", key));
    if (!out->at || text_missing(*out) ||
        field_check(&plain, l->schema, *out, l->arena) != RULE_NONE)
        return wrong(l, arena_print(l->arena, "%s is not of the field's type", key));
    return 0;
}

static int load_pattern(struct loader *l, const json_t *object, struct field *f)
{
    const json_t *v = json_object_get(object, "pattern");
    if (!v)
        return 0;
    if (!json_is_string(v))
        return wrong(l, "pattern is not a text");
    const char *posix = pattern_translate(
        (struct text){json_string_value(v), (uint32_t)json_string_length(v)}, l->arena);
    if (!posix)
        return wrong(l, "pattern uses what marsad does not take (see validate --help)");
    f->pattern = memory_zalloc(sizeof *f->pattern);
    if (regcomp(f->pattern, posix, REG_EXTENDED | REG_NOSUB) == 0)
        return 0;
    free(f->pattern);
    f->pattern = NULL;
    return wrong(l, "pattern is not a regular expression");
}

static int load_constraints(struct loader *l, const json_t *object, struct field *f)
{
    const json_t *c = json_object_get(object, "constraints");
    f->min_length = f->max_length = -1;
    if (!c)
        return 0;
    if (!json_is_object(c))
        return wrong(l, "constraints is not an object");
    if (load_flag(l, c, "required", &f->required) || load_flag(l, c, "unique", &f->unique) ||
        load_length(l, c, "minLength", &f->min_length) ||
        load_length(l, c, "maxLength", &f->max_length) ||
        load_bound(l, c, "minimum", f, &f->minimum) || load_bound(l, c, "maximum", f, &f->maximum))
        return -1;
    return load_texts(l, c, "enum", &f->choices) || load_pattern(l, c, f) ? -1 : 0;
}

static int load_type(struct loader *l, const json_t *object, struct field *f)
{
    const json_t *type = json_object_get(object, "type"), *format;
    if (type && !json_is_string(type))
        return wrong(l, "type is not a text");
    const char *name = type ? json_string_value(type) : "string";
    size_t i = 0, n = sizeof type_names / sizeof *type_names;
    while (i < n && strcmp(type_names[i].name, name) != 0)
        i++;
    if (i == n)
        return wrong(l, "of this type no cell can be checked here; known are string, integer, "
                        "number, boolean, date, year, yearmonth, any");
    f->type = type_names[i].type;
    format = json_object_get(object, "format");
    if (format && (!json_is_string(format) || strcmp(json_string_value(format), "default") != 0))
        return wrong(l, "a format other than default cannot be checked here");
    return 0;
}

static int load_booleans(struct loader *l, const json_t *object, struct field *f)
{
    static const char *const words[] = {"true",  "True",  "TRUE",  "1",
                                        "false", "False", "FALSE", "0"};
    struct text *text = arena_array(l->arena, 8, sizeof *text);
    for (int i = 0; i < 8; i++)
        text[i] = text_of(words[i]);
    f->yes = (struct texts){4, text};
    f->no = (struct texts){4, text + 4};
    return load_texts(l, object, "trueValues", &f->yes) ||
                   load_texts(l, object, "falseValues", &f->no)
               ? -1
               : 0;
}

/* A text of its own, or NULL where it is not given. */
static int load_string(struct loader *l, const json_t *object, const char *key, const char **out)
{
    const json_t *v = json_object_get(object, key);
    *out = NULL;
    if (!v)
        return 0;
    if (!json_is_string(v))
        return wrong(l, arena_print(l->arena, "%s is not a text", key));
    *out = keep(l, json_string_value(v)).at;
    return 0;
}

/* A number as a text too: a sheet may be named 2018. */
static int load_sheet(struct loader *l, const json_t *dialect, const char **out)
{
    const json_t *v = json_object_get(dialect, "sheet");
    if (!json_is_integer(v))
        return load_string(l, dialect, "sheet", out);
    *out = arena_print(l->arena, "%lld", (long long)json_integer_value(v));
    return 0;
}

static int load_more_dialect(struct loader *l, const json_t *dialect)
{
    struct table_dialect *d = &l->schema->dialect;
    return load_sheet(l, dialect, &d->sheet) ||
                   load_string(l, dialect, "cellErrors", &d->cell_errors) ||
                   load_string(l, dialect, "labels", &d->labels) ||
                   load_string(l, dialect, "userMissing", &d->user_missing) ||
                   load_flag(l, dialect, "hxl", &d->hxl) ||
                   load_flag(l, dialect, "skipBlankRows", &d->skip_blank) ||
                   load_flag(l, dialect, "trim", &d->trim)
               ? -1
               : 0;
}

/* Where the field stands in a file of fixed width. */
static int load_place(struct loader *l, const json_t *object, struct field *f)
{
    static const char *const keys[] = {"start", "width", "decimals"};
    uint32_t *const to[] = {&f->start, &f->width, &f->decimals};
    for (int i = 0; i < 3; i++) {
        const json_t *v = json_object_get(object, keys[i]);
        json_int_t n = json_integer_value(v);
        if (v && (!json_is_integer(v) || n < 0 || n > 1 << 20))
            return wrong(l, "start, width and decimals are whole numbers");
        *to[i] = (uint32_t)n;
    }
    return (f->start == 0) == (f->width == 0) ? 0 : wrong(l, "start and width belong together");
}

static int load_dialect(struct loader *l, const json_t *root)
{
    struct table_schema *s = l->schema;
    const json_t *dialect = json_object_get(root, "dialect");
    const json_t *row = json_object_get(dialect, "headerRow");
    s->header = -1;
    if (load_string(l, root, "encoding", &s->encoding) ||
        load_string(l, root, "format", &s->dialect.format))
        return -1;
    if (!dialect)
        return 0;
    if (!json_is_object(dialect))
        return wrong(l, "dialect is not an object");
    if (json_is_integer(row))
        s->header = (int)json_integer_value(row);
    if (json_is_false(json_object_get(dialect, "header")))
        s->header = 0;
    if (load_string(l, dialect, "delimiter", &s->delimiter))
        return -1;
    return load_more_dialect(l, dialect);
}

static int load_field(struct loader *l, const json_t *object, uint32_t number)
{
    struct table_schema *s = l->schema;
    struct field *f = &s->field[number];
    const char *name = json_string_value(json_object_get(object, "name"));
    l->where = arena_print(l->arena, "field %u: ", number + 1);
    if (!name || !*name)
        return wrong(l, "it has no name");
    f->name = keep(l, name);
    l->where = arena_print(l->arena, "field \"%s\": ", name);
    for (uint32_t i = 0; i < number; i++)
        if (text_equal(s->field[i].name, f->name))
            return wrong(l, "two fields have this name");
    s->fields = number + 1; /* from here on its pattern is ours to free */
    if (load_type(l, object, f) || load_booleans(l, object, f) ||
        load_string(l, object, "decimalChar", &f->decimal) ||
        load_string(l, object, "groupChar", &f->thousands) || load_place(l, object, f))
        return -1;
    return load_constraints(l, object, f);
}

static int load_fields(struct loader *l, const json_t *root)
{
    const json_t *fields = json_object_get(root, "fields");
    if (!json_is_array(fields))
        return wrong(l, "this is not a Table Schema: there is no array \"fields\"");
    size_t n = json_array_size(fields);
    l->schema->field = arena_zarray(l->arena, n + 1, sizeof *l->schema->field);
    for (size_t i = 0; i < n && i < UINT32_MAX; i++)
        if (load_field(l, json_array_get(fields, i), (uint32_t)i))
            return -1;
    l->where = "";
    return 0;
}

/* A name or an array of names. */
static int load_names(struct loader *l, const json_t *object, const char *key, struct texts *out)
{
    const json_t *names = json_object_get(object, key);
    if (!json_is_string(names))
        return load_texts(l, object, key, out);
    *out = (struct texts){1, arena_array(l->arena, 1, sizeof *out->text)};
    out->text[0] = value_text(l, names);
    return 0;
}

static int load_foreign(struct loader *l, const json_t *root)
{
    struct table_schema *s = l->schema;
    const json_t *keys = json_object_get(root, "foreignKeys");
    size_t n = json_array_size(keys);
    s->foreign = arena_zarray(l->arena, n + 1, sizeof *s->foreign);
    for (; s->foreigns < n && s->foreigns < UINT32_MAX; s->foreigns++) {
        struct foreign_key *f = &s->foreign[s->foreigns];
        const json_t *key = json_array_get(keys, s->foreigns);
        const json_t *reference = json_object_get(key, "reference");
        const json_t *resource = json_object_get(reference, "resource");
        if (load_names(l, key, "fields", &f->fields) ||
            load_names(l, reference, "fields", &f->there))
            return -1;
        f->resource = json_is_string(resource) ? value_text(l, resource) : (struct text){"", 0};
        if (f->fields.count == 0 || f->fields.count != f->there.count)
            return wrong(l, "foreignKeys: as many fields are wanted here as in the reference");
    }
    return 0;
}

/* The primary key: a name or an array of names; each is required. */
static int load_key(struct loader *l, const json_t *root)
{
    struct table_schema *s = l->schema;
    if (load_names(l, root, "primaryKey", &s->key))
        return -1;
    for (uint32_t k = 0; k < s->key.count; k++) {
        uint32_t i = 0;
        while (i < s->fields && !text_equal(s->field[i].name, s->key.text[k]))
            i++;
        if (i == s->fields)
            return wrong(l, "primaryKey names a field that the schema does not have");
        s->field[i].required = true;
    }
    return 0;
}

static int load_root(struct loader *l, const json_t *root)
{
    if (!json_is_object(root))
        return wrong(l, "this is not a Table Schema: it is no object");
    return load_texts(l, root, "missingValues", &l->schema->missing) || load_fields(l, root) ||
                   load_key(l, root) || load_foreign(l, root) || load_dialect(l, root)
               ? -1
               : 0;
}

struct table_schema *table_schema_parse(struct arena *arena, const char *name, struct text json,
                                        struct error *error)
{
    json_error_t at;
    json_t *root = json_loadb(json.at, json.len, JSON_REJECT_DUPLICATES, &at);
    struct table_schema *s = arena_zalloc(arena, sizeof *s);
    struct loader l = {arena, name, error, s, ""};
    if (!root) {
        struct place place = {name, at.line > 0 ? (uint64_t)at.line : 0,
                              at.column > 0 ? (uint32_t)at.column : 0};
        error_set(error, EX_DATAERR, place, "not JSON: %s", at.text);
        return NULL;
    }
    int failed = load_root(&l, root);
    json_decref(root);
    if (!failed)
        return s;
    table_schema_free(s);
    return NULL;
}

void table_schema_free(struct table_schema *s)
{
    for (uint32_t i = 0; s && i < s->fields; i++) {
        if (!s->field[i].pattern)
            continue;
        regfree(s->field[i].pattern);
        free(s->field[i].pattern);
        s->field[i].pattern = NULL;
    }
}
