/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain/chain.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "chain/lanes.h"
#include "chain/progress.h"
#include "io/csv_scan.h"
#include "table/grammar.h"
#include "table/reference.h"

const struct option_spec common_options[] = {
    {"threads", OPTION_INTEGER, "N", "threads for long inputs (default: as processors)", 0, ""},
    {"show-values", OPTION_FLAG, "", "messages may quote cells of the data", 0, ""},
    {"max-field", OPTION_INTEGER, "BYTES", "longest cell", 0, "1048576"},
    {"max-lines", OPTION_INTEGER, "N", "most lines of one quoted cell", 0, "1000"},
    {"max-record", OPTION_INTEGER, "BYTES", "longest record", 0, "67108864"},
    {"max-columns", OPTION_INTEGER, "N", "most columns", 0, "16384"},
    {"max-ratio", OPTION_INTEGER, "N", "largest expansion of a gzip file", 0, "500"},
    {.name = ""},
};

/* ---- building ---- */

static int refuse(struct run *run, struct place place, const char *stage, const char *message)
{
    error_set(&run->error, EX_USAGE, place, "%s", message);
    if (!run->error.stage)
        run->error.stage = stage;
    return -1;
}

static struct step *make_step(struct chain *c, const struct command *command)
{
    struct run *run = c->run;
    const struct stage *stage = stage_find(command->argv[0]);
    if (!stage) {
        error_set(&run->error, EX_USAGE, command->place,
                  "there is no stage '%s'; `marsad help` lists them", command->argv[0]);
        return NULL;
    }
    struct step *s = step_new(run, stage);
    s->place = command->place;
    if (options_parse(s->arena, stage->options, common_options, command->argc - 1,
                      command->argv + 1, &s->options, &run->error) < 0) {
        run->error.place = command->place;
        run->error.stage = stage->name;
        step_free(s);
        return NULL;
    }
    run->show_values |= options_count(&s->options, "show-values") > 0;
    return s;
}

static bool is_input(const struct option_value *v)
{
    return v->spec->kind == OPTION_INPUT;
}

static bool has_tables(const struct step *s)
{
    for (uint32_t i = 0; i < s->options.count; i++)
        if (s->options.value[i].spec->kind == OPTION_TABLES)
            return true;
    return false;
}

/* A step that is fed by nothing: its tables are named on the command line. */
static bool needs_no_input(const struct step *s)
{
    return (s->stage->flags & STAGE_NO_INPUT) || has_tables(s);
}

static void collect_inputs(struct chain *c, const char *redirected)
{
    const struct options *o = &c->step[0]->options;
    c->input = arena_array(c->arena, o->count + 1, sizeof *c->input);
    for (uint32_t i = 0; i < o->count; i++)
        if (is_input(&o->value[i]))
            c->input[c->inputs++] = o->value[i].value;
    if (redirected)
        c->input[c->inputs++] = redirected;
    if (c->inputs == 0 && !needs_no_input(c->step[0]))
        c->input[c->inputs++] = "-";
}

bool chain_limits_reading(const struct step *s)
{
    for (const struct option_spec *o = common_options; *o->name; o++)
        if (text_starts(text_of(o->name), TEXT("max-")) && options_count(&s->options, o->name))
            return true;
    return false;
}

/* Behind a pipe: why the step cannot stand there, or NULL. */
static const char *misplaced(const struct step *s)
{
    for (uint32_t o = 0; o < s->options.count; o++)
        if (is_input(&s->options.value[o]))
            return "reads from the pipe, so it takes no FILE here";
    if (needs_no_input(s) || (s->stage->flags & STAGE_FOREIGN))
        return "reads files of its own, so it can only come first in a pipe";
    if (chain_limits_reading(s))
        return "is handed rows that are read already: give --max-* to the first stage of the pipe";
    return NULL;
}

static int check_inputs(struct chain *c, const struct pipeline *p)
{
    if (p->input && c->inputs > 1)
        return refuse(c->run, p->place, c->step[0]->stage->name,
                      "gets its input twice: a FILE and `<`");
    for (uint32_t i = 1; i < c->steps; i++) {
        const char *why = misplaced(c->step[i]);
        if (why)
            return refuse(c->run, p->command[i].place, c->step[i]->stage->name, why);
    }
    return 0;
}

