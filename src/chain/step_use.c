/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a stage may ask of its step: options, columns, side inputs, ports, messages, rejects. */
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "chain/step.h"
#include "io/csv_scan.h"
#include "io/input.h"
#include "table/reference.h"
#include "table/writer.h"

enum { SIDE_INPUT_MOST = 1 << 30 };

void *step_state(struct step *s)
{
    return s->state;
}

const void *step_state_of(const struct step *s)
{
    return s->state;
}

struct arena *step_arena(struct step *s)
{
    return s->arena;
}

const struct schema *step_in(const struct step *s)
{
    return s->in;
}

const struct schema *step_out(const struct step *s)
{
    return s->out;
}

int step_memory(struct step *s, size_t *bytes)
{
    long long half = (long long)sysconf(_SC_PHYS_PAGES) / 2 * sysconf(_SC_PAGESIZE), given;
    int status = step_integer(s, "max-memory", 1, INT64_MAX / 2, half, &given);
    *bytes = (size_t)given / (s->run->workers ? s->run->workers : 1);
    return status;
}

uint64_t step_rows(const struct step *s)
{
    return s->rows_before;
}

struct error *step_error(struct step *s)
{
    return &s->run->error;
}

uint32_t step_threads(const struct step *s)
{
    return s->run->threads;
}

uint32_t step_batch_rows(const struct step *s)
{
    return s->run->batch_rows;
}

/* ---- options ---- */

const char *step_option(const struct step *s, const char *name)
{
    return options_get(&s->options, name, 0);
}

const char *step_option_nth(const struct step *s, const char *name, uint32_t n)
{
    return options_get(&s->options, name, n);
}

uint32_t step_option_count(const struct step *s, const char *name)
{
    return options_count(&s->options, name);
}

const struct options *step_options(const struct step *s)
{
    return &s->options;
}

bool step_flag(const struct step *s, const char *name)
{
    return options_count(&s->options, name) > 0;
}

int step_integer(struct step *s, const char *name, long long low, long long high,
                 long long otherwise, long long *out)
{
    return options_integer(&s->options, name, low, high, otherwise, out, &s->run->error) < 0
               ? STEP_FAIL
               : STEP_OK;
}

/* ---- columns ---- */

static const char *list_columns(struct step *s)
{
    const char *list = "";
    for (uint32_t i = 0; i < s->in->columns && i < 24; i++)
        list = arena_print(s->arena, "%s%s%.*s", list, i ? ", " : "", (int)s->in->name[i].len,
                           s->in->name[i].at);
    return s->in->columns > 24 ? arena_print(s->arena, "%s, ...", list) : list;
}

int step_find(struct step *s, struct text name, int *column)
{
    *column = schema_find(s->in, name);
    if (*column == NO_COLUMN)
        return step_fail(s, EX_DATAERR, NOWHERE,
                         "there is no column '%.*s' in the input; it has %s", (int)name.len,
                         name.at, list_columns(s));
    return step_need(s, (uint32_t)*column);
}

int step_column(struct step *s, const char *option, int *column)
{
    return step_find(s, text_of(step_option(s, option)), column);
}

int step_columns(struct step *s, const char *option, uint32_t **column, uint32_t *count)
{
    const char *value = step_option(s, option);
    struct text list = text_of(value ? value : ""), name;
    *column = arena_array(s->arena, list.len + 1, sizeof **column);
    *count = 0;
    while (value && text_next(&list, ',', &name)) {
        int found;
        if (step_find(s, name, &found) != STEP_OK)
            return STEP_FAIL;
        for (uint32_t i = 0; i < *count; i++)
            if ((*column)[i] == (uint32_t)found)
                return step_fail(s, EX_USAGE, NOWHERE, "--%s names column '%.*s' twice", option,
                                 (int)name.len, name.at);
        (*column)[(*count)++] = (uint32_t)found;
    }
    return STEP_OK;
}

int step_need(struct step *s, uint32_t column)
{
    s->need[column] = true;
    return STEP_OK;
}

int step_need_all(struct step *s)
{
    memset(s->need, true, s->in->columns * sizeof *s->need);
    return STEP_OK;
}

void step_late(struct step *s)
{
    s->late = true;
}

void step_alone(struct step *s)
{
    s->alone = true;
}

void step_places(struct step *s)
{
    s->places = true;
}

void step_rowwise(struct step *s)
{
    s->rowwise = true;
}

/* ---- side inputs ---- */

static const struct table *await(struct step *s, const char *file, const struct schema *promised)
{
    struct awaited *a = arena_zalloc(s->arena, sizeof *a);
    a->table = arena_zalloc(s->arena, sizeof *a->table);
    a->table->schema = promised;
    a->table->name = file;
    a->file = file;
    a->next = s->awaited;
    s->awaited = a;
    return a->table;
}

