/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/foreign.h"

#include <stdlib.h>
#include <unistd.h>

#include "format/producer.h"
#include "format/zip.h"

enum { HEAD = 1024, PIECE = 64 * 1024 };

static const uint64_t most_spooled = (uint64_t)4 << 30;

static const char kind_names[FOREIGN_KINDS][12] = {"auto", "csv", "xlsx",     "ods", "xls",  "sav",
                                                   "por",  "dta", "sas7bdat", "xpt", "fixed"};

enum foreign_kind foreign_kind_named(const char *name)
{
    for (unsigned i = 0; i < FOREIGN_KINDS; i++)
        if (strcmp(name, kind_names[i]) == 0)
            return (enum foreign_kind)i;
    return FOREIGN_AUTO;
}

const char *foreign_kind_name(enum foreign_kind kind)
{
    return kind_names[kind];
}

/* ---- the format of the first bytes ---- */

struct magic {
    char bytes[24];
    size_t at;
    enum foreign_kind kind; /* FOREIGN_CSV: one that is not read */
    char other[88];
};

static const struct magic magics[] = {
    {"PK\x03\x04", 0, FOREIGN_XLSX, ""},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, FOREIGN_XLS, ""},
    {"$FL2", 0, FOREIGN_SAV, ""},
    {"$FL3", 0, FOREIGN_SAV, ""},
    {"<stata_dta>", 0, FOREIGN_DTA, ""},
    {"\xc2\xea\x81\x60\xb3\x14\x11\xcf", 12, FOREIGN_SAS, ""},
    {"HEADER RECORD*******LIB", 0, FOREIGN_XPT, ""},
    {"PK\x05\x06", 0, FOREIGN_CSV, "an empty zip file"},
    {"%PDF-", 0, FOREIGN_CSV, "a PDF: no table can be read from it"},
    {"Rar!", 0, FOREIGN_CSV, "a RAR archive: unpack it"},
    {"7z\xbc\xaf", 0, FOREIGN_CSV, "a 7z archive: unpack it"},
    {"BZh", 0, FOREIGN_CSV, "compressed by bzip2: unpack it"},
    {"\xfd"
     "7zXZ",
     0, FOREIGN_CSV, "compressed by xz: unpack it"},
    {"\x28\xb5\x2f\xfd", 0, FOREIGN_CSV, "compressed by zstd: unpack it"},
    {"\x89PNG", 0, FOREIGN_CSV, "a picture"},
    {"\xff\xd8\xff", 0, FOREIGN_CSV, "a picture"},
    {"{\\rtf", 0, FOREIGN_CSV, "a text of a word processor"},
    {"PAR1", 0, FOREIGN_CSV, "Parquet: save it as CSV"},
    {"<?xml", 0, FOREIGN_CSV,
     "XML, not CSV: open it in a spreadsheet program and save it as XLSX or CSV"},
    {"<!DOCTYPE", 0, FOREIGN_CSV,
     "HTML, not a workbook: open it in a spreadsheet program and save it as XLSX or CSV"},
    {"<html", 0, FOREIGN_CSV,
     "HTML, not a workbook: open it in a spreadsheet program and save it as XLSX or CSV"},
    {"<table", 0, FOREIGN_CSV,
     "HTML, not a workbook: open it in a spreadsheet program and save it as XLSX or CSV"},
};

/* Stata before 13: a version, a byte order, a file type of 1. */
static bool is_old_stata(const unsigned char *head, size_t n)
{
    return n > 60 && head[0] >= 104 && head[0] <= 115 && (head[1] == 1 || head[1] == 2) &&
           head[2] == 1 && head[3] == 0;
}

/* 200 bytes of greetings, 256 of a character table, and then its name, in lines of 80. */
static bool is_portable(const unsigned char *head, size_t n)
{
    for (size_t i = 440; i + 8 <= n && i < 500; i++)
        if (memcmp(head + i, "SPSSPORT", 8) == 0)
            return true;
    return false;
}

static bool has_magic(const struct magic *m, const unsigned char *head, size_t n)
{
    bool letters = m->bytes[0] == '<' && m->kind == FOREIGN_CSV;
    size_t len = strlen(m->bytes);
    if (n < m->at + len)
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char have = head[m->at + i], want = (unsigned char)m->bytes[i];
        bool lower = letters && want >= 'A' && want <= 'Z';
        bool upper = letters && want >= 'a' && want <= 'z';
        if (have != want && !(lower && have == want + 32) && !(upper && have == want - 32))
            return false;
    }
    return true;
}

