/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An error is a value: an exit code of sysexits, a place and a message.  The first one wins.
 *
 * error_set() fills an error that is still empty and returns -1, so that a function can end with
 * `return error_set(...)`; on an error that is already set it changes nothing.  main() prints it
 * once, as `marsad: file:line:column: stage: message`.  Messages name places and columns, never
 * the content of a cell (unless --show-values asks; see error_quote).
 */
#ifndef MARSAD_BASE_ERROR_H
#define MARSAD_BASE_ERROR_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sysexits.h>

struct place {
    const char *file; /* NULL: no place at all; lives as long as the run */
    uint64_t line;    /* 1 is the first; 0: unknown */
    uint32_t column; /* byte in the line, or field number in a record; 1 is the first; 0: unknown */
};

#define NOWHERE ((struct place){0})

struct error {
    int code; /* 0: none */
    struct place place;
    const char *stage; /* name of the stage that failed, or NULL */
    char message[1000];
};

int error_set(struct error *, int code, struct place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* A fault of the program itself: says so and ends with exit code 70. */
_Noreturn void error_bug(const char *what);

void error_print(const struct error *, FILE *);

#endif
