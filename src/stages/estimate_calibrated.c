/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calibrated weights: parts of units, and the residuals of influence values on the margins. */
#include "stages/estimate_calibrated.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/radix.h"
#include "stages/calibration_option.h"
#include "stages/estimate_replicate.h"

#define OFF 1e-6 /* of a margin, from which on weights are said not to meet it */

/* ---- open ---- */

static void need_column(void *step, uint32_t column)
{
    if (step)
        step_need(step, column);
}

static int bind_margins(struct step *step, struct calibrated *c, struct step *need)
{
    struct text missing;
    int none;
    for (uint32_t i = 0; i < c->tables; i++)
        if (margins_add(c->margins, c->table[i], step_error(step)) != 0)
            return STEP_FAIL;
    if (margins_bind(c->margins, step_in(step), need_column, need, &missing) != 0)
        return step_find(step, missing, &none);
    c->bound = true;
    return STEP_OK;
}

static int open_columns(struct step *step, struct calibrated *c)
{
    c->scale = NO_COLUMN;
    if (!step_option(step, "base-weight") || !step_option(step, "weight"))
        return step_fail(step, EX_USAGE, NOWHERE,
                         "--calibrated wants --weight, the calibrated one, and --base-weight, the "
                         "one that calibrate started from");
    if (step_column(step, "base-weight", &c->base) != STEP_OK ||
        (step_option(step, "calibrated-scale") &&
         step_column(step, "calibrated-scale", &c->scale) != STEP_OK))
        return STEP_FAIL;
    return step_columns(step, "by-household", &c->household, &c->households);
}

int calibrated_open(struct step *step, struct estimate *e)
{
    bool complete = true;
    if (!step_option(step, "calibrated"))
        return STEP_OK;
    e->frame.negative = true;
    step_alone(step); /* weights of parts are summed as they come */
    struct calibrated *c = e->calibrated = arena_zalloc(step_arena(step), sizeof *c);
    c->pairs = pair_index_new();
    c->keyed = groups_new(1);
    c->margins = margins_new(step_arena(step));
    c->tables = step_option_count(step, "calibrated");
    c->table = arena_array(step_arena(step), c->tables, sizeof *c->table);
    if (open_columns(step, c) != STEP_OK ||
        (e->replicates &&
         option_rule(step, "calibrated-method", "calibrated-bounds", &c->rule) != STEP_OK))
        return STEP_FAIL;
    c->apart = e->replicates && e->replicates->column;
    for (uint32_t i = 0; i < c->tables; i++) {
        c->table[i] = step_table(step, "calibrated", i);
        if (!c->table[i])
            return STEP_FAIL;
        complete = complete && c->table[i]->rows > 0;
    }
    return complete ? bind_margins(step, c, step) : step_need_all(step);
}

int calibrated_start(struct step *step, struct estimate *e)
{
    struct calibrated *c = e->calibrated;
    return !c || c->bound ? STEP_OK : bind_margins(step, c, NULL);
}

void calibrated_free(struct estimate *e)
{
    struct calibrated *c = e->calibrated;
    if (!c)
        return;
    margins_free(c->margins);
    margin_rows_free(&c->x);
    pair_index_free(c->pairs);
    groups_free(c->keyed);
    free(c->recent);
    free(c->part);
    free(c->part_of);
    free(c->replicate);
}

/* ---- rows ---- */

static int refuse(struct step *step, const struct batch *b, uint32_t row, uint32_t column,
                  const char *reason)
{
    struct text name = b->schema->name[column];
    return step_fail(step, EX_DATAERR, batch_place(b, row, column), "column '%.*s': %s%s",
                     (int)name.len, name.at, reason, step_quote(step, batch_text(b, column)[row]));
}

/* One batch, in columns. */
struct pass {
    const struct batch *batch;
    const double *base, *weight, *scale;
    const struct text **household;
    char *key;
};

static char *put(char *at, const void *bytes, size_t n)
{
    memcpy(at, bytes, n);
    return at + n;
}

