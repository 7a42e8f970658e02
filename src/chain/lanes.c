/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain/lanes.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "chain/progress.h"

enum { MOST_LANES = 64, ALONE = 1024 * 1024, LITTLE = 128 * 1024 };
#define NOT_DONE UINT64_MAX

struct crew;

struct lane {
    struct crew *crew;
    pthread_t thread;
    struct run run; /* its own error; the rest is the chain's */
    struct arena *arena;
    struct reader_lane *reader;
    struct step **step; /* copies of the chain's first steps */
    struct catch caught;
    uint64_t ticket;
};

struct crew {
    struct chain *chain;
    struct progress *progress;
    uint32_t copied; /* steps that each lane has a copy of */
    bool folds;      /* the last of them keeps all to itself */
    bool sides;      /* some of them have side outputs, */
    bool numbers;    /* or keep places of rows: these become numbers, in order */
    pthread_mutex_t lock;
    pthread_cond_t turned;
    uint64_t issued, turn; /* tickets given out; the first of those that are not done */
    uint64_t *before;      /* of each copied step: rows of its input in all blocks before `turn` */
    uint64_t failed;       /* the first block that failed, where turns are not waited for */
    uint64_t rows;
    bool over; /* nothing more is read: the end, an error, or nobody listens */
    int status;
};

static const char *threads_told(const struct chain *c)
{
    const char *text = step_option(c->step[0], "threads");
    return text ? text : getenv("MARSAD_THREADS");
}

uint64_t lanes_alone(const struct chain *c)
{
    bool large = reader_size(c->reader) >= 2 * ALONE;
    return threads_told(c) ? 0 : large ? LITTLE : ALONE;
}

uint32_t lanes_wanted(const struct chain *c)
{
    const char *text = threads_told(c);
    long n = text ? atol(text) : sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > MOST_LANES ? MOST_LANES : (uint32_t)n;
}

/* ---- which steps are copied ---- */

/* Rows of side outputs are caught.  Bytes are not: who merges a state writes them at the end. */
static bool can_copy(const struct step *s)
{
    for (uint32_t i = 1; i < s->ports; i++)
        if (s->port[i].bytes && !s->stage->merge)
            return false;
    return true;
}

static void plan_copies(struct crew *crew)
{
    struct chain *c = crew->chain;
    uint32_t n = 0;
    while (n < c->steps && c->step[n]->rowwise && can_copy(c->step[n])) {
        bool alone = c->step[n]->port[0].nexts == 1 && !c->step[n]->port[0].to_file;
        n++;
        if (!alone)
            break;
    }
    bool open_end =
        n == 0 || (c->step[n - 1]->port[0].nexts == 1 && !c->step[n - 1]->port[0].to_file);
    if (open_end && n < c->steps && c->step[n]->stage->merge && !c->step[n]->rowwise &&
        !c->step[n]->alone) {
        crew->folds = true;
        n++;
    }
    crew->copied = n;
    for (uint32_t i = 0; i < n; i++) {
        crew->sides |= c->step[i]->ports > 1;
        crew->numbers |= crew->sides || c->step[i]->places;
    }
}

/* ---- numbers of rows ---- */

/* The chain's steps have had some rows before the lanes start. */
static void plan_numbers(struct crew *crew)
{
    struct chain *c = crew->chain;
    c->blocks.steps = crew->copied;
    crew->before = arena_zarray(c->arena, crew->copied + 1, sizeof *crew->before);
    for (uint32_t i = 0; i < crew->copied; i++) {
        crew->before[i] = c->step[i]->rows_before;
        c->step[i]->blocks = &c->blocks;
        c->step[i]->index = i;
    }
}

static void start_numbers(struct lane *lane)
{
    for (uint32_t i = 0; i < lane->crew->copied; i++)
        lane->step[i]->rows_before = (lane->ticket + 1) << 32;
}

/* Room for a block in the table, until it is done. */
static void numbers_expect(struct crew *crew)
{
    struct block_rows *t = &crew->chain->blocks;
    size_t at = crew->issued * t->steps;
    t->before = memory_grow(t->before, &t->room, at + t->steps, sizeof *t->before);
    for (uint32_t i = 0; i < t->steps; i++)
        t->before[at + i] = NOT_DONE;
}

/* A block is done: its rows are noted, and of all blocks that have none open before them, what
 * stands before them is known. */
static void numbers_note(struct lane *lane)
{
    struct crew *crew = lane->crew;
    struct block_rows *t = &crew->chain->blocks;
    for (uint32_t i = 0; i < t->steps; i++)
        t->before[lane->ticket * t->steps + i] = (uint32_t)lane->step[i]->rows_before;
    for (; crew->turn < crew->issued && t->before[crew->turn * t->steps] != NOT_DONE;
         crew->turn++) {
        for (uint32_t i = 0; i < t->steps; i++) {
            uint64_t *own = &t->before[crew->turn * t->steps + i], rows = *own;
            *own = crew->before[i];
            crew->before[i] += rows;
        }
    }
}

/* ---- a lane ---- */

