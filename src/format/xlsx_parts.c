/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/xlsx_parts.h"

#include <stdlib.h>

#include "base/memory.h"
#include "format/bytes.h"

enum { MOST_STRINGS = 256 * 1024 * 1024, MOST_SHEETS = 4096, MOST_FORMATS = 65536 };

struct relation {
    const char *id, *type, *target;
};

struct custom {
    long id;
    enum xlsx_style style;
};

struct parts {
    struct xlsx_book *book;
    struct arena *arena;
    const char *name, *base; /* of the file; folder of the part that relations start from */
    struct relation *relation;
    size_t relations, relation_room;
    size_t sheet_room, target_room, style_room, string_room;
    const char **id; /* relation of each sheet */
    size_t id_room;
    struct custom *custom;
    size_t customs, custom_room;
    bool formats, item, take; /* inside cellXfs; inside si; inside its t */
    int phonetic;
    struct bytes text;
    size_t total;
};

static int refuse(const struct parts *p, struct error *e, const char *what)
{
    return error_set(e, EX_DATAERR, (struct place){p->name, 0, 0}, "%s", what);
}

static const char *keep(struct parts *p, const char *s)
{
    return s ? arena_copy(p->arena, s, strlen(s)) : "";
}

/* ---- relations ---- */

static const char *resolve(struct parts *p, const char *target)
{
    if (*target == '/')
        return keep(p, target + 1);
    return arena_print(p->arena, "%s%s", p->base, target);
}

static int on_relation(void *context, const char *name, const char *const *a, struct error *e)
{
    struct parts *p = context;
    const char *target = xml_attribute(a, "Target"), *mode = xml_attribute(a, "TargetMode");
    if (strcmp(xml_local(name), "Relationship") != 0 || !target || (mode && *mode == 'E'))
        return 0;
    if (p->relations >= MOST_FORMATS)
        return refuse(p, e, "it has too many parts; it is refused");
    p->relation =
        memory_grow(p->relation, &p->relation_room, p->relations + 1, sizeof *p->relation);
    p->relation[p->relations++] = (struct relation){
        keep(p, xml_attribute(a, "Id")), keep(p, xml_attribute(a, "Type")), resolve(p, target)};
    return 0;
}

static int read_relations(struct parts *p, struct zip *zip, const char *entry, const char *base,
                          struct error *e)
{
    static const struct xml_handler handler = {.begin = on_relation};
    p->relations = 0;
    p->base = base;
    return xml_parse(zip, entry, &handler, p, e);
}

