/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/reconcile_quote.h"

static bool is_digit(struct text t, uint32_t i)
{
    return i < t.len && t.at[i] >= '0' && t.at[i] <= '9';
}

/* Bytes of a space at i: plain, no-break (C2 A0), narrow no-break (E2 80 AF); 0 for none. */
static uint32_t space_at(struct text t, uint32_t i)
{
    if (i < t.len && t.at[i] == ' ')
        return 1;
    if (i + 1 < t.len && memcmp(t.at + i, "\xC2\xA0", 2) == 0)
        return 2;
    return i + 2 < t.len && memcmp(t.at + i, "\xE2\x80\xAF", 3) == 0 ? 3 : 0;
}

static uint32_t digits_at(struct text t, uint32_t i)
{
    uint32_t n = 0;
    while (is_digit(t, i + n))
        n++;
    return n;
}

/* The thousands mark at i, if three digits and no more follow it; its bytes. */
static uint32_t thousands_at(struct text t, uint32_t i)
{
    uint32_t n = space_at(t, i);
    if (!n && i < t.len && t.at[i] == '.')
        n = 1;
    return n && digits_at(t, i + n) == 3 ? n : 0;
}

static struct text rest(struct text t, uint32_t i)
{
    return (struct text){t.at + i, t.len - i};
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The first digit from i on that no letter stands before: H24info holds no number. */
static uint32_t number_from(struct text t, uint32_t i)
{
    for (; i < t.len; i++) {
        if (!is_digit(t, i))
            continue;
        if (!i || !is_letter(t.at[i - 1]))
            return i;
        i += digits_at(t, i) - 1;
    }
    return i;
}

bool quote_next(struct text t, uint32_t *at, struct quote *q)
{
    char number[DECIMAL_TEXT];
    uint32_t i = *at, n = 0, more;
    i = number_from(t, i);
    if (i >= t.len)
        return false;
    q->from = i;
    uint32_t head = digits_at(t, i);
    for (; is_digit(t, i) && n < 18; i++)
        number[n++] = t.at[i];
    while (head <= 3 && (more = thousands_at(t, i)) && n + 3 <= 18)
        for (i += more, head = 3; is_digit(t, i) && digits_at(t, i) <= 3 && n < 18; i++)
            number[n++] = t.at[i];
    if (i + 1 < t.len && (t.at[i] == ',' || t.at[i] == '.') && is_digit(t, i + 1)) {
        number[n++] = '.';
        for (i++; is_digit(t, i) && n < 20; i++)
            number[n++] = t.at[i];
    }
    while (is_digit(t, i))
        i++;
    q->to = *at = i;
    i += space_at(t, i);
    q->percent = i < t.len && (t.at[i] == '%' || text_starts(rest(t, i), TEXT("percent")) ||
                               text_starts(rest(t, i), TEXT("pour cent")));
    q->value = decimal_parse((struct text){number, n});
    return true;
}

bool text_holds(struct text t, const char *part)
{
    size_t n = strlen(part);
    for (uint32_t i = 0; i + n <= t.len; i++)
        if (memcmp(t.at + i, part, n) == 0)
            return true;
    return false;
}

/* The letter under the accent, for C3 80 .. C3 BF. */
static char latin_letter(unsigned char second)
{
    static const char letters[] =
        "aaaaaaaceeeeiiiidnooooo*ouuuuypsaaaaaaaceeeeiiiidnooooo/ouuuuypy";
    return letters[second - 0x80];
}

struct text quote_fold(struct text t, char *out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t.len; i++) {
        unsigned char c = (unsigned char)t.at[i];
        if (c == 0xC3 && i + 1 < t.len && ((unsigned char)t.at[i + 1] & 0xC0) == 0x80)
            out[n++] = latin_letter((unsigned char)t.at[++i]);
        else if (c == 0xE2 && i + 2 < t.len && memcmp(t.at + i, "\xE2\x80\x99", 3) == 0)
            out[n++] = '\'', i += 2;
        else
            out[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : (char)c;
    }
    return (struct text){out, n};
}
