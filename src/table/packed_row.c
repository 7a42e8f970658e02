/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/packed_row.h"

enum { LONG = 255, SHORT_BYTES = 1, LONG_BYTES = 5 };

static size_t length_bytes(uint32_t len)
{
    return len < LONG ? SHORT_BYTES : LONG_BYTES;
}

static char *length_put(char *at, uint32_t len)
{
    *at = (char)(unsigned char)(len < LONG ? len : LONG);
    if (len >= LONG)
        memcpy(at + 1, &len, sizeof len);
    return at + length_bytes(len);
}

static const char *length_get(const char *at, uint32_t *len)
{
    *len = (unsigned char)*at;
    if (*len == LONG)
        memcpy(len, at + 1, sizeof *len);
    return at + length_bytes(*len);
}

static size_t body_size(const struct text *const *cell, uint32_t columns, uint32_t row)
{
    size_t size = 0;
    for (uint32_t c = 0; c < columns; c++)
        size += length_bytes(cell[c][row].len) + cell[c][row].len;
    return size;
}

static char *row_put(char *at, const struct text *const *cell, uint32_t columns, uint32_t row,
                     const struct packed_head *head)
{
    memcpy(at, head, sizeof *head);
    at += sizeof *head;
    for (uint32_t c = 0; c < columns; c++)
        at = length_put(at, cell[c][row].len);
    for (uint32_t c = 0; c < columns; c++) {
        if (cell[c][row].len)
            memcpy(at, cell[c][row].at, cell[c][row].len);
        at += cell[c][row].len;
    }
    return at;
}

void packed_rows(struct arena *arena, const struct batch *b, uint64_t number, const char **row)
{
    uint32_t columns = b->schema->columns;
    const struct text **cell = arena_array(b->arena, columns, sizeof *cell);
    size_t *size = arena_array(b->arena, b->rows, sizeof *size), total = 0;
    for (uint32_t c = 0; c < columns; c++)
        cell[c] = batch_text(b, c);
    for (uint32_t i = 0; i < b->rows; i++)
        total += sizeof(struct packed_head) + (size[i] = body_size(cell, columns, i));
    char *at = arena_alloc(arena, total);
    for (uint32_t i = 0; i < b->rows; i++) {
        struct packed_head head = {number, size[i]};
        row[i] = at;
        at = row_put(at, cell, columns, i, &head);
    }
}

struct packed_head packed_row_head(const char *row)
{
    struct packed_head head;
    memcpy(&head, row, sizeof head);
    return head;
}

void packed_row_cells(const char *body, uint32_t columns, struct text *cell)
{
    const char *at = body;
    for (uint32_t c = 0; c < columns; c++)
        at = length_get(at, &cell[c].len);
    for (uint32_t c = 0; c < columns; c++) {
        cell[c].at = at;
        at += cell[c].len;
    }
}
