/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain/files.h"

#include <string.h>

#include "chain/order.h"

struct made {
    const char *name; /* normal form; NULL: standard output */
    struct output *output;
};

struct files {
    struct arena *arena;
    struct made *made;
    uint32_t count, room;
};

struct files *files_new(struct arena *a)
{
    struct files *f = arena_zalloc(a, sizeof *f);
    f->arena = a;
    return f;
}

void files_free(struct files *f)
{
    for (uint32_t i = 0; i < f->count; i++)
        output_free(f->made[i].output);
    f->count = 0;
}

static struct made *find(const struct files *f, const char *name)
{
    for (uint32_t i = 0; i < f->count; i++)
        if (name ? f->made[i].name && strcmp(f->made[i].name, name) == 0 : !f->made[i].name)
            return &f->made[i];
    return NULL;
}

static void keep(struct files *f, const char *name, struct output *output)
{
    f->made = arena_grow(f->arena, f->made, f->count, &f->room, sizeof *f->made);
    f->made[f->count++] = (struct made){name, output};
}

struct output *files_output(struct files *f, const char *path, struct error *e)
{
    const char *name = path ? path_normal(f->arena, path) : NULL;
    struct made *made = find(f, name);
    if (made && !path)
        return made->output;
    if (made) {
        error_set(e, EX_USAGE, (struct place){path, 0, 0}, "this file is written twice");
        return NULL;
    }
    struct output *output = output_open(path, e);
    if (output)
        keep(f, name, output);
    return output;
}

const char *files_resolve(const struct files *f, const char *path)
{
    struct made *made = find(f, path_normal(f->arena, path));
    const char *temporary = made ? output_temporary(made->output) : NULL;
    return temporary ? temporary : path;
}

int files_flush(struct files *f, struct error *e)
{
    int status = 0;
    for (uint32_t i = 0; i < f->count; i++)
        if (f->made[i].name && output_flush(f->made[i].output, e) == OUTPUT_FAILED)
            status = -1;
    return status;
}

int files_finish(struct files *f, struct error *e)
{
    int status = 0;
    for (uint32_t i = 0; i < f->count; i++)
        if (output_finish(f->made[i].output, e) == OUTPUT_FAILED)
            status = -1;
    return status;
}

int files_commit(struct files *f, struct error *e)
{
    int status = 0;
    for (uint32_t i = 0; i < f->count; i++)
        if (output_commit(f->made[i].output, e) == OUTPUT_FAILED)
            status = -1;
    return status;
}

void files_abandon(struct files *f)
{
    for (uint32_t i = 0; i < f->count; i++)
        output_abandon(f->made[i].output);
}

const struct output *files_made(const struct files *f, uint32_t i)
{
    return i < f->count ? f->made[i].output : NULL;
}
