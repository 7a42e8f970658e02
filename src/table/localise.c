/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/localise.h"

#include "table/expression_lex.h"

enum { MOST_FIELDS = 64, TRIALS = 4096, VALUES = 400, SUM_FIELDS = 5 };

struct literals {
    struct text *at;
    uint32_t count;
};

struct localise {
    struct arena *arena, *scratch; /* scratch: of one batch of trials */
    const struct rule_set *set;
    const struct schema *schema;
    uint32_t *field, fields;   /* columns that row rules read, in order */
    uint64_t *mask;            /* by rule: its fields; 0: not looked at */
    struct literals *literals; /* by field */
};

/* Values to try for the fields of one row. */
struct values {
    struct text at[VALUES];
    uint32_t count;
};

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

static void literal_add(struct literals *l, struct text t)
{
    for (uint32_t i = 0; i < l->count; i++)
        if (text_equal(l->at[i], t))
            return;
    if (t.len && l->count < VALUES / 4)
        l->at[l->count++] = t;
}

static struct text decimal_text(struct arena *a, struct decimal d)
{
    char out[DECIMAL_TEXT];
    size_t n = decimal_format(d, out);
    return (struct text){arena_copy(a, out, n), (uint32_t)n};
}

static void literals_of(struct localise *l, const struct row_rule *r, struct literals *to)
{
    struct lexer lexer;
    struct error fault = {0};
    if (lexer_start(&lexer, l->arena, r->source, &fault) != 0)
        return;
    do {
        struct decimal d = decimal_parse(lexer.now.text);
        if (lexer.now.kind == TOKEN_TEXT)
            literal_add(to, lexer.now.text);
        for (int step = -1; step <= 1 && lexer.now.kind == TOKEN_NUMBER; step++)
            if (d.kind == NUMBER_EXACT)
                literal_add(to, decimal_text(l->arena, decimal_add(d, decimal_of(step))));
    } while (lexer.now.kind != TOKEN_END && lexer_next(&lexer) == 0);
}

struct localise *localise_new(struct arena *arena, const struct rule_set *set,
                              const struct schema *schema)
{
    struct localise *l = arena_zalloc(arena, sizeof *l);
    l->arena = arena;
    l->scratch = arena_new();
    l->set = set;
    l->schema = schema;
    l->field = arena_array(arena, MOST_FIELDS, sizeof *l->field);
    l->mask = arena_zarray(arena, set->rules + 1, sizeof *l->mask);
    fields_find(l);
    l->literals = arena_zarray(arena, l->fields + 1, sizeof *l->literals);
    for (uint32_t f = 0; f < l->fields; f++)
        l->literals[f].at = arena_array(arena, VALUES, sizeof(struct text));
    for (uint32_t i = 0; i < set->rules; i++) {
        if (!is_edit(&set->rule[i]))
            continue;
        l->mask[i] = mask_of(l, &set->rule[i]);
        for (uint32_t f = 0; f < l->fields; f++)
            if (l->mask[i] >> f & 1)
                literals_of(l, &set->rule[i], &l->literals[f]);
    }
    return l;
}

void localise_close(struct localise *l)
{
    if (l)
        arena_free(l->scratch);
}

/* ---- values to try ---- */

static void value_add(struct values *v, struct text t)
{
    for (uint32_t i = 0; i < v->count; i++)
        if (text_equal(v->at[i], t))
            return;
    if (t.len && v->count < VALUES)
        v->at[v->count++] = t;
}

/* Every sum of the numbers of a rule's other fields, each taken as it is, turned, or left out. */
static void sums_add(const struct localise *l, const struct batch *b, uint32_t row, uint64_t mask,
                     uint32_t field, struct values *v)
{
    struct decimal number[SUM_FIELDS];
    uint32_t n = 0, all = 1;
    for (uint32_t f = 0; f < l->fields && n < SUM_FIELDS; f++) {
        struct decimal d = {0, 0, NUMBER_BAD};
        if (f != field && (mask >> f & 1))
            d = decimal_parse(batch_text(b, l->field[f])[row]);
        if (d.kind != NUMBER_EXACT)
            continue;
        number[n++] = d;
        all *= 3;
    }
    for (uint32_t code = 1; code < all; code++) {
        struct decimal sum = decimal_of(0);
        for (uint32_t i = 0, rest = code; i < n; i++, rest /= 3) {
            if (sum.kind == NUMBER_EXACT && rest % 3 == 1)
                sum = decimal_add(sum, number[i]);
            if (sum.kind == NUMBER_EXACT && rest % 3 == 2)
                sum = decimal_subtract(sum, number[i]);
        }
        if (sum.kind == NUMBER_EXACT)
            value_add(v, decimal_text(b->arena, sum));
    }
}

