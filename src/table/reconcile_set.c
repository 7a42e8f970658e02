/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/reconcile_set.h"

#include "base/quotient.h"

/* ---- comparing ---- */

bool claim_exact(const struct claim *c)
{
    return c->bearing == BEARING_EXACT;
}

bool claim_adds_up(const struct claim *c)
{
    static const char *const not_counts[] = {"USD", "EUR", "MAD", "DH", "YEARS", "IX"};
    for (size_t i = 0; i < sizeof not_counts / sizeof *not_counts; i++)
        if (text_equal(c->unit, text_of(not_counts[i])))
            return false;
    return !text_starts(c->unit, TEXT("PER_"));
}

bool claims_same_cell(const struct claim *a, const struct claim *b)
{
    return a->group == b->group && span_equal(a->period, b->period);
}

bool scopes_equal(const struct claim *a, const struct claim *b)
{
    return text_equal(a->scope, b->scope);
}

bool scope_years(struct text t, int *first, int *last)
{
    int year[2] = {0, 0}, k = 0;
    for (uint32_t i = 0; i < t.len; i++) {
        if (t.at[i] >= '0' && t.at[i] <= '9')
            year[k] = year[k] * 10 + (t.at[i] - '0');
        else if (t.at[i] == '-' && i == 4 && t.len == 9)
            k = 1;
        else
            return false;
    }
    *first = year[0];
    *last = t.len == 9 ? year[1] : year[0];
    return t.len == 4 || t.len == 9;
}

static bool scope_within(struct text inner, struct text outer)
{
    int a, b, c, d;
    return scope_years(inner, &a, &b) && scope_years(outer, &c, &d) && c <= a && b <= d;
}

bool scopes_agree(const struct claim *a, const struct claim *b)
{
    return text_missing(a->scope) || text_missing(b->scope) || scopes_equal(a, b) ||
           scope_within(a->scope, b->scope) || scope_within(b->scope, a->scope);
}

bool producers_equal(const struct claim *a, const struct claim *b)
{
    return text_equal(a->producer, b->producer);
}

bool same_printing(const struct claim *a, const struct claim *b)
{
    return producers_equal(a, b) && text_equal(a->source, b->source) &&
           text_equal(a->as_of_text, b->as_of_text);
}

bool values_equal(const struct claim *a, const struct claim *b)
{
    return decimal_compare(a->value, b->value) == 0;
}

static bool is_rounding_of(const struct claim *rough, const struct claim *fine)
{
    bool rounded = rough->bearing == BEARING_UNCLEAR || rough->value.scale < fine->value.scale;
    return rounded && rounds_to(fine->value, rough->value);
}

bool values_agree(const struct claim *a, const struct claim *b)
{
    return values_equal(a, b) || is_rounding_of(a, b) || is_rounding_of(b, a);
}

bool span_holds(struct span outer, struct span inner)
{
    return outer.first <= inner.first && inner.last <= outer.last && !span_equal(outer, inner);
}

bool span_is_flow(struct span s)
{
    return s.last > s.first;
}

int32_t span_days(struct span s)
{
    return s.last - s.first + 1;
}

bool exceeds(struct decimal a, struct decimal b, int percent)
{
    struct decimal x = decimal_times(a, 100), y = decimal_times(b, percent);
    if (x.kind != NUMBER_EXACT || y.kind != NUMBER_EXACT)
        return false;
    return decimal_compare(x, y) > 0;
}

static int nearness(const struct claim *c, const struct claim *near)
{
    int points = 0;
    if (!scopes_agree(c, near))
        return -1;
    points += producers_equal(c, near) ? 64 : 0;
    points += text_equal(c->source, near->source) ? 32 : 0;
    points += text_equal(c->as_of_text, near->as_of_text) ? 16 : 0;
    points += scopes_equal(c, near) ? 8 : 0;
    points += claim_exact(c) ? 4 : 0;
    points += c->superseded ? 0 : 2;
    return points;
}

struct claim *claim_nearest(const struct group *g, const struct claim *near, struct span period)
{
    struct claim *best = NULL;
    int most = -1;
    for (uint32_t i = 0; g && i < g->claims; i++) {
        int points = nearness(g->claim[i], near);
        if (span_equal(g->claim[i]->period, period) && points > most) {
            most = points;
            best = g->claim[i];
        }
    }
    return best;
}

