/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/number_form.h"

#include "base/number.h"

/* Length of the thousands mark at this place, or 0. */
static uint32_t mark_length(const struct number_form *f, const char *at, uint32_t left)
{
    static const struct text spaces[] = {{" ", 1}, {"\xc2\xa0", 2}, {"\xe2\x80\xaf", 3}};
    struct text rest = {at, left};
    if (!f->any_space)
        return f->thousands.len && text_starts(rest, f->thousands) ? f->thousands.len : 0;
    for (size_t i = 0; i < 3; i++)
        if (text_starts(rest, spaces[i]))
            return spaces[i].len;
    return 0;
}

/* Copies the whole part without its marks, which must part groups of three; false: they do not. */
static bool copy_whole(const struct number_form *f, const char **at, const char *end, char **to)
{
    const char *p = *at;
    uint32_t digits = 0, marks = 0;
    while (p < end && *p != f->decimal) {
        uint32_t mark = mark_length(f, p, (uint32_t)(end - p));
        bool grouped = marks == 0 ? digits >= 1 && digits <= 3 : digits == 3;
        if (mark && !grouped)
            return false;
        if (mark) {
            marks++;
            digits = 0;
            p += mark;
            continue;
        }
        if (*p < '0' || *p > '9')
            return false;
        digits++;
        *(*to)++ = *p++;
    }
    *at = p;
    return marks == 0 || digits == 3;
}

bool number_form_convert(const struct number_form *f, struct text cell, char *to, uint32_t *len)
{
    const char *at = cell.at, *end = cell.at + cell.len;
    char *start = to;
    if (at < end && (*at == '-' || *at == '+'))
        *to++ = *at++;
    if (!copy_whole(f, &at, end, &to))
        return false;
    if (at < end) {
        *to++ = '.';
        for (at++; at < end; at++)
            *to++ = *at;
    }
    *len = (uint32_t)(to - start);
    unsigned kind = decimal_parse((struct text){start, *len}).kind;
    return kind == NUMBER_EXACT || kind == NUMBER_WIDE;
}
