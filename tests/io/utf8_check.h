/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8 by a plain walk: Unicode 15, table 3-7, row by row. */
#ifndef MARSAD_TESTS_IO_UTF8_CHECK_H
#define MARSAD_TESTS_IO_UTF8_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/* The length of the well-formed sequence that begins here, or 0. */
static inline size_t utf8_sequence(const unsigned char *b, size_t n)
{
    static const struct {
        unsigned char first, last, low, high;
        size_t length;
    } row[] = {
        {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    if (b[0] < 0x80)
        return 1;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (b[0] < row[i].first || b[0] > row[i].last || n < row[i].length)
            continue;
        bool good = b[1] >= row[i].low && b[1] <= row[i].high;
        for (size_t k = 2; k < row[i].length; k++)
            good = good && b[k] >= 0x80 && b[k] <= 0xbf;
        return good ? row[i].length : 0;
    }
    return 0;
}

static inline bool utf8_well_formed(const unsigned char *b, size_t n)
{
    size_t length = 1;
    for (size_t i = 0; i < n && length; i += length)
        length = utf8_sequence(b + i, n - i);
    return length > 0;
}

#endif
