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

static uint64_t mix(uint64_t h)
{
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    h ^= h >> 32;
    return h;
}

/* Eight bytes at a time, multiplied and folded; not for hostile keys (tables re-seed nothing, but
 * they probe linearly over at most their own size). */
uint64_t text_hash(struct text t)
{
    uint64_t h = 0x9e3779b97f4a7c15u ^ t.len;
    uint32_t i = 0;
    for (; i + 8 <= t.len; i += 8) {
        uint64_t word;
        memcpy(&word, t.at + i, 8);
        h = mix(h ^ word) * 0x9fb21c651e98df25u;
    }
    uint64_t rest = 0;
    if (i < t.len)
        memcpy(&rest, t.at + i, t.len - i);
    return mix((h ^ rest) * 0x9fb21c651e98df25u);
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
