/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two files for machines. `big`: a plain register for timing, about 92 bytes a record, 3.6 % of
 * them with a quoted comma; with --keys also a dossier out of a million and a PSU out of 4200, so
 * that nationality x PSU has half a million cells. `hostile`: every lawful trick of CSV quoting,
 * CRLF line ends.
 *
 * With --totals neither prints its records but what a right reader must find in them: for each
 * nationality and year the number of records, the exact sum of weights, and the bytes of the free
 * text once unquoted; last a line of grand totals. Cost: big writes some 300 MB/s on one core.
 */
#include "kinds.h"

#include <stdlib.h>
#include <string.h>

#include "rng.h"

enum { FIRST_YEAR = 2014, YEARS = 11, PICKS = 1 << 14, DOSSIERS = 1000000, PSUS = 4200 };

/* From the most frequent to the rarest. */
static const char codes[] =
    "SENSYRCIVCMRGINNGAMLICODFRAMRTPHLDZACOGESPGHAGMBCAFBENTGOBFATCDNERGABLBRSLEGNBGNQCOMMDGEGY"
    "LBYTUNYEMPSEIRQJORLBNSDNSSDSOMETHERIKENUGATZAAGORWABDIZAFCPVITADEUBELGBRPRTNLDUSACANTURCHN"
    "INDPAKBGDIDNBRAROUBGRRUSUKRSAUCHEAUTSWENORDNKFINIRLPOLCZEHUNGRCSRBALBHRVMDAKORJPNVNMTHAMYS"
    "LKANPLAFGIRNKAZUZBAREQATKWTOMNBHRDJIMUSSYCMWIMOZZMBZWENAMBWALSOSWZMEXCOLVENPERARGCHLCUBHTI";
enum { CODES = (sizeof(codes) - 1) / 3 };
_Static_assert(sizeof(codes) % 3 == 1 && sizeof(codes) < 3 * 256, "three letters, an octet");

struct tally {
    uint64_t records, weight, text_bytes; /* weight in 1/10000 */
};

struct bulk {
    struct out *o;
    bool totals, keys;
    struct rng key_draws;
    uint8_t pick[PICKS]; /* a code for each equally likely draw */
    struct tally tally[CODES][YEARS];
};

/* Frequencies fall like 1 / (rank + 2); every code keeps at least one place. */
static void picks_fill(struct bulk *b)
{
    uint32_t sum = 0, at = 0;
    for (uint32_t i = 0; i < CODES; i++)
        sum += 1000000 / (i + 2);
    for (uint32_t i = 0; i < CODES; i++) {
        uint64_t places = (uint64_t)(1000000 / (i + 2)) * PICKS / sum;
        for (; places > 0 && at < PICKS; places--)
            b->pick[at++] = (uint8_t)i;
    }
    while (at < PICKS)
        b->pick[at++] = 0;
}

static struct bulk *bulk_new(struct out *o, const struct request *q)
{
    struct bulk *b = calloc(1, sizeof(*b));
    if (!b) {
        o->failed = true;
        return NULL;
    }
    b->o = o;
    b->totals = q->totals;
    b->keys = q->keys;
    b->key_draws = rng_start(q->seed, STREAM_KEYS, 0);
    picks_fill(b);
    return b;
}

static void tally_add(struct bulk *b, size_t code, uint32_t year, uint64_t weight, size_t bytes)
{
    struct tally *t = &b->tally[code][year - FIRST_YEAR];
    t->records++;
    t->weight += weight;
    t->text_bytes += bytes;
}

/* Shortest form: no zeros at the end. */
static void weight_sum_write(struct out *o, uint64_t weight)
{
    unsigned scale = 4;
    for (; scale > 0 && weight % 10 == 0; scale--)
        weight /= 10;
    out_decimal(o, weight, scale);
}

static void tally_write(struct out *o, const struct tally *t)
{
    out_number(o, t->records);
    weight_sum_write(o, t->weight);
    out_number(o, t->text_bytes);
    out_end(o);
}

static void totals_write(struct bulk *b)
{
    static const char *const name[] = {"nationality", "year", "records", "weight", "text_bytes"};
    struct tally all = {0};
    out_header(b->o, name, LENGTH(name));
    for (size_t i = 0; i < CODES; i++) {
        for (uint32_t y = 0; y < YEARS; y++) {
            const struct tally *t = &b->tally[i][y];
            all.records += t->records;
            all.weight += t->weight;
            all.text_bytes += t->text_bytes;
            if (t->records == 0)
                continue;
            out_plain(b->o, codes + 3 * i, 3);
            out_number(b->o, FIRST_YEAR + y);
            tally_write(b->o, t);
        }
    }
    out_string(b->o, "_T");
    out_string(b->o, "_T");
    tally_write(b->o, &all);
}

/* A weight of one to four decimals: its digits with `scale` of them after the point. */
struct weight {
    uint64_t digits;
    unsigned scale;
};

