/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See side.h. */
#include "format/side.h"
#include "format/code_order.h"
#include "format/note_set.h"
#include "table/fold.h"
#include "table/span.h"

void side_open(struct side *s, struct arena *arena)
{
    s->name = arena_zarray(arena, s->count + 1, sizeof(*s->name));
    s->labels = arena_zarray(arena, s->count + 1, sizeof(*s->labels));
    s->code = arena_zarray(arena, s->count + 1, sizeof(*s->code));
    s->block = arena_zarray(arena, s->count + 1, sizeof(*s->block));
}

bool side_has(const struct side *s, struct text name)
{
    for (uint32_t d = 0; d < s->count; d++)
        if (text_equal(s->name[d], name))
            return true;
    return false;
}

void side_order(const struct side *s, struct axis *axis, enum language language)
{
    for (uint32_t d = 0; d < s->count; d++)
        code_order_fill(axis, d, &s->labels[d], language);
}

/* "Demandes (personnes) · 2014" */
static struct text join_labels(struct arena *arena, struct text label, struct text part, bool unit)
{
    if (!unit)
        return text_join(arena, label, TEXT(" · "), part);
    return text_join(arena, text_join(arena, label, TEXT(" ("), part), TEXT(")"), TEXT(""));
}

struct text side_label(const struct side *s, const struct axis *axis, uint32_t item,
                       enum language language)
{
    struct text label = {"", 0};

    for (uint32_t d = 0; d < s->count; d++) {
        struct text part = labels_heading(&s->labels[d], axis_code(axis, item, d), language);
        if (text_missing(label))
            label = part;
        else if (!text_missing(part))
            label = join_labels(axis->arena, label, part, text_equal(s->name[d], TEXT("unit")));
    }
    return label;
}

struct text *side_ties(const struct side *s, const struct axis *axis, enum language language)
{
    struct text *tie = arena_array(axis->arena, (size_t)axis->item.count + 1, sizeof(*tie));
    char fold[FOLD_TEXT];

    for (uint32_t i = 0; i < axis->item.count; i++)
        tie[i] = text_copy(axis->arena, fold_text(side_label(s, axis, i, language), fold));
    return tie;
}

struct text side_block(const struct side *s, const struct entry *e)
{
    struct text block = {"", 0};

    for (uint32_t d = 0; !e->made && d < s->count; d++)
        if (s->block[d])
            block = text_join(e->axis->arena, block, TEXT("\n"), axis_code(e->axis, e->item, d));
    return block;
}

bool side_series(const struct side *s, const struct axis *axis)
{
    struct span first, span;

    if (s->count != 1 || !text_equal(s->name[0], TEXT("period")))
        return false;
    for (uint32_t i = 0; i < axis->code[0].count; i++) {
        if (!span_parse(axis->code[0].text[i], &span))
            return false;
        if (i == 0)
            first = span;
        if (span_is_day(span) != span_is_day(first) || span_months(span) != span_months(first))
            return false;
        if (!span_is_day(span) && span_months(span) == 0)
            return false;
    }
    return axis->code[0].count > 0;
}
