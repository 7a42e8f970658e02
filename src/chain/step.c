/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of a step: open, start, push, finish; and what it emits. */
#include "chain/step.h"

#include <stdlib.h>

#include "base/memory.h"
#include "io/input.h"
#include "table/writer.h"

enum { PORTS = 16 };

struct step *step_new(struct run *run, const struct stage *stage)
{
    struct step *s = memory_zalloc(sizeof *s);
    s->stage = stage;
    s->run = run;
    s->arena = arena_new();
    s->batch_arena = arena_new();
    s->state = arena_zalloc(s->arena, stage->state_size);
    s->port = arena_zarray(s->arena, PORTS, sizeof *s->port);
    s->ports = 1;
    for (int i = 0; i < PORTS; i++)
        s->port[i].number = NO_COLUMN;
    s->origin_file = s->origin_line = NO_COLUMN;
    s->rowwise = (stage->flags & STAGE_ROWWISE) != 0;
    s->port[0].bytes = (stage->flags & STAGE_BYTES) != 0;
    s->late = (stage->flags & STAGE_LATE) != 0;
    return s;
}

void step_free(struct step *s)
{
    if (s->opened && s->stage->close)
        s->stage->close(s);
    arena_free(s->batch_arena);
    arena_free(s->arena);
    free(s);
}

static int failed(struct step *s)
{
    if (!s->run->error.code)
        error_set(&s->run->error, EX_SOFTWARE, NOWHERE, "the stage failed without saying why");
    if (!s->run->error.stage)
        s->run->error.stage = s->stage->name;
    if (!s->run->error.place.file)
        s->run->error.place = s->place;
    return STEP_FAIL;
}

void step_connect(struct step *s, struct step *next)
{
    struct port *p = &s->port[0];
    struct step **list = arena_array(s->arena, p->nexts + 1, sizeof *list);
    if (p->nexts)
        memcpy(list, p->next, p->nexts * sizeof *list);
    list[p->nexts++] = next;
    p->next = list;
    p->wanted = true;
}

void step_write_to(struct step *s, const char *file)
{
    s->port[0].to_file = s->port[0].wanted = true;
    s->port[0].file = file;
}

/* ---- open ---- */

static int open_next(struct step *s)
{
    for (uint32_t i = 0; i < s->port[0].nexts; i++)
        if (step_open(s->port[0].next[i], s->out) < 0)
            return STEP_FAIL;
    return STEP_OK;
}

static void prepare(struct step *s, const struct schema *in)
{
    uint32_t columns = in ? in->columns : 0;
    s->in = in;
    s->out = schema_new(s->arena);
    s->need = arena_zarray(s->arena, columns, sizeof *s->need);
    if (!in)
        return;
    s->origin_file = schema_find(in, TEXT("file"));
    s->origin_line = schema_find(in, TEXT("line"));
}

/* Where no step_pass() told otherwise, a column that keeps its name is passed on. */
static void pass_by_name(struct step *s)
{
    const int *told = s->pass;
    uint32_t n = s->out->columns;
    s->pass = arena_array(s->arena, n, sizeof *s->pass);
    for (uint32_t o = 0; o < n; o++) {
        s->pass[o] = s->in ? schema_find(s->in, s->out->name[o]) : NO_COLUMN;
        if (o < s->passes && told[o] != NO_COLUMN)
            s->pass[o] = told[o];
    }
}

int step_open(struct step *s, const struct schema *in)
{
    prepare(s, in);
    s->opened = true;
    if (s->stage->open(s, in, s->out) != STEP_OK)
        return failed(s);
    if (s->late)
        return STEP_OK;
    pass_by_name(s);
    s->port[0].schema = s->port[0].bytes ? NULL : s->out;
    return open_next(s);
}

void step_pass(struct step *s, uint32_t from, uint32_t to)
{
    size_t room = 16;
    while (room <= to)
        room *= 2;
    if (room > s->passes) {
        int *more = arena_array(s->arena, room, sizeof *more);
        for (size_t i = 0; i < room; i++)
            more[i] = i < s->passes ? s->pass[i] : NO_COLUMN;
        s->pass = more;
        s->passes = room;
    }
    s->pass[to] = (int)from;
}

/* Marks in `wanted` the columns of s->out that are read behind port 0. */
static void wanted_columns(const struct step *s, bool *wanted)
{
    if (s->port[0].to_file)
        memset(wanted, true, s->out->columns * sizeof *wanted);
    for (uint32_t i = 0; i < s->port[0].nexts; i++)
        step_needs(s->port[0].next[i], wanted);
}

