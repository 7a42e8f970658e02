/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Misprints between the values of one cell, decided by what confirms one of them.
 *
 * A value is confirmed by the shares and sums it agrees with, then by how many publications print
 * it.  Where neither side has more, the finding stays open.
 */
#include "table/reconcile_set.h"

static const struct {
    enum finding_class class;
    const char *fr, *en;
} slips[] = {
    [SLIP_ONE_DIGIT] = {CLASS_MISPRINT, "un seul chiffre change", "one digit differs"},
    [SLIP_PERMUTED] = {CLASS_PERMUTED, "chiffres permutés", "digits in another order"},
    [SLIP_REVERSED] = {CLASS_REVERSED, "chiffres lus de droite à gauche",
                       "digits read from right to left"},
    [SLIP_TENFOLD] = {CLASS_TENFOLD, "un facteur dix", "a power of ten"},
};

/* Publications of the cell that print the value. */
static uint32_t printed_by(const struct group *g, const struct claim *c)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < g->claims; i++) {
        bool again = false;
        for (uint32_t k = 0; k < i; k++)
            again |= values_equal(g->claim[k], g->claim[i]) &&
                     text_equal(g->claim[k]->source, g->claim[i]->source);
        n += !again && values_equal(g->claim[i], c);
    }
    return n;
}

/* Adds all claims of the cell that print this value. */
static void add_value(struct claims *s, struct finding *f, const struct group *g,
                      const struct claim *c)
{
    for (uint32_t i = 0; i < g->claims; i++)
        if (values_equal(g->claim[i], c) && scopes_agree(g->claim[i], c))
            contradiction_add(s, f, g->claim[i]);
}

static void strike(struct group *g, const struct claim *c)
{
    for (uint32_t i = 0; i < g->claims; i++)
        if (values_equal(g->claim[i], c) && scopes_agree(g->claim[i], c))
            g->claim[i]->struck = true;
}

static struct text why(struct claims *s, const struct group *g, const struct claim *a,
                       const struct claim *b, struct text confirmed)
{
    struct tale t = tale_new(s);
    tale_claim(&t, a);
    tale_say(&t, " ≠ ");
    tale_claim(&t, b);
    if (confirmed.len) {
        tale_say(&t, " ; ");
        tale_text(&t, confirmed);
    }
    tale_say(&t, " ; ×");
    tale_number(&t, decimal_of(printed_by(g, a)));
    tale_say(&t, " : ×");
    tale_number(&t, decimal_of(printed_by(g, b)));
    return tale_end(&t);
}

/* How far the evidence goes: by arithmetic first, by the number of printings only after it. */
static const struct claim *decide(const struct claims *s, const struct group *g,
                                  const struct claim *a, const struct claim *b,
                                  struct text *confirmed, bool *sure)
{
    struct text say_a = TEXT(""), say_b = TEXT("");
    uint32_t x, y;
    for (int own = 1; own >= 0; own--) {
        x = claim_support(s, a, own, &say_a);
        y = claim_support(s, b, own, &say_b);
        *sure = own && (x > 0) != (y > 0);
        if ((x > 0) == (y > 0))
            continue;
        *confirmed = x ? say_a : say_b;
        return x ? a : b;
    }
    *confirmed = TEXT("");
    x = printed_by(g, a);
    y = printed_by(g, b);
    return x > y ? a : y > x ? b : NULL;
}

static void tell_slip(struct claims *s, struct group *g, const struct claim *a,
                      const struct claim *b, enum slip slip)
{
    struct text confirmed;
    bool sure;
    const struct claim *right = decide(s, g, a, b, &confirmed, &sure);
    struct finding *f = finding_new(s, slips[slip].class, sure ? WEIGHT_ERROR : WEIGHT_DOUBT);
    add_value(s, f, g, a);
    add_value(s, f, g, b);
    f->used = right;
    f->doubtful = right ? right == a ? b : a : NULL;
    f->evidence = why(s, g, a, b, confirmed);
    if (right) {
        struct tale t = tale_new(s);
        tale_claim(&t, right);
        finding_read(s, f, "Coquille probable (%1) : lire %2.",
                     "Probably a misprint (%1): read %2.", text_of(slips[slip].fr), tale_end(&t));
        f->reading_en = TEXT("");
        struct finding en = *f;
        finding_read(s, &en, "", "Probably a misprint (%1): read %2.", text_of(slips[slip].en),
                     tale_end(&t));
        f->reading_en = en.reading_en;
        strike(g, f->doubtful);
    } else {
        struct finding en = *f;
        finding_read(s, &en, "",
                     "Probably a misprint (%1): which of the two is right is not decided.",
                     text_of(slips[slip].en), TEXT(""));
        finding_read(s, f, "Coquille probable (%1) : rien ne décide laquelle est juste.", "",
                     text_of(slips[slip].fr), TEXT(""));
        f->reading_en = en.reading_en;
    }
    for (uint32_t i = 0; i < f->claims; i++)
        for (uint32_t k = 0; k < i; k++)
            if (!values_equal(f->claim[i], f->claim[k]))
                claims_explain(s, f->claim[i], f->claim[k]);
}

