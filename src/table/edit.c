/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/edit.h"

#include "base/period.h"
#include "table/edit_tree.h"

enum { MOST_TEXTS = 512, MOST_EITHERS = 1024 };

struct texts_known {
    struct text at[MOST_TEXTS];
    uint32_t count;
    bool spilled;
};

/* What the comparisons of a free text have in common. */
struct outlook {
    struct texts_known known;
    bool pairs, ordered; /* compared with another free text; by order */
};

struct edit_search {
    const struct edit_question *question;
    struct edit_build build;
    struct edit **rule;
    uint32_t rules;
    struct text text[UNKNOWNS]; /* .at NULL: not decided */
    struct text *choice[UNKNOWNS];
    uint32_t choices[UNKNOWNS];
    bool spilled;
    struct linear linear;
    struct edit **either; /* OR that must hold beside the lines */
    uint32_t eithers;
    struct decimal number[UNKNOWNS];
};

static bool work_left(const struct edit_search *s)
{
    return *s->question->work > 0;
}

/* ---- what is decided ---- */

static struct text side_text(const struct edit_search *s, const struct edit_side *side)
{
    return side->free < 0 ? side->text : s->text[side->free];
}

static bool compares(const struct edit *e, struct text a, struct text b)
{
    int order = text_compare(a, b);
    return e->signs & (order < 0 ? SIGN_BELOW : order == 0 ? SIGN_EQUAL : SIGN_ABOVE);
}

/* By the texts chosen so far; lines and what is open are not decided, TRUTH_MISSING. */
static enum truth decided(const struct edit_search *s, const struct edit *e)
{
    if (e->kind == EDIT_TRUE || e->kind == EDIT_FALSE)
        return e->kind == EDIT_TRUE ? TRUTH_TRUE : TRUTH_FALSE;
    if (e->kind == EDIT_TEXT) {
        struct text a = side_text(s, &e->side[0]), b = side_text(s, &e->side[1]);
        return !a.at || !b.at ? TRUTH_MISSING : compares(e, a, b) ? TRUTH_TRUE : TRUTH_FALSE;
    }
    if (e->kind != EDIT_AND && e->kind != EDIT_OR)
        return TRUTH_MISSING;
    enum truth decides = e->kind == EDIT_OR ? TRUTH_TRUE : TRUTH_FALSE;
    enum truth all = e->kind == EDIT_OR ? TRUTH_FALSE : TRUTH_TRUE;
    for (uint32_t i = 0; i < e->children; i++) {
        enum truth t = decided(s, e->child[i]);
        if (t == decides)
            return t;
        all = t == TRUTH_MISSING ? t : all;
    }
    return all;
}

/* A free text that is not chosen and matters; -1: none. */
static int text_open(const struct edit_search *s, const struct edit *e)
{
    int found = -1;
    if (e->kind == EDIT_TEXT)
        for (int i = 0; i < 2 && found < 0; i++)
            found = e->side[i].free >= 0 && !s->text[e->side[i].free].at ? e->side[i].free : -1;
    if ((e->kind == EDIT_AND || e->kind == EDIT_OR) && decided(s, e) == TRUTH_MISSING)
        for (uint32_t i = 0; i < e->children && found < 0; i++)
            found = text_open(s, e->child[i]);
    return found;
}

/* ---- the texts that can matter ---- */

static void known_add(struct texts_known *k, struct text t)
{
    for (uint32_t i = 0; i < k->count; i++)
        if (text_equal(k->at[i], t))
            return;
    k->spilled |= k->count == MOST_TEXTS;
    if (!k->spilled)
        k->at[k->count++] = t;
}

/* Looks at the comparisons of unknown `v`, or of all (-1). */
static void look(const struct edit *e, int v, struct outlook *o)
{
    if (e->kind == EDIT_TEXT && (v < 0 || e->side[0].free == v || e->side[1].free == v)) {
        o->pairs |= e->side[1].free >= 0;
        o->ordered |= e->signs != SIGN_EQUAL && e->signs != (SIGN_BELOW | SIGN_ABOVE);
        if (e->side[1].free < 0)
            known_add(&o->known, e->side[1].text);
    }
    for (uint32_t i = 0; i < e->children; i++)
        look(e->child[i], v, o);
}

/* The k-th text behind one: later days of a date, else longer texts, which come right behind. */
static struct text text_behind(struct arena *a, struct text t, bool dates, int k)
{
    struct date d;
    char out[PERIOD_TEXT + 1];
    if (dates && date_parse(t, &d) && date_days(d) + k > 0)
        return text_of(arena_copy(a, out, date_format(date_of_days(date_days(d) + k), out)));
    char *at = arena_alloc(a, t.len + (size_t)k + 1);
    memcpy(at, t.at, t.len);
    memset(at + t.len, 1, (size_t)k);
    return (struct text){at, t.len + (uint32_t)k};
}

static bool all_dates(const struct texts_known *k)
{
    struct date d;
    bool all = k->count > 0;
    for (uint32_t i = 0; i < k->count && all; i++)
        all = date_parse(k->at[i], &d);
    return all;
}

