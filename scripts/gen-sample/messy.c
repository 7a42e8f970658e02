/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spellings: see messy.h. Knows only the UTF-8 of French letters and of Arabic. */
#include "messy.h"

#include <string.h>

static void word_add(struct word *w, const char *at, size_t length)
{
    if (length > WORD_MAX - w->length)
        length = WORD_MAX - w->length;
    memcpy(w->at + w->length, at, length);
    w->length += length;
}

static void word_append(struct word *w, const char *text)
{
    word_add(w, text, strlen(text));
}

struct word word_from(const char *text)
{
    struct word w = {0};
    word_append(&w, text);
    return w;
}

/* Letters U+00C0 to U+00FF without their accents; '?' marks those that no French word holds. */
static const char plain_letters[] =
    "AAAAAA?CEEEEIIII?NOOOOO?OUUUUY??aaaaaa?ceeeeiiii?nooooo?ouuuuy?y";

static struct word word_plain(const struct word *from)
{
    struct word w = {0};
    for (size_t i = 0; i < from->length; i++) {
        unsigned char c = (unsigned char)from->at[i];
        if (c != 0xc3) {
            word_add(&w, from->at + i, 1);
            continue;
        }
        unsigned char next = (unsigned char)from->at[++i];
        word_add(&w, &plain_letters[next & 0x3fU], 1);
    }
    return w;
}

static struct word word_upper(const struct word *from)
{
    struct word w = *from;
    for (size_t i = 0; i < w.length; i++) {
        unsigned char c = (unsigned char)w.at[i];
        bool accented = i > 0 && (unsigned char)w.at[i - 1] == 0xc3 && c >= 0xa0 && c <= 0xbe;
        if (accented || (c >= 'a' && c <= 'z'))
            w.at[i] = (char)(c - 0x20);
    }
    return w;
}

static struct word word_lower(const struct word *from)
{
    struct word w = *from;
    for (size_t i = 0; i < w.length; i++) {
        unsigned char c = (unsigned char)w.at[i];
        bool accented = i > 0 && (unsigned char)w.at[i - 1] == 0xc3 && c >= 0x80 && c <= 0x9e;
        if (accented || (c >= 'A' && c <= 'Z'))
            w.at[i] = (char)(c + 0x20);
    }
    return w;
}

/* The curved apostrophe: Windows-1252 has it, ISO-8859-1 has not. */
static struct word word_curve(const struct word *from)
{
    struct word w = {0};
    for (size_t i = 0; i < from->length; i++)
        if (from->at[i] == '\'')
            word_append(&w, "’");
        else
            word_add(&w, from->at + i, 1);
    return w;
}

