/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The CSV writer of the sample generator: see out.h. Cost: one pass over each cell. */
#include "out.h"

#include <string.h>

#include "dates.h"

static void buffer_flush(struct out *o)
{
    if (fwrite(o->buffer, 1, o->used, o->file) != o->used)
        o->failed = true;
    o->used = 0;
}

static void buffer_put(struct out *o, char c)
{
    if (o->used == OUT_BUFFER)
        buffer_flush(o);
    o->buffer[o->used++] = c;
}

static void buffer_add(struct out *o, const char *at, size_t length)
{
    if (OUT_BUFFER - o->used < length)
        buffer_flush(o);
    memcpy(o->buffer + o->used, at, length);
    o->used += length;
}

/* The tables here hold no character outside Windows-1252; of its 0x80-0x9f block they use these. */
static size_t windows_put(struct out *o, const unsigned char *at)
{
    if (at[0] < 0x80) {
        buffer_put(o, (char)at[0]);
        return 1;
    }
    if (at[0] == 0xc2 || at[0] == 0xc3) {
        buffer_put(o, (char)(((at[0] & 3U) << 6) | (at[1] & 0x3fU)));
        return 2;
    }
    if (at[0] == 0xc5) { /* U+0152 and U+0153, the ligature oe */
        buffer_put(o, (char)(at[1] == 0x93 ? 0x9c : 0x8c));
        return 2;
    }
    buffer_put(o, (char)0x92); /* U+2019, the curved apostrophe */
    return 3;
}

static void cell_start(struct out *o)
{
    if (o->started)
        buffer_put(o, o->separator);
    o->started = true;
}

static void cell_add(struct out *o, const char *at, size_t length)
{
    const unsigned char *byte = (const unsigned char *)at;
    if (!o->windows) {
        buffer_add(o, at, length);
        return;
    }
    for (size_t i = 0; i < length;)
        i += windows_put(o, byte + i);
}

static bool cell_needs_quotes(const struct out *o, const char *at, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (at[i] == o->separator || at[i] == '"' || at[i] == '\n' || at[i] == '\r')
            return true;
    return false;
}

void out_plain(struct out *o, const char *at, size_t length)
{
    cell_start(o);
    buffer_add(o, at, length);
}

void out_quoted(struct out *o, const char *at, size_t length)
{
    cell_start(o);
    buffer_put(o, '"');
    const char *end = at + length;
    while (at < end) {
        const char *quote = memchr(at, '"', (size_t)(end - at));
        const char *stop = quote ? quote + 1 : end;
        cell_add(o, at, (size_t)(stop - at));
        if (quote)
            buffer_put(o, '"');
        at = stop;
    }
    buffer_put(o, '"');
}

void out_text(struct out *o, const char *at, size_t length)
{
    if (cell_needs_quotes(o, at, length)) {
        out_quoted(o, at, length);
        return;
    }
    cell_start(o);
    cell_add(o, at, length);
}

void out_string(struct out *o, const char *text)
{
    out_text(o, text, strlen(text));
}

char *digits_before(char *end, uint64_t value)
{
    do {
        *--end = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    return end;
}

void out_number(struct out *o, uint64_t value)
{
    char digits[OUT_DIGITS];
    char *end = digits + sizeof(digits);
    char *at = digits_before(end, value);
    out_plain(o, at, (size_t)(end - at));
}

void out_decimal(struct out *o, uint64_t mantissa, unsigned scale)
{
    char digits[OUT_DIGITS + 2];
    char *end = digits + sizeof(digits);
    char *at = end;
    for (unsigned i = 0; i < scale; i++) {
        *--at = (char)('0' + mantissa % 10);
        mantissa /= 10;
    }
    if (scale)
        *--at = o->decimal_comma ? ',' : '.';
    at = digits_before(at, mantissa);
    out_text(o, at, (size_t)(end - at));
}

void out_label(struct out *o, const char *prefix, uint64_t number, size_t width)
{
    char text[OUT_DIGITS + 12];
    char *end = text + sizeof(text);
    char *at = digits_before(end, number);
    while ((size_t)(end - at) < width)
        *--at = '0';
    size_t length = strlen(prefix);
    at -= length;
    memcpy(at, prefix, length);
    out_plain(o, at, (size_t)(end - at));
}

void out_date(struct out *o, uint32_t day)
{
    char text[DATE_LENGTH];
    date_write(day, text);
    out_plain(o, text, sizeof(text));
}

void out_empty(struct out *o)
{
    cell_start(o);
}

void out_end(struct out *o)
{
    if (o->crlf)
        buffer_put(o, '\r');
    buffer_put(o, '\n');
    o->started = false;
}

void out_header(struct out *o, const char *const *name, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out_string(o, name[i]);
    out_end(o);
}

bool out_close(struct out *o)
{
    buffer_flush(o);
    if (fflush(o->file) != 0 || ferror(o->file))
        o->failed = true;
    return !o->failed;
}
