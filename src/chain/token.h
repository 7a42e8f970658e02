/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words of a pipeline file: the part of the POSIX shell's token rules that has no surprises.
 *
 * Accepted: blanks, comments, 'single', "double" with \$ \` \" \\, \x outside quotes, \newline,
 * and inside double quotes "$NAME", "${NAME}", "${NAME:-text}".  All else that a shell would
 * treat specially is an error that says what to write instead, so that an accepted text has the
 * same words in every shell.  Words are expanded while they are read (quoting makes splitting and
 * patterns impossible) and live in the arena.  Rules: POSIX.1-2017, XCU 2.2, 2.3, 2.6.
 */
#ifndef MARSAD_CHAIN_TOKEN_H
#define MARSAD_CHAIN_TOKEN_H

#include "base/arena.h"
#include "base/error.h"

enum token_kind {
    TOKEN_WORD,
    TOKEN_PIPE,
    TOKEN_SEMICOLON,
    TOKEN_NEWLINE,
    TOKEN_IN,  /* < */
    TOKEN_OUT, /* > */
    TOKEN_END,
};

struct token {
    enum token_kind kind;
    const char *word; /* TOKEN_WORD: expanded, unquoted */
    bool plain;       /* TOKEN_WORD: no quote, backslash or variable in it */
    struct place place;
};

/* The value of a variable, or NULL where it is not set. */
typedef const char *variable_lookup(void *context, const char *name);

struct scanner {
    struct arena *arena;
    const char *path; /* for messages */
    const char *at, *end;
    const char *line_start;
    uint64_t line;
    variable_lookup *lookup;
    void *context;
    struct error *error;
    char *word; /* under construction */
    size_t len, room;
};

/* 0, or -1 with the scanner's error set (EX_CONFIG). */
int token_next(struct scanner *, struct token *);

#endif
