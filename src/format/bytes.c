/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See bytes.h. */
#include "format/bytes.h"
#include "base/memory.h"

#include <stdlib.h>

static char *make_room(struct bytes *b, size_t n)
{
    b->at = memory_grow(b->at, &b->room, b->len + n, 1);
    return b->at + b->len;
}

void bytes_add(struct bytes *b, const void *at, size_t n)
{
    if (n == 0)
        return;
    memcpy(make_room(b, n), at, n);
    b->len += n;
}

void bytes_text(struct bytes *b, struct text t)
{
    bytes_add(b, t.at, t.len);
}

void bytes_string(struct bytes *b, const char *string)
{
    bytes_add(b, string, strlen(string));
}

void bytes_char(struct bytes *b, char c, size_t times)
{
    if (times == 0)
        return;
    memset(make_room(b, times), c, times);
    b->len += times;
}

void bytes_free(struct bytes *b)
{
    free(b->at);
    *b = (struct bytes){0};
}
