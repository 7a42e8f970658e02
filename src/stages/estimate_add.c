/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the rows of a batch add to the cells of a fold.
 *
 * First the cell of every row is found, and for each set of columns those of the rows that are
 * complete in it.  Then the sums of a cell, which lie beside each other, get at once what a row
 * brings (tally_add_values()); a batch that is not plain, as numbers that 64 bits do not hold or
 * that have more digits than those before, is added sum by sum.
 */
#include "stages/estimate.h"

#include <stdlib.h>

#include "base/memory.h"

enum { BLOCK = 32, FEW_CELLS = 50000 };

/* ---- rows ---- */

/* Rows that are in a cell, but incomplete, and their entries in what the set lacks. */
struct lacking {
    uint32_t rows, *row, *entry;
};

struct pass {
    struct step *step;
    struct fold *fold;
    const struct requests *requests;
    const struct batch *batch;
    const uint32_t *unit;
    const uint64_t *origin;
    const struct weights *weight;
    const double *weight_real;
    uint32_t *cell, *domain;   /* of each row, or TALLY_SKIP */
    const uint32_t **complete; /* of each set: cells of the rows that are complete in it */
    struct lacking *lacking;   /* of each set: the others */
    const uint32_t **inside;   /* their domains, where they are needed */
};

static int too_wide(const struct pass *p, uint32_t column)
{
    struct text name = p->batch->schema->name[column];
    return step_fail(p->step, EX_DATAERR, NOWHERE,
                     "column '%.*s': sums outgrow 38 digits; round it first", (int)name.len,
                     name.at);
}

static void find_domains(struct pass *p, const bool *use)
{
    struct fold *f = p->fold;
    const struct batch *b = p->batch;
    rows_group(f->domains, f->by, f->keys, b, use, &f->scattered, p->domain);
    for (uint32_t i = 0; i < b->rows; i++)
        f->unplaced += use[i] && p->domain[i] == TALLY_SKIP;
}

/* Asks memory for what a block of look-ups will need. */
static void ask_cells(const struct pass *p, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        if (p->domain[i] != TALLY_SKIP)
            pair_index_ask(p->fold->index, p->unit[i], p->domain[i]);
}

/* In a table no cell is looked up; a branch would be mispredicted. */
static void place_cells(struct pass *p)
{
    const struct decimal *weight = p->weight->exact;
    uint32_t span = p->fold->span;
    for (uint32_t i = 0; i < p->batch->rows; i++) {
        bool out = p->domain[i] == TALLY_SKIP || weight[i].mantissa == 0;
        p->cell[i] = (p->unit[i] * span + p->domain[i]) | (0 - (uint32_t)out);
    }
}

static void find_cells(struct pass *p)
{
    struct fold *f = p->fold;
    uint32_t unit = 0, domain = TALLY_SKIP, cell = 0, rows = p->batch->rows;
    for (uint32_t i = 0; i < rows; i++) {
        if (i % BLOCK == 0 && f->cells > FEW_CELLS)
            ask_cells(p, i, i + BLOCK < rows ? i + BLOCK : rows);
        p->cell[i] = TALLY_SKIP;
        if (p->domain[i] == TALLY_SKIP || p->weight->exact[i].mantissa == 0)
            continue;
        if (p->unit[i] != unit || p->domain[i] != domain)
            cell = fold_cell(f, unit = p->unit[i], domain = p->domain[i]);
        p->cell[i] = cell;
    }
}

/* A table or a list, with room for the units of this batch. */
static void fit_cells(struct pass *p)
{
    uint32_t units = 0;
    for (uint32_t i = 0; i < p->batch->rows; i++)
        units = p->unit[i] >= units ? p->unit[i] + 1 : units;
    fold_fit(p->fold, p->requests, units, groups_count(p->fold->domains));
}

static const struct text *column_text(const struct pass *p, int column)
{
    return column == NO_COLUMN ? NULL : batch_text(p->batch, (uint32_t)column);
}

