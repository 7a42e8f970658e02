/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain/pipeline.h"

#include <limits.h>
#include <string.h>

struct parser {
    struct scanner scanner;
    struct token token; /* the next one */
    struct error *error;
    struct arena *arena;
};

static int fail(struct parser *p, struct place place, const char *message)
{
    return error_set(p->error, EX_CONFIG, place, "%s", message);
}

static int advance(struct parser *p)
{
    return token_next(&p->scanner, &p->token);
}

static int skip_newlines(struct parser *p)
{
    while (p->token.kind == TOKEN_NEWLINE)
        if (advance(p))
            return -1;
    return 0;
}

static bool at_redirect(const struct parser *p)
{
    return p->token.kind == TOKEN_IN || p->token.kind == TOKEN_OUT;
}

bool pipeline_is_assignment(const char *word)
{
    size_t n = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");
    return n > 0 && word[n] == '=' && !(word[0] >= '0' && word[0] <= '9');
}

/* ---- the first word of a command ---- */

static bool is_reserved(const char *word)
{
    static const char *const reserved[] = {"!",      "case", "do",   "done",     "elif", "else",
                                           "esac",   "fi",   "for",  "function", "if",   "in",
                                           "select", "then", "time", "until",    "while"};
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(word, reserved[i]) == 0)
            return true;
    return false;
}

/* Fails unless the token is `marsad` or `marsad-STAGE`. */
static int check_program(struct parser *p)
{
    const struct token *t = &p->token;
    if (strcmp(t->word, "marsad") == 0 || strncmp(t->word, "marsad-", 7) == 0)
        return 0;
    if (t->plain && is_reserved(t->word))
        return fail(p, t->place, "a pipeline file has no conditions or loops: only pipelines");
    if (t->plain && pipeline_is_assignment(t->word))
        return fail(p, t->place,
                    "no assignments here: write \"${NAME:-text}\" where the value is used, and "
                    "give NAME=VALUE behind `marsad run FILE`");
    if (strcmp(t->word, "set") == 0)
        return fail(p, t->place, "`set -eu` stands once, at the top");
    return fail(p, t->place, "every command of a pipeline file is `marsad STAGE ...`");
}

static bool is_stage_name(const char *word)
{
    size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    return word[0] >= 'a' && word[0] <= 'z' && word[n] == '\0';
}

/* Takes `marsad` off, so that argv[0] is the stage's name. */
static int name_stage(struct parser *p, struct command *c)
{
    if (c->argv[0][6] == '-') {
        c->argv[0] += 7;
    } else {
        c->argv++;
        c->argc--;
    }
    if (c->argc == 0 || !is_stage_name(c->argv[0]))
        return fail(p, c->place, "a stage's name must follow: `marsad STAGE ...`");
    return 0;
}

/* ---- commands ---- */

/* At < or >: takes it and the file. */
static int parse_redirect(struct parser *p, struct pipeline *pipe)
{
    bool in = p->token.kind == TOKEN_IN;
    struct place place = p->token.place;
    if (in ? pipe->input != NULL : pipe->output != NULL)
        return fail(p, place, in ? "a second < in one pipeline" : "a second > in one pipeline");
    if (in && pipe->commands > 1)
        return fail(p, place, "< belongs to the first command: this one reads the pipe");
    if (advance(p))
        return -1;
    if (p->token.kind != TOKEN_WORD)
        return fail(p, place, "the name of a file must follow");
    if (!*p->token.word || strcmp(p->token.word, "-") == 0)
        return fail(p, p->token.place, "this is no name of a file (a file called - is ./-)");
    *(in ? &pipe->input : &pipe->output) = p->token.word;
    *(in ? &pipe->input_place : &pipe->output_place) = place;
    return advance(p);
}

static int parse_word(struct parser *p, struct command *c, uint32_t *room)
{
    if (c->argc == 0) {
        c->place = p->token.place;
        if (check_program(p))
            return -1;
    }
    if (c->argc == INT_MAX - 1)
        return fail(p, p->token.place, "too many words");
    c->argv = arena_grow(p->arena, c->argv, (uint32_t)c->argc + 1, room, sizeof *c->argv);
    c->argv[c->argc++] = arena_copy(p->arena, p->token.word, strlen(p->token.word));
    c->argv[c->argc] = NULL;
    return advance(p);
}

