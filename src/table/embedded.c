/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/embedded.h"

#include <string.h>

const struct embedded *embedded_at(const char *table, size_t i)
{
    const struct embedded *file = (const void *)table;
    for (; file->name && i; i--)
        file++;
    return file->name ? file : NULL;
}

const struct embedded *embedded_find(const char *table, const char *name)
{
    for (const struct embedded *file = (const void *)table; file->name; file++)
        if (strcmp(table + file->name, name) == 0)
            return file;
    return NULL;
}
