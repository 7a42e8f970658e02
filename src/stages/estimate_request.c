/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which statistics are asked for, and which sums they need; equal sums are kept once. */
#include "stages/estimate.h"

static const struct kind {
    const char *option;
    enum statistic kind;
} kinds[] = {
    {"count", STAT_COUNT},           {"total", STAT_TOTAL},       {"mean", STAT_MEAN},
    {"ratio", STAT_RATIO},           {"variance", STAT_VARIANCE}, {"tally", STAT_TALLY},
    {"proportion", STAT_PROPORTION}, {"quantile", STAT_QUANTILE},
};

static const struct kind *find_kind(const char *option)
{
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (strcmp(kinds[k].option, option) == 0)
            return &kinds[k];
    return NULL;
}

static uint32_t need_set(struct requests *r, int x, int y)
{
    for (uint32_t i = 0; i < r->sets; i++)
        if (r->set[i].x == x && r->set[i].y == y)
            return i;
    r->set[r->sets] = (struct set){x, y};
    return r->sets++;
}

static uint32_t need_first(struct requests *r, uint32_t set, int x)
{
    for (uint32_t i = 0; i < r->firsts; i++)
        if (r->first[i].set == set && r->first[i].x == x)
            return i;
    uint32_t at = r->firsts++;
    r->first[at] = (struct first_moment){set, at, x};
    if (r->set[set].y != NO_COLUMN)
        r->first[at].base = need_first(r, need_set(r, x, NO_COLUMN), x);
    return at;
}

static uint32_t need_second(struct requests *r, uint32_t set, int x, int y, bool cells)
{
    for (uint32_t i = 0; i < r->seconds; i++) {
        const struct second_moment *m = &r->second[i];
        if (m->set == set && m->x == x && m->y == y && m->cells == cells)
            return i;
    }
    uint32_t at = r->seconds++;
    r->second[at] = (struct second_moment){set, at, x, y, cells};
    if (r->set[set].y != NO_COLUMN && x == y && x != NO_COLUMN && !cells)
        r->second[at].base = need_second(r, need_set(r, x, NO_COLUMN), x, x, false);
    return at;
}

static uint32_t need_column(int *column, uint32_t *count, int x)
{
    for (uint32_t i = 0; i < *count; i++)
        if (column[i] == x)
            return i;
    column[*count] = x;
    return (*count)++;
}

static void need_deff(struct requests *r, struct request *q, enum deff deff)
{
    bool about_mean = q->kind == STAT_TOTAL || q->kind == STAT_MEAN || q->kind == STAT_RATIO;
    if (deff == DEFF_KISH && q->set != NO_SET)
        q->square = need_second(r, q->set, NO_COLUMN, NO_COLUMN, false);
    if ((deff != DEFF_WITHOUT && deff != DEFF_WITH) || !about_mean)
        return;
    q->xx = need_second(r, q->set, q->x, q->x, false);
    if (q->kind != STAT_RATIO)
        return;
    q->xy = need_second(r, q->set, q->x, q->y, false);
    q->yy = need_second(r, q->set, q->y, q->y, false);
}

static void need_sums(struct requests *r, struct request *q, enum deff deff)
{
    if (q->kind == STAT_TALLY || q->kind == STAT_PROPORTION)
        q->level = need_column(r->level, &r->levels, q->x);
    if (q->kind == STAT_QUANTILE)
        q->store = need_column(r->store, &r->stores, q->x);
    q->set = need_set(r, q->kind == STAT_TALLY ? NO_COLUMN : q->x, q->y);
    if (q->kind == STAT_TOTAL || q->kind == STAT_MEAN || q->kind == STAT_RATIO ||
        q->kind == STAT_VARIANCE)
        q->x_sum = need_first(r, q->set, q->x);
    if (q->kind == STAT_RATIO)
        q->y_sum = need_first(r, q->set, q->y);
    if (q->kind == STAT_VARIANCE)
        q->xx = need_second(r, q->set, q->x, q->x, true);
    need_deff(r, q, deff);
}

static int parse_ratio(struct step *step, struct text spec, struct request *q)
{
    struct text a;
    text_next(&spec, '/', &a);
    if (!spec.at)
        return step_fail(step, EX_USAGE, NOWHERE, "--ratio is A/B, as in --ratio income/persons");
    return step_find(step, a, &q->x) != STEP_OK ? STEP_FAIL : step_find(step, spec, &q->y);
}

static bool parse_p(struct text p, double *out)
{
    return real_read(p, out) && *out >= 0 && *out <= 1;
}

static int parse_quantile(struct step *step, struct text spec, struct request *q)
{
    struct arena *a = step_arena(step);
    char number[REAL_TEXT];
    uint32_t colon = spec.len;
    while (colon > 0 && spec.at[colon - 1] != ':')
        colon--;
    struct text p = {spec.at + colon, spec.len - colon}, name = {spec.at, colon ? colon - 1 : 0};
    if (colon == 0 || !parse_p(p, &q->p))
        return step_fail(step, EX_USAGE, NOWHERE,
                         "--quantile is X:P with P from 0 to 1, as in age:0.5");
    size_t n = real_format(q->p, number);
    q->variable = text_of(arena_print(a, "%.*s@%.*s", (int)name.len, name.at, (int)n, number));
    return step_find(step, name, &q->x);
}

static int parse_request(struct step *step, const struct kind *k, const char *value,
                         struct request *q)
{
    q->kind = k->kind;
    q->x = q->y = NO_COLUMN;
    q->variable = text_of(value);
    if (k->kind == STAT_RATIO)
        return parse_ratio(step, q->variable, q);
    if (k->kind == STAT_QUANTILE)
        return parse_quantile(step, q->variable, q);
    if (k->kind != STAT_COUNT)
        return step_find(step, q->variable, &q->x);
    q->variable = TEXT("_Z");
    return STEP_OK;
}

int requests_open(struct step *step, struct requests *r, enum deff deff)
{
    struct arena *a = step_arena(step);
    const struct options *given = step_options(step);
    size_t most = (size_t)given->count * 8 + 1;
    r->request = arena_zarray(a, most, sizeof *r->request);
    r->set = arena_zarray(a, most, sizeof *r->set);
    r->first = arena_zarray(a, most, sizeof *r->first);
    r->second = arena_zarray(a, most, sizeof *r->second);
    r->level = arena_zarray(a, most, sizeof *r->level);
    r->store = arena_zarray(a, most, sizeof *r->store);
    for (uint32_t i = 0; i < given->count; i++) {
        const struct kind *k = find_kind(given->value[i].spec->name);
        struct request *q = &r->request[r->count];
        if (!k)
            continue;
        if (parse_request(step, k, given->value[i].value, q) != STEP_OK)
            return STEP_FAIL;
        need_sums(r, q, deff);
        r->count++;
    }
    if (r->count == 0)
        return step_fail(step, EX_USAGE, NOWHERE,
                         "asks for nothing: give --count, --total, --mean, --proportion, ...");
    return STEP_OK;
}
