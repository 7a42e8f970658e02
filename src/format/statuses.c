/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See statuses.h. */
#include "format/statuses.h"

#include <stdlib.h>

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
uint32_t statuses_rank(struct statuses *s, struct text code)
{
    struct decimal d;
    uint32_t worst = UNKNOWN_RANK;

    if (text_missing(code) || text_equal(code, TEXT("A")))
        return 0;
    d = decimal_parse(listed(s, code, "rank"));
    if (d.kind == NUMBER_EXACT && d.scale == 0 && d.mantissa >= 0 && d.mantissa < UNKNOWN_RANK)
        worst = (uint32_t)d.mantissa;
    return worst << NUMBER_BITS | (keys_add(&s->seen, code) + 1);
}

uint32_t statuses_rank_from(struct statuses *s, const struct statuses *from, uint32_t rank)
{
    return rank == 0 ? 0 : statuses_rank(s, statuses_code(from, rank));
}

static int compare_texts(const void *pa, const void *pb)
{
    return text_compare(*(const struct text *)pa, *(const struct text *)pb);
}

void statuses_sort(struct statuses *s, struct arena *arena, const struct statuses *from)
{
    uint32_t n = from->seen.count;
    struct text *code = arena_array(arena, (size_t)n + 1, sizeof *code);

    *s = (struct statuses){.list = from->list};
    keys_open(&s->seen, arena);
    memcpy(code, from->seen.text, n * sizeof *code);
    qsort(code, n, sizeof *code, compare_texts);
    for (uint32_t i = 0; i < n; i++)
        keys_add(&s->seen, code[i]);
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
