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

static uint32_t sum_of(bytes16 v)
{
    unsigned char each[WIDTH];
    uint32_t sum = 0;
    memcpy(each, &v, WIDTH);
    for (int i = 0; i < WIDTH; i++)
        sum += each[i];
    return sum;
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
        memcpy(&x, at, n);
        memcpy(to, &x, WIDTH);
        look(&f, x);
    }
    *commas += sum_of(f.commas);
    return !any_of(f.special);
}

bool csv_copy_plain(char *to, const char *at, size_t n, uint32_t commas)
{
    uint32_t found = 0;
    bool plain = true;
    for (; n > MOST && plain; n -= MOST, at += MOST, to += MOST)
        plain = pass(to, at, MOST, &found);
    return plain && pass(to, at, n, &found) && found == commas;
}
