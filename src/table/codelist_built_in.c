/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Codelists of data/reference, frozen by scripts/freeze.c when marsad was built.
 */
#include "table/codelist_inside.h"
#include "table/embedded.h"
#include "table/phrase.h"

extern const char frozen_lists[]; /* made by scripts/embed */

static const struct forms *part_of(struct arena *a, const struct frozen *frozen, uint32_t part)
{
    const struct frozen_part *p = &frozen->part[part];
    const char *base = (const char *)frozen;
    struct forms *f = arena_alloc(a, sizeof *f);
    *f = (struct forms){
        .bytes = base + p->bytes,
        .form = (const void *)(base + p->form),
        .claim = (const void *)(base + p->claim),
        .slot = (const void *)(base + p->slot),
        .count = p->count,
        .mask = p->mask,
        .claims = p->claims,
        .length = p->length,
    };
    return f;
}

static const struct frozen *find(const char *name)
{
    const struct embedded *file = embedded_find(frozen_lists, name);
    return file ? (const void *)(frozen_lists + file->bytes) : NULL;
}

bool codelist_is_built_in(const char *name)
{
    return find(name) != NULL;
}

struct codelist *codelist_built_in(struct arena *arena, const char *name, const struct table *own,
                                   struct error *error)
{
    const struct frozen *list = find(name);
    if (!list)
        return NULL;
    struct codelist *l = arena_zalloc(arena, sizeof *l);
    for (uint32_t i = LEVEL_EXACT; i < LEVELS; i++)
        l->level[i] = part_of(arena, list, i);
    l->codes = part_of(arena, list, LEVELS);
    l->level[LEVEL_OWN] = codelist_own(arena, l->codes, own, error);
    return l->level[LEVEL_OWN] ? l : NULL;
}

const struct phrases *codelist_built_in_wrappings(struct arena *arena, const char *name)
{
    const struct frozen *list = find(name);
    if (!list || !list->phrases.count)
        return NULL;
    const struct frozen_phrases *f = &list->phrases;
    const char *base = (const char *)list;
    struct phrases *p = arena_alloc(arena, sizeof *p);
    *p = (struct phrases){base + f->bytes, (const void *)(base + f->wrapping), f->count, f->length};
    return p;
}