static void values_of(const struct localise *l, const struct batch *b, uint32_t row, uint32_t field,
                      struct values *v)
{
    v->count = 0;
    for (uint32_t i = 0; i < l->literals[field].count; i++)
        value_add(v, l->literals[field].at[i]);
    for (uint32_t i = 0; i < l->set->rules; i++) {
        if (!(l->mask[i] >> field & 1))
            continue;
        for (uint32_t f = 0; f < l->fields; f++)
            if (f != field && (l->mask[i] >> f & 1))
                value_add(v, batch_text(b, l->field[f])[row]);
        sums_add(l, b, row, l->mask[i], field, v);
    }
}

/* ---- trying ---- */

/* A batch of one row for every choice of values of the fields of `mask`, at most TRIALS. */
static struct batch *trials(const struct localise *l, const struct batch *b, uint32_t row,
                            uint64_t mask, const struct values *const *v)
{
    uint32_t rows = 1, stride = 1;
    for (uint32_t f = 0; f < l->fields; f++)
        if (mask >> f & 1)
            rows = rows * v[f]->count < TRIALS ? rows * v[f]->count : TRIALS;
    arena_reset(l->scratch);
    struct batch *t = batch_new(l->scratch, l->schema, rows);
    batch_fill_text(t, 0, (struct text){"", 0});
    for (uint32_t c = 1; c < l->schema->columns; c++)
        batch_share(t, c, t, 0);
    for (uint32_t f = 0; f < l->fields; f++) {
        uint32_t column = l->field[f];
        if (!(mask >> f & 1)) {
            batch_fill_text(t, column, batch_text(b, column)[row]);
            continue;
        }
        struct text *cell = batch_new_text(t, column);
        for (uint32_t i = 0; i < rows; i++)
            cell[i] = v[f]->at[i / stride % v[f]->count];
        stride *= v[f]->count < TRIALS ? v[f]->count : TRIALS;
        stride = stride < TRIALS ? stride : TRIALS;
    }
    return t;
}

/* Whether some of these rows breaks no rule. */
static bool some_good(const struct localise *l, const struct batch *t)
{
    const uint8_t *truth = rules_truth(l->set, t);
    for (uint32_t row = 0; row < t->rows; row++) {
        bool good = true;
        for (uint32_t i = 0; i < l->set->rules && good; i++) {
            uint8_t is = l->mask[i] ? truth[(size_t)i * t->rows + row] : (uint8_t)TRUTH_TRUE;
            good = is == TRUTH_TRUE || is == TRUTH_MISSING;
        }
        if (good)
            return true;
    }
    return false;
}

static bool mask_works(const struct localise *l, const struct batch *b, uint32_t row, uint64_t mask,
                       const struct values *const *v)
{
    for (uint32_t f = 0; f < l->fields; f++)
        if ((mask >> f & 1) && v[f]->count == 0)
            return false;
    return some_good(l, trials(l, b, row, mask, v));
}

/* ---- sets ---- */

struct search {
    const struct localise *l;
    const struct batch *b;
    uint32_t row;
    const uint8_t *broken; /* by rule */
    const struct values **values;
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

/* Whether a set comes first in the order of the columns. */
static bool before(uint64_t a, uint64_t b)
{
    uint64_t differ = a ^ b;
    return b == 0 || (a & (differ & (~differ + 1)));
}

/* The sets of `size` that do; the first of them in *best. */
static uint32_t sets_of(const struct search *s, uint32_t size, bool try_values, uint64_t *best)
{
    uint32_t found = 0;
    *best = 0;
    for (uint64_t mask = 1; mask < (uint64_t)1 << s->l->fields; mask++) {
        if (bits(mask) != size || !touches_all(s, mask) ||
            (try_values && !mask_works(s->l, s->b, s->row, mask, s->values)))
            continue;
        found++;
        if (before(mask, *best))
            *best = mask;
    }
    return found;
}

static void search_exact(struct search *s, struct localised *out, uint64_t *best)
{
    for (uint32_t f = 0; f < s->l->fields; f++) {
        struct values *v = arena_alloc(s->b->arena, sizeof *v);
        values_of(s->l, s->b, s->row, f, v);
        s->values[f] = v;
    }
    for (int try_values = 1; try_values >= 0; try_values--) {
        for (uint32_t size = 1; size <= s->l->fields; size++) {
            out->solutions = sets_of(s, size, try_values, best);
            if (out->solutions == 0)
                continue;
            out->proof = try_values ? TEXT("tested") : TEXT("cover");
            return;
        }
    }
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
    *out = (struct localised){.rules = {"", 0}, .fields = {"", 0}, .proof = TEXT("greedy")};
    if (!broken_find(l, b, truth, row, broken, &out->rules))
        return false;
    struct search s = {l, b, row, broken, arena_array(b->arena, l->fields + 1, sizeof *s.values)};
    if (l->fields <= LOCALISE_FIELDS)
        search_exact(&s, out, &best);
    else
        best = search_greedy(&s);
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