/* The bytes that tell parts of a unit apart. */
static struct text part_key(const struct calibrated *c, const struct pass *p, uint32_t i,
                            uint32_t unit, uint32_t row)
{
    char *at = put(p->key, &unit, sizeof unit);
    if (!c->households)
        at = put(at, &row, sizeof row);
    if (!c->households && p->scale)
        at = put(at, &p->scale[i], sizeof p->scale[i]);
    for (uint32_t h = 0; h < c->households; h++) {
        struct text cell = p->household[h][i];
        at = put(at, &cell.len, sizeof cell.len);
        at = put(at, cell.at, cell.len);
    }
    return (struct text){p->key, (uint32_t)(at - p->key)};
}

static size_t longest_key(const struct calibrated *c, const struct pass *p)
{
    size_t most = 16;
    for (uint32_t i = 0; i < p->batch->rows; i++) {
        size_t length = 16;
        for (uint32_t h = 0; h < c->households; h++)
            length += 4 + (size_t)p->household[h][i].len;
        most = length > most ? length : most;
    }
    return most;
}

/* Whether unit and row of margins are all that tells parts apart. */
static bool are_pairs(const struct calibrated *c)
{
    return !c->households && c->scale == NO_COLUMN && !c->apart;
}

/* Units mostly come one behind the other. */
static uint32_t find_pair(struct calibrated *c, uint32_t unit, uint32_t row)
{
    struct recent *r = &c->recent[row];
    if (r->unit != unit || !r->part)
        *r = (struct recent){unit, pair_index_find(c->pairs, unit, row, c->parts) + 1};
    return r->part - 1;
}

/* Record i, whose row of x is `row`. */
static void add_record(struct calibrated *c, const struct pass *p, uint32_t i, uint32_t row,
                       uint32_t *unit)
{
    uint32_t at;
    if (are_pairs(c)) {
        at = find_pair(c, *unit, row);
    } else if (c->apart && !c->households) {
        at = c->parts;
    } else {
        struct text key = part_key(c, p, i, *unit, row);
        at = group_find(c->keyed, &key, NULL);
    }
    if (at == c->parts) {
        c->parts++;
        c->part = memory_grow(c->part, &c->part_room, (size_t)at + 1, sizeof *c->part);
        c->part[at] = (struct part){.unit = *unit, .row = c->households ? at : row};
    }
    if (c->households)
        c->part_of[row] = at;
    struct part *part = &c->part[at];
    c->uneven |= fabs(p->weight[i] * part->base - p->base[i] * part->weight) >
                 1e-6 * fabs(p->weight[i] * part->base);
    part->records++;
    part->base += p->base[i];
    part->weight += p->weight[i];
    part->scale += p->scale ? p->scale[i] : 1;
    *unit = at;
}

static int check_cells(struct step *step, const struct calibrated *c, const struct pass *p)
{
    for (uint32_t i = 0; i < p->batch->rows; i++) {
        if (!(p->base[i] >= 0))
            return refuse(step, p->batch, i, (uint32_t)c->base,
                          "a base weight is missing, below 0 or no number");
        if (p->scale && !(p->scale[i] > 0))
            return refuse(step, p->batch, i, (uint32_t)c->scale, "not above 0");
    }
    return STEP_OK;
}

/* Replicates of columns, which are base weights, by part. */
static int add_replicates(struct step *step, struct estimate *e, const struct batch *b,
                          const uint32_t *part)
{
    struct calibrated *c = e->calibrated;
    const struct replicates *r = e->replicates;
    c->replicate = memory_grow_zeroed(c->replicate, &c->replicate_room, (size_t)c->parts * r->count,
                                      sizeof *c->replicate);
    const double *base = batch_real(b, (uint32_t)c->base);
    for (uint32_t k = 0; k < r->count; k++) {
        const double *x = batch_real(b, r->column[k]);
        for (uint32_t i = 0; i < b->rows; i++) {
            if (!(x[i] >= 0))
                return refuse(step, b, i, r->column[k],
                              "a replicate weight is missing, below 0 or no number");
            c->replicate[(size_t)part[i] * r->count + k] += x[i] * (r->factors ? base[i] : 1);
        }
    }
    return STEP_OK;
}

