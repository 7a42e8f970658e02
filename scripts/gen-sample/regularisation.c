/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dossiers of the two regularisation operations (2014; December 2016 to December 2017), typed as by
 * many hands: nationality and sex in several languages, old regions in 2014, new ones in 2016.
 *
 * Rows come in order of deposit; the 2014 curve is front-loaded as the real one was. About 83 % of
 * decisions are favourable. Every person is invented.
 */
#include "kinds.h"

#include "dates.h"
#include "messy.h"
#include "places.h"

struct phase {
    uint32_t name;
    uint32_t from_year, from_month, from_day, days;
    const char *prefix;
    enum stream stream;
    enum nationality_use nationality;
    enum place_use place;
    uint64_t rows;        /* requests published for the operation */
    uint32_t deposits[9]; /* eighths of the requests: per mille of the period gone by */
};

static const struct phase phases[] = {
    {2014,
     2014,
     1,
     2,
     363,
     "R14-",
     STREAM_2014,
     USE_2014,
     PLACE_2014,
     27332,
     {0, 45, 85, 125, 190, 330, 530, 770, 999}},
    {2016,
     2016,
     12,
     15,
     381,
     "R16-",
     STREAM_2016,
     USE_2016,
     PLACE_2016,
     28400,
     {0, 40, 90, 150, 215, 330, 520, 760, 999}},
};

static const uint32_t age_curve[] = {0, 17, 21, 23, 25, 27, 29, 31, 34, 39, 46, 75};

struct weighted {
    const char *name;
    uint32_t share[2]; /* one a phase */
};

static const struct weighted motives[] = {
    {"résidence continue de cinq ans", {3400, 3200}},
    {"contrat de travail de deux ans", {2300, 2400}},
    {"conjoint d'un étranger en règle", {1300, 1250}},
    {"conjoint de ressortissant marocain", {1150, 1000}},
    {"enfant d'un étranger en règle", {850, 800}},
    {"enfant né d'un conjoint marocain", {450, 350}},
    {"maladie grave", {350, 300}},
    {"mineur non accompagné", {200, 250}},
    {"activité professionnelle non salariée", {0, 450}},
};

static const char *motive_draw(struct rng *r, uint32_t age, size_t phase)
{
    uint32_t share[LENGTH(motives)];
    bool minor = age < 18;
    for (size_t i = 0; i < LENGTH(motives); i++) {
        bool childs = i == 4 || i == 5 || i == 7;
        share[i] = childs == minor || i == 6 ? motives[i].share[phase] : 0;
    }
    return motives[rng_weighted(r, share, LENGTH(motives))].name;
}

enum decision { FAVOURABLE, UNFAVOURABLE, PENDING, DECISIONS };

static enum decision decision_draw(struct rng *r, bool female)
{
    static const uint32_t share[2][DECISIONS] = {{7800, 1750, 450}, {9100, 600, 300}};
    return (enum decision)rng_weighted(r, share[female], DECISIONS);
}

static void decision_write(struct out *o, struct rng *r, uint32_t deposited, enum decision decision)
{
    static const char *const name[DECISIONS] = {"favorable", "défavorable", "en cours"};
    static const uint32_t delay[] = {12, 40, 60, 75, 95, 120, 160, 240, 420};
    uint32_t wait = rng_quantile(r, delay, LENGTH(delay));
    out_string(o, name[decision]);
    if (decision == PENDING)
        out_empty(o);
    else
        out_date(o, date_workday(deposited + wait));
}

/* Births known by year alone are entered as 1 January, as in many real registers. */
static void birth_write(struct out *o, struct rng *r, uint32_t deposited, uint32_t age)
{
    uint32_t days = age * 365 + age / 4 + rng_below(r, 360);
    bool missing = rng_chance(r, 110);
    bool january = rng_chance(r, 900);
    uint32_t day = deposited - days;
    if (missing)
        out_empty(o);
    else
        out_date(o, january ? date_day(date_year(day), 1, 1) : day);
}

/* Stamp duty and copies: 100 to 260 dirhams by steps of 2.50, with two decimals. */
static void fees_write(struct out *o, struct rng *r)
{
    uint32_t steps = rng_below(r, 65);
    if (rng_chance(r, 250))
        out_empty(o);
    else
        out_decimal(o, 10000 + 250 * (uint64_t)steps, 2);
}

static void place_write(struct out *o, struct rng *r, const struct phase *p)
{
    const struct place *place = place_draw(r, p->place);
    struct word name = place_type(r, place->name);
    struct word region = place_type(r, p->name == 2014 ? place->region_2014 : place->region);
    out_text(o, name.at, name.length);
    out_text(o, region.at, region.length);
}

static void dossier_write(struct out *o, const struct request *q, size_t phase, uint64_t row,
                          uint64_t rows)
{
    const struct phase *p = &phases[phase];
    struct rng r = rng_start(q->seed, p->stream, row);
    uint32_t gone = curve_read(p->deposits, LENGTH(p->deposits), row, rows);
    uint32_t day = date_day(p->from_year, p->from_month, p->from_day) + gone * p->days / 1000;
    const struct nationality *n = &nationalities[nationality_draw(&r, p->nationality)];
    bool female = rng_chance(&r, 4150);
    uint32_t age = rng_quantile(&r, age_curve, LENGTH(age_curve));
    struct word spelling = nationality_type(&r, n, female, q->french);
    struct word sex = sex_type(&r, female, q->french);

    uint32_t deposited = date_workday(day);
    out_label(o, p->prefix, row + 1, 6);
    out_date(o, deposited);
    place_write(o, &r, p);
    out_text(o, spelling.at, spelling.length);
    out_text(o, sex.at, sex.length);
    birth_write(o, &r, deposited, age);
    out_number(o, p->name);
    out_string(o, motive_draw(&r, age, phase));
    enum decision decision = decision_draw(&r, female);
    decision_write(o, &r, deposited, decision);
    if (q->fees)
        fees_write(o, &r);
    if (q->truth)
        out_string(o, n->code);
    out_end(o);
}

static void header_write(struct out *o, const struct request *q)
{
    static const char *const name[] = {"dossier",     "date_depot", "prefecture",     "region",
                                       "nationalite", "sexe",       "date_naissance", "phase",
                                       "motif",       "decision",   "date_decision"};
    for (size_t i = 0; i < LENGTH(name); i++)
        out_string(o, name[i]);
    if (q->fees)
        out_string(o, "frais");
    if (q->truth)
        out_string(o, "code");
    out_end(o);
}

void regularisation_make(struct out *o, const struct request *q)
{
    uint64_t wanted = 0, left;
    for (size_t i = 0; i < LENGTH(phases); i++)
        wanted += q->phase == 0 || q->phase == phases[i].name ? phases[i].rows : 0;
    left = q->rows ? q->rows : wanted;
    uint64_t rows = left;
    header_write(o, q);
    for (size_t i = 0; i < LENGTH(phases); i++) {
        if (q->phase != 0 && q->phase != phases[i].name)
            continue;
        bool last = q->phase != 0 || i + 1 == LENGTH(phases);
        uint64_t count = last ? left : rows * phases[i].rows / wanted;
        for (uint64_t row = 0; row < count; row++)
            dossier_write(o, q, i, row, count);
        left -= count;
    }
}
