/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One XML part of a workbook, pushed through expat: begin and end of elements, and text.
 *
 * A document type declaration is refused (so there are no entities to expand), as are more than 256
 * nested elements and a tag of more than 4 MiB: memory is bounded.  A handler returns 0, XML_ENOUGH
 * when it needs no more, or -1 with its error set.
 */
#ifndef MARSAD_FORMAT_XML_H
#define MARSAD_FORMAT_XML_H

#include "base/text.h"
#include "format/zip.h"

enum { XML_ENOUGH = 1 };

struct xml_handler {
    int (*begin)(void *context, const char *name, const char *const *attribute, struct error *);
    int (*end)(void *context, const char *name, struct error *);
    int (*text)(void *context, struct text, struct error *); /* in pieces */
};

int xml_parse(struct zip *, const char *entry, const struct xml_handler *, void *context,
              struct error *);

/* The value of an attribute, or NULL. */
const char *xml_attribute(const char *const *attribute, const char *name);
/* A name without its prefix. */
const char *xml_local(const char *name);
/* A whole number of an attribute within 0..most; `otherwise` where it is not there, -1 where wrong.
 */
long xml_number(const char *const *attribute, const char *name, long most, long otherwise);

#endif
