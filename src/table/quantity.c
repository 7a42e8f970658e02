/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/quantity.h"

#include <utf8proc.h>

#include "table/fold.h"
#include "table/quantity_phrase.h"

enum { LINE = 400, NUMBERS = 2 };

/* The text as words and signs with single spaces between, numbers as `#`. */
struct line {
    char word[LINE];
    uint32_t len;
    struct text number[NUMBERS];
    uint32_t numbers;
};

struct scan {
    struct text rest;
    int32_t code; /* -1 at the end */
    uint32_t bytes;
};

static void look(struct scan *s)
{
    utf8proc_int32_t code = -1;
    utf8proc_ssize_t n = 0;
    if (s->rest.len)
        n = utf8proc_iterate((const utf8proc_uint8_t *)s->rest.at, (utf8proc_ssize_t)s->rest.len,
                             &code);
    s->code = n > 0 ? code : -1;
    s->bytes = n > 0 ? (uint32_t)n : 0;
}

static void step_on(struct scan *s)
{
    s->rest.at += s->bytes;
    s->rest.len -= s->bytes;
    look(s);
}

static bool is_digit(int32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 0x660 && c <= 0x669) || (c >= 0x6F0 && c <= 0x6F9);
}

static bool is_letter(int32_t c)
{
    utf8proc_category_t k = utf8proc_category(c);
    return (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_ME) || c == 0x640;
}

static bool is_mark(int32_t c)
{
    return c == '.' || c == ',' || c == '\'' || c == 0x2019 || c == 0x60C || c == 0x66B ||
           c == 0x66C || utf8proc_category(c) == UTF8PROC_CATEGORY_ZS;
}

static bool line_put(struct line *l, struct text word)
{
    if (l->len + word.len + 2 > LINE)
        return false;
    if (l->len)
        l->word[l->len++] = ' ';
    memcpy(l->word + l->len, word.at, word.len);
    l->len += word.len;
    l->word[l->len] = '\0';
    return true;
}

/* Digits, and single marks between digits. */
static bool take_number(struct line *l, struct scan *s)
{
    const char *start = s->rest.at, *end = start;
    if (l->numbers == NUMBERS)
        return false;
    while (is_digit(s->code) || is_mark(s->code)) {
        struct scan before = *s;
        bool mark = !is_digit(s->code);
        step_on(s);
        if (mark && !is_digit(s->code)) {
            *s = before;
            break;
        }
        end = s->rest.at;
    }
    l->number[l->numbers++] = (struct text){start, (uint32_t)(end - start)};
    return line_put(l, TEXT("#"));
}

static bool take_word(struct line *l, struct scan *s)
{
    char buffer[FOLD_TEXT];
    struct text word = {s->rest.at, 0};
    while (is_letter(s->code) && !is_digit(s->code)) {
        word.len += s->bytes;
        step_on(s);
    }
    return line_put(l, fold_text(word, buffer));
}

static bool is_silent(int32_t c)
{
    utf8proc_category_t k = utf8proc_category(c);
    return k == UTF8PROC_CATEGORY_ZS || k == UTF8PROC_CATEGORY_CF || c == '\t' || c == '\'' ||
           c == 0x2019 || c == '.';
}

/* A point or apostrophe before a digit is not passed over: `.5`, `'18`. */
static bool take_sign(struct line *l, struct scan *s)
{
    struct text sign = {s->rest.at, s->bytes};
    bool silent = is_silent(s->code), mark = is_mark(s->code);
    bool space = utf8proc_category(s->code) == UTF8PROC_CATEGORY_ZS;
    step_on(s);
    if (silent)
        return !mark || space || !is_digit(s->code);
    return line_put(l, sign);
}

static bool line_read(struct line *l, struct text t)
{
    struct scan s = {.rest = t};
    bool good = true;
    *l = (struct line){.len = 0};
    for (look(&s); good && s.code >= 0;) {
        if (is_digit(s.code)) {
            good = take_number(l, &s);
        } else if (is_letter(s.code)) {
            good = take_word(l, &s);
        } else {
            good = take_sign(l, &s);
        }
    }
    return good && s.rest.len == 0 && l->len;
}

/* ---- the words ---- */

struct parse {
    const struct line *line;
    const char *at; /* in line->word */
    uint32_t numbers;
    enum custom custom;
    struct quantity *out;
    bool vague;  /* une centaine */
    bool scaled; /* millions, MDH */
};

static bool word_next(struct parse *p, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(p->at, word, n) != 0 || (p->at[n] && p->at[n] != ' '))
        return false;
    p->at += n + (p->at[n] == ' ');
    return true;
}

static bool take_qualifier(struct parse *p)
{
    const struct phrase *f = phrase_next(&p->at, PHRASE_QUALIFIER);
    if (f && *p->out->qualifier && strcmp(p->out->qualifier, f->code) != 0)
        return false;
    if (f)
        p->out->qualifier = f->code;
    return true;
}

static bool scale(struct decimal *d, int zeros)
{
    int64_t factor = 1;
    for (int i = 0; i < zeros; i++)
        factor *= 10;
    *d = decimal_multiply(*d, decimal_of(factor));
    return d->kind == NUMBER_EXACT;
}

