/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/codelist.h"

#include "base/distance.h"
#include "table/codelist_inside.h"
#include "table/fold.h"
#include "table/phrase.h"

enum { CANDIDATES = 32, WRAPPINGS = 8 };

static const struct {
    enum match match;
    const char *name;
} match_names[] = {
    {MATCH_EXACT, "exact"},         {MATCH_FOLDED, "folded"},   {MATCH_ALIAS, "alias"},
    {MATCH_AMBIGUOUS, "ambiguous"}, {MATCH_UNKNOWN, "unknown"}, {MATCH_CONTEXT, "context"},
    {MATCH_DATE, "date"},           {MATCH_EXPIRED, "expired"}, {MATCH_OTHERS, "others"},
    {MATCH_PHRASE, "phrase"},
};

static const enum match level_match[] = {
    [LEVEL_OWN] = MATCH_ALIAS,   [LEVEL_EXACT] = MATCH_EXACT,    [LEVEL_FOLDED] = MATCH_FOLDED,
    [LEVEL_ALIAS] = MATCH_ALIAS, [LEVEL_COMPACT] = MATCH_FOLDED, [LEVEL_PHRASE] = MATCH_PHRASE,
};

struct text match_name(enum match m)
{
    return text_of(match_names[m].name);
}

/* A set of a few codes, in the order found. */
struct few {
    uint32_t code[CANDIDATES], count;
};

static void few_add(const struct forms *f, uint32_t form, struct few *few)
{
    for (uint32_t c = f->form[form].claim; c != NO_CLAIM; c = f->claim[c].next) {
        uint32_t i = 0;
        while (i < few->count && few->code[i] != f->claim[c].code)
            i++;
        if (i == few->count && few->count < CANDIDATES)
            few->code[few->count++] = f->claim[c].code;
    }
}

static void level_find(const struct codelist *l, enum level level, struct text form,
                       struct few *few)
{
    const struct forms *f = l->level[level];
    uint32_t n = text_missing(form) ? NO_FORM : forms_find(f, form);
    if (n != NO_FORM)
        few_add(f, n, few);
}

/* The last level takes labels and aliases together: a lost space tells no one from the other. */
static void compact_find(const struct codelist *l, struct text folded, struct few *few)
{
    char buffer[FOLD_TEXT];
    struct text compact = fold_compact(folded, buffer);
    if (text_letters(compact) < COMPACT_LETTERS)
        return;
    level_find(l, LEVEL_FOLDED, compact, few);
    level_find(l, LEVEL_ALIAS, compact, few);
    level_find(l, LEVEL_COMPACT, compact, few);
}

/* The codes of a text at the first level that knows it, which is returned; LEVELS: none. */
static enum level plain_find(const struct codelist *l, struct text t, struct few *few)
{
    char buffer[FOLD_TEXT];
    struct text folded = fold_text(t, buffer), alias = text_missing(folded) ? t : folded;
    const struct text form[] = {alias, t, folded, alias};
    few->count = 0;
    for (int i = LEVEL_OWN; i < LEVEL_COMPACT; i++) {
        level_find(l, (enum level)i, form[i], few);
        if (few->count)
            return (enum level)i;
    }
    compact_find(l, folded, few);
    return few->count ? LEVEL_COMPACT : LEVELS;
}

static void few_keep(struct few *few, const struct few *those)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < few->count; i++)
        for (uint32_t j = 0; j < those->count; j++)
            if (few->code[i] == those->code[j])
                few->code[kept++] = few->code[i];
    few->count = kept;
}

/* One name without one wrapper after the other, in one order. */
static bool unwrapped_find(const struct codelist *l, struct text folded, bool back_first,
                           struct few *few)
{
    bool fell = false;
    few->count = 0;
    for (int i = 0; i < WRAPPINGS && !text_missing(folded); i++) {
        if (plain_find(l, folded, few) != LEVELS)
            return true;
        if (!phrase_unwrap(l->phrases, back_first, &folded, &fell))
            break;
    }
    return false;
}

/* Both orders; where they find other codes nothing is found. */
static bool wrapped_find(const struct codelist *l, struct text t, struct few *few)
{
    char buffer[FOLD_TEXT];
    struct text folded = fold_text(phrase_unmark(t), buffer);
    struct few other;
    bool front = unwrapped_find(l, folded, false, few);
    if (!unwrapped_find(l, folded, true, &other))
        return front;
    if (front)
        few_keep(few, &other);
    else
        *few = other;
    return few->count > 0;
}

