/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/packed_row.h"

#include "io/csv_plain.h"
#include "table/writer.h"

enum { LENGTH = 4 };
#define LOOSE UINT32_MAX

size_t packed_row_room(const struct text *const *cell, uint32_t columns, uint32_t row)
{
    size_t size = LENGTH + (size_t)columns * LENGTH + CSV_PLAIN_SLACK;
    for (uint32_t c = 0; c < columns; c++)
        size += cell[c][row].len;
    return size;
}

static char *put_text(char *to, struct text t)
{
    memcpy(to, &t.len, LENGTH);
    if (t.len)
        memcpy(to + LENGTH, t.at, t.len);
    return to + LENGTH + t.len;
}

char *packed_row_put(char *to, const struct text *const *cell, uint32_t columns, uint32_t row)
{
    static const uint32_t loose = LOOSE;
    struct text record;
    if (writer_copy_plain(to + LENGTH, cell, columns, row, &record)) {
        memcpy(to, &record.len, LENGTH);
        return to + LENGTH + record.len;
    }
    memcpy(to, &loose, LENGTH);
    to += LENGTH;
    for (uint32_t c = 0; c < columns; c++)
        to = put_text(to, cell[c][row]);
    return to;
}

const char *packed_row_take(const char *at, struct text *t)
{
    memcpy(&t->len, at, LENGTH);
    if (t->len == LOOSE) {
        *t = (struct text){NULL, 0};
        return at + LENGTH;
    }
    t->at = at + LENGTH;
    return t->at + t->len;
}

void packed_row_cells(const char *at, uint32_t columns, struct text *cell)
{
    struct text record;
    at = packed_row_take(at, &record);
    for (uint32_t c = 0; c < columns; c++) {
        if (record.at)
            text_next(&record, ',', &cell[c]);
        else
            at = packed_row_take(at, &cell[c]);
    }
}

const char *packed_row_end(const char *at, uint32_t columns)
{
    struct text t;
    at = packed_row_take(at, &t);
    for (uint32_t c = 0; c < columns && !t.at; c++) {
        struct text cell;
        at = packed_row_take(at, &cell);
    }
    return at;
}