/* The rows that a set lacks: counted, with their weights. */
static bool add_missing(struct pass *p, uint32_t set)
{
    struct lacking *l = &p->lacking[set];
    struct arena *a = p->batch->arena;
    struct decimal *weight = arena_array(a, l->rows, sizeof *weight);
    uint32_t *unit = arena_array(a, l->rows, sizeof *unit);
    uint32_t *domain = arena_array(a, l->rows, sizeof *domain);
    l->entry = arena_array(a, l->rows, sizeof *l->entry);
    for (uint32_t i = 0; i < l->rows; i++) {
        unit[i] = p->unit[l->row[i]];
        domain[i] = p->domain[l->row[i]];
        weight[i] = p->weight->exact[l->row[i]];
    }
    return missing_add(&p->fold->missing[set], l->rows, unit, domain, weight, l->entry);
}

/* Numbers have been looked at when they were read. */
static bool any_missing(const struct pass *p, int column)
{
    const struct requests *r = p->requests;
    uint32_t missing = 0;
    for (uint32_t i = 0; i < r->firsts; i++)
        if (r->first[i].x == column)
            return batch_scaled(p->batch, (uint32_t)column)->kinds != NUMBER_EXACT;
    const struct text *x = column_text(p, column);
    for (uint32_t i = 0; x && i < p->batch->rows; i++)
        missing += x[i].len == 0;
    return missing > 0;
}

/* The cells of the rows that are complete in a set; what is not is counted as missing. */
static const uint32_t *complete_cells(struct pass *p, uint32_t set)
{
    const struct set *s = &p->requests->set[set];
    uint32_t rows = p->batch->rows, gone = 0;
    if (!any_missing(p, s->x) && !any_missing(p, s->y))
        return p->cell;
    const struct text *x = column_text(p, s->x), *y = column_text(p, s->y);
    uint32_t *cell = arena_array(p->batch->arena, rows, sizeof *cell);
    uint32_t *row = arena_array(p->batch->arena, (size_t)rows + 1, sizeof *row);
    for (uint32_t i = 0; i < rows; i++) {
        bool out = (x && !x[i].len) || (y && !y[i].len);
        cell[i] = out ? TALLY_SKIP : p->cell[i];
        row[gone] = i;
        gone += out && p->cell[i] != TALLY_SKIP;
    }
    p->lacking[set] = (struct lacking){gone, row, NULL};
    return gone ? cell : p->cell;
}

/* The decimals of a column, of rows that are used; a wide one is rounded to 18 digits behind the
 * point. */
static const struct decimal *checked(const struct pass *p, int column, const uint32_t *cell)
{
    const struct batch *b = p->batch;
    const struct decimal *x = batch_decimal(b, (uint32_t)column);
    struct text name = b->schema->name[column];
    for (uint32_t i = 0; i < b->rows; i++) {
        if (cell[i] == TALLY_SKIP || x[i].kind == NUMBER_EXACT)
            continue;
        step_fail(p->step, EX_DATAERR, batch_place(b, i, (uint32_t)column), "column '%.*s': %s%s",
                  (int)name.len, name.at,
                  x[i].kind == NUMBER_WIDE ? "more than 18 digits; round it first" : "is no number",
                  step_quote(p->step, batch_text(b, (uint32_t)column)[i]));
        return NULL;
    }
    return x;
}

static int add_first(struct pass *p, uint32_t i, const uint32_t *cell)
{
    const struct first_moment *m = &p->requests->first[i];
    const struct decimal *x = checked(p, m->x, cell);
    if (!x)
        return STEP_FAIL;
    if (!tally_add(&p->fold->first[i], p->fold->cells, cell, p->batch->rows, p->weight->exact, x))
        return too_wide(p, (uint32_t)m->x);
    return STEP_OK;
}