/* Only a file or export may follow a stage whose columns come from the data or that makes bytes. */
static int check_followers(struct chain *c, const struct pipeline *p)
{
    for (uint32_t i = 0; i + 1 < c->steps; i++)
        if (c->step[i]->stage->flags & STAGE_BYTES)
            return refuse(c->run, p->command[i + 1].place, c->step[i + 1]->stage->name,
                          "nothing can follow a stage that writes finished files");
    return 0;
}

static int make_steps(struct chain *c, const struct pipeline *p)
{
    c->step = arena_zarray(c->arena, p->commands, sizeof *c->step);
    for (uint32_t i = 0; i < p->commands; i++) {
        c->step[i] = make_step(c, &p->command[i]);
        if (!c->step[i])
            return -1;
        c->steps++;
        if (i)
            step_connect(c->step[i - 1], c->step[i]);
    }
    return 0;
}

struct chain *chain_new(struct run *run, const struct pipeline *p)
{
    struct chain *c = memory_zalloc(sizeof *c);
    c->run = run;
    c->arena = arena_new();
    c->place = p->place;
    if (make_steps(c, p) < 0) {
        chain_free(c);
        return NULL;
    }
    collect_inputs(c, p->input);
    struct step *last = c->step[c->steps - 1];
    const char *own = last->stage->flags & STAGE_BYTES ? step_option(last, "output") : NULL;
    c->output = p->output ? p->output : own;
    step_write_to(last, c->output);
    if (check_inputs(c, p) < 0 || check_followers(c, p) < 0) {
        chain_free(c);
        return NULL;
    }
    return c;
}

void chain_free(struct chain *c)
{
    if (!c)
        return;
    reader_close(c->reader);
    for (uint32_t i = 0; i < c->steps; i++)
        step_free(c->step[i]);
    free(c->blocks.before);
    arena_free(c->arena);
    free(c);
}

/* ---- its files ---- */

struct file_list {
    struct arena *arena;
    const char **file;
    uint32_t count, room;
};

static void add_file(struct file_list *l, const char *file)
{
    l->file = arena_grow(l->arena, l->file, l->count, &l->room, sizeof *l->file);
    l->file[l->count++] = file;
}

/* NAME=FILE[,FILE] */
static void add_tables(struct file_list *l, const char *value)
{
    const char *equals = strchr(value, '=');
    struct text list = text_of(equals ? equals + 1 : value), file;
    while (text_next(&list, ',', &file))
        add_file(l, text_copy(l->arena, file).at);
}

static void add_side_reads(struct file_list *l, const struct option_value *v)
{
    switch (v->spec->kind) {
    case OPTION_TABLE:
    case OPTION_BYTES:
        add_file(l, v->value);
        break;
    case OPTION_LIST:
        if (!reference_exists(v->value) && !grammar_of(v->value))
            add_file(l, v->value);
        break;
    case OPTION_TABLES:
    case OPTION_NAMED:
        add_tables(l, v->value);
        break;
    default:
        break;
    }
}

static void add_early_reads(struct file_list *l, const struct option_value *v)
{
    if (v->spec->kind == OPTION_BYTES || (v->spec->flags & OPTION_WHOLE))
        add_side_reads(l, v);
}

static void add_name(void *list, const char *file)
{
    add_file(list, file);
}

static void add_names(const struct chain *c, struct file_list *l)
{
    for (uint32_t i = 0; i < c->steps; i++)
        if (c->step[i]->stage->names)
            c->step[i]->stage->names(c->step[i], add_name, l);
}

static void for_options(const struct chain *c, struct file_list *l,
                        void (*add)(struct file_list *, const struct option_value *))
{
    for (uint32_t i = 0; i < c->steps; i++)
        for (uint32_t o = 0; o < c->step[i]->options.count; o++)
            add(l, &c->step[i]->options.value[o]);
}

uint32_t chain_side_reads(const struct chain *c, struct arena *a, const char ***file)
{
    struct file_list l = {.arena = a};
    for_options(c, &l, add_side_reads);
    add_names(c, &l);
    *file = l.file;
    return l.count;
}

uint32_t chain_early_reads(const struct chain *c, struct arena *a, const char ***file)
{
    struct file_list l = {.arena = a};
    for_options(c, &l, add_early_reads);
    add_names(c, &l);
    *file = l.file;
    return l.count;
}

uint32_t chain_reads(const struct chain *c, struct arena *a, const char ***file)
{
    struct file_list l = {.arena = a};
    for (uint32_t i = 0; i < c->inputs; i++)
        if (strcmp(c->input[i], "-") != 0)
            add_file(&l, c->input[i]);
    for_options(c, &l, add_side_reads);
    add_names(c, &l);
    *file = l.file;
    return l.count;
}