void step_needs(const struct step *s, bool *need)
{
    if (!s->in)
        return;
    for (uint32_t c = 0; c < s->in->columns; c++)
        need[c] |= s->need[c];
    if (s->late)
        return;
    bool *wanted = memory_zalloc(s->out->columns + 1);
    wanted_columns(s, wanted);
    for (uint32_t o = 0; o < s->out->columns; o++)
        if (wanted[o] && s->pass[o] != NO_COLUMN)
            need[s->pass[o]] = true;
    free(wanted);
}

/* ---- start ---- */

static int begin_port(struct step *s, struct port *p)
{
    if (p->begun)
        return STEP_OK;
    p->begun = true;
    if (p->to_file) {
        p->output = files_output(s->run->files, p->file, &s->run->error);
        if (!p->output)
            return failed(s);
        if (s->reject_port && p == &s->port[s->reject_port])
            output_private(p->output);
        if (p->schema && writer_header(p->output, p->schema, &s->run->error) == OUTPUT_FAILED)
            return failed(s);
    }
    for (uint32_t i = 0; i < p->nexts; i++)
        if (step_start(p->next[i]) != STEP_OK)
            return STEP_FAIL;
    return STEP_OK;
}

/* Reads the side tables that other chains of the run have made by now. */
static int fetch_awaited(struct step *s)
{
    for (struct awaited *a = s->awaited; a; a = a->next) {
        const struct schema *promised = a->table->schema;
        char *bytes;
        size_t len;
        if (input_slurp(files_resolve(s->run->files, a->file), a->file, SIZE_MAX / 4, &bytes, &len,
                        &s->run->error) < 0)
            return failed(s);
        const struct table *t = table_parse(s->arena, a->file, bytes, len, &s->run->error);
        free(bytes);
        if (!t)
            return failed(s);
        if (!schema_equal(t->schema, promised))
            error_bug("a file of the run has not the columns that its chain promised");
        *a->table = *t;
    }
    return STEP_OK;
}

int step_start(struct step *s)
{
    if (fetch_awaited(s) != STEP_OK)
        return STEP_FAIL;
    if (s->stage->start && s->stage->start(s) != STEP_OK)
        return failed(s);
    for (uint32_t i = s->late ? 1 : 0; i < s->ports; i++)
        if (begin_port(s, &s->port[i]) != STEP_OK)
            return STEP_FAIL;
    return STEP_OK;
}

/* A late stage knows its columns now: opens and starts what is behind it. */
static int begin_late(struct step *s)
{
    if (!s->late || s->port[0].begun)
        return STEP_OK;
    s->port[0].schema = s->port[0].bytes ? NULL : s->out;
    if (open_next(s) != STEP_OK)
        return STEP_FAIL;
    return begin_port(s, &s->port[0]);
}

/* ---- push and emit ---- */

static bool port_stopped(const struct port *p)
{
    if (p->output && !output_is_closed(p->output))
        return false;
    for (uint32_t i = 0; i < p->nexts; i++)
        if (!p->next[i]->stopped)
            return false;
    return true;
}

/* A step stops when nobody takes its main output and it has no side output. */
static int stop_or_go(struct step *s)
{
    bool side = s->ports > 1;
    s->stopped = port_stopped(&s->port[0]) && !side;
    return s->stopped ? STEP_STOP : STEP_OK;
}

int step_push(struct step *s, struct batch *b)
{
    if (s->stopped)
        return STEP_STOP;
    s->rows_in += b->rows;
    int status = s->stage->push(s, b);
    s->rows_before += b->rows;
    if (status < 0)
        return failed(s);
    return s->stopped ? STEP_STOP : STEP_OK;
}

int step_emit(struct step *s, unsigned port, struct batch *b)
{
    struct port *p = &s->port[port];
    if (s->catch && (port || s->ends)) {
        catch_add(s->catch, (struct caught){b, NULL, s->index, port});
        return STEP_OK;
    }
    if (port == 0 && begin_late(s) != STEP_OK)
        return STEP_FAIL;
    if (port == 0)
        s->rows_out += b->rows;
    if (b->rows == 0)
        return STEP_OK;
    if (p->output && writer_batch(p->output, b, &s->run->error) == OUTPUT_FAILED)
        return failed(s);
    for (uint32_t i = 0; i < p->nexts; i++)
        if (step_push(p->next[i], b) == STEP_FAIL)
            return STEP_FAIL;
    return port ? STEP_OK : stop_or_go(s);
}

