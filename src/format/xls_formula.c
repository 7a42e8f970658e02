/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/xls_formula.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "format/ole.h"
#include "format/serial.h"
#include "format/xlsx_parts.h"

enum record {
    RECORD_FORMULA = 0x0006,
    RECORD_EOF = 0x000a,
    RECORD_1904 = 0x0022,
    RECORD_SHEET = 0x0085,
    RECORD_MULRK = 0x00bd,
    RECORD_XF = 0x00e0,
    RECORD_NUMBER = 0x0203,
    RECORD_BOOLERR = 0x0205,
    RECORD_STRING = 0x0207,
    RECORD_RK = 0x027e,
    RECORD_FORMAT = 0x041e,
    RECORD_BOF = 0x0809,
};

enum { MOST_STYLES = 65536, MOST_CODE = 255 };

struct walk {
    struct arena *arena;
    const unsigned char *at; /* of the present record's data */
    uint32_t len;
    bool biff8, from_1904, bad;
    uint32_t *format; /* of each XF */
    size_t formats, format_room;
    struct custom {
        uint32_t id;
        enum xlsx_style style;
    } * custom;
    size_t customs, custom_room;
    uint32_t *sheet; /* where each begins in the stream */
    size_t sheets, sheet_room;
    struct xls_value *value;
    size_t values, value_room;
    bool waits; /* the last formula gave a text, which a String record brings */
};

static uint32_t u16(const unsigned char *p)
{
    return p[0] | (uint32_t)p[1] << 8;
}

static uint32_t u32(const unsigned char *p)
{
    return u16(p) | u16(p + 2) << 16;
}

/* ---- texts ---- */

static uint32_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    out[0] = (char)(0xe0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 0x3f));
    out[2] = (char)(0x80 | (c & 0x3f));
    return 3;
}

