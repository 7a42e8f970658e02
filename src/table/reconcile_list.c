/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two lists of the same thing: values under other labels, a value copied from the row above.
 */
#include "table/reconcile_set.h"

enum { MOST_ROWS = 200 };

static bool same_subject(const struct list *a, const struct list *b)
{
    const struct claim *x = a->claim[0], *y = b->claim[0];
    return text_equal(x->indicator, y->indicator) && x->percent == y->percent &&
           span_equal(x->period, y->period) &&
           text_equal(x->axis[a->axis].name, y->axis[b->axis].name) && x->axes == y->axes;
}

/* ---- the same values under other labels ---- */

struct shift {
    uint32_t count;
    const struct claim *a[MOST_ROWS], *b[MOST_ROWS]; /* same label, different values */
};

static struct shift labels_in_both(const struct list *a, const struct list *b)
{
    struct shift x = {.count = 0};
    for (uint32_t i = 0; i < a->claims; i++)
        for (uint32_t k = 0; k < b->claims && x.count < MOST_ROWS; k++)
            if (text_equal(a->claim[i]->place, b->claim[k]->place) &&
                !values_equal(a->claim[i], b->claim[k])) {
                x.a[x.count] = a->claim[i];
                x.b[x.count++] = b->claim[k];
            }
    return x;
}

static uint32_t times(const struct claim *const *list, uint32_t n, const struct claim *value)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < n; i++)
        found += values_equal(list[i], value);
    return found;
}

/* Leaves the labels whose values are all to be found under one another. */
static void keep_shifted(struct shift *x)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = 0; i < x->count; i++) {
            bool stays = times(x->a, x->count, x->a[i]) == times(x->b, x->count, x->a[i]) &&
                         times(x->a, x->count, x->b[i]) == times(x->b, x->count, x->b[i]);
            if (stays)
                continue;
            x->count--;
            x->a[i] = x->a[x->count];
            x->b[i] = x->b[x->count];
            changed = true;
            break;
        }
    }
}

static bool is_telling(const struct shift *x)
{
    for (uint32_t i = 0; i < x->count; i++)
        if (digits_significant(x->a[i]->value) < 2)
            return false;
    return x->count >= 2;
}

static void tell_labels(struct claims *s, const struct shift *x)
{
    struct finding *f = finding_new(s, CLASS_LABELS, WEIGHT_ERROR);
    struct tale t = tale_new(s);
    for (uint32_t i = 0; i < x->count; i++) {
        contradiction_add(s, f, x->a[i]);
        contradiction_add(s, f, x->b[i]);
        claims_explain(s, x->a[i], x->b[i]);
    }
    for (uint32_t i = 0; i < f->claims; i++)
        for (uint32_t k = 0; k < x->count; k++) {
            if (f->claim[i] != x->a[k])
                continue;
            tale_say(&t, t.len ? " ; " : "");
            tale_text(&t, x->a[k]->axis[0].code);
            tale_say(&t, ": ");
            tale_value(&t, x->a[k]);
            tale_say(&t, " / ");
            tale_value(&t, x->b[k]);
        }
    f->evidence = tale_end(&t);
    finding_read(
        s, f,
        "Mêmes valeurs, autre répartition : les lignes d’une des deux listes sont décalées "
        "(%1 / %2). Comparer aux autres dates.",
        "The same values under other labels: the rows of one list are shifted (%1 / %2). "
        "Compare with other dates.",
        x->a[0]->source, x->b[0]->source);
}

/* ---- one value under another label ---- */

static bool has_place(const struct list *l, const struct claim *c)
{
    for (uint32_t i = 0; i < l->claims; i++)
        if (text_equal(l->claim[i]->place, c->place))
            return true;
    return false;
}

static void tell_moved(struct claims *s, const struct claim *a, const struct claim *b)
{
    struct finding *f = finding_equal(s, CLASS_LABELS, WEIGHT_DOUBT, a, b);
    finding_read(s, f, "Le même chiffre sous deux libellés (%1, %2) : l’un des deux est faux.",
                 "The same figure under two labels (%1, %2): one of them is wrong.",
                 a->axis[0].code, b->axis[0].code);
}

