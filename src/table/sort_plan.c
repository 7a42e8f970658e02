/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/sort_plan.h"

#include <stdlib.h>

#include "base/memory.h"

enum { WORD = 8, WORD_BITS = 64, WINDOWS = 4, BLOCK = 2048, AHEAD = 12 };
enum { SCALES = DECIMAL_SCALE + 1 };

/* What the cells of a key have in common, from some byte on. */
struct seen {
    uint64_t first[WINDOWS], unlike[WINDOWS]; /* eight bytes each */
    int64_t low[SCALES], high[SCALES];        /* mantissas; low > high: none of that scale */
    uint32_t shortest, longest;
    bool present, missing, nul, inexact;
};

static inline uint64_t word_at(const struct sort_key *k, uint32_t row, struct text t,
                               uint32_t depth)
{
    return depth || !k->word ? sort_text_word(t, depth) : k->word[row];
}

/* In ranges whose rows lie anywhere, cells are asked for before they are wanted. */
static inline void ask(const struct sort_key *k, uint32_t depth, const struct radix_entry *entry,
                       uint32_t left)
{
    if (left > 2 * AHEAD)
        __builtin_prefetch(&k->text[entry[2 * AHEAD].item]);
    if (left > AHEAD)
        __builtin_prefetch(depth || !k->word ? (const void *)k->text[entry[AHEAD].item].at
                                             : &k->word[entry[AHEAD].item]);
}

/* ---- looking ---- */

static bool has_nul(uint64_t word, uint32_t bytes)
{
    const uint64_t ones = UINT64_MAX / 255;
    if (bytes < WORD)
        word |= UINT64_MAX >> 8 * bytes;
    return ((word - ones) & ~word & ones << 7) != 0;
}

static void see_first(struct seen *s, struct text t, uint32_t depth)
{
    s->present = true;
    s->shortest = s->longest = t.len;
    for (uint32_t w = 0; w < WINDOWS; w++)
        s->first[w] = sort_text_word(t, depth + WORD * w);
}

static void see_texts(struct seen *s, const struct sort_key *k, uint32_t depth,
                      const struct radix_entry *entry, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        struct text t = k->text[entry[i].item];
        ask(k, depth, entry + i, n - i);
        if (text_missing(t)) {
            s->missing = true;
            continue;
        }
        if (!s->present)
            see_first(s, t, depth);
        s->shortest = t.len < s->shortest ? t.len : s->shortest;
        s->longest = t.len > s->longest ? t.len : s->longest;
        for (uint32_t w = 0, at = depth; w < WINDOWS && at < t.len; w++, at += WORD) {
            uint64_t word = word_at(k, entry[i].item, t, at);
            s->unlike[w] |= word ^ s->first[w];
            s->nul |= has_nul(word, t.len - at);
        }
    }
}

static void see_numbers(struct seen *s, const struct sort_key *k, const struct radix_entry *entry,
                        uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        struct decimal d = k->decimal[entry[i].item];
        if (n - i > AHEAD)
            __builtin_prefetch(&k->decimal[entry[i + AHEAD].item]);
        if (d.kind == NUMBER_MISSING) {
            s->missing = true;
            continue;
        }
        s->present = true;
        s->inexact |= d.kind != NUMBER_EXACT;
        int64_t *low = &s->low[d.scale], *high = &s->high[d.scale];
        *low = d.mantissa < *low ? d.mantissa : *low;
        *high = d.mantissa > *high ? d.mantissa : *high;
    }
}

static void see_begin(struct seen *s)
{
    *s = (struct seen){.present = false};
    for (uint32_t d = 0; d < SCALES; d++) {
        s->low[d] = INT64_MAX;
        s->high[d] = INT64_MIN;
    }
}

static void see_join(struct seen *s, const struct seen *o)
{
    s->missing |= o->missing;
    if (!o->present)
        return;
    if (!s->present) {
        bool missing = s->missing;
        *s = *o;
        s->missing = missing;
        return;
    }
    s->nul |= o->nul;
    s->inexact |= o->inexact;
    s->shortest = o->shortest < s->shortest ? o->shortest : s->shortest;
    s->longest = o->longest > s->longest ? o->longest : s->longest;
    for (uint32_t w = 0; w < WINDOWS; w++)
        s->unlike[w] |= o->unlike[w] | (s->first[w] ^ o->first[w]);
    for (uint32_t d = 0; d < SCALES; d++) {
        s->low[d] = o->low[d] < s->low[d] ? o->low[d] : s->low[d];
        s->high[d] = o->high[d] > s->high[d] ? o->high[d] : s->high[d];
    }
}

/* A look shared out in slices. */
struct look {
    const struct sort_key *key;
    const struct radix_entry *entry;
    uint32_t n, depth, slices;
    struct seen *slice;
};

