/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain/token.h"

#include <string.h>

enum { NAME_MAX_BYTES = 255 };

struct refusal {
    char text[4], message[84];
};

/* What a shell would treat specially outside quotes; longer texts first.  All begin with one of
 * special[]. */
static const char special[] = "|&;<>()$`*?[]{}";
static const struct refusal refused[] = {
    {"||", "|| is not part of a pipeline file: the first failure ends the run"},
    {"|&", "|& is not part of a pipeline file: messages go to standard error"},
    {"&&", "&& is not part of a pipeline file: write one pipeline after another"},
    {"&", "nothing runs in the background here: write one pipeline after another"},
    {";;", "case is not part of a pipeline file"},
    {"<<", "here-documents are not part of a pipeline file: put the text in a file"},
    {"<&", "file descriptors are not copied here: only `< FILE` and `> FILE`"},
    {"<>", "only `< FILE` and `> FILE` are part of a pipeline file"},
    {"<(", "process substitution is not part of a pipeline file: write to a file first"},
    {">>", "appending is not part of a pipeline file: write the whole file with >"},
    {">&", "file descriptors are not copied here: only `< FILE` and `> FILE`"},
    {">|", "only `< FILE` and `> FILE` are part of a pipeline file"},
    {">(", "process substitution is not part of a pipeline file: write to a file first"},
    {"(", "no functions or subshells here; put an expression in quotes"},
    {")", "no functions or subshells here; put an expression in quotes"},
    {"$(", "command substitution is not part of a pipeline file"},
    {"$", "put a variable in double quotes: \"$NAME\"; or a dollar sign in single quotes"},
    {"`", "command substitution is not part of a pipeline file; quote a ` with '...'"},
    {"*", "no file name patterns here: name each file, or put the * in quotes"},
    {"?", "no file name patterns here: name each file, or put the ? in quotes"},
    {"[", "no file name patterns here: name each file, or put the [ in quotes"},
    {"{", "no braces here: shells differ on them; put them in quotes"},
    {"}", "no braces here: shells differ on them; put them in quotes"},
};

/* The place of the next byte. */
static struct place scanner_place(const struct scanner *s)
{
    return (struct place){s->path, s->line, (uint32_t)(s->at - s->line_start) + 1};
}

static int fail(struct scanner *s, const char *message)
{
    return error_set(s->error, EX_CONFIG, scanner_place(s), "%s", message);
}

static char peek(const struct scanner *s)
{
    return s->at < s->end ? *s->at : '\0';
}

/* Takes one byte, counting lines. */
static char take(struct scanner *s)
{
    char c = *s->at++;
    if (c == '\n') {
        s->line++;
        s->line_start = s->at;
    }
    return c;
}

static bool at_continuation(const struct scanner *s)
{
    return s->end - s->at >= 2 && s->at[0] == '\\' && s->at[1] == '\n';
}

static void skip_continuations(struct scanner *s)
{
    while (at_continuation(s)) {
        take(s);
        take(s);
    }
}

static void append(struct scanner *s, const char *bytes, size_t n)
{
    if (s->len + n + 1 > s->room) {
        size_t room = (s->len + n + 1) * 2;
        char *grown = arena_alloc(s->arena, room);
        if (s->len)
            memcpy(grown, s->word, s->len);
        s->word = grown;
        s->room = room;
    }
    if (n)
        memcpy(s->word + s->len, bytes, n);
    s->len += n;
    s->word[s->len] = '\0';
}

/* Shells disagree on control characters, or use some of them inside. */
static int check_control(struct scanner *s)
{
    unsigned char c = (unsigned char)*s->at;
    if (c == '\r')
        return fail(s, "carriage return: save the file with LF line ends");
    if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)
        return fail(s, "control character: only tab and newline may stand in a pipeline file");
    return 0;
}

static int append_taken(struct scanner *s)
{
    if (check_control(s))
        return -1;
    char c = take(s);
    append(s, &c, 1);
    return 0;
}

