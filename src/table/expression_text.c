/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Functions of texts.  A character is a code point of UTF-8; comparing and searching go by bytes,
 * which for whole characters is the same.
 */
#include <utf8proc.h>

#include "table/expression_tree.h"

static bool starts_character(char c)
{
    return (c & 0xc0) != 0x80;
}

static union value call_concat(struct evaluation *e, const union value *a, uint32_t count)
{
    uint64_t len = 0;
    for (uint32_t i = 0; i < count; i++)
        len += a[i].text.len;
    if (len > UINT32_MAX / 4)
        return evaluation_fault(e, NO_ARGUMENT, "the result is too long");
    char *out = arena_alloc(e->arena, (size_t)len), *at = out;
    for (uint32_t i = 0; i < count; i++) {
        memcpy(at, a[i].text.at, a[i].text.len);
        at += a[i].text.len;
    }
    return value_of_text((struct text){out, (uint32_t)len});
}

/* Each character through a mapping of one to one; what is no UTF-8 stays as it is. */
static struct text map_characters(struct evaluation *e, struct text t,
                                  utf8proc_int32_t (*map)(utf8proc_int32_t))
{
    utf8proc_uint8_t *out = arena_alloc(e->arena, (size_t)t.len * 4), *to = out;
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)t.at, *end = at + t.len;
    while (at < end) {
        utf8proc_int32_t point;
        utf8proc_ssize_t n = utf8proc_iterate(at, end - at, &point);
        if (n > 0) {
            to += utf8proc_encode_char(map(point), to);
            at += n;
        } else {
            *to++ = *at++;
        }
    }
    return (struct text){(char *)out, (uint32_t)(to - out)};
}

static union value call_lower(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    return value_of_text(map_characters(e, a[0].text, utf8proc_tolower));
}

static union value call_upper(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    return value_of_text(map_characters(e, a[0].text, utf8proc_toupper));
}

static union value call_trim(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    return value_of_text(text_trim(a[0].text));
}

static union value call_length(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    int64_t length = 0;
    for (uint32_t i = 0; i < a[0].text.len; i++)
        length += starts_character(a[0].text.at[i]);
    return value_of_number(number_of_integer(length));
}

/* The byte where the character number `characters` (from 0) starts, or the end. */
static uint32_t byte_of(struct text t, int64_t characters)
{
    uint32_t i = 0;
    for (; i < t.len; i++)
        if (starts_character(t.at[i]) && characters-- == 0)
            break;
    return i;
}

static union value call_substr(struct evaluation *e, const union value *a, uint32_t count)
{
    const int64_t most = UINT32_MAX;
    int64_t from, length = most;
    if (!number_integer(a[1].number, 1, most, &from))
        return evaluation_fault(e, 1, "substr() starts at a whole number from 1");
    if (count == 3 && !number_integer(a[2].number, 0, most, &length))
        return evaluation_fault(e, 2, "substr() takes a whole number of characters");
    struct text t = a[0].text;
    uint32_t start = byte_of(t, from - 1);
    t.at += start;
    t.len -= start;
    t.len = byte_of(t, length);
    return value_of_text(t);
}

/* The first place of `part` in t from byte `from` on, or t.len. */
static uint32_t find(struct text t, struct text part, uint32_t from)
{
    while (t.len - from >= part.len) {
        const char *hit = memchr(t.at + from, part.at[0], t.len - from - part.len + 1);
        if (!hit)
            break;
        from = (uint32_t)(hit - t.at);
        if (memcmp(hit, part.at, part.len) == 0)
            return from;
        from++;
    }
    return t.len;
}

static union value call_contains(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    return value_of_truth(find(a[0].text, a[1].text, 0) < a[0].text.len);
}

static union value call_starts_with(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    return value_of_truth(text_starts(a[0].text, a[1].text));
}

static union value call_ends_with(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    struct text t = a[0].text, end = a[1].text;
    return value_of_truth(t.len >= end.len && memcmp(t.at + t.len - end.len, end.at, end.len) == 0);
}

static uint64_t replaced_length(struct text t, struct text old, struct text new)
{
    uint64_t hits = 0;
    for (uint32_t at = find(t, old, 0); at < t.len; at = find(t, old, at + old.len))
        hits++;
    return t.len - hits * old.len + hits * new.len;
}

/* A missing third argument takes the second out. */
static union value call_replace(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    struct text t = a[0].text, old = a[1].text, new = a[2].text;
    if (text_missing(t) || text_missing(old))
        return value_missing(TYPE_TEXT);
    uint64_t len = replaced_length(t, old, new);
    if (len > UINT32_MAX / 4)
        return evaluation_fault(e, NO_ARGUMENT, "the result is too long");
    char *out = arena_alloc(e->arena, (size_t)len), *to = out;
    for (uint32_t from = 0; from < t.len;) {
        uint32_t hit = find(t, old, from);
        memcpy(to, t.at + from, hit - from);
        to += hit - from;
        from = hit;
        if (hit < t.len) {
            if (new.len)
                memcpy(to, new.at, new.len);
            to += new.len;
            from += old.len;
        }
    }
    return value_of_text((struct text){out, (uint32_t)len});
}

/* regexec() wants a NUL behind the text. */
static union value call_match(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    char near[256], *text = near;
    struct text t = a[0].text;
    if (t.len < sizeof near) {
        memcpy(near, t.at, t.len);
        near[t.len] = '\0';
    } else {
        text = arena_copy(e->arena, t.at, t.len);
    }
    int code = regexec(e->node->pattern, text, 0, NULL, 0);
    if (code != 0 && code != REG_NOMATCH)
        return evaluation_fault(e, 0, "match() ran out of memory");
    return value_of_truth(code == 0);
}

const struct function expression_text_functions[] = {
    {"concat", "x", 1, MANY_ARGUMENTS, 't', 0, call_concat},
    {"contains", "tt", 2, 2, 'b', 0, call_contains},
    {"ends_with", "tt", 2, 2, 'b', 0, call_ends_with},
    {"length", "t", 1, 1, 'n', 0, call_length},
    {"lower", "t", 1, 1, 't', 0, call_lower},
    {"match", "tt", 2, 2, 'b', FUNCTION_PATTERN, call_match},
    {"replace", "ttt", 3, 3, 't', FUNCTION_TAKES_MISSING, call_replace},
    {"starts_with", "tt", 2, 2, 'b', 0, call_starts_with},
    {"substr", "tnn", 2, 3, 't', 0, call_substr},
    {"trim", "t", 1, 1, 't', 0, call_trim},
    {"upper", "t", 1, 1, 't', 0, call_upper},
    {0},
};