static int parse_command(struct parser *p, struct pipeline *pipe, struct command *c)
{
    uint32_t room = 0;
    struct place place = p->token.place;
    if (p->token.kind != TOKEN_WORD && !at_redirect(p))
        return fail(p, place, "a command is missing here");
    while (p->token.kind == TOKEN_WORD || at_redirect(p))
        if (at_redirect(p) ? parse_redirect(p, pipe) : parse_word(p, c, &room))
            return -1;
    if (c->argc == 0)
        return fail(p, place, "a command is missing here: `marsad STAGE ...`");
    return name_stage(p, c);
}

/* ---- pipelines ---- */

/* marsad run FILE [NAME=VALUE...], alone. */
static int check_include(struct parser *p, struct pipeline *pipe)
{
    const struct command *c = NULL;
    for (uint32_t i = 0; i < pipe->commands && !c; i++)
        if (strcmp(pipe->command[i].argv[0], "run") == 0)
            c = &pipe->command[i];
    if (!c)
        return 0;
    if (pipe->commands > 1 || pipe->input || pipe->output)
        return fail(p, c->place, "`marsad run` stands alone, without | < or >");
    if (c->argc < 2 || !*c->argv[1] || c->argv[1][0] == '-')
        return fail(p, c->place, "`marsad run` takes a file here, then NAME=VALUE; no options");
    for (int i = 2; i < c->argc; i++)
        if (!pipeline_is_assignment(c->argv[i]))
            return fail(p, c->place, "only NAME=VALUE may follow `marsad run FILE`");
    pipe->include = true;
    return 0;
}

static int parse_pipeline(struct parser *p, struct pipeline *pipe)
{
    uint32_t room = 0;
    pipe->place = p->token.place;
    for (;;) {
        pipe->command =
            arena_grow(p->arena, pipe->command, pipe->commands, &room, sizeof *pipe->command);
        struct command *c = &pipe->command[pipe->commands++];
        if (parse_command(p, pipe, c))
            return -1;
        if (p->token.kind != TOKEN_PIPE)
            break;
        if (pipe->output)
            return fail(p, pipe->output_place, "> belongs to the last command of a pipeline");
        if (advance(p) || skip_newlines(p))
            return -1;
    }
    return check_include(p, pipe);
}

/* Behind a command: a newline, a semicolon or the end. */
static int parse_end(struct parser *p)
{
    if (p->token.kind == TOKEN_SEMICOLON || p->token.kind == TOKEN_NEWLINE)
        return advance(p);
    if (p->token.kind == TOKEN_END)
        return 0;
    return fail(p, p->token.place, "a new line or ; is missing here");
}

static int parse_set(struct parser *p)
{
    static const char *const words[] = {"set", "-eu"};
    if (skip_newlines(p))
        return -1;
    for (size_t i = 0; i < 2; i++) {
        if (p->token.kind != TOKEN_WORD || strcmp(p->token.word, words[i]) != 0)
            return fail(p, p->token.place, "a pipeline file begins with the line `set -eu`");
        if (advance(p))
            return -1;
    }
    return parse_end(p);
}

static int parse_all(struct parser *p, struct pipeline_file *file)
{
    uint32_t room = 0;
    for (;;) {
        if (skip_newlines(p))
            return -1;
        if (p->token.kind == TOKEN_END)
            return 0;
        file->pipeline =
            arena_grow(p->arena, file->pipeline, file->count, &room, sizeof *file->pipeline);
        if (parse_pipeline(p, &file->pipeline[file->count++]) || parse_end(p))
            return -1;
    }
}

/* ---- the whole ---- */

static int check_size(const char *path, const char *bytes, size_t len, struct error *error)
{
    enum { LARGEST = 1 << 20 };
    if (len > LARGEST)
        return error_set(error, EX_CONFIG, (struct place){.file = path},
                         "a pipeline file over 1 MiB: this is something else");
    if (len && memchr(bytes, '\0', len))
        return error_set(error, EX_CONFIG, (struct place){.file = path},
                         "a NUL byte: this is no text");
    return 0;
}

int pipeline_parse(struct arena *arena, const char *path, const char *bytes, size_t len,
                   variable_lookup *lookup, void *context, struct pipeline_file *file,
                   struct error *error)
{
    *file = (struct pipeline_file){.path = path};
    if (check_size(path, bytes, len, error))
        return -1;
    const char *start = len ? bytes : "";
    struct parser p = {.error = error, .arena = arena};
    p.scanner = (struct scanner){.arena = arena,
                                 .path = path,
                                 .at = start,
                                 .end = start + len,
                                 .line_start = start,
                                 .line = 1,
                                 .lookup = lookup,
                                 .context = context,
                                 .error = error};
    if (advance(&p) || parse_set(&p))
        return -1;
    return parse_all(&p, file);
}
