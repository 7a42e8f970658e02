/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE /* madvise */
#include "base/memory.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sysexits.h>

enum { PAGE = 4096, HUGE = 2 * 1024 * 1024, LINE = 64 };

/* Large arrays are read here and there: large pages spare most look-ups of addresses.  A hint, for
 * all pages of the array: the kernel moves a piece that grows only if it is of one kind. */
static void *advise(void *p, size_t size)
{
#ifdef MADV_HUGEPAGE
    if (size >= 2 * HUGE) {
        size_t before = (uintptr_t)p % PAGE, pages = (before + size + PAGE - 1) / PAGE;
        madvise((char *)p - before, pages * PAGE, MADV_HUGEPAGE);
    }
#endif
    return p;
}

_Noreturn void memory_exhausted(void)
{
    fputs("marsad: out of memory\n", stderr);
    exit(71); /* EX_OSERR */
}

void memory_prepare(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    mallopt(M_TOP_PAD, 1024 * 1024);
    mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);
#endif
}

void *memory_alloc(size_t size)
{
    void *p = malloc(size ? size : 1);
    if (!p)
        memory_exhausted();
    return advise(p, size);
}

void *memory_zalloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);
    if (!p)
        memory_exhausted();
    return advise(p, size);
}

void *memory_zalloc_lines(size_t size)
{
    void *p;
    if (posix_memalign(&p, LINE, size ? size : 1) != 0)
        memory_exhausted();
    return memset(advise(p, size), 0, size);
}

void *memory_realloc(void *old, size_t size)
{
    void *p = realloc(old, size ? size : 1);
    if (!p)
        memory_exhausted();
    return p;
}

static size_t next_room(size_t capacity, size_t want, size_t size)
{
    size_t room = capacity ? capacity : 16;
    while (room < want)
        room = room > SIZE_MAX / 4 ? want : room * 2;
    if (size && room > SIZE_MAX / 2 / size)
        memory_exhausted();
    return room;
}

void *memory_grow(void *array, size_t *capacity, size_t want, size_t size)
{
    if (want <= *capacity)
        return array;
    *capacity = next_room(*capacity, want, size);
    return advise(memory_realloc(array, *capacity * size), *capacity * size);
}

void *memory_grow_zeroed(void *array, size_t *capacity, size_t want, size_t size)
{
    size_t had = *capacity;
    if (want <= had)
        return array;
    char *grown = memory_grow(array, capacity, want, size);
    memset(grown + had * size, 0, (*capacity - had) * size);
    return grown;
}

void *memory_grow_lines(void *array, size_t *capacity, size_t used, size_t want, size_t size)
{
    void *grown;
    if (want <= *capacity)
        return array;
    *capacity = next_room(*capacity, want, size);
    if (posix_memalign(&grown, 64, *capacity * size) != 0)
        memory_exhausted();
    advise(grown, *capacity * size);
    if (used)
        memcpy(grown, array, used * size);
    memset((char *)grown + used * size, 0, (*capacity - used) * size);
    free(array);
    return grown;
}
