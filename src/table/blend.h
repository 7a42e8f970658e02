/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A blend is what the parts of a computed figure have in common: whose it is, how late, how sure.
 *
 * blend_add() for each part, then blend_fill() writes producer (the one, or `marsad` with the producers
 * named in the source), as_of (the latest; unknown where a part's is unknown), qualifier, status (the
 * worst), confidentiality (the strictest) and source.
 */
#ifndef MARSAD_TABLE_BLEND_H
#define MARSAD_TABLE_BLEND_H

#include "table/observation.h"

struct blend {
    struct arena *arena;
    const struct ranks *ranks; /* of statuses, of confidentiality */
    struct text_list producers, sources, cited; /* cited: with the producer before it */
    struct text status, confidentiality, as_of;
    struct span latest;
    enum bearing bearing;
    bool begun;
};

struct blend blend_new(struct arena *, const struct ranks ranks[2]);

/* A part, and which way its bearing moves the result. */
void blend_add(struct blend *, const struct observation *, enum bearing);
void blend_worsen(struct blend *, struct text status);
void blend_fill(struct blend *, struct observation *);

#endif
