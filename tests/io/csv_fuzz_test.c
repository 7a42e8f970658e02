/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * csv_read against libcsv on seeded random inputs: the same in every run, about two seconds.
 *
 * The bytes are drawn from those that matter to a CSV; tests/fuzz/csv_fuzz.c searches by coverage.
 * FUZZ_SECONDS=600 goes on for that long, with other inputs in every run: a hundred times as many
 * as the fuzzer under its sanitizers (`make fuzz` runs both).
 */
#include "csv_differ.h"

#include <time.h>

static uint64_t state = 42;

static uint32_t draw(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)((state >> 33) % below);
}

/* Mostly well-formed: rows of two cells, with a fault now and then. */
static size_t make_rows(char *out)
{
    static const char *const cell[] = {
        "a",        "",         "12.5", "\"x,y\"", "\"p\nq\"", "\"\"\"", "\"q\"\"\"", "\"\"",
        "\xc3\xa9", "\xd9\x85", "a\"b", "\"a\"b",  "\r",       "\xff",   "\"\r\n\"",  " \"a\""};
    size_t n = 0;
    uint32_t rows = 1 + draw(6), most = draw(3) ? 10 : sizeof cell / sizeof *cell;
    bool foreign = draw(3) == 0;
    for (uint32_t i = 0; i < rows; i++) {
        uint32_t cells = draw(40) ? 2 : draw(4);
        for (uint32_t c = 0; c < cells; c++) {
            if (c)
                out[n++] = ',';
            const char *text = cell[draw(most)];
            memcpy(out + n, text, strlen(text));
            n += strlen(text);
        }
        if (i + 1 == rows && draw(8) == 0)
            break;
        if (foreign)
            out[n++] = '\r';
        out[n++] = '\n';
    }
    return n;
}

static size_t make_noise(char *out)
{
    static const char byte[] = "a,\"\n\r\",\n\xc3\xa9\xef\xbb\xbf\0";
    size_t n = draw(20);
    for (size_t i = 0; i < n; i++)
        out[i] = byte[draw(sizeof byte)];
    return n;
}

static void draw_two(struct differ *differ)
{
    char bytes[256];
    csv_differ_more(differ, bytes, make_rows(bytes));
    csv_differ_more(differ, bytes, make_noise(bytes));
}

static void test_random(void **unused)
{
    const char *seconds = getenv("FUZZ_SECONDS");
    struct differ differ;
    (void)unused;
    differ_begin(&differ);
    if (seconds) {
        time_t end = time(NULL) + atol(seconds);
        state ^= (uint64_t)end << 20;
        while (time(NULL) < end)
            draw_two(&differ);
    } else {
        for (int i = 0; i < 2000; i++)
            draw_two(&differ);
    }
    differ_tell(&differ);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