static void look_slice(void *context, uint64_t i)
{
    struct look *l = context;
    uint32_t from = sort_slice(l->n, l->slices, i), to = sort_slice(l->n, l->slices, i + 1);
    see_begin(&l->slice[i]);
    if (l->key->decimal)
        see_numbers(&l->slice[i], l->key, l->entry + from, to - from);
    else
        see_texts(&l->slice[i], l->key, l->depth, l->entry + from, to - from);
}

/* Texts that end before a window are zeros there. */
static void look(struct look *l, const struct sort_crew *crew, struct seen *s)
{
    l->slices = sort_slices(crew, l->n);
    see_begin(s);
    l->slice = l->slices > 1 ? memory_alloc(l->slices * sizeof *l->slice) : s;
    sort_share(crew, look_slice, l, l->slices);
    if (l->slices > 1) {
        for (uint32_t i = 0; i < l->slices; i++)
            see_join(s, &l->slice[i]);
        free(l->slice);
    }
    for (uint32_t w = 0; w < WINDOWS && s->present; w++)
        if (s->shortest <= l->depth + WORD * w)
            s->unlike[w] |= s->first[w];
    /* Equal as far as here although one has ended: the others hold NULs. */
    s->nul |= l->depth && s->present && s->shortest < l->depth;
}

/* ---- fields ---- */

static void squeeze_make(struct sort_field *f, uint64_t mask)
{
    uint64_t count = ~mask << 1;
    f->mask = mask;
    for (uint32_t i = 0; i < SQUEEZES; i++) {
        uint64_t odd = count;
        for (uint32_t k = 1; k < WORD_BITS; k *= 2)
            odd ^= odd << k;
        f->move[i] = odd & mask;
        mask = (mask ^ f->move[i]) | f->move[i] >> (1u << i);
        count &= ~odd;
    }
}

/* The bits of the mask side by side, in their order. */
static inline uint64_t squeeze(const struct sort_field *f, uint64_t x)
{
    x &= f->mask;
    for (uint32_t i = 0; i < SQUEEZES; i++) {
        uint64_t moved = x & f->move[i];
        x = (x ^ moved) | moved >> (1u << i);
    }
    return x;
}

static uint32_t width_of(uint64_t x)
{
    return x ? WORD_BITS - (uint32_t)__builtin_clzll(x) : 0;
}

/* Takes what there is room for; false: not all of it. */
static bool add_field(struct sort_plan *p, struct sort_field f)
{
    uint32_t room = WORD_BITS - p->bits;
    f.bits = f.width < room ? f.width : room;
    p->bits += f.bits;
    if (f.bits)
        p->field[p->fields++] = f;
    return f.bits == f.width;
}

static bool add_missing(struct sort_plan *p, const struct sort_key *k, const struct seen *s)
{
    return !s->missing || !s->present ||
           add_field(p, (struct sort_field){.key = k, .kind = SORT_MISSING, .width = 1});
}

/* False: rows with equal words go on at p->depth. */
static bool add_text(struct sort_plan *p, const struct sort_key *k, const struct seen *s)
{
    if (!add_missing(p, k, s))
        return false;
    for (uint32_t w = 0; w < WINDOWS && p->depth < s->longest; w++) {
        struct sort_field f = {.key = k, .kind = SORT_TEXT, .depth = p->depth};
        f.width = (uint32_t)__builtin_popcountll(s->unlike[w]);
        squeeze_make(&f, s->unlike[w]);
        if (!add_field(p, f))
            return false;
        p->depth += WORD;
    }
    if (p->depth < s->longest)
        return false;
    if (!s->nul || s->shortest == s->longest)
        return true;
    return add_field(p, (struct sort_field){.key = k,
                                            .kind = SORT_LENGTH,
                                            .width = width_of(s->longest - s->shortest),
                                            .low = s->shortest});
}

/* At one scale; false where 63 bits do not hold that. */
static bool span_numbers(const struct seen *s, struct sort_field *f, uint64_t *span)
{
    int64_t high = INT64_MIN, ten = 1, x, y;
    bool begun = false;
    f->low = INT64_MAX;
    for (uint32_t d = SCALES; d-- > 0; ten *= begun && d ? 10 : 1) {
        if (s->low[d] > s->high[d])
            continue;
        if (!begun)
            f->scale = d;
        begun = true;
        if (__builtin_mul_overflow(s->low[d], ten, &x) ||
            __builtin_mul_overflow(s->high[d], ten, &y))
            return false;
        f->low = x < f->low ? x : f->low;
        high = y > high ? y : high;
    }
    *span = (uint64_t)high - (uint64_t)f->low;
    return true;
}

