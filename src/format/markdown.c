/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See markdown.h. */
#include "format/markdown.h"
#include "base/memory.h"

#include <stdlib.h>

struct list {
    struct bytes *out;
    enum language language;
};

static void add_escaped(struct bytes *out, struct text t)
{
    for (uint32_t i = 0; i < t.len; i++) {
        char c = t.at[i];
        if (strchr("\\`*_[]<>|~&#", c) != NULL && c != '\0')
            bytes_char(out, '\\', 1);
        bytes_char(out, (unsigned char)c < ' ' ? ' ' : c, 1);
    }
}

/* A cell as it will stand, into an emptied buffer. */
static struct text cell_text(struct bytes *cell, const struct sheet *s, uint32_t row,
                             uint32_t column, enum language language)
{
    struct bytes plain = {0};
    struct text t = table_cell(s->table, row, column);

    if (column >= s->labels) {
        figure_print(&plain, t, language);
        t = (struct text){plain.at, (uint32_t)plain.len};
    }
    cell->len = 0;
    add_escaped(cell, t);
    bytes_free(&plain);
    return (struct text){cell->at, (uint32_t)cell->len};
}

static struct text head_text(struct bytes *cell, const struct sheet *s, uint32_t column)
{
    cell->len = 0;
    add_escaped(cell, s->table->schema->name[column]);
    return (struct text){cell->at, (uint32_t)cell->len};
}

static uint32_t *measure(const struct sheet *s, struct bytes *cell, enum language language)
{
    uint32_t n = s->table->schema->columns;
    uint32_t *width = memory_zalloc((n + 1) * sizeof(*width));

    for (uint32_t c = 0; c < n; c++) {
        uint32_t w = text_width(head_text(cell, s, c));
        width[c] = w < 3 ? 3 : w;
        for (uint32_t r = 0; r < s->table->rows; r++) {
            w = text_width(cell_text(cell, s, r, c, language));
            width[c] = w > width[c] ? w : width[c];
        }
    }
    return width;
}

static void add_padded(struct bytes *out, struct text t, uint32_t width, bool right)
{
    uint32_t used = text_width(t), pad = used < width ? width - used : 0;

    bytes_char(out, ' ', right ? pad + 1 : 1);
    bytes_text(out, t);
    bytes_char(out, ' ', right ? 1 : pad + 1);
    bytes_char(out, '|', 1);
}

static void add_rule(struct bytes *out, const struct sheet *s, const uint32_t *width)
{
    bytes_char(out, '|', 1);
    for (uint32_t c = 0; c < s->table->schema->columns; c++) {
        bytes_char(out, ' ', 1);
        bytes_char(out, '-', width[c] - (c >= s->labels));
        bytes_string(out, c >= s->labels ? ": |" : " |");
    }
    bytes_char(out, '\n', 1);
}

static void add_table(struct bytes *out, const struct sheet *s, enum language language)
{
    struct bytes cell = {0};
    uint32_t n = s->table->schema->columns, *width = measure(s, &cell, language);

    bytes_char(out, '|', 1);
    for (uint32_t c = 0; c < n; c++)
        add_padded(out, head_text(&cell, s, c), width[c], c >= s->labels);
    bytes_char(out, '\n', 1);
    add_rule(out, s, width);
    for (uint32_t r = 0; r < s->table->rows; r++) {
        bytes_char(out, '|', 1);
        for (uint32_t c = 0; c < n; c++)
            add_padded(out, cell_text(&cell, s, r, c, language), width[c], c >= s->labels);
        bytes_char(out, '\n', 1);
    }
    bytes_free(&cell);
    free(width);
}

static void add_line(void *to, struct sheet_line line)
{
    struct list *list = to;

    bytes_string(list->out, "- ");
    bytes_string(list->out, line.mark ? "**" : "");
    add_escaped(list->out, line.heading);
    if (line.mark)
        bytes_string(list->out, "** = ");
    else
        bytes_text(list->out, label_word(WORD_COLON, list->language));
    add_escaped(list->out, line.text);
    bytes_char(list->out, '\n', 1);
}

void markdown_write(struct bytes *out, const struct sheet *s, enum language language)
{
    struct list list = {out, language};
    uint32_t row = 0;
    size_t before;

    bytes_string(out, "## ");
    add_escaped(out, sheet_title(s, language));
    bytes_string(out, "\n\n");
    if (notes_next(s->notes, "unit", &row)) {
        bytes_text(out, label_word(WORD_UNIT, language));
        bytes_text(out, label_word(WORD_COLON, language));
        add_escaped(out, notes_text(s->notes, row, language));
        bytes_string(out, "\n\n");
    }
    add_table(out, s, language);
    bytes_char(out, '\n', 1);
    before = out->len;
    sheet_lines(s, language, add_line, &list);
    if (out->len > before)
        bytes_char(out, '\n', 1);
}
