/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/ahead.h"
#include "io/inflate.h"
#include "io/pipe.h"

enum { CHUNK = 256 * 1024 };

static const uint64_t ratio_grace = 64u * 1024 * 1024;

struct input {
    int fd; /* -1: the bytes are in memory */
    const char *memory;
    const struct input_source *source; /* NULL: fd or memory */
    void *context;
    const char *name;
    uint64_t size, done, made; /* of the file; read from it; inflated from it */
    bool opened, member;       /* first bytes seen; inside a gzip member */
    struct inflater *inflater; /* NULL: it is not gzip */
    struct error late;         /* of the gzip data, told when the bytes before it were given out */
    unsigned max_ratio;
    unsigned char *raw; /* undecoded bytes: raw[raw_at..raw_len-1] are waiting */
    size_t raw_at, raw_len;
    bool raw_end;
    iconv_t converter;
    bool decodes;
    char *coded; /* bytes before iconv */
    size_t coded_len;
    uint64_t line;
    bool wants_ahead;
    struct ahead *ahead; /* its thread owns all of the above; NULL: there is none */
    uint64_t taken;      /* what `done` was where the bytes that ahead gave end */
};

struct input *input_open(const char *path, const char *name, struct error *e)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) < 0 || S_ISDIR(st.st_mode)) {
        const char *why = fd < 0 ? strerror(errno) : "it is a directory";
        if (fd > 0)
            close(fd);
        error_set(e, EX_NOINPUT, (struct place){name, 0, 0}, "cannot be read: %s", why);
        return NULL;
    }
    if (!S_ISREG(st.st_mode))
        pipe_widen(fd);
    struct input *in = memory_zalloc(sizeof *in);
    in->fd = fd;
    in->name = name;
    in->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
    in->max_ratio = INPUT_MAX_RATIO;
    in->line = 1;
    return in;
}

static bool is_gzip(const unsigned char *at, size_t len)
{
    return len >= 2 && at[0] == 0x1f && at[1] == 0x8b;
}

struct input *input_memory(const char *bytes, size_t len, const char *name)
{
    struct input *in = memory_zalloc(sizeof *in);
    in->fd = -1;
    in->opened = !is_gzip((const unsigned char *)bytes, len);
    in->memory = bytes;
    in->size = len;
    in->name = name;
    in->max_ratio = INPUT_MAX_RATIO;
    in->line = 1;
    return in;
}

struct input *input_source(const struct input_source *source, void *context, const char *name)
{
    struct input *in = input_memory("", 0, name);
    in->source = source;
    in->context = context;
    return in;
}

static void input_free(void *context)
{
    struct input *in = context;
    if (in->source)
        in->source->close(in->context);
    inflater_free(in->inflater);
    if (in->decodes)
        iconv_close(in->converter);
    if (in->fd > STDIN_FILENO)
        close(in->fd);
    free(in->raw);
    free(in->coded);
    free(in);
}

void input_close(struct input *in)
{
    if (in && (!in->ahead || ahead_end(in->ahead)))
        input_free(in);
}

int input_decode(struct input *in, const char *encoding, struct error *e)
{
    bool suffix = strchr(encoding, '/') != NULL; /* "//IGNORE" would drop bytes silently */
    in->converter = suffix ? (iconv_t)-1 : iconv_open("UTF-8", encoding);
    if (in->converter == (iconv_t)-1)
        return error_set(e, EX_USAGE, NOWHERE,
                         "the encoding '%s' is not known; `iconv -l` lists those that are",
                         encoding);
    in->decodes = true;
    in->coded = memory_alloc(CHUNK);
    return 0;
}

void input_limit_ratio(struct input *in, unsigned max_ratio)
{
    in->max_ratio = max_ratio;
}

const char *input_name(const struct input *in)
{
    return in->name;
}

const char *input_fault(const struct input *in)
{
    return in->source ? in->source->fault : NULL;
}

uint64_t input_size(const struct input *in)
{
    return in->size;
}

uint64_t input_done(const struct input *in)
{
    return in->ahead ? in->taken : in->done;
}

void input_ahead(struct input *in)
{
    in->wants_ahead = true;
}

static long read_memory(struct input *in, void *out, size_t size)
{
    uint64_t left = in->size - in->done;
    size_t n = left < size ? (size_t)left : size;
    memcpy(out, in->memory + in->done, n);
    in->done += n;
    return (long)n;
}

