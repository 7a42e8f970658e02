/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/language.h"

#include <stddef.h>
#include <string.h>

static const char *const codes[LANGUAGES] = {"fr", "ar", "en"};

const char *language_code(enum language language)
{
    return codes[language];
}

enum language language_of(const char *code)
{
    for (int i = 0; code != NULL && i < LANGUAGES; i++)
        if (strcmp(code, codes[i]) == 0)
            return (enum language)i;
    return FRENCH;
}

bool language_parts(struct text t, struct text part[LANGUAGES])
{
    struct text rest = t;
    int n = 0;
    while (n < LANGUAGES && text_next(&rest, '|', &part[n]))
        n++;
    if (n == LANGUAGES && !rest.at)
        return true;
    for (n = 0; n < LANGUAGES; n++)
        part[n] = t;
    return false;
}
