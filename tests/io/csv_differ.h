/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * csv_read against libcsv: any bytes are read by both, and both must give the same records, or both
 * refuse; and csv_read must tell the same story on every path that the machine has, alone and cut
 * into blocks for lanes, whatever its block and batch size (which the bytes themselves draw).
 *
 * The other reading is as plain as can be: libcsv gets the whole input at once, after CR LF outside
 * quotes became LF; then UTF-8 (by iconv), NUL, bare CR and the width of records are looked at.
 */
#ifndef MARSAD_TESTS_IO_CSV_DIFFER_H
#define MARSAD_TESTS_IO_CSV_DIFFER_H

#include <csv.h>
#include <iconv.h>

#include "csv_check.h"
#include "io/csv_scan.h"

struct other {
    struct story story;
    uint32_t cells, columns; /* of this record; of the header */
    bool ragged, headed;
    size_t records;
};

static inline void other_cell(void *bytes, size_t n, void *context)
{
    struct other *o = context;
    if (o->cells++)
        story_add(&o->story, "|", 1);
    if (n)
        story_add(&o->story, bytes, n);
}

static inline void other_record(int end, void *context)
{
    struct other *o = context;
    (void)end;
    if (!o->headed)
        o->columns = o->cells;
    if (o->headed && o->cells == 0) /* a blank line is one empty cell */
        o->cells = 1;
    o->ragged |= o->cells != o->columns || o->columns == 0;
    o->headed = true;
    o->records++;
    o->cells = 0;
    story_add(&o->story, ";", 1);
}

static inline int other_space(unsigned char c)
{
    (void)c;
    return 0;
}

static inline int other_end(unsigned char c)
{
    return c == '\n';
}

static inline bool all_utf8(const char *bytes, size_t n)
{
    static iconv_t cd; /* opened once: that is slow */
    bool good = true;
    if (!cd)
        cd = iconv_open("UTF-32", "UTF-8");
    iconv(cd, NULL, NULL, NULL, NULL);
    while (n > 0 && good) {
        char out[64], *to = out, *from = (char *)(uintptr_t)bytes;
        size_t room = sizeof out, left = n;
        good = iconv(cd, &from, &left, &to, &room) != (size_t)-1 || (left < n && room < 8);
        bytes = from;
        n = left;
    }
    return good;
}

/* Without the CR of CR LF outside quotes; *bare: a CR is left outside quotes, or one was taken. */
static inline size_t plain_ends(char *bytes, size_t n, bool *bare, bool *taken)
{
    size_t out = 0;
    bool inside = false;
    for (size_t i = 0; i < n; i++) {
        inside ^= bytes[i] == '"';
        if (bytes[i] == '\r' && !inside) {
            bool ends = i + 1 < n && bytes[i + 1] == '\n';
            *(ends ? taken : bare) = true;
            if (ends)
                continue;
        }
        bytes[out++] = bytes[i];
    }
    return out;
}

/* Whether the other reading takes all of it; its records are in o->story. */
static inline bool other_reading(const char *input, size_t n, bool strict, struct other *o)
{
    struct csv_parser p;
    char *copy = malloc(n + 2), *bytes = copy;
    bool bare = false, taken = false;
    memset(o, 0, sizeof *o);
    story_add(&o->story, "", 0);
    if (n)
        memcpy(copy, input, n);
    bool mark = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;
    if (mark) {
        bytes += 3;
        n -= 3;
    }
    if (!strict && n && bytes[n - 1] != '\n')
        bytes[n++] = '\n';
    bool good = n > 0 && !memchr(bytes, '\0', n) && all_utf8(bytes, n) && bytes[n - 1] == '\n';
    n = plain_ends(bytes, n, &bare, &taken);
    good = good && !bare && !(strict && (taken || mark));
    csv_init(&p, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL);
    csv_set_space_func(&p, other_space);
    csv_set_term_func(&p, other_end);
    good = good && csv_parse(&p, bytes, n, other_cell, other_record, o) == n &&
           csv_fini(&p, other_cell, other_record, o) == 0;
    csv_free(&p);
    free(copy);
    return good && !o->ragged;
}

enum { PATHS = 4 };

/* What was read by each path: by the reader alone, and by lanes. */
struct differ {
    const struct csv_isa *isa[PATHS]; /* NULL: this machine has it not */
    uint64_t alone[PATHS], lanes[PATHS];
    uint64_t inputs;
};

static const char *const differ_path[PATHS] = {"avx512", "avx2", "sse2", "portable"};

static inline void differ_begin(struct differ *d)
{
    memset(d, 0, sizeof *d);
    for (int i = 0; i < PATHS; i++) {
        setenv("MARSAD_ISA", differ_path[i], 1);
        d->isa[i] = csv_isa();
    }
    unsetenv("MARSAD_ISA");
}

static inline void differ_tell(const struct differ *d)
{
    printf("%llu inputs\n", (unsigned long long)d->inputs);
    for (int i = 0; i < PATHS; i++)
        if (d->isa[i])
            printf("%-8s %llu readings, %llu more by lanes, no difference\n", differ_path[i],
                   (unsigned long long)d->alone[i], (unsigned long long)d->lanes[i]);
        else
            printf("%-8s is not on this machine\n", differ_path[i]);
}

static inline void differ_abort(const char *bytes, size_t n, const struct csv_rules *rules,
                                const struct way *way, const struct story *a, const char *b)
{
    const char *isa = getenv("MARSAD_ISA");
    fprintf(stderr, "%s, %s, block %u, batch %u, lanes %u, input",
            rules->strict ? "strict" : "foreign", isa ? isa : "fastest", rules->block, way->batch,
            way->lanes);
    for (size_t i = 0; i < n; i++)
        fprintf(stderr, " %02x", (unsigned char)bytes[i]);
    fprintf(stderr, "\n  csv_read: %s (%s)\n  expected: %s\n", a->text, a->reason, b);
    abort();
}

