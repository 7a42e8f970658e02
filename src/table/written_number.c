/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers with marks of thousands: the half of quantity.h that knows no words. */
#include <utf8proc.h>

#include "table/fold.h"
#include "table/quantity.h"

enum { GROUPS = 8, DIGITS = 18 };

/* A number in groups of digits, and the mark before each group but the first. */
struct grouped {
    char digit[DIGITS];
    uint32_t digits, groups, length[GROUPS];
    char mark[GROUPS];
};

/* Spaces are one mark, apostrophes another, Arabic ones have names; 0: no mark. */
static char mark_of(int32_t c)
{
    switch (c) {
    case ' ':
    case 0xA0:   /* no-break space */
    case 0x2007: /* figure space */
    case 0x2009: /* thin space */
    case 0x202F: /* narrow no-break space */
        return ' ';
    case '\'':
    case 0x2019:
        return '\'';
    case '.':
        return '.';
    case ',':
    case 0x60C: /* Arabic comma */
        return ',';
    case 0x66B: /* Arabic decimal separator */
        return 'd';
    case 0x66C: /* Arabic thousands separator */
        return 't';
    default:
        return 0;
    }
}

static bool group_start(struct grouped *g, char mark)
{
    if (g->groups == GROUPS)
        return false;
    g->mark[g->groups] = mark;
    g->length[g->groups++] = 0;
    return true;
}

static bool group_take(struct grouped *g, int32_t c)
{
    int digit = letter_digit(c);
    if (digit < 0)
        return g->groups && g->length[g->groups - 1] && mark_of(c) && group_start(g, mark_of(c));
    if (g->groups == 0)
        group_start(g, 0);
    if (g->digits == DIGITS)
        return false;
    g->digit[g->digits++] = (char)('0' + digit);
    g->length[g->groups - 1]++;
    return true;
}

static bool group_all(struct grouped *g, struct text t)
{
    for (uint32_t i = 0; i < t.len;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t n =
            utf8proc_iterate((const utf8proc_uint8_t *)t.at + i, (utf8proc_ssize_t)(t.len - i), &c);
        if (n <= 0 || !group_take(g, c))
            return false;
        i += (uint32_t)n;
    }
    return g->groups && g->length[g->groups - 1];
}

enum last { LAST_THOUSANDS, LAST_DECIMALS, LAST_UNKNOWN };

/* What a lone point or comma before three digits is. */
static enum last lone_mark(char mark, enum custom custom)
{
    if (mark == '.')
        return custom == CUSTOM_ENGLISH ? LAST_DECIMALS : LAST_THOUSANDS;
    return custom == CUSTOM_FRENCH    ? LAST_DECIMALS
           : custom == CUSTOM_ENGLISH ? LAST_THOUSANDS
                                      : LAST_UNKNOWN;
}

/* What the last mark divides. */
static enum last last_mark(const struct grouped *g, enum custom custom)
{
    uint32_t last = g->groups - 1;
    char mark = g->mark[last];
    if (last == 0 || mark == ' ' || mark == '\'' || mark == 't')
        return LAST_THOUSANDS;
    if (mark == 'd')
        return LAST_DECIMALS;
    if (last > 1)
        return mark == g->mark[1] ? LAST_THOUSANDS : LAST_DECIMALS;
    if (g->length[1] != 3 || g->length[0] > 3 || (g->digit[0] == '0' && g->length[0] == 1))
        return LAST_DECIMALS;
    return lone_mark(mark, custom);
}

/* Groups of three behind a first one of one to three, all with one mark. */
static bool thousands_good(const struct grouped *g, uint32_t groups)
{
    if (groups > 1 && (g->length[0] > 3 || g->digit[0] == '0'))
        return false;
    for (uint32_t i = 1; i < groups; i++)
        if (g->length[i] != 3 || g->mark[i] != g->mark[1] || g->mark[i] == 'd')
            return false;
    return true;
}

bool written_number(struct text t, enum custom custom, struct decimal *out)
{
    struct grouped g = {.digits = 0};
    if (!group_all(&g, t))
        return false;
    enum last last = last_mark(&g, custom);
    uint32_t decimals = last == LAST_DECIMALS ? g.length[g.groups - 1] : 0;
    if (last == LAST_UNKNOWN || !thousands_good(&g, g.groups - (decimals > 0)))
        return false;
    char plain[DIGITS + 2];
    uint32_t whole = g.digits - decimals, n = whole;
    memcpy(plain, g.digit, whole);
    if (decimals) {
        plain[n++] = '.';
        memcpy(plain + n, g.digit + whole, decimals);
        n += decimals;
    }
    *out = decimal_parse((struct text){plain, n});
    return out->kind == NUMBER_EXACT;
}