int step_write(struct step *s, unsigned port, const void *bytes, size_t n)
{
    struct port *p = &s->port[port];
    if (p->output && output_write(p->output, bytes, n, &s->run->error) == OUTPUT_FAILED)
        return failed(s);
    return port ? STEP_OK : stop_or_go(s);
}

struct batch *step_batch(struct step *s, const struct schema *schema, uint32_t rows)
{
    arena_reset(s->batch_arena);
    struct batch *b = batch_new(s->batch_arena, schema, rows);
    b->sequence = s->sequence++;
    return b;
}

/* ---- copies ---- */

struct step *step_copy(const struct step *s, struct run *run)
{
    struct step *copy = step_new(run, s->stage);
    copy->place = s->place;
    struct dialect ignored = {.delimiter = ','};
    copy->options = s->options;
    copy->opened = copy->copy = copy->quiet = true;
    if ((s->stage->dialect && s->stage->dialect(copy, &ignored) != STEP_OK) ||
        step_open(copy, s->in) != STEP_OK || step_start(copy) != STEP_OK) {
        failed(copy);
        step_free(copy);
        return NULL;
    }
    copy->quiet = false;
    return copy;
}

void step_catch(struct step *s, struct catch *catch, uint32_t index, bool ends)
{
    s->catch = catch;
    s->index = index;
    s->ends = ends;
}

void catch_add(struct catch *c, struct caught item)
{
    c->item = memory_grow(c->item, &c->room, c->count + 1, sizeof *c->item);
    c->item[c->count++] = item;
}

uint64_t step_number(const struct step *s, uint64_t place)
{
    uint64_t block = place >> 32;
    if (block == 0 || !s->blocks)
        return place;
    return s->blocks->before[(block - 1) * s->blocks->steps + s->index] + (uint32_t)place;
}

int step_replay(struct step *s, const struct caught *item, uint64_t before)
{
    int c = s->port[item->port].number;
    struct decimal *place = c == NO_COLUMN ? NULL : item->batch->column[c]->decimal;
    for (uint32_t i = 0; place && i < item->batch->rows; i++)
        place[i] = decimal_of((int64_t)(before + (uint32_t)place[i].mantissa));
    return step_emit(s, item->port, item->batch);
}

int step_merge(struct step *into, struct step *copy)
{
    if (into->stage->merge && into->stage->merge(into, copy) != STEP_OK)
        return failed(into);
    into->rows_in += copy->rows_in;
    into->rows_out += copy->rows_out;
    into->rows_before += copy->rows_in;
    for (int i = 0; i < COUNT_KINDS; i++)
        into->count[i] += copy->count[i];
    return STEP_OK;
}

/* ---- finish ---- */

static int check_accounts(struct step *s)
{
    if (s->stopped || s->port[0].bytes)
        return STEP_OK;
    uint64_t in = s->rows_in + s->count[COUNT_MADE];
    uint64_t out =
        s->rows_out + s->count[COUNT_REJECTED] + s->count[COUNT_DROPPED] + s->count[COUNT_FOLDED];
    if (in == out)
        return STEP_OK;
    error_set(&s->run->error, EX_SOFTWARE, NOWHERE,
              "the accounts of rows do not balance: %llu in + %llu made, but %llu out + %llu "
              "rejected + %llu dropped + %llu folded",
              (unsigned long long)s->rows_in, (unsigned long long)s->count[COUNT_MADE],
              (unsigned long long)s->rows_out, (unsigned long long)s->count[COUNT_REJECTED],
              (unsigned long long)s->count[COUNT_DROPPED],
              (unsigned long long)s->count[COUNT_FOLDED]);
    return failed(s);
}

int step_finish(struct step *s)
{
    if (s->finished)
        return STEP_OK;
    s->finished = true;
    if (!s->stopped && s->stage->finish && s->stage->finish(s) < 0)
        return failed(s);
    if (begin_late(s) != STEP_OK || check_accounts(s) != STEP_OK)
        return STEP_FAIL;
    for (uint32_t i = 0; i < s->port[0].nexts; i++)
        if (step_finish(s->port[0].next[i]) != STEP_OK)
            return STEP_FAIL;
    return STEP_OK;
}
