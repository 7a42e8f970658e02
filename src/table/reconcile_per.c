/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Printed rates per 1 000 or 100 000 inhabitants against the two counts that they are made of.
 *
 * Which ones says the formula of the catalogue, `per(A, B, 100000)`.  Any printing of the one over
 * any of the other in the rate's period will do, rounded or cut off: a rate follows, or from none.
 * Cost: for each rate the printings of its two counts.
 */
#include "base/quotient.h"
#include "table/reconcile_set.h"

struct per {
    const struct group *part, *whole;
    int shift; /* 3: of 1 000 */
};

/* The next operand, up to a comma or the closing bracket. */
static struct text operand(struct text *rest)
{
    struct text t = TEXT("");
    text_next(rest, ',', &t);
    t = text_trim(t);
    t.len -= t.len && t.at[t.len - 1] == ')';
    return t;
}

static bool per_of(const struct claims *s, const struct claim *c, struct per *per)
{
    struct text name = TEXT("per("), formula = catalogue_cell(s, c->indicator, "formula");
    if (!text_starts(formula, name))
        return false;
    struct text rest = {formula.at + name.len, formula.len - name.len};
    struct text part = operand(&rest), whole = operand(&rest), scale = operand(&rest);
    per->part = claims_group(s, part, false, c->place);
    per->whole = claims_group(s, whole, false, c->place);
    per->shift = (int)scale.len - 1;
    return per->part && per->whole && per->shift > 0 && per->shift <= 9;
}

/* part / whole, with the places of the rate. */
static struct decimal rate_of(const struct per *per, const struct claim *part,
                              const struct claim *whole, const struct claim *c)
{
    char text[QUOTIENT_TEXT];
    size_t n = quotient_format(part->value, whole->value, per->shift, c->value.scale, text);
    return decimal_parse((struct text){text, (uint32_t)n});
}

/* Of the rate's period, or a day within it. */
static bool is_of(const struct claim *count, const struct claim *c)
{
    return (span_holds(c->period, count->period) || span_equal(c->period, count->period)) &&
           scopes_agree(count, c) && !count->planned && count->value.mantissa > 0;
}

static void tell_per(struct claims *s, const struct claim *c, const struct claim *part,
                     const struct claim *whole, struct decimal rate)
{
    struct finding *f = finding_new(s, CLASS_SHARE, WEIGHT_ERROR);
    struct tale t = tale_new(s), number = tale_new(s);
    contradiction_add(s, f, part);
    contradiction_add(s, f, whole);
    contradiction_add(s, f, c);
    f->doubtful = c;
    tale_claim(&t, part);
    tale_say(&t, " / ");
    tale_claim(&t, whole);
    tale_say(&t, " = ");
    tale_number(&t, rate);
    tale_say(&t, " ≠ ");
    tale_claim(&t, c);
    f->evidence = tale_end(&t);
    tale_number(&number, rate);
    finding_read(s, f, "Le taux imprimé ne suit pas des deux effectifs, qui font %1.",
                 "The printed rate does not follow from the two counts, which make %1.",
                 tale_end(&number), TEXT(""));
    tell_slip_beside(s, f, c, rate);
}

static void try_per(struct claims *s, const struct claim *c, const struct per *per)
{
    const struct claim *part = NULL, *whole = NULL;
    for (uint32_t i = 0; i < per->part->claims; i++)
        for (uint32_t k = 0; k < per->whole->claims; k++) {
            const struct claim *a = per->part->claim[i], *b = per->whole->claim[k];
            if (!is_of(a, c) || !is_of(b, c))
                continue;
            struct decimal off = decimal_distance(rate_of(per, a, b, c), c->value);
            if (off.kind != NUMBER_EXACT || decimal_compare(off, decimal_step(c->value)) <= 0)
                return;
            bool own = !part || producers_equal(a, c);
            part = own ? a : part;
            whole = own ? b : whole;
        }
    if (part)
        tell_per(s, c, part, whole, rate_of(per, part, whole, c));
}

void find_per(struct claims *s)
{
    struct per per;
    for (uint32_t i = 0; i < s->count; i++)
        if (claim_exact(s->at[i]) && per_of(s, s->at[i], &per))
            try_per(s, s->at[i], &per);
}
