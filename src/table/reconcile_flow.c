/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Figures that count something else: money divided by a price, the flow the other way.
 *
 * Which flow is the inverse of which says the catalogue (`flux inverse de CODE` in a note).  A
 * series of money is one whose unit is a currency, or amounts that a note lists: `7 / 10,5 / 21
 * MDH`.
 */
#include "table/reconcile_quote.h"
#include "table/reconcile_set.h"

enum { MOST_AMOUNTS = 16 };

/* ---- money ---- */

static bool is_money(const struct claim *c)
{
    static const char *const units[] = {"MAD", "DH", "MDH", "EUR", "USD", "MEUR", "MUSD", "KMAD"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (text_equal(c->unit, text_of(units[i])))
            return true;
    return text_starts(c->unit, TEXT("MIO_"));
}

/* a1/v1 = a2/v2 */
static bool same_price(struct decimal a1, struct decimal v1, struct decimal a2, struct decimal v2)
{
    struct decimal x = decimal_multiply(a1, v2), y = decimal_multiply(a2, v1);
    return x.kind == NUMBER_EXACT && y.kind == NUMBER_EXACT && decimal_compare(x, y) == 0;
}

static void tale_price(struct tale *t, struct decimal amount, struct decimal value, bool first)
{
    tale_say(t, first ? "" : " = ");
    tale_number(t, amount);
    tale_say(t, "/");
    tale_number(t, value);
}

static void read_money(struct claims *s, struct finding *f, struct text evidence)
{
    f->evidence = evidence;
    finding_read(s, f,
                 "Toujours le même prix par unité (%1) : un effectif budgétaire, non un décompte.",
                 "Always the same price a head (%1): a number from a budget, not a count.",
                 evidence, TEXT(""));
}

/* Claims of one note that lists as many amounts as there are claims. */
static void try_note(struct claims *s, uint32_t from, uint32_t n)
{
    struct decimal amount[MOST_AMOUNTS];
    struct claim *const *c = s->at + from;
    struct quote q;
    uint32_t found = 0;
    for (uint32_t at = 0; found < MOST_AMOUNTS && quote_next(c[0]->note, &at, &q);)
        amount[found++] = q.value;
    if (found == 0 || found < n || amount[0].mantissa <= 0)
        return;
    for (uint32_t i = 1; i < n; i++)
        if (!same_price(amount[0], c[0]->value, amount[i], c[i]->value))
            return;
    struct finding *f = finding_new(s, CLASS_MONEY, WEIGHT_ERROR);
    struct tale t = tale_new(s);
    for (uint32_t i = 0; i < n; i++) {
        contradiction_add(s, f, c[i]);
        tale_price(&t, amount[i], c[i]->value, i == 0);
    }
    read_money(s, f, tale_end(&t));
}

static bool names_money(struct text note)
{
    return text_holds(note, "MDH") || text_holds(note, " DH") || text_holds(note, "millions") ||
           text_holds(note, "euros") || text_holds(note, "dirhams");
}

static void find_money_notes(struct claims *s)
{
    for (uint32_t i = 0, n; i < s->count; i += n) {
        const struct claim *c = s->at[i];
        for (n = 1; i + n < s->count && s->at[i + n]->group == c->group && c->note.len &&
                    text_equal(s->at[i + n]->note, c->note);)
            n++;
        if (n >= 3 && names_money(c->note))
            try_note(s, i, n);
    }
}

/* The claim of a group for that period, that of the same producer before others. */
static const struct claim *paid(const struct group *g, const struct claim *c)
{
    const struct claim *found = NULL;
    for (uint32_t i = 0; i < g->claims; i++)
        if (span_equal(g->claim[i]->period, c->period)) {
            if (producers_equal(g->claim[i], c))
                return g->claim[i];
            found = g->claim[i];
        }
    return found;
}

static void try_money(struct claims *s, const struct group *counts, const struct group *money)
{
    const struct claim *first = NULL, *first_paid = NULL;
    struct finding *f = NULL;
    struct tale t = tale_new(s);
    uint32_t n = 0, least = 2;
    for (uint32_t i = 0; i < counts->claims; i++) {
        const struct claim *c = counts->claim[i], *m = paid(money, c);
        if (!m || c->value.mantissa <= 0 || m->value.mantissa <= 0)
            continue;
        if (first && !same_price(first_paid->value, first->value, m->value, c->value)) {
            if (f)
                s->findings--;
            return;
        }
        if (!f)
            f = finding_new(s, CLASS_MONEY, WEIGHT_ERROR);
        first = first ? first : c;
        first_paid = first_paid ? first_paid : m;
        contradiction_add(s, f, c);
        contradiction_add(s, f, m);
        tale_price(&t, m->value, c->value, n++ == 0);
        least = producers_equal(c, m) ? least : 3; /* of another house: chance takes longer */
    }
    if (f && n < least)
        s->findings--;
    else if (f)
        read_money(s, f, tale_end(&t));
}

void find_money(struct claims *s)
{
    find_money_notes(s);
    for (uint32_t m = 0; m < s->groups; m++)
        for (uint32_t i = 0; is_money(s->group[m].claim[0]) && i < s->groups; i++)
            if (!is_money(s->group[i].claim[0]) && !s->group[i].claim[0]->percent &&
                text_equal(s->group[i].claim[0]->place, s->group[m].claim[0]->place))
                try_money(s, &s->group[i], &s->group[m]);
}

/* ---- the opposite flow ---- */

/* The indicator that a note of the catalogue calls the inverse of this one. */
static struct text inverse_of(const struct claims *s, struct text code)
{
    struct text words = TEXT("flux inverse de ");
    const struct table *t = s->catalogue;
    int key = t ? schema_find(t->schema, TEXT("code")) : NO_COLUMN;
    int note = t ? schema_find(t->schema, TEXT("note")) : NO_COLUMN;
    for (uint32_t row = 0; key != NO_COLUMN && note != NO_COLUMN && row < t->rows; row++) {
        struct text say = table_get(t, row, note);
        if (!text_equal(table_get(t, row, key), code) || !text_starts(say, words))
            continue;
        struct text other = {say.at + words.len, say.len - words.len}, word;
        text_next(&other, ' ', &word);
        return word;
    }
    return TEXT("");
}

static void tell_direction(struct claims *s, const struct claim *here, const struct claim *there,
                           struct decimal value)
{
    struct finding *f = finding_new(s, CLASS_DIRECTION, WEIGHT_ERROR);
    struct tale t = tale_new(s);
    contradiction_add(s, f, here);
    contradiction_add(s, f, there);
    tale_text(&t, here->indicator);
    tale_say(&t, ": ");
    tale_number(&t, value);
    tale_say(&t, " = ");
    tale_text(&t, there->indicator);
    tale_say(&t, ": ");
    tale_claim(&t, there);
    f->evidence = tale_end(&t);
    f->used = there;
    finding_read(
        s, f, "La même valeur pour le flux inverse : garder l’origine et la destination (%1 / %2).",
        "The same value for the opposite flow: keep origin and destination (%1 / %2).",
        here->indicator, there->indicator);
}

static void try_direction(struct claims *s, const struct claim *here, const struct claim *there)
{
    struct quote q;
    if (digits_significant(there->value) < 3 || !span_equal(here->period, there->period))
        return;
    if (values_equal(here, there)) {
        tell_direction(s, here, there, here->value);
        return;
    }
    for (uint32_t at = 0; quote_next(here->note, &at, &q);)
        if (q.value.kind == NUMBER_EXACT && decimal_compare(q.value, there->value) == 0) {
            tell_direction(s, here, there, q.value);
            return;
        }
}

/* ---- the direction as an axis, or as two countries ---- */

bool axis_is_flow(struct text name)
{
    static const char *const names[] = {"direction", "flow", "flux", "sens"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(name, text_of(names[i])))
            return true;
    return false;
}

static const struct axis *axis_named(const struct claim *c, const char *name)
{
    for (uint32_t i = 0; i < c->axes; i++)
        if (text_equal(c->axis[i].name, text_of(name)))
            return &c->axis[i];
    return NULL;
}

/* From one country to the other, and back. */
static bool is_way_back(const struct claim *a, const struct claim *b, const char *from)
{
    const struct axis *a_from = axis_named(a, from), *a_to = axis_named(a, "destination");
    const struct axis *b_from = axis_named(b, from), *b_to = axis_named(b, "destination");
    return a_from && a_to && b_from && b_to && a->axes == b->axes &&
           text_equal(a_from->code, b_to->code) && text_equal(a_to->code, b_from->code) &&
           !text_equal(a_from->code, a_to->code);
}

/* Alike but for the direction. */
static bool is_other_way(const struct claim *a, const struct claim *b)
{
    bool turned = false;
    for (uint32_t i = 0; a->axes == b->axes && i < a->axes; i++) {
        if (text_equal(a->axis[i].code, b->axis[i].code))
            continue;
        if (turned || !axis_is_flow(a->axis[i].name) || !axis_is_flow(b->axis[i].name))
            return false;
        turned = true;
    }
    return turned;
}

/* The claims that say where from or where to. */
static uint32_t with_way(const struct claims *s, const struct claim **out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->count; i++)
        for (uint32_t k = 0; k < s->at[i]->axes; k++) {
            struct text name = s->at[i]->axis[k].name;
            if (axis_is_flow(name) || text_equal(name, TEXT("destination"))) {
                out[n++] = s->at[i];
                break;
            }
        }
    return n;
}

