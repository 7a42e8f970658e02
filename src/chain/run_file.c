/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain/run_file.h"

#include <stdlib.h>
#include <string.h>

#include "chain/plan.h"
#include "io/input.h"

enum { DEPTH = 16, LARGEST = 16 * 1024 * 1024 };

const struct option_spec run_options[] = {
    {"FILE", OPTION_TEXT, "FILE", "the pipeline file", OPTION_REQUIRED, ""},
    {"NAME=VALUE", OPTION_TEXT, "NAME=VALUE", "variables for the file", OPTION_REPEAT, ""},
    {"manifest", OPTION_TEXT, "FILE", "write what was done: inputs with SHA-256, counts, outputs",
     0, ""},
    {.name = ""},
};

/* Variables given by one `run`, in front of those of the file that includes it. */
struct variables {
    const struct variables *outer;
    uint32_t count;
    const char *const *assignment;
};

struct collection {
    struct arena *arena;
    struct pipeline *pipeline;
    uint32_t count, room;
    struct error error;
    const char *text; /* of the outermost file */
};

static const char *lookup(void *context, const char *name)
{
    size_t n = strlen(name);
    for (const struct variables *v = context; v; v = v->outer)
        for (uint32_t i = v->count; i-- > 0;)
            if (strncmp(v->assignment[i], name, n) == 0 && v->assignment[i][n] == '=')
                return v->assignment[i] + n + 1;
    return getenv(name);
}

static void keep(struct collection *c, const struct pipeline *p)
{
    c->pipeline = arena_grow(c->arena, c->pipeline, c->count, &c->room, sizeof *c->pipeline);
    c->pipeline[c->count++] = *p;
}

static int collect(struct collection *, const char *path, struct variables *, int depth);

static int include(struct collection *c, const struct pipeline *p, const struct variables *outer,
                   int depth)
{
    const struct command *run = &p->command[0];
    struct variables inner = {outer, (uint32_t)run->argc - 2, NULL};
    const char **assignment = arena_array(c->arena, (size_t)run->argc, sizeof *assignment);
    for (int i = 2; i < run->argc; i++)
        assignment[i - 2] = run->argv[i];
    inner.assignment = assignment;
    if (depth == DEPTH)
        return error_set(&c->error, EX_CONFIG, run->place, "pipeline files include each other");
    return collect(c, run->argv[1], &inner, depth + 1);
}

static int collect(struct collection *c, const char *path, struct variables *v, int depth)
{
    struct pipeline_file file;
    char *bytes;
    size_t len;
    if (input_slurp(path, path, LARGEST, &bytes, &len, &c->error) < 0)
        return -1;
    const char *text = arena_copy(c->arena, bytes, len);
    free(bytes);
    if (depth == 0)
        c->text = text;
    if (pipeline_parse(c->arena, path, text, len, lookup, v, &file, &c->error) < 0)
        return -1;
    for (uint32_t i = 0; i < file.count; i++) {
        if (!file.pipeline[i].include)
            keep(c, &file.pipeline[i]);
        else if (include(c, &file.pipeline[i], v, depth) < 0)
            return -1;
    }
    return 0;
}

static int take_variables(struct arena *a, const struct options *o, struct variables *v,
                          struct error *e)
{
    v->count = options_count(o, "NAME=VALUE");
    const char **assignment = arena_array(a, v->count + 1, sizeof *assignment);
    for (uint32_t i = 0; i < v->count; i++) {
        assignment[i] = options_get(o, "NAME=VALUE", i);
        if (!pipeline_is_assignment(assignment[i]))
            return error_set(e, EX_USAGE, NOWHERE, "an operand after FILE must be NAME=VALUE");
    }
    v->assignment = assignment;
    return 0;
}

static int run_collected(struct collection *c, const struct options *o)
{
    struct plan_options plan = {
        .manifest = options_get(o, "manifest", 0),
        .text = c->text,
        .text_name = options_get(o, "FILE", 0),
        .progress = true,
    };
    return plan_run(c->pipeline, c->count, &plan);
}

int run_file(int argc, char *const *argv)
{
    struct collection c = {.arena = arena_new()};
    struct options o;
    struct variables v = {0};
    int code;
    if (options_parse(c.arena, run_options, NULL, argc, argv, &o, &c.error) < 0 ||
        take_variables(c.arena, &o, &v, &c.error) < 0 ||
        collect(&c, options_get(&o, "FILE", 0), &v, 0) < 0) {
        c.error.stage = "run";
        error_print(&c.error, stderr);
        code = c.error.code;
    } else {
        code = run_collected(&c, &o);
    }
    arena_free(c.arena);
    return code;
}
