/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/reference.h"

struct reference {
    const char *name, *bytes, *end;
};

extern const struct reference reference_list[]; /* made by scripts/embed; ends with zeros */

const char *reference_name(size_t i)
{
    return reference_list[i].name;
}

static const struct reference *find(const char *name)
{
    for (const struct reference *r = reference_list; r->name; r++)
        if (strcmp(r->name, name) == 0)
            return r;
    return NULL;
}

bool reference_exists(const char *name)
{
    return find(name) != NULL;
}

const struct table *reference_table(struct arena *a, const char *name, struct error *e)
{
    const struct reference *r = find(name);
    return r ? table_parse(a, r->name, r->bytes, (size_t)(r->end - r->bytes), e) : NULL;
}
