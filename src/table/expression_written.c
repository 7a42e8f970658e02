/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Functions that read what people wrote: period_of() and quantity() with its parts.  What does not
 * parse, or could be two things, is missing: these functions never fault on a cell.
 */
#include "table/age_class.h"
#include "table/expression_tree.h"
#include "table/quantity.h"
#include "table/written_period.h"

static union value in_arena(struct evaluation *e, const char *at, size_t len)
{
    return value_of_text((struct text){arena_copy(e->arena, at, len), (uint32_t)len});
}

static union value call_period_of(struct evaluation *e, const union value *a, uint32_t count)
{
    struct written_habits habits = {.academic = false};
    struct written_period p;
    char out[PERIOD_TEXT];
    for (uint32_t i = 1; i < count; i++) {
        bool academic = text_equal(a[i].text, TEXT("academic"));
        if (!academic && !text_equal(a[i].text, TEXT("day-first")))
            return evaluation_fault(e, i, "period_of() takes 'academic' and 'day-first'");
        habits.academic |= academic;
        habits.day_first |= !academic;
    }
    if (written_period_read(a[0].text, habits, &p) > WRITTEN_READ)
        return value_missing(TYPE_TEXT);
    return in_arena(e, out, period_format(p.reading[0].first, p.reading[0].last, out));
}

static union value call_age_class(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)count;
    struct age_class c;
    char out[AGE_CLASS_TEXT];
    if (age_class_read(a[0].text, &c) != AGE_READ)
        return value_missing(TYPE_TEXT);
    return in_arena(e, out, age_class_format(c, out));
}

static union value age_bound(const union value *a, bool upper)
{
    struct age_class c;
    if (age_class_read(a[0].text, &c) != AGE_READ || (upper && c.last == AGE_OPEN))
        return value_missing(TYPE_NUMBER);
    return value_of_number(number_of_integer(upper ? c.last : c.first));
}

static union value call_age_from(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    return age_bound(a, false);
}

static union value call_age_to(struct evaluation *e, const union value *a, uint32_t count)
{
    (void)e;
    (void)count;
    return age_bound(a, true);
}

/* The quantity of the first argument, by the custom of the second; false: none. */
static bool read(struct evaluation *e, const union value *a, uint32_t count, struct quantity *q)
{
    enum custom custom = CUSTOM_NONE;
    if (count > 1 && text_equal(a[1].text, TEXT("fr")))
        custom = CUSTOM_FRENCH;
    else if (count > 1 && text_equal(a[1].text, TEXT("en")))
        custom = CUSTOM_ENGLISH;
    else if (count > 1)
        return evaluation_fault(e, 1, "the custom of numbers is 'fr' or 'en'"), false;
    return quantity_read(a[0].text, custom, q);
}

static union value number(struct decimal d)
{
    return value_of_number(number_of_decimal(d));
}

static union value call_quantity(struct evaluation *e, const union value *a, uint32_t count)
{
    struct quantity q;
    return read(e, a, count, &q) ? number(q.value) : value_missing(TYPE_NUMBER);
}

static union value call_numerator(struct evaluation *e, const union value *a, uint32_t count)
{
    struct quantity q;
    return read(e, a, count, &q) ? number(q.numerator) : value_missing(TYPE_NUMBER);
}

static union value call_denominator(struct evaluation *e, const union value *a, uint32_t count)
{
    struct quantity q;
    return read(e, a, count, &q) ? number(q.denominator) : value_missing(TYPE_NUMBER);
}

static union value call_qualifier(struct evaluation *e, const union value *a, uint32_t count)
{
    struct quantity q;
    return value_of_text(text_of(read(e, a, count, &q) ? q.qualifier : ""));
}

static union value call_unit(struct evaluation *e, const union value *a, uint32_t count)
{
    struct quantity q;
    return value_of_text(text_of(read(e, a, count, &q) ? q.unit : ""));
}

static union value call_currency(struct evaluation *e, const union value *a, uint32_t count)
{
    struct quantity q;
    return value_of_text(text_of(read(e, a, count, &q) ? q.currency : ""));
}

static union value call_is_quantity(struct evaluation *e, const union value *a, uint32_t count)
{
    struct quantity q;
    return value_of_truth(read(e, a, count, &q));
}

const struct function expression_written_functions[] = {
    {"age_class", "x", 1, 1, 't', 0, call_age_class},
    {"age_from", "x", 1, 1, 'n', 0, call_age_from},
    {"age_to", "x", 1, 1, 'n', 0, call_age_to},
    {"is_quantity", "xt", 1, 2, 'b', 0, call_is_quantity},
    {"period_of", "xt", 1, 3, 't', 0, call_period_of},
    {"quantity", "xt", 1, 2, 'n', 0, call_quantity},
    {"quantity_currency", "xt", 1, 2, 't', 0, call_currency},
    {"quantity_denominator", "xt", 1, 2, 'n', 0, call_denominator},
    {"quantity_numerator", "xt", 1, 2, 'n', 0, call_numerator},
    {"quantity_qualifier", "xt", 1, 2, 't', 0, call_qualifier},
    {"quantity_unit", "xt", 1, 2, 't', 0, call_unit},
    {0},
};