/* What is told before a refusal, with the sign that there is one. */
static inline size_t before_refusal(const struct story *s)
{
    size_t n = s->len;
    while (s->reason[0] && s->text[n - 1] != '!')
        n--;
    return n;
}

/* The story of one way is that of all.  Where limits are close, several are passed at once and a
 * small block meets them in another order: then only the place may differ. */
static inline void differ_way(const char *bytes, size_t n, const struct csv_rules *rules,
                              const struct way *way, const struct story *expected, bool exactly)
{
    struct story s;
    csv_tell_way(bytes, n, rules, way, &s);
    size_t same = exactly ? s.len : before_refusal(&s);
    if ((exactly ? expected->len : before_refusal(expected)) != same ||
        memcmp(s.text, expected->text, same) != 0 ||
        (exactly && strcmp(s.reason, expected->reason) != 0) || s.blanks != expected->blanks)
        differ_abort(bytes, n, rules, way, &s, expected->text);
    free(s.text);
}

static inline uint32_t differ_draw(uint64_t *state, uint32_t below)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)((*state >> 33) % below);
}

/* Mostly tiny, so that every byte is the end of a block once; not where that takes for ever. */
static inline uint32_t differ_block(uint64_t *state, size_t n)
{
    uint32_t least = n > 4096 ? (uint32_t)n / 16 : 1;
    uint32_t most[] = {4, 16, 64, 80, 1024, n > 1024 ? 70000 : 200};
    uint32_t block = 1 + differ_draw(state, most[differ_draw(state, 6)]);
    return block < least ? least + block : block;
}

static inline void differ_ways(struct differ *d, const char *bytes, size_t n,
                               struct csv_rules rules, const struct story *expected, bool exactly)
{
    uint64_t state = text_hash((struct text){bytes, (uint32_t)n}) | 1;
    for (int i = 0; i < PATHS; i++) {
        if (!d->isa[i])
            continue;
        setenv("MARSAD_ISA", differ_path[i], 1);
        struct way way = {1 + differ_draw(&state, 70), 0};
        rules.block = differ_block(&state, n);
        differ_way(bytes, n, &rules, &way, expected, exactly);
        d->alone[i]++;
        way = (struct way){1 + differ_draw(&state, 70), 1 + differ_draw(&state, 4)};
        rules.block = differ_block(&state, n);
        differ_way(bytes, n, &rules, &way, expected, exactly);
        d->lanes[i]++;
    }
    unsetenv("MARSAD_ISA");
}

static inline void differ_one(struct differ *d, const char *bytes, size_t n, bool strict)
{
    struct csv_rules rules = csv_rules_default;
    struct other o;
    struct story s;
    struct way way = {64, 0};
    rules.strict = strict;
    rules.block = 1024;
    bool good = other_reading(bytes, n, strict, &o);
    csv_tell(bytes, n, &rules, 64, &s);
    if (good == (s.reason[0] != '\0'))
        differ_abort(bytes, n, &rules, &way, &s, good ? "accepted by libcsv" : "refused by libcsv");
    if (good && (s.len != o.story.len || memcmp(s.text, o.story.text, s.len) != 0))
        differ_abort(bytes, n, &rules, &way, &s, o.story.text);
    differ_ways(d, bytes, n, rules, &s, true);
    free(s.text);
    rules.set_aside = !strict;
    rules.skip_blank = n % 2 == 1;
    rules.max_field = 6;
    rules.max_lines = 2;
    rules.max_record = 24;
    csv_tell(bytes, n, &rules, 64, &s);
    differ_ways(d, bytes, n, rules, &s, false);
    free(s.text);
    free(o.story.text);
}

static inline void csv_differ(struct differ *d, const char *bytes, size_t n)
{
    d->inputs++;
    differ_one(d, bytes, n, true);
    differ_one(d, bytes, n, false);
}

/* The first line, then `times` the rest with `rows` plain rows before and behind each. */
static inline void differ_repeat(struct differ *d, const char *bytes, size_t n, uint32_t times,
                                 uint32_t rows)
{
    const char *end = memchr(bytes, '\n', n);
    size_t head = end ? (size_t)(end - bytes) + 1 : n, rest = n - head;
    char *copy = malloc(head + times * rest + (size_t)2 * times * rows * 8 + 1), *at = copy;
    memcpy(at, bytes, head);
    at += head;
    for (uint32_t i = 0; i < times; i++) {
        for (uint32_t r = 0; r < 2 * rows; r++) {
            if (r == rows && rest) {
                memcpy(at, bytes + head, rest);
                at += rest;
            }
            at += sprintf(at, "%.*s\n", (int)(r * 7 % 5), "a,bc");
        }
        if (rows == 0 && rest) {
            memcpy(at, bytes + head, rest);
            at += rest;
        }
    }
    csv_differ(d, copy, (size_t)(at - copy));
    free(copy);
}

/* One input in 512 also repeated until it fills more than a window of the fast way (32 KiB), one in
 * 16 also between plain rows, so that it comes to stand at every place of a block of 64 bytes. */
static inline void csv_differ_more(struct differ *d, const char *bytes, size_t n)
{
    uint64_t hash = text_hash((struct text){bytes, (uint32_t)n});
    csv_differ(d, bytes, n);
    if (n && hash % 16 == 0)
        differ_repeat(d, bytes, n, 1, (uint32_t)(hash >> 8 & 31));
    if (n && hash % 512 == 1)
        differ_repeat(d, bytes, n, (uint32_t)(40000 / n + 1), 0);
}

#endif
