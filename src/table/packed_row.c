/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/packed_row.h"

#include "base/arena.h"
#include "base/memory.h"
#include "table/writer.h"

enum { LENGTH = 4 };

size_t packed_row_room(const struct text *const *cell, uint32_t columns, uint32_t row,
                       struct text record)
{
    size_t size = LENGTH + WRITER_SLACK + 3 * (size_t)columns;
    if (record.at && record.len <= UINT32_MAX / 4)
        return size + 2 * (size_t)record.len;
    for (uint32_t c = 0; c < columns; c++)
        size += 2 * (size_t)cell[c][row].len;
    return size;
}

char *packed_row_put(char *to, const struct text *const *cell, uint32_t columns, uint32_t row,
                     struct text record)
{
    char *end = writer_record(to + LENGTH, cell, columns, row, record);
    size_t bytes = (size_t)(end - to) - LENGTH;
    uint32_t size = (uint32_t)bytes;
    if (bytes > UINT32_MAX)
        memory_exhausted();
    memcpy(to, &size, LENGTH);
    return end;
}

const char *packed_row_take(const char *at, struct text *record)
{
    memcpy(&record->len, at, LENGTH);
    record->at = at + LENGTH;
    return record->at + record->len;
}

/* Cuts a cell in quotes, of which `from` begins behind the first. */
static const char *cut_quoted(const char *from, const char *end, struct text *cell,
                              struct arena *arena)
{
    const char *at = from;
    uint32_t inside = 0;
    while (at < end && (*at != '"' || (at + 1 < end && at[1] == '"'))) {
        inside += *at == '"';
        at += *at == '"' ? 2 : 1;
    }
    *cell = (struct text){from, (uint32_t)(at - from) - inside};
    if (inside) {
        char *to = arena_alloc(arena, cell->len);
        cell->at = to;
        for (const char *c = from; c < at; c += *c == '"' ? 2 : 1)
            *to++ = *c;
    }
    return at + 1;
}

void packed_row_cells(struct text record, uint32_t columns, struct text *cell, struct arena *arena)
{
    const char *at = record.at, *end = at + record.len;
    for (uint32_t c = 0; c < columns; c++, at++) {
        if (at < end && *at == '"') {
            at = cut_quoted(at + 1, end, &cell[c], arena);
            continue;
        }
        const char *cut = at < end ? memchr(at, ',', (size_t)(end - at)) : NULL;
        cell[c] = (struct text){at, (uint32_t)((cut ? cut : end) - at)};
        at += cell[c].len;
    }
}
