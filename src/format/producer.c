/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/producer.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/output.h"
#include "io/pipe.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static const rlim_t child_memory = (rlim_t)1 << 30;

enum frame_kind { FRAME_DATA, FRAME_ERROR, FRAME_END };

struct frame {
    uint32_t kind, size;
};

/* An error on its way through the pipe; the file is the producer's. */
struct sent_error {
    int code;
    uint32_t column;
    uint64_t line;
    char message[sizeof(((struct error *)0)->message)];
};

struct producer {
    struct input_source source;
    const char *name;
    pid_t child;
    int fd, keep;
    uint32_t left; /* of the present frame of data */
    bool ended;
};

/* ---- the child ---- */

static int send_all(int fd, const void *bytes, size_t n)
{
    const char *at = bytes;
    while (n) {
        ssize_t done = write(fd, at, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return -1;
        at += done;
        n -= (size_t)done;
    }
    return 0;
}

static int send_frame(int fd, enum frame_kind kind, const void *bytes, size_t n)
{
    struct frame f = {kind, (uint32_t)n};
    return send_all(fd, &f, sizeof f) < 0 ? -1 : send_all(fd, bytes, n);
}

static int write_data(void *context, const void *bytes, size_t n)
{
    const int *fd = context;
    return send_frame(*fd, FRAME_DATA, bytes, n);
}

static void send_error(int fd, const struct error *e)
{
    struct sent_error sent = {.code = e->code, .column = e->place.column, .line = e->place.line};
    memcpy(sent.message, e->message, sizeof sent.message);
    send_frame(fd, FRAME_ERROR, &sent, sizeof sent);
}

static void limit_child(void)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    struct rlimit memory = {child_memory, child_memory}, core = {0, 0};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        signal(ends[i], SIG_DFL);
    setrlimit(RLIMIT_CORE, &core);
    if (!SANITIZED)
        setrlimit(RLIMIT_DATA, &memory);
    output_disown();
}

static _Noreturn void run_child(int fd, produce_rows *produce, const void *how, const char *path,
                                const struct grid_rule *rule)
{
    struct error e = {0};
    struct grid *rows = grid_new(rule, write_data, &fd);
    limit_child();
    int status = produce(how, path, rows, &e);
    if (status == 0)
        status = grid_finish(rows, &e);
    if (status == 0)
        send_frame(fd, FRAME_END, NULL, 0);
    else if (e.code)
        send_error(fd, &e);
    grid_free(rows);
    _exit(0);
}

/* ---- the parent ---- */

static int refuse(const struct producer *p, struct error *e, int code, const char *what)
{
    return error_set(e, code, (struct place){p->name, 0, 0}, "%s", what);
}

/* The child is gone and did not say why. */
static int broke_down(struct producer *p, struct error *e)
{
    int status = 0;
    waitpid(p->child, &status, 0);
    p->child = -1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == EX_OSERR)
        return refuse(p, e, EX_DATAERR,
                      "reading it takes more than 1 GiB of memory; it is refused");
    return refuse(p, e, EX_DATAERR,
                  "what reads such files broke down on this one; it is damaged or not what its "
                  "first bytes say");
}

static int receive(struct producer *p, void *to, size_t n, struct error *e)
{
    char *at = to;
    while (n) {
        ssize_t got = read(p->fd, at, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return broke_down(p, e);
        at += got;
        n -= (size_t)got;
    }
    return 0;
}

static int receive_error(struct producer *p, struct error *e)
{
    struct sent_error sent;
    if (receive(p, &sent, sizeof sent, e) < 0)
        return -1;
    sent.message[sizeof sent.message - 1] = '\0';
    return error_set(e, sent.code, (struct place){p->name, sent.line, sent.column}, "%s",
                     sent.message);
}

static int next_frame(struct producer *p, struct error *e)
{
    struct frame f;
    if (receive(p, &f, sizeof f, e) < 0)
        return -1;
    if (f.kind == FRAME_ERROR)
        return receive_error(p, e);
    p->ended = f.kind == FRAME_END;
    p->left = f.size;
    return 0;
}

static long producer_read(void *context, void *out, size_t size, struct error *e)
{
    struct producer *p = context;
    while (!p->ended && p->left == 0)
        if (next_frame(p, e) < 0)
            return -1;
    if (p->ended)
        return 0;
    size_t n = p->left < size ? p->left : size;
    if (receive(p, out, n, e) < 0)
        return -1;
    p->left -= (uint32_t)n;
    return (long)n;
}

static void producer_close(void *context)
{
    struct producer *p = context;
    close(p->fd);
    if (p->keep >= 0)
        close(p->keep);
    if (p->child > 0) {
        if (!p->ended)
            kill(p->child, SIGKILL);
        waitpid(p->child, NULL, 0);
    }
    free(p);
}

struct input *producer_open(produce_rows *produce, const void *how, const char *path, int keep,
                            const struct grid_rule *rule, struct error *e)
{
    int ends[2] = {-1, -1};
    pid_t child = pipe(ends) < 0 ? -1 : fork();
    if (child == 0) {
        close(ends[0]);
        run_child(ends[1], produce, how, path, rule);
    }
    if (ends[1] >= 0)
        close(ends[1]);
    if (child < 0) {
        error_set(e, EX_OSERR, (struct place){rule->name, 0, 0}, "no process to read it: %s",
                  strerror(errno));
        if (ends[0] >= 0)
            close(ends[0]);
        if (keep >= 0)
            close(keep);
        return NULL;
    }
    pipe_widen(ends[0]);
    struct producer *p = memory_zalloc(sizeof *p);
    *p = (struct producer){.name = rule->name, .child = child, .fd = ends[0], .keep = keep};
    p->source = (struct input_source){producer_read, producer_close, rule->fault};
    return input_source(&p->source, p, rule->name);
}
