/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The notes of a table while they are gathered: distinct, and sorted at the end.
 *
 * A note is `kind,key` and a text in three languages; texts are copied.  note_set_sort() orders by
 * kind, key and texts (bytes), so that notes do not depend on the order of the data.
 */
#ifndef MARSAD_FORMAT_NOTE_SET_H
#define MARSAD_FORMAT_NOTE_SET_H

#include "format/label.h"

struct note {
    struct text kind, key, text[LANGUAGES];
};

struct note_set {
    struct arena *arena;
    struct keys seen;
    struct note *note; /* [seen.count] */
    uint32_t room;
};

void note_set_open(struct note_set *, struct arena *);
void note_set_add(struct note_set *, const char *kind, struct text key,
                  const struct text text[LANGUAGES]);
void note_set_sort(struct note_set *);

/* A piece of text for note_set_add(), joined with others in each language. */
struct text text_join(struct arena *, struct text a, struct text b, struct text c);

#endif
