/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * share(A, d): each cell over the total over d, within one producer, vintage, scope and period.
 *
 * The total is the published `_T`.  Where there is none it is the exact sum of the parts, if all of
 * them are there: at least two, none missing, all listed as countries, territories, XXX or XXA
 * where the code list of d knows groups.  Groups (X_SSA, UN:011) get their own share but are never
 * part of a sum; the rest of a list (`_O`, others) is a group too, so it forbids the sum.
 */
#include "table/derivation.h"

enum part { PART_YES, PART_TOTAL, PART_GROUP, PART_REST, PART_UNLISTED };

/* The cells of one total. */
struct whole {
    const struct observation **cell;
    uint32_t cells;
    enum part *part;
    const struct observation *total; /* published, or NULL */
    struct amount sum;
    uint32_t parts;
    enum remark trouble; /* why there is no sum; REMARKS: there is one */
    uint32_t bearings[4];
    struct blend blend; /* of all parts of the sum */
};

static bool list_has_groups(const struct table *list, int kind)
{
    for (uint32_t row = 0; row < list->rows; row++)
        if (text_equal(table_get(list, row, kind), TEXT("group")))
            return true;
    return false;
}

static enum part part_of_kind(struct text code, struct text kind)
{
    if (text_equal(code, TEXT("_O")))
        return PART_REST;
    if (text_equal(kind, TEXT("group")))
        return PART_GROUP;
    if (!text_equal(kind, TEXT("special")))
        return PART_YES;
    bool unknown = text_equal(code, TEXT("XXX")) || text_equal(code, TEXT("XXA"));
    return unknown ? PART_YES : PART_GROUP;
}

static enum part part_of(const struct table *list, struct text code)
{
    int at = list ? schema_find(list->schema, TEXT("code")) : NO_COLUMN;
    int kind = list ? schema_find(list->schema, TEXT("kind")) : NO_COLUMN;
    if (text_equal(code, TEXT("_T")))
        return PART_TOTAL;
    if (text_missing(code))
        return PART_UNLISTED;
    if (at == NO_COLUMN || kind == NO_COLUMN || !list_has_groups(list, kind))
        return PART_YES;
    for (uint32_t row = 0; row < list->rows; row++)
        if (text_equal(table_get(list, row, at), code))
            return part_of_kind(code, table_get(list, row, kind));
    return PART_UNLISTED;
}

static void add_part(struct whole *w, const struct observation *o)
{
    if (o->value.exact.kind == NUMBER_MISSING) {
        w->trouble = REMARK_TOTAL_MISSING;
        return;
    }
    w->sum = w->parts++ ? amount_add(w->sum, o->value) : o->value;
    w->bearings[o->bearing]++;
    blend_add(&w->blend, o, BEARING_EXACT);
}

static void sum_parts(struct whole *w)
{
    for (uint32_t k = 0; k < w->cells && w->trouble == REMARKS; k++) {
        if (w->part[k] == PART_YES)
            add_part(w, w->cell[k]);
        else if (w->part[k] == PART_REST)
            w->trouble = REMARK_TOTAL_REST;
        else if (w->part[k] == PART_UNLISTED)
            w->trouble = REMARK_TOTAL_UNLISTED;
    }
    if (w->trouble == REMARKS && w->parts < 2)
        w->trouble = REMARK_NO_TOTAL;
}

/* x over x + others grows with x and falls with the others. */
static enum bearing share_bearing(const struct whole *w, const struct observation *o, bool is_part)
{
    enum bearing all = o->bearing;
    for (int b = BEARING_EXACT; b <= BEARING_UNCLEAR; b++)
        if (w->bearings[b] > (is_part && o->bearing == (enum bearing)b ? 1u : 0u))
            all = bearing_join(all, bearing_turn((enum bearing)b));
    return all;
}

static void share_of_total(struct derivation *d, struct whole *w, struct result *r)
{
    const struct observation *o = r->beside;
    blend_add(r->blend, o, o == w->total ? BEARING_EXACT : derivation_bearing(o, w->total, false));
    if (o != w->total)
        blend_add(r->blend, w->total, derivation_bearing(w->total, o, true));
    derivation_quotient(d, r, o->value, w->total->value, derivation_factor(r->indicator));
}

/* The blend is a copy: what it adds is its own, since the common lists only grow behind their end.
 */
static void share_of_sum(struct derivation *d, struct whole *w, struct result *r, bool is_part)
{
    *r->blend = w->blend;
    if (!is_part)
        blend_add(r->blend, r->beside, BEARING_EXACT);
    r->blend->bearing = share_bearing(w, r->beside, is_part);
    r->note =
        derivation_note(d, REMARK_OF_SUM, text_of(arena_print(d->arena, "%u", (unsigned)w->parts)));
    derivation_quotient(d, r, r->beside->value, w->sum, derivation_factor(r->indicator));
}

static void share_emit(struct derivation *d, const struct indicator *i, struct whole *w, uint32_t k)
{
    struct blend blend = blend_new(d->arena, d->ranks);
    const struct observation *o = w->cell[k];
    struct result r = {.indicator = i, .beside = o, .blend = &blend};
    bool missing = o->value.exact.kind == NUMBER_MISSING;
    if (!missing && w->total) {
        share_of_total(d, w, &r);
    } else if (!missing && w->trouble == REMARKS) {
        share_of_sum(d, w, &r, w->part[k] == PART_YES);
    } else {
        blend_add(&blend, o, BEARING_EXACT);
        derivation_miss(d, &r, "L",
                        derivation_note(d, missing ? REMARK_NO_PART : w->trouble, TEXT("")));
    }
}

static void share_whole(struct derivation *d, const struct indicator *i, struct whole *w,
                        uint32_t dimension)
{
    const struct table *list = d->list ? d->list[dimension] : NULL;
    w->part = arena_array(d->arena, w->cells, sizeof *w->part);
    w->blend = blend_new(d->arena, d->ranks);
    for (uint32_t k = 0; k < w->cells; k++) {
        w->part[k] = part_of(list, w->cell[k]->dimension[dimension]);
        if (w->part[k] == PART_TOTAL && w->cell[k]->value.exact.kind != NUMBER_MISSING)
            w->total = w->cell[k];
    }
    if (w->total && w->cells == 1)
        return; /* a total that nothing is a part of */
    if (!w->total)
        sum_parts(w);
    for (uint32_t k = 0; k < w->cells; k++)
        if (w->total || w->part[k] != PART_TOTAL)
            share_emit(d, i, w, k);
}

static uint32_t dimension_find(const struct derivation *d, struct text name)
{
    uint32_t k = 0;
    while (k < d->dimensions && !text_equal(d->dimension[k], name))
        k++;
    return k;
}

int share_run(struct derivation *d, const struct indicator *i)
{
    uint32_t dimension = dimension_find(d, i->formula.dimension);
    struct figures f;
    if (dimension == d->dimensions)
        return 0;
    if (derivation_operand(d, i, i->formula.a, false, &f))
        return -1;
    struct figure_order order = derivation_order(d, dimension);
    figure_order_add(&order, FIELD(OBS_PERIOD));
    if (!d->across)
        figure_order_add(&order, FIELD(OBS_AS_OF));
    uint32_t depth = order.count;
    figure_order_add(&order, (int)dimension);
    figures_sort(d->arena, &f, &order);
    for (uint32_t from = 0, end; from < f.count; from = end) {
        end = figures_run(&f, &order, depth, from);
        struct whole w = {.cell = f.at + from, .cells = end - from, .trouble = REMARKS};
        share_whole(d, i, &w, dimension);
    }
    return 0;
}
