/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An arena hands out memory that lives and dies together.
 *
 * arena_alloc() returns 16-byte aligned memory that is valid until arena_reset() or arena_free();
 * nothing is freed alone.  A reset keeps the blocks for reuse, so a loop that resets once a turn
 * stops asking the system for memory after its first turns.  Cost: a bump of a pointer.
 * Memory that cannot be had ends the program with exit code 71 (memory_exhausted), so callers
 * never test for NULL.  Misuse: keeping a pointer over a reset.
 */
#ifndef MARSAD_BASE_ARENA_H
#define MARSAD_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *);

/* Gives back all that was handed out; blocks stay, up to a few MiB, for the next use. */
void arena_reset(struct arena *);

void *arena_alloc(struct arena *, size_t size);
void *arena_zalloc(struct arena *, size_t size);

/* An array of n things of `size` bytes, overflow checked; the z form is zeroed. */
void *arena_array(struct arena *, size_t n, size_t size);
void *arena_zarray(struct arena *, size_t n, size_t size);

/* The array with room for an item behind the first `count`: itself, or a copy of twice the room
 * whose rest is zeroed.  NULL with *room 0 is an empty one.  Old copies stay in the arena. */
void *arena_grow(struct arena *, void *array, uint32_t count, uint32_t *room, size_t size);

/* A copy of n bytes, with a NUL behind it. */
char *arena_copy(struct arena *, const void *bytes, size_t n);

/* printf into the arena. */
char *arena_print(struct arena *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *);

#endif
