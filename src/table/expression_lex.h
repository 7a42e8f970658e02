/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tokens of the expression language.
 *
 * lexer_next() reads one token into `now`.  Signs that people type out of habit from other
 * languages, or that word processors put in, are refused with the sign to use instead.
 */
#ifndef MARSAD_TABLE_EXPRESSION_LEX_H
#define MARSAD_TABLE_EXPRESSION_LEX_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

enum token_kind {
    TOKEN_END,
    TOKEN_NUMBER,
    TOKEN_TEXT,   /* 'text' or "text" */
    TOKEN_WORD,   /* a bare column, a function, a keyword */
    TOKEN_COLUMN, /* [name] or `name` */
    TOKEN_SIGN,
};

struct token {
    enum token_kind kind;
    uint32_t at;      /* byte in the source */
    struct text text; /* without quotes, doubled ones halved */
};

struct lexer {
    struct arena *arena;
    const char *source;
    uint32_t at;
    struct token now;
    struct error *error;
};

int lexer_start(struct lexer *, struct arena *, const char *source, struct error *);
int lexer_next(struct lexer *);

/* The present token is this sign, or this word. */
bool lexer_is(const struct lexer *, const char *sign_or_word);

/* The error of EX_USAGE at a byte of the source, returned as -1. */
int lexer_fail(struct lexer *, uint32_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
