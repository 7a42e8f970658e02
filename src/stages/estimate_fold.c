/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums by unit and domain, for one --by: a cell is a unit and a domain that some record is in. */
#include "stages/estimate.h"

#include <stdlib.h>

#include "base/memory.h"

enum { BLOCK = 32, FEW_CELLS = 50000 };

void fold_lend(struct fold *f)
{
    for (uint32_t k = 1; k < f->stride && f->cells; k++) {
        struct tally *t = k == 1 ? &f->weight : &f->first[k - 2];
        if (t->stride)
            tally_lend(t, f->row + k, f->stride, f->cells);
    }
}

struct fold *fold_new(struct arena *a, const struct requests *r, uint32_t keys, uint32_t *by,
                      struct fold *above, int level)
{
    struct fold *f = arena_zalloc(a, sizeof *f);
    f->keys = keys;
    f->by = by;
    f->level = level;
    f->bare = level != NO_COLUMN;
    f->above = above;
    if (above)
        levels_open(f, a);
    f->domains = groups_new(keys + f->bare);
    f->index = pair_index_new();
    f->stride = 2 + (f->bare ? 0 : r->firsts);
    if (!f->bare) {
        f->missing = arena_zarray(a, r->sets, sizeof *f->missing);
        f->first = arena_zarray(a, r->firsts, sizeof *f->first);
        f->second = arena_zarray(a, r->seconds, sizeof *f->second);
        f->first_at = arena_array(a, r->firsts, sizeof *f->first_at);
        f->second_at = arena_array(a, r->seconds, sizeof *f->second_at);
        for (uint32_t i = 0; i < r->firsts; i++)
            f->first_at[i] = r->first[i].base;
        for (uint32_t i = 0; i < r->seconds; i++)
            f->second_at[i] = r->second[i].base;
        f->store = arena_zarray(a, r->stores, sizeof *f->store);
    }
    f->weight.stride = f->stride;
    for (uint32_t i = 0; !f->bare && i < r->firsts; i++)
        f->first[i].stride = f->first_at[i] == i ? f->stride : 0;
    return f;
}

static void store_free(struct store *s)
{
    free(s->x);
    free(s->w);
    free(s->unit);
    free(s->domain);
    free(s->origin);
}

void fold_free_cells(struct fold *f)
{
    pair_index_free(f->index);
    free(f->unit);
    free(f->domain);
    free(f->row);
    f->index = NULL;
    f->unit = f->domain = NULL;
    f->row = NULL;
    f->cells = 0;
}

void fold_free(struct fold *f, const struct requests *r)
{
    if (!f)
        return;
    groups_free(f->domains);
    levels_free(f);
    free(f->was);
    free(f->merged);
    fold_free_cells(f);
    tally_free(&f->weight);
    for (uint32_t i = 0; !f->bare && i < r->sets; i++) {
        free(f->missing[i].n);
        tally_free(&f->missing[i].weight);
    }
    for (uint32_t i = 0; !f->bare && i < r->firsts; i++)
        tally_free(&f->first[i]);
    for (uint32_t i = 0; !f->bare && i < r->seconds; i++)
        grid_tally_free(&f->second[i]);
    for (uint32_t i = 0; !f->bare && i < r->stores; i++)
        store_free(&f->store[i]);
}

/* ---- cells ---- */

static void new_cell(struct fold *f, uint32_t unit, uint32_t domain)
{
    size_t want = (size_t)f->cells + 1;
    f->unit = memory_grow(f->unit, &f->unit_room, want, sizeof *f->unit);
    f->domain = memory_grow(f->domain, &f->domain_room, want, sizeof *f->domain);
    f->row = memory_grow(f->row, &f->row_room, want, f->stride * sizeof *f->row);
    memset(f->row + (size_t)f->cells * f->stride, 0, f->stride * sizeof *f->row);
    f->unit[f->cells] = unit;
    f->domain[f->cells] = domain;
    f->cells++;
}

uint32_t fold_cell(struct fold *f, uint32_t unit, uint32_t domain)
{
    uint32_t cell = pair_index_find(f->index, unit, domain, f->cells);
    if (cell == f->cells)
        new_cell(f, unit, domain);
    return cell;
}

/* ---- sums that two sets share ---- */

