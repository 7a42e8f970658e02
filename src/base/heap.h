/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A heap of numbers: the one that comes before all others is on top, for merging sorted runs.
 *
 * `before` compares what the numbers stand for.  When that changes for the top, heap_sink() puts it
 * where it belongs now.  `item` has room for all that may be in the heap.
 */
#ifndef MARSAD_BASE_HEAP_H
#define MARSAD_BASE_HEAP_H

#include <stdbool.h>
#include <stdint.h>

struct heap {
    uint32_t *item;
    uint32_t count;
    bool (*before)(const void *context, uint32_t a, uint32_t b);
    const void *context;
};

void heap_push(struct heap *, uint32_t item);
uint32_t heap_pop(struct heap *);
void heap_sink(struct heap *);

#endif