static int slurp(struct step *s, const char *file, struct text *out)
{
    char *bytes;
    size_t len;
    const char *path = files_resolve(s->run->files, file);
    if (input_slurp(path, file, SIDE_INPUT_MOST, &bytes, &len, &s->run->error) < 0)
        return STEP_FAIL;
    *out = (struct text){arena_copy(s->arena, bytes, len), (uint32_t)len};
    free(bytes);
    return STEP_OK;
}

const struct table *step_table_file(struct step *s, const char *file)
{
    const struct schema *promised = s->run->promised ? s->run->promised(s->run, file) : NULL;
    struct text bytes;
    if (promised)
        return await(s, file, promised);
    if (slurp(s, file, &bytes) != STEP_OK)
        return NULL;
    return table_parse(s->arena, file, bytes.at, bytes.len, &s->run->error);
}

static bool unmade(const struct step *s, const char *file)
{
    return s->run->unmade && s->run->unmade(s->run, file);
}

/* What makes it stands earlier, or nobody knew its name: rules that the run itself makes. */
const struct table *step_table_named(struct step *s, const char *file)
{
    if (unmade(s, file)) {
        step_fail(s, EX_CONFIG, NOWHERE,
                  "%s is named by what this run makes, and is itself not made yet: make one of "
                  "them in a run before",
                  file);
        return NULL;
    }
    struct named_file *named = arena_zalloc(s->arena, sizeof *named);
    *named = (struct named_file){s->named, file};
    s->named = named;
    return step_table_file(s, file);
}

static bool is_list(const struct step *s, const char *option)
{
    for (uint32_t i = 0; i < s->options.count; i++)
        if (strcmp(s->options.value[i].spec->name, option) == 0)
            return s->options.value[i].spec->kind == OPTION_LIST;
    return false;
}

const struct table *step_table(struct step *s, const char *option, uint32_t n)
{
    const char *file = step_option_nth(s, option, n);
    if (!file)
        return NULL;
    if (is_list(s, option) && reference_exists(file))
        return step_reference(s, file);
    return step_table_file(s, file);
}

struct text step_bytes(struct step *s, const char *option)
{
    const char *file = step_option(s, option);
    struct text bytes = {NULL, 0};
    if (file)
        slurp(s, file, &bytes);
    return bytes;
}

struct text step_peek(struct step *s, const char *option)
{
    const char *file = step_option(s, option);
    struct error ignored = {0};
    char *bytes;
    size_t len;
    if (!file || unmade(s, file) ||
        input_slurp(files_resolve(s->run->files, file), file, SIDE_INPUT_MOST, &bytes, &len,
                    &ignored) < 0)
        return (struct text){NULL, 0};
    struct text out = {arena_copy(s->arena, bytes, len), (uint32_t)len};
    free(bytes);
    return out;
}

const struct table *step_reference(struct step *s, const char *name)
{
    return reference_table(s->arena, name, &s->run->error);
}

/* ---- ports ---- */

static unsigned add_port(struct step *s, const char *option, const struct schema *schema)
{
    const char *file = step_option(s, option);
    if (!file)
        return 0;
    struct port *p = &s->port[s->ports];
    p->wanted = true;
    p->to_file = !s->copy;
    p->file = file;
    p->schema = schema;
    p->bytes = !schema;
    return s->ports++;
}

void step_numbers(struct step *s, unsigned port, uint32_t column)
{
    if (port)
        s->port[port].number = (int)column;
}

unsigned step_port(struct step *s, const char *option, const struct schema *columns)
{
    return add_port(s, option, columns);
}

unsigned step_port_bytes(struct step *s, const char *option)
{
    return add_port(s, option, NULL);
}

/* ---- messages and accounts ---- */

int step_fail(struct step *s, int code, struct place place, const char *format, ...)
{
    char message[sizeof s->run->error.message];
    va_list list;
    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    error_set(&s->run->error, code, place, "%s", message);
    if (!s->run->error.stage)
        s->run->error.stage = s->stage->name;
    if (!s->run->error.place.file)
        s->run->error.place = s->place;
    return STEP_FAIL;
}

void step_warn(struct step *s, struct place place, const char *format, ...)
{
    struct error warning = {.stage = s->stage->name};
    char message[sizeof warning.message];
    va_list list;
    if (s->quiet)
        return;
    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    error_set(&warning, EX_DATAERR, place, "warning: %s", message);
    error_print(&warning, stderr);
}

void step_count(struct step *s, enum step_account what, uint64_t rows)
{
    s->count[what] += rows;
}

