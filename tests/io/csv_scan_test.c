/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * csv_scan: every path that this machine has against a plain walk over the bytes; UTF-8 against
 * Unicode 15, table 3-7, with the sequence at every place of blocks of 32, 64 and 128 bytes;
 * decimals against decimal_parse() and decimals_scale(), which have tests of their own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/csv_scan.h"
#include "utf8_check.h"

enum { ROOM = 400, CELLS = 37 };

static const char *const names[] = {"avx512", "avx2", "sse2", "portable"};

static const struct csv_isa *isa_named(const char *name)
{
    setenv("MARSAD_ISA", name, 1);
    const struct csv_isa *isa = csv_isa();
    unsetenv("MARSAD_ISA");
    if (!isa)
        print_message("skipped: this machine has no %s\n", name);
    return isa;
}

/* ---- UTF-8 ---- */

/* Does the scan call these bytes plain, and all before the line end at `lf` UTF-8? */
static bool scan_utf8(const struct csv_isa *isa, char *text, size_t lf, size_t len)
{
    uint32_t at[ROOM + CSV_PAD], quoted[ROOM / 2 + 1];
    struct csv_marks marks = {.at = at, .quoted = quoted};
    char there = text[lf];
    text[lf] = '\n';
    isa->scan(text, 0, len, ',', &marks);
    text[lf] = there;
    return marks.plain && marks.utf8;
}

/* The n bytes at every place, at the very end and with more behind; and behind the last line end,
 * where nobody asks for them. */
static void check_places(const struct csv_isa *isa, const unsigned char *b, size_t n)
{
    char text[ROOM];
    bool nul = memchr(b, '\0', n), expected = utf8_well_formed(b, n) && !nul;
    for (size_t at = 0; at <= 130; at++) {
        memset(text, 'x', sizeof text);
        memcpy(text + at, b, n);
        if (scan_utf8(isa, text, at + n, at + n + 1) != expected ||
            scan_utf8(isa, text, at + n + 70, at + n + 80) != expected)
            fail_msg("%s at %zu: %02x %02x %02x %02x, %zu bytes", isa->name, at, b[0], b[1], b[2],
                     b[3], n);
        if (at && scan_utf8(isa, text, at - 1, at + n) == nul)
            fail_msg("%s: what stands behind %zu bytes counts", isa->name, at);
    }
}

static void test_utf8(void **state)
{
    static const unsigned char edge[] = {0x00, 0x7f, 0x80, 0x8f, 0x90,
                                         0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    (void)state;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        const struct csv_isa *isa = isa_named(names[k]);
        for (unsigned first = 0x80; isa && first <= 0xff; first++) {
            unsigned char one[4] = {(unsigned char)first, 0, 0, 0};
            check_places(isa, one, 1);
            for (size_t n = 2; n <= 4; n++) {
                for (size_t e = 0; e < sizeof edge * 3; e++) {
                    unsigned char b[4] = {(unsigned char)first, 0x80, 0x80, 0x80};
                    b[1] = first == 0xe0 || first == 0xf0 ? 0xa0 : 0x80;
                    b[1 + e / sizeof edge] = edge[e % sizeof edge];
                    check_places(isa, b, n);
                }
            }
        }
    }
}

/* ---- structure ---- */

static uint64_t seed = 7;

static uint32_t draw(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)((seed >> 33) % below);
}

struct walk {
    uint32_t at[ROOM], count, quoted[ROOM], quotes, lines, all_lines;
    bool plain, crlf;
};

/* A byte at a time, as RFC 4180 reads. */
static void walk(const char *b, size_t n, struct walk *w)
{
    bool inside = false;
    memset(w, 0, sizeof *w);
    w->plain = true;
    for (size_t i = 0; i < n; i++) {
        char before = i ? b[i - 1] : '\n', after = i + 1 < n ? b[i + 1] : '\n';
        w->all_lines += b[i] == '\n';
        w->plain &= b[i] != '\0';
        if (b[i] == '"' && !inside) {
            w->plain &= before == ',' || before == '\n';
            inside = true;
            w->quoted[w->quotes++] = w->count;
        } else if (b[i] == '"' && after == '"' && i + 1 < n) {
            i++;
        } else if (b[i] == '"') {
            inside = false;
            w->plain &= after == ',' || after == '\n' || after == '\r';
        } else if (!inside && (b[i] == ',' || b[i] == '\n')) {
            w->at[w->count++] = (uint32_t)i;
            w->lines += b[i] == '\n';
        } else if (!inside && b[i] == '\r') {
            w->crlf = true;
            w->plain &= after == '\n';
        }
    }
}

