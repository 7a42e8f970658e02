/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Published cumulatives against what is inside them: spans that tile the period must add up to it,
 * disjoint spans inside it must not exceed it.
 *
 * The tiling is found by walking from the first day, each day once; the largest disjoint sum by
 * weighted interval scheduling (Kleinberg and Tardos, Algorithm Design, section 6.1).
 */
#include "table/reconcile_set.h"

enum { TRIED_NOT, TRIED_OPEN, TRIED_DEAD };

struct tiling {
    bool own_first; /* the producer's own figures before exact ones */
    const struct group *group;
    const struct claim *whole;
    uint8_t *tried;            /* of each claim: leads nowhere */
    const struct claim **tile; /* the way found */
    uint32_t tiles;
};

static bool is_tile(const struct tiling *t, const struct claim *c)
{
    return span_holds(t->whole->period, c->period) && span_is_flow(c->period) &&
           scopes_agree(c, t->whole) && !c->planned && !c->superseded && !c->struck &&
           !c->percent && text_equal(c->unit, t->whole->unit);
}

static int tile_score(const struct tiling *t, const struct claim *c)
{
    int months = span_months(c->period) == 12;
    int own = producers_equal(c, t->whole), exact = claim_exact(c);
    return (t->own_first ? own * 8 + exact * 4 : exact * 8 + own * 4) +
           (c->as_of.last >= c->period.last) * 2 + months;
}

/* Tiles the days from `day` on; the best claim that leads to the end. */
static bool tile_from(struct tiling *t, int32_t day)
{
    if (day == t->whole->period.last + 1)
        return t->tiles >= 2;
    for (;;) {
        int most = -1;
        uint32_t best = 0;
        for (uint32_t i = 0; i < t->group->claims; i++) {
            const struct claim *c = t->group->claim[i];
            if (c->period.first == day && !t->tried[i] && is_tile(t, c) &&
                tile_score(t, c) > most) {
                most = tile_score(t, c);
                best = i;
            }
        }
        if (most < 0)
            return false;
        t->tried[best] = TRIED_DEAD;
        t->tile[t->tiles++] = t->group->claim[best];
        if (tile_from(t, t->group->claim[best]->period.last + 1))
            return true;
        t->tiles--;
    }
}

static struct decimal sum_of(const struct claim *const *claim, uint32_t n)
{
    struct decimal sum = decimal_of(0);
    for (uint32_t i = 0; i < n; i++)
        sum = decimal_plus(sum, claim[i]->value);
    return sum;
}

/* Twice the error that approximate values leave. */
static struct decimal slack_of(const struct claim *const *claim, uint32_t n,
                               const struct claim *whole)
{
    struct decimal slack = claim_exact(whole) ? decimal_of(0) : decimal_step(whole->value);
    for (uint32_t i = 0; i < n; i++)
        if (!claim_exact(claim[i]))
            slack = decimal_plus(slack, decimal_step(claim[i]->value));
    return slack;
}

static bool is_off(const struct claim *whole, struct decimal sum, struct decimal slack)
{
    struct decimal twice = decimal_times(decimal_distance(sum, whole->value), 2);
    int order = decimal_compare(sum, whole->value);
    if (twice.kind != NUMBER_EXACT || decimal_compare(twice, slack) <= 0 || !order)
        return false;
    if (whole->bearing == BEARING_ABOVE)
        return order < 0;
    return whole->bearing != BEARING_BELOW || order > 0;
}

static struct text adding(struct claims *s, const struct claim *const *claim, uint32_t n,
                          const struct claim *whole)
{
    struct tale t = tale_new(s);
    for (uint32_t i = 0; i < n; i++) {
        tale_say(&t, i ? " + " : "");
        tale_value(&t, claim[i]);
        tale_say(&t, " (");
        tale_text(&t, claim[i]->period_text);
        tale_say(&t, ", ");
        tale_text(&t, claim[i]->producer);
        tale_say(&t, ")");
    }
    tale_say(&t, " = ");
    tale_number(&t, sum_of(claim, n));
    tale_say(&t, " ≠ ");
    tale_claim(&t, whole);
    return tale_end(&t);
}

