/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression_lex.h"

#include <stdarg.h>
#include <stdio.h>
#include <utf8proc.h>

#include "table/expression_tree.h"

/* Longer signs first.  `instead` empty: it is a sign of the language. */
static const struct sign {
    char sign[4], instead[28];
} signs[] = {
    {"===", "=="},      {"!==", "!="},
    {"==", ""},         {"!=", ""},
    {"<=", ""},         {">=", ""},
    {"=>", ">="},       {"=<", "<="},
    {"<>", "!="},       {"&&", "and"},
    {"||", "or"},       {"**", "a product"},
    {"<", ""},          {">", ""},
    {"=", ""}, /* for NAME = EXPRESSION only */
    {"+", ""},          {"-", ""},
    {"*", ""},          {"/", ""},
    {"%", ""},          {"(", ""},
    {")", ""},          {",", ""},
    {"!", "not"},       {"&", "and"},
    {"|", "or"},        {"~", "match(x, 'pattern')"},
    {"^", "a product"}, {"?", "if(condition, a, b)"},
    {";", ","},         {"≠", "!="},
    {"≤", "<="},        {"≥", ">="},
    {"−", "-"},         {"–", "-"},
    {"×", "*"},         {"÷", "/"},
    {"‘", "'"},         {"’", "'"},
    {"“", "\""},        {"”", "\""},
    {"«", "\""},        {"»", "\""},
    {"،", ","},
};

const char *expression_near(struct arena *a, const char *source, uint32_t at)
{
    enum { SHOWN = 24 };
    size_t len = strlen(source), end = at + SHOWN, character = 1;
    if (at >= len)
        return " (at the end of the expression)";
    for (uint32_t i = 0; i < at; i++)
        character += (source[i] & 0xc0) != 0x80;
    if (end > len)
        end = len;
    while (end < len && (source[end] & 0xc0) == 0x80)
        end++;
    return arena_print(a, " (character %zu: %.*s%s)", character, (int)(end - at), source + at,
                       end < len ? "..." : "");
}

int lexer_fail(struct lexer *l, uint32_t at, const char *format, ...)
{
    char message[500];
    va_list list;
    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    return error_set(l->error, EX_USAGE, NOWHERE, "%s%s", message,
                     expression_near(l->arena, l->source, at));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Bytes of the letter (or mark) outside ASCII at s; 0 where there is none. */
static uint32_t foreign_letter(const char *s)
{
    utf8proc_int32_t point;
    if ((*s & 0x80) == 0)
        return 0;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s, -1, &point);
    if (n <= 0)
        return 0;
    utf8proc_category_t category = utf8proc_category(point);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NL ? (uint32_t)n : 0;
}

static uint32_t word_letter(const char *s)
{
    return is_ascii_letter(*s) || is_digit(*s) ? 1 : foreign_letter(s);
}

static int lex_word(struct lexer *l)
{
    uint32_t start = l->at, n;
    while ((n = word_letter(l->source + l->at)))
        l->at += n;
    l->now.kind = TOKEN_WORD;
    l->now.text = (struct text){l->source + start, l->at - start};
    return 0;
}

static void skip_digits(struct lexer *l)
{
    while (is_digit(l->source[l->at]))
        l->at++;
}

static void skip_exponent(struct lexer *l)
{
    const char *s = l->source + l->at;
    uint32_t sign = s[0] && (s[1] == '+' || s[1] == '-');
    if ((s[0] != 'e' && s[0] != 'E') || !is_digit(s[1 + sign]))
        return;
    l->at += 1 + sign;
    skip_digits(l);
}

static int lex_number(struct lexer *l)
{
    uint32_t start = l->at;
    skip_digits(l);
    if (l->source[l->at] == '.') {
        l->at++;
        if (!is_digit(l->source[l->at]))
            return lexer_fail(l, start, "a number needs digits behind its point");
        skip_digits(l);
    }
    skip_exponent(l);
    if (word_letter(l->source + l->at))
        return lexer_fail(l, start, "a name that starts with a digit is written in brackets");
    l->now.kind = TOKEN_NUMBER;
    l->now.text = (struct text){l->source + start, l->at - start};
    return 0;
}

/* Up to the closing quote; a doubled one stands for itself. */
static int lex_quoted(struct lexer *l, char close, enum token_kind kind)
{
    uint32_t start = l->at++, len = 0;
    char *out = arena_alloc(l->arena, strlen(l->source + start));
    for (;; l->at++) {
        char c = l->source[l->at];
        if (c == '\0')
            return lexer_fail(l, start, "this %c is not closed", l->source[start]);
        if (c == close && l->source[++l->at] != close)
            break;
        out[len++] = c;
    }
    l->now.kind = kind;
    l->now.text = (struct text){out, len};
    if (kind == TOKEN_COLUMN && len == 0)
        return lexer_fail(l, start, "a column has no empty name");
    return 0;
}

static int lex_sign(struct lexer *l)
{
    const char *s = l->source + l->at;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t n = strlen(signs[i].sign);
        if (strncmp(s, signs[i].sign, n) != 0)
            continue;
        if (*signs[i].instead)
            return lexer_fail(l, l->at, "%s is not used here: write %s", signs[i].sign,
                              signs[i].instead);
        l->now.kind = TOKEN_SIGN;
        l->now.text = (struct text){s, (uint32_t)n};
        l->at += (uint32_t)n;
        return 0;
    }
    if (*s == '.')
        return lexer_fail(l, l->at, "a number needs a digit before its point");
    return lexer_fail(l, l->at,
                      "this sign has no meaning here; "
                      "column names with other signs are written in brackets");
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

int lexer_next(struct lexer *l)
{
    while (is_space(l->source[l->at]))
        l->at++;
    const char *s = l->source + l->at;
    l->now = (struct token){TOKEN_END, l->at, {s, 0}};
    if (*s == '\0')
        return 0;
    if (is_digit(*s))
        return lex_number(l);
    if (word_letter(s))
        return lex_word(l);
    if (*s == '\'' || *s == '"')
        return lex_quoted(l, *s, TOKEN_TEXT);
    if (*s == '[' || *s == '`')
        return lex_quoted(l, *s == '[' ? ']' : '`', TOKEN_COLUMN);
    return lex_sign(l);
}

int lexer_start(struct lexer *l, struct arena *a, const char *source, struct error *error)
{
    *l = (struct lexer){.arena = a, .source = source, .error = error};
    if (strlen(source) > 65536)
        return error_set(error, EX_USAGE, NOWHERE, "an expression has at most 65536 bytes");
    return lexer_next(l);
}

bool lexer_is(const struct lexer *l, const char *sign_or_word)
{
    return (l->now.kind == TOKEN_SIGN || l->now.kind == TOKEN_WORD) &&
           text_equal(l->now.text, text_of(sign_or_word));
}
