/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/grammar.h"

#include "table/age_class.h"
#include "table/quantity.h"

static enum match read_period(struct text t, struct written_habits habits, struct arena *arena,
                              struct text *codes)
{
    static const enum match matches[] = {
        [WRITTEN_EXACT] = MATCH_EXACT,
        [WRITTEN_READ] = MATCH_FOLDED,
        [WRITTEN_AMBIGUOUS] = MATCH_AMBIGUOUS,
        [WRITTEN_UNKNOWN] = MATCH_UNKNOWN,
    };
    struct written_period p;
    enum written_match m = written_period_read(t, habits, &p);
    char *out = arena_alloc(arena, WRITTEN_READINGS * (PERIOD_TEXT + 1));
    uint32_t len = 0;
    for (uint32_t i = 0; i < p.readings; i++) {
        if (i)
            out[len++] = '|';
        len += (uint32_t)period_format(p.reading[i].first, p.reading[i].last, out + len);
    }
    *codes = (struct text){out, len};
    return matches[m];
}

static enum match read_age(struct text t, struct written_habits habits, struct arena *arena,
                           struct text *codes)
{
    (void)habits;
    struct age_class c;
    enum age_match m = age_class_read(t, &c);
    char *out = arena_alloc(arena, 2 * AGE_CLASS_TEXT + 1);
    *codes = (struct text){out, 0};
    if (m == AGE_UNKNOWN)
        return MATCH_UNKNOWN;
    codes->len = (uint32_t)age_class_format(c, out);
    if (m == AGE_READ)
        return text_equal(t, *codes) ? MATCH_EXACT : MATCH_FOLDED;
    out[codes->len++] = '|';
    c.first++;
    codes->len += (uint32_t)age_class_format(c, out + codes->len);
    return MATCH_AMBIGUOUS;
}

/* What cannot be told without the language is ambiguous where both languages can: 35,510. */
static enum match read_quantity(struct text t, struct written_habits habits, struct arena *arena,
                                struct text *codes)
{
    struct quantity q, other;
    char *out = arena_alloc(arena, 2 * DECIMAL_TEXT + 1);
    *codes = (struct text){out, 0};
    if (quantity_read(t, (enum custom)habits.custom, &q)) {
        codes->len = (uint32_t)decimal_format(q.value, out);
        return text_equal(t, *codes) ? MATCH_EXACT : MATCH_FOLDED;
    }
    if (habits.custom != CUSTOM_NONE || !quantity_read(t, CUSTOM_FRENCH, &q) ||
        !quantity_read(t, CUSTOM_ENGLISH, &other))
        return MATCH_UNKNOWN;
    codes->len = (uint32_t)decimal_format(q.value, out);
    out[codes->len++] = '|';
    codes->len += (uint32_t)decimal_format(other.value, out + codes->len);
    return MATCH_AMBIGUOUS;
}

grammar_read *grammar_of(const char *list)
{
    if (strcmp(list, "period") == 0)
        return read_period;
    if (strcmp(list, "quantity") == 0)
        return read_quantity;
    return strcmp(list, "age_group") == 0 ? read_age : NULL;
}