/* ---- variables ---- */

static bool is_name(char c, bool first)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           (!first && c >= '0' && c <= '9');
}

/* Variables that a shell sets for itself, whatever the environment says. */
static bool shell_owns(const char *name)
{
    static const char owned[][12] = {"IFS", "LINENO", "OLDPWD", "OPTARG",    "OPTIND", "PPID",
                                     "PS1", "PS2",    "PS4",    "PWD",       "RANDOM", "SECONDS",
                                     "UID", "EUID",   "SHLVL",  "SHELLOPTS", "_"};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        if (strcmp(name, owned[i]) == 0)
            return true;
    return strncmp(name, "BASH", 4) == 0;
}

/* The default text of ${NAME:-text}, up to its brace. */
static int take_default(struct scanner *s, const char **text, size_t *len)
{
    *text = s->at;
    while (s->at < s->end && peek(s) != '}') {
        if (strchr("$`\\\"'{\n", peek(s)))
            return fail(s, "the text behind :- must be plain, without $ ` \\ { quotes or newlines");
        if (check_control(s))
            return -1;
        take(s);
    }
    *len = (size_t)(s->at - *text);
    return 0;
}

static int take_name(struct scanner *s, char *name)
{
    size_t n = 0;
    while (s->at < s->end && is_name(peek(s), n == 0)) {
        if (n == NAME_MAX_BYTES)
            return fail(s, "the name of this variable is too long");
        name[n++] = take(s);
    }
    name[n] = '\0';
    if (at_continuation(s))
        return fail(s, "end the line elsewhere, not behind the name of a variable");
    if (n == 0)
        return fail(s, "only \"$NAME\", \"${NAME}\" and \"${NAME:-text}\"; a dollar sign is \\$");
    return 0;
}

static int expand(struct scanner *s, struct place place, const char *name, const char *other,
                  size_t other_len)
{
    if (shell_owns(name))
        return error_set(s->error, EX_CONFIG, place,
                         "%s is a variable of the shell's own: use another name", name);
    const char *value = s->lookup ? s->lookup(s->context, name) : NULL;
    if (other && (!value || !*value))
        append(s, other, other_len);
    else if (value)
        append(s, value, strlen(value));
    else
        return error_set(s->error, EX_CONFIG, place,
                         "%s is not set: give %s=VALUE, or write \"${%s:-text}\"", name, name,
                         name);
    return 0;
}

/* At a dollar sign inside double quotes. */
static int take_variable(struct scanner *s)
{
    struct place place = scanner_place(s);
    char name[NAME_MAX_BYTES + 1];
    const char *other = NULL;
    size_t other_len = 0;
    take(s);
    bool braced = peek(s) == '{';
    if (braced)
        take(s);
    if (take_name(s, name))
        return -1;
    if (braced && peek(s) == ':' && s->end - s->at >= 2 && s->at[1] == '-') {
        s->at += 2;
        if (take_default(s, &other, &other_len))
            return -1;
    }
    if (braced && peek(s) != '}')
        return fail(s, "only \"${NAME}\" and \"${NAME:-text}\" are part of a pipeline file");
    if (braced)
        take(s);
    return expand(s, place, name, other, other_len);
}

/* ---- quotes ---- */

static int unclosed(struct scanner *s, struct place place)
{
    return error_set(s->error, EX_CONFIG, place, "this quote is never closed");
}

static int take_single(struct scanner *s)
{
    struct place place = scanner_place(s);
    take(s);
    while (s->at < s->end && peek(s) != '\'')
        if (append_taken(s))
            return -1;
    if (s->at == s->end)
        return unclosed(s, place);
    take(s);
    return 0;
}

/* One character or construct inside double quotes. */
static int take_quoted(struct scanner *s)
{
    char c = peek(s);
    if (c == '$')
        return take_variable(s);
    if (c == '`')
        return fail(s, "command substitution is not part of a pipeline file; a ` is \\` here");
    if (c == '\\' && s->end - s->at >= 2 && strchr("$`\"\\", s->at[1]) && s->at[1])
        take(s);
    return append_taken(s);
}