void tell_slip_beside(struct claims *s, const struct finding *from, const struct claim *c,
                      struct decimal computed)
{
    enum slip slip = slip_between(computed, c->value);
    if (slip == SLIP_NONE || (slip != SLIP_TENFOLD && digits_significant(c->value) < 3))
        return;
    struct finding *f = finding_new(s, slips[slip].class, WEIGHT_DOUBT);
    struct tale t = tale_new(s);
    for (uint32_t i = 0; i < from->claims; i++)
        contradiction_add(s, f, from->claim[i]);
    f->doubtful = c;
    f->evidence = from->evidence;
    tale_number(&t, computed);
    finding_read(s, f, "Coquille probable (%1) : le calcul donne %2.", "", text_of(slips[slip].fr),
                 tale_end(&t));
    struct text fr = f->reading_fr;
    finding_read(s, f, "", "Probably a misprint (%1): arithmetic gives %2.",
                 text_of(slips[slip].en), tale_end(&t));
    f->reading_fr = fr;
}

bool tell_misquoted(struct claims *s, const struct claim *c, struct decimal quoted)
{
    enum slip slip = slip_between(quoted, c->value);
    if (slip == SLIP_NONE)
        return false;
    struct finding *f = finding_new(s, slips[slip].class, WEIGHT_DOUBT);
    struct tale t = tale_new(s);
    contradiction_add(s, f, c);
    tale_claim(&t, c);
    tale_say(&t, " ≠ note: ");
    tale_number(&t, quoted);
    f->evidence = tale_end(&t);
    finding_read(s, f, "La note imprime un nombre voisin (%1) : relire la publication.", "",
                 text_of(slips[slip].fr), TEXT(""));
    struct text fr = f->reading_fr;
    finding_read(s, f, "", "The note prints a number like it (%1): read the publication again.",
                 text_of(slips[slip].en), TEXT(""));
    f->reading_fr = fr;
    return true;
}

/* The first claim of the cell with this value and a scope that agrees. */
static bool is_first(const struct group *g, uint32_t at)
{
    for (uint32_t i = 0; i < at; i++)
        if (values_equal(g->claim[i], g->claim[at]) && scopes_agree(g->claim[i], g->claim[at]))
            return false;
    return true;
}

static bool may_slip(const struct claim *a, const struct claim *b)
{
    return scopes_agree(a, b) && a->planned == b->planned &&
           (a->bearing == b->bearing || a->percent);
}

static int least_digits(const struct claim *a, const struct claim *b)
{
    int x = digits_significant(a->value), y = digits_significant(b->value);
    return x > y ? x : y;
}

static void try_pair(struct claims *s, struct group *g, const struct claim *a,
                     const struct claim *b)
{
    if (!may_slip(a, b) || claims_explained(s, a, b))
        return;
    enum slip slip = slip_between(a->value, b->value);
    if (slip == SLIP_NONE || (slip != SLIP_TENFOLD && least_digits(a, b) < 2))
        return;
    tell_slip(s, g, a, b, slip);
}

void find_slips(struct claims *s)
{
    for (uint32_t i = 0; i < s->cells; i++) {
        struct group *g = &s->cell[i];
        for (uint32_t j = 0; j < g->claims; j++)
            for (uint32_t k = 0; k < j; k++)
                if (is_first(g, j) && is_first(g, k))
                    try_pair(s, g, g->claim[k], g->claim[j]);
    }
}
