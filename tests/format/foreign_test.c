/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Workbooks made here, part by part, and what the reader of CSV gets from them; damaged and hostile
 * ones are refused.  Whole files of other programs are in tests/stages/ingest.
 */
#include "format/foreign.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <minizip/zip.h>

#define NS                                                                                         \
    "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' "                           \
    "xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'"
#define REL "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

struct book {
    const char *path, *pr, *sheet, *strings, *styles;
    size_t padding; /* bytes of spaces at the end of the strings */
};

static void add_part(zipFile zip, const char *name, const char *text, size_t padding)
{
    zip_fileinfo info = {0};
    char spaces[65536];
    memset(spaces, ' ', sizeof spaces);
    assert_int_equal(zipOpenNewFileInZip(zip, name, &info, NULL, 0, NULL, 0, NULL, Z_DEFLATED, 6),
                     0);
    zipWriteInFileInZip(zip, text, (unsigned)strlen(text));
    for (; padding; padding -= padding < sizeof spaces ? padding : sizeof spaces)
        zipWriteInFileInZip(zip, spaces,
                            (unsigned)(padding < sizeof spaces ? padding : sizeof spaces));
    zipCloseFileInZip(zip);
}

static void make_book(const struct book *b)
{
    char text[4096];
    zipFile zip = zipOpen(b->path, APPEND_STATUS_CREATE);
    assert_non_null(zip);
    add_part(zip, "[Content_Types].xml", "<Types/>", 0);
    add_part(zip, "_rels/.rels",
             "<Relationships><Relationship Id='a' Type='" REL "/officeDocument' "
             "Target='xl/workbook.xml'/></Relationships>",
             0);
    snprintf(text, sizeof text,
             "<workbook " NS "><workbookPr %s/><sheets><sheet name='S' sheetId='1' r:id='r1'/>"
             "</sheets></workbook>",
             b->pr ? b->pr : "");
    add_part(zip, "xl/workbook.xml", text, 0);
    add_part(zip, "xl/_rels/workbook.xml.rels",
             "<Relationships>"
             "<Relationship Id='r1' Type='" REL "/worksheet' Target='worksheets/s.xml'/>"
             "<Relationship Id='r2' Type='" REL "/styles' Target='/xl/styles.xml'/>"
             "<Relationship Id='r3' Type='" REL "/sharedStrings' Target='strings.xml'/>"
             "</Relationships>",
             0);
    add_part(zip, "xl/worksheets/s.xml", b->sheet, 0);
    add_part(zip, "xl/styles.xml", b->styles ? b->styles : "<styleSheet/>", 0);
    add_part(zip, "xl/strings.xml", b->strings ? b->strings : "<sst/>", b->padding);
    zipClose(zip, NULL);
}

/* What the reader of CSV would get; where it is refused, the message. */
static void read_file(const char *path, const struct foreign *how, uint32_t header, char *out,
                      size_t room, int *code)
{
    struct error e = {0};
    struct reader_spec spec = {1, &path, &path, csv_rules_default, NULL, header, 500, NULL, NULL};
    spec.foreign = how;
    struct input *in = foreign_open(&spec, 0, &e);
    size_t len = 0;
    long n = in ? 1 : -1;
    while (n > 0) {
        n = input_read(in, out + len, room - len - 1, &e);
        len += n > 0 ? (size_t)n : 0;
    }
    out[len] = '\0';
    input_close(in);
    *code = e.code;
    if (e.code)
        snprintf(out, room, "%llu:%u: %s", (unsigned long long)e.place.line, e.place.column,
                 e.message);
}

static void read_book(struct book b, uint32_t header, char *out, size_t room, int *code)
{
    static const struct foreign how = {.max_ratio = 500};
    char path[] = "/tmp/marsad-test-XXXXXX";
    int fd = mkstemp(path);
    close(fd);
    unlink(path);
    b.path = path;
    make_book(&b);
    read_file(path, &how, header, out, room, code);
    unlink(path);
}

static void expect(struct book b, uint32_t header, const char *csv)
{
    char out[65536];
    int code;
    read_book(b, header, out, sizeof out, &code);
    assert_string_equal(out, csv);
    assert_int_equal(code, 0);
}

static void refused(struct book b, const char *message)
{
    char out[65536];
    int code;
    read_book(b, 1, out, sizeof out, &code);
    if (!strstr(out, message))
        fail_msg("expected '%s', got '%s'", message, out);
    assert_int_equal(code, EX_DATAERR);
}