static bool ends_in(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

static const char *part_of_type(const struct parts *p, const char *end)
{
    for (size_t i = 0; i < p->relations; i++)
        if (ends_in(p->relation[i].type, end))
            return p->relation[i].target;
    return NULL;
}

static const char *part_of_id(const struct parts *p, const char *id)
{
    for (size_t i = 0; i < p->relations; i++)
        if (strcmp(p->relation[i].id, id) == 0)
            return p->relation[i].target;
    return NULL;
}

/* ---- the workbook ---- */

static const char *relation_id(const char *const *a)
{
    for (; a[0]; a += 2)
        if (strchr(a[0], ':') && strcmp(xml_local(a[0]), "id") == 0)
            return a[1];
    return "";
}

static int on_workbook(void *context, const char *name, const char *const *a, struct error *e)
{
    struct parts *p = context;
    struct xlsx_book *b = p->book;
    const char *mark = xml_attribute(a, "date1904");
    if (strcmp(xml_local(name), "workbookPr") == 0)
        b->from_1904 = mark && (strcmp(mark, "1") == 0 || strcmp(mark, "true") == 0);
    if (strcmp(xml_local(name), "sheet") != 0)
        return 0;
    if (b->sheets >= MOST_SHEETS)
        return refuse(p, e, "it has too many sheets; it is refused");
    b->sheet = memory_grow(b->sheet, &p->sheet_room, b->sheets + 1, sizeof *b->sheet);
    p->id = memory_grow(p->id, &p->id_room, b->sheets + 1, sizeof *p->id);
    b->sheet[b->sheets] = keep(p, xml_attribute(a, "name"));
    p->id[b->sheets++] = keep(p, relation_id(a));
    return 0;
}

/* Sheets that hold cells: a chart sheet or a part that is not there is left out. */
static void find_targets(struct parts *p, struct zip *zip)
{
    struct xlsx_book *b = p->book;
    const char **sheet = arena_array(p->arena, b->sheets, sizeof *sheet);
    uint32_t n = 0;
    b->target = arena_array(p->arena, b->sheets, sizeof *b->target);
    for (uint32_t i = 0; i < b->sheets; i++) {
        const char *target = part_of_id(p, p->id[i]);
        if (!target || strstr(target, "chartsheets/") || !zip_has(zip, target))
            continue;
        sheet[n] = b->sheet[i];
        b->target[n++] = target;
    }
    free(b->sheet);
    b->sheet = sheet;
    b->sheets = n;
}

/* ---- styles ---- */

static const char *skip_literal(const char *c)
{
    if (*c == '"') {
        const char *end = strchr(c + 1, '"');
        return end ? end : c + strlen(c) - 1;
    }
    return c[1] ? c + 1 : c; /* \x _x *x */
}

static const char *skip_bracket(const char *c, bool *clock)
{
    const char *end = strchr(c, ']');
    if (end && strchr("hHmMsS", c[1]) && (c[2] == ']' || c[2] == c[1]))
        *clock = true;
    return end ? end : c + strlen(c) - 1;
}

enum xlsx_style xlsx_style_of(const char *code)
{
    bool day = false, clock = false, month = false;
    if (strncmp(code, "General", 7) == 0)
        return XLSX_NUMBER;
    for (const char *c = code; *c && *c != ';'; c++) {
        if (strchr("\"\\_*", *c))
            c = skip_literal(c);
        else if (*c == '[')
            c = skip_bracket(c, &clock);
        else if (strncmp(c, "AM/PM", 5) == 0)
            c += 4;
        day |= strchr("yYdD", *c) != NULL;
        clock |= strchr("hHsS", *c) != NULL;
        month |= strchr("mM", *c) != NULL;
    }
    return day || (month && !clock) ? XLSX_DAY : clock ? XLSX_CLOCK : XLSX_NUMBER;
}

enum xlsx_style xlsx_style_built_in(long id)
{
    if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 ||
        (id >= 50 && id <= 58))
        return XLSX_DAY;
    return (id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) ? XLSX_CLOCK
                                                                                      : XLSX_NUMBER;
}

static enum xlsx_style style_of_id(const struct parts *p, long id)
{
    for (size_t i = 0; i < p->customs; i++)
        if (p->custom[i].id == id)
            return p->custom[i].style;
    return xlsx_style_built_in(id);
}

static int on_style(void *context, const char *name, const char *const *a, struct error *e)
{
    struct parts *p = context;
    struct xlsx_book *b = p->book;
    const char *local = xml_local(name), *code = xml_attribute(a, "formatCode");
    long id = xml_number(a, "numFmtId", 1 << 30, 0);
    if (strcmp(local, "cellXfs") == 0)
        p->formats = true;
    bool format = p->formats && strcmp(local, "xf") == 0;
    if (b->styles >= MOST_FORMATS || p->customs >= MOST_FORMATS)
        return refuse(p, e, "it has too many styles; it is refused");
    if (strcmp(local, "numFmt") == 0 && code) {
        p->custom = memory_grow(p->custom, &p->custom_room, p->customs + 1, sizeof *p->custom);
        p->custom[p->customs++] = (struct custom){id, xlsx_style_of(code)};
    } else if (format) {
        b->style = memory_grow(b->style, &p->style_room, b->styles + 1, sizeof *b->style);
        b->style[b->styles++] = style_of_id(p, id);
    }
    return 0;
}

static int on_style_end(void *context, const char *name, struct error *e)
{
    struct parts *p = context;
    (void)e;
    if (strcmp(xml_local(name), "cellXfs") == 0)
        p->formats = false;
    return 0;
}

/* ---- shared strings ---- */

