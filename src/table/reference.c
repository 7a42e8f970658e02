/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/reference.h"

#include "table/embedded.h"

extern const char reference_list[]; /* made by scripts/embed */

const char *reference_name(size_t i)
{
    const struct embedded *r = embedded_at(reference_list, i);
    return r ? reference_list + r->name : NULL;
}

bool reference_exists(const char *name)
{
    return embedded_find(reference_list, name) != NULL;
}

const struct table *reference_table(struct arena *a, const char *name, struct error *e)
{
    const struct embedded *r = embedded_find(reference_list, name);
    return r ? table_parse(a, reference_list + r->name, reference_list + r->bytes,
                           (size_t)(r->end - r->bytes), e)
             : NULL;
}
