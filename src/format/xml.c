/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/xml.h"

#include <expat.h>
#include <stdlib.h>

#include "base/library.h"

enum { PIECE = 64 * 1024, MOST_DEPTH = 256, MOST_TAG = 4 * 1024 * 1024 };

#define CALLS(X)                                                                                   \
    X(XML_ParserCreate)                                                                            \
    X(XML_ParserFree)                                                                              \
    X(XML_SetUserData)                                                                             \
    X(XML_SetElementHandler)                                                                       \
    X(XML_SetCharacterDataHandler)                                                                 \
    X(XML_SetStartDoctypeDeclHandler)                                                              \
    X(XML_StopParser)                                                                              \
    X(XML_Parse)                                                                                   \
    X(XML_GetErrorCode)                                                                            \
    X(XML_ErrorString)                                                                             \
    X(XML_GetCurrentLineNumber)

struct calls {
    CALLS(LIBRARY_MEMBER)
};

struct parse {
    struct calls call;
    XML_Parser parser;
    const struct xml_handler *handler;
    void *context;
    struct error *error;
    const char *name, *entry;
    int status; /* of the last handler */
    int depth;
    uint64_t fed; /* bytes since the last event */
};

static void stop(struct parse *p, int status)
{
    if (p->status == 0 && status != 0) {
        p->status = status;
        p->call.XML_StopParser(p->parser, XML_FALSE);
    }
}

static int refuse(struct parse *p, const char *what)
{
    return error_set(p->error, EX_DATAERR, (struct place){p->name, 0, 0}, "%s in its part '%s'",
                     what, p->entry);
}

static void XMLCALL on_begin(void *data, const XML_Char *name, const XML_Char **attribute)
{
    struct parse *p = data;
    p->fed = 0;
    if (p->status)
        return;
    if (++p->depth > MOST_DEPTH)
        stop(p, refuse(p, "elements are nested too deep"));
    else if (p->handler->begin)
        stop(p, p->handler->begin(p->context, name, (const char *const *)attribute, p->error));
}

static void XMLCALL on_end(void *data, const XML_Char *name)
{
    struct parse *p = data;
    p->fed = 0;
    p->depth--;
    if (!p->status && p->handler->end)
        stop(p, p->handler->end(p->context, name, p->error));
}

static void XMLCALL on_text(void *data, const XML_Char *at, int len)
{
    struct parse *p = data;
    p->fed = 0;
    if (!p->status && p->handler->text)
        stop(p, p->handler->text(p->context, (struct text){at, (uint32_t)len}, p->error));
}

static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int internal)
{
    struct parse *p = data;
    (void)name, (void)system, (void)public, (void)internal;
    stop(p, refuse(p, "there is a document type declaration, which no workbook has,"));
}

static int malformed(struct parse *p)
{
    return error_set(p->error, EX_DATAERR, (struct place){p->name, 0, 0},
                     "its part '%s' is no well-formed XML at line %lu: %s", p->entry,
                     (unsigned long)p->call.XML_GetCurrentLineNumber(p->parser),
                     p->call.XML_ErrorString(p->call.XML_GetErrorCode(p->parser)));
}

static int feed(struct parse *p, struct zip *zip)
{
    char piece[PIECE];
    long n = 1;
    while (n > 0 && p->status == 0) {
        n = zip_read(zip, piece, sizeof piece, p->error);
        if (n < 0)
            return -1;
        p->fed += (uint64_t)n;
        if (p->fed > MOST_TAG)
            return refuse(p, "a tag is longer than 4 MiB");
        if (p->call.XML_Parse(p->parser, piece, (int)n, n == 0) == XML_STATUS_ERROR &&
            p->status == 0)
            return malformed(p);
    }
    return p->status < 0 ? -1 : 0;
}

int xml_parse(struct zip *zip, const char *entry, const struct xml_handler *handler, void *context,
              struct error *e)
{
    static const char names[] = CALLS(LIBRARY_NAME);
    struct parse p = {.handler = handler, .context = context, .error = e, .entry = entry};
    p.name = zip_name(zip);
    if (library_load("libexpat.so.1", "libexpat1", names, &p.call, e) < 0 ||
        zip_enter(zip, entry, e) < 0)
        return -1;
    p.parser = p.call.XML_ParserCreate(NULL);
    if (!p.parser)
        return error_set(e, EX_OSERR, NOWHERE, "out of memory");
    p.call.XML_SetUserData(p.parser, &p);
    p.call.XML_SetElementHandler(p.parser, on_begin, on_end);
    p.call.XML_SetCharacterDataHandler(p.parser, on_text);
    p.call.XML_SetStartDoctypeDeclHandler(p.parser, on_doctype);
    int status = feed(&p, zip);
    p.call.XML_ParserFree(p.parser);
    return status;
}

const char *xml_attribute(const char *const *attribute, const char *name)
{
    for (; attribute[0]; attribute += 2)
        if (strcmp(attribute[0], name) == 0)
            return attribute[1];
    return NULL;
}

const char *xml_local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

long xml_number(const char *const *attribute, const char *name, long most, long otherwise)
{
    const char *value = xml_attribute(attribute, name);
    char *end;
    if (!value)
        return otherwise;
    if (*value < '0' || *value > '9')
        return -1;
    long n = strtol(value, &end, 10);
    return *end || n > most ? -1 : n;
}
