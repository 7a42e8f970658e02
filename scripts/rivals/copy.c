/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Copies a file to standard output: the least that a program linked to libc alone can do, which
 * scripts/bench-start measures starting with.
 */
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static char bytes[65536];
    int fd = argc > 1 ? open(argv[1], O_RDONLY) : STDIN_FILENO;
    ssize_t n;
    while ((n = read(fd, bytes, sizeof bytes)) > 0)
        if (write(STDOUT_FILENO, bytes, (size_t)n) != n)
            return 1;
    return n < 0;
}
