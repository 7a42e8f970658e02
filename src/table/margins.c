/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Margins: lines are gathered by variable into terms; a term numbers its levels with table/group.h.
 */
#include "table/margins.h"

#include "base/memory.h"
#include "table/group.h"

#include <math.h>
#include <stdlib.h>

enum { PARTS_MOST = 16, COMBINATIONS = 1 << 16 };
#define OUTSIDE UINT32_MAX

/* The lines of one variable. */
struct term {
    struct text variable;
    struct text name[PARTS_MOST]; /* of columns: the levels' first, then the number's, if any */
    uint32_t column[PARTS_MOST];
    uint32_t parts, keys;
    struct groups *levels;
    uint32_t lines, *line; /* of each level: the column of X */
    const double *real;    /* the number in the present batch, or NULL */
};

struct margins {
    struct arena *arena;
    struct term **term; /* in order of first sight */
    uint32_t terms, columns;
    double *total;
    uint32_t *term_of; /* of each column of X */
    struct text *level;
};

struct margins *margins_new(struct arena *arena)
{
    struct margins *m = arena_zalloc(arena, sizeof *m);
    m->arena = arena;
    return m;
}

void margins_free(struct margins *m)
{
    for (uint32_t t = 0; m && t < m->terms; t++)
        groups_free(m->term[t]->levels);
    if (m)
        m->terms = 0;
}

/* ---- lines ---- */

/* Cuts at `*`; PARTS_MOST + 1 where there are more. */
static uint32_t cut_parts(struct text list, struct text part[PARTS_MOST])
{
    uint32_t n = 0;
    struct text item;
    if (text_missing(list)) {
        part[0] = list;
        return 1;
    }
    while (text_next(&list, '*', &item)) {
        if (n == PARTS_MOST)
            return PARTS_MOST + 1;
        part[n++] = item;
    }
    return n;
}

/* Where the table's columns are; a table of counts has its keys in `key`. */
struct layout {
    int variable, level, total;
    uint32_t keys, key[PARTS_MOST];
};

/* One line, its levels before its number. */
struct line {
    struct text variable, level;
    struct text name[PARTS_MOST], key[PARTS_MOST];
    uint32_t parts, keys;
    double total;
};

static const char *find_layout(const struct table *t, struct layout *l)
{
    const struct schema *s = t->schema;
    *l = (struct layout){schema_find(s, TEXT("variable")),
                         schema_find(s, TEXT("level")),
                         schema_find(s, TEXT("total")),
                         0,
                         {0}};
    if (l->total == NO_COLUMN)
        return "a file of margins has columns variable, level, total (or those it crosses, and "
               "total)";
    if (l->variable != NO_COLUMN)
        return NULL;
    for (uint32_t c = 0; c < s->columns; c++) {
        if ((int)c == l->total)
            continue;
        if (l->keys == PARTS_MOST)
            return "more than 16 columns are crossed; name them in a column variable";
        l->key[l->keys++] = c;
    }
    return NULL;
}

static struct text join(struct arena *arena, const struct text *part, uint32_t n)
{
    const char *all = "";
    for (uint32_t i = 0; i < n; i++)
        all = arena_print(arena, "%s%s%.*s", all, i ? "*" : "", (int)part[i].len, part[i].at);
    return text_of(all);
}

/* `region*income`, `03*`: the level 03 of region, of the number income. */
static const char *sort_parts(struct line *line, const struct text *name, const struct text *level,
                              uint32_t parts)
{
    struct text number = {0};
    for (uint32_t i = 0; i < parts; i++) {
        if (text_missing(name[i]))
            return "a variable without a name";
        if (!text_missing(level[i])) {
            line->name[line->keys] = name[i];
            line->key[line->keys++] = level[i];
        } else if (number.len) {
            return "two parts of a crossing have no level; one number at most can be summed";
        } else {
            number = name[i];
        }
    }
    line->parts = line->keys;
    if (number.len)
        line->name[line->parts++] = number;
    return NULL;
}

static const char *read_long(const struct table *t, uint32_t row, const struct layout *l,
                             struct line *line)
{
    struct text name[PARTS_MOST], level[PARTS_MOST];
    line->variable = table_cell(t, row, (uint32_t)l->variable);
    line->level = table_get(t, row, l->level);
    if (text_equal(line->variable, TEXT("_T")))
        return text_missing(line->level) ? NULL : "variable _T has no levels";
    uint32_t parts = cut_parts(line->variable, name);
    if (parts > PARTS_MOST)
        return "more than 16 columns are crossed";
    if (text_missing(line->level))
        for (uint32_t i = 0; i < parts; i++)
            level[i] = (struct text){0};
    else if (cut_parts(line->level, level) != parts)
        return "the level has not as many parts as the variable (levels are joined by *)";
    return sort_parts(line, name, level, parts);
}

