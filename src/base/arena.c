/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_BLOCK = 1024, GROWTH = 4, BLOCK = 64 * 1024, ALIGN = 16 };

struct block {
    struct block *next;
    size_t size, used;
};

enum { HEAD = (sizeof(struct block) + ALIGN - 1) / ALIGN * ALIGN };

struct arena {
    struct block *first, *current;
    size_t used, least; /* least: of the next block; many arenas stay small */
};

struct arena *arena_new(void)
{
    struct arena *a = memory_zalloc(sizeof *a);
    a->least = FIRST_BLOCK;
    return a;
}

static void blocks_free(struct block *b)
{
    while (b) {
        struct block *next = b->next;
        free(b);
        b = next;
    }
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    blocks_free(a->first);
    free(a);
}

void arena_reset(struct arena *a)
{
    for (struct block *b = a->first; b; b = b->next)
        b->used = 0;
    a->current = a->first;
    a->used = 0;
}

static struct block *block_new(struct arena *a, size_t need)
{
    size_t size = need > a->least ? need : a->least;
    struct block *b = memory_alloc(HEAD + size);
    *b = (struct block){a->current ? a->current->next : NULL, size, 0};
    a->least = a->least < BLOCK ? a->least * GROWTH : BLOCK;
    if (a->current)
        a->current->next = b;
    else
        a->first = b;
    return b;
}

/* Moves on to the next block that has room, or makes one. */
static void block_find(struct arena *a, size_t need)
{
    while (a->current && a->current->size - a->current->used < need && a->current->next)
        a->current = a->current->next;
    if (!a->current || a->current->size - a->current->used < need)
        a->current = block_new(a, need);
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        memory_exhausted();
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (!a->current || a->current->size - a->current->used < size)
        block_find(a, size);
    char *at = (char *)a->current + HEAD + a->current->used;
    a->current->used += size;
    a->used += size;
    return at;
}

void *arena_zalloc(struct arena *a, size_t size)
{
    return memset(arena_alloc(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / 2 / size)
        memory_exhausted();
    return arena_alloc(a, n * size);
}

void *arena_zarray(struct arena *a, size_t n, size_t size)
{
    return memset(arena_array(a, n, size), 0, n * size);
}

void *arena_grow(struct arena *a, void *array, uint32_t count, uint32_t *room, size_t size)
{
    if (count < *room)
        return array;
    if (*room > UINT32_MAX / 2)
        memory_exhausted();
    *room = *room ? *room * 2 : 16;
    char *grown = arena_zarray(a, *room, size);
    if (array)
        memcpy(grown, array, count * size);
    return grown;
}

char *arena_copy(struct arena *a, const void *bytes, size_t n)
{
    char *copy = arena_alloc(a, n + 1);
    if (n)
        memcpy(copy, bytes, n);
    copy[n] = '\0';
    return copy;
}

char *arena_print(struct arena *a, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int n = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (n < 0)
        memory_exhausted();
    char *out = arena_alloc(a, (size_t)n + 1);
    va_start(list, format);
    vsnprintf(out, (size_t)n + 1, format, list);
    va_end(list);
    return out;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}