static uint32_t put_pair(char *out, uint32_t high, uint32_t low)
{
    uint32_t c = 0x10000 + ((high & 0x3ff) << 10 | (low & 0x3ff));
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* A BIFF8 text: characters, flags, bytes of Latin-1 or UTF-16.  One that goes on in a further
 * record is cut: the walk is then bad. */
static struct text wide_text(struct walk *w, const unsigned char *p, uint32_t left)
{
    uint32_t n = left >= 3 ? u16(p) : 0, size = left >= 3 && (p[2] & 1) ? 2 : 1, len = 0;
    if (left < 3 || (p[2] & 0x0c) || (uint64_t)n * size > left - 3) {
        w->bad = true;
        return (struct text){0};
    }
    char *out = arena_alloc(w->arena, (size_t)n * 4 + 1);
    p += 3;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t c = size == 2 ? u16(p + 2 * (size_t)i) : p[i];
        uint32_t next = size == 2 && i + 1 < n ? u16(p + 2 * (size_t)i + 2) : 0;
        if (c >= 0xd800 && c < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
            len += put_pair(out + len, c, next);
            i++;
        } else {
            len += put_utf8(out + len, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
        }
    }
    return (struct text){out, len};
}

/* ---- the globals ---- */

static void on_format(struct walk *w)
{
    char code[MOST_CODE + 1] = {0};
    uint32_t skip = w->biff8 ? 5 : 3, n = 0;
    if (w->len < skip || w->customs >= MOST_STYLES)
        return;
    uint32_t size = w->biff8 && (w->at[4] & 1) ? 2 : 1;
    for (uint32_t i = skip; i < w->len && n < MOST_CODE; i += size)
        code[n++] = size == 2 && i + 1 < w->len && w->at[i + 1] ? '?' : (char)w->at[i];
    w->custom = memory_grow(w->custom, &w->custom_room, w->customs + 1, sizeof *w->custom);
    w->custom[w->customs++] = (struct custom){u16(w->at), xlsx_style_of(code)};
}

static void on_global(struct walk *w, uint32_t record)
{
    if (record == RECORD_1904 && w->len >= 2)
        w->from_1904 = u16(w->at) == 1;
    if (record == RECORD_FORMAT)
        on_format(w);
    if (record == RECORD_XF && w->len >= 4 && w->formats < MOST_STYLES) {
        w->format = memory_grow(w->format, &w->format_room, w->formats + 1, sizeof *w->format);
        w->format[w->formats++] = u16(w->at + 2);
    }
    if (record == RECORD_SHEET && w->len >= 6 && w->sheets < MOST_STYLES) {
        w->sheet = memory_grow(w->sheet, &w->sheet_room, w->sheets + 1, sizeof *w->sheet);
        w->sheet[w->sheets++] = u32(w->at);
    }
}

static enum xlsx_style style_of(const struct walk *w, uint32_t xf)
{
    uint32_t format = xf < w->formats ? w->format[xf] : 0;
    for (size_t i = 0; i < w->customs; i++)
        if (w->custom[i].id == format)
            return w->custom[i].style;
    return xlsx_style_built_in((long)format);
}

/* ---- the sheet ---- */

static struct xls_value *add_value(struct walk *w)
{
    w->value = memory_grow(w->value, &w->value_room, w->values + 1, sizeof *w->value);
    struct xls_value *v = &w->value[w->values++];
    *v = (struct xls_value){.row = u16(w->at), .column = u16(w->at + 2)};
    return v;
}

static double real_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static double number_of(const unsigned char *p)
{
    return real_of(u32(p) | (uint64_t)u32(p + 4) << 32);
}

/* Thirty bits of a whole number or of a double, maybe hundredths ([MS-XLS] 2.5.217, RkNumber). */
static double rk_of(const unsigned char *p)
{
    uint32_t rk = u32(p), high = rk & ~(uint32_t)3;
    int32_t whole = (int32_t)high / 4;
    double x = rk & 2 ? whole : real_of((uint64_t)high << 32);
    return rk & 1 ? x / 100 : x;
}

/* A number that is no day, though it is shown as one, is an error. */
static void set_number(struct walk *w, struct xls_value *v, double x, uint32_t xf)
{
    enum xlsx_style style = style_of(w, xf);
    char out[REAL_TEXT + SERIAL_TEXT];
    size_t n = style == XLSX_NUMBER ? serial_real(x, out)
                                    : serial_excel(x, w->from_1904, style == XLSX_DAY, out);
    v->error = n == 0;
    v->text = text_copy(w->arena, (struct text){out, (uint32_t)n});
}

static void on_formula(struct walk *w)
{
    if (w->len < 14)
        return;
    const unsigned char *result = w->at + 6;
    struct xls_value *v = add_value(w);
    bool special = u16(result + 6) == 0xffff;
    if (!special)
        set_number(w, v, number_of(result), u16(w->at + 4));
    else if (result[0] == 1)
        v->text = result[2] ? TEXT("1") : TEXT("0");
    v->error |= special && result[0] == 2;
    w->waits = special && result[0] == 0;
}

/* Days and times, which freexl cuts: 36:00 is 12:00 to it.  Other numbers are left to it. */
static void on_number(struct walk *w, uint32_t column, uint32_t xf, double x)
{
    if (style_of(w, xf) == XLSX_NUMBER)
        return;
    struct xls_value *v = add_value(w);
    v->column = column;
    set_number(w, v, x, xf);
}

static void on_numbers(struct walk *w, uint32_t record)
{
    const unsigned char *p = w->at;
    if (record == RECORD_NUMBER && w->len >= 14)
        on_number(w, u16(p + 2), u16(p + 4), number_of(p + 6));
    if (record == RECORD_RK && w->len >= 10)
        on_number(w, u16(p + 2), u16(p + 4), rk_of(p + 6));
    for (uint32_t i = 4, c = 0; record == RECORD_MULRK && i + 6 + 2 <= w->len; i += 6, c++)
        on_number(w, u16(p + 2) + c, u16(p + i), rk_of(p + i + 2));
}

static void on_cell(struct walk *w, uint32_t record)
{
    on_numbers(w, record);
    if (record == RECORD_FORMULA)
        on_formula(w);
    if (record == RECORD_BOOLERR && w->len >= 8 && w->at[7])
        add_value(w)->error = true;
    if (record == RECORD_STRING && w->waits && w->values) {
        w->bad |= !w->biff8;
        w->value[w->values - 1].text = wide_text(w, w->at, w->len);
        w->waits = false;
    }
}

/* Walks the records from `from` to the end of that part of the stream. */
static bool walk_part(struct walk *w, const struct bytes *stream, size_t from, bool cells)
{
    const unsigned char *at = (const unsigned char *)stream->at;
    while (from + 4 <= stream->len) {
        uint32_t record = u16(at + from);
        w->len = u16(at + from + 2);
        w->at = at + from + 4;
        from += 4 + (size_t)w->len;
        if (from > stream->len)
            return false;
        if (record == RECORD_EOF)
            return true;
        if (record == RECORD_BOF && w->len >= 2)
            w->biff8 = u16(w->at) >= 0x0600;
        else if (cells)
            on_cell(w, record);
        else
            on_global(w, record);
    }
    return false;
}

static int by_place(const void *a, const void *b)
{
    const struct xls_value *x = a, *y = b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return x->column < y->column ? -1 : x->column > y->column;
}

static bool read_workbook(struct text file, struct bytes *stream)
{
    if (ole_stream(file, "Workbook", stream))
        return true;
    stream->len = 0;
    return ole_stream(file, "Book", stream);
}

static void walk_free(struct walk *w)
{
    free(w->format);
    free(w->custom);
    free(w->sheet);
    free(w->value);
}

bool xls_formulas(struct arena *a, struct text file, int sheet, struct xls_values *out)
{
    struct walk w = {.arena = a};
    struct bytes stream = {0};
    bool whole = read_workbook(file, &stream) && walk_part(&w, &stream, 0, false) && w.sheet &&
                 (size_t)sheet < w.sheets && walk_part(&w, &stream, w.sheet[sheet], true) &&
                 !w.bad && !w.waits;
    out->count = w.values;
    out->value = arena_array(a, w.values + 1, sizeof *out->value);
    if (w.values) {
        memcpy(out->value, w.value, w.values * sizeof *w.value);
        qsort(out->value, w.values, sizeof *out->value, by_place);
    }
    bytes_free(&stream);
    walk_free(&w);
    return whole;
}

bool xls_is_whole(struct text file)
{
    struct arena *a = arena_new();
    struct walk w = {.arena = a};
    struct bytes stream = {0};
    bool whole = read_workbook(file, &stream) && walk_part(&w, &stream, 0, false);
    for (size_t i = 0; i < w.sheets && whole; i++)
        whole = walk_part(&w, &stream, w.sheet[i], true);
    bytes_free(&stream);
    walk_free(&w);
    arena_free(a);
    return whole;
}

bool xls_is_locked(struct text file)
{
    struct bytes stream = {0};
    bool locked = ole_stream(file, "EncryptedPackage", &stream);
    bytes_free(&stream);
    return locked;
}

const struct xls_value *xls_value_at(const struct xls_values *v, uint32_t row, uint32_t column)
{
    struct xls_value key = {.row = row, .column = column};
    return v->count ? bsearch(&key, v->value, v->count, sizeof key, by_place) : NULL;
}
