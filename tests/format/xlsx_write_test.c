/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A workbook is opened again by hand (zip directory and zlib, none of the writer's code) and its
 * XML read for what must and must not be there: no formula, typed cells, names, direction, no
 * clock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "base/memory.h"
#include "format/xlsx_write.h"

static const char table_csv[] = "Pays,2014,2015,2016,2017,2018\n"
                                "=1+1,1,2,3,4,5\n"
                                "@SUM(A1),27130.5,~120,12 (u),c,:\n"
                                "+x,1234567890123456,007,-4,0,1\n"
                                "Total,1,2,3,4,5\n";
static const char notes_csv[] = "kind,key,fr,ar,en\n"
                                "labels,1,,,\n"
                                "mark,c,secret,محجوب,withheld\n"
                                "title,,=Titre,عنوان,Title\n";

struct fixture {
    struct arena *arena;
    struct sheet sheet[3];
    struct bytes file;
    struct error error;
};

static const struct table *parse(struct fixture *f, const char *name, const char *csv)
{
    const struct table *t = table_parse(f->arena, name, csv, strlen(csv), &f->error);

    assert_non_null(t);
    return t;
}

static int open_fixture(void **state)
{
    struct fixture *f = memory_zalloc(sizeof(*f));
    const struct table *t, *notes;

    f->arena = arena_new();
    t = parse(f, "t", table_csv);
    notes = parse(f, "n", notes_csv);
    sheet_open(&f->sheet[0], TEXT("A/B: [x]*? 'quoted' and longer than thirty-one"), t, notes, 0);
    sheet_open(&f->sheet[1], TEXT("A/B: [x]*? 'quoted' and longer than thirty-one"), t, NULL, 0);
    sheet_open(&f->sheet[2], TEXT(""), t, NULL, 0);
    *state = f;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *f = *state;

    bytes_free(&f->file);
    arena_free(f->arena);
    free(f);
    return 0;
}

static uint32_t number_at(const char *at, unsigned bytes)
{
    uint32_t n = 0;

    while (bytes-- > 0)
        n = n << 8 | (unsigned char)at[bytes];
    return n;
}

/* The member of a zip file, inflated, NUL-terminated; NULL: there is none. */
static char *unzip(const struct bytes *zip, const char *member)
{
    const char *end = zip->at + zip->len - 22, *at = zip->at + number_at(end + 16, 4);

    for (uint32_t n = number_at(end + 10, 2); n > 0; n--) {
        uint32_t packed = number_at(at + 20, 4), size = number_at(at + 24, 4);
        uint32_t name = number_at(at + 28, 2);
        const char *local = zip->at + number_at(at + 42, 4);
        if (name == strlen(member) && memcmp(at + 46, member, name) == 0) {
            char *out = memory_zalloc(size + 1);
            z_stream z = {.avail_in = packed, .avail_out = size, .next_out = (Bytef *)out};
            z.next_in = (z_const Bytef *)(uintptr_t)(local + 30 + number_at(local + 26, 2) +
                                                     number_at(local + 28, 2));
            assert_int_equal(inflateInit2(&z, -15), Z_OK);
            assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
            inflateEnd(&z);
            return out;
        }
        at += 46 + name + number_at(at + 30, 2) + number_at(at + 32, 2);
    }
    return NULL;
}

static void write_book(struct fixture *f, uint32_t sheets, enum language language)
{
    bytes_free(&f->file);
    assert_true(xlsx_write(&f->file, f->sheet, sheets, language, &f->error));
    assert_memory_equal(f->file.at, "PK\003\004", 4);
}

static void expect(const struct bytes *zip, const char *member, const char *text, bool there)
{
    char *xml = unzip(zip, member);

    assert_non_null(xml);
    if ((strstr(xml, text) != NULL) != there)
        fail_msg("%s: %s is %sthere", member, text, there ? "not " : "");
    free(xml);
}

static void test_cells(void **state)
{
    static const char page[] = "xl/worksheets/sheet1.xml";
    struct fixture *f = *state;

    write_book(f, 1, FRENCH);
    expect(&f->file, page, "<f>", false);
    expect(&f->file, "xl/sharedStrings.xml", "=1+1", true);
    expect(&f->file, "xl/sharedStrings.xml", "@SUM(A1)", true);
    expect(&f->file, "xl/sharedStrings.xml", "1234567890123456", true);
    expect(&f->file, "xl/sharedStrings.xml", "<t>007</t>", true);
    expect(&f->file, page, "<v>27130.5</v>", true);
    expect(&f->file, page, "<v>120</v>", true); /* ~120 is a number with a format */
    expect(&f->file, "xl/styles.xml", "&quot;~&quot;#,##0", true);
    expect(&f->file, "xl/styles.xml", "#,##0&quot; (u)&quot;", true);
    expect(&f->file, "xl/styles.xml", "#,##0.0", true);
    expect(&f->file, page, "state=\"frozen\"", true);
    expect(&f->file, page, "rightToLeft", false);
    expect(&f->file, page, "<drawing ", true);
    expect(&f->file, "xl/charts/chart1.xml", "<c:barChart>", true); /* marks: no lines */
}

/* The number of a cell's look, as it stands in the XML. */
static long style_of(const char *xml, const char *cell)
{
    char start[32];
    const char *at;

    snprintf(start, sizeof(start), "<c r=\"%s\" s=\"", cell);
    at = strstr(xml, start);
    assert_non_null(at);
    return strtol(at + strlen(start), NULL, 10);
}

/* The height of a row, or 0 where it has the common one. */
static long height_of(const char *xml, int row)
{
    char start[32];
    const char *at, *ht;

    snprintf(start, sizeof(start), "<row r=\"%d\" ", row);
    at = strstr(xml, start);
    assert_non_null(at);
    ht = strstr(at, " ht=\"");
    return ht == NULL || ht > strchr(at, '>') ? 0 : strtol(ht + 5, NULL, 10);
}

/* A count beside a rate shows no digits behind the point; a long header has its height. */
static void test_looks(void **state)
{
    static const char csv[] = "Indicateur,Demandes de régularisation enregistrées à ce jour\n"
                              "Demandes,595\nTaux,85.0\nTaux,91.5\nAvis,12\n";
    struct fixture *f = *state;
    char *xml;

    sheet_open(&f->sheet[0], TEXT("t"), parse(f, "t", csv), NULL, 1);
    write_book(f, 1, FRENCH);
    xml = unzip(&f->file, "xl/worksheets/sheet1.xml");
    assert_non_null(xml);
    assert_int_not_equal(style_of(xml, "B4"), style_of(xml, "B5"));
    assert_int_equal(style_of(xml, "B4"), style_of(xml, "B7"));
    assert_int_equal(style_of(xml, "B5"), style_of(xml, "B6"));
    assert_non_null(strstr(xml, "<mergeCell ref=\"A1:"));
    assert_int_equal(height_of(xml, 3), 4 * 15 + 2); /* the header: four lines of 14 letters */
    assert_int_equal(height_of(xml, 4), 0);
    free(xml);
}

static void test_names(void **state)
{
    struct fixture *f = *state;

    write_book(f, 3, FRENCH);
    expect(&f->file, "xl/workbook.xml", "name=\"A_B_ _x___ _quoted_ and longer \"", true);
    expect(&f->file, "xl/workbook.xml", "name=\"A_B_ _x___ _quoted_ and (2)\"", true);
    expect(&f->file, "xl/workbook.xml", "name=\"Tableau\"", true);
    expect(&f->file, "xl/workbook.xml", "name=\"Notes\"", true);
    expect(&f->file, "xl/worksheets/sheet4.xml", "<row ", true);
}

static void test_arabic(void **state)
{
    struct fixture *f = *state;

    write_book(f, 1, ARABIC);
    expect(&f->file, "xl/worksheets/sheet1.xml", "rightToLeft=\"1\"", true);
    expect(&f->file, "xl/worksheets/sheet2.xml", "rightToLeft=\"1\"", true);
    expect(&f->file, "xl/sharedStrings.xml", "عنوان", true);
    expect(&f->file, "xl/sharedStrings.xml", "=Titre", false);
}

static void test_same_bytes(void **state)
{
    struct fixture *f = *state;
    struct bytes first;

    write_book(f, 3, FRENCH);
    first = f->file;
    f->file = (struct bytes){0};
    sleep(2); /* a zip member's time has steps of two seconds */
    write_book(f, 3, FRENCH);
    assert_int_equal(first.len, f->file.len);
    assert_memory_equal(first.at, f->file.at, first.len);
    bytes_free(&first);
    expect(&f->file, "docProps/core.xml", "2000-01-01T00:00:00Z", true);
}

static void test_no_folder(void **state)
{
    struct fixture *f = *state;
    const char *before = getenv("TMPDIR");

    setenv("TMPDIR", "/nowhere/at/all", 1);
    assert_false(xlsx_write(&f->file, f->sheet, 1, FRENCH, &f->error));
    assert_int_equal(f->error.code, EX_CANTCREAT);
    if (before != NULL)
        setenv("TMPDIR", before, 1);
    else
        unsetenv("TMPDIR");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_cells, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(test_looks, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(test_names, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(test_arabic, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(test_same_bytes, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(test_no_folder, open_fixture, close_fixture),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