/* Several names (`Sénégal / السنغال`, `Malien(ne)`): the codes that each of them may mean. */
static bool pieces_find(const struct codelist *l, struct text t, struct few *few)
{
    struct text rest = t, piece;
    struct few one;
    uint32_t pieces = 0;
    bool several = phrase_enumerates(t); /* `Nigérien/Nigérian` says neither */
    for (; phrase_piece(&rest, &piece); pieces++) {
        if (!wrapped_find(l, piece, &one) || (several && one.count > 1))
            break;
        if (!pieces)
            *few = one;
        else
            few_keep(few, &one);
    }
    return pieces > 1 && text_missing(rest) && few->count > 0;
}

/* Two names in one breath (`Guinéens de Guinée-Bissau`, `RDC congolais`): the codes that both may
 * mean, wherever the words are parted. */
static bool halves_find(const struct codelist *l, struct text t, struct few *few)
{
    char buffer[FOLD_TEXT];
    struct text folded = fold_text(phrase_unmark(t), buffer);
    struct few left, right;
    bool found = false;
    for (uint32_t i = 1; i + 1 < folded.len; i++) {
        if (folded.at[i] != ' ' || !wrapped_find(l, (struct text){folded.at, i}, &left))
            continue;
        struct text behind =
            phrase_unlink(l->phrases, (struct text){folded.at + i + 1, folded.len - i - 1});
        if (!wrapped_find(l, behind, &right))
            continue;
        few_keep(&left, &right);
        if (found)
            few_keep(few, &left);
        else
            *few = left;
        found = true;
    }
    return found && few->count > 0;
}

static enum level text_find(const struct codelist *l, struct text t, struct few *few)
{
    enum level level = plain_find(l, t, few);
    if (level != LEVELS || !l->phrases || phrase_elides_initial(t))
        return level;
    if (wrapped_find(l, t, few) || pieces_find(l, t, few) ||
        (!phrase_enumerates(t) && halves_find(l, t, few)))
        return LEVEL_PHRASE;
    few->count = 0;
    return LEVELS;
}

void codelist_wrappings(struct codelist *l, const struct phrases *phrases)
{
    l->phrases = phrases;
}

enum match codelist_resolve(const struct codelist *l, struct text t, struct text *code)
{
    struct few few;
    enum level level = text_find(l, t, &few);
    *code = (struct text){"", 0};
    if (few.count != 1)
        return few.count ? MATCH_AMBIGUOUS : MATCH_UNKNOWN;
    *code = form_text(l->codes, few.code[0]);
    return level_match[level];
}

static struct text few_text(const struct codelist *l, const struct few *few, struct arena *arena)
{
    uint32_t len = 0;
    for (uint32_t i = 0; i < few->count; i++)
        len += form_text(l->codes, few->code[i]).len + 1;
    char *at = arena_alloc(arena, len + 1);
    len = 0;
    for (uint32_t i = 0; i < few->count; i++) {
        struct text code = form_text(l->codes, few->code[i]);
        if (i)
            at[len++] = '|';
        memcpy(at + len, code.at, code.len);
        len += code.len;
    }
    return (struct text){at, len};
}

struct text codelist_candidates(const struct codelist *l, struct text t, struct arena *arena)
{
    struct few few;
    text_find(l, t, &few);
    if (few.count == 1)
        few.count = 0;
    return few_text(l, &few, arena);
}

/* How many letters apart two names may be and still be near: one in four, three at most. */
static uint32_t near_limit(struct text folded)
{
    uint32_t letters = text_letters(folded);
    return letters < 4 ? 0 : letters < 12 ? (letters + 3) / 4 : 3;
}

static void nearest_in(const struct codelist *l, enum level level, struct text folded,
                       struct nearest *best, struct few *few)
{
    const struct forms *f = l->level[level];
    for (uint32_t n = 0; n < f->count; n++) {
        uint32_t d = text_distance(folded, form_text(f, n), best->distance);
        if (d > best->distance)
            continue;
        if (d < best->distance || few->count == 0) {
            *best = (struct nearest){.written = form_written(f, n), .distance = d};
            few->count = 0;
        }
        few_add(f, n, few);
    }
}

struct nearest codelist_nearest(const struct codelist *l, struct text t, struct arena *arena)
{
    char buffer[FOLD_TEXT];
    struct text folded = fold_text(t, buffer);
    struct nearest best = {.distance = near_limit(folded)};
    struct few few = {.count = 0};
    if (best.distance) {
        nearest_in(l, LEVEL_OWN, folded, &best, &few);
        nearest_in(l, LEVEL_FOLDED, folded, &best, &few);
        nearest_in(l, LEVEL_ALIAS, folded, &best, &few);
    }
    if (few.count == 0)
        return (struct nearest){.distance = 0};
    best.codes = few_text(l, &few, arena);
    return best;
}
