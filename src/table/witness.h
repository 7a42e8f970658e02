/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the other rows of a source say about an ambiguous name: `Congo` beside `RDC`, or beside
 * `Congo-Brazzaville`.
 *
 * Two kinds of source, and the caller must say which, for they decide the opposite.  Records (one
 * row a person): who writes RDC elsewhere and never Congo-Brazzaville means the RDC by `Congolais`;
 * the one candidate decides that other rows have by a plain name.  A list (one row a country): each
 * country stands there once, so that beside Congo-Brazzaville, `Congo` is the other; the one
 * candidate decides that no other row has, where all the rest are there and no second ambiguous row
 * could be it.  In every other case nothing is decided.
 *
 * Memory: the distinct texts, and the distinct pairs of source and code.
 */
#ifndef MARSAD_TABLE_WITNESS_H
#define MARSAD_TABLE_WITNESS_H

#include "table/codelist.h"

struct witnesses;

enum { WITNESS_RECORDS, WITNESS_LIST };

/* `text` and `source` are columns of the table; `source` may be NO_COLUMN: all is one source. */
struct witnesses *witnesses_new(struct arena *, const struct codelist *, const struct table *,
                                int text, int source);

/* The one of `candidates` (`COD|COG`) that the rows of this source decide for; else empty. */
struct text witness_decide(const struct witnesses *, int kind, struct text source,
                           struct text candidates);

#endif
