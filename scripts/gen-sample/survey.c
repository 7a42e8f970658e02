/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A two-wave household survey on migration, of the shape of a national one: 24 strata (12 regions,
 * urban and rural), about 7 400 households and 35 000 persons a wave, three types of household
 * drawn at different rates, rotating primary sampling units.
 *
 * Rotation: each stratum has PSUs of groups A, B and C; 2018 visits A and B, 2026 visits B and C,
 * so half of the PSUs are common and what is particular to a PSU carries over. Weights are
 * N_h x share of the type / sampled households, times a factor of the PSU. All of it is invented.
 */
#include "kinds.h"

#include "messy.h"

struct stratum {
    const char *region;
    uint32_t households[2]; /* urban, rural: thousands, 2018 */
    uint32_t psus[2];       /* in each rotation group */
    uint32_t emigration;    /* current migrants abroad, relative level: 100 is the mean */
};

static const struct stratum strata[] = {
    {"MA-01", {500, 300}, {11, 8}, 115}, {"MA-02", {340, 160}, {8, 6}, 190},
    {"MA-03", {590, 330}, {12, 9}, 105}, {"MA-04", {740, 280}, {14, 8}, 80},
    {"MA-05", {270, 250}, {7, 8}, 165},  {"MA-06", {1190, 370}, {20, 10}, 75},
    {"MA-07", {440, 490}, {8, 12}, 70},  {"MA-08", {110, 170}, {4, 7}, 120},
    {"MA-09", {350, 250}, {8, 8}, 115},  {"MA-10", {62, 28}, {3, 3}, 95},
    {"MA-11", {75, 5}, {3, 2}, 40},      {"MA-12", {28, 7}, {3, 3}, 35},
};

enum household_type { CURRENT, RETURN, NONE, HOUSEHOLD_TYPES };
static const char *const household_type_name[] = {"current-migrant", "return-migrant", "none"};
static const uint32_t sampled_share[HOUSEHOLD_TYPES] = {55, 27, 18}; /* percent */

/* What is true of one wave and of one PSU in it. */
struct wave {
    const struct request *q;
    uint32_t year;
    enum stream stream;
    uint32_t growth; /* households since 2018, percent */
};

struct psu {
    const struct stratum *stratum;
    size_t rural;
    uint32_t number;
    char group;
    uint32_t size;                       /* sampled households */
    uint32_t count;                      /* PSUs of this stratum in the wave */
    uint32_t richness, mobility, factor; /* percent, around 100; factor in per mille */
};

struct household {
    uint64_t number;
    enum household_type type;
    uint32_t persons, abroad; /* the last `abroad` persons live in another country */
    const char *nationality, *destination;
    bool income_known;
    uint64_t income; /* a month and head, in hundredths of a dirham */
    uint64_t weight;
    unsigned weight_scale;
    uint32_t head_age;
};

struct person {
    const char *relation, *migrant, *nationality, *destination, *motive;
    bool female;
    uint32_t age, departure; /* departure 0: never or not known */
    bool age_known;
};

static uint32_t group_size(const struct request *q, size_t stratum, size_t rural)
{
    uint32_t full = strata[stratum].psus[rural];
    uint32_t few = (full + 3) / 5;
    uint32_t size = q->small ? few : full;
    return size < 2 ? 2 : size;
}

/* Thousandths of the households of a stratum that are of each type in the population. */
static uint32_t population_share(const struct psu *p, enum household_type type)
{
    uint32_t current = 80 * p->stratum->emigration / 100;
    uint32_t back = 35 * p->stratum->emigration / 100;
    if (type == CURRENT)
        return current;
    return type == RETURN ? back : 1000 - current - back;
}

/* In 1/10000, rounded to the number of decimals that the stratum's file happens to carry. */
static void weight_set(const struct wave *w, const struct psu *p, struct household *h)
{
    static const uint64_t step[] = {10000, 1000, 100, 10, 1};
    uint32_t mean_size = w->q->small ? 13 : 40; /* twice the mean number of households a PSU */
    uint64_t population = (uint64_t)p->stratum->households[p->rural] * 1000 * w->growth / 100;
    uint64_t above = population * population_share(p, h->type) * p->factor * 2;
    uint64_t fine = above / ((uint64_t)p->count * mean_size * sampled_share[h->type]);
    h->weight_scale = 2 + (unsigned)(p->number / 1000 + p->rural) % 3;
    uint64_t unit = step[h->weight_scale];
    h->weight = (fine + unit / 2) / unit;
}

struct destination {
    const char *code;
    uint32_t share[2];
};

static const struct destination destinations[] = {
    {"FRA", {3110, 2750}}, {"ESP", {2340, 2450}}, {"ITA", {1870, 1700}}, {"BEL", {600, 620}},
    {"NLD", {480, 420}},   {"DEU", {420, 780}},   {"CAN", {400, 520}},   {"USA", {340, 330}},
    {"GBR", {130, 160}},   {"ARE", {140, 110}},   {"SAU", {110, 70}},    {"QAT", {40, 60}},
    {"SEN", {15, 20}},     {"CIV", {5, 10}},
};