static bool letter_is_ascii(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A slip of the finger: two neighbours swapped, or one letter dropped or doubled. */
static void word_slip(struct rng *r, struct word *w)
{
    uint32_t at = rng_below(r, (uint32_t)w->length);
    uint32_t slip = rng_below(r, 3);
    if (at + 1 >= w->length || !letter_is_ascii(w->at[at]) || !letter_is_ascii(w->at[at + 1]))
        return;
    if (slip == 0) {
        char c = w->at[at];
        w->at[at] = w->at[at + 1];
        w->at[at + 1] = c;
    } else if (slip == 1) {
        memmove(w->at + at, w->at + at + 1, --w->length - at);
    } else if (w->length < WORD_MAX) {
        memmove(w->at + at + 1, w->at + at, w->length++ - at);
    }
}

enum casing { AS_IS, UPPER_PLAIN, UPPER, LOWER, PLAIN, LOWER_PLAIN, CURVED, CASINGS };
static const uint32_t casing_share[CASINGS] = {4800, 1700, 500, 1300, 900, 400, 400};

static struct word word_case(struct rng *r, const struct word *from)
{
    size_t casing = rng_weighted(r, casing_share, CASINGS);
    struct word plain = word_plain(from);
    switch ((enum casing)casing) {
    case UPPER_PLAIN:
        return word_upper(&plain);
    case UPPER:
        return word_upper(from);
    case LOWER:
        return word_lower(from);
    case PLAIN:
        return plain;
    case LOWER_PLAIN:
        return word_lower(&plain);
    case CURVED:
        return word_curve(from);
    default:
        return *from;
    }
}

static void word_plural(struct word *w)
{
    char last = w->at[w->length - 1];
    if (last != 's' && last != 'x')
        word_append(w, "s");
}

static bool text_is_latin(const char *text)
{
    unsigned char c = (unsigned char)text[0];
    return c < 0x80 || c == 0xc3;
}

static struct word demonym_type(struct rng *r, const struct nationality *n, bool female)
{
    bool agrees = rng_chance(r, 8200);
    bool plural = rng_chance(r, 2200);
    struct word w = word_from(female && agrees ? n->female : n->male);
    if (plural)
        word_plural(&w);
    return w;
}

static struct word arabic_type(struct rng *r, const struct nationality *n, bool female)
{
    struct word w = {0};
    uint32_t form = rng_below(r, 10);
    if (form < 5)
        return word_from(n->arabic);
    if (form >= 8)
        word_append(&w, "ال");
    word_append(&w, n->demonym);
    if (form >= 8)
        word_append(&w, form == 8 ? "ون" : "ين");
    else if (female)
        word_append(&w, "ة");
    return w;
}

static struct word other_type(struct rng *r, const struct nationality *n, bool french)
{
    const char *text = n->other[rng_below(r, NATIONALITY_OTHERS)];
    if (french && !text_is_latin(text))
        return word_from(n->country);
    return word_from(text);
}

static struct word nationality_form(struct rng *r, const struct nationality *n, bool female,
                                    bool french)
{
    enum { DEMONYM, COUNTRY, ARABIC, OTHER, CODE, UNKNOWN, FORMS };
    static const uint32_t share[FORMS] = {5600, 2100, 1350, 600, 280, 70};
    size_t form = rng_weighted(r, share, FORMS);
    if (form == ARABIC && !french)
        return arabic_type(r, n, female);
    if (form == COUNTRY)
        return word_from(n->country);
    if (form == OTHER)
        return other_type(r, n, french);
    if (form == CODE)
        return word_from(n->code);
    if (form == UNKNOWN)
        return word_from(rng_chance(r, 5000) ? "" : "non précisée");
    return demonym_type(r, n, female);
}

struct word nationality_type(struct rng *r, const struct nationality *n, bool female, bool french)
{
    struct word form = nationality_form(r, n, female, french);
    bool keep = form.length <= 4 || !text_is_latin(form.at);
    struct word w = keep ? form : word_case(r, &form);
    bool slip = rng_chance(r, 60);
    bool space = rng_chance(r, 50);
    if (slip && w.length > 4)
        word_slip(r, &w);
    if (space && w.length > 0)
        word_append(&w, " ");
    return w;
}

struct word sex_type(struct rng *r, bool female, bool french)
{
    enum { LETTER, LETTER_FRENCH, ADJECTIVE, NOUN, ARABIC, MISSING, FORMS };
    static const char *const text[FORMS][2] = {
        {"M", "F"},         {"H", "F"},      {"masculin", "féminin"},
        {"Homme", "Femme"}, {"ذكر", "أنثى"}, {"", ""}};
    static const uint32_t share[FORMS] = {5200, 1200, 1400, 1300, 860, 40};
    size_t form = rng_weighted(r, share, FORMS);
    if (french && form == ARABIC)
        form = LETTER;
    struct word w = word_from(text[form][female]);
    bool changed = (form == ADJECTIVE || form == NOUN) && rng_chance(r, 3500);
    return changed ? word_case(r, &w) : w;
}

struct word place_type(struct rng *r, const char *name)
{
    struct word w = word_from(name);
    if (rng_chance(r, 8600))
        return w;
    w = word_plain(&w);
    return rng_chance(r, 6500) ? word_upper(&w) : w;
}

size_t nationality_draw(struct rng *r, enum nationality_use use)
{
    uint32_t total = 0;
    for (size_t i = 0; i < nationalities_count; i++)
        total += nationalities[i].share[use];
    uint32_t at = rng_below(r, total);
    size_t i = 0;
    while (at >= nationalities[i].share[use])
        at -= nationalities[i++].share[use];
    return i;
}
