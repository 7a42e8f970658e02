/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See statuses.h. */
#include "format/statuses.h"

enum { UNKNOWN_RANK = 1 << 20, NUMBER_BITS = 10 };

void statuses_open(struct statuses *s, struct arena *arena, const struct table *list)
{
    labels_open(&s->list, arena, list);
    keys_open(&s->seen, arena);
}

static struct text listed(const struct statuses *s, struct text code, const char *column)
{
    int64_t row = labels_row(&s->list, code);

    if (row == KEYS_NONE)
        return (struct text){"", 0};
    return table_get(s->list.list, (uint32_t)row,
                     schema_find(s->list.list->schema, text_of(column)));
}

/* The rank above, the number of the code below: codes of one rank stay apart. */
bool statuses_rank(struct statuses *s, struct text code, uint32_t *rank)
{
    struct decimal d = decimal_parse(listed(s, code, "rank"));
    uint32_t worst = UNKNOWN_RANK, number;

    *rank = 0;
    if (text_missing(code) || text_equal(code, TEXT("A")))
        return true;
    number = keys_add(&s->seen, code) + 1;
    if (d.kind == NUMBER_EXACT && d.scale == 0 && d.mantissa >= 0 && d.mantissa < UNKNOWN_RANK)
        worst = (uint32_t)d.mantissa;
    *rank = worst << NUMBER_BITS | number;
    return number <= STATUSES_MOST;
}

struct text statuses_code(const struct statuses *s, uint32_t rank)
{
    return s->seen.text[(rank & ((1U << NUMBER_BITS) - 1)) - 1];
}

struct text statuses_mark(const struct statuses *s, uint32_t rank)
{
    struct text code = statuses_code(s, rank);

    return labels_row(&s->list, code) == KEYS_NONE ? code : listed(s, code, "mark");
}
