/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

_Noreturn void memory_exhausted(void)
{
    fputs("marsad: out of memory\n", stderr);
    exit(71); /* EX_OSERR */
}

void *memory_alloc(size_t size)
{
    void *p = malloc(size ? size : 1);
    if (!p)
        memory_exhausted();
    return p;
}

void *memory_zalloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);
    if (!p)
        memory_exhausted();
    return p;
}

void *memory_realloc(void *old, size_t size)
{
    void *p = realloc(old, size ? size : 1);
    if (!p)
        memory_exhausted();
    return p;
}

void *memory_grow(void *array, size_t *capacity, size_t want, size_t size)
{
    if (want <= *capacity)
        return array;
    size_t room = *capacity ? *capacity : 16;
    while (room < want)
        room = room > SIZE_MAX / 4 ? want : room * 2;
    if (size && room > SIZE_MAX / 2 / size)
        memory_exhausted();
    *capacity = room;
    return memory_realloc(array, room * size);
}
