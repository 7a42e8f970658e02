/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the structure of a CSV is: the positions of delimiters, quotes, LF and CR in a block.
 *
 * csv_scan() writes the offset of every such byte, in order, and says whether the block holds bytes
 * that need a closer look (NUL, or a byte over 127).  Cost: about a cycle a byte, no branch on
 * the data.  What the bytes mean is csv_read's affair.
 */
#ifndef MARSAD_IO_CSV_SCAN_H
#define MARSAD_IO_CSV_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csv_scanner {
    uint8_t mark[256]; /* 1: structure; 2: NUL; 4: not ASCII */
};

struct csv_marks {
    uint32_t *at; /* room for one entry a byte of the block, and one more */
    uint32_t count;
    bool nul, wide; /* the block holds a NUL; a byte over 127 */
};

void csv_scanner_init(struct csv_scanner *, char delimiter);

/* Appends the marks of bytes[from..to-1]; offsets count from bytes[0]. */
void csv_scan(const struct csv_scanner *, const char *bytes, size_t from, size_t to,
              struct csv_marks *);

/* Whether all of it is well-formed UTF-8 (no overlong forms, surrogates, or code points over 10FFFF;
 * Unicode 15, table 3-7).  utf8_valid_length() is the length of the longest valid start. */
bool utf8_valid(const char *bytes, size_t len);
size_t utf8_valid_length(const char *bytes, size_t len);

#endif
