/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See note_set.h. */
#include "format/note_set.h"

#include <stdlib.h>

void note_set_open(struct note_set *s, struct arena *arena)
{
    *s = (struct note_set){.arena = arena};
    keys_open(&s->seen, arena);
}

static char *put_text(char *to, struct text t)
{
    if (t.len > 0)
        memcpy(to, t.at, t.len);
    return to + t.len;
}

struct text text_join(struct arena *arena, struct text a, struct text b, struct text c)
{
    struct text joined = {NULL, a.len + b.len + c.len};
    char *text = arena_alloc(arena, (size_t)joined.len + 1);

    *put_text(put_text(put_text(text, a), b), c) = '\0';
    joined.at = text;
    return joined;
}

/* Everything that makes a note, as one text. */
static struct text identity(struct note_set *s, const struct note *n)
{
    struct text bar = TEXT("\n"), head = text_join(s->arena, n->kind, bar, n->key);
    struct text tail = text_join(s->arena, n->text[ARABIC], bar, n->text[ENGLISH]);

    head = text_join(s->arena, head, bar, n->text[FRENCH]);
    return text_join(s->arena, head, bar, tail);
}

void note_set_add(struct note_set *s, const char *kind, struct text key,
                  const struct text text[LANGUAGES])
{
    struct note n = {.kind = text_of(kind), .key = text_copy(s->arena, key)};
    uint32_t before = s->seen.count;

    for (int i = 0; i < LANGUAGES; i++)
        n.text[i] = text_copy(s->arena, text[i]);
    if (keys_add(&s->seen, identity(s, &n)) < before)
        return;
    s->note = arena_grow(s->arena, s->note, before, &s->room, sizeof *s->note);
    s->note[before] = n;
}

static int compare_notes(const void *pa, const void *pb)
{
    const struct note *a = pa, *b = pb;
    int order = text_compare(a->kind, b->kind);

    if (order == 0)
        order = text_compare(a->key, b->key);
    for (int i = 0; i < LANGUAGES && order == 0; i++)
        order = text_compare(a->text[i], b->text[i]);
    return order;
}

void note_set_sort(struct note_set *s)
{
    if (s->seen.count > 1)
        qsort(s->note, s->seen.count, sizeof(*s->note), compare_notes);
}
