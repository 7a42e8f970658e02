/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the writer puts out, against the rule spelled out byte by byte: cells from anywhere, and
 * cells that lie side by side in a buffer, with a comma between them or something else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "io/input.h"
#include "table/writer.h"

enum { COLUMNS = 5, ROWS = 200, BYTES = 4000 };

static uint32_t draw(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)(*seed >> 4) * below >> 28);
}

/* Mostly letters, so that whole runs are plain, and now and then what needs care. */
static char *bytes_make(struct arena *a, uint32_t *seed)
{
    static const char odd[] = ",,,;;\"\n\r";
    char *at = arena_alloc(a, BYTES);
    for (uint32_t i = 0; i < BYTES; i++)
        at[i] = draw(seed, 30) ? (char)('a' + draw(seed, 26)) : odd[draw(seed, sizeof odd - 1)];
    return at;
}

static uint32_t length_make(uint32_t *seed)
{
    return draw(seed, 9) ? draw(seed, 12) : draw(seed, 600);
}

/* A record: one cell behind the other with one byte between, mostly a comma, or cells from
 * anywhere. */
static void record_make(struct text cell[COLUMNS][ROWS], uint32_t row, char *bytes, uint32_t *seed)
{
    bool beside = draw(seed, 4) != 0, comma = draw(seed, 4) != 0;
    uint32_t at = draw(seed, BYTES / 10);
    for (uint32_t c = 0; c < COLUMNS; c++) {
        uint32_t len = length_make(seed);
        cell[c][row] = (struct text){bytes + at, len};
        if (beside && comma)
            bytes[at + len] = ',';
        at = beside ? at + len + 1 : draw(seed, BYTES - 600);
    }
}

static void expect_cell(char **to, struct text t)
{
    bool quote = false;
    for (uint32_t i = 0; i < t.len; i++)
        quote |= t.at[i] == ',' || t.at[i] == '"' || t.at[i] == '\n' || t.at[i] == '\r';
    if (quote)
        *(*to)++ = '"';
    for (uint32_t i = 0; i < t.len; i++) {
        if (t.at[i] == '"')
            *(*to)++ = '"';
        *(*to)++ = t.at[i];
    }
    if (quote)
        *(*to)++ = '"';
}

static size_t expect(struct text cell[COLUMNS][ROWS], char *out)
{
    char *to = out;
    for (uint32_t row = 0; row < ROWS; row++) {
        for (uint32_t c = 0; c < COLUMNS; c++) {
            expect_cell(&to, cell[c][row]);
            *to++ = c + 1 < COLUMNS ? ',' : '\n';
        }
    }
    return (size_t)(to - out);
}

static struct batch *batch_of(struct arena *a, struct text cell[COLUMNS][ROWS])
{
    struct schema *schema = schema_new(a);
    for (uint32_t c = 0; c < COLUMNS; c++)
        schema_add(schema, text_of(arena_print(a, "%u", c)));
    struct batch *b = batch_new(a, schema, ROWS);
    for (uint32_t c = 0; c < COLUMNS; c++)
        memcpy(batch_new_text(b, c), cell[c], ROWS * sizeof **cell);
    return b;
}

static void compare(struct arena *a, const char *path, uint32_t *seed)
{
    static struct text cell[COLUMNS][ROWS];
    struct error e = {0};
    char *written, *expected = arena_alloc(a, (size_t)2 * ROWS * COLUMNS * 640);
    char *each = arena_alloc(a, (size_t)ROWS * BYTES);
    size_t len;
    for (uint32_t row = 0; row < ROWS; row++) {
        char *own = each + (size_t)row * BYTES;
        memcpy(own, bytes_make(a, seed), BYTES);
        record_make(cell, row, own, seed);
    }
    struct output *out = output_open(path, &e);
    assert_int_equal(writer_batch(out, batch_of(a, cell), &e), OUTPUT_OK);
    assert_int_equal(output_finish(out, &e), OUTPUT_OK);
    assert_int_equal(output_commit(out, &e), OUTPUT_OK);
    output_free(out);
    assert_int_equal(input_slurp(path, path, SIZE_MAX / 4, &written, &len, &e), 0);
    assert_int_equal(len, expect(cell, expected));
    assert_memory_equal(written, expected, len);
    free(written);
}

static void test_records(void **state)
{
    (void)state;
    char path[] = "/tmp/writer-test-XXXXXX";
    struct arena *a = arena_new();
    uint32_t seed = 1;
    assert_true(mkstemp(path) >= 0);
    for (int round = 0; round < 60; round++) {
        compare(a, path, &seed);
        arena_reset(a);
    }
    remove(path);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_records)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