static int copy_steps(struct lane *lane)
{
    struct crew *crew = lane->crew;
    lane->step = arena_zarray(crew->chain->arena, crew->copied + 1, sizeof *lane->step);
    for (uint32_t i = 0; i < crew->copied; i++) {
        lane->step[i] = step_copy(crew->chain->step[i], &lane->run);
        if (!lane->step[i])
            return -1;
        if (i)
            step_connect(lane->step[i - 1], lane->step[i]);
        step_catch(lane->step[i], &lane->caught, i, i + 1 == crew->copied && !crew->folds);
    }
    return 0;
}

static struct lane *lane_new(struct crew *crew, uint32_t lanes)
{
    struct lane *lane = memory_zalloc(sizeof *lane);
    lane->crew = crew;
    lane->run = *crew->chain->run;
    lane->run.workers = lanes;
    lane->arena = arena_new();
    lane->reader = reader_lane_new(crew->chain->reader);
    return lane;
}

static void lane_free(struct lane *lane)
{
    for (uint32_t i = 0; lane->step && i < lane->crew->copied; i++)
        if (lane->step[i])
            step_free(lane->step[i]);
    reader_lane_free(lane->reader);
    arena_free(lane->arena);
    free(lane->caught.item);
    free(lane);
}

/* ---- tickets and turns ---- */

static void end_all(struct crew *crew, int status)
{
    crew->over = true;
    if (status != STEP_OK)
        crew->status = status;
    pthread_cond_broadcast(&crew->turned);
}

/* The next block, or false: there is none. */
static bool take_block(struct lane *lane)
{
    struct crew *crew = lane->crew;
    pthread_mutex_lock(&crew->lock);
    int got =
        crew->over ? 0 : reader_lane_take(crew->chain->reader, lane->reader, &lane->run.error);
    if (got != 0 && crew->numbers)
        numbers_expect(crew);
    if (got != 0)
        lane->ticket = crew->issued++;
    if (got <= 0)
        crew->over = true;
    pthread_mutex_unlock(&crew->lock);
    start_numbers(lane);
    return got != 0;
}

/* Waits for the lane's turn; false: an earlier block has ended the run. */
static bool await_turn(struct lane *lane)
{
    struct crew *crew = lane->crew;
    pthread_mutex_lock(&crew->lock);
    while (crew->turn != lane->ticket && crew->status == STEP_OK)
        pthread_cond_wait(&crew->turned, &crew->lock);
    bool ours = crew->turn == lane->ticket && crew->status == STEP_OK;
    pthread_mutex_unlock(&crew->lock);
    return ours;
}

/* What is told of every block that is done; the crew's lock is held. */
static void tell_done(struct lane *lane, uint64_t rows)
{
    struct crew *crew = lane->crew;
    crew->rows += rows;
    if (crew->numbers)
        numbers_note(lane);
    else
        crew->turn++;
    pthread_cond_broadcast(&crew->turned);
    progress_tell(crew->progress, crew->rows, reader_done(crew->chain->reader),
                  reader_size(crew->chain->reader));
}

/* ---- work ---- */

/* In a lane: through the copies; without any: kept for the chain's first step, with the forms that
 * it asked for before. */
static int push_batch(struct lane *lane, struct batch *b, const struct csv_chunk *chunk)
{
    if (lane->crew->copied)
        return chain_push(lane->step[0], b, chunk);
    struct csv_chunk *kept = arena_alloc(lane->arena, sizeof *kept);
    *kept = *chunk;
    batch_make_forms(b, lane->crew->chain->forms);
    catch_add(&lane->caught, (struct caught){b, kept, 0, 0});
    return STEP_OK;
}

static int work_block(struct lane *lane, uint64_t *rows)
{
    struct batch *b;
    const struct csv_chunk *chunk;
    struct chain *c = lane->crew->chain;
    int got, status = STEP_OK;
    while ((got = reader_lane_next(lane->reader, lane->arena, c->run->batch_rows, &b, &chunk,
                                   &lane->run.error)) > 0) {
        *rows += b->rows;
        status = push_batch(lane, b, chunk);
        if (status == STEP_FAIL)
            return status;
        if (lane->crew->folds && lane->caught.count == 0)
            arena_reset(lane->arena);
    }
    return got < 0 ? STEP_FAIL : STEP_OK;
}

/* In turn: what the copies emitted goes on to the chain's own steps.  Where nobody listens to the
 * main output any more, side outputs still want all of the input. */
static int replay(struct lane *lane)
{
    struct crew *crew = lane->crew;
    struct chain *c = crew->chain;
    int status = STEP_OK;
    for (uint32_t i = 0; i < lane->caught.count && status == STEP_OK; i++) {
        const struct caught *item = &lane->caught.item[i];
        struct step *s = c->step[item->step];
        if (!crew->copied)
            status = chain_push(s, item->batch, item->chunk);
        else if (item->port || !s->stopped)
            status = step_replay(s, item, crew->before[item->step]);
        if (status == STEP_STOP && crew->sides)
            status = STEP_OK;
    }
    lane->caught.count = 0;
    return status;
}

