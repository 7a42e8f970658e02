/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Printed shares and rates against the counts they are made of.
 *
 * What a percentage is made of comes from the catalogue: its own formula, or that of the indicator
 * its note names (`à comparer à CODE`); else X_SHARE is X of a category over X of all.  A
 * percentage follows when some pair of counts of its producer gives it, rounded or cut off; counts
 * of others are used only where the producer has none.  Where nothing does, the denominators that
 * would are looked for: other vintages, other producers, the sum of the classes themselves.
 */
#include "base/quotient.h"
#include "table/reconcile_set.h"

enum { MOST_RELATIONS = 8, MORE_PLACES = 6, MOST_SEARCHED = 200 };

struct relation {
    const struct group *part, *whole;
};

struct relations {
    uint32_t count;
    struct relation at[MOST_RELATIONS];
};

static void relate(const struct claims *s, struct relations *r, struct text part, struct text whole,
                   struct text place, struct text whole_place)
{
    const struct group *a = claims_group(s, part, false, place);
    const struct group *b = claims_group(s, whole, false, whole_place);
    for (uint32_t i = 0; i < r->count; i++)
        if (r->at[i].part == a && r->at[i].whole == b)
            return;
    if (a && b && r->count < MOST_RELATIONS)
        r->at[r->count++] = (struct relation){a, b};
}

/* ---- what a percentage is made of ---- */

static int column(const struct table *t, const char *name)
{
    return t ? schema_find(t->schema, text_of(name)) : NO_COLUMN;
}

static bool catalogue_row(const struct claims *s, struct text code, uint32_t *row)
{
    int c = column(s->catalogue, "code");
    for (*row = 0; c != NO_COLUMN && *row < s->catalogue->rows; ++*row)
        if (text_equal(table_get(s->catalogue, *row, c), code))
            return true;
    return false;
}

/* The code behind some words of the note, such as `comparer à `. */
static struct text code_behind(struct text note, struct text words)
{
    for (uint32_t i = 0; i + words.len < note.len; i++) {
        if (memcmp(note.at + i, words.at, words.len) != 0)
            continue;
        struct text code = {note.at + i + words.len, 0};
        while (code.at + code.len < note.at + note.len &&
               (code.at[code.len] == '_' ||
                (code.at[code.len] >= 'A' && code.at[code.len] <= 'Z') ||
                (code.at[code.len] >= '0' && code.at[code.len] <= '9')))
            code.len++;
        return code;
    }
    return TEXT("");
}

bool ratio_operands(struct text formula, struct text *a, struct text *b)
{
    struct text name = TEXT("ratio(");
    if (!text_starts(formula, name))
        return false;
    struct text rest = {formula.at + name.len, formula.len - name.len};
    if (!text_next(&rest, ',', a))
        return false;
    *b = text_trim(rest);
    *a = text_trim(*a);
    if (b->len && b->at[b->len - 1] == ')')
        b->len--;
    return b->len > 0;
}

static void relate_share(const struct claims *s, struct relations *r, const struct claim *c,
                         struct text base);

/* `share(A, axis)`: A; empty for other formulas. */
static struct text share_operand(struct text formula)
{
    struct text name = TEXT("share("), a = TEXT("");
    if (text_starts(formula, name)) {
        formula.at += name.len;
        formula.len -= name.len;
        text_next(&formula, ',', &a);
    }
    return text_trim(a);
}

static void relate_formula(const struct claims *s, struct relations *r, const struct claim *c)
{
    uint32_t row;
    struct text a, b, code;
    if (!catalogue_row(s, c->indicator, &row))
        return;
    struct text formula = table_get(s->catalogue, row, column(s->catalogue, "formula"));
    code = code_behind(table_get(s->catalogue, row, column(s->catalogue, "note")),
                       TEXT("comparer à "));
    if (text_missing(formula) && code.len && catalogue_row(s, code, &row))
        formula = table_get(s->catalogue, row, column(s->catalogue, "formula"));
    if (ratio_operands(formula, &a, &b))
        relate(s, r, a, b, c->place, c->place);
    a = share_operand(formula);
    if (a.len)
        relate_share(s, r, c, a);
}

