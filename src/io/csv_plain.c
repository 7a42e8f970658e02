/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vectors of 16 bytes of the compiler's own (gcc, clang): every machine that we build for has them.
 */
#include "io/csv_plain.h"

#include <string.h>

enum { WIDTH = CSV_PLAIN_SLACK, MOST = 254 * WIDTH };

typedef unsigned char bytes16 __attribute__((vector_size(WIDTH)));

/* What is found in some bytes: 255 in special where one needs quotes; commas, byte by byte. */
struct findings {
    bytes16 special, commas;
};

static inline bytes16 all_of(char c)
{
    return (bytes16){0} + (unsigned char)c;
}

static inline void look(struct findings *f, bytes16 x)
{
    f->special |=
        (bytes16)(x == all_of('"')) | (bytes16)(x == all_of('\n')) | (bytes16)(x == all_of('\r'));
    f->commas -= (bytes16)(x == all_of(','));
}

/* Bytes are added in pairs, and the four pairs of each half by a product. */
static uint32_t sum_of(bytes16 v)
{
    const uint64_t even = 0x00ff00ff00ff00ff, each = 0x0001000100010001;
    uint64_t half[2], pairs;
    memcpy(half, &v, sizeof half);
    pairs = (half[0] & even) + (half[0] >> 8 & even) + (half[1] & even) + (half[1] >> 8 & even);
    return (uint32_t)(pairs * each >> 48);
}

static bool any_of(bytes16 v)
{
    uint64_t half[2];
    memcpy(half, &v, sizeof half);
    return (half[0] | half[1]) != 0;
}

/* The last bytes of x, zeros before them. */
static inline bytes16 last_of(bytes16 x, size_t bytes)
{
    const bytes16 number = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return x & (bytes16)(number >= (bytes16){0} + (unsigned char)(WIDTH - bytes));
}

/* Fewer than WIDTH bytes, zeros behind them; without a call, since most cells are short. */
static inline bytes16 few(const char *at, size_t n)
{
    char bytes[WIDTH] = {0};
    bytes16 x;
    if (n >= 8) {
        memcpy(bytes, at, 8);
        memcpy(bytes + n - 8, at + n - 8, 8);
    } else if (n >= 4) {
        memcpy(bytes, at, 4);
        memcpy(bytes + n - 4, at + n - 4, 4);
    } else {
        bytes[0] = at[0];
        bytes[n / 2] = at[n / 2];
        bytes[n - 1] = at[n - 1];
    }
    memcpy(&x, bytes, WIDTH);
    return x;
}

/* At most so many bytes that no count overflows. */
static inline bool pass(char *to, const char *at, size_t n, uint32_t *commas)
{
    struct findings f = {{0}, {0}};
    bytes16 x = {0};
    size_t i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
        memcpy(&x, at + i, WIDTH);
        memcpy(to + i, &x, WIDTH);
        look(&f, x);
    }
    if (i < n && i > 0) { /* some of these bytes once more */
        memcpy(&x, at + n - WIDTH, WIDTH);
        memcpy(to + n - WIDTH, &x, WIDTH);
        look(&f, last_of(x, n - i));
    } else if (i < n) {
        x = few(at, n % WIDTH); /* n < WIDTH, as i == 0 */
        memcpy(to, &x, WIDTH);
        look(&f, x);
    }
    *commas += sum_of(f.commas);
    return !any_of(f.special);
}

/* Most cells; no commas are counted where none may be. */
static inline bool copy_few(char *to, const char *at, size_t n, uint32_t commas)
{
    struct findings f = {{0}, {0}};
    bytes16 x = {0};
    if (n)
        x = few(at, n);
    memcpy(to, &x, WIDTH);
    look(&f, x);
    return !any_of(f.special) && (commas ? sum_of(f.commas) == commas : !any_of(f.commas));
}

static __attribute__((noinline)) bool copy_many(char *to, const char *at, size_t n, uint32_t commas)
{
    uint32_t found = 0;
    bool plain = true;
    for (; n > MOST && plain; n -= MOST, at += MOST, to += MOST)
        plain = pass(to, at, MOST, &found);
    return plain && pass(to, at, n, &found) && found == commas;
}

bool csv_copy_plain(char *to, const char *at, size_t n, uint32_t commas)
{
    return n < WIDTH ? copy_few(to, at, n, commas) : copy_many(to, at, n, commas);
}
