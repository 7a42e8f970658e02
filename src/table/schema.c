/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/schema.h"

struct schema *schema_new(struct arena *a)
{
    struct schema *s = arena_zalloc(a, sizeof *s);
    s->arena = a;
    return s;
}

int schema_find(const struct schema *s, struct text name)
{
    for (uint32_t i = 0; i < s->columns; i++)
        if (text_equal(s->name[i], name))
            return (int)i;
    return NO_COLUMN;
}

static void schema_grow(struct schema *s)
{
    uint32_t room = s->room ? s->room * 2 : 16;
    struct text *name = arena_array(s->arena, room, sizeof *name);
    if (s->columns)
        memcpy(name, s->name, s->columns * sizeof *name);
    s->name = name;
    s->room = room;
}

int schema_add(struct schema *s, struct text name)
{
    if (text_missing(name) || schema_find(s, name) != NO_COLUMN)
        return NO_COLUMN;
    if (s->columns == s->room)
        schema_grow(s);
    s->name[s->columns] = text_copy(s->arena, name);
    return (int)s->columns++;
}

bool schema_add_all(struct schema *s, const struct schema *from)
{
    for (uint32_t i = 0; i < from->columns; i++)
        if (schema_add(s, from->name[i]) == NO_COLUMN)
            return false;
    return true;
}

bool schema_equal(const struct schema *a, const struct schema *b)
{
    if (a->columns != b->columns)
        return false;
    for (uint32_t i = 0; i < a->columns; i++)
        if (!text_equal(a->name[i], b->name[i]))
            return false;
    return true;
}
