/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows made at finish, by several threads: batches are taken by number, made in arenas of their own
 * and emitted in order by the thread that finishes the step, which makes some itself while it
 * waits.  Forms of columns that the steps behind asked for of the first batch are made with the
 * others, so that these threads parse and format too.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"
#include "chain/step.h"

enum { MOST_THREADS = 64, WINDOW = 8, ENOUGH = 4 };

struct maker {
    const struct step *step;
    step_maker *make;
    uint64_t n, taken, emitted;
    struct arena *arena[WINDOW];
    struct batch *made[WINDOW]; /* NULL: not yet */
    uint8_t *forms;             /* those that were asked for of the first batch; NULL: not known */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool over;
};

/* Makes the next batch that has room, the lock being held; false: there is none now. */
static bool make_one(struct maker *m)
{
    uint64_t i = m->taken;
    if (m->over || i == m->n || i >= m->emitted + WINDOW)
        return false;
    m->taken++;
    const uint8_t *forms = m->forms;
    pthread_mutex_unlock(&m->lock);
    arena_reset(m->arena[i % WINDOW]);
    struct batch *b = m->make(m->step, i, m->arena[i % WINDOW]);
    b->sequence = i;
    if (forms)
        batch_make_forms(b, forms);
    pthread_mutex_lock(&m->lock);
    m->made[i % WINDOW] = b;
    pthread_cond_broadcast(&m->changed);
    return true;
}

static void *help(void *context)
{
    struct maker *m = context;
    pthread_mutex_lock(&m->lock);
    while (!m->over && m->taken < m->n)
        if (!make_one(m))
            pthread_cond_wait(&m->changed, &m->lock);
    pthread_mutex_unlock(&m->lock);
    return NULL;
}

static struct batch *await_batch(struct maker *m, uint64_t i)
{
    pthread_mutex_lock(&m->lock);
    while (!m->made[i % WINDOW])
        if (!make_one(m))
            pthread_cond_wait(&m->changed, &m->lock);
    struct batch *b = m->made[i % WINDOW];
    pthread_mutex_unlock(&m->lock);
    return b;
}

static void give_back(struct maker *m, uint64_t i, bool over)
{
    pthread_mutex_lock(&m->lock);
    if (i == 0) {
        m->forms = memory_alloc(m->made[0]->schema->columns);
        batch_note_forms(m->made[0], m->forms);
    }
    m->made[i % WINDOW] = NULL;
    m->emitted = i + 1;
    m->over = over;
    if (over || i + 1 == m->n || (i + 1) % (WINDOW / 2) == 0) /* not for each: it costs a call */
        pthread_cond_broadcast(&m->changed);
    pthread_mutex_unlock(&m->lock);
}

static int emit_all(struct step *step, struct maker *m)
{
    int status = STEP_OK;
    for (uint64_t i = 0; i < m->n && status == STEP_OK; i++) {
        struct batch *b = await_batch(m, i);
        status = step_emit(step, 0, b);
        give_back(m, i, status != STEP_OK);
    }
    return status;
}

/* ---- work without rows ---- */

struct crew {
    void (*work)(void *, uint64_t);
    void *context;
    _Atomic uint64_t taken;
    uint64_t n;
};

static void *work_on(void *context)
{
    struct crew *c = context;
    for (uint64_t i; (i = c->taken++) < c->n;)
        c->work(c->context, i);
    return NULL;
}

void step_each(const struct step *step, void (*work)(void *, uint64_t), void *context, uint64_t n)
{
    struct crew c = {.work = work, .context = context, .n = n};
    pthread_t thread[MOST_THREADS];
    uint32_t started = 0, wanted = step->run->threads;
    while (started + 1 < wanted && started + 1 < n && started < MOST_THREADS &&
           pthread_create(&thread[started], NULL, work_on, &c) == 0)
        started++;
    work_on(&c);
    for (uint32_t i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
}

/* ---- rows ---- */

int step_make(struct step *step, step_maker *make, uint64_t n)
{
    struct maker m = {.step = step, .make = make, .n = n};
    pthread_t thread[MOST_THREADS];
    uint32_t started = 0,
             wanted = n < ENOUGH || step->run->threads < 2 ? 0 : step->run->threads - 1;
    pthread_mutex_init(&m.lock, NULL);
    pthread_cond_init(&m.changed, NULL);
    for (uint32_t i = 0; i < WINDOW; i++)
        m.arena[i] = arena_new();
    while (started < wanted && started < MOST_THREADS &&
           pthread_create(&thread[started], NULL, help, &m) == 0)
        started++;
    int status = emit_all(step, &m);
    for (uint32_t i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
    for (uint32_t i = 0; i < WINDOW; i++)
        arena_free(m.arena[i]);
    free(m.forms);
    pthread_cond_destroy(&m.changed);
    pthread_mutex_destroy(&m.lock);
    return status;
}
