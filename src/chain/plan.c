/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain/plan.h"

#include <stdlib.h>

#include "chain/chain.h"
#include "chain/manifest.h"
#include "chain/order.h"
#include "chain/progress.h"

/* Enough that what a batch costs does not matter, and so few that its columns stay in the caches
 * of a processor. */
enum { BATCH_ROWS = 1024 };

struct plan {
    struct run run;
    struct arena *arena;
    struct chain **chain;
    uint32_t chains;
};

static uint32_t batch_rows(void)
{
    const char *text = getenv("MARSAD_BATCH");
    long rows = text ? atol(text) : 0;
    return rows > 0 && rows <= 65536 ? (uint32_t)rows : BATCH_ROWS;
}

/* ---- who makes a file ---- */

static bool writes(const struct plan *p, const struct chain *c, const char *file)
{
    const char **made;
    uint32_t n = chain_writes(c, p->arena, &made);
    const char *name = path_normal(p->arena, file);
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(path_normal(p->arena, made[i]), name) == 0)
            return true;
    return false;
}

/* Index of the chain that writes this file, or -1. */
static int maker(const struct plan *p, const char *file)
{
    for (uint32_t i = 0; i < p->chains; i++)
        if (writes(p, p->chain[i], file))
            return (int)i;
    return -1;
}

static bool same_file(struct plan *p, const char *a, const char *b)
{
    return a && b && strcmp(path_normal(p->arena, a), path_normal(p->arena, b)) == 0;
}

static const struct schema *port_schema(struct plan *p, const struct step *s, const char *file)
{
    for (uint32_t i = 0; s->opened && i < s->ports; i++)
        if (same_file(p, s->port[i].file, file) && s->port[i].to_file)
            return s->port[i].schema;
    return NULL;
}

static const struct schema *promised(struct run *run, const char *file)
{
    struct plan *p = run->plan;
    int i = maker(p, file);
    if (i < 0 || p->chain[i]->done)
        return NULL;
    const struct schema *schema = NULL;
    for (uint32_t k = 0; !schema && k < p->chain[i]->steps; k++)
        schema = port_schema(p, p->chain[i]->step[k], file);
    return schema;
}

static bool unmade(struct run *run, const char *file)
{
    const struct plan *p = run->plan;
    int i = maker(p, file);
    return i >= 0 && !p->chain[i]->done;
}

/* ---- sharing a pass ---- */

static const struct chain *root(const struct chain *c)
{
    while (c->host)
        c = c->host;
    return c;
}

static uint32_t index_of(const struct plan *p, const struct chain *c)
{
    uint32_t i = 0;
    while (p->chain[i] != c)
        i++;
    return i;
}

/* All side inputs of a chain are there before chain `host`'s pass begins. */
static bool sides_are_earlier(struct plan *p, const struct chain *c, const struct chain *host)
{
    const char **file;
    uint32_t n = chain_side_reads(c, p->arena, &file), begins = index_of(p, root(host));
    for (uint32_t i = 0; i < n; i++) {
        int made = maker(p, file[i]);
        if (made >= 0 && index_of(p, root(p->chain[made])) >= begins)
            return false;
    }
    return true;
}

static void attach(struct plan *p, struct chain *c)
{
    int made = c->inputs == 1 ? maker(p, c->input[0]) : -1;
    if (made < 0 || !c->output || (c->step[0]->stage->flags & STAGE_FOREIGN) ||
        chain_limits_reading(c->step[0]))
        return;
    struct chain *host = p->chain[made];
    struct step *last = host->step[host->steps - 1];
    if (!same_file(p, host->output, c->input[0]) || last->port[0].bytes)
        return;
    if (!sides_are_earlier(p, c, host))
        return;
    c->host = host;
    step_connect(last, c->step[0]);
}

/* ---- building and checking ---- */

static int build(struct plan *p, const struct pipeline *list, uint32_t count)
{
    p->chain = arena_zarray(p->arena, count, sizeof *p->chain);
    for (uint32_t i = 0; i < count; i++) {
        p->chain[i] = chain_new(&p->run, &list[i]);
        if (!p->chain[i])
            return -1;
        p->chains++;
    }
    return 0;
}

static int check_order(struct plan *p)
{
    struct order_item *item = arena_zarray(p->arena, p->chains, sizeof *item);
    for (uint32_t i = 0; i < p->chains; i++) {
        const char **read, **write;
        item[i].reads = chain_reads(p->chain[i], p->arena, &read);
        item[i].writes = chain_writes(p->chain[i], p->arena, &write);
        item[i].read = read;
        item[i].write = write;
        item[i].place = p->chain[i]->place;
    }
    return order_check(item, p->chains, &p->run.error);
}

