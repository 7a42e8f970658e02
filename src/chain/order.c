/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* One use of a file. */
struct use {
    const char *path;
    uint32_t item;
    bool write;
};

/* Appends a part to out[0..len-1]; ".." takes the part before it away, if there is one. */
static size_t path_append(char *out, size_t len, size_t root, struct text part)
{
    if (part.len == 0 || (part.len == 1 && part.at[0] == '.'))
        return len;
    size_t last = len;
    while (last > root && out[last - 1] != '/')
        last--;
    bool up = part.len == 2 && memcmp(part.at, "..", 2) == 0;
    bool after_up = len - last == 2 && memcmp(out + last, "..", 2) == 0;
    if (up && root && len == root)
        return len; /* /.. is / */
    if (up && len > root && !after_up)
        return last > root ? last - 1 : root;
    if (len > root)
        out[len++] = '/';
    memcpy(out + len, part.at, part.len);
    return len + part.len;
}

char *path_normal(struct arena *arena, const char *path)
{
    struct text rest = text_of(path), part;
    char *out = arena_alloc(arena, (size_t)rest.len + 2);
    size_t root = path[0] == '/', len = root;
    if (root)
        out[0] = '/';
    while (text_next(&rest, '/', &part))
        len = path_append(out, len, root, part);
    if (len == 0)
        out[len++] = '.';
    out[len] = '\0';
    return out;
}

/* By path, then pipeline; a read before a write of the same pipeline. */
static int use_compare(const void *left, const void *right)
{
    const struct use *a = left, *b = right;
    int order = strcmp(a->path, b->path);
    if (order)
        return order;
    if (a->item != b->item)
        return a->item < b->item ? -1 : 1;
    return (int)a->write - (int)b->write;
}

static struct use *uses_collect(struct arena *arena, const struct order_item *item, uint32_t count,
                                size_t *uses)
{
    size_t n = 0;
    for (uint32_t i = 0; i < count; i++)
        n += (size_t)item[i].reads + item[i].writes;
    struct use *use = arena_zarray(arena, n + 1, sizeof *use);
    n = 0;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t r = 0; r < item[i].reads; r++)
            use[n++] = (struct use){path_normal(arena, item[i].read[r]), i, false};
        for (uint32_t w = 0; w < item[i].writes; w++)
            use[n++] = (struct use){path_normal(arena, item[i].write[w]), i, true};
    }
    *uses = n;
    qsort(use, n, sizeof *use, use_compare);
    return use;
}

/* Two uses of one file, the first of which stands earlier or in the same pipeline. */
static int uses_refuse(const struct order_item *item, const struct use *a, const struct use *b,
                       struct error *error)
{
    struct place place = item[b->item].place;
    if (a->write && b->write && a->item == b->item)
        return error_set(error, EX_CONFIG, place, "%s is written twice by this pipeline", b->path);
    if (a->write && b->write)
        return error_set(error, EX_CONFIG, place,
                         "%s is written again here, first by the pipeline at line %llu", b->path,
                         (unsigned long long)item[a->item].place.line);
    if (a->item == b->item)
        return error_set(error, EX_CONFIG, place,
                         "%s is both read and written by this pipeline: write another file",
                         b->path);
    return error_set(error, EX_CONFIG, item[a->item].place,
                     "%s is read here, but written only by the pipeline at line %llu: move that "
                     "one before this",
                     b->path, (unsigned long long)place.line);
}

/* The uses of one file, in order: one write at most, before all reads. */
static int uses_check(const struct order_item *item, const struct use *use, size_t n,
                      struct error *error)
{
    const struct use *writer = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!use[i].write)
            continue;
        if (writer || i > 0)
            return uses_refuse(item, writer ? writer : &use[i - 1], &use[i], error);
        writer = &use[i];
    }
    return 0;
}

int order_check(const struct order_item *item, uint32_t count, struct error *error)
{
    size_t n;
    struct arena *arena = arena_new();
    struct use *use = uses_collect(arena, item, count, &n);
    int result = 0;
    for (size_t first = 0, end; first < n && !result; first = end) {
        for (end = first + 1; end < n && strcmp(use[end].path, use[first].path) == 0;)
            end++;
        if (strcmp(use[first].path, "/dev/null") != 0)
            result = uses_check(item, use + first, end - first, error);
    }
    arena_free(arena);
    return result;
}
