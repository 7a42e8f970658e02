/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes the code lists of data/reference, with their aliases and the words that names are wrapped
 * in, into codelists, for marsad to have without any work:
 *
 *     freeze FOLDER NAME...      writes FOLDER/NAME.frozen for each list that has codes
 *
 * The Makefile runs it between compiling and linking.  It holds the code that marsad itself makes
 * codelists with, so a frozen list cannot differ from one that is made when it is asked for.
 */
#include <stdio.h>
#include <stdlib.h>

#include "table/codelist_inside.h"
#include "table/phrase.h"
#include "table/reference.h"

struct piece {
    const void *bytes;
    size_t size;
};

static uint32_t put(struct piece *piece, size_t *n, uint32_t *at, const void *bytes, size_t size)
{
    uint32_t begin = *at;
    piece[(*n)++] = (struct piece){bytes, size};
    *at += (uint32_t)size;
    return begin;
}

/* The numbers come first, so that they stay aligned. */
static size_t list_pieces(const struct codelist *l, struct frozen *head, struct piece *piece)
{
    struct phrases wrap = l->phrases ? *l->phrases : (struct phrases){0};
    size_t n = 0;
    uint32_t at = 0;
    put(piece, &n, &at, head, sizeof *head);
    for (uint32_t i = LEVEL_EXACT; i < PARTS; i++) {
        const struct forms *f = i < LEVELS ? l->level[i] : l->codes;
        struct frozen_part *p = &head->part[i];
        *p = (struct frozen_part){f->count, f->mask, f->claims, f->length, 0, 0, 0, 0};
        p->slot = put(piece, &n, &at, f->slot, ((size_t)f->mask + 1) * sizeof *f->slot);
        p->form = put(piece, &n, &at, f->form, f->count * sizeof *f->form);
        p->claim = put(piece, &n, &at, f->claim, f->claims * sizeof *f->claim);
    }
    head->phrases = (struct frozen_phrases){wrap.count, wrap.length, 0, 0};
    head->phrases.wrapping = put(piece, &n, &at, wrap.wrapping, wrap.count * sizeof *wrap.wrapping);
    for (uint32_t i = LEVEL_EXACT; i < PARTS; i++) {
        const struct forms *f = i < LEVELS ? l->level[i] : l->codes;
        head->part[i].bytes = put(piece, &n, &at, f->bytes, f->length);
    }
    head->phrases.bytes = put(piece, &n, &at, wrap.bytes, wrap.length);
    return n;
}

static int write_list(const char *path, const struct codelist *l)
{
    struct frozen head = {0};
    struct piece piece[1 + 4 * PARTS + 2];
    size_t n = list_pieces(l, &head, piece);
    FILE *out = fopen(path, "wb");
    for (size_t i = 0; out && i < n; i++)
        if (piece[i].size)
            fwrite(piece[i].bytes, 1, piece[i].size, out);
    if (out && !ferror(out) && fclose(out) == 0)
        return 0;
    perror(path);
    return -1;
}

static int freeze(struct arena *a, const char *folder, const char *name)
{
    struct error e = {0};
    const struct table *list = reference_table(a, name, &e);
    const struct table *alias = reference_table(a, arena_print(a, "%s-alias", name), &e);
    const struct table *wrap = reference_table(a, arena_print(a, "%s-wrap", name), &e);
    struct codelist *l = list && !e.code ? codelist_new(a, list, alias, NULL, &e) : NULL;
    if (l && wrap)
        codelist_wrappings(l, phrases_new(a, wrap, &e));
    if (l && !e.code)
        return write_list(arena_print(a, "%s/%s.frozen", folder, name), l);
    error_print(&e, stderr);
    return -1;
}

int main(int argc, char **argv)
{
    int bad = argc < 2;
    struct arena *a = arena_new();
    for (int i = 2; i < argc; i++)
        bad |= freeze(a, argv[1], argv[i]) < 0;
    arena_free(a);
    return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}
