/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

enum { BUFFER = 256 * 1024 };

struct spill {
    int fd; /* -1: not made yet */
    char *buffer;
    size_t used;
    uint64_t written;
    uint64_t *end; /* of each complete run */
    size_t room;
    uint32_t runs;
};

struct spill_reader {
    int fd;
    uint64_t at, end; /* of the file: what is not in the buffer yet */
    char *buffer;
    size_t from, to, room;
};

static const char *folder(void)
{
    const char *named = getenv("TMPDIR");
    return named && *named ? named : "/tmp";
}

struct spill *spill_new(void)
{
    struct spill *s = memory_zalloc(sizeof *s);
    s->fd = -1;
    return s;
}

void spill_free(struct spill *s)
{
    if (!s)
        return;
    if (s->fd >= 0)
        close(s->fd);
    free(s->buffer);
    free(s->end);
    free(s);
}

/* Made and unnamed while signals wait, so that none can leave it behind. */
static int open_unnamed(void)
{
    sigset_t all, old;
    size_t n = strlen(folder()) + sizeof "/marsad-XXXXXX";
    char *name = memory_alloc(n);
    snprintf(name, n, "%s/marsad-XXXXXX", folder());
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &old);
    int fd = mkstemp(name), why = errno;
    if (fd >= 0)
        unlink(name);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    free(name);
    errno = why;
    return fd;
}

static bool make_file(struct spill *s, struct error *e)
{
    s->fd = open_unnamed();
    if (s->fd < 0) {
        error_set(e, EX_CANTCREAT, (struct place){folder(), 0, 0},
                  "no temporary file can be made here: %s (TMPDIR names another folder)",
                  strerror(errno));
        return false;
    }
    fcntl(s->fd, F_SETFD, FD_CLOEXEC);
    s->buffer = memory_alloc(BUFFER);
    return true;
}

static bool failed(const char *what, struct error *e)
{
    error_set(
        e, EX_IOERR, (struct place){folder(), 0, 0},
        "%s a temporary file failed: %s (TMPDIR names another folder, --max-memory how much is "
        "kept in memory)",
        what, strerror(errno));
    return false;
}

static bool write_all(struct spill *s, const char *at, size_t n, struct error *e)
{
    while (n > 0) {
        ssize_t done = write(s->fd, at, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return failed("writing", e);
        at += done;
        n -= (size_t)done;
        s->written += (uint64_t)done;
    }
    return true;
}

static bool flush(struct spill *s, struct error *e)
{
    size_t n = s->used;
    s->used = 0;
    return write_all(s, s->buffer, n, e);
}

bool spill_write(struct spill *s, const void *bytes, size_t n, struct error *e)
{
    if (s->fd < 0 && !make_file(s, e))
        return false;
    if (n > BUFFER - s->used && !flush(s, e))
        return false;
    if (n > BUFFER)
        return write_all(s, bytes, n, e);
    if (n)
        memcpy(s->buffer + s->used, bytes, n);
    s->used += n;
    return true;
}

bool spill_end_run(struct spill *s, struct error *e)
{
    if (!flush(s, e))
        return false;
    s->end = memory_grow(s->end, &s->room, s->runs + (size_t)1, sizeof *s->end);
    s->end[s->runs++] = s->written;
    return true;
}

uint32_t spill_runs(const struct spill *s)
{
    return s->runs;
}

struct spill_reader *spill_reader_new(const struct spill *s, uint32_t run, size_t room)
{
    struct spill_reader *r = memory_zalloc(sizeof *r);
    r->fd = s->fd;
    r->at = run ? s->end[run - 1] : 0;
    r->end = s->end[run];
    r->room = room;
    r->buffer = memory_alloc(room);
    return r;
}

void spill_reader_free(struct spill_reader *r)
{
    if (!r)
        return;
    free(r->buffer);
    free(r);
}

bool spill_at_end(const struct spill_reader *r)
{
    return r->from == r->to && r->at == r->end;
}

/* Moves what is left to the front, and fills the buffer behind it. */
static bool refill(struct spill_reader *r, size_t n, struct error *e)
{
    memmove(r->buffer, r->buffer + r->from, r->to - r->from);
    r->to -= r->from;
    r->from = 0;
    if (n > r->room)
        r->buffer = memory_realloc(r->buffer, r->room = n);
    while (r->to < n) {
        size_t want = r->room - r->to < r->end - r->at ? r->room - r->to : (size_t)(r->end - r->at);
        ssize_t got = pread(r->fd, r->buffer + r->to, want, (off_t)r->at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            errno = got ? errno : EIO;
            return failed("reading", e);
        }
        r->to += (size_t)got;
        r->at += (uint64_t)got;
    }
    return true;
}

const void *spill_read(struct spill_reader *r, size_t n, struct error *e)
{
    if (r->to - r->from < n && !refill(r, n, e))
        return NULL;
    const char *bytes = r->buffer + r->from;
    r->from += n;
    return bytes;
}