static bool take_digits(struct parse *p, struct decimal *out)
{
    bool minus = word_next(p, "-") || word_next(p, "−");
    if (!word_next(p, "#") || !written_number(p->line->number[p->numbers++], p->custom, out))
        return false;
    if (minus)
        out->mantissa = -out->mantissa;
    return true;
}

/* A billion is a thousand millions in English, a million of them in French. */
static bool take_multiplier(struct parse *p, struct decimal *value)
{
    const struct phrase *f = phrase_next(&p->at, PHRASE_MULTIPLIER);
    if (!f)
        return true;
    p->scaled = true;
    if (f->number == BILLION && p->custom == CUSTOM_NONE)
        return false;
    return scale(value, f->number != BILLION ? f->number : p->custom == CUSTOM_ENGLISH ? 9 : 12);
}

/* Une centaine, deux millions: a word, and then the magnitude that it counts. */
static bool take_words(struct parse *p)
{
    const struct phrase *count = phrase_next(&p->at, PHRASE_COUNT);
    const char *start = p->at;
    const struct phrase *many = phrase_next(&p->at, PHRASE_COLLECTIVE);
    p->out->value = decimal_of(count ? count->number : 1);
    if (many && (count || many->bare)) {
        p->vague = true;
        p->out->value = decimal_of((int64_t)p->out->value.mantissa * many->number);
        return true;
    }
    p->at = start;
    const char *before = p->at;
    return count && take_multiplier(p, &p->out->value) && p->at != before;
}

static bool take_ratio(struct parse *p)
{
    struct quantity *q = p->out;
    q->numerator = q->value;
    q->value = decimal_missing();
    return take_digits(p, &q->denominator) && q->denominator.mantissa != 0;
}

static bool take_money(struct parse *p)
{
    const struct phrase *f = phrase_next(&p->at, PHRASE_MONEY);
    if (!f)
        return true;
    if (*p->out->currency || (f->number && p->out->value.kind != NUMBER_EXACT))
        return false;
    p->out->currency = p->out->unit = f->code;
    p->scaled |= f->number != 0;
    return f->number == 0 || scale(&p->out->value, f->number);
}

static bool take_unit(struct parse *p)
{
    const struct phrase *f = phrase_next(&p->at, PHRASE_UNIT);
    if (!f)
        return true;
    if (*p->out->unit)
        return false;
    p->out->unit = f->code;
    return p->out->numerator.kind == NUMBER_MISSING || strcmp(f->code, "PT") != 0;
}

static void skip_of(struct parse *p)
{
    while (word_next(p, "de") || word_next(p, "d") || word_next(p, "of") || word_next(p, "des"))
        continue;
}

static bool out_of(struct parse *p)
{
    const char *start = p->at;
    if (word_next(p, "out") && word_next(p, "of"))
        return true;
    p->at = start;
    return false;
}

static bool take_value(struct parse *p)
{
    if (*p->at != '#' && *p->at != '-' && strncmp(p->at, "−", 3) != 0)
        return take_words(p);
    if (!take_digits(p, &p->out->value))
        return false;
    if (word_next(p, "/") || word_next(p, "sur") || out_of(p))
        return take_ratio(p);
    return take_multiplier(p, &p->out->value);
}

/* `+5` may be a sign or `more than`; `5+` and `+ de 5` are plain. */
static bool leading_plus(const struct parse *p)
{
    const char *at = p->at;
    const struct phrase *f = phrase_next(&at, PHRASE_QUALIFIER);
    return f && strcmp(f->words, "+") == 0;
}

/* A money of its own before the number, `EUR 35 million`. */
static bool take_all(struct parse *p)
{
    if (leading_plus(p) || !take_qualifier(p) || !take_money(p) || !take_qualifier(p) ||
        !take_value(p))
        return false;
    skip_of(p);
    if (!take_money(p) || !take_unit(p) || !take_qualifier(p))
        return false;
    return !*p->at;
}

/* A percentage of 12.345 may have three decimals: thousands of per cent are nobody's. */
static bool percent_good(const struct parse *p)
{
    struct decimal english;
    return strcmp(p->out->unit, "PT") != 0 || p->custom != CUSTOM_NONE ||
           !written_number(p->line->number[0], CUSTOM_ENGLISH, &english) ||
           p->out->value.kind != NUMBER_EXACT || p->out->value.mantissa < 0 ||
           decimal_compare(p->out->value, english) == 0 || p->out->value.scale > 0;
}

/* 7.842 millions: a French writer may mean thousands of them, an English one decimals. */
static bool scale_good(const struct parse *p)
{
    struct decimal french, english;
    return !p->scaled || !p->numbers || p->custom != CUSTOM_NONE ||
           !written_number(p->line->number[0], CUSTOM_FRENCH, &french) ||
           !written_number(p->line->number[0], CUSTOM_ENGLISH, &english) ||
           decimal_compare(french, english) == 0;
}

bool quantity_read(struct text t, enum custom custom, struct quantity *out)
{
    struct line line;
    struct parse p = {.line = &line, .at = line.word, .custom = custom, .out = out};
    *out = (struct quantity){decimal_missing(), decimal_missing(), decimal_missing(), "", "", ""};
    if (!line_read(&line, t) || !take_all(&p) || p.numbers != line.numbers || !percent_good(&p) ||
        !scale_good(&p))
        return false;
    if (p.vague && !*out->qualifier)
        out->qualifier = "~";
    return true;
}
