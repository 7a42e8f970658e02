/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

struct progress {
    const char *label;
    double begun, told;
    int shown;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct progress *progress_new(struct arena *a)
{
    return isatty(STDERR_FILENO) ? arena_zalloc(a, sizeof(struct progress)) : NULL;
}

void progress_stage(struct progress *p, const char *label)
{
    if (!p)
        return;
    p->label = label;
    p->begun = p->told = now();
}

void progress_tell(struct progress *p, uint64_t rows, uint64_t done, uint64_t size)
{
    double t = p ? now() : 0, spent = p ? t - p->begun : 0;
    if (!p || t - p->told < 0.5)
        return;
    p->told = t;
    p->shown = 1;
    double speed = (double)done / (spent > 0 ? spent : 1);
    fprintf(stderr, "\r\033[K%s: %llu rows, %.0f MB/s", p->label, (unsigned long long)rows,
            speed / 1e6);
    if (size > done && speed > 0)
        fprintf(stderr, ", %.0f s left", (double)(size - done) / speed);
    fflush(stderr);
}

void progress_clear(struct progress *p)
{
    if (p && p->shown)
        fputs("\r\033[K", stderr);
    if (p)
        p->shown = 0;
}