static void check_scan(const struct csv_isa *isa, const char *b, size_t n)
{
    struct walk w;
    uint32_t at[ROOM + CSV_PAD], quoted[ROOM / 2 + 1];
    struct csv_marks m = {.at = at, .quoted = quoted};
    walk(b, n, &w);
    isa->scan(b, 0, n, ',', &m);
    struct csv_tally t = isa->tally(b, n);
    assert_int_equal(t.lines, w.all_lines);
    /* What follows a quote or CR at the very end may be told only by the next bytes. */
    bool open_end = n > 0 && (b[n - 1] == '"' || b[n - 1] == '\r');
    if (m.plain != w.plain && !(open_end && w.plain))
        fail_msg("%s: plain %d, not %d: '%.*s'", isa->name, m.plain, w.plain, (int)n, b);
    if (!m.plain)
        return;
    assert_int_equal(m.lines, w.lines);
    assert_int_equal(m.all_lines, w.all_lines);
    assert_int_equal(m.quotes, w.quotes);
    assert_int_equal(m.crlf, w.crlf);
    assert_int_equal(m.count, w.count);
    assert_memory_equal(m.at, w.at, w.count * sizeof *w.at);
    assert_memory_equal(m.quoted, w.quoted, w.quotes * sizeof *w.quoted);
}

static size_t make_text(char *b)
{
    static const char *const piece[] = {
        ",",        "\n",          "a",          "\"a\"",    "\"\"",     "\"x,y\"",
        ",",        "\n",          "\r\n",       "\"\"\"\"", "\"p\nq\"", "long text",
        "\xc3\xa9", ",\"q\"\"\",", "\n\"\n\"\n", "\"",       "\r"};
    uint32_t most = draw(4) ? sizeof piece / sizeof *piece - 2 : sizeof piece / sizeof *piece;
    size_t n = 0, want = draw(200);
    while (n < want) {
        const char *p = piece[draw(most)];
        memcpy(b + n, p, strlen(p));
        n += strlen(p);
    }
    return n;
}

/* Cells that are whole, so that most texts are plain and long. */
static size_t make_rows(char *b)
{
    static const char *const cell[] = {"", "12", "\"x,y\"", "\"\"\"\"", "\"p\r\nq\"", "\xc3\xa9"};
    size_t n = 0, want = draw(300);
    while (n < want) {
        const char *p = cell[draw(6)];
        memcpy(b + n, p, strlen(p));
        n += strlen(p);
        const char *end = draw(3) ? "," : draw(2) ? "\n" : "\r\n";
        memcpy(b + n, end, strlen(end));
        n += strlen(end);
    }
    return n;
}

static void test_scan(void **state)
{
    char b[ROOM + CSV_PAD] = {0};
    (void)state;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        const struct csv_isa *isa = isa_named(names[k]);
        for (int i = 0; isa && i < 20000; i++)
            check_scan(isa, b, i % 2 ? make_text(b) : make_rows(b));
    }
}

/* ---- decimals ---- */

/* Mostly numbers of up to 8 bytes, as columns have them; of wild columns the rest is anything. */
static uint32_t draw_cell(char *out, bool wild, bool signs)
{
    static const char any[] = "0123456789.-+e ,x";
    uint32_t len = draw(8) || !wild ? draw(9) : draw(22), point = draw(3) ? draw(9) : 99;
    bool odd = wild && draw(12) == 0;
    for (uint32_t i = 0; i < len; i++)
        out[i] = odd ? any[draw(sizeof any - 1)] : i == point ? '.' : (char)('0' + draw(10));
    if (signs && len && draw(4) == 0)
        *out = '-';
    return len;
}

static void check_scaled(const struct csv_isa *isa, const struct scaled *got,
                         const struct decimal *d, uint32_t n)
{
    int64_t value[CELLS];
    struct scaled want = decimals_scale(d, decimals_range(d, n), n, value);
    if (got->magnitude != want.magnitude || got->scale != want.scale || got->kinds != want.kinds ||
        !got->value != !want.value)
        fail_msg("%s: %u cells are scaled otherwise", isa->name, n);
    if (want.value)
        assert_memory_equal(got->value, want.value, n * sizeof *value);
}

static void test_decimals(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        const struct csv_isa *isa = isa_named(names[k]);
        for (int turn = 0; isa && turn < 20000; turn++) {
            char bytes[CELLS][24];
            struct text cell[CELLS];
            struct decimal got[CELLS], want[CELLS];
            int64_t value[CELLS];
            uint32_t n = draw(CELLS + 1), wild = draw(2), signs = draw(2);
            for (uint32_t i = 0; i < n; i++)
                cell[i] = (struct text){bytes[i], draw_cell(bytes[i], wild, signs)};
            struct scaled scaled = isa->decimals(cell, n, got, value);
            for (uint32_t i = 0; i < n; i++) {
                want[i] = decimal_parse(cell[i]);
                if (got[i].mantissa != want[i].mantissa || got[i].scale != want[i].scale ||
                    got[i].kind != want[i].kind)
                    fail_msg("%s: '%.*s'", isa->name, (int)cell[i].len, cell[i].at);
            }
            check_scaled(isa, &scaled, want, n);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_decimals), cmocka_unit_test(test_utf8),
                                       cmocka_unit_test(test_scan)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
