/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/schema.h"

#include "table/key_index.h"

enum { FEW = 24 }; /* names that are found as fast by looking at each */

struct schema *schema_new(struct arena *a)
{
    struct schema *s = arena_zalloc(a, sizeof *s);
    s->arena = a;
    return s;
}

struct wanted {
    const struct schema *schema;
    struct text name;
};

static bool has_name(const void *wanted, uint32_t column)
{
    const struct wanted *w = wanted;
    return text_equal(w->schema->name[column], w->name);
}

int schema_find(const struct schema *s, struct text name)
{
    struct wanted w = {s, name};
    if (s->index) {
        uint32_t found = key_index_find(s->index, text_hash(name), has_name, &w);
        return found == NO_ID ? NO_COLUMN : (int)found;
    }
    for (uint32_t i = 0; i < s->columns; i++)
        if (text_equal(s->name[i], name))
            return (int)i;
    return NO_COLUMN;
}

/* From many columns on the names are hashed. */
static void index_names(struct schema *s)
{
    uint32_t from = s->columns - 1;
    if (s->columns < FEW)
        return;
    if (!s->index) {
        s->index = key_index_new(s->arena);
        from = 0;
    }
    for (uint32_t i = from; i < s->columns; i++) {
        struct wanted w = {s, s->name[i]};
        key_index_add(s->index, text_hash(w.name), i, has_name, &w);
    }
}

int schema_add(struct schema *s, struct text name)
{
    if (text_missing(name) || schema_find(s, name) != NO_COLUMN)
        return NO_COLUMN;
    s->name = arena_grow(s->arena, s->name, s->columns, &s->room, sizeof *s->name);
    s->name[s->columns++] = text_copy(s->arena, name);
    index_names(s);
    return (int)s->columns - 1;
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
