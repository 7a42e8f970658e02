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

/* Both readings, %1 the name of the slip in their language. */
static void finding_both(struct claims *s, struct finding *f, const char *fr, const char *en,
                         enum slip slip, struct text more)
{
    finding_read(s, f, fr, "", text_of(slips[slip].fr), more);
    struct text reading_fr = f->reading_fr;
    finding_read(s, f, "", en, text_of(slips[slip].en), more);
    f->reading_fr = reading_fr;
}

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
        finding_both(s, f, "Coquille probable (%1) : lire %2.",
                     "Probably a misprint (%1): read %2.", slip, tale_end(&t));
        strike(g, f->doubtful);
    } else {
        finding_both(s, f, "Coquille probable (%1) : rien ne décide laquelle est juste.",
                     "Probably a misprint (%1): which of the two is right is not decided.", slip,
                     TEXT(""));
    }
    for (uint32_t i = 0; i < f->claims; i++)
        for (uint32_t k = 0; k < i; k++)
            if (!values_equal(f->claim[i], f->claim[k]))
                claims_explain(s, f->claim[i], f->claim[k]);
}

bool tell_slip_beside(struct claims *s, const struct finding *from, const struct claim *c,
                      struct decimal computed)
{
    enum slip slip = slip_between(computed, c->value);
    if (slip == SLIP_NONE || (slip != SLIP_TENFOLD && digits_significant(c->value) < 3))
        return false;
    struct finding *f = finding_new(s, slips[slip].class, WEIGHT_DOUBT);
    struct tale t = tale_new(s);
    for (uint32_t i = 0; i < from->claims; i++)
        contradiction_add(s, f, from->claim[i]);
    f->doubtful = c;
    f->evidence = from->evidence;
    tale_number(&t, computed);
    finding_both(s, f, "Coquille probable (%1) : le calcul donne %2.",
                 "Probably a misprint (%1): arithmetic gives %2.", slip, tale_end(&t));
    return true;
}

/* ---- one part of a sum ---- */

/* The parts of which one, read otherwise, makes the whole, by the slip that would explain it. */
struct inside {
    uint32_t count[SLIP_TENFOLD + 1];
    const struct claim *part[SLIP_TENFOLD + 1]; /* the last of them */
    struct decimal fits[SLIP_TENFOLD + 1];
};

static struct inside look_inside(const struct claim *const *part, uint32_t n, struct decimal sum,
                                 struct decimal whole)
{
    struct inside x = {.count = {0}};
    for (uint32_t i = 0; i < n; i++) {
        struct decimal others = decimal_subtract(sum, part[i]->value);
        struct decimal fits =
            others.kind == NUMBER_EXACT ? decimal_subtract(whole, others) : others;
        bool plain = claim_exact(part[i]) && !part[i]->percent;
        enum slip slip = plain && fits.kind == NUMBER_EXACT && fits.mantissa > 0
                             ? slip_between(fits, part[i]->value)
                             : SLIP_NONE;
        x.count[slip]++;
        x.part[slip] = part[i];
        x.fits[slip] = fits;
    }
    return x;
}

/* Another order of digits and powers of ten tell only where one part alone has them; a digit of
 * any part may be the wrong one, but ones are off for many reasons. */
static enum slip slip_inside(const struct inside *x, struct decimal off)
{
    static const enum slip rare[] = {SLIP_TENFOLD, SLIP_PERMUTED, SLIP_REVERSED};
    for (size_t i = 0; i < sizeof rare / sizeof *rare; i++)
        if (x->count[rare[i]] == 1)
            return rare[i];
    return x->count[SLIP_ONE_DIGIT] && decimal_compare(off, decimal_of(10)) >= 0 ? SLIP_ONE_DIGIT
                                                                                 : SLIP_NONE;
}

void tell_slip_inside(struct claims *s, const struct finding *from, const struct claim *const *part,
                      uint32_t n, struct decimal whole)
{
    struct decimal sum = decimal_of(0);
    for (uint32_t i = 0; i < n; i++)
        sum = decimal_plus(sum, part[i]->value);
    if (sum.kind != NUMBER_EXACT || whole.kind != NUMBER_EXACT)
        return;
    struct inside x = look_inside(part, n, sum, whole);
    enum slip slip = slip_inside(&x, decimal_distance(sum, whole));
    if (slip == SLIP_NONE)
        return;
    struct finding *f = finding_new(s, slips[slip].class, WEIGHT_DOUBT);
    bool alone = x.count[slip] == 1;
    for (uint32_t i = 0; i < from->claims; i++)
        contradiction_add(s, f, from->claim[i]);
    f->doubtful = alone ? x.part[slip] : NULL;
    f->evidence = from->evidence;
    if (!alone) {
        finding_both(s, f, "Coquille probable dans l’une des parties (%1).",
                     "Probably a misprint in one of the parts (%1).", slip, TEXT(""));
        return;
    }
    struct tale t = tale_new(s);
    tale_number(&t, x.fits[slip]);
    tale_say(&t, " / ");
    tale_claim(&t, x.part[slip]);
    finding_both(s, f, "Coquille probable dans une partie (%1) : %2.",
                 "Probably a misprint in a part (%1): %2.", slip, tale_end(&t));
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
    finding_both(s, f, "La note imprime un nombre voisin (%1) : relire la publication.",
                 "The note prints a number like it (%1): read the publication again.", slip,
                 TEXT(""));
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