/* Long values that both lists print, each under a label that the other list lacks. */
static void try_moved(struct claims *s, const struct list *a, const struct list *b)
{
    for (uint32_t i = 0; i < a->claims; i++)
        for (uint32_t k = 0; k < b->claims; k++) {
            const struct claim *x = a->claim[i], *y = b->claim[k];
            if (digits_significant(x->value) >= 4 && values_equal(x, y) && !has_place(b, x) &&
                !has_place(a, y))
                tell_moved(s, x, y);
        }
}

/* ---- the figure of another indicator ---- */

/* Another value of the cell that is open: somebody prints this figure for it. */
static const struct claim *rival_of(const struct claims *s, const struct claim *c)
{
    const struct group *g = &s->group[c->group];
    for (uint32_t i = 0; i < g->claims; i++)
        if (g->claim[i] != c && claims_same_cell(g->claim[i], c) && scopes_agree(g->claim[i], c) &&
            !values_agree(g->claim[i], c))
            return g->claim[i];
    return NULL;
}

static bool is_elsewhere(const struct claim *c, const struct claim *o)
{
    return values_equal(c, o) && span_equal(c->period, o->period) && claim_exact(o) &&
           !o->percent && text_equal(c->place, o->place) &&
           !text_equal(c->indicator, o->indicator) && o->planned == c->planned;
}

static void tell_elsewhere(struct claims *s, const struct claim *c, const struct claim *o,
                           const struct claim *rival)
{
    struct finding *f = finding_new(s, CLASS_LABELS, WEIGHT_DOUBT);
    struct tale t = tale_new(s);
    contradiction_add(s, f, c);
    contradiction_add(s, f, o);
    contradiction_add(s, f, rival);
    claims_explain(s, c, rival);
    f->doubtful = c;
    f->used = rival;
    tale_claim(&t, c);
    tale_say(&t, " = ");
    tale_text(&t, o->indicator);
    tale_say(&t, ": ");
    tale_claim(&t, o);
    tale_say(&t, " ≠ ");
    tale_claim(&t, rival);
    f->evidence = tale_end(&t);
    finding_read(s, f, "C’est le chiffre de %1, imprimé pour %2.",
                 "This is the figure of %1, printed for %2.", o->indicator, c->indicator);
}

/* Long figures that others contradict, and that are right for another indicator. */
static void find_elsewhere(struct claims *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        const struct claim *c = s->at[i];
        bool telling = !c->percent && claim_exact(c) && digits_significant(c->value) >= 4;
        const struct claim *rival = telling ? rival_of(s, c) : NULL;
        for (uint32_t k = 0; rival && k < s->count; k++)
            if (is_elsewhere(c, s->at[k]) && !rival_of(s, s->at[k])) {
                tell_elsewhere(s, c, s->at[k], rival);
                break;
            }
    }
}

void find_labels(struct claims *s)
{
    find_elsewhere(s);
    for (uint32_t i = 0; i < s->lists; i++)
        for (uint32_t k = i + 1; k < s->lists && same_subject(&s->list[i], &s->list[k]); k++) {
            struct shift x = labels_in_both(&s->list[i], &s->list[k]);
            keep_shifted(&x);
            if (is_telling(&x))
                tell_labels(s, &x);
            else if (s->list[i].claims <= MOST_ROWS && s->list[k].claims <= MOST_ROWS)
                try_moved(s, &s->list[i], &s->list[k]);
        }
}

/* ---- copied from the adjacent row ---- */

static bool within(const struct claim *a, const struct claim *b, int percent)
{
    return !exceeds(a->value, b->value, 100 + percent) &&
           !exceeds(b->value, a->value, 100 + percent);
}

/* What other publications say of the same cell: OTHER is near, but not the same. */
enum say { NOTHING, FAR, OTHER, NEAR, SAME };

