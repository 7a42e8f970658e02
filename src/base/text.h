/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A text is a place and a length: bytes of UTF-8, never NUL-terminated, owned by somebody else.
 *
 * text_compare() orders by bytes (which for UTF-8 is the order of code points); text_hash() is
 * the same on every machine and run.  An empty text is a missing cell (text_missing).
 */
#ifndef MARSAD_BASE_TEXT_H
#define MARSAD_BASE_TEXT_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MARSAD_BOUNDED_READS
#endif
#endif

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

/* The first n bytes as a number, little end first, and zeros behind. */
uint64_t text_few(const char *at, uint32_t n);

/* Eight bytes as a number, little end first, of which the first n are the text's and the others may
 * be anything.  Reads all at once where that cannot leave the page; the sanitizers' builds read n.
 */
static inline uint64_t text_eight(const char *at, uint32_t n)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(MARSAD_BOUNDED_READS)
    if (__builtin_expect(((uintptr_t)at & 4095) <= 4096 - 8, 1)) {
        uint64_t word;
        __asm__("" : "+r"(at)); /* the compiler shall not reason about the object's end */
        memcpy(&word, at, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        return word;
    }
#endif
    return text_few(at, n);
}

/* The first n of them (from 8 on: all), and zeros behind. */
static inline uint64_t text_word(const char *at, uint32_t n)
{
    uint64_t word = text_eight(at, n);
    return n >= 8 ? word : word & (((uint64_t)1 << (8 * n)) - 1);
}

/* Copies the bytes, and perhaps TEXT_ROOM of any kind behind them, for which there is room; returns
 * the end of the text. */
enum { TEXT_ROOM = 8 };
static inline char *text_put(char *to, struct text t)
{
    if (t.len <= 8 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) {
        uint64_t word = t.len ? text_eight(t.at, t.len) : 0;
        memcpy(to, &word, 8);
    } else {
        memcpy(to, t.at, t.len);
    }
    return to + t.len;
}

static inline bool text_equal(struct text a, struct text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Mixes eight bytes into a hash. */
static inline uint64_t text_mix(uint64_t h, uint64_t word)
{
    h = (h ^ word) * 0x9fb21c651e98df25u;
    return h ^ h >> 32;
}

int text_compare(struct text a, struct text b);
static inline uint64_t text_hash(struct text t)
{
    uint64_t h = 0x9e3779b97f4a7c15u ^ t.len;
    const char *at = t.at;
    uint32_t left = t.len;
    for (; left > 8; left -= 8, at += 8)
        h = text_mix(h, text_word(at, 8));
    return left ? text_mix(h, text_word(at, left)) : h;
}

/* changed[i]: cell i is not the same as the one before; the first is not.  There is room for
 * CHANGES_ROOM more, which may be read. */
enum { CHANGES_ROOM = 8 };
void text_mark_changes(const struct text *cell, uint32_t cells, bool *changed);

/* The first change from `from` on, or `cells` where there is none. */
static inline uint32_t text_next_change(const bool *changed, uint32_t from, uint32_t cells)
{
    for (uint64_t eight; from < cells; from += 8) {
        memcpy(&eight, changed + from, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        eight = __builtin_bswap64(eight);
#endif
        if (eight) {
            from += (uint32_t)__builtin_ctzll(eight) / 8;
            break;
        }
    }
    return from < cells ? from : cells;
}

/* A copy in the arena, with a NUL behind it that is not counted. */
struct text text_copy(struct arena *, struct text);

/* Cuts the next item off *list at `separator`; false when the list is used up. */
bool text_next(struct text *list, char separator, struct text *item);

/* Without spaces and tabs at both ends. */
struct text text_trim(struct text);

bool text_starts(struct text, struct text prefix);

#endif
