/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* realpath */
#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/pipe.h"

enum { ROOM = 256 * 1024, FIRST_ROOM = 16 * 1024, PENDING = 256 };

struct output {
    int fd;
    char *path, *target, *temporary; /* target: what a symbolic link names, else path */
    char *buffer;
    size_t used, room;
    uint64_t bytes;
    bool closed, failed, finished, private;
    int slot; /* in pending, or -1 */
};

/* Temporary files to remove when the program ends before it commits: the one list that a signal
 * handler can reach.  A slot is NULL or a path that stays allocated until the slot is empty. */
static char *volatile pending[PENDING];

static void remove_pending(void)
{
    for (int i = 0; i < PENDING; i++)
        if (pending[i])
            unlink(pending[i]);
}

static void on_signal(int number)
{
    remove_pending();
    signal(number, SIG_DFL);
    raise(number);
}

void output_disown(void)
{
    for (int i = 0; i < PENDING; i++)
        pending[i] = NULL;
}

static void watch_end(void)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    atexit(remove_pending);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct sigaction old, new = {.sa_handler = on_signal};
        if (sigaction(ends[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
            sigaction(ends[i], &new, NULL);
    }
}

static int pending_add(char *path)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch_end);
    for (int i = 0; i < PENDING; i++) {
        if (!pending[i]) {
            pending[i] = path;
            return i;
        }
    }
    return -1;
}

static void pending_drop(struct output *out)
{
    if (out->slot >= 0)
        pending[out->slot] = NULL;
    out->slot = -1;
}

static int cannot(struct output *out, struct error *e, const char *what)
{
    const char *name = out->path ? out->path : "standard output";
    out->failed = true;
    return error_set(e, EX_IOERR, (struct place){name, 0, 0}, "%s: %s", what, strerror(errno));
}

/* A temporary file that no signal can leave behind: made and listed while signals wait. */
static int temporary_open(struct output *out)
{
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &old);
    int fd = mkstemp(out->temporary), why = errno;
    if (fd >= 0)
        out->slot = pending_add(out->temporary);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    errno = why;
    return fd;
}

static char *temporary_name(const char *path)
{
    size_t n = strlen(path) + sizeof ".marsad-XXXXXX";
    char *name = memory_alloc(n);
    snprintf(name, n, "%s.marsad-XXXXXX", path);
    return name;
}

/* Devices and pipes (/dev/null, /dev/full, /dev/stdout, a FIFO) are written as they are. */
static bool is_special(const char *path)
{
    struct stat st;
    if (stat(path, &st) < 0 || S_ISDIR(st.st_mode))
        return false;
    return !S_ISREG(st.st_mode) || strncmp(path, "/dev/", 5) == 0;
}

/* A symbolic link stays one: its target is what gets replaced. */
static char *follow_link(const char *path)
{
    struct stat st;
    bool link = lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
    char *target = link ? realpath(path, NULL) : NULL;
    return target ? target : strcpy(memory_alloc(strlen(path) + 1), path);
}

static int open_file(struct output *out, const char *path)
{
    struct stat st;
    out->path = strcpy(memory_alloc(strlen(path) + 1), path);
    if (is_special(path))
        return out->fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return -1;
    }
    out->target = follow_link(path);
    out->temporary = temporary_name(out->target);
    return out->fd = temporary_open(out);
}

struct output *output_open(const char *path, struct error *e)
{
    struct output *out = memory_zalloc(sizeof *out);
    out->fd = STDOUT_FILENO;
    out->slot = -1;
    if (path && open_file(out, path) < 0) {
        error_set(e, EX_CANTCREAT, (struct place){path, 0, 0}, "cannot be made: %s%s",
                  strerror(errno), errno == ENOENT ? " (make its folder first)" : "");
        output_free(out);
        return NULL;
    }
    return out;
}

static int write_all(struct output *out, const char *at, size_t n, struct error *e)
{
    while (n > 0) {
        ssize_t done = write(out->fd, at, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0 && errno == EPIPE && !out->path) {
            out->closed = true;
            return OUTPUT_CLOSED;
        }
        if (done < 0)
            return cannot(out, e, "writing failed");
        at += done;
        n -= (size_t)done;
    }
    return OUTPUT_OK;
}

/* Writes all but the last `keep` bytes of the buffer. */
static int flush_but(struct output *out, size_t keep, struct error *e)
{
    size_t n = out->used > keep ? out->used - keep : 0;
    if (out->closed || out->failed)
        out->used = 0;
    if (out->closed)
        return OUTPUT_CLOSED;
    if (out->failed)
        return OUTPUT_FAILED;
    int status = write_all(out, out->buffer, n, e);
    out->used -= n;
    if (out->used)
        memmove(out->buffer, out->buffer + n, out->used);
    return status;
}

