/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/derivation.h"

/* ---- results ---- */

int derivation_places(const struct derivation *d, const struct indicator *i)
{
    return d->round && i->decimals != DECIMALS_UNKNOWN ? i->decimals : AMOUNT_FULL;
}

int32_t derivation_factor(const struct indicator *i)
{
    return text_equal(i->unit, TEXT("PT")) ? 100 : 1;
}

void derivation_emit(struct derivation *d, const struct result *r)
{
    struct observation *o = arena_zalloc(d->arena, sizeof *o);
    const struct observation *beside = r->beside;
    o->dimension = beside->dimension;
    o->period = beside->period;
    o->record = beside->record;
    blend_fill(r->blend, o);
    o->field[OBS_INDICATOR] = r->indicator->code;
    o->field[OBS_PERIOD] = beside->field[OBS_PERIOD];
    o->field[OBS_SCOPE] = beside->field[OBS_SCOPE];
    o->field[OBS_UNIT] = r->indicator->unit;
    o->field[OBS_VALUE] = r->value;
    o->field[OBS_NOTE] = r->note;
    if (text_missing(r->value))
        o->field[OBS_QUALIFIER] = TEXT("");
    figures_add(d->arena, &d->out, o);
}

struct text derivation_note(const struct derivation *d, enum remark remark, struct text about)
{
    return remark_text(d->arena, d->language, remark, about, TEXT(""));
}

void derivation_miss(struct derivation *d, struct result *r, const char *status, struct text note)
{
    blend_worsen(r->blend, text_of(status));
    r->value = TEXT("");
    r->note = note;
    derivation_emit(d, r);
}

void derivation_quotient(struct derivation *d, struct result *r, struct amount a, struct amount b,
                         int32_t factor)
{
    if (amount_sign(b) == 0) {
        derivation_miss(d, r, "M", derivation_note(d, REMARK_ZERO, TEXT("")));
        return;
    }
    r->value = amount_quotient(d->arena, a, b, factor, derivation_places(d, r->indicator));
    derivation_emit(d, r);
}

/* How the bearing of an operand of a quotient moves it; a negative operand makes it unclear. */
enum bearing derivation_bearing(const struct observation *o, const struct observation *beside,
                                bool turned)
{
    if (o->bearing == BEARING_EXACT)
        return BEARING_EXACT;
    if (amount_sign(o->value) < 0 || amount_sign(beside->value) < 0)
        return BEARING_UNCLEAR;
    return turned ? bearing_turn(o->bearing) : o->bearing;
}

/* ---- operands ---- */

/* Dimensions that some indicator of the catalogue may have; others are the user's own and do not
 * matter. */
static void find_bounded(struct derivation *d)
{
    d->bounded = arena_zarray(d->arena, d->dimensions, sizeof *d->bounded);
    for (uint32_t k = 0; k < d->dimensions; k++)
        for (uint32_t i = 0; i < d->catalogue->count && !d->bounded[k]; i++)
            d->bounded[k] = indicator_has_dimension(&d->catalogue->indicator[i], d->dimension[k]);
}

/* Broken down only by what the indicator may have: in other dimensions it is a total. */
static bool may_have(const struct derivation *d, const struct indicator *i,
                     const struct observation *o)
{
    for (uint32_t k = 0; k < d->dimensions; k++) {
        struct text code = o->dimension[k];
        if (d->bounded[k] && !text_missing(code) && !text_equal(code, TEXT("_T")) &&
            !indicator_has_dimension(i, d->dimension[k]))
            return false;
    }
    return true;
}

static void select_figures(struct derivation *d, const struct indicator *i, struct text code,
                           struct figures *out)
{
    struct text unit = catalogue_find(d->catalogue, code)->unit;
    for (uint32_t k = 0; k < d->in.count; k++) {
        const struct observation *o = d->in.at[k];
        if (!text_equal(o->field[OBS_INDICATOR], code) || !may_have(d, i, o))
            continue;
        struct text own = o->field[OBS_UNIT];
        if (text_missing(unit) || text_missing(own) || text_equal(unit, own))
            figures_add(d->arena, out, o);
        else
            d->misfits++;
    }
}

struct figure_order derivation_order(const struct derivation *d, uint32_t skip)
{
    struct figure_order o = figure_order_new(d->arena, d->dimensions);
    figure_order_add_dimensions(&o, d->dimensions, skip);
    figure_order_add(&o, FIELD(OBS_SCOPE));
    if (!d->across)
        figure_order_add(&o, FIELD(OBS_PRODUCER));
    return o;
}

