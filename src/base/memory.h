/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The heap, for what outlives arenas: growing arrays, tables, buffers.
 *
 * All of these end the program with exit code 71 when memory cannot be had, after telling so on
 * stderr; callers never test for NULL.  memory_grow() doubles an array's capacity.
 */
#ifndef MARSAD_BASE_MEMORY_H
#define MARSAD_BASE_MEMORY_H

#include <stddef.h>

/* Where there is much data: the heap asks for few large pieces from here on, instead of many small
 * ones.  Before, that would only cost (src/README.md). */
void memory_prepare(void);

void *memory_alloc(size_t size);
void *memory_zalloc(size_t size);
/* The same from the start of a cache line on. */
void *memory_zalloc_lines(size_t size);
void *memory_realloc(void *, size_t size);

/* Makes room for at least `want` items of `size` bytes in the array; updates *capacity. */
void *memory_grow(void *array, size_t *capacity, size_t want, size_t size);

/* The same; what is new is zeroed. */
void *memory_grow_zeroed(void *array, size_t *capacity, size_t want, size_t size);

/* For zeroed items that begin at a multiple of 64 bytes: keeps the first `used` of them.
 */
void *memory_grow_lines(void *array, size_t *capacity, size_t used, size_t want, size_t size);

_Noreturn void memory_exhausted(void);

#endif