/* The last byte of standard output waits for the end, so that what is left by a program that was
 * killed never ends in a line end, and no strict reader takes it for whole. */
static size_t kept_back(const struct output *out)
{
    return out->path ? 0 : 1;
}

int output_flush(struct output *out, struct error *e)
{
    return flush_but(out, kept_back(out), e);
}

/* Most outputs are short; what is not small any more gets all the room there is, and a wide pipe.
 */
static void widen(struct output *out, size_t n)
{
    if (out->room >= ROOM)
        return;
    out->room = out->room || n > FIRST_ROOM ? ROOM : FIRST_ROOM;
    out->buffer = memory_realloc(out->buffer, out->room);
    if (!out->path && out->room == ROOM)
        pipe_widen(out->fd);
}

char *output_room(struct output *out, size_t n, struct error *e)
{
    if (out->room - out->used < n)
        widen(out, n);
    if (out->room - out->used < n && output_flush(out, e) != OUTPUT_OK)
        return NULL;
    if (out->room - out->used < n) {
        out->room = out->used + n;
        out->buffer = memory_realloc(out->buffer, out->room);
    }
    return out->buffer + out->used;
}

void output_took(struct output *out, size_t n)
{
    out->used += n;
    out->bytes += n;
}

static int write_large(struct output *out, const char *bytes, size_t n, struct error *e)
{
    size_t keep = kept_back(out);
    int status = flush_but(out, 0, e);
    widen(out, n);
    out->bytes += n;
    if (status != OUTPUT_OK)
        return status;
    out->used = keep;
    memcpy(out->buffer, bytes + n - keep, keep);
    return write_all(out, bytes, n - keep, e);
}

int output_write(struct output *out, const void *bytes, size_t n, struct error *e)
{
    if (out->closed)
        return OUTPUT_CLOSED;
    if (n > ROOM)
        return write_large(out, bytes, n, e);
    char *room = output_room(out, n, e);
    if (!room)
        return out->closed ? OUTPUT_CLOSED : OUTPUT_FAILED;
    memcpy(room, bytes, n);
    output_took(out, n);
    return OUTPUT_OK;
}

static int close_file(struct output *out, struct error *e)
{
    int status = 0;
    if (out->temporary && fsync(out->fd) < 0)
        status = cannot(out, e, "syncing failed");
    if (close(out->fd) < 0)
        status = cannot(out, e, "closing failed");
    out->fd = -1;
    return status;
}

int output_finish(struct output *out, struct error *e)
{
    if (out->finished)
        return OUTPUT_OK;
    int status = flush_but(out, 0, e);
    if (status == OUTPUT_FAILED)
        return status;
    out->finished = true;
    return out->path ? close_file(out, e) : status;
}

static mode_t new_file_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

int output_commit(struct output *out, struct error *e)
{
    if (!out->temporary)
        return OUTPUT_OK;
    struct stat st;
    mode_t mode = stat(out->target, &st) == 0 ? st.st_mode & 07777 : new_file_mode();
    if (out->private)
        mode = 0600;
    if (chmod(out->temporary, mode) < 0 || rename(out->temporary, out->target) < 0)
        return cannot(out, e, "cannot get its name");
    pending_drop(out);
    free(out->temporary);
    out->temporary = NULL;
    return OUTPUT_OK;
}

/* The mark of failure: a line of one lone quote, after whole records only.  Never to a terminal. */
static void mark_failure(struct output *out)
{
    struct error ignored = {0};
    if (out->closed || out->failed || isatty(out->fd))
        return;
    if (flush_but(out, 0, &ignored) == OUTPUT_OK)
        write_all(out, "\"\n", 2, &ignored);
}

void output_abandon(struct output *out)
{
    if (!out->path)
        mark_failure(out);
    if (out->temporary)
        unlink(out->temporary);
    pending_drop(out);
    free(out->temporary);
    out->temporary = NULL;
}

void output_free(struct output *out)
{
    if (!out)
        return;
    if (out->path && out->fd > STDERR_FILENO)
        close(out->fd);
    if (out->temporary)
        unlink(out->temporary);
    pending_drop(out);
    free(out->temporary);
    free(out->path);
    free(out->target);
    free(out->buffer);
    free(out);
}

void output_private(struct output *out)
{
    out->private = true;
}

bool output_is_closed(const struct output *out)
{
    return out->closed;
}

uint64_t output_bytes(const struct output *out)
{
    return out->bytes;
}

const char *output_path(const struct output *out)
{
    return out->path;
}

const char *output_temporary(const struct output *out)
{
    return out->temporary;
}
