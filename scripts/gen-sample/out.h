/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CSV to stdout through one buffer: cells are quoted where they must be, the separator, line end,
 * decimal mark and encoding are those of the struct.
 *
 *     out_string(o, "Côte d’Ivoire"); out_number(o, 12); out_end(o);
 *
 * The first failed write is kept in `failed`; out_close() reports it.
 * Misuse: out_plain() with text that holds a separator, quote, line end or, with `windows`,
 * anything but ASCII.
 */
#ifndef GEN_SAMPLE_OUT_H
#define GEN_SAMPLE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { OUT_BUFFER = 1 << 18, OUT_DIGITS = 24 };

struct out {
    FILE *file;
    char separator;
    bool crlf;
    bool windows; /* Windows-1252 instead of UTF-8 */
    bool decimal_comma;
    bool failed;
    bool started; /* a cell of this record is written */
    size_t used;
    char buffer[OUT_BUFFER];
};

void out_text(struct out *o, const char *at, size_t length);
void out_quoted(struct out *o, const char *at, size_t length);
void out_plain(struct out *o, const char *at, size_t length);
void out_string(struct out *o, const char *text);
void out_number(struct out *o, uint64_t value);
void out_decimal(struct out *o, uint64_t mantissa, unsigned scale);
/* An identifier: `prefix` (at most 12 bytes), then the number with zeros up to `width` digits. */
void out_label(struct out *o, const char *prefix, uint64_t number, size_t width);
void out_date(struct out *o, uint32_t day);
void out_empty(struct out *o);
void out_end(struct out *o);
void out_header(struct out *o, const char *const *name, size_t count);
bool out_close(struct out *o);

/* Writes value backwards from `end`; returns the first digit. */
char *digits_before(char *end, uint64_t value);

#endif