static const char *read_counts(struct margins *m, const struct table *t, uint32_t row,
                               const struct layout *l, struct line *line)
{
    struct text name[PARTS_MOST], level[PARTS_MOST];
    for (uint32_t i = 0; i < l->keys; i++) {
        name[i] = t->schema->name[l->key[i]];
        level[i] = table_cell(t, row, l->key[i]);
        if (text_missing(level[i]))
            return "a level is missing";
    }
    line->variable = l->keys ? join(m->arena, name, l->keys) : TEXT("_T");
    line->level = join(m->arena, level, l->keys);
    return sort_parts(line, name, level, l->keys);
}

static struct term *find_term(struct margins *m, const struct line *line, uint32_t *index)
{
    for (*index = 0; *index < m->terms; ++*index)
        if (text_equal(m->term[*index]->variable, line->variable))
            return m->term[*index];
    struct term *t = m->term[m->terms++] = arena_zalloc(m->arena, sizeof *t);
    t->variable = line->variable;
    t->parts = line->parts;
    t->keys = line->keys;
    for (uint32_t i = 0; i < t->parts; i++)
        t->name[i] = line->name[i];
    t->levels = groups_new(t->keys);
    return t;
}

static bool same_parts(const struct term *t, const struct line *line)
{
    if (t->parts != line->parts || t->keys != line->keys)
        return false;
    for (uint32_t i = 0; i < t->parts; i++)
        if (!text_equal(t->name[i], line->name[i]))
            return false;
    return true;
}

/* The level's number is its place among the lines of the term: levels are never known before. */
static const char *add_line(struct margins *m, const struct line *line)
{
    bool fresh = true;
    uint32_t index;
    struct term *t = find_term(m, line, &index);
    if (!same_parts(t, line))
        return "some lines of a variable are totals of a number, others are levels";
    group_find(t->levels, line->key, &fresh);
    if (!fresh)
        return "a variable has a level twice";
    if (t->lines % 256 == 0) {
        uint32_t *grown = arena_array(m->arena, (size_t)t->lines + 256, sizeof *grown);
        if (t->lines)
            memcpy(grown, t->line, t->lines * sizeof *grown);
        t->line = grown;
    }
    t->line[t->lines++] = m->columns;
    m->term_of[m->columns] = index;
    m->level[m->columns] = line->level;
    m->total[m->columns++] = line->total;
    return NULL;
}

/* Room for the lines of one more table. */
static void grow(struct margins *m, uint32_t lines)
{
    size_t n = m->columns, room = n + lines;
    double *total = arena_array(m->arena, room, sizeof *total);
    uint32_t *term_of = arena_array(m->arena, room, sizeof *term_of);
    struct text *level = arena_array(m->arena, room, sizeof *level);
    struct term **term = arena_array(m->arena, (size_t)m->terms + lines, sizeof(struct term *));
    if (n) {
        memcpy(total, m->total, n * sizeof *total);
        memcpy(term_of, m->term_of, n * sizeof *term_of);
        memcpy(level, m->level, n * sizeof *level);
        memcpy(term, m->term, m->terms * sizeof *term);
    }
    m->total = total;
    m->term_of = term_of;
    m->level = level;
    m->term = term;
}

int margins_add(struct margins *m, const struct table *t, struct error *e)
{
    struct layout layout;
    struct place place = {.file = t->name};
    const char *fault = find_layout(t, &layout);
    grow(m, t->rows);
    for (uint32_t row = 0; row < t->rows && !fault; row++) {
        struct line line = {0};
        place.line = (uint64_t)row + 2;
        fault = layout.variable == NO_COLUMN ? read_counts(m, t, row, &layout, &line)
                                             : read_long(t, row, &layout, &line);
        if (!fault && !real_parse(table_get(t, row, layout.total), &line.total))
            fault = "the total is missing or is no number";
        if (!fault)
            fault = add_line(m, &line);
    }
    return fault ? error_set(e, EX_DATAERR, place, "margins: %s", fault) : 0;
}

/* ---- columns ---- */

