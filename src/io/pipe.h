/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks the kernel for a pipe of 1 MiB where fd is one; silently leaves all else as it is.
 */
#ifndef MARSAD_IO_PIPE_H
#define MARSAD_IO_PIPE_H

void pipe_widen(int fd);

#endif
