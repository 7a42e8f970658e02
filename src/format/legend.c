/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See legend.h. */
#include "format/legend.h"

void legend_open(struct legend *l, struct arena *arena, const struct table *status_list,
                 long long digits)
{
    *l = (struct legend){.arena = arena, .digits = digits};
    statuses_open(&l->statuses, arena, status_list);
    keys_open(&l->used, arena);
}

/* 0: the number stays as it is written, as do those that a double would change. */
static size_t round_number(struct text number, long long digits, char *out)
{
    struct decimal d = decimal_parse(number);
    double real = 0;

    if (d.kind == NUMBER_EXACT)
        return decimal_format(digits < 0 ? d : decimal_round(d, (int)digits), out);
    if (digits >= 0 && real_parse(number, &real) && real > -1e15 && real < 1e15)
        return real_format(real_round(real, (int)digits), out);
    return 0;
}

static struct text mark_text(struct legend *l, struct arena *arena, uint32_t status)
{
    struct text mark = status == 0 ? (struct text){"", 0} : statuses_mark(&l->statuses, status);

    if (text_missing(mark))
        return mark;
    keys_add(&l->used, statuses_code(&l->statuses, status));
    return text_join(arena, TEXT(" ("), mark, TEXT(")"));
}

static struct text number_text(struct legend *l, struct arena *arena, const struct cell *cell)
{
    char text[DECIMAL_TEXT + REAL_TEXT], sign[2] = {cell->qualifier, 0};
    struct text number = cell->number;
    size_t n = round_number(number, l->digits, text);

    if (n > 0)
        number = (struct text){text, (uint32_t)n};
    l->approximate = l->approximate || cell->qualifier == '~';
    l->above = l->above || cell->qualifier == '>';
    l->below = l->below || cell->qualifier == '<';
    return text_join(arena, text_of(sign), number, mark_text(l, arena, cell->status));
}

struct text legend_cell(struct legend *l, struct arena *arena, const struct cell *cell)
{
    if (cell->state == CELL_NUMBER)
        return number_text(l, arena, cell);
    if (cell->state == CELL_WITHHELD) {
        l->withheld = true;
        return TEXT("c");
    }
    l->missing = true;
    return TEXT(":");
}

static void add_statuses(const struct legend *l, struct caption *caption)
{
    for (uint32_t i = 0; i < l->used.count; i++) {
        struct text code = l->used.text[i], text[LANGUAGES], mark;
        int64_t row = labels_row(&l->statuses.list, code);
        const struct table *list = l->statuses.list.list;
        mark = row == KEYS_NONE
                   ? code
                   : table_get(list, (uint32_t)row, schema_find(list->schema, TEXT("mark")));
        for (int k = 0; k < LANGUAGES; k++)
            text[k] = labels_text(&l->statuses.list, code, (enum language)k);
        note_set_add(&caption->notes, "mark", text_join(l->arena, TEXT("("), mark, TEXT(")")),
                     text);
    }
}

void legend_notes(const struct legend *l, struct caption *caption)
{
    const struct {
        bool used;
        struct text mark;
        enum word word;
    } marks[] = {
        {l->approximate, TEXT("~"), WORD_APPROXIMATE},
        {l->above, TEXT(">"), WORD_ABOVE},
        {l->below, TEXT("<"), WORD_BELOW},
        {l->withheld, TEXT("c"), WORD_WITHHELD},
        {l->missing, TEXT(":"), WORD_MISSING},
    };

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (marks[i].used)
            caption_mark(caption, marks[i].mark, marks[i].word);
    add_statuses(l, caption);
}