static void find_turned(struct claims *s)
{
    const struct claim **way = arena_array(s->arena, (size_t)s->count + 1, sizeof *way);
    uint32_t n = with_way(s, way);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < i; k++) {
            const struct claim *a = way[k], *b = way[i];
            if (!values_equal(a, b) || digits_significant(a->value) < 3 ||
                !text_equal(a->indicator, b->indicator) || !span_equal(a->period, b->period) ||
                same_printing(a, b))
                continue;
            if (is_other_way(a, b) || is_way_back(a, b, "nationality") ||
                is_way_back(a, b, "origin"))
                tell_direction(s, a, b, a->value);
        }
}

/* The first claim of the opposite flow with this value, so that one slip is told once. */
void find_direction(struct claims *s)
{
    find_turned(s);
    for (uint32_t i = 0; i < s->count; i++) {
        const struct claim *c = s->at[i];
        struct text code = inverse_of(s, c->indicator);
        const struct group *g = code.len ? claims_group(s, code, c->percent, c->place) : NULL;
        for (uint32_t k = 0; g && k < g->claims; k++) {
            bool again = false;
            for (uint32_t j = 0; j < k; j++)
                again |= span_equal(g->claim[j]->period, g->claim[k]->period) &&
                         values_equal(g->claim[j], g->claim[k]);
            if (!again)
                try_direction(s, c, g->claim[k]);
        }
    }
}
