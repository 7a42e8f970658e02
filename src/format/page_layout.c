/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See page_layout.h. */
#include "format/page_layout.h"

enum { LEAST_FIGURE = 7, HEAD_WIDTH = 14 };

/* Cuts the next word off, with the spaces behind it. */
static struct text next_word(struct text *rest)
{
    struct text word = {rest->at, 0};

    while (word.len < rest->len && rest->at[word.len] != ' ')
        word.len++;
    rest->at += word.len;
    rest->len -= word.len;
    while (rest->len > 0 && rest->at[0] == ' ') {
        rest->at++;
        rest->len--;
    }
    return word;
}

static uint32_t longest_word(struct text t)
{
    uint32_t most = 0;

    while (t.len > 0) {
        uint32_t width = text_width(next_word(&t));
        most = width > most ? width : most;
    }
    return most;
}

/* A word that is wider than a line is broken anywhere. */
uint32_t layout_lines(struct text t, uint32_t width)
{
    uint32_t lines = 1, used = 0;

    while (t.len > 0 && width > 0) {
        uint32_t word = text_width(next_word(&t));
        if (used > 0 && used + 1 + word > width) {
            lines++;
            used = 0;
        }
        used += word + (used > 0);
        lines += used > width ? (used - 1) / width : 0;
        used = used > width ? (used - 1) % width + 1 : used;
    }
    return lines;
}

static uint32_t cell_width(const struct sheet *s, struct bytes *buffer, uint32_t row,
                           uint32_t column)
{
    struct text t = table_cell(s->table, row, column);

    if (column < s->labels)
        return text_width(t);
    buffer->len = 0;
    figure_print(buffer, t, FRENCH);
    return text_width((struct text){buffer->at, (uint32_t)buffer->len});
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t natural_width(const struct sheet *s, struct bytes *buffer, uint32_t column)
{
    bool figures = column >= s->labels;
    struct text name = s->table->schema->name[column];
    uint32_t width = figures ? LEAST_FIGURE : 4, word = longest_word(name);
    uint32_t head = least(text_width(name), HEAD_WIDTH);

    for (uint32_t r = 0; r < s->table->rows; r++) {
        uint32_t w = cell_width(s, buffer, r, column);
        width = w > width ? w : width;
    }
    width = least(width, figures ? FIGURE_WIDTH : LABEL_WIDTH);
    width = head > width ? head : width;
    return word > width ? least(word, FIGURE_WIDTH) : width;
}

double layout_units(uint32_t width)
{
    return 1.1 * width + 2;
}

double layout_sum(const struct sheet *s, const uint32_t *width)
{
    double sum = 0;

    for (uint32_t c = 0; c < s->table->schema->columns; c++)
        sum += layout_units(width[c]);
    return sum;
}

/* Takes characters from the widest label column until all fit, or none can give more. */
static void narrow(const struct sheet *s, uint32_t *width)
{
    while (s->labels > 0 && layout_sum(s, width) > PAGE_WIDTH) {
        uint32_t widest = 0;
        for (uint32_t c = 1; c < s->labels; c++)
            widest = width[c] > width[widest] ? c : widest;
        if (width[widest] <= LEAST_LABEL)
            return;
        width[widest]--;
    }
}

void layout_columns(const struct sheet *s, uint32_t *width)
{
    struct bytes buffer = {0};

    for (uint32_t c = 0; c < s->table->schema->columns; c++)
        width[c] = natural_width(s, &buffer, c);
    bytes_free(&buffer);
    narrow(s, width);
}

/* What a line of a cell holds; headers are bold. */
static uint32_t line_width(uint32_t width, bool bold)
{
    return bold ? width + width / 10 : (uint32_t)layout_units(width) - 1;
}

uint32_t layout_head(const struct sheet *s, const uint32_t *width)
{
    uint32_t most = 1;

    for (uint32_t c = 0; c < s->table->schema->columns; c++) {
        uint32_t lines = layout_lines(s->table->schema->name[c], line_width(width[c], true));
        most = lines > most ? lines : most;
    }
    return most;
}

uint32_t layout_row(const struct sheet *s, const uint32_t *width, uint32_t row)
{
    uint32_t most = 1;

    for (uint32_t c = 0; c < s->labels; c++) {
        uint32_t lines = layout_lines(table_cell(s->table, row, c), line_width(width[c], false));
        most = lines > most ? lines : most;
    }
    return most;
}