/* X of the category over X of all, along each axis. */
static void relate_share(const struct claims *s, struct relations *r, const struct claim *c,
                         struct text base)
{
    for (uint32_t i = 0; i < c->axes; i++)
        relate(s, r, base, base, c->place, place_without(s, c, i));
}

/* RESIDENTS_SHARE is of RESIDENTS, or of the counts whose code begins so: RESIDENTS_FOREIGN. */
static void relate_shares(const struct claims *s, struct relations *r, const struct claim *c)
{
    struct text share = TEXT("_SHARE"), base = c->indicator;
    relate_share(s, r, c, c->indicator);
    if (base.len <= share.len || memcmp(base.at + base.len - share.len, share.at, share.len) != 0)
        return;
    base.len -= share.len;
    for (uint32_t i = 0; i < s->groups; i++) {
        const struct claim *o = s->group[i].claim[0];
        bool first = !i || !text_equal(s->group[i - 1].claim[0]->indicator, o->indicator);
        bool same = text_equal(o->indicator, base);
        bool longer = text_starts(o->indicator, base) && o->indicator.at[base.len] == '_';
        if (first && (same || longer) && !text_equal(o->indicator, c->indicator))
            relate_share(s, r, c, o->indicator);
    }
}

/* `part des demandes` is of the counts whose name has `demandes` in it. */
static void relate_named(const struct claims *s, struct relations *r, const struct claim *c)
{
    static const char *const begin[] = {"part des ", "part de ", "parts des ", "share of ",
                                        "proportion des "};
    struct text name = c->indicator, word;
    for (size_t i = 0; i < sizeof begin / sizeof *begin; i++)
        if (text_starts(name, text_of(begin[i]))) {
            name.at += strlen(begin[i]);
            name.len -= (uint32_t)strlen(begin[i]);
            break;
        }
    if (name.at == c->indicator.at || !text_next(&name, ' ', &word) || word.len < 5)
        return;
    for (uint32_t i = 0; i < s->groups; i++) {
        const struct claim *o = s->group[i].claim[0];
        bool first = !i || !text_equal(s->group[i - 1].claim[0]->indicator, o->indicator);
        bool holds = false;
        for (uint32_t k = 0; !o->percent && first && k + word.len <= o->indicator.len; k++)
            holds |= memcmp(o->indicator.at + k, word.at, word.len) == 0;
        if (holds)
            relate_share(s, r, c, o->indicator);
    }
}

static bool proves(const struct claim *rate, const struct claim *part, const struct claim *whole);

/* Two counts of the producer that make some printing of the rate to three digits or more. */
static void relate_proven(const struct claims *s, struct relations *r, const struct claim *c)
{
    const struct group *g = &s->group[c->group];
    for (uint32_t i = 0; i < s->groups; i++)
        for (uint32_t k = 0; k < s->groups; k++) {
            const struct group *a = &s->group[i], *b = &s->group[k];
            bool counts = i != k && !a->claim[0]->percent && !b->claim[0]->percent &&
                          text_equal(a->claim[0]->place, c->place) &&
                          text_equal(b->claim[0]->place, c->place);
            bool proven = false;
            for (uint32_t x = 0; counts && x < a->claims && !proven; x++)
                for (uint32_t y = 0; y < b->claims && !proven; y++)
                    for (uint32_t z = 0; z < g->claims && !proven; z++)
                        proven = proves(g->claim[z], a->claim[x], b->claim[y]);
            if (proven && r->count < MOST_RELATIONS)
                r->at[r->count++] = (struct relation){a, b};
        }
}