/* Beside the texts of the rules, one for each free text in every gap between them; without an
 * order, others that no rule names. */
static void known_fill(struct edit_search *s, struct outlook *o)
{
    struct arena *a = s->question->arena;
    uint32_t count = o->known.count;
    int gap = o->pairs ? (int)s->question->fields : 1;
    bool dates = all_dates(&o->known);
    for (int k = 1; k <= gap && !(dates && o->ordered); k++)
        known_add(&o->known, text_behind(a, TEXT(""), false, k));
    for (uint32_t i = 0; i < count && o->ordered; i++)
        for (int k = 1; k <= gap; k++) {
            known_add(&o->known, text_behind(a, o->known.at[i], dates, k));
            if (dates)
                known_add(&o->known, text_behind(a, o->known.at[i], dates, -k));
        }
}

/* One bit for each comparison of the only free text. */
static uint64_t signature(const struct edit *e, int v, struct text t, uint32_t *bits)
{
    uint64_t all = 0;
    if (e->kind == EDIT_TEXT && e->side[0].free == v)
        all |= (uint64_t)compares(e, t, e->side[1].text) << ((*bits)++ & 63);
    for (uint32_t i = 0; i < e->children; i++)
        all |= signature(e->child[i], v, t, bits);
    return all;
}

/* Of the texts that all comparisons see alike one is enough. */
static void choices_thin(struct edit_search *s, int v)
{
    uint64_t *seen = arena_array(s->question->arena, s->choices[v] + 1, sizeof *seen);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < s->choices[v]; i++) {
        uint32_t bits = 0, k = 0;
        uint64_t mine = 0;
        for (uint32_t r = 0; r < s->rules; r++)
            mine |= signature(s->rule[r], v, s->choice[v][i], &bits);
        if (bits > 64)
            return;
        while (k < kept && seen[k] != mine)
            k++;
        if (k < kept)
            continue;
        seen[kept] = mine;
        s->choice[v][kept++] = s->choice[v][i];
    }
    s->choices[v] = kept;
}

static void choices_find(struct edit_search *s, int v)
{
    struct outlook *o = arena_zalloc(s->question->arena, sizeof *o);
    for (uint32_t r = 0; r < s->rules; r++)
        look(s->rule[r], v, o);
    bool pairs = o->pairs;
    for (uint32_t r = 0; r < s->rules && pairs; r++)
        look(s->rule[r], -1, o);
    known_fill(s, o);
    s->spilled |= o->known.spilled;
    s->choice[v] = o->known.at;
    s->choices[v] = o->known.count;
    if (!pairs)
        choices_thin(s, v);
}

/* ---- lines ---- */

/* False where it cannot be; *full where there is no room. */
static bool goal_add(struct edit_search *s, struct edit *e, bool *full)
{
    enum truth t = decided(s, e);
    if (t != TRUTH_MISSING || e->kind == EDIT_OPEN)
        return t != TRUTH_FALSE;
    if (e->kind == EDIT_LINEAR) {
        *full |= s->linear.rows == LINEAR_ROWS;
        if (!*full)
            s->linear.row[s->linear.rows++] = *e->line;
        return true;
    }
    if (e->kind == EDIT_OR) {
        *full |= s->eithers == MOST_EITHERS;
        if (!*full)
            s->either[s->eithers++] = e;
        return true;
    }
    for (uint32_t i = 0; i < e->children; i++)
        if (!goal_add(s, e->child[i], full))
            return false;
    return true;
}

/* Whether the texts and numbers found satisfy a formula; what is open counts as satisfied. */
static bool holds(const struct edit_search *s, const struct edit *e)
{
    if (e->kind == EDIT_LINEAR)
        return linear_holds(e->line, s->number);
    if (e->kind != EDIT_AND && e->kind != EDIT_OR)
        return decided(s, e) != TRUTH_FALSE;
    for (uint32_t i = 0; i < e->children; i++)
        if (holds(s, e->child[i]) == (e->kind == EDIT_OR))
            return e->kind == EDIT_OR;
    return e->kind == EDIT_AND;
}

static struct edit *either_broken(const struct edit_search *s)
{
    for (uint32_t i = 0; i < s->eithers; i++)
        if (!s->either[i]->split && !holds(s, s->either[i]))
            return s->either[i];
    return NULL;
}

/* Solves the lines; where the solution breaks an `or`, takes its sides one after the other. */
static enum linear_answer lines_search(struct edit_search *s)
{
    enum linear_answer answer =
        linear_solve(&s->linear, s->question->space, s->question->work, s->number);
    struct edit *e = answer == LINEAR_SOME ? either_broken(s) : NULL;
    if (!e)
        return answer;
    uint32_t rows = s->linear.rows, eithers = s->eithers;
    bool open = false;
    e->split = true;
    answer = LINEAR_NONE;
    for (uint32_t i = 0; i < e->children && answer != LINEAR_SOME; i++) {
        bool full = false;
        s->linear.rows = rows;
        s->eithers = eithers;
        answer = goal_add(s, e->child[i], &full) ? LINEAR_SOME : LINEAR_NONE;
        if (answer == LINEAR_SOME)
            answer = full ? LINEAR_OPEN : lines_search(s);
        open |= answer == LINEAR_OPEN;
    }
    e->split = false;
    return answer != LINEAR_SOME && open ? LINEAR_OPEN : answer;
}