int margins_bind(struct margins *m, const struct schema *s, void (*need)(void *, uint32_t),
                 void *with, struct text *missing)
{
    for (uint32_t t = 0; t < m->terms; t++)
        for (uint32_t i = 0; i < m->term[t]->parts; i++) {
            int column = schema_find(s, m->term[t]->name[i]);
            *missing = m->term[t]->name[i];
            if (column == NO_COLUMN)
                return -1;
            m->term[t]->column[i] = (uint32_t)column;
            need(with, (uint32_t)column);
        }
    return 0;
}

uint32_t margins_count(const struct margins *m)
{
    return m->columns;
}

uint32_t margins_variables(const struct margins *m)
{
    return m->terms;
}

const double *margins_total(const struct margins *m)
{
    return m->total;
}

void margins_leave_out(struct margins *m, uint32_t column)
{
    m->total[column] = 0;
}

struct text margins_variable(const struct margins *m, uint32_t column)
{
    return m->term[m->term_of[column]]->variable;
}

struct text margins_level(const struct margins *m, uint32_t column)
{
    return m->level[column];
}

const char *margins_name(const struct margins *m, uint32_t column, struct arena *arena)
{
    struct text variable = margins_variable(m, column), level = m->level[column];
    return arena_print(arena, "%.*s%s%.*s", (int)variable.len, variable.at, level.len ? " " : "",
                       (int)level.len, level.len ? level.at : "");
}

/* ---- rows ---- */

void margin_rows_free(struct margin_rows *r)
{
    free(r->start);
    free(r->column);
    free(r->value);
    groups_free(r->known);
    free(r->row_of_set);
    *r = (struct margin_rows){0};
}

static void reserve(struct margin_rows *r, const struct margins *m, uint32_t rows)
{
    size_t entries = r->rows ? r->start[r->rows] : 0;
    bool first = !r->start;
    entries += (size_t)rows * m->terms;
    r->start = memory_grow(r->start, &r->start_room, (size_t)r->rows + rows + 1, sizeof *r->start);
    r->column = memory_grow(r->column, &r->column_room, entries + 1, sizeof *r->column);
    r->value = memory_grow(r->value, &r->value_room, entries + 1, sizeof *r->value);
    if (first)
        r->start[0] = 0;
}

/* What a batch finds of its records. */
struct levels {
    uint32_t *level; /* [t * rows + i]: the place of record i among the lines of term t */
    uint32_t *set;   /* [i]: the number of the set of its levels, where count_sets() counts these */
    bool outside;    /* some level is OUTSIDE: none of the lines */
};

/* Of term t; records of a run have the same level.  set[] counts on. */
static void find_term_levels(struct term *term, uint32_t t, const struct batch *b, struct levels *l)
{
    uint32_t runs, *level = l->level + (size_t)t * b->rows;
    const uint32_t *start = batch_runs(b, term->column, term->keys, &runs);
    struct text *some = arena_array(b->arena, (size_t)term->keys * runs, sizeof *some);
    const struct text **column = arena_array(b->arena, term->keys, sizeof(struct text *));
    uint32_t *found = arena_array(b->arena, runs, sizeof *found);
    for (uint32_t k = 0; k < term->keys; k++) {
        const struct text *cell = batch_text(b, term->column[k]);
        column[k] = some + (size_t)k * runs;
        for (uint32_t r = 0; r < runs; r++)
            some[(size_t)k * runs + r] = cell[start[r]];
    }
    group_find_rows(term->levels, column, runs, found);
    for (uint32_t r = 0; r < runs; r++) {
        bool outside = found[r] >= term->lines;
        uint32_t own = outside ? OUTSIDE : found[r], digit = outside ? term->lines : own;
        l->outside |= outside;
        for (uint32_t i = start[r]; i < start[r + 1]; i++) {
            level[i] = own;
            l->set[i] = l->set[i] * (term->lines + 1) + digit;
        }
    }
}

static struct levels find_levels(struct margins *m, const struct batch *b)
{
    struct levels l = {arena_array(b->arena, (size_t)m->terms * b->rows, sizeof *l.level),
                       arena_zarray(b->arena, b->rows, sizeof *l.set), false};
    for (uint32_t i = 0; i < m->terms; i++) {
        struct term *t = m->term[i];
        find_term_levels(t, i, b, &l);
        t->real = t->parts > t->keys ? batch_real(b, t->column[t->keys]) : NULL;
    }
    return l;
}

static const char *const no_level = "a level that the margins do not have, or a missing one "
                                    "(--partial leaves such records out of that margin)";
static const char *const no_number = "missing, or no number, where the margins have its total";

