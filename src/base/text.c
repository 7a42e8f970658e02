/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include "base/arena.h"

int text_compare(struct text a, struct text b)
{
    uint32_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.at, b.at, n) : 0;
    if (order)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

uint64_t text_few(const char *at, uint32_t n)
{
    uint64_t word = 0;
    for (uint32_t i = 0; i < n && i < 8; i++)
        word |= (uint64_t)(unsigned char)at[i] << (8 * i);
    return word;
}

/* What the first n bytes of a word are kept by. */
static const uint64_t first_bytes[9] = {0,          0xff,         0xffff,         0xffffff,
                                        0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff,
                                        UINT64_MAX};

/* Of cells whose first eight bytes and lengths have been compared. */
static void mark_longer(const struct text *cell, uint32_t rows, bool *changed)
{
    for (uint32_t i = 1; i < rows; i++)
        if (!changed[i] && cell[i].len > 8)
            changed[i] = memcmp(cell[i].at, cell[i - 1].at, cell[i].len) != 0;
}

void text_mark_changes(const struct text *cell, uint32_t rows, bool *changed)
{
    uint64_t last = 0;
    uint32_t last_len = UINT32_MAX, longest = 0;
    for (uint32_t i = 0; i < rows; i++) {
        uint32_t len = cell[i].len;
        uint64_t word = text_eight(len ? cell[i].at : "nothing", len);
        word &= first_bytes[len < 8 ? len : 8];
        changed[i] = (len != last_len) | (word != last);
        longest |= len;
        last = word;
        last_len = len;
    }
    if (longest > 8)
        mark_longer(cell, rows, changed);
}

struct text text_copy(struct arena *a, struct text t)
{
    return (struct text){arena_copy(a, t.at, t.len), t.len};
}

bool text_next(struct text *list, char separator, struct text *item)
{
    if (!list->at)
        return false;
    const char *cut = list->len ? memchr(list->at, separator, list->len) : NULL;
    *item = *list;
    if (!cut) {
        list->at = NULL;
        list->len = 0;
        return true;
    }
    item->len = (uint32_t)(cut - list->at);
    list->len -= item->len + 1;
    list->at = cut + 1;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct text text_trim(struct text t)
{
    while (t.len && is_blank(t.at[0]))
        t.at++, t.len--;
    while (t.len && is_blank(t.at[t.len - 1]))
        t.len--;
    return t;
}

bool text_starts(struct text t, struct text prefix)
{
    return t.len >= prefix.len && (prefix.len == 0 || memcmp(t.at, prefix.at, prefix.len) == 0);
}
