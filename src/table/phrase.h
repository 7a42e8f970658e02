/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a name is wrapped in: `ressortissants de`, `République de`, `(nationals)`, a footnote mark.
 *
 * The words of wrapping are a table with the columns text and place: `before` and `after` the name,
 * `both`, `link` (of, de: falls with a wrapper that it follows or precedes), and `state`, an
 * adjective behind the name that falls only where a wrapper before it fell.  All is compared by
 * folds.  Nothing is guessed here: the caller looks for what is left in a list.
 *
 * Cost: a pass over the wrappings for each word that falls.  Misuse: on texts that the list knows
 * as they are (`République dominicaine`): those must have been looked for before.
 */
#ifndef MARSAD_TABLE_PHRASE_H
#define MARSAD_TABLE_PHRASE_H

#include "table/table.h"

struct wrapping {
    uint32_t at, len; /* of the folded words in `bytes` */
    uint32_t place;
};

/* Flat, so that those made when marsad was built are used where the linker put them. */
struct phrases {
    const char *bytes;
    const struct wrapping *wrapping;
    uint32_t count, length; /* length: of bytes */
};

/* NULL and *error where a column is missing or a place is not known. */
struct phrases *phrases_new(struct arena *, const struct table *, struct error *);

/* Takes one wrapper off a fold, in front or at the back as long as that goes; *fell remembers
 * between calls that one fell in front.  False: there is none, or nothing would be left.  Callers
 * try both orders: `nationals of United Kingdom`, `Democratic Republic of the Congo (Republic)`. */
bool phrase_unwrap(const struct phrases *, bool back_first, struct text *folded, bool *fell);

/* A fold without the links in front. */
struct text phrase_unlink(const struct phrases *, struct text folded);

/* A text as written without its marks: a number in front (`3. `, `12 -`), notes behind (`(1)`,
 * `[a]`, raised digits, one digit that sticks to the last letter). */
struct text phrase_unmark(struct text);

/* `d'É.-U.`: folding would join the d to the initials (DEU): such a text is better left alone. */
bool phrase_elides_initial(struct text);

/* Strokes, commas, `et`, `ou`, `و`: several names may be meant, unlike in brackets. */
bool phrase_enumerates(struct text);

/* The next piece between brackets, commas, strokes, `et`, `ou`, `و`; false at the end. */
bool phrase_piece(struct text *rest, struct text *piece);

#endif