static void add_writes(struct file_list *l, const struct option_value *v)
{
    if (v->spec->kind == OPTION_OUTPUT)
        add_file(l, v->value);
}

uint32_t chain_writes(const struct chain *c, struct arena *a, const char ***file)
{
    struct file_list l = {.arena = a};
    const struct step *last = c->step[c->steps - 1];
    bool told = c->output && c->output == step_option(last, "output");
    if (c->output && !told)
        add_file(&l, c->output);
    for_options(c, &l, add_writes);
    *file = l.file;
    return l.count;
}

/* ---- the source ---- */

static uint32_t limit(struct chain *c, const char *name, long long low, long long high,
                      uint32_t otherwise)
{
    long long value = otherwise;
    options_integer(&c->step[0]->options, name, low, high, otherwise, &value, &c->run->error);
    return (uint32_t)value;
}

static int check_isa(struct chain *c)
{
    if (csv_isa())
        return 0;
    return refuse(
        c->run, NOWHERE, c->step[0]->stage->name,
        "MARSAD_ISA names a path that this machine has not (avx512, avx2, sse2, portable)");
}

static int set_rules(struct chain *c)
{
    struct csv_rules *rules = &c->spec.rules;
    *rules = csv_rules_default;
    rules->max_field = limit(c, "max-field", 1, 1 << 30, rules->max_field);
    rules->max_lines = limit(c, "max-lines", 1, 1 << 30, rules->max_lines);
    rules->max_record = limit(c, "max-record", 1, 1 << 30, rules->max_record);
    rules->max_columns = limit(c, "max-columns", 1, 1 << 20, rules->max_columns);
    c->spec.max_ratio = limit(c, "max-ratio", 1, 1 << 20, INPUT_MAX_RATIO);
    const char *block = getenv("MARSAD_BLOCK");
    if (block && atol(block) >= 8)
        rules->block = (uint32_t)atol(block);
    return c->run->error.code ? -1 : 0;
}

static int set_dialect(struct chain *c)
{
    struct step *s = c->step[0];
    struct dialect d = {.delimiter = ',', .header = 1};
    if (!(s->stage->flags & STAGE_FOREIGN))
        return 0;
    if (s->stage->dialect(s, &d) != STEP_OK)
        return -1;
    c->spec.encoding = d.encoding;
    c->spec.header = d.header;
    c->spec.rules.strict = false;
    c->spec.rules.delimiter = d.delimiter;
    c->spec.rules.skip_blank = d.skip_blank;
    c->spec.rules.set_aside = d.set_aside;
    c->spec.open = d.open;
    c->spec.foreign = d.foreign;
    return 0;
}

static int set_spec(struct chain *c)
{
    const char **path = arena_array(c->arena, c->inputs, sizeof *path);
    const char **name = arena_array(c->arena, c->inputs, sizeof *name);
    for (uint32_t i = 0; i < c->inputs; i++) {
        path[i] = files_resolve(c->run->files, c->input[i]);
        name[i] = strcmp(c->input[i], "-") == 0 ? "(standard input)" : c->input[i];
        if (strcmp(c->input[i], "-") == 0 && isatty(STDIN_FILENO))
            return refuse(c->run, NOWHERE, c->step[0]->stage->name,
                          "no FILE is given and standard input is a terminal; `--help` tells more");
    }
    c->spec.files = c->inputs;
    c->spec.path = path;
    c->spec.name = name;
    c->spec.header = 1;
    return check_isa(c) < 0 || set_rules(c) < 0 || set_dialect(c) < 0 ? -1 : 0;
}

static int open_reader(struct chain *c)
{
    if (set_spec(c) < 0)
        return -1;
    c->reader = reader_open(&c->spec, c->arena, &c->run->error);
    if (!c->reader && !c->run->error.stage)
        c->run->error.stage = c->step[0]->stage->name;
    return c->reader ? 0 : -1;
}

int chain_open(struct chain *c, const struct schema *promised)
{
    c->opened = true;
    c->promised = promised;
    if (c->inputs == 0)
        return step_open(c->step[0], NULL);
    if (!promised && open_reader(c) < 0)
        return -1;
    return step_open(c->step[0], promised ? promised : reader_schema(c->reader));
}

/* ---- running ---- */

