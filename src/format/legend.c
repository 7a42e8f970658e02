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

enum { NUMBER_ROOM = DECIMAL_TEXT + REAL_TEXT, MOST_PLACES = 18 };

/* The number as rounded, in `out`; as it is written where a double would change it. */
static struct text round_number(struct text number, long long digits, char out[NUMBER_ROOM])
{
    struct decimal d = decimal_parse(number);
    double real = 0;

    if (d.kind == NUMBER_EXACT)
        return (struct text){
            out, (uint32_t)decimal_format(digits < 0 ? d : decimal_round(d, (int)digits), out)};
    if (digits >= 0 && real_parse(number, &real) && real > -1e15 && real < 1e15)
        return (struct text){out, (uint32_t)real_format(real_round(real, (int)digits), out)};
    return number;
}

/* Digits behind the point; -1 where there is an exponent. */
static int count_digits(struct text number)
{
    const char *point = memchr(number.at, '.', number.len);

    if (memchr(number.at, 'e', number.len) != NULL)
        return -1;
    return point == NULL ? 0 : (int)(number.at + number.len - point - 1);
}

int legend_digits(const struct legend *l, const struct cell *cell)
{
    char text[NUMBER_ROOM];
    int digits = 0;

    if (cell->state == CELL_NUMBER)
        digits = count_digits(round_number(cell->number, l->digits, text));
    return l->digits >= 0 && digits > l->digits ? (int)l->digits : digits;
}

/* Zeros that make up for the digits that a number lacks. */
static struct text pad_number(struct arena *arena, struct text number, int places)
{
    int digits = count_digits(number);
    int zeros = places < MOST_PLACES ? places - digits : MOST_PLACES - digits;

    if (digits < 0 || zeros <= 0)
        return number;
    return text_of(arena_print(arena, "%.*s%s%.*s", (int)number.len, number.at,
                               digits == 0 ? "." : "", zeros, "000000000000000000"));
}

static struct text mark_text(struct legend *l, struct arena *arena, uint32_t status)
{
    struct text mark = status == 0 ? (struct text){"", 0} : statuses_mark(&l->statuses, status);

    if (text_missing(mark))
        return mark;
    keys_add(&l->used, statuses_code(&l->statuses, status));
    return text_join(arena, TEXT(" ("), mark, TEXT(")"));
}

static struct text number_text(struct legend *l, struct arena *arena, const struct cell *cell,
                               int places)
{
    char text[NUMBER_ROOM], sign[2] = {cell->qualifier, 0};
    struct text number = round_number(cell->number, l->digits, text);

    l->approximate = l->approximate || cell->qualifier == '~';
    l->above = l->above || cell->qualifier == '>';
    l->below = l->below || cell->qualifier == '<';
    return text_join(arena, text_of(sign), pad_number(arena, number, places),
                     mark_text(l, arena, cell->status));
}

struct text legend_cell(struct legend *l, struct arena *arena, const struct cell *cell, int places)
{
    if (cell->state == CELL_NUMBER)
        return number_text(l, arena, cell, places);
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