/* The manifest is none of the files of the run. */
static int check_manifest(struct plan *p, const struct plan_options *o)
{
    bool taken = o->manifest && same_file(p, o->manifest, o->text_name);
    for (uint32_t i = 0; o->manifest && i < p->chains; i++) {
        const char **file;
        uint32_t n = chain_reads(p->chain[i], p->arena, &file);
        taken |= writes(p, p->chain[i], o->manifest);
        for (uint32_t k = 0; k < n; k++)
            taken |= same_file(p, o->manifest, file[k]);
    }
    if (!taken)
        return 0;
    return error_set(&p->run.error, EX_USAGE, (struct place){o->manifest, 0, 0},
                     "the manifest would overwrite a file of the run: give it another name");
}

/* ---- opening ---- */

/* The header of a main input that is not made yet; of several one, since all have the same.  A
 * stage that reads foreign files takes the header by its own dialect, so it waits for the file. */
static const struct schema *promised_input(struct plan *p, const struct chain *c)
{
    const struct schema *schema = NULL;
    for (uint32_t i = 0; i < c->inputs && !schema; i++)
        schema = promised(&p->run, c->input[i]);
    return c->step[0]->stage->flags & STAGE_FOREIGN ? NULL : schema;
}

static bool inputs_known(struct plan *p, const struct chain *c)
{
    for (uint32_t i = 0; i < c->inputs && !c->host; i++) {
        int made = maker(p, c->input[i]);
        if (made >= 0 && !p->chain[made]->done && !promised_input(p, c))
            return false;
    }
    return true;
}

/* Are the columns known of every file of this run that the chain, or one attached to it, reads? */
static bool columns_known(struct plan *p, const struct chain *c)
{
    const char **file;
    uint32_t n = chain_side_reads(c, p->arena, &file);
    if (!inputs_known(p, c))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        int made = maker(p, file[i]);
        if (made >= 0 && !p->chain[made]->done && !promised(&p->run, file[i]))
            return false;
    }
    n = chain_early_reads(c, p->arena, &file);
    for (uint32_t i = 0; i < n; i++)
        if (unmade(&p->run, file[i]))
            return false;
    for (uint32_t i = 0; i < p->chains; i++)
        if (p->chain[i]->host == c && !columns_known(p, p->chain[i]))
            return false;
    return true;
}

static int open_chain(struct plan *p, struct chain *c)
{
    return chain_open(c, promised_input(p, c));
}

static int open_all(struct plan *p)
{
    for (uint32_t i = 0; i < p->chains; i++) {
        struct chain *c = p->chain[i];
        if (!c->host && columns_known(p, c) && open_chain(p, c) < 0)
            return -1;
    }
    return 0;
}

static void mark_done(struct plan *p, const struct chain *c)
{
    for (uint32_t i = 0; i < p->chains; i++)
        if (root(p->chain[i]) == c)
            p->chain[i]->done = true;
}

/* Files of a finished pass are flushed, so that others can read them under their temporary names.
 */
static int run_chain(struct plan *p, struct chain *c, struct progress *progress)
{
    if (!c->opened && open_chain(p, c) < 0)
        return -1;
    if (chain_run(c, progress) != STEP_OK)
        return -1;
    mark_done(p, c);
    return files_flush(p->run.files, &p->run.error);
}

static int run_all(struct plan *p, bool tell)
{
    struct progress *progress = tell ? progress_new(p->arena) : NULL;
    for (uint32_t i = 0; i < p->chains; i++)
        if (!p->chain[i]->host && run_chain(p, p->chain[i], progress) < 0)
            return -1;
    return 0;
}

static int execute(struct plan *p, const struct pipeline *list, uint32_t count,
                   const struct plan_options *o)
{
    struct error *e = &p->run.error;
    if (build(p, list, count) < 0 || check_order(p) < 0 || check_manifest(p, o) < 0)
        return -1;
    for (uint32_t i = 0; i < p->chains; i++)
        attach(p, p->chain[i]);
    if (open_all(p) < 0)
        return -1;
    struct manifest *manifest = NULL;
    if (o->manifest && !(manifest = manifest_begin(p->arena, p->chain, p->chains, e)))
        return -1;
    int status = run_all(p, o->progress);
    if (manifest && manifest_end(manifest, status == 0 ? o : NULL, &p->run) < 0)
        status = -1;
    if (status < 0 || files_finish(p->run.files, e) < 0)
        return -1;
    return files_commit(p->run.files, e);
}

int plan_run(const struct pipeline *list, uint32_t count, const struct plan_options *o)
{
    struct plan p = {.arena = arena_new()};
    p.run.arena = p.arena;
    p.run.files = files_new(p.arena);
    p.run.batch_rows = batch_rows();
    p.run.promised = promised;
    p.run.unmade = unmade;
    p.run.plan = &p;
    if (execute(&p, list, count, o) < 0) {
        files_abandon(p.run.files);
        error_print(&p.run.error, stderr);
    }
    for (uint32_t i = 0; i < p.chains; i++)
        chain_free(p.chain[i]);
    files_free(p.run.files);
    arena_free(p.arena);
    return p.run.error.code;
}
