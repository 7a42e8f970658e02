/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/codelist.h"

#include "table/dictionary.h"
#include "table/distance.h"
#include "table/fold.h"
#include "table/phrase.h"

/* The last is not kept: it is what the others find inside of a phrase. */
enum level {
    LEVEL_OWN,
    LEVEL_EXACT,
    LEVEL_FOLDED,
    LEVEL_ALIAS,
    LEVEL_COMPACT,
    LEVELS,
    LEVEL_PHRASE
};
enum { COMPACT_LETTERS = 6, FORMS = 1 << 24, NO_CLAIM = 0, CANDIDATES = 32, WRAPPINGS = 8 };

/* A code that a form stands for; claims of one form are chained, oldest first. */
struct claim {
    uint32_t code; /* number in codes */
    uint32_t next; /* index in claims, or NO_CLAIM */
};

/* What the forms of a level stand for. */
struct forms {
    struct dictionary *form;
    size_t room;
    uint32_t *claim;      /* by form: the first claim */
    struct text *written; /* by form: as first seen */
};

struct codelist {
    struct arena *arena;
    struct dictionary *codes;
    const struct phrases *phrases; /* or NULL */
    struct forms level[LEVELS];
    struct claim *claim;
    size_t claims, claim_room;
};

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

/* An array of the arena with room for `want` items, the first `used` kept. */
static void *array_grow(struct arena *a, void *array, size_t used, size_t *room, size_t want,
                        size_t size)
{
    if (want <= *room)
        return array;
    *room = *room ? *room * 2 : 256;
    void *grown = arena_array(a, *room, size);
    if (array && used)
        memcpy(grown, array, used * size);
    return grown;
}

/* The number of a form, made where it is new. */
static uint32_t form_add(struct codelist *l, struct forms *f, struct text form, struct text written)
{
    uint32_t before = dictionary_count(f->form);
    uint32_t n = dictionary_add(f->form, form);
    if (n != before)
        return n;
    size_t room = f->room;
    f->claim = array_grow(l->arena, f->claim, n, &room, (size_t)n + 1, sizeof *f->claim);
    f->written = array_grow(l->arena, f->written, n, &f->room, (size_t)n + 1, sizeof *f->written);
    f->claim[n] = NO_CLAIM;
    f->written[n] = written;
    return n;
}

/* Says that `form` stands for `code` on a level; saying it twice changes nothing. */
static void claim_add(struct codelist *l, enum level level, struct text form, uint32_t code,
                      struct text written)
{
    struct forms *f = &l->level[level];
    uint32_t n = form_add(l, f, form, written);
    if (n == DICTIONARY_NONE)
        return;
    uint32_t last = NO_CLAIM;
    for (uint32_t c = f->claim[n]; c != NO_CLAIM; c = l->claim[c].next) {
        if (l->claim[c].code == code)
            return;
        last = c;
    }
    l->claim =
        array_grow(l->arena, l->claim, l->claims, &l->claim_room, l->claims + 1, sizeof *l->claim);
    uint32_t made = (uint32_t)l->claims++;
    l->claim[made] = (struct claim){code, NO_CLAIM};
    if (last == NO_CLAIM)
        f->claim[n] = made;
    else
        l->claim[last].next = made;
}

/* Only forms with a space: those without are found by the compact text on their own level. */
static void compact_add(struct codelist *l, struct text folded, uint32_t code, struct text written)
{
    char buffer[FOLD_TEXT];
    struct text compact = fold_compact(folded, buffer);
    if (compact.len < folded.len && text_letters(compact) >= COMPACT_LETTERS)
        claim_add(l, LEVEL_COMPACT, compact, code, written);
}

static void label_add(struct codelist *l, struct text label, uint32_t code, bool is_code)
{
    char buffer[FOLD_TEXT];
    if (text_missing(label))
        return;
    claim_add(l, LEVEL_EXACT, label, code, label);
    struct text folded = fold_text(label, buffer);
    if (text_missing(folded) || (is_code && folded.len < label.len))
        return;
    claim_add(l, LEVEL_FOLDED, folded, code, label);
    compact_add(l, folded, code, label);
}

/* What aliases are compared by: the fold, or the text itself where nothing is left of it (`?`). */
static struct text alias_form(struct text t, char buffer[FOLD_TEXT])
{
    struct text folded = fold_text(t, buffer);
    return text_missing(folded) ? t : folded;
}

static bool is_label(struct text name)
{
    static const char *const names[] = {"fr", "ar", "en", "text"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(name, text_of(names[i])))
            return true;
    return text_starts(name, TEXT("label")) || text_starts(name, TEXT("name"));
}

static int row_error(struct error *e, const struct table *t, uint32_t row, const char *what)
{
    return error_set(e, EX_DATAERR, (struct place){t->name, 0, 0}, "row %u: %s", row + 1, what);
}

static int column_of(const struct table *t, struct text name, struct error *e)
{
    int column = schema_find(t->schema, name);
    if (column == NO_COLUMN)
        error_set(e, EX_DATAERR, (struct place){t->name, 1, 0}, "no column \"%.*s\"", (int)name.len,
                  name.at);
    return column;
}

