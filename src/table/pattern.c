/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Patterns of XML Schema, in which Table Schema writes its constraint, as POSIX extended ones.
 *
 * Both share ( ) [ ] | * + ? {n,m}.  Translated: \d \s \w (which takes every letter beyond ASCII),
 * \D \S, escapes of single characters, `.` and negated brackets (one character, of however many
 * bytes), and the implied anchors.  `^` and `$` stand for anchors, as schemas in the wild use them.
 * Refused: \p{...}, \i, \c, \W, back-references, class subtraction, `(?`, and letters beyond ASCII
 * inside brackets, which would be taken apart.
 */
#include "table/table_schema.h"

#include "base/text.h"

/* A character of several bytes, and the bytes that a class must leave to it. */
#define WIDE "[\302-\364][\200-\277]+"
#define NOT_WIDE "\200-\377"

struct translation {
    struct text in;
    uint32_t at;
    char *out;
    size_t len;
};

static void put(struct translation *t, const char *s)
{
    size_t n = strlen(s);
    memcpy(t->out + t->len, s, n);
    t->len += n;
}

static bool put_literal(struct translation *t, char c)
{
    if (strchr(".[]()*+?{}|^$\\", c))
        t->out[t->len++] = '\\';
    t->out[t->len++] = c;
    return true;
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* The escape behind a backslash. */
static bool put_escape(struct translation *t, bool bracket)
{
    static const struct {
        char letter;
        const char *outside, *inside; /* inside NULL: not taken there */
    } classes[] = {
        {'d', "[0-9]", "0-9"},
        {'D', "([^0-9" NOT_WIDE "]|" WIDE ")", NULL},
        {'s', "[ \t\n\r]", " \t\n\r"},
        {'S', "([^ \t\n\r" NOT_WIDE "]|" WIDE ")", NULL},
        {'w', "([[:alnum:]]|" WIDE ")", "[:alnum:]"},
        {'n', "\n", "\n"},
        {'r', "\r", "\r"},
        {'t', "\t", "\t"},
    };
    if (++t->at >= t->in.len)
        return false;
    char c = t->in.at[t->at++];
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (classes[i].letter == c) {
            const char *s = bracket ? classes[i].inside : classes[i].outside;
            if (s)
                put(t, s);
            return s != NULL;
        }
    if (is_letter_or_digit(c) || (bracket && strchr("]^-[", c)))
        return false;
    if (!bracket)
        return put_literal(t, c);
    t->out[t->len++] = c;
    return true;
}

static bool put_members(struct translation *t)
{
    while (t->at < t->in.len && t->in.at[t->at] != ']') {
        char c = t->in.at[t->at];
        if (c == '[' || (unsigned char)c >= 0x80)
            return false;
        if (c == '\\') {
            if (!put_escape(t, true))
                return false;
            continue;
        }
        t->out[t->len++] = c;
        t->at++;
    }
    return t->at++ < t->in.len;
}

/* From `[` to `]`; what is not in some ASCII may be any wide character. */
static bool put_bracket(struct translation *t)
{
    bool negated = ++t->at < t->in.len && t->in.at[t->at] == '^';
    t->at += negated;
    put(t, negated ? "([^" NOT_WIDE : "[");
    if (!put_members(t))
        return false;
    put(t, negated ? "]|" WIDE ")" : "]");
    return true;
}

static bool put_next(struct translation *t)
{
    char c = t->in.at[t->at];
    if (c == '\\')
        return put_escape(t, false);
    if (c == '[')
        return put_bracket(t);
    if (c == '(' && t->at + 1 < t->in.len && t->in.at[t->at + 1] == '?')
        return false;
    t->at++;
    if (c == '.')
        put(t, "([\001-\177]|" WIDE ")");
    else
        t->out[t->len++] = c;
    return c != '\0';
}

const char *pattern_translate(struct text xsd, struct arena *arena)
{
    struct translation t = {.in = xsd, .out = arena_array(arena, (size_t)xsd.len + 1, 32)};
    put(&t, "^(");
    while (t.at < xsd.len)
        if (!put_next(&t))
            return NULL;
    put(&t, ")$");
    t.out[t.len] = '\0';
    return t.out;
}