/* Only where the cell has several printings, one of which may be proven. */
static bool has_printings(const struct claims *s, const struct claim *c)
{
    const struct group *g = &s->group[c->group];
    for (uint32_t i = 0; i < g->claims; i++)
        if (g->claim[i] != c && claims_same_cell(g->claim[i], c) && !values_equal(g->claim[i], c))
            return s->groups <= MOST_SEARCHED;
    return false;
}

static struct relations relations_of(const struct claims *s, const struct claim *c)
{
    struct relations r = {.count = 0};
    if (c->percent) {
        relate_formula(s, &r, c);
        relate_shares(s, &r, c);
        relate_named(s, &r, c);
        if (!r.count && has_printings(s, c))
            relate_proven(s, &r, c);
    }
    return r;
}

/* ---- does it follow? ---- */

static bool quotient_decimal(struct decimal a, struct decimal b, int places, struct decimal *out)
{
    char text[QUOTIENT_TEXT];
    if (a.kind != NUMBER_EXACT || b.kind != NUMBER_EXACT || b.mantissa == 0)
        return false;
    size_t n = quotient_format(a, b, 2, places, text);
    *out = decimal_parse((struct text){text, (uint32_t)n});
    return out->kind == NUMBER_EXACT;
}

/* Rounded or cut off, to the places that were printed. */
static bool follows(struct decimal rate, struct decimal part, struct decimal whole)
{
    struct decimal q, twice, step = {1, rate.scale, NUMBER_EXACT};
    if (!quotient_decimal(part, whole, rate.scale + MORE_PLACES, &q))
        return false;
    struct decimal d = decimal_distance(q, rate);
    twice = decimal_times(d, 2);
    return decimal_compare(twice, step) <= 0 ||
           (decimal_compare(q, rate) > 0 && decimal_compare(d, step) < 0);
}

static bool may_pair(const struct claim *rate, const struct claim *part, const struct claim *whole)
{
    return span_equal(part->period, rate->period) && span_equal(whole->period, rate->period) &&
           scopes_agree(part, whole) && scopes_agree(rate, part) && scopes_agree(rate, whole) &&
           !part->planned && !whole->planned && whole->value.mantissa > 0;
}

static bool is_own(const struct claim *rate, const struct claim *part, const struct claim *whole)
{
    return producers_equal(rate, part) && producers_equal(rate, whole) &&
           !text_equal(rate->producer, TEXT("_U"));
}

/* Two counts of one statement: what others counted is held against a rate only so. */
static bool same_count(const struct claim *part, const struct claim *whole)
{
    return producers_equal(part, whole) && text_equal(part->as_of_text, whole->as_of_text);
}

static bool proves(const struct claim *rate, const struct claim *part, const struct claim *whole)
{
    return digits_significant(rate->value) >= 4 && may_pair(rate, part, whole) &&
           is_own(rate, part, whole) && follows(rate->value, part->value, whole->value);
}

static void fit_add(struct claims *s, struct fit fit)
{
    s->fit = arena_grow(s->arena, s->fit, s->fits, &s->fit_room, sizeof *s->fit);
    s->fit[s->fits++] = fit;
}

static void fit_relation(struct claims *s, const struct claim *rate, struct relation r)
{
    for (uint32_t i = 0; i < r.part->claims; i++)
        for (uint32_t k = 0; k < r.whole->claims; k++) {
            const struct claim *part = r.part->claim[i], *whole = r.whole->claim[k];
            bool own = is_own(rate, part, whole);
            if (may_pair(rate, part, whole) && (own || same_count(part, whole)) &&
                rate->value.scale && follows(rate->value, part->value, whole->value))
                fit_add(s, (struct fit){rate, part, whole, own});
        }
}

void claims_fit(struct claims *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        struct relations r = relations_of(s, s->at[i]);
        for (uint32_t k = 0; k < r.count; k++)
            fit_relation(s, s->at[i], r.at[k]);
    }
}

