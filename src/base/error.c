/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

int error_set(struct error *e, int code, struct place place, const char *format, ...)
{
    if (e->code)
        return -1;
    va_list list;
    va_start(list, format);
    vsnprintf(e->message, sizeof e->message, format, list);
    va_end(list);
    e->code = code;
    e->place = place;
    return -1;
}

void error_bug(const char *what)
{
    fprintf(stderr, "marsad: a fault of the program itself: %s\n", what);
    exit(EX_SOFTWARE);
}

void error_print(const struct error *e, FILE *to)
{
    fputs("marsad: ", to);
    if (e->place.file) {
        fprintf(to, "%s:", e->place.file);
        if (e->place.line)
            fprintf(to, "%" PRIu64 ":", e->place.line);
        if (e->place.column)
            fprintf(to, "%" PRIu32 ":", e->place.column);
        fputc(' ', to);
    }
    if (e->stage)
        fprintf(to, "%s: ", e->stage);
    fprintf(to, "%s\n", e->message);
}
