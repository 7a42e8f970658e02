/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* F_SETPIPE_SZ: this file alone */
#include "io/pipe.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

void pipe_widen(int fd)
{
#ifdef F_SETPIPE_SZ
    (void)fcntl(fd, F_SETPIPE_SZ, 1024 * 1024);
#else
    (void)fd;
#endif
}

void pipe_prepare(void)
{
    signal(SIGPIPE, SIG_IGN);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}
