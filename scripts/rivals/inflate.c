/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inflates a gzip file and throws the bytes away: the time that no reader of it can do without,
 * which scripts/bench-gzip measures.  Built from marsad's own inflater (src/io/inflate.h).
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/inflate.h"

enum { CHUNK = 256 * 1024 };

int main(int argc, char **argv)
{
    unsigned char *in = malloc(CHUNK), *out = malloc(CHUNK);
    struct inflater *f = inflater_new();
    int fd = argc > 1 ? open(argv[1], O_RDONLY) : STDIN_FILENO;
    enum inflated got = INFLATED_SOME;
    ssize_t n;
    inflater_begin(f);
    while (got == INFLATED_SOME && (n = read(fd, in, CHUNK)) > 0) {
        struct inflate_io io = {.in = in, .in_len = (uint32_t)n};
        do {
            io.out = out;
            io.out_len = CHUNK;
            got = inflater_run(f, &io);
        } while (got == INFLATED_SOME && (io.in_len || !io.out_len));
    }
    inflater_free(f);
    free(in);
    free(out);
    return got != INFLATED_MEMBER;
}