/* Are the cells of a record fit?  Those that are not are faults, or are left out. */
static bool check_row(const struct margins *m, const uint32_t *level, uint32_t rows, bool partial,
                      struct margins_fault *f)
{
    for (uint32_t i = 0; i < m->terms; i++) {
        const struct term *t = m->term[i];
        bool outside = level[(size_t)i * rows + f->row] == OUTSIDE;
        f->reason = outside && !partial                             ? no_level
                    : !outside && t->real && isnan(t->real[f->row]) ? no_number
                                                                    : NULL;
        f->column = t->column[outside ? 0 : t->keys];
        if (f->reason)
            return false;
    }
    return true;
}

static uint32_t add_row(const struct margins *m, const uint32_t *level, uint32_t rows, uint32_t row,
                        bool leave, struct margin_rows *to)
{
    size_t end = to->start[to->rows];
    for (uint32_t i = 0; i < m->terms && !leave; i++) {
        const struct term *t = m->term[i];
        uint32_t own = level[(size_t)i * rows + row];
        if (own == OUTSIDE)
            continue;
        to->column[end] = t->line[own];
        to->value[end++] = t->real ? t->real[row] : 1;
    }
    to->start[++to->rows] = end;
    return to->rows - 1;
}

/* How many sets of levels there are, OUTSIDE being one more of each; 0: too many for a table. */
static uint32_t count_sets(const struct margins *m)
{
    uint64_t sets = 1;
    for (uint32_t i = 0; i < m->terms && sets <= COMBINATIONS; i++)
        sets *= (uint64_t)m->term[i]->lines + 1;
    return sets <= COMBINATIONS ? (uint32_t)sets : 0;
}

/* The number of a set of levels; key[] where there is no table. */
static uint32_t find_set(const struct margins *m, const uint32_t *level, uint32_t rows,
                         uint32_t row, bool leave, struct margin_rows *to, uint32_t *key)
{
    uint32_t set = 0;
    for (uint32_t i = 0; i < m->terms; i++) {
        uint32_t own = leave ? OUTSIDE : level[(size_t)i * rows + row], lines = m->term[i]->lines;
        set = set * (lines + 1) + (own == OUTSIDE ? lines : own);
        key[i] = own;
    }
    if (to->row_of_set)
        return set;
    struct text bytes = {(const char *)key, (uint32_t)(m->terms * sizeof *key)};
    return group_find(to->known, &bytes, NULL);
}

/* A table of the sets of levels, or, where they are too many, groups. */
static void open_sets(const struct margins *m, struct margin_rows *to)
{
    uint32_t sets = count_sets(m);
    if (to->known || to->row_of_set)
        return;
    if (sets)
        to->row_of_set = memory_zalloc(sets * sizeof *to->row_of_set);
    else
        to->known = groups_new(1);
}

/* The row of the same levels that is there, or a new one. */
static uint32_t find_row(const struct margins *m, const uint32_t *level, uint32_t rows,
                         uint32_t row, bool leave, struct margin_rows *to, uint32_t *key)
{
    uint32_t set = find_set(m, level, rows, row, leave, to, key);
    if (!to->row_of_set)
        return set < to->rows ? set : add_row(m, level, rows, row, leave, to);
    if (!to->row_of_set[set])
        to->row_of_set[set] = add_row(m, level, rows, row, leave, to) + 1;
    return to->row_of_set[set] - 1;
}

static bool has_numbers(const struct margins *m)
{
    for (uint32_t i = 0; i < m->terms; i++)
        if (m->term[i]->parts > m->term[i]->keys)
            return true;
    return false;
}

bool margins_code(struct margins *m, const struct batch *b, const bool *leave, bool partial,
                  struct margin_rows *to, uint32_t *row_of, struct margins_fault *fault)
{
    uint32_t *key = arena_array(b->arena, m->terms, sizeof *key), row;
    const struct levels l = find_levels(m, b);
    bool alike = row_of && !has_numbers(m);
    if (alike)
        open_sets(m, to);
    const uint32_t *row_of_set = alike && (partial || !l.outside) ? to->row_of_set : NULL;
    reserve(to, m, b->rows);
    for (uint32_t i = fault->row = 0; i < b->rows; fault->row = ++i) {
        bool left = leave && leave[i];
        if (row_of_set && !left && row_of_set[l.set[i]]) {
            row_of[i] = row_of_set[l.set[i]] - 1;
            continue;
        }
        if (!left && !check_row(m, l.level, b->rows, partial, fault))
            return false;
        row = alike ? find_row(m, l.level, b->rows, i, left, to, key)
                    : add_row(m, l.level, b->rows, i, left, to);
        if (row_of)
            row_of[i] = row;
    }
    return true;
}
