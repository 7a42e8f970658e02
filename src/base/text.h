/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A text is a place and a length: bytes of UTF-8, never NUL-terminated, owned by somebody else.
 *
 * text_compare() orders by bytes (which for UTF-8 is the order of code points); text_hash() is
 * the same on every machine and run.  An empty text is a missing cell (text_missing).
 */
#ifndef MARSAD_BASE_TEXT_H
#define MARSAD_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

struct text {
    const char *at;
    uint32_t len;
};

#define TEXT(literal) ((struct text){(literal), (uint32_t)sizeof(literal) - 1})

static inline struct text text_of(const char *nul_terminated)
{
    return (struct text){nul_terminated, (uint32_t)strlen(nul_terminated)};
}

static inline bool text_missing(struct text t)
{
    return t.len == 0;
}

static inline bool text_equal(struct text a, struct text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

int text_compare(struct text a, struct text b);
uint64_t text_hash(struct text);

/* A copy in the arena, with a NUL behind it that is not counted. */
struct text text_copy(struct arena *, struct text);

/* Cuts the next item off *list at `separator`; false when the list is used up. */
bool text_next(struct text *list, char separator, struct text *item);

/* Without spaces and tabs at both ends. */
struct text text_trim(struct text);

bool text_starts(struct text, struct text prefix);

#endif
