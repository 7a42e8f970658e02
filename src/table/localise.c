/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/localise.h"

#include "table/localise_state.h"

enum { MOST_FIELDS = 60, STEPS = 100000, MOST_SETS = 1 << 21 };

/* ---- what the rules say ---- */

static bool is_edit(const struct row_rule *r)
{
    return r->expression && !r->warning;
}

static void fields_find(struct localise *l)
{
    for (uint32_t c = 0; c < l->schema->columns && l->fields < MOST_FIELDS; c++) {
        bool read = false;
        for (uint32_t i = 0; i < l->set->rules; i++)
            for (uint32_t k = 0; k < l->set->rule[i].columns; k++)
                read |= is_edit(&l->set->rule[i]) && l->set->rule[i].column[k] == c;
        if (read)
            l->field[l->fields++] = c;
    }
}

static uint64_t mask_of(const struct localise *l, const struct row_rule *r)
{
    uint64_t mask = 0;
    for (uint32_t f = 0; f < l->fields; f++)
        for (uint32_t k = 0; k < r->columns; k++)
            if (r->column[k] == l->field[f])
                mask |= (uint64_t)1 << f;
    return mask;
}

static void field_learn(struct localise *l, uint32_t f)
{
    l->domain[f].blank = edits_may_blank(l->set, l->field[f]);
    for (uint32_t i = 0; i < l->set->rules; i++)
        if (l->mask[i] >> f & 1)
            literals_of(l, &l->set->rule[i], &l->literal[f]);
}

struct localise *localise_new(struct arena *arena, const struct rule_set *set,
                              const struct schema *schema)
{
    struct localise *l = arena_zalloc(arena, sizeof *l);
    l->arena = arena;
    l->scratch = arena_new();
    l->space = arena_new();
    l->set = set;
    l->schema = schema;
    l->field = arena_array(arena, MOST_FIELDS, sizeof *l->field);
    l->mask = arena_zarray(arena, set->rules + 1, sizeof *l->mask);
    fields_find(l);
    l->literal = arena_zarray(arena, l->fields + 1, sizeof *l->literal);
    l->domain = arena_zarray(arena, l->fields + 1, sizeof *l->domain);
    for (uint32_t i = 0; i < set->rules; i++)
        if (is_edit(&set->rule[i]))
            l->mask[i] = mask_of(l, &set->rule[i]);
    for (uint32_t f = 0; f < l->fields; f++)
        field_learn(l, f);
    return l;
}

void localise_close(struct localise *l)
{
    if (!l)
        return;
    arena_free(l->scratch);
    arena_free(l->space);
}

/* ---- one set ---- */

struct search {
    const struct localise *l;
    const struct batch *b;
    uint32_t row;
    const uint8_t *broken; /* by rule */
    uint64_t work, sets;   /* left */
    bool open;             /* of some set it is not known */
};

static bool touches_all(const struct search *s, uint64_t mask)
{
    for (uint32_t i = 0; i < s->l->set->rules; i++)
        if (s->broken[i] && !(s->l->mask[i] & mask))
            return false;
    return true;
}

static uint32_t bits(uint64_t mask)
{
    uint32_t n = 0;
    for (; mask; mask &= mask - 1)
        n++;
    return n;
}

/* Proof that no values do, or values that the rules are then tried on; else trial. */
static bool set_works(struct search *s, uint64_t mask)
{
    const struct localise *l = s->l;
    uint32_t field[UNKNOWNS], n = 0;
    struct domain domain[UNKNOWNS];
    struct text value[UNKNOWNS];
    arena_reset(l->scratch);
    for (uint32_t f = 0; f < l->fields; f++)
        if (mask >> f & 1) {
            field[n] = l->field[f];
            domain[n++] = l->domain[f];
        }
    struct edit_question q = {l->scratch, l->space, l->set, s->b,    s->row,
                              field,      n,        domain, &s->work};
    enum linear_answer answer = edits_solve(&q, value);
    if (answer == LINEAR_NONE)
        return false;
    if (answer == LINEAR_SOME && some_good(l, edits_row(&q, value)))
        return true;
    bool works = s->work > 0 && trial_works(l, s->b, s->row, mask, &s->work);
    s->open |= !works;
    return works;
}

/* ---- sets ---- */

/* Whether a set comes first in the order of the columns. */
static bool before(uint64_t a, uint64_t b)
{
    uint64_t differ = a ^ b;
    return b == 0 || (a & (differ & (~differ + 1)));
}

/* The next larger number with as many bits (Gosper, HAKMEM 175, 1972). */
static uint64_t mask_next(uint64_t mask)
{
    uint64_t low = mask & (~mask + 1), carried = mask + low;
    return carried | ((mask ^ carried) / low >> 2);
}