static struct weight weight_draw(struct rng *r)
{
    static const uint64_t power[] = {1, 10, 100, 1000, 10000};
    struct weight w = {.scale = 1 + rng_below(r, 4)};
    uint64_t bits = rng_next(r);
    uint64_t whole = (bits & 0x3ff) * ((bits >> 10) & 0x3ff) >> 9;
    w.digits = whole * power[w.scale] + ((bits >> 20) & 0xffffffff) % power[w.scale];
    return w;
}

static uint64_t weight_fine(const struct weight *w)
{
    static const uint64_t power[] = {10000, 1000, 100, 10, 1};
    return w->digits * power[w->scale];
}

struct text {
    const char *at;
    size_t length;
};
/* clang-format off */
#define TEXT(literal) {literal, sizeof(literal) - 1}

static const struct text schemes[] = {
    TEXT("regularisation"), TEXT("sejour"), TEXT("sejour"), TEXT("sejour"), TEXT("retour"),
    TEXT("etudes"),         TEXT("asile"),  TEXT("travail"),
};
static const struct text cities[] = {
    TEXT("Casablanca"), TEXT("Rabat"),    TEXT("Salé"),   TEXT("Fès"),     TEXT("Tanger"),
    TEXT("Marrakech"),  TEXT("Agadir"),   TEXT("Oujda"),  TEXT("Nador"),   TEXT("Tétouan"),
    TEXT("Meknès"),     TEXT("Laâyoune"), TEXT("Dakhla"), TEXT("Kénitra"), TEXT("Témara"),
    TEXT("Béni Mellal"),
};
static const struct text plain_notes[] = {
    TEXT("dossier complet transmis"), TEXT("seconde visite prévue en mai"),
    TEXT("copie du contrat de bail versée"), TEXT("adresse à vérifier sur place"),
    TEXT("dossier complet"), TEXT("photographie à refaire"),
    TEXT("en attente de la préfecture"), TEXT("sans observation"),
};
static const struct text quoted_notes[] = {
    TEXT("réside chez un tiers, à vérifier"), TEXT("pièce manquante, relance faite"),
    TEXT("dit \"sans emploi\", à revoir"),    TEXT("deux enfants, un conjoint"),
};
static const struct text statuses[] = {TEXT("valide"), TEXT("valide"), TEXT("en cours"),
                                       TEXT("clos")};
/* clang-format on */

/* count: a power of two, so that a slice of the bits is a fair draw. */
static const struct text *text_pick(const struct text *table, size_t count, uint64_t bits)
{
    return &table[bits & (count - 1)];
}

static void text_put(struct out *o, const struct text *t)
{
    out_plain(o, t->at, t->length);
}

static void region_put(struct out *o, uint32_t region)
{
    const char text[] = {'M', 'A', '-', (char)('0' + region / 10), (char)('0' + region % 10)};
    out_plain(o, text, sizeof(text));
}

/* Drawn from a stream of their own: the other columns are the same without them. */
static void keys_put(struct bulk *b)
{
    uint32_t dossier = rng_below(&b->key_draws, DOSSIERS);
    uint32_t psu = rng_below(&b->key_draws, PSUS);
    out_label(b->o, "MA-", dossier, 7);
    out_label(b->o, "P", psu + 1, 4);
}

static void big_record(struct bulk *b, struct rng *r, uint64_t row)
{
    struct out *o = b->o;
    uint64_t bits = rng_next(r);
    uint64_t more = rng_next(r);
    size_t code = b->pick[bits & (PICKS - 1)];
    uint32_t year = FIRST_YEAR + rng_below(r, YEARS);
    struct weight weight = weight_draw(r);
    uint32_t age = (uint32_t)(((bits >> 20) & 31) + ((bits >> 25) & 31) + ((bits >> 30) & 15));
    uint64_t income = ((more & 0xfffff) * ((more >> 20) & 0xff) >> 8) + 50000;
    bool no_income = rng_below(r, 100) < 2;
    bool quoted = rng_below(r, 1000) < 36;
    const struct text *note = quoted ? text_pick(quoted_notes, LENGTH(quoted_notes), more >> 40)
                                     : text_pick(plain_notes, LENGTH(plain_notes), more >> 40);
    tally_add(b, code, year, weight_fine(&weight), note->length);
    if (b->totals)
        return;
    out_number(o, row + 1);
    out_plain(o, codes + 3 * code, 3);
    out_number(o, year);
    out_plain(o, (bits >> 35) & 1 ? "F" : "M", 1);
    out_number(o, age + 1);
    region_put(o, 1 + (uint32_t)(((bits >> 36) & 0xffff) * 12 >> 16));
    out_decimal(o, weight.digits, weight.scale);
    if (no_income)
        out_empty(o);
    else
        out_decimal(o, income, 2);
    if (b->keys)
        keys_put(b);
    text_put(o, text_pick(schemes, LENGTH(schemes), bits >> 52));
    text_put(o, text_pick(cities, LENGTH(cities), bits >> 56));
    if (quoted)
        out_quoted(o, note->at, note->length);
    else
        text_put(o, note);
    text_put(o, text_pick(statuses, LENGTH(statuses), bits >> 60));
    out_end(o);
}

