/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes the two inflaters against each other: `make fuzz`, or by hand
 *
 *     clang -std=c11 -D_POSIX_C_SOURCE=200809L -DISAL -Isrc -g -O1 \
 *         -fsanitize=fuzzer,address,undefined -o build/gzip-fuzz tests/fuzz/gzip_fuzz.c \
 *         src/io/inflate*.c src/base/{library,memory,error}.c -lz
 *
 * The input is what follows a member's header, deflated data; the first byte says in what pieces it
 * is given.  Where zlib finds a whole member, ISA-L must find the same bytes and use up as many;
 * where zlib does not, ISA-L must not either.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "io/inflate.h"

enum { ROOM = 1 << 18 };

struct outcome {
    enum inflated got;
    size_t used, made;
    unsigned char bytes[ROOM];
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t less(size_t a, size_t b)
{
    return (uint32_t)(a < b ? a : b);
}

static void run(const char *name, unsigned char *in, size_t size, size_t piece, struct outcome *o)
{
    setenv("MARSAD_INFLATE", name, 1);
    struct inflater *f = inflater_new();
    inflater_begin(f);
    o->got = INFLATED_SOME;
    o->used = o->made = 0;
    for (int idle = 0; o->got == INFLATED_SOME && idle < 2 && o->made < ROOM;) {
        uint32_t give = less(size - o->used, piece), room = less(ROOM - o->made, piece * 3);
        struct inflate_io io = {in + o->used, o->bytes + o->made, give, room};
        o->got = inflater_run(f, &io);
        idle = io.in_len == give && io.out_len == room ? idle + 1 : 0;
        o->used += give - io.in_len;
        o->made += room - io.out_len;
    }
    inflater_free(f);
}

static void compare(const struct outcome *z, const struct outcome *i)
{
    if ((z->got == INFLATED_MEMBER) != (i->got == INFLATED_MEMBER))
        abort();
    if (z->got == INFLATED_MEMBER &&
        (z->used != i->used || z->made != i->made || memcmp(z->bytes, i->bytes, z->made) != 0))
        abort();
}

/* The data under the header that it starts with, and again under a good header and with the check
 * sum and length that its bytes have, so that damage is not all there is to find. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct outcome z, i;
    static const unsigned char head[10] = {0x1f, 0x8b, 8};
    if (size < 2 || size > ROOM / 4)
        return 0;
    size_t piece = data[0] ? data[0] : ROOM, n = size - 1 + sizeof head + 8;
    unsigned char *in = malloc(n);
    memcpy(in, data + 1, size - 1);
    run("zlib", in, size - 1, piece, &z);
    run("isal", in, size - 1, piece, &i);
    compare(&z, &i);
    memcpy(in, head, sizeof head);
    memcpy(in + sizeof head, data + 1, size - 1);
    memset(in + n - 8, 0, 8);
    run("zlib", in, n, piece, &z);
    size_t end = z.got == INFLATED_DAMAGED && z.used >= 8 ? z.used - 8 : n - 8;
    uint32_t tail[2] = {(uint32_t)crc32(0, z.bytes, (uInt)z.made), (uint32_t)z.made};
    if (end >= sizeof head && end <= n - 8)
        memcpy(in + end, tail, sizeof tail);
    run("zlib", in, n, piece, &z);
    run("isal", in, n, piece, &i);
    compare(&z, &i);
    free(in);
    return 0;
}
