/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <nettle/sha2.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/library.h"
#include "chain/order.h"
#include "io/csv_read.h"

#define CALLS(X) X(nettle_sha256_init) X(nettle_sha256_update) X(nettle_sha256_digest)

struct calls {
    CALLS(LIBRARY_MEMBER)
};

struct hashed {
    const char *name;
    uint64_t size;
    char hex[2 * SHA256_DIGEST_SIZE + 1];
    bool read, stream; /* stream: a FIFO or device, which can be read once only */
};

struct manifest {
    struct calls calls;
    struct chain *const *chain;
    uint32_t chains, files;
    struct hashed *file;
    pthread_t thread;
    bool threaded;
};

static void put_hex(const uint8_t *digest, char *hex)
{
    for (int i = 0; i < SHA256_DIGEST_SIZE; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static bool is_stream(const char *name)
{
    struct stat st;
    return stat(name, &st) == 0 && !S_ISREG(st.st_mode);
}

static void hash_file(const struct calls *calls, struct hashed *f)
{
    static const size_t room = 1 << 18;
    uint8_t digest[SHA256_DIGEST_SIZE], *buffer = malloc(room);
    struct sha256_ctx context;
    int fd = open(f->name, O_RDONLY | O_CLOEXEC);
    ssize_t n = -1;
    calls->nettle_sha256_init(&context);
    while (buffer && fd >= 0 && ((n = read(fd, buffer, room)) > 0 || (n < 0 && errno == EINTR))) {
        if (n < 0)
            continue;
        calls->nettle_sha256_update(&context, (size_t)n, buffer);
        f->size += (uint64_t)n;
    }
    calls->nettle_sha256_digest(&context, sizeof digest, digest);
    put_hex(digest, f->hex);
    f->read = n == 0;
    if (fd >= 0)
        close(fd);
    free(buffer);
}

static void *hash_all(void *context)
{
    struct manifest *m = context;
    for (uint32_t i = 0; i < m->files; i++)
        if (!m->file[i].stream)
            hash_file(&m->calls, &m->file[i]);
    return NULL;
}

static bool is_made(const struct manifest *m, struct arena *a, const char *name)
{
    for (uint32_t i = 0; i < m->chains; i++) {
        const char **file;
        uint32_t n = chain_writes(m->chain[i], a, &file);
        for (uint32_t k = 0; k < n; k++)
            if (strcmp(path_normal(a, file[k]), name) == 0)
                return true;
    }
    return false;
}

static void add_input(struct manifest *m, struct arena *a, const char *file)
{
    const char *name = path_normal(a, file);
    for (uint32_t i = 0; i < m->files; i++)
        if (strcmp(m->file[i].name, name) == 0)
            return;
    if (!is_made(m, a, name))
        m->file[m->files++] = (struct hashed){.name = name, .stream = is_stream(name)};
}

/* The files that rules and schemas name, which are known since the steps were opened. */
static void add_named(struct manifest *m, struct arena *a)
{
    uint32_t before = m->files, named = 0;
    for (uint32_t c = 0; c < m->chains; c++)
        for (uint32_t i = 0; i < m->chain[c]->steps; i++)
            for (struct named_file *f = m->chain[c]->step[i]->named; f; f = f->next)
                named++;
    struct hashed *file = arena_zarray(a, before + named, sizeof *file);
    if (m->files)
        memcpy(file, m->file, m->files * sizeof *file);
    m->file = file;
    for (uint32_t c = 0; c < m->chains; c++)
        for (uint32_t i = 0; i < m->chain[c]->steps; i++)
            for (struct named_file *f = m->chain[c]->step[i]->named; f; f = f->next)
                add_input(m, a, f->name);
    for (uint32_t i = before; i < m->files; i++)
        if (!m->file[i].stream)
            hash_file(&m->calls, &m->file[i]);
}

static void list_inputs(struct manifest *m, struct arena *a)
{
    uint32_t room = 0;
    const char **file;
    for (uint32_t i = 0; i < m->chains; i++)
        room += chain_reads(m->chain[i], a, &file);
    m->file = arena_zarray(a, room, sizeof *m->file);
    for (uint32_t i = 0; i < m->chains; i++) {
        uint32_t n = chain_reads(m->chain[i], a, &file);
        for (uint32_t k = 0; k < n; k++)
            add_input(m, a, file[k]);
    }
}

struct manifest *manifest_begin(struct arena *a, struct chain *const *chain, uint32_t chains,
                                struct error *e)
{
    static const char names[] = CALLS(LIBRARY_NAME);
    struct manifest *m = arena_zalloc(a, sizeof *m);
    if (library_load(NETTLE, "libnettle8", names, &m->calls, e) < 0)
        return NULL;
    m->chain = chain;
    m->chains = chains;
    list_inputs(m, a);
    m->threaded = pthread_create(&m->thread, NULL, hash_all, m) == 0;
    if (!m->threaded)
        hash_all(m);
    return m;
}

/* ---- JSON ---- */

static json_t *inputs_json(const struct manifest *m)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < m->files; i++) {
        const struct hashed *f = &m->file[i];
        json_array_append_new(list,
                              json_pack("{s:s, s:I, s:s?}", "file", f->name, "bytes",
                                        (json_int_t)f->size, "sha256", f->stream ? NULL : f->hex));
    }
    return list;
}