uint32_t claim_support(const struct claims *s, const struct claim *c, bool own, struct text *say)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->fits; i++) {
        const struct fit *f = &s->fit[i];
        const struct claim *in[] = {f->rate, f->part, f->whole};
        if (own && !f->own)
            continue;
        for (int k = 0; k < 3; k++) {
            if (in[k]->group != c->group || !span_equal(in[k]->period, c->period) ||
                !values_equal(in[k], c) || !scopes_agree(in[k], c))
                continue;
            struct tale t = {s->arena, NULL, 0, 0};
            tale_ratio(&t, f->part->value, f->whole->value, f->rate->value.scale);
            *say = n++ ? *say : tale_end(&t);
        }
    }
    return n;
}

/* ---- the pair that the finding is told with ---- */

struct pair {
    const struct claim *part, *whole;
    int score;
    bool own, follows;
};

/* A pair that makes another printing of the same percentage is the right one. */
static bool makes_sibling(const struct claims *s, const struct claim *rate,
                          const struct claim *part, const struct claim *whole)
{
    const struct group *g = &s->group[rate->group];
    for (uint32_t i = 0; i < g->claims; i++)
        if (g->claim[i] != rate && span_equal(g->claim[i]->period, rate->period) &&
            scopes_agree(g->claim[i], rate) &&
            follows(g->claim[i]->value, part->value, whole->value))
            return true;
    return false;
}

static int closeness(const struct claim *c, const struct claim *rate)
{
    return 4 * text_equal(c->as_of_text, rate->as_of_text) +
           4 * text_equal(c->source, rate->source) + 2 * claim_exact(c) + !c->superseded +
           8 * producers_equal(c, rate);
}

static void weigh(const struct claims *s, const struct claim *rate, struct relation r,
                  struct pair *best)
{
    for (uint32_t i = 0; i < r.part->claims; i++)
        for (uint32_t k = 0; k < r.whole->claims; k++) {
            const struct claim *part = r.part->claim[i], *whole = r.whole->claim[k];
            if (!may_pair(rate, part, whole))
                continue;
            struct pair p = {part, whole, 0, is_own(rate, part, whole),
                             follows(rate->value, part->value, whole->value)};
            p.score = 200 * p.own + closeness(part, rate) + closeness(whole, rate) +
                      30 * makes_sibling(s, rate, part, whole);
            if (!p.own && !same_count(part, whole))
                continue;
            bool settles = p.follows && (p.own || !best->own);
            bool better = !best->part || (settles && !best->follows) ||
                          (p.score > best->score && !(best->follows && (best->own || !p.own)));
            if (better)
                *best = p;
        }
}

/* ---- telling ---- */

static void say_denominator(struct claims *s, struct tale *t, const struct claim *rate,
                            const struct claim *part, struct decimal whole)
{
    if (!follows(rate->value, part->value, whole))
        return;
    tale_say(t, " ; ");
    tale_ratio(t, part->value, whole, rate->value.scale);
    (void)s;
}

/* The sum of the classes of the axis, as the part's own publication gives them. */
static struct decimal known_sum(const struct claims *s, const struct claim *part)
{
    struct decimal sum = decimal_of(0);
    for (uint32_t i = 0; i < s->lists; i++) {
        const struct list *l = &s->list[i];
        bool in = false;
        for (uint32_t k = 0; k < l->claims; k++)
            in |= l->claim[k] == part;
        for (uint32_t k = 0; in && k < l->claims; k++)
            sum = decimal_plus(sum, l->claim[k]->value);
        if (in)
            break;
    }
    return sum;
}

/* Other denominators that would explain the percentage. */
static void say_denominators(struct claims *s, struct tale *t, const struct claim *rate,
                             const struct pair *p)
{
    const struct group *g = &s->group[p->whole->group];
    for (uint32_t i = 0; i < g->claims; i++)
        if (!values_equal(g->claim[i], p->whole) && span_equal(g->claim[i]->period, rate->period))
            say_denominator(s, t, rate, p->part, g->claim[i]->value);
    struct decimal known = known_sum(s, p->part);
    if (known.kind == NUMBER_EXACT && known.mantissa > 0 && p->part->axes)
        say_denominator(s, t, rate, p->part, known);
}

