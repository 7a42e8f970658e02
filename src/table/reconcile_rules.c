/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/reconcile_rules.h"

#include <inttypes.h>

#include "table/reconcile_set.h"

static const char *const columns[] = {"indicator", "period_from", "period_to",
                                      "producer",  "scope",       "reason"};

static int bad_rule(const struct table *t, uint32_t row, struct error *error, const char *what)
{
    struct place place = {t->name, row + 2, 0};
    return error_set(error, EX_CONFIG, place, "rule %" PRIu32 ": %s", row + 1, what);
}

static struct text cell(const struct table *t, uint32_t row, const char *column)
{
    return table_get(t, row, schema_find(t->schema, text_of(column)));
}

static int read_rule(const struct table *t, uint32_t row, struct rule *r, struct error *error)
{
    struct span span;
    struct text from = cell(t, row, "period_from"), to = cell(t, row, "period_to");
    *r = (struct rule){cell(t, row, "indicator"),
                       cell(t, row, "producer"),
                       cell(t, row, "scope"),
                       cell(t, row, "reason"),
                       -1,
                       INT32_MAX};
    if (text_missing(r->indicator) || text_missing(r->producer) || text_missing(r->reason))
        return bad_rule(t, row, error, "indicator, producer and reason must be filled in");
    if (from.len && !span_parse(from, &span))
        return bad_rule(t, row, error, "period_from is no period");
    r->first = from.len ? span.first : -1;
    if (to.len && !span_parse(to, &span))
        return bad_rule(t, row, error, "period_to is no period");
    r->last = to.len ? span.last : INT32_MAX;
    return 0;
}

int rules_read(struct arena *a, const struct table *t, struct rules *rules, struct error *error)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (schema_find(t->schema, text_of(columns[i])) == NO_COLUMN)
            return error_set(error, EX_CONFIG, (struct place){t->name, 1, 0},
                             "rules need a column %s", columns[i]);
    rules->count = t->rows;
    rules->rule = arena_array(a, t->rows, sizeof *rules->rule);
    for (uint32_t row = 0; row < t->rows; row++)
        if (read_rule(t, row, &rules->rule[row], error))
            return -1;
    return 0;
}

const struct rule *rule_for(const struct rules *rules, const struct claim *c)
{
    for (uint32_t i = 0; i < rules->count; i++) {
        const struct rule *r = &rules->rule[i];
        if (text_equal(r->indicator, c->indicator) && r->first <= c->period.first &&
            c->period.last <= r->last)
            return r;
    }
    return NULL;
}

bool rule_followed(const struct rule *r, const struct claim *c)
{
    return text_equal(r->producer, c->producer) &&
           (text_missing(r->scope) || text_equal(r->scope, c->scope));
}

bool rule_applies(const struct claims *s, const struct rule *r, const struct claim *c)
{
    const struct group *g = &s->group[c->group];
    for (uint32_t i = 0; i < g->claims; i++) {
        const struct claim *o = g->claim[i];
        if (claims_same_cell(o, c) && rule_followed(r, o) && !o->superseded && !o->struck)
            return true;
    }
    return false;
}
