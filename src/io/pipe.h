/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Standard input, output and error, as a filter wants them.
 *
 * pipe_widen() asks the kernel for a pipe of 1 MiB where fd is one; silently leaves all else as it
 * is. pipe_prepare(), first thing in main: a closed reader is an error of write(), not a signal;
 * and a standard stream that the caller closed is taken by something that refuses reading and
 * writing, so that no file opened later gets its number and what is meant for it.
 */
#ifndef MARSAD_IO_PIPE_H
#define MARSAD_IO_PIPE_H

void pipe_widen(int fd);
void pipe_prepare(void);

#endif
