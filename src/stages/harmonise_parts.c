/* SPDX-License-Identifier: GPL-3.0-or-later */
/* harmonise --list quantity: qualifier, unit, currency, numerator and denominator beside the value.
 * Each distinct text is read once; what could not be read has no parts. */
#include "stages/harmonise.h"

enum { PARTS = 5 };

static const char *const part_names[PARTS] = {"qualifier", "unit", "currency", "numerator",
                                              "denominator"};

int parts_open(struct step *s, struct parts *p, struct schema *out)
{
    const char *prefix = step_option(s, "parts");
    p->texts = dictionary_new(step_arena(s), DICTIONARY_LIMIT);
    p->column = out->columns;
    for (int i = 0; i < PARTS; i++) {
        const char *name = arena_print(step_arena(s), "%s%s", prefix ? prefix : "", part_names[i]);
        if (schema_add(out, text_of(name)) == NO_COLUMN)
            return step_fail(s, EX_USAGE, NOWHERE,
                             "column \"%s\" exists already; --parts PREFIX names the new ones",
                             name);
    }
    return STEP_OK;
}

static struct quantity quantity_make(struct text t, int custom)
{
    struct quantity q;
    if (!quantity_read(t, (enum custom)custom, &q))
        q = (struct quantity){.value = decimal_missing(),
                              .numerator = decimal_missing(),
                              .denominator = decimal_missing(),
                              .qualifier = "",
                              .unit = "",
                              .currency = ""};
    return q;
}

static const struct quantity *quantity_of(struct step *s, struct parts *p, int custom,
                                          struct text t)
{
    uint32_t known = dictionary_count(p->texts), n = dictionary_add(p->texts, t);
    if (n < known)
        return &p->quantity[n];
    p->spare = quantity_make(t, custom);
    if (n == DICTIONARY_NONE)
        return &p->spare;
    p->quantity = arena_grow(step_arena(s), p->quantity, n, &p->room, sizeof *p->quantity);
    p->quantity[n] = p->spare;
    return &p->quantity[n];
}

void parts_fill(struct step *s, struct parts *p, int custom, const struct text *written,
                struct batch *out)
{
    struct text *words[3];
    struct decimal *numbers[2];
    for (uint32_t i = 0; i < 3; i++)
        words[i] = batch_new_text(out, p->column + i);
    for (uint32_t i = 0; i < 2; i++)
        numbers[i] = batch_new_decimal(out, p->column + 3 + i);
    for (uint32_t row = 0; row < out->rows; row++) {
        const struct quantity *q = quantity_of(s, p, custom, written[row]);
        words[0][row] = text_of(q->qualifier);
        words[1][row] = text_of(q->unit);
        words[2][row] = text_of(q->currency);
        numbers[0][row] = q->numerator;
        numbers[1][row] = q->denominator;
    }
}
