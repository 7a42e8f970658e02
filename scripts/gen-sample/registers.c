/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Three small registers: voluntary returns 2013-2024, residence permits, dismantled networks.
 *
 * Yearly volumes are of the order of published figures; where none was published the value is
 * invented. --rows scales them. Rows come in order of date. Every case is invented.
 */
#include "kinds.h"

#include "dates.h"
#include "messy.h"
#include "places.h"

/* The date of case `row` when `rows` cases fall evenly on years of unequal volume. */
static uint32_t date_spread(const uint32_t *volume, size_t years, uint32_t first, uint64_t row,
                            uint64_t rows)
{
    uint64_t total = 0;
    for (size_t i = 0; i < years; i++)
        total += volume[i];
    uint64_t at = row * total / rows;
    size_t i = 0;
    while (at >= volume[i])
        at -= volume[i++];
    uint32_t day = date_day(first + (uint32_t)i, 1, 1) + (uint32_t)(at * 365 / volume[i]);
    uint32_t moved = date_workday(day);
    return date_year(moved) == date_year(day) ? moved : day;
}

static uint64_t volume_total(const uint32_t *volume, size_t years)
{
    uint64_t total = 0;
    for (size_t i = 0; i < years; i++)
        total += volume[i];
    return total;
}

/* 2013 to 2024: both producers together, since one file holds the cases of all schemes. */
static const uint32_t return_volume[] = {498,  1900, 2400, 3000, 2600, 3400,
                                         2100, 414,  2370, 2457, 2900, 4388};

static const char *scheme_draw(struct rng *r, uint32_t year)
{
    static const char *const name[] = {"OIM", "Ministère de l'Intérieur",
                                       "OIM et Ministère de l'Intérieur", "Ambassade du pays",
                                       "Entraide nationale"};
    static const uint32_t share[2][LENGTH(name)] = {{6000, 2900, 800, 250, 50},
                                                    {6900, 1300, 1600, 120, 80}};
    return name[rng_weighted(r, share[year >= 2019], LENGTH(name))];
}

static void return_write(struct out *o, const struct request *q, uint64_t row, uint64_t rows)
{
    static const uint32_t age_curve[] = {0, 15, 20, 22, 24, 26, 28, 30, 33, 37, 44, 70};
    struct rng r = rng_start(q->seed, STREAM_RETURNS, row);
    uint32_t day = date_spread(return_volume, LENGTH(return_volume), 2013, row, rows);
    uint32_t year = date_year(day);
    enum nationality_use use = year < 2019 ? USE_RETURN_EARLY : USE_RETURN_LATE;
    const struct nationality *n = &nationalities[nationality_draw(&r, use)];
    bool female = rng_chance(&r, year < 2019 ? 1800 : 3000);
    uint32_t age = rng_quantile(&r, age_curve, LENGTH(age_curve));
    bool age_missing = rng_chance(&r, 80);
    struct word spelling = nationality_type(&r, n, female, q->french);
    struct word sex = sex_type(&r, female, q->french);
    const char *scheme = scheme_draw(&r, year);
    bool elsewhere = rng_chance(&r, 180);
    const struct nationality *to = elsewhere ? &nationalities[nationality_draw(&r, use)] : n;

    out_label(o, "RV-", row + 1, 6);
    out_date(o, day);
    out_text(o, spelling.at, spelling.length);
    out_text(o, sex.at, sex.length);
    if (age_missing)
        out_empty(o);
    else
        out_number(o, age);
    out_string(o, scheme);
    out_string(o, to->country);
    if (q->truth)
        out_string(o, n->code);
    out_end(o);
}

void returns_make(struct out *o, const struct request *q)
{
    static const char *const name[] = {"cas", "date_retour", "nationalite", "sexe",
                                       "age", "dispositif",  "pays_retour", "code"};
    uint64_t rows = q->rows ? q->rows : volume_total(return_volume, LENGTH(return_volume));
    out_header(o, name, LENGTH(name) - !q->truth);
    for (uint64_t row = 0; row < rows; row++)
        return_write(o, q, row, rows);
}

struct permit_type {
    const char *name;
    uint32_t share;
    uint32_t years[3]; /* usual lengths, equally likely */
};