/* The domains of the rows that are complete in a set. */
static const uint32_t *domains_of(const struct pass *p, uint32_t set)
{
    const uint32_t *cell = p->complete[set];
    if (p->inside[set])
        return p->inside[set];
    uint32_t *to = arena_array(p->batch->arena, p->batch->rows, sizeof *to);
    for (uint32_t i = 0; i < p->batch->rows; i++)
        to[i] = cell[i] == TALLY_SKIP ? TALLY_SKIP : p->domain[i];
    return p->inside[set] = to;
}

/* What a second moment adds up; -> how many factors. */
static uint32_t factors_of(const struct pass *p, const struct second_moment *m,
                           struct factor factor[3])
{
    const int column[] = {m->x, m->y};
    uint32_t n = 0;
    factor[n++] = (struct factor){p->weight->exact, p->weight->scaled};
    if (m->x == NO_COLUMN)
        factor[n++] = factor[0];
    for (uint32_t k = 0; k < 2; k++)
        if (column[k] != NO_COLUMN)
            factor[n++] = (struct factor){batch_decimal(p->batch, (uint32_t)column[k]),
                                          batch_scaled(p->batch, (uint32_t)column[k])};
    return n;
}

static int add_second(struct pass *p, uint32_t i)
{
    const struct second_moment *m = &p->requests->second[i];
    struct factor factor[3];
    uint32_t factors = factors_of(p, m, factor), most = p->fold->cells;
    const uint32_t *to = p->complete[m->set];
    if (!m->cells) {
        most = groups_count(p->fold->domains);
        to = domains_of(p, m->set);
    }
    if (!product_tally_add(&p->fold->second[i], most, to, p->batch->rows, factor, factors))
        return too_wide(p, (uint32_t)(m->x == NO_COLUMN ? 0 : m->x));
    return STEP_OK;
}

static int add_store(struct pass *p, uint32_t i)
{
    struct store *s = &p->fold->store[i];
    const struct text *text = batch_text(p->batch, (uint32_t)p->requests->store[i]);
    const double *x = batch_real(p->batch, (uint32_t)p->requests->store[i]);
    for (uint32_t k = 0; k < p->batch->rows; k++) {
        if (p->cell[k] == TALLY_SKIP || text_missing(text[k]))
            continue;
        if (x[k] != x[k])
            return step_fail(p->step, EX_DATAERR,
                             batch_place(p->batch, k, (uint32_t)p->requests->store[i]),
                             "a value is no number%s", step_quote(p->step, text[k]));
        size_t want = (size_t)s->count + 1;
        s->x = memory_grow(s->x, &s->x_room, want, sizeof *s->x);
        s->w = memory_grow(s->w, &s->w_room, want, sizeof *s->w);
        s->unit = memory_grow(s->unit, &s->unit_room, want, sizeof *s->unit);
        s->domain = memory_grow(s->domain, &s->domain_room, want, sizeof *s->domain);
        s->origin = memory_grow(s->origin, &s->origin_room, want, sizeof *s->origin);
        s->origin[s->count] = p->origin[k];
        s->x[s->count] = x[k];
        s->w[s->count] = p->weight_real[k];
        s->unit[s->count] = p->unit[k];
        s->domain[s->count++] = p->domain[k];
    }
    return STEP_OK;
}

/* Of a set of two columns: what the rows have that the set of one is complete in, but this is not.
 */
static int add_lacking(struct pass *p, uint32_t i)
{
    const struct second_moment *m = &p->requests->second[i];
    const uint32_t *has = p->complete[p->requests->second[m->base].set];
    const uint32_t *cell = p->complete[m->set];
    struct factor factor[3];
    if (has == cell)
        return STEP_OK;
    uint32_t *to = arena_array(p->batch->arena, p->batch->rows, sizeof *to);
    for (uint32_t k = 0; k < p->batch->rows; k++)
        to[k] = has[k] != TALLY_SKIP && cell[k] == TALLY_SKIP ? p->domain[k] : TALLY_SKIP;
    uint32_t factors = factors_of(p, m, factor), most = groups_count(p->fold->domains);
    if (!product_tally_add(&p->fold->second[i], most, to, p->batch->rows, factor, factors))
        return too_wide(p, (uint32_t)m->x);
    return STEP_OK;
}

