/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The readers of foreign files, in this process: the first byte chooses one, the rest is the file,
 * or a part of a workbook that is made around it (so that no check sum stands in the way).
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <minizip/zip.h>

#include "format/foreign.h"
#include "format/sniff_sample.h"
#include "format/xls_formula.h"
#include "io/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { KINDS = 16, MOST = 1 << 20 };

static int take(void *context, const void *bytes, size_t n)
{
    size_t *left = context;
    (void)bytes;
    *left -= n < *left ? n : *left;
    return *left ? 0 : -1;
}

static void add(zipFile zip, const char *name, const void *text, size_t size)
{
    zip_fileinfo info = {0};
    zipOpenNewFileInZip(zip, name, &info, NULL, 0, NULL, 0, NULL, 0, 0);
    zipWriteInFileInZip(zip, text, (unsigned)size);
    zipCloseFileInZip(zip);
}

static void add_text(zipFile zip, const char *name, const char *text)
{
    add(zip, name, text, strlen(text));
}

#define REL "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

/* A workbook with the bytes as one of its parts. */
static void make_workbook(const char *path, int part, const uint8_t *data, size_t size)
{
    static const char *const names[] = {"xl/s.xml", "xl/strings.xml", "xl/styles.xml",
                                        "xl/workbook.xml"};
    static const char *const texts[] = {
        "<worksheet><sheetData><row><c t='s'><v>0</v></c></row></sheetData></worksheet>",
        "<sst><si><t>a</t></si></sst>",
        "<styleSheet><cellXfs><xf/><xf numFmtId='14'/></cellXfs></styleSheet>",
        "<workbook><sheets><sheet name='S' r:id='a'/></sheets></workbook>"};
    zipFile zip = zipOpen(path, APPEND_STATUS_CREATE);
    if (part == 4) {
        add(zip, "content.xml", data, size);
        zipClose(zip, NULL);
        return;
    }
    add_text(zip, "[Content_Types].xml", "<a/>");
    add_text(zip, "_rels/.rels", "<a/>");
    add_text(zip, "xl/_rels/workbook.xml.rels",
             "<a><Relationship Id='a' Type='" REL "/worksheet' Target='s.xml'/>"
             "<Relationship Id='b' Type='" REL "/styles' Target='styles.xml'/>"
             "<Relationship Id='c' Type='" REL "/sharedStrings' Target='strings.xml'/></a>");
    for (int i = 0; i < 4; i++)
        if (i == part)
            add(zip, names[i], data, size);
        else
            add_text(zip, names[i], texts[i]);
    zipClose(zip, NULL);
}

static void write_file(const char *path, const uint8_t *data, size_t size)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(data, 1, size, f) != size)
        abort();
    fclose(f);
}

static void read_path(const char *path, enum foreign_kind kind, const struct layout *layout)
{
    struct foreign how = {.kind = kind, .sheet = "1", .max_ratio = 500, .layout = layout};
    struct grid_rule rule = {"f", ',', 1, 1000, 1 << 16, 1 << 20};
    struct error e = {0};
    size_t left = (size_t)64 << 20;
    how.errors = ERRORS_MISSING;
    how.labels = true;
    how.user_missing = USER_COLUMN;
    struct grid *grid = grid_new(&rule, take, &left);
    if (foreign_read(&how, path, grid, &e) == 0)
        grid_finish(grid, &e);
    grid_free(grid);
}

static void read_layout(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct error e = {0};
    layout_parse(a, "f", (struct text){(const char *)data, (uint32_t)size}, NULL, &e);
    arena_free(a);
}

static void read_formulas(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct xls_values values;
    xls_formulas(a, (struct text){(const char *)data, (uint32_t)size}, 0, &values);
    arena_free(a);
}

static void guess(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct error e = {0};
    struct sniff_guess encoding;
    const char *evidence;
    struct text sample = {(const char *)data, (uint32_t)size};
    struct input *in = input_memory(sample.at, size, "f");
    sniff_encoding(in, a, &encoding, &e);
    input_close(in);
    char delimiter = sniff_delimiter(a, sample, &evidence);
    struct sniff_grid grid = sniff_cut(a, sample, delimiter ? delimiter : ',');
    sniff_header(a, &grid, size & 1, &evidence);
    arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum foreign_kind kinds[] = {FOREIGN_AUTO, FOREIGN_XLS,  FOREIGN_SAV,
                                              FOREIGN_POR,  FOREIGN_DTA,  FOREIGN_SAS,
                                              FOREIGN_XPT,  FOREIGN_FIXED};
    static const struct layout_field fields[] = {{{"a", 1}, 0, 3, 2}, {{"b", 1}, 2, 5, 0}};
    static const struct layout layout = {fields, 2, 0, 0, {NULL, 0}};
    char path[64];
    if (size < 1 || size > MOST)
        return 0;
    int kind = data[0] % KINDS;
    data++;
    size--;
    snprintf(path, sizeof path, "/tmp/marsad-fuzz-%ld", (long)getpid());
    if (kind < 5) {
        make_workbook(path, kind, data, size);
        read_path(path, FOREIGN_AUTO, NULL);
    } else if (kind < 13) {
        write_file(path, data, size);
        read_path(path, kinds[kind - 5], &layout);
    } else if (kind == 13) {
        read_layout(data, size);
    } else if (kind == 14) {
        read_formulas(data, size);
    } else {
        guess(data, size);
    }
    unlink(path);
    return 0;
}
