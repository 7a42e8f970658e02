/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/nearest.h"

enum { LONGEST = 64 };

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static char small_letter(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* One row of the table of distances a time; capitals and small letters are the same. */
uint32_t nearest_distance(struct text a, struct text b)
{
    uint32_t row[LONGEST + 1];
    uint32_t rows = least(a.len, LONGEST), columns = least(b.len, LONGEST);
    for (uint32_t j = 0; j <= columns; j++)
        row[j] = j;
    for (uint32_t i = 1; i <= rows; i++) {
        uint32_t diagonal = row[0];
        row[0] = i;
        for (uint32_t j = 1; j <= columns; j++) {
            uint32_t above = row[j];
            bool same = small_letter(a.at[i - 1]) == small_letter(b.at[j - 1]);
            row[j] = least(diagonal + !same, least(above, row[j - 1]) + 1);
            diagonal = above;
        }
    }
    return row[columns];
}

int nearest_name(struct text wanted, const struct text *names, uint32_t count)
{
    uint32_t best = wanted.len / 3 + 2;
    int found = -1;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t distance = nearest_distance(wanted, names[i]);
        if (distance < best && distance < names[i].len) {
            best = distance;
            found = (int)i;
        }
    }
    return found;
}
