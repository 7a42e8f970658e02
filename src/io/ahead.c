/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { SLOTS = 4, SLOT = 256 * 1024 };

/* What one call of read() gave. */
struct slot {
    char *bytes;
    long n;
    uint64_t done;
};

struct ahead {
    const struct ahead_source *source;
    void *context;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct slot slot[SLOTS];
    uint64_t made, taken; /* slots so far; the present one is taken % SLOTS */
    size_t at;            /* in the present slot */
    bool ended;           /* nothing more is made */
    bool stop;            /* nobody takes any more */
    struct error error;   /* of the last slot, where its n is -1 */
};

static void ahead_free(struct ahead *a)
{
    for (int i = 0; i < SLOTS; i++)
        free(a->slot[i].bytes);
    pthread_cond_destroy(&a->changed);
    pthread_mutex_destroy(&a->lock);
    free(a);
}

/* ---- the thread ---- */

/* Waits for a free slot; NULL: nobody wants it. */
static struct slot *slot_await(struct ahead *a)
{
    pthread_mutex_lock(&a->lock);
    while (a->made - a->taken == SLOTS && !a->stop)
        pthread_cond_wait(&a->changed, &a->lock);
    struct slot *s = a->stop ? NULL : &a->slot[a->made % SLOTS];
    pthread_mutex_unlock(&a->lock);
    return s;
}

/* Hands the slot over; false: nobody takes any more. */
static bool slot_made(struct ahead *a, const struct slot *s)
{
    pthread_mutex_lock(&a->lock);
    a->made++;
    a->ended = s->n <= 0;
    bool stop = a->stop;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
    return !stop;
}

static void *work(void *context)
{
    struct ahead *a = context;
    struct slot *s;
    while ((s = slot_await(a))) {
        s->n = a->source->read(a->context, s->bytes, SLOT, &s->done, &a->error);
        bool last = s->n <= 0;
        if (!slot_made(a, s))
            break;
        if (last)
            return NULL;
    }
    a->source->close(a->context);
    ahead_free(a);
    return NULL;
}

/* ---- the caller ---- */

struct ahead *ahead_new(const struct ahead_source *source, void *context)
{
    struct ahead *a = memory_zalloc(sizeof *a);
    a->source = source;
    a->context = context;
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->changed, NULL);
    for (int i = 0; i < SLOTS; i++)
        a->slot[i].bytes = memory_alloc(SLOT);
    if (pthread_create(&a->thread, NULL, work, a) == 0)
        return a;
    ahead_free(a);
    return NULL;
}

/* Waits until the present slot is made. */
static const struct slot *slot_take(struct ahead *a)
{
    pthread_mutex_lock(&a->lock);
    while (a->made == a->taken)
        pthread_cond_wait(&a->changed, &a->lock);
    pthread_mutex_unlock(&a->lock);
    return &a->slot[a->taken % SLOTS];
}

static void slot_return(struct ahead *a)
{
    a->at = 0;
    pthread_mutex_lock(&a->lock);
    a->taken++;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
}

long ahead_read(struct ahead *a, void *out, size_t size, uint64_t *done, struct error *e)
{
    const struct slot *s = slot_take(a);
    *done = s->done;
    if (s->n < 0)
        *e = a->error;
    if (s->n <= 0) /* the last slot stays */
        return s->n;
    size_t left = (size_t)s->n - a->at, n = left < size ? left : size;
    memcpy(out, s->bytes + a->at, n);
    a->at += n;
    if (n == left)
        slot_return(a);
    return (long)n;
}

bool ahead_end(struct ahead *a)
{
    pthread_mutex_lock(&a->lock);
    bool ended = a->ended;
    a->stop = true;
    pthread_cond_signal(&a->changed);
    if (!ended)
        pthread_detach(a->thread);
    pthread_mutex_unlock(&a->lock);
    if (!ended)
        return false;
    pthread_join(a->thread, NULL);
    ahead_free(a);
    return true;
}