static enum say others_say(const struct claims *s, const struct claim *c)
{
    const struct group *g = &s->group[c->group];
    bool near = false, far = false, differs = false;
    for (uint32_t i = 0; i < g->claims; i++) {
        const struct claim *o = g->claim[i];
        if (o == c || !claims_same_cell(o, c) || !scopes_agree(o, c) || same_printing(o, c))
            continue;
        if (values_equal(o, c))
            return SAME;
        near |= within(o, c, 10);
        far |= !within(o, c, 30);
        differs |= claim_exact(o) && !values_agree(o, c);
    }
    return near ? (differs ? OTHER : NEAR) : far ? FAR : NOTHING;
}

/* Others print the first as it is, and something else for the second. */
static bool is_copied(enum say first, enum say second)
{
    return (first == SAME && second == OTHER) || (first >= OTHER && second == FAR);
}

static void tell_copy(struct claims *s, struct claim *copy, const struct claim *from)
{
    const struct group *g = &s->group[copy->group];
    struct finding *f = finding_new(s, CLASS_NEIGHBOUR, WEIGHT_ERROR);
    struct tale t = tale_new(s);
    contradiction_add(s, f, copy);
    contradiction_add(s, f, from);
    tale_claim(&t, copy);
    tale_say(&t, " = ");
    tale_claim(&t, from);
    for (uint32_t i = 0; i < g->claims; i++) {
        const struct claim *o = g->claim[i];
        if (o == copy || !claims_same_cell(o, copy) || values_agree(o, copy))
            continue;
        tale_say(&t, " ≠ ");
        tale_claim(&t, o);
        contradiction_add(s, f, o);
        claims_explain(s, copy, o);
        f->used = f->used ? f->used : o;
    }
    f->doubtful = copy;
    f->evidence = tale_end(&t);
    copy->struck = true;
    struct tale used = tale_new(s);
    if (f->used)
        tale_claim(&used, f->used);
    finding_read(s, f, "Copie de la ligne voisine (%1) : ailleurs %2.",
                 "Copied from the adjacent row (%1): elsewhere %2.",
                 from->written.len ? from->written : from->place, tale_end(&used));
}

/* c is in the cell of o and far from it, in another publication. */
static bool strays(const struct claims *s, const struct claim *c, const struct claim *o)
{
    return claims_same_cell(c, o) && !c->struck && digits_significant(c->value) >= 3 &&
           scopes_agree(c, o) && !same_printing(c, o) && !claims_explained(s, c, o) &&
           (!within(c, o, 10) || digits_significant(c->value) >= 4);
}

static void try_beside(struct claims *s, const struct claim *o, const struct claim *near)
{
    const struct group *g = &s->group[o->group];
    for (uint32_t i = 0; i < g->claims; i++)
        if (values_equal(g->claim[i], near) && strays(s, g->claim[i], o))
            tell_copy(s, g->claim[i], near);
}

static bool along_flow(const struct list *l)
{
    return axis_is_flow(l->claim[0]->axis[l->axis].name);
}

/* A publication that took one figure from another's list, and from the wrong line. */
static void find_beside(struct claims *s)
{
    for (uint32_t i = 0; i < s->lists; i++)
        for (uint32_t k = 1; k < s->list[i].claims && !along_flow(&s->list[i]); k++) {
            try_beside(s, s->list[i].claim[k], s->list[i].claim[k - 1]);
            try_beside(s, s->list[i].claim[k - 1], s->list[i].claim[k]);
        }
}

void find_neighbour(struct claims *s)
{
    for (uint32_t i = 0; i + 1 < s->count; i++) {
        struct claim *a = s->at[i], *b = s->at[i + 1];
        if (!text_equal(a->indicator, b->indicator) || !same_printing(a, b) ||
            !span_equal(a->period, b->period) || !values_equal(a, b) || !a->axes || !b->axes ||
            text_equal(a->place, b->place) || digits_significant(a->value) < 2)
            continue;
        enum say x = others_say(s, a), y = others_say(s, b);
        if (is_copied(x, y))
            tell_copy(s, b, a);
        else if (is_copied(y, x))
            tell_copy(s, a, b);
    }
    find_beside(s);
}