static long read_file(struct input *in, void *out, size_t size, struct error *e)
{
    ssize_t n;
    if (in->source)
        return in->source->read(in->context, out, size, e);
    if (in->fd < 0)
        return read_memory(in, out, size);
    do
        n = read(in->fd, out, size);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return error_set(e, EX_IOERR, (struct place){in->name, 0, 0}, "reading failed: %s",
                         strerror(errno));
    in->done += (uint64_t)n;
    return (long)n;
}

/* More bytes of the file into raw; at its end raw_end is set. */
static int fill_raw(struct input *in, struct error *e)
{
    if (!in->raw)
        in->raw = memory_alloc(CHUNK);
    if (in->raw_at == in->raw_len)
        in->raw_at = in->raw_len = 0;
    long n = read_file(in, in->raw + in->raw_len, CHUNK - in->raw_len, e);
    if (n < 0)
        return -1;
    in->raw_len += (size_t)n;
    in->raw_end = n == 0;
    return 0;
}

static void begin_gzip(struct input *in)
{
    in->inflater = inflater_new();
    inflater_begin(in->inflater);
    in->member = true;
}

/* Looks at the first two bytes: gzip or not. */
static int look(struct input *in, struct error *e)
{
    in->opened = true;
    while (in->raw_len < 2 && !in->raw_end)
        if (fill_raw(in, e) < 0)
            return -1;
    if (is_gzip(in->raw, in->raw_len))
        begin_gzip(in);
    return 0;
}

long input_peek(struct input *in, size_t want, const unsigned char **bytes, struct error *e)
{
    if (!in->opened && look(in, e) < 0)
        return -1;
    while (in->raw_len - in->raw_at < want && !in->raw_end)
        if (fill_raw(in, e) < 0)
            return -1;
    *bytes = in->raw + in->raw_at;
    return (long)(in->raw_len - in->raw_at);
}

static long read_plain(struct input *in, void *out, size_t size, struct error *e)
{
    size_t waiting = in->raw_len - in->raw_at;
    if (!waiting)
        return read_file(in, out, size, e);
    size_t n = waiting < size ? waiting : size;
    memcpy(out, in->raw + in->raw_at, n);
    in->raw_at += n;
    return (long)n;
}

/* ---- gzip ---- */

static int damaged(struct input *in, const char *what)
{
    return error_set(&in->late, EX_DATAERR, (struct place){in->name, 0, 0}, "%s", what);
}

/* After a member: another one, or the end of the file; nothing else. */
static int next_member(struct input *in)
{
    while (in->raw_len - in->raw_at < 2 && !in->raw_end) {
        memmove(in->raw, in->raw + in->raw_at, in->raw_len - in->raw_at);
        in->raw_len -= in->raw_at;
        in->raw_at = 0;
        if (fill_raw(in, &in->late) < 0)
            return -1;
    }
    if (in->raw_len == in->raw_at)
        return 0;
    if (!is_gzip(in->raw + in->raw_at, in->raw_len - in->raw_at))
        return damaged(in, "there are bytes after the end of the gzip data; "
                           "the file is damaged or not only gzip");
    inflater_begin(in->inflater);
    in->member = true;
    return 0;
}

static int inflate_some(struct input *in, struct inflate_io *io)
{
    if (in->raw_at == in->raw_len && in->raw_end)
        return damaged(in, "the gzip data ends too early; the file is cut short");
    if (in->raw_at == in->raw_len && fill_raw(in, &in->late) < 0)
        return -1;
    io->in = in->raw + in->raw_at;
    io->in_len = (uint32_t)(in->raw_len - in->raw_at);
    enum inflated got = inflater_run(in->inflater, io);
    in->raw_at = in->raw_len - io->in_len;
    if (got == INFLATED_DAMAGED)
        return damaged(in, "the gzip data is damaged; fetch the file again");
    in->member = got == INFLATED_SOME;
    return in->member ? 0 : next_member(in);
}

static long read_gzip(struct input *in, void *out, size_t size, struct error *e)
{
    uint32_t room = size < UINT32_MAX ? (uint32_t)size : UINT32_MAX;
    struct inflate_io io = {.out = out, .out_len = room};
    while (in->member && !in->late.code && io.out_len == room)
        inflate_some(in, &io);
    uint32_t n = room - io.out_len;
    in->made += n;
    if (in->made > ratio_grace && in->made / in->max_ratio > in->done)
        damaged(in, "the gzip data expands more than --max-ratio allows");
    if (n || !in->late.code)
        return (long)n;
    *e = in->late;
    return -1;
}