static enum linear_answer lines_start(struct edit_search *s)
{
    bool full = false;
    s->linear.rows = s->eithers = 0;
    for (uint32_t r = 0; r < s->rules; r++)
        if (!goal_add(s, s->rule[r], &full))
            return LINEAR_NONE;
    return full ? LINEAR_OPEN : lines_search(s);
}

/* ---- texts ---- */

static enum linear_answer texts_search(struct edit_search *s)
{
    int v = -1;
    bool open = s->spilled;
    if (!work_left(s))
        return LINEAR_OPEN;
    *s->question->work -= 1;
    for (uint32_t r = 0; r < s->rules; r++) {
        if (decided(s, s->rule[r]) == TRUTH_FALSE)
            return LINEAR_NONE;
        v = v < 0 ? text_open(s, s->rule[r]) : v;
    }
    if (v < 0)
        return lines_start(s);
    for (uint32_t i = 0; i < s->choices[v]; i++) {
        s->text[v] = s->choice[v][i];
        enum linear_answer answer = texts_search(s);
        if (answer == LINEAR_SOME)
            return answer;
        open |= answer == LINEAR_OPEN;
    }
    s->text[v] = (struct text){NULL, 0};
    return open ? LINEAR_OPEN : LINEAR_NONE;
}

/* ---- the question ---- */

struct batch *edits_row(const struct edit_question *q, const struct text *value)
{
    struct batch *t = batch_new(q->arena, q->batch->schema, 1);
    for (uint32_t c = 0; c < t->schema->columns; c++)
        if (batch_has(q->batch, c))
            batch_fill_text(t, c, batch_text(q->batch, c)[q->row]);
    for (uint32_t f = 0; f < q->fields; f++)
        batch_fill_text(t, q->field[f], value[f]);
    return t;
}

static void values_write(const struct edit_search *s, struct text *value)
{
    char out[DECIMAL_TEXT];
    for (uint32_t f = 0; f < s->question->fields; f++) {
        if (s->build.free[s->question->field[f]] < 0)
            continue; /* blank */
        if (s->text[f].at)
            value[f] = s->text[f];
        else if (text_missing(value[f]))
            value[f] = TEXT("0"); /* whatever it is */
        if (s->build.numbers >> f & 1)
            value[f] =
                text_of(arena_copy(s->question->arena, out, decimal_format(s->number[f], out)));
    }
}

/* Only rules that some free column touches are looked at: the others stay as they are. */
static bool rule_matters(const struct edit_question *q, const struct row_rule *r)
{
    for (uint32_t i = 0; i < r->columns; i++)
        for (uint32_t f = 0; f < q->fields; f++)
            if (r->expression && !r->warning && r->column[i] == q->field[f])
                return true;
    return false;
}

/* With some of the free columns blank. */
static enum linear_answer solve_with(const struct edit_question *q, unsigned blanks,
                                     struct text *value)
{
    struct edit_search *s = arena_zalloc(q->arena, sizeof *s);
    int8_t *free = arena_array(q->arena, q->batch->schema->columns, 1);
    memset(free, -1, q->batch->schema->columns);
    for (uint32_t f = 0; f < q->fields; f++) {
        value[f] = blanks >> f & 1 ? TEXT("") : batch_text(q->batch, q->field[f])[q->row];
        free[q->field[f]] = blanks >> f & 1 ? -1 : (int8_t)f;
    }
    s->question = q;
    s->build = (struct edit_build){.question = q, .row = edits_row(q, value), .free = free};
    s->rule = arena_array(q->arena, q->rules->rules + 1, sizeof(struct edit *));
    for (uint32_t i = 0; i < q->rules->rules; i++)
        if (rule_matters(q, &q->rules->rule[i]))
            s->rule[s->rules++] = edit_of_rule(&s->build, q->rules->rule[i].expression);
    for (int v = 0; v < (int)q->fields; v++)
        if (s->build.texts >> v & 1)
            choices_find(s, v);
    s->linear.unknowns = q->fields;
    while (s->linear.integers < q->fields && q->domain[s->linear.integers].whole)
        s->linear.integers++;
    s->either = arena_array(q->arena, MOST_EITHERS, sizeof(struct edit *));
    enum linear_answer answer = texts_search(s);
    if (answer == LINEAR_SOME)
        values_write(s, value);
    return answer;
}

enum linear_answer edits_solve(const struct edit_question *q, struct text *value)
{
    unsigned may = 0;
    bool open = false;
    for (uint32_t f = 0; f < q->fields; f++)
        may |= (unsigned)q->domain[f].blank << f;
    for (unsigned blanks = 0; blanks <= may && *q->work > 0; blanks++) {
        if (blanks & ~may)
            continue;
        enum linear_answer answer = solve_with(q, blanks, value);
        if (answer == LINEAR_SOME)
            return answer;
        open |= answer == LINEAR_OPEN;
    }
    return open || *q->work == 0 ? LINEAR_OPEN : LINEAR_NONE;
}