static int finish_block(struct lane *lane, int status)
{
    struct run *run = lane->crew->chain->run;
    int replayed = replay(lane);
    if (replayed != STEP_OK || status == STEP_OK)
        return replayed;
    if (!run->error.code)
        run->error = lane->run.error;
    return status;
}

/* A fold keeps all to itself, so a block without side rows needs no turn; of errors the first
 * block's counts. */
static bool end_folded(struct lane *lane, int status, uint64_t rows)
{
    struct crew *crew = lane->crew;
    pthread_mutex_lock(&crew->lock);
    if (status != STEP_OK && (crew->status == STEP_OK || lane->ticket < crew->failed)) {
        crew->failed = lane->ticket;
        crew->chain->run->error = lane->run.error;
        end_all(crew, status);
    }
    tell_done(lane, rows);
    pthread_mutex_unlock(&crew->lock);
    return status == STEP_OK;
}

static bool end_in_turn(struct lane *lane, int status, uint64_t rows)
{
    struct crew *crew = lane->crew;
    if (!await_turn(lane))
        return false;
    status = finish_block(lane, status);
    pthread_mutex_lock(&crew->lock);
    if (status != STEP_OK)
        end_all(crew, status);
    tell_done(lane, rows);
    pthread_mutex_unlock(&crew->lock);
    return true;
}

/* Side rows in front of a fold: written in turn, while other lanes may fold, but not fail. */
static bool end_beside(struct lane *lane, uint64_t rows)
{
    struct crew *crew = lane->crew;
    if (!await_turn(lane))
        return false;
    pthread_mutex_lock(&crew->lock);
    if (crew->status == STEP_OK && replay(lane) != STEP_OK) {
        crew->failed = lane->ticket;
        end_all(crew, STEP_FAIL);
    }
    tell_done(lane, rows);
    pthread_mutex_unlock(&crew->lock);
    return true;
}

static bool end_block(struct lane *lane, int status, uint64_t rows)
{
    if (!lane->crew->folds)
        return end_in_turn(lane, status, rows);
    if (status != STEP_OK || lane->caught.count == 0)
        return end_folded(lane, status, rows);
    return end_beside(lane, rows);
}

static void settle_copies(struct lane *lane)
{
    pthread_mutex_lock(&lane->crew->lock);
    bool good = lane->crew->status == STEP_OK;
    pthread_mutex_unlock(&lane->crew->lock);
    for (uint32_t i = 0; i < lane->crew->copied && good; i++)
        if (lane->step[i]->stage->settle)
            lane->step[i]->stage->settle(lane->step[i]);
}

static void *lane_work(void *context)
{
    struct lane *lane = context;
    while (take_block(lane)) {
        uint64_t rows = 0;
        int status = lane->run.error.code ? STEP_FAIL : work_block(lane, &rows);
        if (!end_block(lane, status, rows))
            break;
        arena_reset(lane->arena);
    }
    settle_copies(lane);
    return NULL;
}

/* ---- the end ---- */

static int merge_lane(struct lane *lane)
{
    struct crew *crew = lane->crew;
    struct chain *c = crew->chain;
    for (uint32_t i = 0; i < crew->copied; i++) {
        if (step_merge(c->step[i], lane->step[i]) != STEP_OK) {
            c->run->error = lane->run.error.code ? lane->run.error : c->run->error;
            return STEP_FAIL;
        }
    }
    return STEP_OK;
}

static int start_lanes(struct crew *crew, struct lane **lane, uint32_t lanes)
{
    for (uint32_t i = 0; i < lanes; i++) {
        lane[i] = lane_new(crew, lanes);
        if (copy_steps(lane[i]) < 0) {
            crew->chain->run->error = lane[i]->run.error;
            return STEP_FAIL;
        }
    }
    return STEP_OK;
}

static int run_all(struct crew *crew, struct lane **lane, uint32_t lanes)
{
    uint32_t started = 1;
    while (started < lanes &&
           pthread_create(&lane[started]->thread, NULL, lane_work, lane[started]) == 0)
        started++;
    if (lanes > 0)
        lane_work(lane[0]);
    for (uint32_t i = 1; i < started; i++)
        pthread_join(lane[i]->thread, NULL);
    for (uint32_t i = 0; i < lanes && crew->status != STEP_FAIL; i++)
        if (merge_lane(lane[i]) != STEP_OK)
            crew->status = STEP_FAIL;
    return crew->status;
}

int lanes_run(struct chain *c, uint32_t lanes, struct progress *progress)
{
    struct crew crew = {.chain = c, .progress = progress};
    struct lane *lane[MOST_LANES] = {NULL};
    pthread_mutex_init(&crew.lock, NULL);
    pthread_cond_init(&crew.turned, NULL);
    plan_copies(&crew);
    plan_numbers(&crew);
    int status = start_lanes(&crew, lane, lanes);
    if (status == STEP_OK)
        status = run_all(&crew, lane, lanes);
    for (uint32_t i = 0; i < lanes && lane[i]; i++)
        lane_free(lane[i]);
    pthread_cond_destroy(&crew.turned);
    pthread_mutex_destroy(&crew.lock);
    return status;
}
