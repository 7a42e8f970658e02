/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of csv_read share: a whole input read and told as one text.
 *
 * csv_tell() reads with a given block and batch size and writes every record as cells between `|`,
 * ended by `;`, every record set aside as `{line:column record}` and a refusal as `!line:column`,
 * so that two ways of reading can be compared as texts.  The order is that of the file.
 */
#ifndef MARSAD_TESTS_IO_CSV_CHECK_H
#define MARSAD_TESTS_IO_CSV_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/csv_read.h"

struct story {
    char *text;
    size_t len, room;
    char reason[1000]; /* of the refusal, or empty */
    uint64_t blanks;
};

static inline void story_add(struct story *s, const char *bytes, size_t n)
{
    if (s->len + n + 1 > s->room) {
        s->room = 2 * (s->len + n) + 64;
        s->text = realloc(s->text, s->room);
    }
    if (n)
        memcpy(s->text + s->len, bytes, n);
    s->text[s->len += n] = '\0';
}

static inline void story_place(struct story *s, const char *sign, struct place p)
{
    char buffer[64];
    int n =
        snprintf(buffer, sizeof buffer, "%s%llu:%u", sign, (unsigned long long)p.line, p.column);
    story_add(s, buffer, (size_t)n);
}

static inline void story_cell(struct story *s, struct text t, bool last)
{
    story_add(s, t.at, t.len);
    story_add(s, last ? ";" : "|", 1);
}

static inline void story_chunk(struct story *s, const struct csv_chunk *c, uint32_t columns)
{
    for (uint32_t i = 0; i < c->rows; i++)
        for (uint32_t k = 0; k < columns; k++)
            story_cell(s, c->cell[k][i], k + 1 == columns);
    if (c->fault) {
        story_place(s, "{", c->fault->place);
        story_add(s, " ", 1);
        story_add(s, c->fault->record.at, c->fault->record.len);
        story_add(s, "}", 1);
    }
    s->blanks += c->blanks;
}

static inline int story_rows(struct story *s, struct csv_reader *r, uint32_t columns,
                             uint32_t batch, struct error *e)
{
    struct arena *a = arena_new();
    struct csv_chunk chunk;
    bool *need = malloc(columns + 1);
    int got;
    memset(need, 1, columns + 1);
    while ((got = csv_read_next(r, a, need, batch, &chunk, e)) > 0) {
        story_chunk(s, &chunk, columns);
        arena_reset(a);
    }
    free(need);
    arena_free(a);
    return got;
}

/* How an input is read. */
struct way {
    uint32_t batch;
    uint32_t lanes; /* 0: the reader itself; else it cuts blocks for this many readers in turn */
};

enum { KEPT_CHUNKS = 100000 };

/* All of a lane's block is read before any of it is looked at, as lanes do that wait for their
 * turn. */
static inline int story_block(struct story *s, struct csv_reader *lane, uint32_t columns,
                              uint32_t batch, struct error *e)
{
    static struct csv_chunk kept[KEPT_CHUNKS];
    struct arena *a = arena_new();
    bool *need = malloc(columns + 1);
    uint32_t n = 0;
    int got = 1;
    memset(need, 1, columns + 1);
    while (n < KEPT_CHUNKS && (got = csv_read_next(lane, a, need, batch, &kept[n], e)) > 0)
        n++;
    for (uint32_t i = 0; i < n; i++)
        story_chunk(s, &kept[i], columns);
    free(need);
    arena_free(a);
    return got;
}

/* The first chunk comes from the reader itself, as in a run. */
static inline void story_lanes(struct story *s, struct csv_reader *r, uint32_t columns,
                               const struct way *way, struct error *e)
{
    struct csv_reader *lane[4] = {NULL};
    bool *need = malloc(columns + 1);
    struct arena *a = arena_new();
    struct csv_chunk chunk;
    memset(need, 1, columns + 1);
    int got = csv_read_next(r, a, need, way->batch, &chunk, e);
    if (got > 0)
        story_chunk(s, &chunk, columns);
    for (uint32_t i = 0; got > 0; i = (i + 1) % way->lanes) {
        if (!lane[i])
            lane[i] = csv_lane_new(r);
        got = csv_lane_feed(r, lane[i], e);
        if (got > 0 && story_block(s, lane[i], columns, way->batch, e) < 0)
            got = -1;
    }
    for (uint32_t i = 0; i < way->lanes; i++)
        if (lane[i])
            csv_reader_free(lane[i]);
    arena_free(a);
    free(need);
}

/* The whole input; the caller frees s->text. */
static inline void csv_tell_way(const char *bytes, size_t len, const struct csv_rules *rules,
                                const struct way *way, struct story *s)
{
    struct error e = {0};
    struct arena *a = arena_new();
    struct input *in = input_memory(bytes, len, "f");
    struct csv_reader *r = csv_reader_new(in, rules);
    struct text *name;
    struct place place;
    uint32_t columns;
    memset(s, 0, sizeof *s);
    story_add(s, "", 0);
    if (csv_read_header(r, 0, a, &name, &columns, &place, &e) == 0) {
        for (uint32_t k = 0; k < columns; k++)
            story_cell(s, name[k], k + 1 == columns);
        if (way->lanes)
            story_lanes(s, r, columns, way, &e);
        else
            story_rows(s, r, columns, way->batch, &e);
    }
    if (e.code) {
        story_place(s, "!", e.place);
        snprintf(s->reason, sizeof s->reason, "%s", e.message);
    }
    csv_reader_free(r);
    input_close(in);
    arena_free(a);
}

static inline void csv_tell(const char *bytes, size_t len, const struct csv_rules *rules,
                            uint32_t batch, struct story *s)
{
    csv_tell_way(bytes, len, rules, &(struct way){batch, 0}, s);
}

#endif