static const struct permit_type permit_types[] = {
    {"travail", 4300, {1, 2, 3}},     {"regroupement familial", 2200, {1, 3, 10}},
    {"études", 1500, {1, 1, 1}},      {"retraité ou rentier", 600, {1, 5, 10}},
    {"investisseur", 350, {1, 3, 5}}, {"régularisation", 700, {1, 1, 3}},
    {"réfugié", 250, {1, 1, 2}},      {"autre", 100, {1, 1, 2}},
};

static const struct permit_type *permit_type_draw(struct rng *r)
{
    uint32_t share[LENGTH(permit_types)];
    for (size_t i = 0; i < LENGTH(permit_types); i++)
        share[i] = permit_types[i].share;
    return &permit_types[rng_weighted(r, share, LENGTH(permit_types))];
}

/* Valid on the last day of 2020 or expired shortly before: a stock with a tail of old cards. */
static void permit_write(struct out *o, const struct request *q, uint64_t row)
{
    struct rng r = rng_start(q->seed, STREAM_PERMITS, row);
    const struct nationality *n = &nationalities[nationality_draw(&r, USE_PERMIT)];
    bool female = rng_chance(&r, 4600);
    struct word spelling = nationality_type(&r, n, female, q->french);
    const struct place *place = place_draw(&r, PLACE_PERMIT);
    struct word region = place_type(&r, place->region);
    const struct permit_type *type = permit_type_draw(&r);
    uint32_t years = type->years[rng_below(&r, 3)];
    uint32_t days = years * 365 + years / 4;
    uint32_t ago = rng_below(&r, days + 60);
    uint32_t issued = date_workday(date_day(2020, 12, 31) - ago);

    out_label(o, "C", row + 1, 7);
    out_text(o, spelling.at, spelling.length);
    out_text(o, region.at, region.length);
    out_string(o, type->name);
    out_date(o, issued);
    if (rng_chance(&r, 70))
        out_empty(o);
    else
        out_date(o, issued + days);
    if (q->truth)
        out_string(o, n->code);
    out_end(o);
}

void permits_make(struct out *o, const struct request *q)
{
    static const char *const name[] = {"numero",          "nationalite",     "region", "type",
                                       "date_delivrance", "date_expiration", "code"};
    uint64_t rows = q->rows ? q->rows : 133274;
    out_header(o, name, LENGTH(name) - !q->truth);
    for (uint64_t row = 0; row < rows; row++)
        permit_write(o, q, row);
}

/* 2014 to 2024. */
static const uint32_t network_volume[] = {105, 90, 61, 80, 229, 208, 111, 256, 290, 280, 332};

static void network_write(struct out *o, const struct request *q, uint64_t row, uint64_t rows)
{
    static const char *const type[] = {"trafic de migrants", "départs par mer", "faux documents",
                                       "traite des personnes"};
    static const uint32_t share[LENGTH(type)] = {5200, 3000, 1100, 700};
    static const uint32_t persons[] = {1, 2, 2, 3, 4, 5, 7, 11, 42};
    struct rng r = rng_start(q->seed, STREAM_NETWORKS, row);
    uint32_t day = date_spread(network_volume, LENGTH(network_volume), 2014, row, rows);
    const struct place *place = place_draw(&r, PLACE_NETWORK);
    struct word name = place_type(&r, place->name);
    size_t kind = rng_weighted(&r, share, LENGTH(type));
    uint32_t count = rng_quantile(&r, persons, LENGTH(persons));

    out_label(o, "OP-", row + 1, 4);
    out_date(o, day);
    out_text(o, name.at, name.length);
    out_string(o, type[kind]);
    if (rng_chance(&r, 300))
        out_empty(o);
    else
        out_number(o, count);
    out_end(o);
}

void networks_make(struct out *o, const struct request *q)
{
    static const char *const name[] = {"operation", "date", "province", "type", "personnes"};
    uint64_t rows = q->rows ? q->rows : volume_total(network_volume, LENGTH(network_volume));
    out_header(o, name, LENGTH(name));
    for (uint64_t row = 0; row < rows; row++)
        network_write(o, q, row, rows);
}