static struct finding *tell_sum(struct claims *s, const struct claim *const *tile, uint32_t n,
                                const struct claim *whole)
{
    struct finding *f = finding_new(s, CLASS_YEARS, WEIGHT_ERROR);
    contradiction_add(s, f, whole);
    for (uint32_t i = 0; i < n; i++)
        contradiction_add(s, f, tile[i]);
    f->doubtful = whole;
    f->evidence = adding(s, tile, n, whole);
    return f;
}

static const char *slip_fr(enum slip slip)
{
    static const char *const say[] = {"", " Un seul chiffre change : coquille probable.",
                                      " Chiffres permutés : coquille probable.",
                                      " Chiffres lus de droite à gauche.", " Un facteur dix."};
    return say[slip];
}

static const char *slip_en(enum slip slip)
{
    static const char *const say[] = {"", " One digit differs: probably a misprint.",
                                      " Digits in another order: probably a misprint.",
                                      " Digits read from right to left.", " A power of ten."};
    return say[slip];
}

static void tell_tiling(struct claims *s, const struct tiling *t)
{
    struct decimal sum = sum_of(t->tile, t->tiles);
    struct finding *f = tell_sum(s, t->tile, t->tiles, t->whole);
    enum slip slip = slip_between(sum, t->whole->value);
    struct tale number = tale_new(s);
    tale_number(&number, sum);
    finding_read(s, f, "Les périodes publiées couvrent le cumul et font %1 : le recalculer.%2",
                 "The published periods cover the cumulative and make %1: recompute it.",
                 tale_end(&number), text_of(slip_fr(slip)));
    struct tale en = tale_new(s);
    tale_text(&en, f->reading_en);
    tale_say(&en, slip_en(slip));
    f->reading_en = tale_end(&en);
    if (claim_exact(t->whole) && !tell_slip_beside(s, f, t->whole, sum))
        tell_slip_inside(s, f, t->tile, t->tiles, t->whole->value);
}

/* ---- parts that exceed the whole ---- */

struct scheduling {
    uint32_t count;
    const struct claim **part; /* by last day */
    struct decimal *best;      /* of the first i parts */
    bool *taken;
};

static uint32_t ends_before(const struct scheduling *d, uint32_t i)
{
    uint32_t n = i;
    while (n > 0 && d->part[n - 1]->period.last >= d->part[i]->period.first)
        n--;
    return n;
}

static struct scheduling schedule(struct claims *s, const struct tiling *t)
{
    const struct group *g = t->group;
    struct scheduling d = {.count = 0};
    d.part = arena_array(s->arena, g->claims, sizeof *d.part);
    d.best = arena_array(s->arena, (size_t)g->claims + 1, sizeof *d.best);
    d.taken = arena_zarray(s->arena, (size_t)g->claims + 1, sizeof *d.taken);
    for (uint32_t i = 0; i < g->claims; i++) /* by period, hence by last day */
        if (is_tile(t, g->claim[i]) && claim_exact(g->claim[i]) &&
            !exceeds(g->claim[i]->value, t->whole->value, 100)) /* that is `falling` */
            d.part[d.count++] = g->claim[i];
    d.best[0] = decimal_of(0);
    for (uint32_t i = 0; i < d.count; i++) {
        struct decimal with = decimal_plus(d.best[ends_before(&d, i)], d.part[i]->value);
        d.taken[i + 1] = decimal_compare(with, d.best[i]) > 0;
        d.best[i + 1] = d.taken[i + 1] ? with : d.best[i];
    }
    return d;
}