/* Dimensions, scope, producer, period, vintage: all that the key of one indicator is made of. */
static struct figure_order full_order(const struct derivation *d)
{
    struct figure_order o = figure_order_new(d->arena, d->dimensions);
    figure_order_add_dimensions(&o, d->dimensions, UINT32_MAX);
    figure_order_add(&o, FIELD(OBS_SCOPE));
    figure_order_add(&o, FIELD(OBS_PRODUCER));
    figure_order_add(&o, FIELD(OBS_PERIOD));
    figure_order_add(&o, FIELD(OBS_AS_OF));
    return o;
}

int derivation_operand(struct derivation *d, const struct indicator *i, struct text code,
                       bool latest, struct figures *out)
{
    struct figure_order full = full_order(d), order = derivation_order(d, UINT32_MAX);
    *out = (struct figures){.count = 0};
    select_figures(d, i, code, out);
    figures_sort(d->arena, out, &full);
    if (figures_settle(d->arena, out, &full, d->error))
        return -1;
    if (latest || d->across)
        figures_supersede(out, &full, full.count - 1);
    figure_order_add(&order, FIELD(OBS_PERIOD));
    if (!d->across)
        return 0;
    figures_sort(d->arena, out, &order);
    return figures_alone(out, &order, order.count, d->error);
}

/* ---- ratio and per: cell by cell ---- */

/* Names the operand that is missing by its label, or its code where the catalogue has none. */
static struct text operand_note(const struct derivation *d, const struct observation *o)
{
    struct text code = o->field[OBS_INDICATOR];
    struct text label = catalogue_find(d->catalogue, code)->label[d->language];
    return text_missing(label) ? derivation_note(d, REMARK_NO_FIGURE, code)
                               : derivation_note(d, REMARK_NO_OPERAND, label);
}

static void ratio_emit(struct derivation *d, const struct indicator *i, const struct observation *a,
                       const struct observation *b)
{
    struct blend blend = blend_new(d->arena, d->ranks);
    struct result r = {.indicator = i, .beside = a, .blend = &blend};
    blend_add(&blend, a, derivation_bearing(a, b, false));
    blend_add(&blend, b, derivation_bearing(b, a, true));
    const struct observation *missing = a->value.exact.kind == NUMBER_MISSING   ? a
                                        : b->value.exact.kind == NUMBER_MISSING ? b
                                                                                : NULL;
    if (missing) {
        derivation_miss(d, &r, "L", operand_note(d, missing));
        return;
    }
    int32_t factor = i->formula.kind == FORMULA_PER ? i->formula.n : derivation_factor(i);
    derivation_quotient(d, &r, a->value, b->value, factor);
}

static int ratio_run(struct derivation *d, const struct indicator *i)
{
    struct figures a, b;
    if (derivation_operand(d, i, i->formula.a, false, &a) ||
        derivation_operand(d, i, i->formula.b, false, &b))
        return -1;
    struct figure_order order = derivation_order(d, UINT32_MAX);
    figure_order_add(&order, FIELD(OBS_PERIOD));
    if (!d->across)
        figure_order_add(&order, FIELD(OBS_AS_OF));
    for (uint32_t k = 0, m = 0; k < a.count; k++) {
        while (m < b.count && figure_compare(&order, order.count, b.at[m], a.at[k]) < 0)
            m++;
        if (m < b.count && figure_compare(&order, order.count, b.at[m], a.at[k]) == 0)
            ratio_emit(d, i, a.at[k], b.at[m]);
        else
            d->unmatched++;
    }
    return 0;
}

int derivation_run(struct derivation *d, const struct indicator *i)
{
    d->unmatched = d->misfits = 0;
    find_bounded(d);
    if (i->formula.kind == FORMULA_RATIO || i->formula.kind == FORMULA_PER)
        return ratio_run(d, i);
    return i->formula.kind == FORMULA_SHARE ? share_run(d, i) : series_run(d, i);
}

void derivation_sort(struct derivation *d)
{
    static const enum observation_column behind[] = {OBS_PRODUCER, OBS_AS_OF, OBS_SCOPE, OBS_UNIT};
    struct figure_order o = figure_order_new(d->arena, d->dimensions);
    figure_order_add(&o, FIELD(OBS_INDICATOR));
    figure_order_add_dimensions(&o, d->dimensions, UINT32_MAX);
    figure_order_add(&o, FIELD_PERIOD_TEXT);
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++)
        figure_order_add(&o, FIELD(behind[i]));
    figures_sort(d->arena, &d->out, &o);
}
