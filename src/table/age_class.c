/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/age_class.h"

#include <stdio.h>

#include "table/fold.h"

enum { ROOM = 80 };

/* Folded texts with # for the first number and @ for the second. */
static const struct {
    char form[40];
    char kind; /* r range, o one age, l below, g from, m more than, x only with a + behind */
} forms[] = {
    {"# @", 'r'},
    {"# a @", 'r'},
    {"de # a @", 'r'},
    {"entre # et @", 'r'},
    {"# to @", 'r'},
    {"from # to @", 'r'},
    {"between # and @", 'r'},
    {"من # الي @", 'r'},
    {"ما بين # و @", 'r'},
    {"بين # و @", 'r'},
    {"aged # @", 'r'},
    {"ages de # a @", 'r'},
    {"agees de # a @", 'r'},
    {"ages # @", 'r'},
    {"#", 'o'},
    {"moins de #", 'l'},
    {"moins #", 'l'},
    {"under #", 'l'},
    {"below #", 'l'},
    {"less than #", 'l'},
    {"اقل من #", 'l'},
    {"دون #", 'l'},
    {"enfants de moins de #", 'l'},
    {"children under #", 'l'},
    {"# et plus", 'g'},
    {"# ou plus", 'g'},
    {"# et au dela", 'g'},
    {"# et", 'x'},
    {"# and over", 'g'},
    {"# and older", 'g'},
    {"# and above", 'g'},
    {"# or more", 'g'},
    {"# or over", 'g'},
    {"# or older", 'g'},
    {"# فاكثر", 'g'},
    {"# فما فوق", 'g'},
    {"# واكثر", 'g'},
    {"a partir de #", 'g'},
    {"plus de #", 'm'},
    {"over #", 'm'},
    {"more than #", 'm'},
    {"اكثر من #", 'm'},
};

static const char years[][12] = {"ans",   "an",   "years", "year",  "old", "yrs", "y", "سنه",
                                 "سنوات", "عاما", "عام",   "اعوام", "of",  "age", "d"};

static bool is_year(struct text word)
{
    for (size_t i = 0; i < sizeof years / sizeof *years; i++)
        if (text_equal(word, text_of(years[i])))
            return true;
    return false;
}

/* At most three digits, not beyond the oldest. */
static bool read_age(struct text word, int *age)
{
    *age = 0;
    if (word.len == 0 || word.len > 3)
        return false;
    for (uint32_t i = 0; i < word.len; i++) {
        if (word.at[i] < '0' || word.at[i] > '9')
            return false;
        *age = *age * 10 + (word.at[i] - '0');
    }
    return *age <= AGE_MOST;
}

struct shape {
    char form[ROOM];
    uint32_t len;
    int age[2];
    uint32_t ages;
};

static bool shape_put(struct shape *s, struct text word)
{
    if (s->len + word.len + 2 > ROOM)
        return false;
    if (s->len)
        s->form[s->len++] = ' ';
    memcpy(s->form + s->len, word.at, word.len);
    s->len += word.len;
    s->form[s->len] = '\0';
    return true;
}

static bool shape_word(struct shape *s, struct text word)
{
    int age;
    if (word.at[0] < '0' || word.at[0] > '9')
        return is_year(word) || shape_put(s, word);
    if (s->ages == 2 || !read_age(word, &age))
        return false;
    s->age[s->ages++] = age;
    return shape_put(s, s->ages == 1 ? TEXT("#") : TEXT("@"));
}

/* Digits that touch letters become words of their own. */
static bool shape_of(struct text folded, struct shape *s)
{
    *s = (struct shape){.len = 0};
    struct text rest = folded, word;
    while (text_next(&rest, ' ', &word)) {
        while (word.len) {
            uint32_t n = 1;
            bool digit = word.at[0] >= '0' && word.at[0] <= '9';
            while (n < word.len && (word.at[n] >= '0' && word.at[n] <= '9') == digit)
                n++;
            if (!shape_word(s, (struct text){word.at, n}))
                return false;
            word.at += n;
            word.len -= n;
        }
    }
    return s->ages > 0;
}