static const char *destination_draw(struct rng *r, const struct wave *w)
{
    uint32_t share[LENGTH(destinations)];
    for (size_t i = 0; i < LENGTH(destinations); i++)
        share[i] = destinations[i].share[w->year > 2018];
    return destinations[rng_weighted(r, share, LENGTH(destinations))].code;
}

static const char *nationality_pick(struct rng *r, const struct wave *w, const struct psu *p,
                                    enum household_type type)
{
    uint32_t chance = type == NONE ? 1300 : 520;
    chance = p->rural ? chance / 6 : chance;
    chance = w->year > 2018 ? chance * 3 / 2 : chance;
    bool foreign = rng_chance(r, chance);
    enum nationality_use use = rng_chance(r, 5500) ? USE_PERMIT : USE_2016;
    const struct nationality *n = &nationalities[nationality_draw(r, use)];
    return foreign ? n->code : "MAR";
}

static struct household household_draw(const struct wave *w, const struct psu *p, uint32_t index)
{
    static const uint32_t size_curve[2][8] = {{1, 3, 4, 4, 5, 5, 6, 11}, {1, 3, 4, 5, 5, 6, 8, 14}};
    static const uint32_t income_curve[] = {21000,  62000,  90000,  118000, 149000,
                                            187000, 242000, 335000, 540000, 1500000};
    struct household h = {0};
    h.number = (uint64_t)p->number * 100 + index + 1;
    struct rng r = rng_start(w->q->seed, w->stream, h.number);
    uint32_t share[HOUSEHOLD_TYPES] = {sampled_share[CURRENT] * p->mobility,
                                       sampled_share[RETURN] * 100, sampled_share[NONE] * 100};
    h.type = (enum household_type)rng_weighted(&r, share, HOUSEHOLD_TYPES);
    h.persons = rng_quantile(&r, size_curve[p->rural], 8);
    bool second = rng_chance(&r, 2400);
    h.abroad = h.type == CURRENT ? 1 + second : 0;
    if (h.persons < h.abroad + 1)
        h.persons = h.abroad + 1;
    h.nationality = nationality_pick(&r, w, p, h.type);
    h.destination = destination_draw(&r, w);
    h.head_age = rng_between(&r, 24, 50) + rng_below(&r, 33);
    uint64_t income = rng_quantile(&r, income_curve, LENGTH(income_curve));
    uint64_t level = (h.type == CURRENT ? 112 : 100) * (p->rural ? 62U : 100U);
    level *= w->year > 2018 ? 127 : 100;
    h.income = income * p->richness / 100 * level / 1000000 + rng_below(&r, 100);
    h.income_known = !rng_chance(&r, 600);
    weight_set(w, p, &h);
    return h;
}

static void relation_draw(struct rng *r, const struct household *h, uint32_t index,
                          struct person *p)
{
    enum { CHILD, PARENT, SIBLING, GRANDCHILD, OTHER, RELATIONS };
    static const char *const name[] = {"child", "parent", "sibling", "grandchild", "other"};
    static const uint32_t share[RELATIONS] = {7600, 500, 400, 1100, 400};
    bool abroad = index >= h->persons - h->abroad;
    uint32_t gap = rng_between(r, 19, 40);
    uint32_t spread = rng_below(r, 17);
    bool couple = rng_chance(r, 7800);
    size_t relation = rng_weighted(r, share, RELATIONS);
    p->female = rng_chance(r, index == 0 ? 1700 : 5200);
    if (index == 0 || (index == 1 && couple && !abroad)) {
        p->relation = index == 0 ? "head" : "spouse";
        p->age = index == 0 ? h->head_age : h->head_age + 4 - spread / 2;
        p->female = index == 0 ? p->female : rng_chance(r, 8900);
        return;
    }
    if (relation == PARENT && h->head_age > 52)
        relation = CHILD;
    if (relation == GRANDCHILD && h->head_age < 45)
        relation = CHILD;
    p->relation = name[relation];
    p->age = h->head_age > gap ? h->head_age - gap : spread;
    if (relation == PARENT)
        p->age = h->head_age + gap;
    else if (relation == SIBLING || relation == OTHER)
        p->age = h->head_age + spread > 26 ? h->head_age + spread - 8 : 18 + spread;
    else if (relation == GRANDCHILD)
        p->age = spread;
}

static const char *motive_draw(struct rng *r, bool female)
{
    static const char *const name[] = {"work", "study", "family", "protection", "other"};
    static const uint32_t share[2][LENGTH(name)] = {{6300, 2200, 1100, 80, 320},
                                                    {3100, 2400, 4150, 50, 300}};
    return name[rng_weighted(r, share[female], LENGTH(name))];
}