/* The count that the percentage would be of the whole: 4.98 % × 27332 = 1361. */
static void say_count(struct tale *t, const struct claim *rate, const struct claim *whole)
{
    struct decimal product = decimal_multiply(rate->value, whole->value);
    if (product.kind != NUMBER_EXACT || product.scale > 16)
        return;
    product.scale = (int8_t)(product.scale + 2);
    tale_say(t, " ; ");
    tale_number(t, rate->value);
    tale_say(t, " % × ");
    tale_number(t, whole->value);
    tale_say(t, " = ");
    tale_number(t, decimal_round(product, 0));
}

static struct text evidence(struct claims *s, const struct claim *rate, const struct pair *p)
{
    struct tale t = tale_new(s);
    tale_ratio(&t, p->part->value, p->whole->value, rate->value.scale);
    tale_say(&t, " ≠ ");
    tale_claim(&t, rate);
    say_count(&t, rate, p->whole);
    say_denominators(s, &t, rate, p);
    return tale_end(&t);
}

/* What the rate would be but for a misprint; one digit more where the mark was moved (5.16, 51.6).
 */
static bool computed_near(const struct pair *p, const struct claim *rate, struct decimal *q)
{
    int scale = rate->value.scale;
    const struct decimal a = p->part->value, b = p->whole->value;
    if (quotient_decimal(a, b, scale, q) && slip_between(*q, rate->value) != SLIP_NONE)
        return true;
    return quotient_decimal(a, b, scale + 1, q) && slip_between(*q, rate->value) == SLIP_TENFOLD;
}

static void tell_share(struct claims *s, struct claim *rate, const struct pair *p)
{
    struct finding *f = finding_new(s, CLASS_SHARE, p->own ? WEIGHT_ERROR : WEIGHT_DOUBT);
    struct tale t = tale_new(s);
    struct decimal q;
    contradiction_add(s, f, rate);
    contradiction_add(s, f, p->part);
    contradiction_add(s, f, p->whole);
    f->doubtful = rate;
    f->evidence = evidence(s, rate, p);
    tale_ratio(&t, p->part->value, p->whole->value, rate->value.scale);
    bool near = computed_near(p, rate, &q);
    if (near)
        finding_read(
            s, f,
            "Ne suit pas des effectifs ; à une coquille près, c’est %1. Publier la part calculée.",
            "Does not follow from the counts; but for a misprint it is %1. Publish the computed "
            "share.",
            tale_end(&t), TEXT(""));
    else
        finding_read(
            s, f, "Ne suit pas des effectifs : %1. Publier la part calculée, ou revoir l’effectif.",
            "Does not follow from the counts: %1. Publish the computed share, or review the count.",
            tale_end(&t), TEXT(""));
    if (near && !rate->struck)
        tell_slip_beside(s, f, rate, q);
    if (p->own)
        rate->struck = true;
}

struct text catalogue_cell(const struct claims *s, struct text code, const char *name)
{
    uint32_t row;
    if (!catalogue_row(s, code, &row))
        return TEXT("");
    return table_get(s->catalogue, row, column(s->catalogue, name));
}

void find_share(struct claims *s)
{
    find_per(s);
    find_impossible(s);
    for (uint32_t i = 0; i < s->count; i++) {
        struct claim *rate = s->at[i];
        struct relations r = relations_of(s, rate);
        struct pair best = {NULL, NULL, 0, false, false};
        for (uint32_t k = 0; k < r.count; k++)
            weigh(s, rate, r.at[k], &best);
        if (best.part && !best.follows && claim_exact(rate) && (best.own || !rate->struck))
            tell_share(s, rate, &best);
    }
}
