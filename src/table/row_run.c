/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows put aside: sorted, with words in front that compare as their keys do. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/radix.h"
#include "table/packed_row.h"
#include "table/row_sort_inside.h"

enum { WORD = 8, MOST_WORDS = UINT16_MAX, AHEAD = 12, LINE = 64 };

/* All decimals below this have doubles of their own: they have 15 digits (DBL_DIG). */
static const int64_t narrow = 1000000000000000;

struct words {
    uint64_t **at;
    size_t *room;
    uint32_t count;
    bool vague;
};

static void add_word(struct words *w, uint64_t word, bool descending)
{
    *w->at = memory_grow(*w->at, w->room, w->count + (size_t)1, sizeof **w->at);
    (*w->at)[w->count++] = descending ? ~word : word;
}

/* One word more than the text has in whole, so that no text goes on where another has ended.  A
 * text of UTF-8 is no word of ones. */
static void add_text(struct words *w, const struct sort_key *k, struct text t)
{
    w->vague |= memchr(t.at, 0, t.len) != NULL;
    for (uint32_t depth = 0; depth <= t.len; depth += WORD)
        add_word(w, sort_text_word(t, depth), k->descending);
}

uint32_t row_run_words(const struct row_sort *s, const struct sort_key *form, uint32_t row,
                       uint64_t **words, size_t *room, bool *vague)
{
    struct words w = {words, room, 0, false};
    for (uint32_t k = 0; k < s->keys; k++) {
        struct text t = form[k].text[row];
        if (text_missing(t)) {
            add_word(&w, UINT64_MAX, false);
        } else if (form[k].decimal) {
            struct decimal d = form[k].decimal[row];
            w.vague |= d.kind != NUMBER_EXACT || d.mantissa >= narrow || d.mantissa <= -narrow;
            add_word(&w, sort_number_word(&form[k], row), false);
        } else if (w.count + t.len / WORD < MOST_WORDS - s->keys) {
            add_text(&w, &form[k], t);
        } else {
            w.vague = true;
        }
    }
    *vague = w.vague;
    return w.count;
}

/* What the row before had. */
struct before {
    uint64_t *words;
    size_t room;
    uint32_t count;
};

static bool write_row(struct row_sort *s, const struct sort_key *form, uint32_t row,
                      struct before *last, struct before *now, struct error *e)
{
    const char *at = s->row[row] + ROW_NUMBER;
    struct run_head head;
    struct text record;
    head.size = (uint32_t)(packed_row_take(at, &record) - at);
    memcpy(&head.number, s->row[row], ROW_NUMBER);
    now->count = row_run_words(s, form, row, &now->words, &now->room, &head.vague);
    bool same = now->count && now->count == last->count &&
                memcmp(now->words, last->words, now->count * sizeof *now->words) == 0;
    head.words = same ? 0 : (uint16_t)now->count;
    return spill_write(s->spill, &head, sizeof head, e) &&
           spill_write(s->spill, now->words, head.words * sizeof *now->words, e) &&
           spill_write(s->spill, at, head.size, e);
}

/* What a row needs is asked for before its turn. */
static void ask(const struct row_sort *s, uint32_t i)
{
    if (s->rows - i > 2 * AHEAD) {
        uint32_t row = s->order[i + 2 * AHEAD];
        __builtin_prefetch(&s->row[row]);
        for (uint32_t k = 0; k < s->keys; k++)
            __builtin_prefetch(&s->held[k].text[row]);
    }
    if (s->rows - i > AHEAD) {
        const char *at = s->row[s->order[i + AHEAD]];
        __builtin_prefetch(at);
        __builtin_prefetch(at + LINE);
    }
}

bool row_run_write(struct row_sort *s, struct error *e)
{
    struct before before[2] = {{NULL, 0, 0}, {NULL, 0, 0}};
    struct sort_key *form = memory_alloc(s->keys * sizeof *form);
    bool good = true;
    row_sort_order(s, NULL);
    row_sort_form(s, s->held, form);
    for (uint32_t i = 0; i < s->rows && good; i++) {
        ask(s, i);
        good = write_row(s, form, s->order[i], &before[(i + 1) % 2], &before[i % 2], e);
    }
    free(before[0].words);
    free(before[1].words);
    free(form);
    s->rows = s->arrivals = 0;
    s->piece_left = s->piece_room = 0;
    arena_reset(s->arena);
    return good && spill_end_run(s->spill, e);
}