#define SHEET(rows) "<worksheet " NS "><sheetData>" rows "</sheetData></worksheet>"
#define TEXT_CELL(r, t) "<c r='" r "' t='inlineStr'><is><t>" t "</t></is></c>"

static void cells_have_types(void **state)
{
    (void)state;
    struct book b = {
        .strings = "<sst><si><t>n</t></si><si><r><t>rich </t></r><r><t>text</t></r>"
                   "<rPh sb='0' eb='1'><t>no</t></rPh></si></sst>",
        .sheet = SHEET("<row r='1'><c r='A1' t='s'><v>0</v></c>" TEXT_CELL(
            "B1", "b") "</row>"
                       "<row r='2'><c r='A2'><v>83.530000000000001</v></c>"
                       "<c r='B2' t='s'><v>1</v></c></row>"
                       "<row r='3'><c r='A3'><v>1E-3</v></c><c r='B3' t='b'><v>1</v></c></row>"
                       "<row r='4'><c r='A4'><f>1+1</f><v>2</v></c>"
                       "<c r='B4' t='str'><f>x</f><v>a_x000D__x000A_\"b\"</v></c></row>"
                       "<row r='5'><c r='B5' t='d'><v>2018-09-22</v></c></row>")};
    expect(b, 1, "n,b\n83.53,rich text\n0.001,1\n2,\"a\n\"\"b\"\"\"\n,2018-09-22\n");
}

static void days_go_by_style_and_switch(void **state)
{
    (void)state;
    /* ECMA-376 18.17.4: 2013-05-01 is 41395 from 1900 and 39933 from 1904. */
    static const char styles[] =
        "<styleSheet><numFmts><numFmt numFmtId='170' formatCode='dd\\-mmm\\-yy'/>"
        "<numFmt numFmtId='171' formatCode='0.0&quot;d&quot;'/></numFmts>"
        "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
        "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='170'/><xf numFmtId='171'/>"
        "<xf numFmtId='22'/><xf numFmtId='21'/><xf numFmtId='46'/></cellXfs></styleSheet>";
    static const char sheet[] = SHEET("<row r='1'>" TEXT_CELL(
        "A1", "a") "</row>"
                   "<row><c s='0'><v>41395</v></c></row><row><c s='1'><v>41395</v></c></row>"
                   "<row><c s='2'><v>41395</v></c></row><row><c s='3'><v>41395</v></c></row>"
                   "<row><c s='4'><v>41395.5</v></c></row><row><c s='5'><v>0.25</v></c></row>"
                   "<row><c s='6'><v>1.5</v></c></row>");
    expect((struct book){.sheet = sheet, .styles = styles}, 1,
           "a\n41395\n2013-05-01\n2013-05-01\n41395\n2013-05-01T12:00:00\n06:00:00\n36:00:00\n");
    expect((struct book){.sheet = sheet, .styles = styles, .pr = "date1904='1'"}, 1,
           "a\n41395\n2017-05-02\n2017-05-02\n41395\n2017-05-02T12:00:00\n06:00:00\n36:00:00\n");
    refused((struct book){.sheet = SHEET("<row r='1'>" TEXT_CELL(
                              "A1", "a") "</row>"
                                         "<row><c s='1'><v>60</v></c></row>"),
                          .styles = styles},
            "2:1: the cell holds an error of the spreadsheet");
}

static void rows_keep_their_numbers(void **state)
{
    (void)state;
    struct book b = {
        .sheet = SHEET("<row r='1'>" TEXT_CELL("A1", "a merged title\nof two lines") TEXT_CELL(
            "F1", "x") "<c r='G1' t='e'><v>#N/A</v></c></row>"
                       "<row r='3'>" TEXT_CELL("A3", "a")
                           TEXT_CELL("C3", "c") "</row>"
                                                "<row r='5'><c r='B5'><v>1</v></c></row>"
                                                "<row r='9'><c r='B9' s='3'/></row>")};
    expect(b, 3, "\n\na,,c\n\n,1,\n");
    b.sheet = SHEET("<row r='1'>" TEXT_CELL("A1", "a") "</row><row r='2'>" TEXT_CELL("A2", "1")
                        TEXT_CELL("C2", "more") "</row>");
    expect(b, 1, "a\n1,,more\n");
    b.sheet = SHEET("");
    refused(b, "no row at the line of the header");
}