int calibrated_add(struct step *step, struct estimate *e, const struct batch *b, uint32_t *unit)
{
    struct calibrated *c = e->calibrated;
    struct margins_fault fault;
    struct pass p = {
        b,   batch_real(b, (uint32_t)c->base), batch_real(b, (uint32_t)e->frame.weight), NULL, NULL,
        NULL};
    bool *leave = arena_array(b->arena, b->rows, sizeof *leave);
    p.scale = c->scale == NO_COLUMN ? NULL : batch_real(b, (uint32_t)c->scale);
    p.household = arena_array(b->arena, c->households, sizeof *p.household);
    for (uint32_t h = 0; h < c->households; h++)
        p.household[h] = batch_text(b, c->household[h]);
    if (check_cells(step, c, &p) != STEP_OK)
        return STEP_FAIL;
    for (uint32_t i = 0; i < b->rows; i++)
        leave[i] = p.weight[i] == 0;
    uint32_t *row = arena_array(b->arena, b->rows, sizeof *row);
    for (uint32_t i = 0; i < b->rows; i++)
        row[i] = c->x.rows + i;
    if (!margins_code(c->margins, b, leave, true, &c->x, c->households ? NULL : row, &fault))
        return refuse(step, b, fault.row, fault.column, fault.reason);
    if (c->households)
        c->part_of = memory_grow(c->part_of, &c->row_room, c->x.rows, sizeof *c->part_of);
    if (are_pairs(c))
        c->recent = memory_grow_zeroed(c->recent, &c->recent_room, c->x.rows, sizeof *c->recent);
    p.key = arena_array(b->arena, longest_key(c, &p), 1);
    for (uint32_t i = 0; i < b->rows; i++)
        add_record(c, &p, i, row[i], &unit[i]);
    return c->apart ? add_replicates(step, e, b, unit) : STEP_OK;
}

/* ---- the end ---- */

/* Pairs in the order that their bytes would have as a key: low ones first, as part_key() has them.
 */
static const uint32_t *pairs_order(const struct calibrated *c, struct arena *a)
{
    uint32_t *order = arena_array(a, c->parts, sizeof *order);
    struct radix_entry *entry = memory_alloc(2 * c->parts * sizeof *entry);
    for (uint32_t i = 0; i < c->parts; i++) {
        uint64_t unit = __builtin_bswap32(c->part[i].unit), row = __builtin_bswap32(c->part[i].row);
        entry[i] = (struct radix_entry){unit << 32 | row, i};
    }
    radix_sort(entry, entry + c->parts, c->parts);
    for (uint32_t i = 0; i < c->parts; i++)
        order[i] = entry[i].item;
    free(entry);
    return order;
}

/* Parts in the order of the leaves of their units, in that by key: place[part]. */
static uint32_t *sort_parts(struct calibrated *c, const struct frame *f, struct arena *a)
{
    uint32_t parts = c->parts, *place = arena_array(a, parts, sizeof *place);
    bool numbers = are_pairs(c) || (c->apart && !c->households);
    const uint32_t *order = numbers ? pairs_order(c, a) : groups_order(c->keyed, a);
    uint32_t *next = arena_zarray(a, (size_t)f->units + 1, sizeof *next);
    c->part_at = arena_array(a, parts, sizeof *c->part_at);
    c->leaf_at = arena_array(a, parts, sizeof *c->leaf_at);
    for (uint32_t i = 0; i < parts; i++)
        next[f->leaf[c->part[i].unit] + 1]++;
    for (uint32_t l = 0; l < f->units; l++)
        next[l + 1] += next[l];
    for (uint32_t i = 0; i < parts; i++) {
        uint32_t leaf = f->leaf[c->part[order[i]].unit], at = next[leaf]++;
        place[order[i]] = at;
        c->part_at[at] = order[i];
        c->leaf_at[at] = leaf;
    }
    return place;
}

/* Mean rows of households. */
static void average_rows(struct calibrated *c, struct arena *a)
{
    uint32_t fault;
    struct calibration_units all = {
        c->x.rows, margins_count(c->margins), c->x.start, c->x.column, c->x.value, NULL, NULL};
    all.base = arena_zarray(a, c->x.rows, sizeof(double));
    struct calibration_units *h = calibration_households(a, &all, c->part_of, c->parts, &fault);
    double *value = arena_array(a, h->start[h->units], sizeof *value);
    for (uint32_t k = 0; k < h->units; k++)
        for (size_t i = h->start[k]; i < h->start[k + 1]; i++)
            value[i] = h->value[i] / c->part[k].records;
    c->units = *h;
    c->units.base = NULL;
    c->units.value = value;
}

static double factor_of(const struct part *p)
{
    return p->records / p->scale;
}

