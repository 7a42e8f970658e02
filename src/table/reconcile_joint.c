/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts that are less than they look: one value printed for several countries (each, or
 * together?), and counts that somebody made from whole percentages of a total.
 */
#include "table/reconcile_set.h"

enum { LEAST_COUNTS = 3, LEAST_TOTAL = 1000 };

/* ---- one value for several classes ---- */

/* Cuts the next name off `A, B et C`, `A and B`, `A وB`. */
static bool name_next(struct text *list, struct text *name)
{
    static const char *const marks[] = {", ", " et ", " and ", " & ", " \xD9\x88", "+"};
    if (text_missing(*list))
        return false;
    uint32_t best = list->len, skip = 0;
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++) {
        uint32_t n = (uint32_t)strlen(marks[k]);
        for (uint32_t i = 0; i + n <= list->len && i < best; i++)
            if (memcmp(list->at + i, marks[k], n) == 0) {
                best = i;
                skip = n;
            }
    }
    *name = (struct text){list->at, best};
    list->at += best + skip;
    list->len -= best + skip;
    return true;
}

/* How many countries the label names; 1 where it is one name, or not all are countries. */
static uint32_t countries_in(const struct claims *s, const struct claim *c)
{
    struct text list = c->written, name, code;
    uint32_t n = 0;
    if (codelist_resolve(s->nationality, c->written, &code) != MATCH_UNKNOWN)
        return 1;
    while (name_next(&list, &name)) {
        enum match match = codelist_resolve(s->nationality, text_trim(name), &code);
        if (match == MATCH_UNKNOWN || (match != MATCH_AMBIGUOUS && code.len != 3))
            return 1;
        n++;
    }
    return n;
}

struct joint {
    struct decimal together, each;
    uint32_t labels;
};

static struct joint count_joint(const struct claims *s, const struct list *l)
{
    struct joint j = {decimal_of(0), decimal_of(0), 0};
    for (uint32_t i = 0; i < l->claims; i++) {
        uint32_t n = countries_in(s, l->claim[i]);
        j.labels += n > 1;
        j.together = decimal_plus(j.together, l->claim[i]->value);
        j.each = decimal_plus(j.each, decimal_times(l->claim[i]->value, n));
    }
    return j;
}

/* Only one of the two sums comes near 100. */
static const char *which(const struct joint *j, const struct list *l)
{
    struct decimal slack = decimal_of(2), full = decimal_of(100);
    bool each = decimal_compare(decimal_distance(j->each, full), slack) <= 0;
    bool together = decimal_compare(decimal_distance(j->together, full), slack) <= 0;
    if (!l->claim[0]->percent || each == together)
        return "";
    return each ? "each" : "together";
}

static void tell_joint(struct claims *s, const struct list *l, const struct joint *j)
{
    struct finding *f = finding_new(s, CLASS_OVERLAP, WEIGHT_DOUBT);
    struct tale t = tale_new(s);
    for (uint32_t i = 0; i < l->claims; i++)
        if (countries_in(s, l->claim[i]) > 1)
            contradiction_add(s, f, l->claim[i]);
    tale_say(&t, "Σ = ");
    tale_number(&t, j->together);
    tale_say(&t, " ; Σ × n = ");
    tale_number(&t, j->each);
    f->evidence = tale_end(&t);
    const char *reading = which(j, l);
    if (strcmp(reading, "each") == 0)
        finding_read(s, f, "Une valeur pour plusieurs pays : la somme (%1) dit que chacun l’a.",
                     "One value for several countries: the sum (%1) says that each has it.",
                     tale_end(&t), TEXT(""));
    else if (*reading)
        finding_read(s, f,
                     "Une valeur pour plusieurs pays : la somme (%1) dit qu’ils l’ont ensemble.",
                     "One value for several countries: the sum (%1) says that they share it.",
                     tale_end(&t), TEXT(""));
    else
        finding_read(
            s, f, "Une valeur pour plusieurs pays : chacun, ou ensemble ? Rien ne le décide (%1).",
            "One value for several countries: each, or together? Nothing decides (%1).",
            tale_end(&t), TEXT(""));
}

void find_joint(struct claims *s)
{
    for (uint32_t i = 0; i < s->lists; i++) {
        const struct list *l = &s->list[i];
        if (!text_starts(l->claim[0]->axis[l->axis].name, TEXT("nationality")))
            continue;
        struct joint j = count_joint(s, l);
        if (j.labels)
            tell_joint(s, l, &j);
    }
}

/* ---- counts made from whole percentages ---- */

/* k with |value - k % of total| <= 0.5; 0 for none. */
static int64_t whole_percent(struct decimal value, struct decimal total)
{
    int64_t v = value.mantissa, t = total.mantissa;
    if (v > t || t > INT32_MAX)
        return 0;
    for (int64_t k = 1; k < 100; k++) {
        int64_t twice = 200 * v - 2 * k * t;
        if (twice >= -100 && twice <= 100)
            return k;
    }
    return 0;
}

static void tell_percents(struct claims *s, const struct list *l, const struct claim *total)
{
    struct finding *f = finding_new(s, CLASS_ROUNDED, WEIGHT_NOTE);
    struct tale t = tale_new(s);
    contradiction_add(s, f, total);
    for (uint32_t i = 0; i < l->claims; i++) {
        const struct claim *c = l->claim[i];
        contradiction_add(s, f, c);
        tale_say(&t, i ? " ; " : "");
        tale_number(&t, decimal_of(whole_percent(c->value, total->value)));
        tale_say(&t, " % × ");
        tale_number(&t, total->value);
        tale_say(&t, " = ");
        tale_number(&t, c->value);
    }
    f->evidence = tale_end(&t);
    finding_read(
        s, f, "Effectifs recalculés depuis des pourcentages entiers : exacts à un demi-point près.",
        "Counts made from whole percentages: good to half a point only.", TEXT(""), TEXT(""));
}

void find_whole_percents(struct claims *s)
{
    for (uint32_t i = 0; i < s->lists; i++) {
        const struct list *l = &s->list[i];
        const struct claim *c = l->claim[0];
        if (c->percent || l->claims < LEAST_COUNTS)
            continue;
        const struct claim *total = claim_nearest(
            claims_group(s, c->indicator, false, place_without(s, c, l->axis)), c, c->period);
        if (!total || !producers_equal(total, c) || total->value.scale ||
            total->value.mantissa < LEAST_TOTAL || total->value.mantissa > INT32_MAX)
            continue;
        uint32_t whole = 0;
        for (uint32_t k = 0; k < l->claims; k++)
            whole += !l->claim[k]->value.scale && l->claim[k]->value.mantissa >= 100 &&
                     whole_percent(l->claim[k]->value, total->value) > 0;
        if (whole == l->claims && total->value.mantissa % 100)
            tell_percents(s, l, total);
    }
}