/* The same of a first moment, by the entries of what its set lacks. */
static int add_less(struct pass *p, uint32_t i)
{
    const struct first_moment *m = &p->requests->first[i];
    const uint32_t *has = p->complete[p->requests->first[m->base].set];
    const struct lacking *l = &p->lacking[p->fold->missing[m->set].as];
    struct decimal *w = arena_array(p->batch->arena, l->rows, sizeof *w);
    struct decimal *x = arena_array(p->batch->arena, l->rows, sizeof *x);
    uint32_t *entry = arena_array(p->batch->arena, l->rows, sizeof *entry), n = 0;
    const struct decimal *of = batch_decimal(p->batch, (uint32_t)m->x);
    for (uint32_t k = 0; k < l->rows; k++) {
        w[n] = p->weight->exact[l->row[k]];
        x[n] = of[l->row[k]];
        entry[n] = l->entry[k];
        n += has[l->row[k]] != TALLY_SKIP;
    }
    uint32_t most = p->fold->missing[p->fold->missing[m->set].as].entries;
    return n == 0 || tally_add(&p->fold->less[i], most, entry, n, w, x)
               ? STEP_OK
               : too_wide(p, (uint32_t)m->x);
}

/* Sums that do not get what all the others get at once. */
static bool is_apart(const struct tally *t)
{
    return t->wide || !t->stride;
}

/* Every number is there, or the cell is empty. */
static bool is_plain(const struct scaled *x)
{
    return x->kinds <= NUMBER_MISSING;
}

/* What each row adds to a first moment, 0 where it has no value; false: that is not plain. */
static bool fill_first(const struct pass *p, uint32_t i, int64_t *value)
{
    const struct fold *f = p->fold;
    uint32_t rows = p->batch->rows, stride = f->words;
    const struct scaled *x;
    if (is_apart(&f->first[i])) {
        for (uint32_t k = 0; k < rows; k++)
            value[(size_t)k * stride] = 0;
        return true;
    }
    x = batch_scaled(p->batch, (uint32_t)p->requests->first[i].x);
    return is_plain(x) && tally_values(&f->first[i], p->weight->scaled, x, rows, value, stride);
}

/* The counts, weights and sums of all cells that lie beside each other; false: nothing is added. */
static bool add_at_once(struct pass *p)
{
    struct fold *f = p->fold;
    uint32_t rows = p->batch->rows, stride = f->words;
    int64_t *value = arena_array(p->batch->arena, (size_t)rows * stride, sizeof *value);
    if (is_apart(&f->weight) ||
        !tally_values(&f->weight, p->weight->scaled, NULL, rows, value + 1, stride))
        return false;
    for (uint32_t i = 0; i < rows; i++)
        value[(size_t)i * stride] = 1;
    for (uint32_t i = 0; !f->bare && i < p->requests->firsts; i++)
        if (p->requests->first[i].base == i && !fill_first(p, i, value + f->word[i]))
            return false;
    const struct tally_rows all = {value, stride, stride};
    return tally_add_values(f->row, f->stride, p->cell, rows, &all);
}

static int add_weights(struct pass *p)
{
    struct fold *f = p->fold;
    for (uint32_t i = 0; i < p->batch->rows; i++)
        if (p->cell[i] != TALLY_SKIP)
            f->row[(size_t)p->cell[i] * f->stride]++;
    if (!tally_add(&f->weight, f->cells, p->cell, p->batch->rows, p->weight->exact, NULL))
        return step_fail(p->step, EX_DATAERR, NOWHERE, "the weights outgrow 38 digits");
    return STEP_OK;
}

