/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Totals and rates that stand in a note: `585 au
 * total` beside the years it should be the sum of, « environ 90 % » beside the numerator of a rate
 * of the catalogue.
 */
#include "base/quotient.h"
#include "table/reconcile_quote.h"
#include "table/reconcile_set.h"

static struct text fold_note(const struct claims *s, struct text note)
{
    char *room = arena_alloc(s->arena, (size_t)note.len + 1);
    return quote_fold(note, room);
}

/* ---- totals ---- */

/* `585 au total`, `total imprime 84 %`. */
static bool quoted_total(struct text t, struct quote *q)
{
    struct text behind = TEXT(" au total"), before = TEXT("total imprime ");
    for (uint32_t at = 0; quote_next(t, &at, q);) {
        struct text tail = {t.at + q->to, t.len - q->to};
        bool named = q->from >= before.len &&
                     memcmp(t.at + q->from - before.len, before.at, before.len) == 0;
        if (named || text_starts(tail, behind))
            return q->value.kind == NUMBER_EXACT;
    }
    return false;
}

/* Consecutive claims of one statement that carry the same note. */
static uint32_t sharing(const struct claims *s, uint32_t from)
{
    const struct claim *c = s->at[from];
    uint32_t n = 1;
    while (c->note.len && from + n < s->count && text_equal(s->at[from + n]->note, c->note) &&
           text_equal(s->at[from + n]->indicator, c->indicator) &&
           same_printing(s->at[from + n], c))
        n++;
    return n;
}

static struct decimal sum_of(struct claim *const *c, uint32_t n)
{
    struct decimal sum = decimal_of(0);
    for (uint32_t i = 0; i < n; i++)
        sum = decimal_plus(sum, c[i]->value);
    return sum;
}

static void tale_sum(struct tale *t, struct claim *const *c, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        tale_say(t, i ? " + " : "");
        tale_number(t, c[i]->value);
    }
    tale_say(t, " = ");
    tale_number(t, sum_of(c, n));
}

/* Some first ones of the claims that make the quoted total; 0 for none. */
static uint32_t first_that_make(struct claim *const *c, uint32_t n, struct decimal total)
{
    for (uint32_t k = 2; k < n; k++)
        if (decimal_compare(sum_of(c, k), total) == 0)
            return k;
    return 0;
}

static void tell_total(struct claims *s, struct claim *const *c, uint32_t n, struct decimal total)
{
    bool years = !span_equal(c[0]->period, c[n - 1]->period);
    struct finding *f = finding_new(s, years ? CLASS_YEARS : CLASS_SUM, WEIGHT_DOUBT);
    struct tale t = tale_new(s), until = tale_new(s);
    uint32_t k = first_that_make(c, n, total);
    for (uint32_t i = 0; i < n; i++)
        contradiction_add(s, f, c[i]);
    tale_sum(&t, c, n);
    tale_say(&t, " ≠ ");
    tale_number(&t, total);
    if (k) {
        tale_say(&t, " ; ");
        tale_sum(&t, c, k);
        tale_text(&until, c[k - 1]->period_text);
        finding_read(s, f, "Le total cité s’arrête à %1 : il ne couvre pas toute la série.",
                     "The quoted total stops at %1: it does not cover the whole series.",
                     tale_end(&until), TEXT(""));
    } else {
        finding_read(s, f, "Le total cité dans la note n’est pas la somme des lignes.",
                     "The total that the note quotes is not the sum of the rows.", TEXT(""),
                     TEXT(""));
    }
    f->evidence = tale_end(&t);
}

static void find_totals(struct claims *s)
{
    for (uint32_t i = 0, n; i < s->count; i += n) {
        struct quote q;
        n = sharing(s, i);
        if (n < 2 || !quoted_total(fold_note(s, s->at[i]->note), &q))
            continue;
        if (decimal_compare(sum_of(s->at + i, n), q.value) != 0)
            tell_total(s, s->at + i, n, q.value);
    }
}

/* ---- rates ---- */

/* Within quotation marks or behind `environ`, `about`: said, not computed by whoever noted it. */
static bool is_said(struct text t, uint32_t from)
{
    uint32_t start = from > 26 ? from - 26 : 0;
    struct text before = {t.at + start, from - start};
    for (uint32_t i = 0; i + 1 < before.len; i++) /* after a closing mark nothing is said */
        if (memcmp(before.at + i, "\xC2\xBB", 2) == 0 || before.at[i] == '=') {
            before.at += i + 1;
            before.len -= i + 1;
            i = UINT32_MAX;
        }
    return text_holds(before, "\xC2\xAB") || text_holds(before, "environ ") ||
           text_holds(before, "about ");
}

static void tell_rate(struct claims *s, const struct claim *part, const struct claim *whole,
                      struct decimal said)
{
    struct finding *f = finding_new(s, CLASS_TEXT, WEIGHT_DOUBT);
    struct tale t = tale_new(s), p = tale_new(s);
    contradiction_add(s, f, part);
    contradiction_add(s, f, whole);
    tale_ratio(&t, part->value, whole->value, 1);
    tale_say(&t, " ≠ ");
    tale_number(&p, said);
    tale_text(&t, tale_end(&p));
    tale_say(&t, " %");
    f->evidence = tale_end(&t);
    finding_read(s, f, "Le taux cité (%1 %) ne suit pas des effectifs du même producteur.",
                 "The rate that is quoted (%1 %) does not follow from the counts of that producer.",
                 tale_end(&p), TEXT(""));
}

/* Two points and more apart: the text rounds. */
static bool is_far(const struct claim *part, const struct claim *whole, struct decimal said)
{
    char text[QUOTIENT_TEXT];
    if (whole->value.mantissa <= 0)
        return false;
    size_t n = quotient_format(part->value, whole->value, 2, 4, text);
    struct decimal q = decimal_parse((struct text){text, (uint32_t)n});
    return q.kind == NUMBER_EXACT && decimal_compare(decimal_distance(q, said), decimal_of(2)) >= 0;
}

static void try_rate(struct claims *s, const struct claim *c, struct text whole,
                     struct decimal said)
{
    const struct group *g = claims_group(s, whole, false, c->place);
    const struct claim *w = claim_nearest(g, c, c->period);
    if (w && producers_equal(w, c) && is_far(c, w, said))
        tell_rate(s, c, w, said);
}

static void try_rates(struct claims *s, const struct claim *c, struct decimal said)
{
    const struct table *t = s->catalogue;
    int formula = t ? schema_find(t->schema, TEXT("formula")) : NO_COLUMN;
    struct text a, b;
    for (uint32_t row = 0; formula != NO_COLUMN && row < t->rows; row++)
        if (ratio_operands(table_get(t, row, formula), &a, &b) && text_equal(a, c->indicator))
            try_rate(s, c, b, said);
}

void find_quoted(struct claims *s)
{
    find_totals(s);
    for (uint32_t i = 0; i < s->count; i++) {
        const struct claim *c = s->at[i];
        struct text note = fold_note(s, c->note);
        struct quote q;
        for (uint32_t at = 0; !c->percent && quote_next(note, &at, &q);)
            if (q.percent && q.value.kind == NUMBER_EXACT && is_said(note, q.from))
                try_rates(s, c, q.value);
    }
}