/* A double only by itself. */
static bool add_number(struct sort_plan *p, const struct sort_key *k, const struct seen *s)
{
    struct sort_field f = {.key = k, .kind = SORT_INTEGER};
    uint64_t span = 0;
    if (!s->present)
        return true;
    if (!s->inexact && span_numbers(s, &f, &span)) {
        f.width = width_of(span);
        return add_missing(p, k, s) && add_field(p, f);
    }
    if (p->bits)
        return false;
    p->digits = true;
    return add_field(p, (struct sort_field){.key = k, .kind = SORT_REAL, .width = WORD_BITS});
}

void sort_plan_make(struct sort_plan *p, const struct sort_key *key, uint32_t keys,
                    const struct radix_entry *entry, struct sort_range r,
                    const struct sort_crew *crew)
{
    p->fields = p->bits = 0;
    p->key = r.key;
    p->depth = r.depth;
    p->digits = false;
    while (p->key < keys && p->bits < WORD_BITS && p->fields + WINDOWS + 2 <= SORT_FIELDS) {
        const struct sort_key *k = &key[p->key];
        struct look l = {.key = k, .entry = entry + r.from, .n = r.to - r.from, .depth = p->depth};
        struct seen s;
        look(&l, crew, &s);
        if (!(k->decimal ? add_number(p, k, &s) : add_text(p, k, &s)))
            break;
        p->key++;
        p->depth = 0;
    }
}

/* ---- words ---- */

static inline void put(const struct sort_field *f, struct radix_entry *e, uint64_t value)
{
    e->word = (f->bits < WORD_BITS ? e->word << f->bits : 0) | value >> (f->width - f->bits);
}

static uint64_t ones_of(const struct sort_field *f)
{
    return f->key->descending ? UINT64_MAX >> (WORD_BITS - f->width) : 0;
}

static void put_missing(const struct sort_field *f, struct radix_entry *entry, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        put(f, &entry[i], text_missing(f->key->text[entry[i].item]));
}

static void put_texts(const struct sort_field *f, struct radix_entry *entry, uint32_t n)
{
    uint64_t turn = ones_of(f);
    for (uint32_t i = 0; i < n; i++) {
        struct text t = f->key->text[entry[i].item];
        ask(f->key, f->depth, entry + i, n - i);
        put(f, &entry[i],
            text_missing(t) ? 0 : squeeze(f, word_at(f->key, entry[i].item, t, f->depth)) ^ turn);
    }
}

static void put_lengths(const struct sort_field *f, struct radix_entry *entry, uint32_t n)
{
    uint64_t turn = ones_of(f);
    for (uint32_t i = 0; i < n; i++) {
        struct text t = f->key->text[entry[i].item];
        put(f, &entry[i], text_missing(t) ? 0 : ((uint64_t)t.len - (uint64_t)f->low) ^ turn);
    }
}

static void put_integers(const struct sort_field *f, struct radix_entry *entry, uint32_t n)
{
    uint64_t turn = ones_of(f);
    int64_t ten[SCALES] = {0};
    ten[f->scale] = 1;
    for (uint32_t d = f->scale; d-- > 0;)
        ten[d] = ten[d + 1] > INT64_MAX / 10 ? 0 : ten[d + 1] * 10;
    for (uint32_t i = 0; i < n; i++) {
        struct decimal d = f->key->decimal[entry[i].item];
        if (n - i > AHEAD)
            __builtin_prefetch(&f->key->decimal[entry[i + AHEAD].item]);
        put(f, &entry[i],
            d.kind == NUMBER_MISSING
                ? 0
                : ((uint64_t)(d.mantissa * ten[d.scale]) - (uint64_t)f->low) ^ turn);
    }
}

static void put_reals(const struct sort_field *f, struct radix_entry *entry, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        entry[i].word = sort_number_word(f->key, entry[i].item);
}

static void put_field(const struct sort_field *f, struct radix_entry *entry, uint32_t n)
{
    static void (*const put_kind[])(const struct sort_field *, struct radix_entry *,
                                    uint32_t) = {[SORT_MISSING] = put_missing,
                                                 [SORT_TEXT] = put_texts,
                                                 [SORT_LENGTH] = put_lengths,
                                                 [SORT_INTEGER] = put_integers,
                                                 [SORT_REAL] = put_reals};
    put_kind[f->kind](f, entry, n);
}

void sort_plan_words(const struct sort_plan *p, struct radix_entry *entry, uint32_t n)
{
    for (uint32_t from = 0; from < n; from += BLOCK)
        for (uint32_t i = 0; i < p->fields; i++)
            put_field(&p->field[i], entry + from, n - from < BLOCK ? n - from : BLOCK);
}