const char *step_quote(struct step *s, struct text cell)
{
    if (!s->run->show_values)
        return "";
    return arena_print(s->batch_arena, " \"%.*s\"", (int)(cell.len > 200 ? 200 : cell.len),
                       cell.at);
}

/* ---- rejects ---- */

static const struct schema *reject_schema(struct step *s)
{
    struct schema *schema = schema_new(s->arena);
    schema_add(schema, TEXT("file"));
    schema_add(schema, TEXT("line"));
    schema_add(schema, TEXT("column"));
    schema_add(schema, TEXT("reason"));
    schema_add(schema, TEXT("record"));
    return schema;
}

/* Neither lines that were read nor those of --origin are known: rows go by their numbers. */
static bool reject_numbers(const struct step *s)
{
    bool origin = s->origin_file != NO_COLUMN && s->origin_line != NO_COLUMN;
    return !origin && !(s->stage->flags & STAGE_FOREIGN);
}

unsigned step_reject_port(struct step *s)
{
    s->reject_port = step_port(s, "rejects", reject_schema(s));
    if (s->reject_port && reject_numbers(s))
        step_numbers(s, s->reject_port, 1);
    if (s->reject_port && s->in)
        step_need_all(s);
    return s->reject_port;
}

struct text record_escape(struct arena *a, struct text record)
{
    static const char hex[] = "0123456789ABCDEF";
    unsigned char last = utf8_valid(record.at, record.len) ? 0xff : 0x7e;
    char *out = arena_array(a, record.len, 3), *to = out;
    for (uint32_t i = 0; i < record.len; i++) {
        unsigned char c = (unsigned char)record.at[i];
        if (c >= 0x20 && c != '%' && c != 0x7f && c <= last) {
            *to++ = (char)c;
            continue;
        }
        *to++ = '%';
        *to++ = hex[c >> 4];
        *to++ = hex[c & 15];
    }
    return (struct text){out, (uint32_t)(to - out)};
}

static struct text record_of(const struct batch *b, uint32_t row)
{
    size_t size = WRITER_SLACK;
    for (uint32_t c = 0; c < b->schema->columns; c++)
        size += 2 * (size_t)batch_text(b, c)[row].len + 3;
    char *out = arena_alloc(b->arena, size), *to = out;
    for (uint32_t c = 0; c < b->schema->columns; c++) {
        if (c)
            *to++ = ',';
        to = writer_cell(to, batch_text(b, c)[row]);
    }
    return record_escape(b->arena, (struct text){out, (uint32_t)(to - out)});
}

/* `-` and the number of the row in this step's input. */
static void reject_rows(struct step *s, struct batch *out, const uint32_t *pick)
{
    struct text *file = batch_new_text(out, 0);
    struct decimal *number = batch_new_decimal(out, 1);
    for (uint32_t i = 0; i < out->rows; i++) {
        file[i] = TEXT("-");
        number[i] = decimal_of((int64_t)(s->rows_before + pick[i] + 1));
    }
}

/* File and line: where a stage that reads foreign files read them, or those of ingest --origin. */
static void reject_lines(struct step *s, struct batch *out, const struct batch *b,
                         const uint32_t *pick)
{
    const uint64_t *read = s->stage->flags & STAGE_FOREIGN ? batch_lines(b) : NULL;
    struct text *file = batch_new_text(out, 0), *line = batch_new_text(out, 1);
    for (uint32_t i = 0; i < out->rows; i++) {
        if (read) {
            file[i] = text_of(b->source->file);
            line[i] = text_of(arena_print(b->arena, "%llu", (unsigned long long)read[pick[i]]));
        } else {
            file[i] = batch_text(b, (uint32_t)s->origin_file)[pick[i]];
            line[i] = batch_text(b, (uint32_t)s->origin_line)[pick[i]];
        }
    }
}

int step_reject(struct step *s, unsigned port, const struct batch *b, const uint32_t *pick,
                uint32_t rows, const struct text *column, const struct text *reason)
{
    struct batch *out = batch_new(b->arena, s->port[port].schema, rows);
    struct text *cell[5];
    step_count(s, COUNT_REJECTED, rows);
    if (reject_numbers(s))
        reject_rows(s, out, pick);
    else
        reject_lines(s, out, b, pick);
    for (uint32_t c = 2; c < 5; c++)
        cell[c] = batch_new_text(out, c);
    for (uint32_t i = 0; i < rows; i++) {
        cell[2][i] = column[i];
        cell[3][i] = reason[i];
        cell[4][i] = record_of(b, pick[i]);
    }
    return step_emit(s, port, out);
}
