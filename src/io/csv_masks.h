/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What 64 bytes of a CSV mean, one bit a byte, whatever instructions found those bits.
 *
 * For csv_scan.c alone: a path loads the masks of 64 bytes and gives them to SCAN_LOOP, which
 * follows quotes from one 64 to the next and writes down the marks.  Bits outside quotes are found
 * by the prefix XOR of those of the quotes; all rules of quoting are then shifts and ANDs.
 */
#ifndef MARSAD_IO_CSV_MASKS_H
#define MARSAD_IO_CSV_MASKS_H

#include <string.h>

#include "io/csv_scan.h"

#define INLINE static inline __attribute__((always_inline))

/* One bit a byte of 64.  lead and next are those of UTF-8 in two bytes, C2..DF and 80..BF; both may
 * be left out where wide, the bytes over 127, is 0. */
struct masks {
    uint64_t quote, separator, lf, cr, nul, wide, lead, next;
};

/* What the bytes before these 64 leave behind of quoting: one bit, or all. */
struct carry {
    uint64_t inside;      /* all ones: these bytes begin inside quotes */
    uint64_t may_open;    /* 1: the byte before was a separator or a closing quote */
    uint64_t after_close; /* 1: the byte before was a closing quote */
    uint64_t after_cr;    /* 1: the byte before was a CR outside quotes */
    uint64_t bad, crs;
    uint32_t inner_lines; /* LFs inside quotes */
};

/* And of UTF-8.  All but wrong are bits of the next 64 bytes. */
struct letters {
    uint64_t wrong;               /* bytes that are none */
    uint64_t must;                /* those that must go on with a letter */
    uint64_t at_least, less_than; /* the second byte after E0 and ED, */
    uint64_t at_90, under_90;     /* and after F0 and F4, has a limit of its own */
};

/* The bytes over 127 that are below these: what forms of three and four bytes are told by. */
enum { B90, BA0, BE0, BE1, BED, BEE, BF0, BF1, BF4, BF5, BOUNDS };
#define BOUNDS_OF(BELOW, at)                                                                       \
    {                                                                                              \
        BELOW(at, 0x90), BELOW(at, 0xa0), BELOW(at, 0xe0), BELOW(at, 0xe1), BELOW(at, 0xed),       \
            BELOW(at, 0xee), BELOW(at, 0xf0), BELOW(at, 0xf1), BELOW(at, 0xf4), BELOW(at, 0xf5)    \
    }

/* Forms of any length (Unicode 15, table 3-7): each lead asks for as many bytes behind it, none but
 * those may go on with a letter, and four leads have a limit for the byte behind them. */
static struct letters long_letters(struct masks m, const uint64_t *below, struct letters t,
                                   uint64_t real)
{
    uint64_t three = below[BF0] & ~below[BE0], four = below[BF5] & ~below[BF0];
    uint64_t e0 = below[BE1] & ~below[BE0], ed = below[BEE] & ~below[BED];
    uint64_t f0 = below[BF1] & ~below[BF0], f4 = below[BF5] & ~below[BF4];
    uint64_t any = m.lead | three | four, longer = three | four;
    uint64_t wrong = (t.must | any << 1 | longer << 2 | four << 3) ^ m.next;
    wrong |= m.wide & ~(any | m.next);
    wrong |= (e0 << 1 | t.at_least) & below[BA0];
    wrong |= (ed << 1 | t.less_than) & ~below[BA0];
    wrong |= (f0 << 1 | t.at_90) & below[B90];
    wrong |= (f4 << 1 | t.under_90) & ~below[B90];
    return (struct letters){.wrong = t.wrong | (wrong & real),
                            .must = any >> 63 | longer >> 62 | four >> 61,
                            .at_least = e0 >> 63,
                            .less_than = ed >> 63,
                            .at_90 = f0 >> 63,
                            .under_90 = f4 >> 63};
}

/* Is there more than letters of one and two bytes? */
INLINE bool has_long(const struct masks *m, const struct letters *t)
{
    return __builtin_expect(((m->wide & ~(m->lead | m->next)) | t->must >> 1) != 0, 0);
}

INLINE void short_letters(const struct masks *m, struct letters *t, uint64_t real)
{
    t->wrong |= ((m->lead << 1 | t->must) ^ m->next) & real;
    t->must = m->lead >> 63;
}

/* Is what begins here outside quotes, and has nothing else to wait for? */
INLINE bool outside(const struct carry *c)
{
    return (c->inside | c->after_close | c->after_cr) == 0;
}

/* Notes the cells that these quotes open, each by the mark that will end it; n marks stand before
 * these 64 bytes. */
INLINE void note_quoted(struct csv_marks *out, uint64_t opens, uint64_t separator, uint32_t n)
{
    for (; opens; opens &= opens - 1)
        out->quoted[out->quotes++] =
            n + (uint32_t)__builtin_popcountll(separator & ((opens & (0 - opens)) - 1));
}