/* Fills what only migrants have, and lets a few answers go missing. */
static void migration_draw(struct rng *r, const struct wave *w, const struct household *h,
                           bool abroad, struct person *p)
{
    static const uint32_t since[] = {0, 1, 2, 4, 6, 8, 11, 15, 20, 28, 45};
    if (abroad && p->age < 18)
        p->age = 18 + p->age % 9;
    p->female = rng_chance(r, w->year > 2018 ? 3500 : 3170);
    bool together = rng_chance(r, 6500);
    const char *alone = destination_draw(r, w);
    p->destination = together ? h->destination : alone;
    uint32_t years = rng_quantile(r, since, LENGTH(since));
    p->departure = w->year - (years < p->age ? years : p->age);
    p->motive = motive_draw(r, p->female);
    if (abroad && rng_chance(r, 900))
        p->nationality = p->destination;
    if (rng_chance(r, 350))
        p->destination = "";
    if (rng_chance(r, 200))
        p->departure = 0;
    if (rng_chance(r, 180))
        p->motive = "";
}

static struct person person_draw(const struct wave *w, const struct household *h, uint32_t index)
{
    struct rng r = rng_start(w->q->seed, w->stream, (h->number << 8) + index + 1);
    struct person p = {.migrant = "none", .destination = "", .motive = ""};
    relation_draw(&r, h, index, &p);
    bool mixed = rng_chance(&r, 1400);
    p.nationality = mixed && index > 0 ? "MAR" : h->nationality;
    bool abroad = index >= h->persons - h->abroad;
    bool back = h->type == RETURN && index == 0;
    if (abroad)
        p.migrant = "current";
    else if (back)
        p.migrant = "return";
    if (abroad || back)
        migration_draw(&r, w, h, abroad, &p);
    if (p.age > 99)
        p.age = 99;
    p.age_known = !rng_chance(&r, 40);
    if (rng_chance(&r, 90))
        p.nationality = "";
    return p;
}

static void person_write(struct out *o, const struct wave *w, const struct psu *u,
                         const struct household *h, uint32_t index)
{
    struct person p = person_draw(w, h, index);
    const char area[] = {u->stratum->region[3], u->stratum->region[4], u->rural ? 'R' : 'U'};
    out_number(o, w->year);
    out_plain(o, area, sizeof(area));
    out_string(o, u->stratum->region);
    out_string(o, u->rural ? "rural" : "urban");
    out_number(o, u->number);
    out_plain(o, &u->group, 1);
    out_number(o, h->number);
    out_string(o, household_type_name[h->type]);
    out_number(o, index + 1);
    out_string(o, p.relation);
    out_string(o, p.female ? "F" : "M");
    if (p.age_known)
        out_number(o, p.age);
    else
        out_empty(o);
    out_string(o, p.nationality);
    out_string(o, p.migrant);
    out_string(o, p.destination);
    if (p.departure)
        out_number(o, p.departure);
    else
        out_empty(o);
    out_string(o, p.motive);
    if (h->income_known)
        out_decimal(o, h->income, 2);
    else
        out_empty(o);
    out_decimal(o, h->weight, h->weight_scale);
    out_end(o);
}

/* What belongs to a PSU is drawn from its number alone: both waves see the same PSU. */
static struct psu psu_draw(const struct wave *w, size_t stratum, size_t rural, uint32_t index)
{
    uint32_t size = group_size(w->q, stratum, rural);
    struct psu p = {.stratum = &strata[stratum], .rural = rural, .count = 2 * size};
    p.number = ((uint32_t)stratum + 1) * 1000 + (uint32_t)rural * 500 + index + 1;
    p.group = (char)('A' + index / size);
    struct rng r = rng_start(w->q->seed, STREAM_PSU, p.number);
    p.richness = rng_between(&r, 35, 80) + rng_below(&r, 85);
    p.mobility = rng_between(&r, 60, 100) + rng_below(&r, 41);
    p.factor = rng_between(&r, 620, 1000) + rng_below(&r, 381);
    struct rng visit = rng_start(w->q->seed, w->stream, p.number);
    p.size = w->q->small ? rng_between(&visit, 5, 8) : rng_between(&visit, 16, 24);
    return p;
}

static void wave_write(struct out *o, const struct wave *w)
{
    for (size_t s = 0; s < 2 * LENGTH(strata); s++) {
        uint32_t size = group_size(w->q, s / 2, s % 2);
        uint32_t first = w->year > 2018 ? size : 0;
        for (uint32_t i = first; i < first + 2 * size; i++) {
            struct psu p = psu_draw(w, s / 2, s % 2, i);
            for (uint32_t k = 0; k < p.size; k++) {
                struct household h = household_draw(w, &p, k);
                for (uint32_t m = 0; m < h.persons; m++)
                    person_write(o, w, &p, &h, m);
            }
        }
    }
}

void survey_make(struct out *o, const struct request *q)
{
    static const char *const name[] = {
        "year",           "stratum",        "region",   "milieu", "psu", "rot",         "household",
        "household_type", "person",         "relation", "sex",    "age", "nationality", "migrant",
        "destination",    "year_departure", "motive",   "income", "w"};
    const struct wave waves[] = {{q, 2018, STREAM_2018, 100}, {q, 2026, STREAM_2026, 118}};
    out_header(o, name, LENGTH(name));
    for (size_t i = 0; i < LENGTH(waves); i++)
        if (q->wave == 0 || q->wave == waves[i].year)
            wave_write(o, &waves[i]);
}
