/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Do the pipelines of a file stand in an order in which they can run?
 *
 * `sh FILE` runs them one after another, `marsad run FILE` commits all files at the end; both give
 * the same only if no pipeline reads what itself or a later one writes (in the shell: the file of
 * the last run), and no file is written twice.  order_check() refuses the rest with EX_CONFIG,
 * at the place of the pipeline that has to move.  Paths are compared by their letters after
 * path_normal(): two names of one file by links are not seen.  Cost: a sort of all the paths.
 */
#ifndef MARSAD_CHAIN_ORDER_H
#define MARSAD_CHAIN_ORDER_H

#include "base/arena.h"
#include "base/error.h"

/* The files of one pipeline: side files as well as < and >. */
struct order_item {
    uint32_t reads, writes;
    const char *const *read, *const *write;
    struct place place;
};

int order_check(const struct order_item *, uint32_t count, struct error *);

/* ./a//b, a/./b, a/c/../b: a/b.  Nothing left: ".".  /dev/null is no file for order_check(). */
char *path_normal(struct arena *, const char *path);

#endif
