/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/heap.h"

static bool before(const struct heap *h, uint32_t a, uint32_t b)
{
    return h->before(h->context, a, b);
}

void heap_push(struct heap *h, uint32_t item)
{
    uint32_t at = h->count++;
    for (; at && before(h, item, h->item[(at - 1) / 2]); at = (at - 1) / 2)
        h->item[at] = h->item[(at - 1) / 2];
    h->item[at] = item;
}

void heap_sink(struct heap *h)
{
    uint32_t at = 0, moved = h->item[0];
    for (uint32_t child; (child = 2 * at + 1) < h->count; at = child) {
        if (child + 1 < h->count && before(h, h->item[child + 1], h->item[child]))
            child++;
        if (!before(h, h->item[child], moved))
            break;
        h->item[at] = h->item[child];
    }
    h->item[at] = moved;
}

uint32_t heap_pop(struct heap *h)
{
    uint32_t top = h->item[0];
    h->item[0] = h->item[--h->count];
    if (h->count)
        heap_sink(h);
    return top;
}
