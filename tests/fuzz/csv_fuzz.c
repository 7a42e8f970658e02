/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes csv_read against libcsv on every path (see tests/io/csv_differ.h): `make fuzz`, and in the
 * end says how much each path has read.
 *
 * One input in 32 is repeated behind its first line until it fills more than a window of the fast
 * way (32 KiB), and one in 16 has plain rows before and behind, so that it comes to stand at
 * every place of a block of 64 bytes.
 */
#include "../io/csv_differ.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct differ differ;

static void tell(void)
{
    differ_tell(&differ);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    differ_begin(&differ);
    return atexit(tell);
}

/* The first line, then `times` the rest with `rows` plain rows before and behind each. */
static void repeat(const char *bytes, size_t n, uint32_t times, uint32_t rows)
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
    csv_differ(&differ, copy, (size_t)(at - copy));
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    uint64_t hash = text_hash((struct text){(const char *)bytes, (uint32_t)n});
    csv_differ(&differ, (const char *)bytes, n);
    if (n && hash % 16 == 0)
        repeat((const char *)bytes, n, 1, (uint32_t)(hash >> 8 & 31));
    if (n && hash % 32 == 1)
        repeat((const char *)bytes, n, (uint32_t)(40000 / n + 1), 0);
    return 0;
}