/* The sums of a set, but those of `done` that were added at once. */
static int add_set(struct pass *p, uint32_t s, bool done)
{
    const struct requests *r = p->requests;
    const struct fold *f = p->fold;
    for (uint32_t i = 0; i < r->firsts; i++)
        if (r->first[i].set == s && r->first[i].base == i && !(done && !is_apart(&f->first[i])) &&
            add_first(p, i, p->complete[s]) != STEP_OK)
            return STEP_FAIL;
    for (uint32_t i = 0; i < r->firsts; i++)
        if (r->first[i].set == s && r->first[i].base != i && add_less(p, i) != STEP_OK)
            return STEP_FAIL;
    for (uint32_t i = 0; i < r->seconds; i++)
        if (r->second[i].set == s &&
            (r->second[i].base == i ? add_second : add_lacking)(p, i) != STEP_OK)
            return STEP_FAIL;
    return STEP_OK;
}

/* What becomes a set's own is split off before anything of this batch is added to it. */
static int find_complete(struct pass *p)
{
    const struct requests *r = p->requests;
    struct fold *f = p->fold;
    p->complete = arena_array(p->batch->arena, r->sets, sizeof *p->complete);
    p->lacking = arena_zarray(p->batch->arena, r->sets, sizeof *p->lacking);
    p->inside = arena_zarray(p->batch->arena, r->sets, sizeof *p->inside);
    for (uint32_t s = 0; s < r->sets; s++)
        if (f->missing[s].as != s && any_missing(p, r->set[s].y))
            missing_split(f, s);
    for (uint32_t s = 0; s < r->sets; s++) {
        if (f->missing[s].as == s)
            p->complete[s] = complete_cells(p, s);
        if (p->lacking[s].rows && !add_missing(p, s))
            return step_fail(p->step, EX_DATAERR, NOWHERE, "the weights outgrow 38 digits");
    }
    for (uint32_t s = 0; s < r->sets; s++)
        p->complete[s] = p->complete[f->missing[s].as];
    return STEP_OK;
}

static int add_sums(struct pass *p)
{
    const struct requests *r = p->requests;
    bool bare = p->fold->bare;
    if (!bare && find_complete(p) != STEP_OK)
        return STEP_FAIL;
    bool done = add_at_once(p);
    if (!done && add_weights(p) != STEP_OK)
        return STEP_FAIL;
    for (uint32_t s = 0; !bare && s < r->sets; s++)
        if (add_set(p, s, done) != STEP_OK)
            return STEP_FAIL;
    for (uint32_t i = 0; !bare && i < r->stores; i++)
        if (add_store(p, i) != STEP_OK)
            return STEP_FAIL;
    return STEP_OK;
}

static const double *weights_real(const struct batch *b, const struct weights *weight)
{
    if (weight->column != NO_COLUMN)
        return batch_real(b, (uint32_t)weight->column);
    double *real = arena_array(b->arena, b->rows, sizeof *real);
    for (uint32_t i = 0; i < b->rows; i++)
        real[i] = 1;
    return real;
}

int fold_add(struct step *step, struct fold *f, const struct requests *r, const struct batch *b,
             const bool *use, const uint32_t *unit, const uint64_t *origin,
             const struct weights *weight)
{
    struct pass p = {.step = step,
                     .fold = f,
                     .requests = r,
                     .batch = b,
                     .unit = unit,
                     .origin = origin,
                     .weight = weight};
    p.cell = arena_array(b->arena, b->rows, sizeof *p.cell);
    p.domain = arena_array(b->arena, b->rows, sizeof *p.domain);
    if (f->above)
        levels_find(f, b, use, p.cell, p.domain);
    else
        find_domains(&p, use);
    if (!f->width) {
        fit_cells(&p);
        (f->span ? place_cells : find_cells)(&p);
    }
    fold_lend(f);
    f->row_cell = p.cell;
    f->row_domain = p.domain;
    if (!f->bare && r->stores)
        p.weight_real = weights_real(b, weight);
    if (add_sums(&p) != STEP_OK)
        return STEP_FAIL;
    if (f->weight.wide)
        levels_apart(f);
    return STEP_OK;
}