/* An input that was only promised stands now. */
static int fetch_promised(struct chain *c)
{
    if (!c->promised)
        return 0;
    if (open_reader(c) < 0)
        return -1;
    bool same = schema_equal(reader_schema(c->reader), c->promised);
    if (!same && c->inputs > 1)
        return error_set(&c->run->error, EX_DATAERR, (struct place){c->input[0], 1, 0},
                         "its columns are not those of the files that are read together with it");
    if (!same)
        error_bug("a file of the run has not the columns that its chain promised");
    return 0;
}

static void tell_needs(struct chain *c)
{
    uint32_t columns = reader_schema(c->reader)->columns;
    bool *need = arena_zarray(c->arena, columns, sizeof *need);
    step_needs(c->step[0], need);
    for (uint32_t i = 0; i < columns; i++)
        if (need[i])
            reader_need(c->reader, i);
}

/* The name of the column at fault, or where in the line the fault is. */
static struct text fault_column(const struct batch *b, const struct csv_fault *f)
{
    for (uint32_t c = 0; f->field && c < b->schema->columns; c++)
        if (b->column[c]->field == f->field)
            return b->schema->name[c];
    return text_of(arena_print(b->arena, "%u", f->field ? f->field : f->place.column));
}

/* A record that the reader set aside becomes a row of --rejects. */
static int emit_fault(struct step *s, const struct csv_chunk *chunk, const struct batch *b)
{
    const struct csv_fault *f = chunk->fault;
    struct arena *a = b->arena;
    s->rows_in += chunk->blanks + (f != NULL);
    step_count(s, COUNT_DROPPED, chunk->blanks);
    if (!f)
        return STEP_OK;
    step_count(s, COUNT_REJECTED, 1);
    struct batch *out = batch_new(a, s->port[s->reject_port].schema, 1);
    batch_fill_text(out, 0, text_of(f->place.file));
    batch_fill_text(out, 1, text_of(arena_print(a, "%llu", (unsigned long long)f->place.line)));
    batch_fill_text(out, 2, fault_column(b, f));
    batch_fill_text(out, 3, text_of(f->reason));
    batch_fill_text(out, 4, record_escape(a, f->record));
    return step_emit(s, s->reject_port, out);
}

/* The rows of a batch, then the record behind them: rejects stand in the order of the file. */
int chain_push(struct step *first, struct batch *b, const struct csv_chunk *chunk)
{
    int status = step_push(first, b);
    if (status == STEP_FAIL || emit_fault(first, chunk, b) == STEP_FAIL)
        return STEP_FAIL;
    return status;
}

static int pump(struct chain *c, struct progress *progress)
{
    struct arena *a = arena_new();
    struct batch *b;
    const struct csv_chunk *chunk;
    int got = 1, status = STEP_OK;
    uint64_t rows = 0, alone = lanes_alone(c);
    uint32_t lanes = 0; /* not asked for yet */
    while (status == STEP_OK) {
        got = reader_next(c->reader, a, c->run->batch_rows, &b, &chunk, &c->run->error);
        if (got <= 0)
            break;
        rows += b->rows;
        status = chain_push(c->step[0], b, chunk);
        if (!c->forms) {
            c->forms = arena_array(c->arena, b->schema->columns, sizeof *c->forms);
            batch_note_forms(b, c->forms);
        }
        progress_tell(progress, rows, reader_done(c->reader), reader_size(c->reader));
        arena_reset(a);
        if (!lanes && reader_done(c->reader) > alone) {
            memory_prepare();
            lanes = lanes_wanted(c);
        }
        if (status == STEP_OK && lanes > 1) {
            reader_ahead(c->reader);
            c->run->threads = lanes;
            status = lanes_run(c, lanes, progress);
            break;
        }
    }
    progress_clear(progress);
    arena_free(a);
    status = got < 0 ? STEP_FAIL : status;
    if (status == STEP_FAIL && !c->run->error.stage)
        c->run->error.stage = c->step[0]->stage->name;
    return status;
}

int chain_run(struct chain *c, struct progress *progress)
{
    progress_stage(progress, c->step[c->steps - 1]->stage->name);
    if (fetch_promised(c) < 0)
        return STEP_FAIL;
    if (c->reader)
        tell_needs(c);
    if (step_start(c->step[0]) != STEP_OK)
        return STEP_FAIL;
    if (c->reader && pump(c, progress) == STEP_FAIL)
        return STEP_FAIL;
    reader_close(c->reader);
    c->reader = NULL;
    c->done = true;
    return step_finish(c->step[0]);
}
