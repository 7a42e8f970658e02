/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The place of a claim: its axes by their names, whatever the language, and the codes of its
 * labels.
 *
 * `nationalité`, `citizenship` and `الجنسية` are one axis, `Ensemble` is a total, `autres pays` the
 * rest.  Labels of the built-in lists become their codes; others become their fold, so that
 * spellings meet.  Misuse: two columns that name one axis in two languages, of which both are set.
 */
#include <stdlib.h>

#include "table/fold.h"
#include "table/reconcile_set.h"

static bool name_holds(struct text name, const char *part)
{
    size_t n = strlen(part);
    for (uint32_t i = 0; i + n <= name.len; i++)
        if (memcmp(name.at + i, part, n) == 0)
            return true;
    return false;
}

static bool is_one_of(struct text t, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text_equal(t, text_of(words[i])))
            return true;
    return false;
}

#define IS_ONE_OF(t, words) is_one_of(t, words, sizeof(words) / sizeof *(words))

/* The names that the classes know, for folded ones in other languages. */
static const struct {
    char folded[20], name[12];
} axis_names[] = {
    {"nationalite", "nationality"},
    {"nationalites", "nationality"},
    {"citizenship", "nationality"},
    {"citoyennete", "nationality"},
    {"جنسيه", "nationality"},
    {"جنسيات", "nationality"},
    {"sexe", "sex"},
    {"genre", "sex"},
    {"gender", "sex"},
    {"جنس", "sex"},
    {"نوع", "sex"},
    {"tranche d age", "age"},
    {"tranche age", "age"},
    {"tranches d age", "age"},
    {"groupe d age", "age"},
    {"groupe age", "age"},
    {"classe d age", "age"},
    {"classe age", "age"},
    {"age group", "age"},
    {"ages", "age"},
    {"age", "age"},
    {"سن", "age"},
    {"عمر", "age"},
    {"فئه عمريه", "age"},
    {"regions", "region"},
    {"region", "region"},
    {"جهه", "region"},
    {"جهات", "region"},
    {"pays", "country"},
    {"بلد", "country"},
};

static struct text axis_name(struct text written)
{
    char room[FOLD_TEXT];
    struct text folded = fold_text(written, room);
    for (size_t i = 0; i < sizeof axis_names / sizeof *axis_names; i++)
        if (text_equal(folded, text_of(axis_names[i].folded)))
            return text_of(axis_names[i].name);
    return written;
}

static const struct codelist *list_for(const struct claims *s, struct text axis)
{
    static const char *const countries[] = {"nationality", "destination", "origin", "country"};
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
        if (name_holds(axis, countries[i]))
            return s->nationality;
    if (text_equal(axis, TEXT("region")))
        return s->region;
    return name_holds(axis, "sex") ? s->sex : NULL;
}

/* Bytes of `autres` at the beginning; 0: it is not the rest. */
static uint32_t rest_at(struct text folded)
{
    static const char *const rest[] = {"autres", "autre", "others", "other",
                                       "اخرون",  "اخري",  "اخرى"};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) {
        struct text word = text_of(rest[i]);
        if (text_starts(folded, word) && (folded.len == word.len || folded.at[word.len] == ' '))
            return word.len;
    }
    return 0;
}

/* The rest of all; of several (`Other South`, `Other North`) each keeps its words. */
static struct text rest_code(struct claims *s, struct text folded, uint32_t word)
{
    static const char *const plain[] = {"nationalites", "nationalite", "pays",  "nationalities",
                                        "countries",    "regions",     "جنسيات"};
    struct text more = text_trim((struct text){folded.at + word, folded.len - word});
    if (text_missing(more) || IS_ONE_OF(more, plain))
        return TEXT("_OTHER");
    return text_of(arena_print(s->arena, "_OTHER %.*s", (int)more.len, more.at));
}

/* The code of a category: of the list of its axis, else its fold, so that spellings meet. */
static struct text code_of(struct claims *s, struct text axis, struct text written)
{
    const struct codelist *list = list_for(s, axis);
    struct text code = {"", 0};
    char room[FOLD_TEXT];
    if (list)
        codelist_resolve(list, written, &code);
    if (code.len)
        return code;
    struct text folded = fold_text(written, room);
    uint32_t rest = folded.len <= 24 ? rest_at(folded) : 0;
    if (rest)
        return rest_code(s, folded, rest);
    return folded.len ? text_copy(s->arena, folded) : written;
}

static bool is_total(struct text code)
{
    static const char *const words[] = {"_T", "total", "ensemble", "all", "tous", "مجموع"};
    char room[FOLD_TEXT];
    return text_missing(code) || IS_ONE_OF(code, words) || IS_ONE_OF(fold_text(code, room), words);
}

static int axis_compare(const void *a, const void *b)
{
    return text_compare(((const struct axis *)a)->name, ((const struct axis *)b)->name);
}

/* `scheme=OIM` within the scope OIM is all of that scope. */
static bool is_scope(const struct claim *c, const struct axis *a)
{
    return c->scope.len && text_equal(c->scope, a->code);
}

static void add_axis(struct claims *s, struct claim *c, const struct axis *axis)
{
    if (is_total(axis->code) || is_scope(c, axis))
        return;
    struct text name = axis_name(axis->name);
    struct text code = code_of(s, name, axis->code);
    if (!is_total(code))
        c->axis[c->axes++] = (struct axis){name, code};
}

void claim_place(struct claims *s, struct claim *c, struct axis *axis, uint32_t axes)
{
    struct tale place = tale_new(s);
    c->axis = arena_array(s->arena, axes, sizeof *c->axis);
    for (uint32_t i = 0; i < axes; i++)
        add_axis(s, c, &axis[i]);
    if (c->axes > 1)
        qsort(c->axis, c->axes, sizeof *c->axis, axis_compare);
    for (uint32_t i = 0; i < c->axes; i++) {
        if (i)
            tale_say(&place, "|");
        tale_text(&place, c->axis[i].name);
        tale_say(&place, "=");
        tale_text(&place, c->axis[i].code);
    }
    c->place = tale_end(&place);
}