/* The first bytes are read where they are wanted, and taken away from there if they are gzip. */
static long read_first(struct input *in, char *out, size_t size, struct error *e)
{
    size_t room = size < CHUNK ? size : CHUNK, len = 0;
    long n = 1;
    in->opened = true;
    while (len < 2 && n > 0 && (n = read_file(in, out + len, room - len, e)) >= 0)
        len += (size_t)n;
    if (n < 0 || !is_gzip((unsigned char *)out, len))
        return n < 0 ? -1 : (long)len;
    in->raw = memory_alloc(CHUNK);
    memcpy(in->raw, out, len);
    in->raw_len = len;
    begin_gzip(in);
    return read_gzip(in, out, size, e);
}

static long read_bytes(struct input *in, void *out, size_t size, struct error *e)
{
    if (!in->opened && size >= 2)
        return read_first(in, out, size, e);
    if (!in->opened && look(in, e) < 0)
        return -1;
    return in->inflater ? read_gzip(in, out, size, e) : read_plain(in, out, size, e);
}

static int undecodable(struct input *in, struct error *e)
{
    return error_set(e, EX_DATAERR, (struct place){in->name, in->line, 0},
                     "bytes that are not of the encoding given by --encoding; nothing is replaced "
                     "silently: give the encoding that the file has");
}

/* Converts what is in coded; keeps an incomplete tail.  Returns the bytes made, or -1. */
static long convert(struct input *in, char *out, size_t size, bool end, struct error *e)
{
    char *from = in->coded, *to = out;
    size_t left = in->coded_len, room = size;
    size_t status = left ? iconv(in->converter, &from, &left, &to, &room) : 0;
    if (left == 0 && end)
        status = iconv(in->converter, NULL, NULL, &to, &room); /* what it held back */
    for (const char *p = out; p < to && (p = memchr(p, '\n', (size_t)(to - p))); p++)
        in->line++;
    if (status == (size_t)-1 && (errno == EILSEQ || (errno == EINVAL && end)) && to == out)
        return undecodable(in, e);
    memmove(in->coded, from, left);
    in->coded_len = left;
    return (long)(to - out);
}

static long read_decoded(struct input *in, char *out, size_t size, struct error *e)
{
    for (;;) {
        long n = read_bytes(in, in->coded + in->coded_len, CHUNK - in->coded_len, e);
        if (n < 0)
            return -1;
        in->coded_len += (size_t)n;
        bool end = n == 0 && in->coded_len < CHUNK;
        long made = convert(in, out, size, end, e);
        if (made != 0 || (end && in->coded_len == 0))
            return made;
    }
}

static long read_here(struct input *in, void *out, size_t size, struct error *e)
{
    return in->decodes ? read_decoded(in, out, size, e) : read_bytes(in, out, size, e);
}

static long read_there(void *context, void *out, size_t size, uint64_t *done, struct error *e)
{
    struct input *in = context;
    long n = read_here(in, out, size, e);
    *done = in->done;
    return n;
}

/* Starts the thread where it is wanted and there is something to do for it. */
static void start_ahead(struct input *in)
{
    static const struct ahead_source source = {read_there, input_free};
    in->wants_ahead = false;
    if (in->decodes || in->inflater) {
        in->taken = in->done;
        in->ahead = ahead_new(&source, in);
    }
}

long input_read(struct input *in, void *out, size_t size, struct error *e)
{
    if (in->wants_ahead && in->opened)
        start_ahead(in);
    return in->ahead ? ahead_read(in->ahead, out, size, &in->taken, e)
                     : read_here(in, out, size, e);
}

/* A file that tells its size needs room for it and for the end. */
static size_t slurp_room(const struct input *in)
{
    return in->size && in->size < CHUNK ? (size_t)in->size + 2 : CHUNK;
}

int input_slurp(const char *path, const char *name, size_t ceiling, char **bytes, size_t *len,
                struct error *e)
{
    struct input *in = input_open(path, name, e);
    size_t room = 0;
    long n;
    *bytes = NULL;
    *len = 0;
    if (!in)
        return -1;
    do {
        if (room - *len < 2)
            *bytes = memory_grow(*bytes, &room, *len + slurp_room(in), 1);
        n = input_read(in, *bytes + *len, room - *len - 1, e);
        *len += n > 0 ? (size_t)n : 0;
        if (*len > ceiling)
            n = error_set(e, EX_DATAERR, (struct place){name, 0, 0},
                          "is larger than a side input may be (%zu MiB)", ceiling >> 20);
    } while (n > 0);
    input_close(in);
    if (n < 0) {
        free(*bytes);
        *bytes = NULL;
    }
    return n < 0 ? -1 : 0;
}
