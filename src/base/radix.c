/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/radix.h"

enum { SMALL = 48, WORD_BYTES = 8, OCTETS = 256 };

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

/* One pass: by the byte that begins at bit `shift`. */
static void pass(struct radix_entry *to, const struct radix_entry *from, size_t n, unsigned shift)
{
    size_t start[OCTETS] = {0}, at = 0;
    for (size_t i = 0; i < n; i++)
        start[from[i].word >> shift & 0xff]++;
    for (size_t b = 0; b < OCTETS; b++) {
        size_t count = start[b];
        start[b] = at;
        at += count;
    }
    for (size_t i = 0; i < n; i++)
        to[start[from[i].word >> shift & 0xff]++] = from[i];
}

void radix_sort(struct radix_entry *entry, struct radix_entry *spare, size_t n)
{
    struct radix_entry *from = entry, *to = spare;
    uint64_t unlike = 0;
    if (n <= SMALL) {
        insert_all(entry, n);
        return;
    }
    for (size_t i = 1; i < n; i++)
        unlike |= entry[i].word ^ entry[0].word;
    for (unsigned shift = 0; shift < 8 * WORD_BYTES; shift += 8) {
        if (!(unlike >> shift & 0xff))
            continue;
        pass(to, from, n, shift);
        struct radix_entry *swap = from;
        from = to;
        to = swap;
    }
    if (from != entry)
        memcpy(entry, from, n * sizeof *entry);
}