static void errors_are_refused(void **state)
{
    (void)state;
    refused((struct book){.sheet = SHEET("<row r='1'>" TEXT_CELL(
                              "A1", "a") "</row><row r='2'>"
                                         "<c r='A2' t='e'><v>#DIV/0!</v></c></row>")},
            "2:1: the cell holds an error");
    refused((struct book){.sheet = SHEET("<row r='1'>" TEXT_CELL(
                              "A1", "a") "</row><row r='2'>"
                                         "<c r='A2'><f>SUM(B1)</f></c></row>")},
            "a formula without a stored value");
}

static void damage_is_refused(void **state)
{
    (void)state;
    static const char *const sheets[] = {
        SHEET("<row r='2'>" TEXT_CELL("A2", "a") "</row><row r='1'/>"),
        SHEET("<row r='1048577'>" TEXT_CELL("A1", "a") "</row>"),
        SHEET("<row r='1'>" TEXT_CELL("B1", "a") TEXT_CELL("A1", "a") "</row>"),
        SHEET("<row r='1'>" TEXT_CELL("1", "a") "</row>"),
        SHEET("<row r='1'><c r='A1' t='s'><v>7</v></c></row>"),
        SHEET("<row r='1'><c r='A1'><v>1x</v></c></row>"),
        SHEET("<row r='1'><c r='A1'><v>inf</v></c></row>"),
        SHEET("<row r='1'>" TEXT_CELL("ZZZ1", "a") "</row>"),
        "<worksheet><sheetData><row>",
        "",
    };
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++)
        refused((struct book){.sheet = sheets[i]}, "");
}

static void bombs_are_refused(void **state)
{
    (void)state;
    static const char lol[] =
        "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
        "<sst><si><t>&b;</t></si></sst>";
    static const char sheet[] = SHEET("<row r='1'>" TEXT_CELL("A1", "a") "</row>");
    char deep[8192] = "";
    refused((struct book){.sheet = sheet, .strings = lol}, "document type declaration");
    refused((struct book){.sheet = sheet, .strings = "<sst><si><t>", .padding = (size_t)100 << 20},
            "expands more than a real workbook");
    refused((struct book){.sheet = sheet, .strings = "<sst a='", .padding = 8 << 20},
            "a tag is longer than 4 MiB");
    for (int i = 0; i < 1000; i++)
        strcat(deep, "<a>");
    refused((struct book){.sheet = sheet, .strings = deep}, "nested too deep");
}

static void other_formats_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *head, *message;
        enum foreign_kind kind;
    } files[] = {{"%PDF-1.4", "a PDF", FOREIGN_AUTO},
                 {"<HTML><table>", "HTML, not a workbook", FOREIGN_AUTO},
                 {"<?xml version='1.0'?>", "XML, not CSV", FOREIGN_AUTO},
                 {"PK\x03\x04 and so on", "no whole zip file", FOREIGN_AUTO},
                 {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "no whole XLS workbook", FOREIGN_AUTO},
                 {"$FL2@(#) and so on", "cannot be read as sav", FOREIGN_AUTO},
                 {"<stata_dta><header>", "does not end as a dta file does", FOREIGN_AUTO},
                 {"a,b\n1,2\n", "is no xlsx file; its first bytes say csv", FOREIGN_XLSX},
                 {"$FL2@(#) and so on", "is no dta file; its first bytes say sav", FOREIGN_DTA},
                 {"\xff\xfe"
                  "a",
                  "--encoding UTF-16", FOREIGN_AUTO}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[] = "/tmp/marsad-test-XXXXXX", out[4096];
        struct foreign how = {.kind = files[i].kind, .max_ratio = 500};
        int fd = mkstemp(path), code;
        assert_int_equal(write(fd, files[i].head, strlen(files[i].head)), strlen(files[i].head));
        close(fd);
        read_file(path, &how, 1, out, sizeof out, &code);
        unlink(path);
        if (!strstr(out, files[i].message))
            fail_msg("expected '%s', got '%s'", files[i].message, out);
        assert_int_equal(code, EX_DATAERR);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_have_types),        cmocka_unit_test(days_go_by_style_and_switch),
        cmocka_unit_test(rows_keep_their_numbers), cmocka_unit_test(errors_are_refused),
        cmocka_unit_test(damage_is_refused),       cmocka_unit_test(bombs_are_refused),
        cmocka_unit_test(other_formats_are_named),
    };
    return cmocka_run_group_tests_name("format/foreign", tests, NULL, NULL);
}