static json_t *options_json(const struct step *s)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < s->options.count; i++)
        json_array_append_new(
            list, json_pack("[s, s]", s->options.value[i].spec->name, s->options.value[i].value));
    return list;
}

static json_t *step_json(const struct step *s)
{
    return json_pack(
        "{s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:I}", "stage", s->stage->name, "options",
        options_json(s), "in", (json_int_t)s->rows_in, "made", (json_int_t)s->count[COUNT_MADE],
        "out", (json_int_t)s->rows_out, "rejected", (json_int_t)s->count[COUNT_REJECTED], "dropped",
        (json_int_t)s->count[COUNT_DROPPED], "folded", (json_int_t)s->count[COUNT_FOLDED]);
}

static json_t *pipelines_json(const struct manifest *m)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < m->chains; i++) {
        const struct chain *c = m->chain[i];
        json_t *steps = json_array();
        for (uint32_t k = 0; k < c->steps; k++)
            json_array_append_new(steps, step_json(c->step[k]));
        json_array_append_new(list, json_pack("{s:i, s:s?, s:b, s:o}", "line", (int)c->place.line,
                                              "output", c->output, "shares_pass", c->host != NULL,
                                              "steps", steps));
    }
    return list;
}

static json_t *outputs_json(const struct run *run)
{
    json_t *list = json_array();
    const struct output *out;
    for (uint32_t i = 0; (out = files_made(run->files, i)); i++)
        if (output_path(out))
            json_array_append_new(list, json_pack("{s:s, s:I}", "file", output_path(out), "bytes",
                                                  (json_int_t)output_bytes(out)));
    return list;
}

static int write_json(const struct plan_options *o, json_t *json, struct run *run)
{
    char *text = json_dumps(json, JSON_INDENT(2));
    struct output *out = text ? files_output(run->files, o->manifest, &run->error) : NULL;
    int status = out ? output_write(out, text, strlen(text), &run->error) : OUTPUT_FAILED;
    if (status == OUTPUT_OK)
        status = output_write(out, "\n", 1, &run->error);
    free(text);
    return status == OUTPUT_OK ? 0 : -1;
}

static int check_read(const struct manifest *m, struct run *run)
{
    for (uint32_t i = 0; i < m->files; i++)
        if (!m->file[i].read && !m->file[i].stream)
            return error_set(&run->error, EX_IOERR, (struct place){m->file[i].name, 0, 0},
                             "cannot be read for the manifest");
    return 0;
}

int manifest_end(struct manifest *m, const struct plan_options *o, struct run *run)
{
    if (m->threaded)
        pthread_join(m->thread, NULL);
    if (!o)
        return 0;
    add_named(m, run->arena);
    if (check_read(m, run) < 0)
        return -1;
    json_t *json = json_pack("{s:s, s:s?, s:s?, s:o, s:o, s:o}", "marsad", VERSION, "pipeline_file",
                             o->text_name, "pipeline", o->text, "inputs", inputs_json(m), "outputs",
                             outputs_json(run), "pipelines", pipelines_json(m));
    if (!json)
        return error_set(&run->error, EX_SOFTWARE, NOWHERE, "the manifest could not be made");
    int status = write_json(o, json, run);
    json_decref(json);
    return status;
}