/* The separators among 64 bytes; `inside` is the prefix XOR of the quotes, this block alone. */
INLINE uint64_t structure(const struct masks *m, uint64_t inside, struct carry *c,
                          struct csv_marks *out, uint32_t n)
{
    inside ^= c->inside;
    uint64_t open = m->quote & inside, close = m->quote & ~inside;
    uint64_t separator = m->separator & ~inside, cr = m->cr & ~inside;
    uint64_t may_open = (separator | close) << 1 | c->may_open;
    uint64_t after_close = close << 1 | c->after_close, after_cr = cr << 1 | c->after_cr;
    c->bad |= (open & ~may_open) | (after_close & ~(separator | open | cr)) | (after_cr & ~m->lf) |
              m->nul;
    c->inside = 0 - (inside >> 63);
    c->may_open = (separator | close) >> 63;
    c->after_close = close >> 63;
    c->after_cr = cr >> 63;
    c->crs |= cr;
    c->inner_lines += (uint32_t)__builtin_popcountll(m->lf & inside);
    note_quoted(out, open & ~after_close, separator, n);
    return separator;
}

/* Behind the last LF among the marks, or `from`. */
static size_t last_line(const char *bytes, size_t from, const struct csv_marks *out)
{
    uint32_t n = out->count;
    while (n && bytes[out->at[n - 1]] != '\n')
        n--;
    return n ? out->at[n - 1] + (size_t)1 : from;
}

static void finish(const char *bytes, size_t from, struct csv_marks *out, struct carry c,
                   struct letters t)
{
    out->lines = out->all_lines - c.inner_lines;
    out->plain = c.bad == 0;
    out->crlf = c.crs != 0;
    out->utf8 =
        !t.wrong || (out->plain && utf8_valid(bytes + from, last_line(bytes, from, out) - from));
}

/* The last bytes, fewer than 64, with blanks behind them. */
INLINE const char *padded(char *room, const char *at, size_t n)
{
    memset(room, ' ', 64);
    memcpy(room, at, n);
    return room;
}

INLINE uint64_t prefix_xor(uint64_t x)
{
    for (int shift = 1; shift < 64; shift *= 2)
        x ^= x << shift;
    return x;
}

INLINE uint32_t put_bits(uint32_t *at, uint32_t n, size_t base, uint64_t bits)
{
    while (bits) {
        at[n++] = (uint32_t)base + (uint32_t)__builtin_ctzll(bits);
        bits &= bits - 1;
    }
    return n;
}

#define LETTERS(BELOW, from, real)                                                                 \
    if (has_long(&m, &t)) {                                                                        \
        const uint64_t below[BOUNDS] = BOUNDS_OF(BELOW, from);                                     \
        t = long_letters(m, below, t, real);                                                       \
    } else {                                                                                       \
        short_letters(&m, &t, real);                                                               \
    }

/* The loop of every path: LOAD makes the masks, BELOW those of long letters, PREFIX the prefix XOR,
 * PUT writes the offsets.  Most bytes are seen by the inner loop: outside quotes, and nothing but
 * separators among them. */
#define SCAN_LOOP(LOAD, BELOW, PREFIX, PUT)                                                        \
    struct carry c = {.may_open = 1};                                                              \
    struct letters t = {0};                                                                        \
    uint32_t *marks = out->at, n = 0, all_lines = 0;                                               \
    char last[64];                                                                                 \
    out->quotes = 0;                                                                               \
    for (size_t i = from; i < to; i += 64) {                                                       \
        for (; outside(&c) && to - i >= 64; i += 64) {                                             \
            struct masks m = LOAD(bytes + i, delimiter);                                           \
            if (m.quote | m.cr | m.nul)                                                            \
                break;                                                                             \
            LETTERS(BELOW, bytes + i, ~(uint64_t)0)                                                \
            c.may_open = m.separator >> 63;                                                        \
            all_lines += (uint32_t)__builtin_popcountll(m.lf);                                     \
            n = PUT(marks, n, i, m.separator);                                                     \
        }                                                                                          \
        if (i == to)                                                                               \
            break;                                                                                 \
        const char *at = to - i < 64 ? padded(last, bytes + i, to - i) : bytes + i;                \
        uint64_t real = to - i < 64 ? ~(~(uint64_t)0 << (to - i)) : ~(uint64_t)0;                  \
        struct masks m = LOAD(at, delimiter);                                                      \
        LETTERS(BELOW, at, real)                                                                   \
        all_lines += (uint32_t)__builtin_popcountll(m.lf);                                         \
        n = PUT(marks, n, i, structure(&m, PREFIX(m.quote), &c, out, n));                          \
    }                                                                                              \
    out->count = n;                                                                                \
    out->all_lines = all_lines;                                                                    \
    finish(bytes, from, out, c, t)

#define TALLY_LOOP(LOAD)                                                                           \
    struct csv_tally t = {0, 0};                                                                   \
    char last[64];                                                                                 \
    for (size_t i = 0; i < len; i += 64) {                                                         \
        struct masks m = LOAD(len - i < 64 ? padded(last, bytes + i, len - i) : bytes + i, ',');   \
        t.quotes += (uint64_t)__builtin_popcountll(m.quote);                                       \
        t.lines += (uint64_t)__builtin_popcountll(m.lf);                                           \
    }                                                                                              \
    return t

#endif