/* `60+`, `< 15`, `15,5`: what folding would drop changes the meaning. */
static bool sign_of(struct text *t, char *kind)
{
    struct text trimmed = text_trim(*t);
    *kind = 0;
    for (uint32_t i = 0; i < trimmed.len; i++) {
        char c = trimmed.at[i];
        if (c == '+' && i + 1 == trimmed.len)
            *kind = 'g';
        else if (c == '<' && i == 0)
            *kind = 'l';
        else if (strchr("+<>=.,;:?*%~/()", c) || (c == '-' && (i == 0 || i + 1 == trimmed.len)))
            return false;
    }
    *t = trimmed;
    return true;
}

static char form_find(const struct shape *s)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(s->form, forms[i].form) == 0)
            return forms[i].kind;
    return 0;
}

static enum age_match class_of(const struct shape *s, char kind, struct age_class *out)
{
    int a = s->age[0], b = s->age[1];
    switch (kind) {
    case 'r':
        *out = (struct age_class){a, b};
        return a < b ? AGE_READ : AGE_UNKNOWN;
    case 'o':
        *out = (struct age_class){a, a};
        return AGE_READ;
    case 'l':
        *out = (struct age_class){0, a - 1};
        return a > 0 ? AGE_READ : AGE_UNKNOWN;
    case 'g':
    case 'm':
        *out = (struct age_class){a, AGE_OPEN};
        return kind == 'g' ? AGE_READ : AGE_AMBIGUOUS;
    default:
        return AGE_UNKNOWN;
    }
}

/* Y15T24, Y_LT15, Y_GE60, Y30. */
static bool read_code(struct text t, struct age_class *out)
{
    char again[AGE_CLASS_TEXT + 1], text[AGE_CLASS_TEXT + 1] = "";
    int a = 0, b = 0;
    if (t.len == 0 || t.len > AGE_CLASS_TEXT)
        return false;
    memcpy(text, t.at, t.len);
    if (sscanf(text, "Y_LT%3d", &a) == 1)
        *out = (struct age_class){0, a - 1};
    else if (sscanf(text, "Y_GE%3d", &a) == 1)
        *out = (struct age_class){a, AGE_OPEN};
    else if (sscanf(text, "Y%3dT%3d", &a, &b) == 2)
        *out = (struct age_class){a, b};
    else if (sscanf(text, "Y%3d", &a) == 1)
        *out = (struct age_class){a, a};
    else
        return false;
    if (a < 0 || a > AGE_MOST || b > AGE_MOST || (out->last != AGE_OPEN && out->last < out->first))
        return false;
    size_t n = age_class_format(*out, again);
    bool zero = out->first == 0 && out->last > 0; /* Y0T14 is Y_LT15 */
    return zero || text_equal(t, (struct text){again, (uint32_t)n});
}

enum age_match age_class_read(struct text t, struct age_class *out)
{
    char buffer[FOLD_TEXT], sign;
    struct shape s;
    *out = (struct age_class){0, 0};
    if (read_code(t, out))
        return AGE_READ;
    if (!sign_of(&t, &sign) || !shape_of(fold_text(t, buffer), &s))
        return AGE_UNKNOWN;
    char kind = form_find(&s);
    if (sign)
        kind = kind == 'o' || (kind == 'x' && sign == 'g') ? sign : 0;
    return class_of(&s, kind, out);
}

size_t age_class_format(struct age_class c, char *out)
{
    char text[32];
    int n;
    if (c.last == AGE_OPEN)
        n = snprintf(text, sizeof text, "Y_GE%d", c.first);
    else if (c.first == 0 && c.last > 0 && c.last != 4) /* the list has Y0T4 */
        n = snprintf(text, sizeof text, "Y_LT%d", c.last + 1);
    else if (c.first == c.last)
        n = snprintf(text, sizeof text, "Y%d", c.first);
    else
        n = snprintf(text, sizeof text, "Y%dT%d", c.first, c.last);
    memcpy(out, text, (size_t)n);
    return (size_t)n;
}