void big_make(struct out *o, const struct request *q)
{
    static const char *const name[] = {"id",     "nationality", "year",   "sex",  "age",  "region",
                                       "weight", "income",      "scheme", "city", "note", "status"};
    static const char *const keyed[] = {"id",     "nationality", "year",   "sex",     "age",
                                        "region", "weight",      "income", "dossier", "psu",
                                        "scheme", "city",        "note",   "status"};
    struct bulk *b = bulk_new(o, q);
    if (!b)
        return;
    uint64_t rows = q->rows ? q->rows : 1000000;
    struct rng r = rng_start(q->seed, STREAM_BIG, 0);
    if (!b->totals)
        out_header(o, b->keys ? keyed : name, b->keys ? LENGTH(keyed) : LENGTH(name));
    for (uint64_t row = 0; row < rows; row++)
        big_record(b, &r, row);
    if (b->totals)
        totals_write(b);
    free(b);
}

/* Free texts with everything that a quoted field may lawfully hold. */
/* clang-format off */
static const struct text tricks[] = {
    TEXT("plain"), TEXT(""), TEXT("one, comma"), TEXT("first line\nsecond line"),
    TEXT("first line\r\nsecond line"), TEXT("he said \"no\""), TEXT("\"all quoted\""), TEXT("\""),
    TEXT("\n"), TEXT(",\n\","), TEXT("\"\"\"\""), TEXT("  spaces around  "),
    TEXT("ends with a line end\n"), TEXT("\r\nstarts with one"), TEXT("\",\"\r\n\",\""),
    TEXT("مهاجر، \"طنجة\"\nالناظور, وجدة"),
};
/* clang-format on */

enum { LONG_TEXT = 9000 };

/* A text longer than any small buffer, with line ends and quotes at unlike distances. */
static size_t long_text_write(struct rng *r, char *at)
{
    size_t length = 3000 + rng_below(r, LONG_TEXT - 3000);
    uint32_t comma = rng_between(r, 5, 40);
    uint32_t quote = rng_between(r, 41, 300);
    uint32_t line = rng_between(r, 60, 500);
    for (size_t i = 0; i < length; i++) {
        at[i] = (char)('a' + i % 26);
        if (i % comma == 0)
            at[i] = ',';
        if (i % quote == 0)
            at[i] = '"';
        if (i % line == 0)
            at[i] = '\n';
    }
    return length;
}

static void code_put(struct out *o, size_t code, bool quoted)
{
    if (quoted)
        out_quoted(o, codes + 3 * code, 3);
    else
        out_plain(o, codes + 3 * code, 3);
}

static void year_put(struct out *o, uint32_t year, bool quoted)
{
    char text[4];
    digits_before(text + sizeof(text), year);
    if (quoted)
        out_quoted(o, text, sizeof(text));
    else
        out_plain(o, text, sizeof(text));
}

static void hostile_record(struct bulk *b, const struct request *q, uint64_t row)
{
    char long_text[LONG_TEXT];
    struct rng r = rng_start(q->seed, STREAM_HOSTILE, row);
    size_t code = b->pick[rng_below(&r, PICKS)];
    uint32_t year = FIRST_YEAR + rng_below(&r, YEARS);
    struct weight weight = weight_draw(&r);
    struct text text = *text_pick(tricks, LENGTH(tricks), rng_next(&r));
    bool quote_code = rng_chance(&r, 2500);
    bool quote_year = rng_chance(&r, 2500);
    bool quote_text = rng_chance(&r, 5000);
    if (rng_chance(&r, 20)) {
        text.length = long_text_write(&r, long_text);
        text.at = long_text;
    }
    tally_add(b, code, year, weight_fine(&weight), text.length);
    if (b->totals)
        return;
    out_number(b->o, row + 1);
    code_put(b->o, code, quote_code);
    year_put(b->o, year, quote_year);
    if (quote_text)
        out_quoted(b->o, text.at, text.length);
    else
        out_text(b->o, text.at, text.length);
    out_decimal(b->o, weight.digits, weight.scale);
    out_end(b->o);
}

void hostile_make(struct out *o, const struct request *q)
{
    static const char *const name[] = {"id", "nationality", "year", "text", "weight"};
    struct bulk *b = bulk_new(o, q);
    if (!b)
        return;
    uint64_t rows = q->rows ? q->rows : 10000;
    o->crlf = !b->totals;
    if (!b->totals)
        out_header(o, name, LENGTH(name));
    for (uint64_t row = 0; row < rows; row++)
        hostile_record(b, q, row);
    if (b->totals)
        totals_write(b);
    free(b);
}