const struct group *claims_group(const struct claims *s, struct text indicator, bool percent,
                                 struct text place)
{
    uint32_t low = 0, high = s->groups;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct claim *c = s->group[middle].claim[0];
        int order = text_compare(c->indicator, indicator);
        if (!order)
            order = (int)c->percent - (int)percent;
        if (!order)
            order = text_compare(c->place, place);
        if (!order)
            return &s->group[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

struct text place_without(const struct claims *s, const struct claim *c, uint32_t axis)
{
    struct tale t = {s->arena, NULL, 0, 0};
    for (uint32_t i = 0; i < c->axes; i++) {
        if (i == axis)
            continue;
        if (t.len)
            tale_say(&t, "|");
        tale_text(&t, c->axis[i].name);
        tale_say(&t, "=");
        tale_text(&t, c->axis[i].code);
    }
    return tale_end(&t);
}

/* ---- differences that have been explained ---- */

void claims_explain(struct claims *s, const struct claim *a, const struct claim *b)
{
    s->pair = arena_grow(s->arena, s->pair, s->pairs, &s->pair_room, sizeof *s->pair);
    s->pair[s->pairs][0] = a;
    s->pair[s->pairs++][1] = b;
}

bool claims_explained(const struct claims *s, const struct claim *a, const struct claim *b)
{
    for (uint32_t i = 0; i < s->pairs; i++)
        if ((s->pair[i][0] == a && s->pair[i][1] == b) ||
            (s->pair[i][0] == b && s->pair[i][1] == a))
            return true;
    return false;
}

/* ---- telling ---- */

struct tale tale_new(struct claims *s)
{
    return (struct tale){s->arena, NULL, 0, 0};
}

void tale_text(struct tale *t, struct text add)
{
    if (t->len + add.len > t->room) {
        uint32_t room = 2 * (t->len + add.len) + 64;
        char *at = arena_alloc(t->arena, room);
        if (t->at)
            memcpy(at, t->at, t->len);
        t->at = at;
        t->room = room;
    }
    if (add.len && t->at)
        memcpy(t->at + t->len, add.at, add.len);
    t->len += add.len;
}

void tale_say(struct tale *t, const char *words)
{
    tale_text(t, text_of(words));
}

void tale_number(struct tale *t, struct decimal d)
{
    char text[DECIMAL_TEXT];
    size_t n = decimal_format(d, text);
    tale_text(t, (struct text){text, (uint32_t)n});
}

static const char *bearing_sign(enum bearing b)
{
    static const char *const sign[] = {"", ">", "<", "~"};
    return sign[b];
}

void tale_value(struct tale *t, const struct claim *c)
{
    tale_say(t, bearing_sign(c->bearing));
    tale_number(t, c->value);
    if (c->percent)
        tale_say(t, " %");
}

void tale_claim(struct tale *t, const struct claim *c)
{
    tale_value(t, c);
    tale_say(t, " (");
    tale_text(t, c->producer.len ? c->producer : TEXT("_U"));
    if (c->scope.len) {
        tale_say(t, "/");
        tale_text(t, c->scope);
    }
    if (c->as_of_text.len) {
        tale_say(t, ", ");
        tale_text(t, c->as_of_text);
    }
    tale_say(t, ")");
}

void tale_ratio(struct tale *t, struct decimal a, struct decimal b, int places)
{
    char text[QUOTIENT_TEXT];
    tale_number(t, a);
    tale_say(t, "/");
    tale_number(t, b);
    tale_say(t, " = ");
    size_t n = quotient_format(a, b, 2, places < 2 ? 2 : places, text);
    tale_text(t, (struct text){text, (uint32_t)n});
    tale_say(t, " %");
}

struct text tale_end(const struct tale *t)
{
    return t->len ? (struct text){t->at, t->len} : TEXT("");
}

struct finding *finding_new(struct claims *s, enum finding_class class, enum weight weight)
{
    s->finding =
        arena_grow(s->arena, s->finding, s->findings, &s->finding_room, sizeof *s->finding);
    struct finding *f = arena_zalloc(s->arena, sizeof *f);
    f->class = class;
    f->weight = weight;
    return s->finding[s->findings++] = f;
}

/* In the order of the rows, each once. */
void contradiction_add(struct claims *s, struct finding *f, const struct claim *c)
{
    uint32_t at = 0;
    while (at < f->claims && f->claim[at]->row < c->row)
        at++;
    if (at < f->claims && f->claim[at] == c)
        return;
    const struct claim **claim = arena_array(s->arena, (size_t)f->claims + 1, sizeof *claim);
    for (uint32_t i = 0; i < f->claims; i++)
        claim[i + (i >= at)] = f->claim[i];
    claim[at] = c;
    f->claim = claim;
    f->claims++;
}

static void tale_coded(struct tale *t, const struct claim *c)
{
    tale_text(t, c->axis[0].code);
    tale_say(t, ": ");
    tale_claim(t, c);
}

struct finding *finding_equal(struct claims *s, enum finding_class class, enum weight weight,
                              const struct claim *a, const struct claim *b)
{
    struct finding *f = finding_new(s, class, weight);
    struct tale t = tale_new(s);
    contradiction_add(s, f, a);
    contradiction_add(s, f, b);
    tale_coded(&t, a);
    tale_say(&t, " = ");
    tale_coded(&t, b);
    f->evidence = tale_end(&t);
    return f;
}

static struct text fill(struct claims *s, const char *pattern, struct text one, struct text two)
{
    struct tale t = tale_new(s);
    for (const char *p = pattern; *p; p++) {
        if (*p == '%' && (p[1] == '1' || p[1] == '2')) {
            tale_text(&t, *++p == '1' ? one : two);
            continue;
        }
        tale_text(&t, (struct text){p, 1});
    }
    return tale_end(&t);
}

void finding_read(struct claims *s, struct finding *f, const char *fr, const char *en,
                  struct text one, struct text two)
{
    f->reading_fr = fill(s, fr, one, two);
    f->reading_en = fill(s, en, one, two);
}
