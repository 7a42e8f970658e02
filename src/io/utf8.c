/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "io/csv_scan.h"

/* Length of the sequence that a lead byte begins, and the bounds of its second byte. */
static unsigned lead(unsigned char c, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xbf;
    if (c >= 0xc2 && c <= 0xdf)
        return 2;
    if (c >= 0xe0 && c <= 0xef) {
        if (c == 0xe0)
            *low = 0xa0;
        if (c == 0xed)
            *high = 0x9f;
        return 3;
    }
    if (c >= 0xf0 && c <= 0xf4) {
        if (c == 0xf0)
            *low = 0x90;
        if (c == 0xf4)
            *high = 0x8f;
        return 4;
    }
    return 0;
}

/* Length of the valid sequence at the start of a text that begins with a byte over 127, or 0. */
static size_t sequence(const unsigned char *at, size_t len)
{
    unsigned char low, high;
    unsigned n = lead(at[0], &low, &high);
    if (n == 0 || n > len || at[1] < low || at[1] > high)
        return 0;
    for (unsigned i = 2; i < n; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

static size_t skip_ascii(const unsigned char *at, size_t i, size_t len)
{
    for (; i + 8 <= len; i += 8) {
        uint64_t word;
        memcpy(&word, at + i, 8);
        if (word & 0x8080808080808080u)
            break;
    }
    while (i < len && at[i] < 0x80)
        i++;
    return i;
}

size_t utf8_valid_length(const char *bytes, size_t len)
{
    const unsigned char *at = (const unsigned char *)bytes;
    size_t i = 0;
    while ((i = skip_ascii(at, i, len)) < len) {
        size_t n = sequence(at + i, len - i);
        if (!n)
            return i;
        i += n;
    }
    return len;
}

bool utf8_valid(const char *bytes, size_t len)
{
    return utf8_valid_length(bytes, len) == len;
}