static int take_double(struct scanner *s)
{
    struct place place = scanner_place(s);
    take(s);
    for (;;) {
        skip_continuations(s);
        if (s->at == s->end)
            return unclosed(s, place);
        if (peek(s) == '"')
            break;
        if (take_quoted(s))
            return -1;
    }
    take(s);
    return 0;
}

static int take_escaped(struct scanner *s)
{
    if (s->end - s->at < 2)
        return fail(s, "a backslash at the end of the file");
    take(s);
    return append_taken(s);
}

/* ---- tokens ---- */

/* Fails where a shell would do something special.  Continuations inside an operator count as
 * nothing, as they do in a shell. */
static int check_refused(struct scanner *s)
{
    struct scanner ahead = *s;
    char text[3] = {0};
    text[0] = take(&ahead);
    skip_continuations(&ahead);
    text[1] = peek(&ahead);
    if (!*text || !strchr(special, *text))
        return check_control(s);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (*refused[i].text == *text &&
            strncmp(text, refused[i].text, strlen(refused[i].text)) == 0)
            return fail(s, refused[i].message);
    return check_control(s);
}

static bool ends_word(char c)
{
    return c != '\0' && strchr(" \t\n;|<>&()", c) != NULL;
}

static int take_bare(struct scanner *s)
{
    char before = s->len ? s->word[s->len - 1] : ':';
    if (peek(s) == '~' && (before == '=' || before == ':'))
        return fail(s, "~ is not expanded here: write the folder, or put the ~ in quotes");
    if (check_refused(s))
        return -1;
    return append_taken(s);
}

static bool all_digits(const char *word)
{
    return *word && word[strspn(word, "0123456789")] == '\0';
}

static int take_word(struct scanner *s, struct token *token)
{
    s->word = NULL;
    s->len = s->room = 0;
    append(s, "", 0);
    token->plain = true;
    for (;;) {
        skip_continuations(s);
        if (s->at == s->end || ends_word(peek(s)))
            break;
        char c = peek(s);
        int result = 0;
        if (c == '\'')
            result = take_single(s);
        else if (c == '"')
            result = take_double(s);
        else if (c == '\\')
            result = take_escaped(s);
        else
            result = take_bare(s);
        if (result)
            return -1;
        token->plain = token->plain && c != '\'' && c != '"' && c != '\\';
    }
    if (token->plain && all_digits(s->word) && (peek(s) == '<' || peek(s) == '>'))
        return fail(s, "only standard input and output: `< FILE` and `> FILE` without a number");
    token->kind = TOKEN_WORD;
    token->word = s->word;
    return 0;
}

static void skip_blanks(struct scanner *s)
{
    for (;;) {
        skip_continuations(s);
        char c = peek(s);
        if (c != ' ' && c != '\t')
            break;
        take(s);
    }
    if (peek(s) == '#')
        while (s->at < s->end && peek(s) != '\n')
            take(s);
}

static enum token_kind operator_kind(char c)
{
    switch (c) {
    case '|':
        return TOKEN_PIPE;
    case ';':
        return TOKEN_SEMICOLON;
    case '\n':
        return TOKEN_NEWLINE;
    case '<':
        return TOKEN_IN;
    case '>':
        return TOKEN_OUT;
    default:
        return TOKEN_WORD;
    }
}

int token_next(struct scanner *s, struct token *token)
{
    skip_blanks(s);
    *token = (struct token){.kind = TOKEN_END, .place = scanner_place(s)};
    if (s->at == s->end)
        return 0;
    token->kind = operator_kind(peek(s));
    if (token->kind == TOKEN_WORD && !ends_word(peek(s)))
        return take_word(s, token);
    if (token->kind != TOKEN_NEWLINE && check_refused(s))
        return -1;
    take(s);
    return 0;
}
