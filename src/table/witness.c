/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/witness.h"

#include "table/dictionary.h"

enum { PAIRS = 1 << 24, PAIR_TEXT = 512 };

/* How often the rows of one source have one code. */
struct tally {
    uint64_t plain, ambiguous;
};

/* What one distinct text stands for. */
struct meaning {
    struct text codes; /* one, or several by `|`, or none */
};

struct witnesses {
    struct arena *arena;
    struct dictionary *pairs, *texts;
    struct tally *tally;     /* by number in pairs */
    struct meaning *meaning; /* by number in texts */
    uint32_t tally_room, meaning_room;
};

static void *grown(struct arena *arena, void *array, uint32_t *room, uint32_t used, size_t size)
{
    if (used < *room)
        return array;
    uint32_t more = *room ? *room * 2 : 64;
    void *bigger = arena_array(arena, more, size);
    memset(bigger, 0, more * size);
    if (array)
        memcpy(bigger, array, *room * size);
    *room = more;
    return bigger;
}

/* Source and code as one text; false where they are too long to be kept. */
static bool pair_text(struct text source, struct text code, char buffer[PAIR_TEXT],
                      struct text *pair)
{
    if (source.len + code.len + 1 > PAIR_TEXT)
        return false;
    memcpy(buffer, code.at, code.len);
    buffer[code.len] = '|';
    if (source.len)
        memcpy(buffer + code.len + 1, source.at, source.len);
    *pair = (struct text){buffer, code.len + 1 + source.len};
    return true;
}

static struct tally *tally_of(struct witnesses *w, struct text source, struct text code)
{
    char buffer[PAIR_TEXT];
    struct text pair;
    uint32_t n =
        pair_text(source, code, buffer, &pair) ? dictionary_add(w->pairs, pair) : DICTIONARY_NONE;
    if (n == DICTIONARY_NONE)
        return NULL;
    w->tally = grown(w->arena, w->tally, &w->tally_room, n, sizeof *w->tally);
    return &w->tally[n];
}

static struct text meaning_of(struct witnesses *w, const struct codelist *list, struct text t)
{
    uint32_t known = dictionary_count(w->texts), n = dictionary_add(w->texts, t);
    if (n < known)
        return w->meaning[n].codes;
    struct text codes;
    if (codelist_resolve(list, t, &codes) == MATCH_AMBIGUOUS)
        codes = codelist_candidates(list, t, w->arena);
    if (n == DICTIONARY_NONE)
        return codes;
    w->meaning = grown(w->arena, w->meaning, &w->meaning_room, n, sizeof *w->meaning);
    w->meaning[n].codes = codes;
    return codes;
}

static void row_add(struct witnesses *w, struct text source, struct text codes)
{
    bool several = codes.len && memchr(codes.at, '|', codes.len);
    struct text code;
    while (text_next(&codes, '|', &code)) {
        struct tally *t = text_missing(code) ? NULL : tally_of(w, source, code);
        if (t)
            ++*(several ? &t->ambiguous : &t->plain);
    }
}

struct witnesses *witnesses_new(struct arena *arena, const struct codelist *list,
                                const struct table *t, int text, int source)
{
    struct witnesses *w = arena_zalloc(arena, sizeof *w);
    w->arena = arena;
    w->pairs = dictionary_new(arena, PAIRS);
    w->texts = dictionary_new(arena, PAIRS);
    for (uint32_t row = 0; row < t->rows; row++)
        row_add(w, table_get(t, row, source), meaning_of(w, list, table_get(t, row, text)));
    return w;
}

static struct tally tally_find(const struct witnesses *w, struct text source, struct text code)
{
    char buffer[PAIR_TEXT];
    struct text pair;
    uint32_t n =
        pair_text(source, code, buffer, &pair) ? dictionary_find(w->pairs, pair) : DICTIONARY_NONE;
    return n == DICTIONARY_NONE ? (struct tally){0, 0} : w->tally[n];
}

struct text witness_decide(const struct witnesses *w, int kind, struct text source,
                           struct text candidates)
{
    struct text code, one = {"", 0};
    uint32_t found = 0;
    while (text_next(&candidates, '|', &code)) {
        struct tally t = tally_find(w, source, code);
        if (kind == WITNESS_LIST ? t.plain > 0 : t.plain == 0)
            continue;
        if (kind == WITNESS_LIST && t.ambiguous > 1)
            found++;
        found++;
        one = code;
    }
    return found == 1 ? one : (struct text){"", 0};
}
