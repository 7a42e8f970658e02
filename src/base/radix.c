/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/radix.h"

enum { SMALL = 48, MANY = 1 << 14, NARROW = 8, WIDE = 11, WORD_BITS = 64 };

static void insert_all(struct radix_entry *entry, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct radix_entry moved = entry[i];
        size_t k = i;
        for (; k > 0 && entry[k - 1].word > moved.word; k--)
            entry[k] = entry[k - 1];
        entry[k] = moved;
    }
}

/* One pass: by `bits` bits from `shift` on. */
static void pass(struct radix_entry *to, const struct radix_entry *from, size_t n, unsigned shift,
                 unsigned bits)
{
    uint32_t start[1 << WIDE] = {0}, at = 0, last = ((uint32_t)1 << bits) - 1;
    for (size_t i = 0; i < n; i++)
        start[from[i].word >> shift & last]++;
    for (uint32_t d = 0; d <= last; d++) {
        uint32_t count = start[d];
        start[d] = at;
        at += count;
    }
    for (size_t i = 0; i < n; i++)
        to[start[from[i].word >> shift & last]++] = from[i];
}

void radix_sort(struct radix_entry *entry, struct radix_entry *spare, size_t n)
{
    struct radix_entry *from = entry, *to = spare;
    unsigned bits = n < MANY ? NARROW : WIDE, shift = 0;
    uint64_t unlike = 0;
    if (n <= SMALL) {
        insert_all(entry, n);
        return;
    }
    for (size_t i = 1; i < n; i++)
        unlike |= entry[i].word ^ entry[0].word;
    for (; shift < WORD_BITS && unlike >> shift; shift += bits) {
        shift += (unsigned)__builtin_ctzll(unlike >> shift);
        pass(to, from, n, shift, bits);
        struct radix_entry *swap = from;
        from = to;
        to = swap;
    }
    if (from != entry)
        memcpy(entry, from, n * sizeof *entry);
}
