/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stages/calibration_option.h"

#include <math.h>

enum { NAMED_MOST = 4 };

/* ---- options ---- */

int option_range(struct step *step, const char *option, double *low, double *high)
{
    struct text list = text_of(step_option(step, option)), a, b;
    if (text_next(&list, ',', &a) && text_next(&list, ',', &b) && !list.at && real_read(a, low) &&
        real_read(b, high) && *low >= 0 && *low < *high)
        return STEP_OK;
    return step_fail(step, EX_USAGE, NOWHERE, "--%s is two numbers, 0 <= low < high, as in %s",
                     option, strcmp(option, "trim") == 0 ? "200,3000" : "0.5,2");
}

int option_rule(struct step *step, const char *method, const char *bounds,
                struct calibration_rule *rule)
{
    static const char *const names[] = {"linear", "raking", "logit", "truncated"};
    const char *name = step_option(step, method);
    for (unsigned i = 0; i < 4; i++)
        if (name && strcmp(name, names[i]) == 0)
            rule->method = (enum calibration_method)i;
    bool bounded = rule->method == CALIBRATION_LOGIT || rule->method == CALIBRATION_TRUNCATED;
    if (bounded != (step_option(step, bounds) != NULL))
        return step_fail(step, EX_USAGE, NOWHERE,
                         "--%s belongs to --%s logit and truncated, which need it", bounds, method);
    if (!bounded)
        return STEP_OK;
    if (option_range(step, bounds, &rule->low, &rule->high) != STEP_OK)
        return STEP_FAIL;
    if (rule->low >= 1 || rule->high <= 1)
        return step_fail(step, EX_USAGE, NOWHERE, "--%s L,U are on both sides of 1", bounds);
    return STEP_OK;
}

void leave_out_empty(struct step *step, struct margins *margins, const struct calibration_units *u)
{
    struct arena *a = step_arena(step);
    bool *seen = arena_zarray(a, u->columns, sizeof *seen);
    for (uint32_t k = 0; k < u->units; k++)
        for (size_t i = u->start[k]; i < u->start[k + 1] && (!u->base || u->base[k] > 0); i++)
            seen[u->column[i]] = true;
    for (uint32_t j = 0; j < u->columns; j++) {
        double total = margins_total(margins)[j];
        if (seen[j] || total == 0.0)
            continue;
        step_warn(step, NOWHERE, "margin '%s' (%.10g) is left out: no record with a weight has it",
                  margins_name(margins, j, a), total);
        margins_leave_out(margins, j);
    }
}

/* ---- failures ---- */

struct failure {
    struct arena *arena;
    const struct margins *margins;
    const struct calibration_rule *rule;
    const struct calibration_result *result;
};

static const char *bounds_text(const struct failure *f, const char *before, double low, double high)
{
    char a[REAL_TEXT], b[REAL_TEXT];
    int m = (int)real_format(low, a), n = (int)real_format(high, b);
    return arena_print(f->arena, "%s%.*s,%.*s", before, m, a, n, b);
}

/* What could be done about it. */
static const char *way_out(const struct failure *f)
{
    const struct calibration_result *r = f->result;
    if (r->low != 0 || r->high != 0)
        return bounds_text(f, "; the nearest bounds that can be met: ", r->low, r->high);
    if (f->rule->method == CALIBRATION_LINEAR)
        return "";
    return "; no weights above 0 meet it: merge levels, or leave a margin out";
}

/* The margins that are furthest off, `'sex F' (wants 10, got 9)`. */
static const char *furthest(const struct failure *f)
{
    const double *total = margins_total(f->margins), *got = f->result->total;
    uint32_t n = margins_count(f->margins);
    bool *named = arena_zarray(f->arena, n, sizeof *named);
    const char *list = "";
    for (uint32_t i = 0; i < NAMED_MOST && i < n; i++) {
        uint32_t worst = n;
        double most = 1e-6;
        for (uint32_t j = 0; j < n; j++) {
            double off = fabs(got[j] - total[j]) / (1 + fabs(total[j]));
            if (!named[j] && off > most) {
                most = off;
                worst = j;
            }
        }
        if (worst == n)
            break;
        named[worst] = true;
        list = arena_print(f->arena, "%s%s'%s' (wants %.10g, got %.10g)", list, i ? ", " : "",
                           margins_name(f->margins, worst, f->arena), total[worst], got[worst]);
    }
    return list;
}

static const char *within(const struct failure *f, const char *otherwise)
{
    return f->rule->high > 0 ? bounds_text(f, " within the bounds ", f->rule->low, f->rule->high)
                             : otherwise;
}

int calibration_failed(struct step *step, const struct margins *margins,
                       const struct calibration_rule *rule, const struct calibration_result *r,
                       const char *where)
{
    struct failure f = {step_arena(step), margins, rule, r};
    const char *name = margins_name(margins, r->column, f.arena);
    double wanted = margins_total(margins)[r->column];
    switch (r->outcome) {
    case CALIBRATION_EMPTY:
        return step_fail(step, EX_DATAERR, NOWHERE,
                         "%sno record with a weight has margin '%s', whose total is %.10g", where,
                         name, wanted);
    case CALIBRATION_CONTRADICTION:
        return step_fail(
            step, EX_DATAERR, NOWHERE,
            "%sthe margins contradict each other: '%s' is %.12g, and the others make it "
            "%.12g",
            where, name, wanted, r->reached);
    case CALIBRATION_OUT_OF_REACH:
        return step_fail(step, EX_DATAERR, NOWHERE,
                         "%smargin '%s' is %.10g, and weights%s can bring it %s %.10g only%s",
                         where, name, wanted, within(&f, " above 0"),
                         r->reached < wanted ? "up to" : "down to", r->reached, way_out(&f));
    case CALIBRATION_NO_SOLUTION:
    case CALIBRATION_MET:
        break;
    }
    return step_fail(step, EX_DATAERR, NOWHERE, "%sthe margins cannot be met together%s: %s%s",
                     where, within(&f, ""), furthest(&f), way_out(&f));
}
