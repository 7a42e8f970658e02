/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * csv_read against libcsv on seeded random inputs: the same in every run, about two seconds.
 *
 * The bytes are drawn from those that matter to a CSV; tests/fuzz/csv_fuzz.c searches further.
 */
#include "csv_differ.h"

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

static void test_random(void **unused)
{
    char bytes[256];
    (void)unused;
    struct differ differ;
    differ_begin(&differ);
    for (int i = 0; i < 2000; i++) {
        csv_differ(&differ, bytes, make_rows(bytes));
        csv_differ(&differ, bytes, make_noise(bytes));
    }
    differ_tell(&differ);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
