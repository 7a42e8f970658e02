/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/validity.h"

#include "table/dictionary.h"

struct validity {
    struct dictionary *code;
    struct date *from, *to; /* by number of the code */
};

static int read_bound(const struct table *list, uint32_t row, int column, struct date otherwise,
                      struct date *out, struct error *e)
{
    struct text cell = table_get(list, row, column);
    *out = otherwise;
    if (text_missing(cell) || date_parse(cell, out))
        return 0;
    return error_set(e, EX_DATAERR, (struct place){list->name, 0, 0},
                     "row %u: valid_from and valid_to are dates YYYY-MM-DD", row + 1);
}

struct validity *validity_new(struct arena *arena, const struct table *list, struct error *e)
{
    struct validity *v = arena_zalloc(arena, sizeof *v);
    int code = schema_find(list->schema, TEXT("code"));
    int from = schema_find(list->schema, TEXT("valid_from"));
    int to = schema_find(list->schema, TEXT("valid_to"));
    v->code = dictionary_new(arena, UINT32_MAX / 4);
    v->from = arena_array(arena, list->rows + 1, sizeof *v->from);
    v->to = arena_array(arena, list->rows + 1, sizeof *v->to);
    for (uint32_t row = 0; row < list->rows; row++) {
        uint32_t known = dictionary_count(v->code);
        uint32_t n = dictionary_add(v->code, table_get(list, row, code));
        if (n == known && (read_bound(list, row, from, (struct date){1, 1, 1}, &v->from[n], e) ||
                           read_bound(list, row, to, (struct date){9999, 12, 31}, &v->to[n], e)))
            return NULL;
    }
    return v;
}

bool validity_holds(const struct validity *v, struct text code, struct date first, struct date last)
{
    uint32_t n = dictionary_find(v->code, code);
    return n == DICTIONARY_NONE ||
           (date_compare(v->from[n], last) <= 0 && date_compare(first, v->to[n]) <= 0);
}

struct text validity_pick(const struct validity *v, struct text codes, struct date first,
                          struct date last, struct arena *arena)
{
    char *out = arena_alloc(arena, codes.len + 1);
    uint32_t len = 0;
    struct text code;
    while (text_next(&codes, '|', &code)) {
        if (!validity_holds(v, code, first, last))
            continue;
        if (len)
            out[len++] = '|';
        memcpy(out + len, code.at, code.len);
        len += code.len;
    }
    return (struct text){out, len};
}