static int list_add(struct codelist *l, const struct table *t, struct error *e)
{
    int code = column_of(t, TEXT("code"), e);
    if (code == NO_COLUMN)
        return -1;
    for (uint32_t row = 0; row < t->rows; row++) {
        struct text text = table_cell(t, row, (uint32_t)code);
        if (text_missing(text))
            return row_error(e, t, row, "no code");
        uint32_t number = dictionary_add(l->codes, text);
        if (number == DICTIONARY_NONE)
            return row_error(e, t, row, "too many codes for one list");
        label_add(l, text, number, true);
    }
    for (uint32_t c = 0; c < t->schema->columns; c++) {
        if ((int)c == code || !is_label(t->schema->name[c]))
            continue;
        for (uint32_t row = 0; row < t->rows; row++)
            label_add(l, table_cell(t, row, c),
                      dictionary_find(l->codes, table_cell(t, row, (uint32_t)code)), false);
    }
    return 0;
}

/* Two letters are a code in capitals only: `no`, `de`, `N/A` are not Norway, Germany, Namibia. */
static bool is_abbreviation(struct text kind)
{
    return text_equal(kind, TEXT("iso_alpha2"));
}

static int aliases_add(struct codelist *l, const struct table *t, enum level level, struct error *e)
{
    int text = column_of(t, TEXT("text"), e), code = column_of(t, TEXT("code"), e);
    int kind = schema_find(t->schema, TEXT("kind"));
    if (text == NO_COLUMN || code == NO_COLUMN)
        return -1;
    for (uint32_t row = 0; row < t->rows; row++) {
        char buffer[FOLD_TEXT];
        struct text written = table_cell(t, row, (uint32_t)text);
        struct text name = table_cell(t, row, (uint32_t)code);
        if (text_missing(written) || text_missing(name))
            continue;
        uint32_t number = dictionary_find(l->codes, name);
        if (number == DICTIONARY_NONE)
            return row_error(e, t, row, "the code of this alias is not in the list");
        if (is_abbreviation(table_get(t, row, kind))) {
            claim_add(l, LEVEL_EXACT, written, number, written);
            continue;
        }
        struct text form = alias_form(written, buffer);
        claim_add(l, level, form, number, written);
        if (level == LEVEL_ALIAS)
            compact_add(l, form, number, written);
    }
    return 0;
}

struct codelist *codelist_new(struct arena *arena, const struct table *list,
                              const struct table *aliases, const struct table *own,
                              struct error *error)
{
    struct codelist *l = arena_zalloc(arena, sizeof *l);
    l->arena = arena;
    l->codes = dictionary_new(arena, FORMS);
    for (int i = 0; i < LEVELS; i++)
        l->level[i].form = dictionary_new(arena, FORMS);
    l->claims = 1; /* 0 is NO_CLAIM */
    if (list_add(l, list, error) || (aliases && aliases_add(l, aliases, LEVEL_ALIAS, error)) ||
        (own && aliases_add(l, own, LEVEL_OWN, error)))
        return NULL;
    return l;
}

/* A set of a few codes, in the order found. */
struct few {
    uint32_t code[CANDIDATES], count;
};

static void few_add(const struct codelist *l, struct few *few, uint32_t claim)
{
    for (; claim != NO_CLAIM; claim = l->claim[claim].next) {
        uint32_t i = 0;
        while (i < few->count && few->code[i] != l->claim[claim].code)
            i++;
        if (i == few->count && few->count < CANDIDATES)
            few->code[few->count++] = l->claim[claim].code;
    }
}

static void level_find(const struct codelist *l, enum level level, struct text form,
                       struct few *few)
{
    const struct forms *f = &l->level[level];
    uint32_t n = text_missing(form) ? DICTIONARY_NONE : dictionary_find(f->form, form);
    if (n != DICTIONARY_NONE)
        few_add(l, few, f->claim[n]);
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
    for (; phrase_piece(&rest, &piece); pieces++) {
        if (!wrapped_find(l, piece, pieces ? &one : few))
            break;
        if (pieces)
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
    if (wrapped_find(l, t, few) || pieces_find(l, t, few) || halves_find(l, t, few))
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
    *code = dictionary_text(l->codes, few.code[0]);
    return level_match[level];
}

static struct text few_text(const struct codelist *l, const struct few *few, struct arena *arena)
{
    uint32_t len = 0;
    for (uint32_t i = 0; i < few->count; i++)
        len += dictionary_text(l->codes, few->code[i]).len + 1;
    char *at = arena_alloc(arena, len + 1);
    len = 0;
    for (uint32_t i = 0; i < few->count; i++) {
        struct text code = dictionary_text(l->codes, few->code[i]);
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
    const struct forms *f = &l->level[level];
    for (uint32_t n = 0; n < dictionary_count(f->form); n++) {
        uint32_t d = text_distance(folded, dictionary_text(f->form, n), best->distance);
        if (d > best->distance)
            continue;
        if (d < best->distance || few->count == 0) {
            *best = (struct nearest){.written = f->written[n], .distance = d};
            few->count = 0;
        }
        few_add(l, few, f->claim[n]);
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