static void build_normal(struct calibrated *c, struct arena *a)
{
    const struct calibration_units *u = &c->units;
    c->normal = calibration_normal_new(a, u->columns);
    for (uint32_t k = 0; k < c->places; k++) {
        size_t at = u->start[c->part[k].row], end = u->start[c->part[k].row + 1];
        calibration_normal_add(c->normal, (uint32_t)(end - at), u->column + at, u->value + at,
                               c->part[k].base * factor_of(&c->part[k]));
    }
    calibration_normal_finish(c->normal);
}

/* Weights that do not meet the margins were calibrated to others, or trimmed. */
static void check_margins(struct step *step, const struct calibrated *c)
{
    const struct calibration_units *u = &c->units;
    const double *total = margins_total(c->margins);
    double *sum = arena_zarray(step_arena(step), u->columns, sizeof *sum);
    for (uint32_t k = 0; k < c->places; k++)
        for (size_t i = u->start[c->part[k].row]; i < u->start[c->part[k].row + 1]; i++)
            sum[u->column[i]] += c->part[k].weight * u->value[i];
    for (uint32_t j = 0; j < u->columns; j++)
        if (fabs(sum[j] - total[j]) > OFF * (1 + fabs(total[j]))) {
            step_warn(
                step, NOWHERE,
                "the weights give %.10g for margin '%s', which is %.10g: were they calibrated "
                "to this file, and not trimmed?",
                sum[j], margins_name(c->margins, j, step_arena(step)), total[j]);
            return;
        }
}

int calibrated_finish(struct step *step, struct estimate *e)
{
    struct calibrated *c = e->calibrated;
    struct arena *a = step_arena(step);
    uint32_t parts = c->parts, columns = margins_count(c->margins);
    if (parts == 0)
        return STEP_OK;
    e->frame.place = sort_parts(c, &e->frame, a);
    e->frame.places = c->places = parts;
    c->units = (struct calibration_units){c->x.rows,  columns, c->x.start, c->x.column,
                                          c->x.value, NULL,    NULL};
    if (c->households)
        average_rows(c, a);
    build_normal(c, a);
    leave_out_empty(step, c->margins, &c->units);
    c->leaves = e->frame.units;
    c->leaf = arena_array(a, c->leaves, sizeof *c->leaf);
    for (uint32_t l = 0; l < c->leaves; l++)
        c->leaf[l] = l;
    c->domain = arena_array(a, c->leaves, sizeof *c->domain);
    c->residual = arena_array(a, c->leaves, sizeof *c->residual);
    c->xz = arena_array(a, columns, sizeof *c->xz);
    c->b = arena_array(a, columns, sizeof *c->b);
    check_margins(step, c);
    return STEP_OK;
}

static double dot(const struct calibration_units *u, uint32_t row, const double *b)
{
    double sum = 0;
    for (size_t i = u->start[row]; i < u->start[row + 1]; i++)
        sum += u->value[i] * b[u->column[i]];
    return sum;
}

void calibrated_sums(const struct estimate *e, const struct influence *in, struct influence *leaves,
                     struct unit_sums *sums)
{
    const struct calibrated *c = e->calibrated;
    const struct calibration_units *u = &c->units;
    uint32_t count = 0;
    memset(c->residual, 0, c->leaves * sizeof *c->residual);
    memset(c->xz, 0, u->columns * sizeof *c->xz);
    for (uint32_t i = 0; i < in->count; i++) {
        uint32_t k = c->part_at[in->leaf[i]], leaf = c->leaf_at[in->leaf[i]];
        const struct part *p = &c->part[k];
        double z = p->weight != 0 ? in->z[i] * factor_of(p) * p->base / p->weight : 0;
        c->residual[leaf] += in->z[i];
        for (size_t j = u->start[p->row]; j < u->start[p->row + 1]; j++)
            c->xz[u->column[j]] += z * u->value[j];
        if (count == 0 || c->domain[count - 1] != leaf)
            c->domain[count++] = leaf;
    }
    calibration_coefficients(c->normal, c->xz, c->b);
    for (uint32_t at = 0; at < c->places; at++) {
        const struct part *p = &c->part[c->part_at[at]];
        c->residual[c->leaf_at[at]] -= p->weight * dot(u, p->row, c->b);
    }
    *leaves = (struct influence){count, c->domain, NULL};
    *sums = (struct unit_sums){c->leaves, 1, c->leaf, c->residual};
}