enum foreign_kind foreign_kind_of(const unsigned char *head, size_t n, const char **other)
{
    *other = NULL;
    if (is_old_stata(head, n))
        return FOREIGN_DTA;
    if (is_portable(head, n))
        return FOREIGN_POR;
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        if (!has_magic(&magics[i], head, n))
            continue;
        *other = *magics[i].other ? magics[i].other : NULL;
        return magics[i].kind;
    }
    return FOREIGN_CSV;
}

/* ---- sheets ---- */

static const char *list_names(char *list, size_t room, const char *const *name, uint32_t n)
{
    size_t at = 0;
    for (uint32_t i = 0; i < n && at + 80 < room; i++)
        at += (size_t)snprintf(list + at, room - at, "%s%u '%.60s'", i ? ", " : "", i + 1, name[i]);
    return list;
}

int sheet_choose(const struct foreign *how, const char *file, const char *const *name,
                 uint32_t sheets, struct error *e)
{
    char list[600], *end;
    struct place place = {file, 0, 0};
    if (sheets == 0)
        return error_set(e, EX_DATAERR, place, "it holds no sheet of cells; the file is damaged");
    if (!how->sheet && sheets == 1)
        return 0;
    for (uint32_t i = 0; how->sheet && i < sheets; i++)
        if (strcmp(name[i], how->sheet) == 0)
            return (int)i;
    unsigned long n = how->sheet ? strtoul(how->sheet, &end, 10) : 0;
    if (n >= 1 && n <= sheets && *end == '\0')
        return (int)n - 1;
    list_names(list, sizeof list, name, sheets);
    if (how->sheet)
        return error_set(e, EX_DATAERR, place, "there is no such sheet as --sheet says; it has: %s",
                         list);
    return error_set(e, EX_DATAERR, place, "--sheet chooses one of its %u sheets: %s", sheets,
                     list);
}

static const char cell_error[] =
    "the cell holds an error of the spreadsheet (#N/A or such), a formula without a stored value, "
    "or a number that is shown as a day and is none";

int sheet_error(const struct foreign *how, struct grid *rows, uint64_t row, uint32_t column,
                struct error *e)
{
    if (how->errors == ERRORS_MISSING)
        return 0;
    if (how->errors == ERRORS_REJECT && row > grid_first(rows))
        return grid_fault(rows, row, column, e);
    return error_set(e, EX_DATAERR, grid_place(rows, row, column),
                     "%s; --cell-errors missing reads such cells as missing, --rejects FILE sets "
                     "their rows aside",
                     cell_error);
}

/* ---- reading ---- */

static int workbook_read(const struct foreign *how, const char *path, struct grid *rows,
                         struct error *e)
{
    const char *name = grid_rule(rows)->name;
    struct zip *zip = zip_open(path, name, e);
    if (!zip)
        return -1;
    bool xlsx = zip_has(zip, "[Content_Types].xml"), ods = zip_has(zip, "content.xml");
    bool binary = zip_has(zip, "xl/workbook.bin");
    ods |= zip_has(zip, "encrypted-package"); /* of which ods_read() tells what it is */
    zip_close(zip);
    if (binary)
        return error_set(e, EX_DATAERR, (struct place){name, 0, 0},
                         "it is a binary workbook (XLSB); save it as XLSX");
    if (!xlsx && !ods)
        return error_set(e, EX_DATAERR, (struct place){name, 0, 0},
                         "it is a zip file, but no workbook; unpack it");
    if ((how->kind == FOREIGN_XLSX && !xlsx) || (how->kind == FOREIGN_ODS && !ods))
        return error_set(e, EX_DATAERR, (struct place){name, 0, 0},
                         "it is no workbook of the kind that --format says");
    return xlsx ? xlsx_read(how, path, rows, e) : ods_read(how, path, rows, e);
}

int foreign_read(const struct foreign *how, const char *path, struct grid *rows, struct error *e)
{
    switch (how->kind) {
    case FOREIGN_XLS:
        return xls_read(how, path, rows, e);
    case FOREIGN_SAV:
    case FOREIGN_POR:
    case FOREIGN_DTA:
    case FOREIGN_SAS:
    case FOREIGN_XPT:
        return stat_read(how, path, rows, e);
    case FOREIGN_FIXED:
        return fixed_read(how, path, rows, e);
    default:
        return workbook_read(how, path, rows, e);
    }
}