uint32_t xlsx_unescape(char *s, uint32_t len)
{
    uint32_t to = 0;
    for (uint32_t i = 0; i < len; i++) {
        char hex[5] = {0}, *end = hex;
        unsigned long c = 0;
        if (len - i >= 7 && s[i] == '_' && s[i + 1] == 'x' && s[i + 6] == '_') {
            memcpy(hex, s + i + 2, 4);
            c = strtoul(hex, &end, 16);
        }
        bool known = end == hex + 4 && (c == '\n' || c == '\r' || c == '\t' || c == '_');
        s[to++] = known ? (char)c : s[i];
        i += known ? 6 : 0;
    }
    return to;
}

static int on_string(void *context, const char *name, const char *const *a, struct error *e)
{
    struct parts *p = context;
    const char *local = xml_local(name);
    (void)a, (void)e;
    if (strcmp(local, "si") == 0)
        p->text.len = 0;
    if (strcmp(local, "rPh") == 0)
        p->phonetic++;
    p->take = strcmp(local, "t") == 0 && p->phonetic == 0;
    return 0;
}

static int on_string_end(void *context, const char *name, struct error *e)
{
    struct parts *p = context;
    struct xlsx_book *b = p->book;
    const char *local = xml_local(name);
    p->take = false;
    if (strcmp(local, "rPh") == 0)
        p->phonetic--;
    if (strcmp(local, "si") != 0)
        return 0;
    p->total += p->text.len + sizeof *b->string;
    if (p->total > MOST_STRINGS)
        return refuse(p, e, "its texts take more than 256 MiB; save the sheet as CSV");
    char *at = arena_copy(p->arena, p->text.len ? p->text.at : "", p->text.len);
    b->string = memory_grow(b->string, &p->string_room, b->strings + 1, sizeof *b->string);
    b->string[b->strings++] = (struct text){at, xlsx_unescape(at, (uint32_t)p->text.len)};
    return 0;
}

static int on_string_text(void *context, struct text t, struct error *e)
{
    struct parts *p = context;
    if (!p->take)
        return 0;
    bytes_text(&p->text, t);
    return p->text.len > MOST_STRINGS
               ? refuse(p, e, "its texts take more than 256 MiB; save the sheet as CSV")
               : 0;
}

/* ---- all of it ---- */

static int read_parts(struct parts *p, struct zip *zip, struct error *e)
{
    static const struct xml_handler workbook = {.begin = on_workbook},
                                    style = {.begin = on_style, .end = on_style_end},
                                    string = {on_string, on_string_end, on_string_text};
    if (read_relations(p, zip, "_rels/.rels", "", e) < 0)
        return -1;
    const char *book = part_of_type(p, "/officeDocument");
    book = book ? book : "xl/workbook.xml";
    const char *slash = strrchr(book, '/'), *file = slash ? slash + 1 : book;
    const char *base = arena_copy(p->arena, book, (size_t)(file - book));
    const char *relations = arena_print(p->arena, "%s_rels/%s.rels", base, file);
    if (xml_parse(zip, book, &workbook, p, e) < 0 || read_relations(p, zip, relations, base, e) < 0)
        return -1;
    find_targets(p, zip);
    const char *styles = part_of_type(p, "/styles"), *strings = part_of_type(p, "/sharedStrings");
    if (styles && xml_parse(zip, styles, &style, p, e) < 0)
        return -1;
    return strings && xml_parse(zip, strings, &string, p, e) < 0 ? -1 : 0;
}

/* What grew on the heap goes to the arena. */
static void settle(struct parts *p, struct xlsx_book *b)
{
    enum xlsx_style *style = arena_array(p->arena, b->styles, sizeof *style);
    struct text *string = arena_array(p->arena, b->strings, sizeof *string);
    if (b->styles)
        memcpy(style, b->style, b->styles * sizeof *style);
    if (b->strings)
        memcpy(string, b->string, b->strings * sizeof *string);
    free(b->style);
    free(b->string);
    b->style = style;
    b->string = string;
    free(p->relation);
    free(p->custom);
    free(p->id);
    bytes_free(&p->text);
}

int xlsx_book_read(struct xlsx_book *b, struct zip *zip, struct arena *a, struct error *e)
{
    struct parts p = {.book = b, .arena = a, .name = zip_name(zip)};
    *b = (struct xlsx_book){.arena = a};
    int status = read_parts(&p, zip, e);
    if (!b->target) {
        free(b->sheet);
        b->sheet = NULL;
    }
    settle(&p, b);
    return status;
}