static void copy_grid(struct grid_tally *to, const struct grid_tally *from)
{
    *to = *from;
    to->sum = memory_alloc(from->room * sizeof *to->sum);
    if (from->room)
        memcpy(to->sum, from->sum, from->room * sizeof *to->sum);
}

void fold_split(struct fold *f, const struct requests *r, uint32_t set)
{
    for (uint32_t i = 0; i < r->firsts; i++)
        if (r->first[i].set == set && f->first_at[i] != i) {
            tally_copy(&f->first[i], &f->first[f->first_at[i]]);
            f->first_at[i] = i;
        }
    for (uint32_t i = 0; i < r->seconds; i++)
        if (r->second[i].set == set && f->second_at[i] != i) {
            copy_grid(&f->second[i], &f->second[f->second_at[i]]);
            f->second_at[i] = i;
        }
}

/* ---- rows ---- */

struct pass {
    struct step *step;
    struct fold *fold;
    const struct requests *requests;
    const struct batch *batch;
    const uint32_t *unit;
    const uint64_t *origin;
    const struct decimal *weight;
    const double *weight_real;
    uint32_t *cell, *domain; /* of each row, or TALLY_SKIP */
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
    const struct text **cell = arena_array(b->arena, f->keys, sizeof *cell);
    for (uint32_t k = 0; k < f->keys; k++)
        cell[k] = batch_text(b, f->by[k]);
    rows_group(f->domains, cell, f->keys, b, use, &f->scattered, p->domain);
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

static void find_cells(struct pass *p)
{
    struct fold *f = p->fold;
    uint32_t unit = 0, domain = TALLY_SKIP, cell = 0;
    for (uint32_t i = 0; i < p->batch->rows; i++) {
        if (i % BLOCK == 0 && f->cells > FEW_CELLS)
            ask_cells(p, i, i + BLOCK < p->batch->rows ? i + BLOCK : p->batch->rows);
        p->cell[i] = TALLY_SKIP;
        if (p->domain[i] == TALLY_SKIP || p->weight[i].mantissa == 0)
            continue;
        if (p->unit[i] != unit || p->domain[i] != domain)
            cell = fold_cell(f, unit = p->unit[i], domain = p->domain[i]);
        p->cell[i] = cell;
    }
    for (uint32_t i = 0; i < p->batch->rows; i++) {
        if (i + BLOCK / 2 < p->batch->rows && p->cell[i + BLOCK / 2] != TALLY_SKIP)
            __builtin_prefetch(&f->row[(size_t)p->cell[i + BLOCK / 2] * f->stride], 1);
        if (p->cell[i] != TALLY_SKIP)
            f->row[(size_t)p->cell[i] * f->stride]++;
    }
}

static const struct text *column_text(const struct pass *p, int column)
{
    return column == NO_COLUMN ? NULL : batch_text(p->batch, (uint32_t)column);
}

static void count_missing(struct missing *m, const struct fold *f, const uint32_t *gone,
                          uint32_t rows)
{
    size_t had = m->room;
    m->n = memory_grow(m->n, &m->room, f->cells, sizeof *m->n);
    memset(m->n + had, 0, (m->room - had) * sizeof *m->n);
    for (uint32_t i = 0; i < rows; i++)
        if (gone[i] != TALLY_SKIP)
            m->n[gone[i]]++;
}

/* The cells of the rows that are complete in a set; what is not is counted as missing. */
static const uint32_t *complete_cells(struct pass *p, uint32_t set)
{
    const struct set *s = &p->requests->set[set];
    const struct text *x = column_text(p, s->x), *y = column_text(p, s->y);
    uint32_t rows = p->batch->rows, missing = 0;
    if (!x && !y)
        return p->cell;
    struct missing *m = &p->fold->missing[set];
    for (uint32_t i = 0; i < rows; i++)
        missing += p->cell[i] != TALLY_SKIP && ((x && !x[i].len) || (y && !y[i].len));
    if (!missing)
        return p->cell;
    uint32_t *cell = arena_array(p->batch->arena, rows, sizeof *cell);
    uint32_t *gone = arena_array(p->batch->arena, rows, sizeof *gone);
    for (uint32_t i = 0; i < rows; i++) {
        bool out = (x && !x[i].len) || (y && !y[i].len);
        cell[i] = out ? TALLY_SKIP : p->cell[i];
        gone[i] = out ? p->cell[i] : TALLY_SKIP;
    }
    count_missing(m, p->fold, gone, rows);
    tally_add(&m->weight, p->fold->cells, gone, rows, p->weight, NULL);
    return cell;
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
    if (!tally_add(&p->fold->first[i], p->fold->cells, cell, p->batch->rows, p->weight, x))
        return too_wide(p, (uint32_t)m->x);
    return STEP_OK;
}

static int add_second(struct pass *p, uint32_t i, const uint32_t *cell)
{
    const struct second_moment *m = &p->requests->second[i];
    uint32_t rows = p->batch->rows;
    double *value = arena_array(p->batch->arena, rows, sizeof *value);
    uint32_t *to = arena_array(p->batch->arena, rows, sizeof *to);
    const double *x = m->x == NO_COLUMN ? p->weight_real : batch_real(p->batch, (uint32_t)m->x);
    const double *y = m->y == NO_COLUMN ? NULL : batch_real(p->batch, (uint32_t)m->y);
    for (uint32_t k = 0; k < rows; k++) {
        value[k] = p->weight_real[k] * x[k] * (y ? y[k] : 1);
        to[k] = cell[k] == TALLY_SKIP || m->cells ? cell[k] : p->domain[k];
    }
    uint32_t most = m->cells ? p->fold->cells : groups_count(p->fold->domains);
    if (!grid_tally_add(&p->fold->second[i], most, to, rows, value))
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

static int add_set(struct pass *p, uint32_t s)
{
    const struct requests *r = p->requests;
    const uint32_t *cell = complete_cells(p, s);
    if (cell != p->cell)
        fold_split(p->fold, r, s);
    for (uint32_t i = 0; i < r->firsts; i++)
        if (r->first[i].set == s && p->fold->first_at[i] == i && add_first(p, i, cell) != STEP_OK)
            return STEP_FAIL;
    for (uint32_t i = 0; i < r->seconds; i++)
        if (r->second[i].set == s && p->fold->second_at[i] == i &&
            add_second(p, i, cell) != STEP_OK)
            return STEP_FAIL;
    return STEP_OK;
}

/* Sets of two columns first: what they share with those of one is then as it was before this batch.
 */
static int add_sums(struct pass *p)
{
    const struct requests *r = p->requests;
    for (int turn = 0; turn < 2; turn++)
        for (uint32_t s = 0; s < r->sets; s++)
            if ((r->set[s].y == NO_COLUMN) == turn && add_set(p, s) != STEP_OK)
                return STEP_FAIL;
    for (uint32_t i = 0; i < r->stores; i++)
        if (add_store(p, i) != STEP_OK)
            return STEP_FAIL;
    return STEP_OK;
}

static const double *weights_real(const struct batch *b, const struct decimal *weight)
{
    double *real = arena_array(b->arena, b->rows, sizeof *real);
    for (uint32_t i = 0; i < b->rows; i++)
        real[i] = decimal_real(weight[i]);
    return real;
}

int fold_add(struct step *step, struct fold *f, const struct requests *r, const struct batch *b,
             const bool *use, const uint32_t *unit, const uint64_t *origin,
             const struct decimal *weight)
{
    struct pass p = {step, f, r, b, unit, origin, weight, NULL, NULL, NULL};
    p.cell = arena_array(b->arena, b->rows, sizeof *p.cell);
    p.domain = arena_array(b->arena, b->rows, sizeof *p.domain);
    if (f->above)
        levels_find(f, b, use, p.cell, p.domain);
    else
        find_domains(&p, use);
    if (!f->width)
        find_cells(&p);
    fold_lend(f);
    f->row_cell = p.cell;
    f->row_domain = p.domain;
    if (!tally_add(&f->weight, f->cells, p.cell, b->rows, weight, NULL))
        return step_fail(step, EX_DATAERR, NOWHERE, "the weights outgrow 38 digits");
    if (f->weight.wide)
        levels_apart(f);
    if (f->bare)
        return STEP_OK;
    if (r->seconds || r->stores)
        p.weight_real = weights_real(b, weight);
    return add_sums(&p);
}

/* ---- the end ---- */

/* Stable counting sort of order[] by key[order[i]] < keys. */
static void count_sort(uint32_t *order, uint32_t *scratch, uint32_t n, const uint32_t *key,
                       const uint32_t *map, uint32_t *start, uint32_t keys)
{
    memset(start, 0, ((size_t)keys + 1) * sizeof *start);
    for (uint32_t i = 0; i < n; i++)
        start[(map ? map[key[order[i]]] : key[order[i]]) + 1]++;
    for (uint32_t k = 0; k < keys; k++)
        start[k + 1] += start[k];
    for (uint32_t i = 0; i < n; i++)
        scratch[start[map ? map[key[order[i]]] : key[order[i]]]++] = order[i];
    memcpy(order, scratch, n * sizeof *order);
    for (uint32_t k = keys; k > 0; k--)
        start[k] = start[k - 1];
    start[0] = 0;
}

static uint32_t *counting(struct arena *a, uint32_t n)
{
    uint32_t *order = arena_array(a, n, sizeof *order);
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    return order;
}

static void store_finish(struct store *s, struct arena *a, const struct frame *frame,
                         uint32_t domains)
{
    uint32_t *scratch = memory_alloc((size_t)s->count * sizeof *scratch);
    frame_sort_origins(frame, s->origin, s->count);
    s->order = counting(a, s->count);
    s->start = arena_array(a, (size_t)domains + 1, sizeof *s->start);
    count_sort(s->order, scratch, s->count, s->domain, NULL, s->start, domains);
    free(scratch);
}

static uint32_t *permuted(uint32_t *array, size_t room, const uint32_t *order, uint32_t cells)
{
    uint32_t *to = memory_zalloc((size_t)cells * sizeof *to);
    for (uint32_t i = 0; i < cells; i++)
        to[i] = order[i] < room ? array[order[i]] : 0;
    free(array);
    return to;
}

/* Row i becomes what row order[i] was; a copy, since its reads do not wait for each other. */
static void permute_rows(struct fold *f)
{
    size_t words = f->stride, size = words * sizeof(int64_t);
    int64_t *row = memory_alloc((size_t)f->cells * size);
    for (uint32_t i = 0; i < f->cells; i++)
        memcpy(row + i * words, f->row + f->order[i] * words, size);
    free(f->row);
    f->row = row;
    f->row_room = f->cells;
    fold_lend(f);
}

/* Puts the cells themselves in order, so that all that follows reads memory from front to back. */
static void permute_cells(struct fold *f, const struct requests *r)
{
    uint32_t n = f->cells;
    f->unit = permuted(f->unit, n, f->order, n);
    f->domain = permuted(f->domain, n, f->order, n);
    permute_rows(f);
    tally_permute(&f->weight, f->order, n);
    for (uint32_t i = 0; !f->bare && i < r->sets; i++) {
        struct missing *m = &f->missing[i];
        if (!m->n)
            continue;
        m->n = permuted(m->n, m->room, f->order, n);
        m->room = n;
        tally_permute(&m->weight, f->order, n);
    }
    for (uint32_t i = 0; !f->bare && i < r->firsts; i++)
        if (f->first_at[i] == i)
            tally_permute(&f->first[i], f->order, n);
    for (uint32_t i = 0; !f->bare && i < r->seconds; i++)
        if (f->second_at[i] == i && r->second[i].cells)
            grid_tally_permute(&f->second[i], f->order, n);
    f->was = memory_alloc((size_t)n * sizeof *f->was + 1);
    for (uint32_t i = 0; i < n; i++) {
        f->was[i] = f->order[i];
        f->order[i] = i;
    }
    pair_index_free(f->index); /* cells are not looked for any more */
    f->index = NULL;
}

void fold_finish(struct fold *f, const struct requests *r, struct arena *a,
                 const struct frame *frame)
{
    uint32_t domains = groups_count(f->domains), n = f->cells;
    if (f->width) {
        levels_finish(f, a);
        return;
    }
    uint32_t *scratch = memory_alloc((size_t)n * sizeof *scratch);
    uint32_t *leaves = memory_alloc(((size_t)frame->places + 1) * sizeof *leaves);
    f->known = domains;
    f->order = counting(a, n);
    f->start = arena_array(a, (size_t)domains + 1, sizeof *f->start);
    count_sort(f->order, scratch, n, f->unit, frame->place, leaves, frame->places);
    f->stop = f->start + 1;
    count_sort(f->order, scratch, n, f->domain, NULL, f->start, domains);
    free(leaves);
    free(scratch);
    permute_cells(f, r);
    for (uint32_t i = 0; !f->bare && i < r->stores; i++)
        store_finish(&f->store[i], a, frame, domains);
}
