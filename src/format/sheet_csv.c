/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See sheet_csv.h. */
#include "format/sheet_csv.h"

static bool has_any(struct text t, const char *characters)
{
    for (uint32_t i = 0; i < t.len; i++)
        if (t.at[i] != '\0' && strchr(characters, t.at[i]) != NULL)
            return true;
    return false;
}

/* Blanks in front do not make a formula harmless everywhere. */
static bool runs(struct text t)
{
    static const char *const wide[] = {"＝", "＋", "－", "＠"};

    while (t.len > 0 && t.at[0] == ' ')
        t = (struct text){t.at + 1, t.len - 1};
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
        if (text_starts(t, text_of(wide[i])))
            return true;
    return t.len > 0 && memchr("=+-@\t\r\n", t.at[0], 7) != NULL;
}

static bool is_number(struct text t)
{
    enum number_kind kind = (enum number_kind)decimal_parse(t).kind;

    return kind == NUMBER_EXACT || kind == NUMBER_WIDE;
}

static void add_quoted(struct bytes *out, struct text t, bool apostrophe, bool quote)
{
    if (quote)
        bytes_char(out, '"', 1);
    if (apostrophe)
        bytes_char(out, '\'', 1);
    for (uint32_t i = 0; i < t.len; i++)
        bytes_char(out, t.at[i], t.at[i] == '"' ? 2 : 1);
    if (quote)
        bytes_char(out, '"', 1);
}

static void add_figure(struct bytes *out, struct text t)
{
    struct figure f = figure_of(t);

    for (uint32_t i = 0; i < t.len; i++) {
        bool point = f.kind == FIGURE_NUMBER && t.at[i] == '.';
        bytes_char(out, point ? ',' : t.at[i], 1);
    }
}

static void add_cell(struct bytes *out, struct text t, bool figure, bool for_spreadsheet)
{
    bool quote = has_any(t, for_spreadsheet ? "\";,\t\r\n" : "\",\r\n");
    bool apostrophe = for_spreadsheet && runs(t) && !is_number(t);

    if (for_spreadsheet && figure && !apostrophe && figure_of(t).kind == FIGURE_NUMBER)
        add_figure(out, t);
    else
        add_quoted(out, t, apostrophe, quote);
}

static void add_row(struct bytes *out, const struct sheet *s, const struct text *head, uint32_t row,
                    bool for_spreadsheet)
{
    uint32_t n = s->table->schema->columns;

    for (uint32_t c = 0; c < n; c++) {
        if (c > 0)
            bytes_char(out, for_spreadsheet ? ';' : ',', 1);
        struct text t = head != NULL ? head[c] : table_cell(s->table, row, c);
        if (n == 1 && text_missing(t)) /* not a blank line */
            bytes_string(out, "\"\"");
        else
            add_cell(out, t, head == NULL && c >= s->labels, for_spreadsheet);
    }
    bytes_string(out, for_spreadsheet ? "\r\n" : "\n");
}

void sheet_csv_write(struct bytes *out, const struct sheet *s, bool for_spreadsheet)
{
    if (for_spreadsheet)
        bytes_string(out, "\xef\xbb\xbf");
    add_row(out, s, s->table->schema->name, 0, for_spreadsheet);
    for (uint32_t r = 0; r < s->table->rows; r++)
        add_row(out, s, NULL, r, for_spreadsheet);
}