static int produce(const void *how, const char *path, struct grid *rows, struct error *e)
{
    return foreign_read(how, path, rows, e);
}

/* Standard input is put in a file without a name, since these formats are read here and there. */
static int spool(struct input *in, const char *name, char *path, size_t room, struct error *e)
{
    const char *folder = getenv("TMPDIR");
    char piece[PIECE];
    uint64_t all = 0;
    long n = 0;
    snprintf(path, room, "%s/marsad-XXXXXX", folder && *folder ? folder : "/tmp");
    int fd = mkstemp(path);
    if (fd < 0)
        return error_set(e, EX_CANTCREAT, (struct place){name, 0, 0},
                         "no temporary file can be made for it in TMPDIR");
    unlink(path);
    snprintf(path, room, "/dev/fd/%d", fd);
    while (!e->code && (n = input_read(in, piece, sizeof piece, e)) > 0) {
        all += (uint64_t)n;
        if (all > most_spooled || write(fd, piece, (size_t)n) != n)
            error_set(e, EX_IOERR, (struct place){name, 0, 0},
                      "it is too large to be kept in TMPDIR; name the file instead of a pipe");
    }
    if (!e->code)
        return fd;
    close(fd);
    return -1;
}

static struct input *open_child(const struct reader_spec *spec, uint32_t file,
                                const struct foreign *how, struct input *in, struct error *e)
{
    struct grid_rule rule = {.name = spec->name[file],
                             .delimiter = spec->rules.delimiter,
                             .header = spec->header,
                             .max_columns = spec->rules.max_columns,
                             .max_field = spec->rules.max_field,
                             .max_record = spec->rules.max_record,
                             .fault = how->kind == FOREIGN_FIXED ? NULL : cell_error};
    const char *path = spec->path[file];
    char spooled[4096];
    int keep = -1;
    if (strcmp(path, "-") == 0) {
        keep = spool(in, rule.name, spooled, sizeof spooled, e);
        path = spooled;
    }
    input_close(in);
    return e->code ? NULL : producer_open(produce, how, path, keep, &rule, e);
}

/* What --format and the first bytes say together; 0, or -1 where they contradict each other. */
static int settle_kind(enum foreign_kind asked, bool encoded, struct input *in,
                       enum foreign_kind *kind, struct error *e)
{
    const unsigned char *head;
    const char *other;
    long n = input_peek(in, HEAD, &head, e);
    struct place place = {input_name(in), 0, 0};
    if (n < 0)
        return -1;
    enum foreign_kind seen = foreign_kind_of(head, (size_t)n, &other);
    *kind = asked == FOREIGN_AUTO ? seen : asked;
    if (asked == FOREIGN_AUTO && other)
        return error_set(e, EX_DATAERR, place, "it is %s", other);
    bool wide =
        n >= 2 && ((head[0] == 0xff && head[1] == 0xfe) || (head[0] == 0xfe && head[1] == 0xff));
    if (wide && *kind == FOREIGN_CSV && !encoded)
        return error_set(e, EX_DATAERR, place,
                         "it is of UTF-16, as its first bytes say; read it with "
                         "--encoding UTF-16");
    bool zips = seen == FOREIGN_XLSX && *kind == FOREIGN_ODS;
    bool free = *kind == FOREIGN_CSV || *kind == FOREIGN_FIXED;
    if (free || zips || *kind == seen)
        return 0;
    return error_set(e, EX_DATAERR, place, "it is no %s file; its first bytes say %s",
                     foreign_kind_name(*kind), other ? other : foreign_kind_name(seen));
}

struct input *foreign_open(const struct reader_spec *spec, uint32_t file, struct error *e)
{
    struct foreign how = *(const struct foreign *)spec->foreign;
    struct input *in = input_open(spec->path[file], spec->name[file], e);
    bool automatic = how.kind == FOREIGN_AUTO;
    if (!in)
        return NULL;
    input_limit_ratio(in, spec->max_ratio);
    if (settle_kind(how.kind, spec->encoding != NULL, in, &how.kind, e) < 0 ||
        (how.kind == FOREIGN_CSV && spec->encoding && input_decode(in, spec->encoding, e) < 0)) {
        input_close(in);
        return NULL;
    }
    if (how.kind == FOREIGN_CSV)
        return in;
    if (automatic && how.kind == FOREIGN_XLSX)
        how.kind = FOREIGN_AUTO; /* a zip file: XLSX or ODS, told by what it holds */
    return open_child(spec, file, &how, in, e);
}
