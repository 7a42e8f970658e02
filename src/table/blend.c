/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/blend.h"

struct blend blend_new(struct arena *a, const struct ranks ranks[2])
{
    return (struct blend){.arena = a, .ranks = ranks};
}

static void add_vintage(struct blend *b, const struct observation *o)
{
    bool unknown = o->as_of.last < 0, was_unknown = b->begun && b->latest.last < 0;
    if (b->begun && (was_unknown || (!unknown && span_compare(o->as_of, b->latest) <= 0)))
        return;
    b->latest = o->as_of;
    b->as_of = o->field[OBS_AS_OF];
}

static void add_source(struct blend *b, const struct observation *o)
{
    struct text producer = o->field[OBS_PRODUCER], source = o->field[OBS_SOURCE];
    text_list_add(b->arena, &b->producers, producer);
    text_list_add(b->arena, &b->sources, source);
    struct text both[2] = {producer, source};
    struct text_list pair = {.count = source.len ? 2 : 1, .room = 2, .at = both};
    text_list_add(b->arena, &b->cited, text_list_join(b->arena, &pair, ": "));
}

void blend_add(struct blend *b, const struct observation *o, enum bearing bearing)
{
    add_vintage(b, o);
    add_source(b, o);
    b->confidentiality =
        ranks_worst(&b->ranks[1], b->confidentiality, o->field[OBS_CONFIDENTIALITY]);
    b->bearing = bearing_join(b->bearing, bearing);
    blend_worsen(b, o->field[OBS_STATUS]);
    b->begun = true;
}

void blend_worsen(struct blend *b, struct text status)
{
    b->status = ranks_worst(&b->ranks[0], b->status, status);
}

void blend_fill(struct blend *b, struct observation *o)
{
    bool several = b->producers.count > 1;
    o->field[OBS_PRODUCER] = several ? TEXT("marsad") : TEXT("");
    if (b->producers.count == 1)
        o->field[OBS_PRODUCER] = b->producers.at[0];
    o->field[OBS_AS_OF] = b->as_of;
    o->as_of = b->latest;
    o->bearing = b->bearing;
    o->field[OBS_QUALIFIER] = bearing_text(b->bearing);
    o->field[OBS_STATUS] = text_missing(b->status) ? TEXT("A") : b->status;
    o->field[OBS_CONFIDENTIALITY] = b->confidentiality;
    o->field[OBS_SOURCE] =
        text_list_join(b->arena, several ? &b->cited : &b->sources, "; ");
}