/* The sets of `size` that do, or that touch every broken rule; the first of them in *best. */
static uint32_t sets_of(struct search *s, uint32_t size, bool solve, uint64_t *best)
{
    uint32_t found = 0;
    *best = 0;
    for (uint64_t mask = ((uint64_t)1 << size) - 1; mask >> s->l->fields == 0;
         mask = mask_next(mask)) {
        if (s->sets == 0 || (solve && s->work == 0))
            break;
        s->sets--;
        if (!touches_all(s, mask) || (solve && !set_works(s, mask)))
            continue;
        found++;
        if (before(mask, *best))
            *best = mask;
    }
    return found;
}

/* Again and again the field that most of the rules left have. */
static uint64_t search_greedy(const struct search *s)
{
    uint64_t mask = 0;
    while (!touches_all(s, mask)) {
        uint32_t most = 0, best = 0;
        for (uint32_t f = 0; f < s->l->fields; f++) {
            uint32_t n = 0;
            for (uint32_t i = 0; i < s->l->set->rules; i++)
                n += s->broken[i] && !(s->l->mask[i] & mask) && (s->l->mask[i] >> f & 1);
            best = n > most ? f : best;
            most = n > most ? n : most;
        }
        mask |= (uint64_t)1 << best;
    }
    return mask;
}

/* The smallest sets with values; 0, and what was found out, where there are none. */
static uint64_t search_values(struct search *s, struct localised *out)
{
    uint64_t best = 0;
    uint32_t most = s->l->fields < UNKNOWNS ? s->l->fields : UNKNOWNS;
    for (uint32_t size = 1; size <= most && s->sets > 0 && s->work > 0; size++) {
        bool open = s->open;
        out->solutions = sets_of(s, size, true, &best);
        out->proof = open ? TEXT("trial") : TEXT("exact");
        if (out->solutions > 0)
            break;
    }
    s->open |= most < s->l->fields || s->work == 0;
    if (best && (s->work == 0 || s->sets == 0))
        out->solutions = 0; /* not all sets of that size were looked at */
    return best;
}

static uint64_t search_sets(struct search *s, struct localised *out)
{
    uint64_t best = search_values(s, out);
    if (best)
        return best;
    out->proof = s->open ? TEXT("cover") : TEXT("impossible");
    for (uint32_t size = 1; s->open && best == 0 && size <= s->l->fields; size++)
        out->solutions = sets_of(s, size, false, &best);
    if (s->sets > 0)
        return best;
    out->proof = TEXT("gave-up");
    out->solutions = 0;
    return search_greedy(s);
}

static struct text join(struct arena *a, struct text list, struct text item)
{
    return text_of(arena_print(a, "%.*s%s%.*s", (int)list.len, list.at, list.len ? "|" : "",
                               (int)item.len, item.at));
}

static bool broken_find(const struct localise *l, const struct batch *b, const uint8_t *truth,
                        uint32_t row, uint8_t *broken, struct text *ids)
{
    bool any = false;
    for (uint32_t i = 0; i < l->set->rules; i++) {
        uint8_t is = l->mask[i] ? truth[(size_t)i * b->rows + row] : (uint8_t)TRUTH_TRUE;
        broken[i] = is == TRUTH_FALSE || is == TRUTH_FAULT;
        any |= broken[i];
        if (broken[i])
            *ids = join(b->arena, *ids, l->set->rule[i].id);
    }
    return any;
}

bool localise_row(const struct localise *l, const struct batch *b, const uint8_t *truth,
                  uint32_t row, struct localised *out)
{
    uint8_t *broken = arena_array(b->arena, l->set->rules + 1, 1);
    uint64_t best = 0;
    *out = (struct localised){.rules = {"", 0}, .fields = {"", 0}, .proof = {"", 0}};
    if (!broken_find(l, b, truth, row, broken, &out->rules))
        return false;
    struct search s = {l, b, row, broken, STEPS, MOST_SETS, false};
    best = search_sets(&s, out);
    out->count = bits(best);
    for (uint32_t f = 0; f < l->fields; f++)
        if (best >> f & 1)
            out->fields = join(b->arena, out->fields, l->schema->name[l->field[f]]);
    return true;
}

void localised_print(const struct localised *r, struct arena *a, uint32_t row, struct text **cell)
{
    cell[0][row] = text_of(arena_print(a, "%llu", (unsigned long long)r->number));
    cell[1][row] = r->rules;
    cell[2][row] = r->fields;
    cell[3][row] = text_of(arena_print(a, "%u", r->count));
    cell[4][row] = r->proof;
    cell[5][row] = r->solutions ? text_of(arena_print(a, "%u", r->solutions)) : TEXT("");
}