static bool try_excess(struct claims *s, struct tiling *t)
{
    struct scheduling d = schedule(s, t);
    if (t->whole->bearing == BEARING_ABOVE ||
        !exceeds(d.best[d.count], t->whole->value, claim_exact(t->whole) ? 100 : 105))
        return false;
    t->tiles = 0;
    for (uint32_t i = d.count; i > 0;) {
        if (!d.taken[i]) {
            i--;
            continue;
        }
        t->tile[t->tiles++] = d.part[i - 1];
        i = ends_before(&d, i - 1);
    }
    if (t->tiles < 2)
        return false;
    struct finding *f = tell_sum(s, t->tile, t->tiles, t->whole);
    f->doubtful = NULL;
    finding_read(s, f, "Des périodes disjointes dépassent à elles seules le cumul publié.",
                 "Periods that do not meet exceed the published cumulative by themselves.",
                 TEXT(""), TEXT(""));
    return true;
}

/* ---- two operations, and both together ---- */

/* Their scopes are the first and the last years of the whole's, their days are apart. */
static bool are_operations(const struct tiling *t, const struct claim *a, const struct claim *b)
{
    int from, to, first[2], last[2];
    return is_tile(t, a) && is_tile(t, b) && a->period.last < b->period.first &&
           scope_years(t->whole->scope, &from, &to) && scope_years(a->scope, &first[0], &last[0]) &&
           scope_years(b->scope, &first[1], &last[1]) && first[0] == from && last[1] == to &&
           last[0] < first[1];
}

/* No printing of the one and of the other comes up to the total of both. */
static void try_operations(struct claims *s, struct tiling *t)
{
    const struct group *g = t->group;
    int most = -1;
    for (uint32_t i = 0; i < g->claims; i++)
        for (uint32_t k = i + 1; k < g->claims; k++) {
            const struct claim *pair[2] = {g->claim[i], g->claim[k]};
            if (!are_operations(t, pair[0], pair[1]))
                continue;
            struct decimal sum = sum_of(pair, 2);
            if (!is_off(t->whole, sum, slack_of(pair, 2, t->whole)) ||
                decimal_compare(sum, t->whole->value) > 0)
                return;
            int score = tile_score(t, pair[0]) + tile_score(t, pair[1]);
            t->tile[0] = score > most ? pair[0] : t->tile[0];
            t->tile[1] = score > most ? pair[1] : t->tile[1];
            most = score > most ? score : most;
        }
    t->tiles = 2;
    if (most >= 0)
        tell_tiling(s, t);
}

static struct tiling tiling_new(struct claims *s, const struct group *g, const struct claim *whole,
                                bool own_first)
{
    struct tiling t = {.own_first = own_first, .group = g, .whole = whole};
    t.tried = arena_zarray(s->arena, g->claims, sizeof *t.tried);
    t.tile = arena_array(s->arena, g->claims, sizeof *t.tile);
    return t;
}

static bool tiling_off(const struct tiling *t)
{
    return is_off(t->whole, sum_of(t->tile, t->tiles), slack_of(t->tile, t->tiles, t->whole));
}

/* The published cumulative may be made of the producer's own figures, or of the best ones. */
static void try_whole(struct claims *s, const struct group *g, const struct claim *whole)
{
    struct tiling own = tiling_new(s, g, whole, true), t = tiling_new(s, g, whole, false);
    if (!tile_from(&t, whole->period.first)) {
        if (!try_excess(s, &t))
            try_operations(s, &t);
    } else if (tiling_off(&t) && (!tile_from(&own, whole->period.first) || tiling_off(&own)))
        tell_tiling(s, &t);
}

static bool is_stock(const struct group *g)
{
    for (uint32_t i = 0; i < g->claims; i++)
        if (!span_is_flow(g->claim[i]->period))
            return true;
    return false;
}

void find_years(struct claims *s)
{
    for (uint32_t i = 0; i < s->groups; i++) {
        const struct group *g = &s->group[i];
        if (g->claims < 3 || is_stock(g) || !claim_adds_up(g->claim[0]))
            continue;
        for (uint32_t k = 0; k < g->claims; k++) {
            const struct claim *c = g->claim[k];
            if (span_is_flow(c->period) && !c->percent && !c->planned && !c->superseded &&
                !c->struck)
                try_whole(s, g, c);
        }
    }
}
