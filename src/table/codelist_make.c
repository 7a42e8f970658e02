/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Codelists made from tables.
 */
#include "table/codelist_inside.h"

#include "table/fold.h"

struct maker {
    struct forms_maker *level[LEVELS], *codes;
};

static void claim_add(struct maker *l, enum level level, struct text form, uint32_t code,
                      struct text written)
{
    forms_claim(l->level[level], forms_add(l->level[level], form, written), code);
}

/* Only forms with a space: those without are found by the compact text on their own level. */
static void compact_add(struct maker *l, struct text folded, uint32_t code, struct text written)
{
    char buffer[FOLD_TEXT];
    struct text compact = fold_compact(folded, buffer);
    if (compact.len < folded.len && text_letters(compact) >= COMPACT_LETTERS)
        claim_add(l, LEVEL_COMPACT, compact, code, written);
}

static void label_add(struct maker *l, struct text label, uint32_t code, bool is_code)
{
    char buffer[FOLD_TEXT];
    if (text_missing(label))
        return;
    claim_add(l, LEVEL_EXACT, label, code, label);
    struct text folded = fold_text(label, buffer);
    if (text_missing(folded) || (is_code && folded.len < label.len))
        return;
    claim_add(l, LEVEL_FOLDED, folded, code, label);
    compact_add(l, folded, code, label);
}

/* What aliases are compared by: the fold, or the text itself where nothing is left of it (`?`). */
static struct text alias_form(struct text t, char buffer[FOLD_TEXT])
{
    struct text folded = fold_text(t, buffer);
    return text_missing(folded) ? t : folded;
}

static bool is_label(struct text name)
{
    static const char *const names[] = {"fr", "ar", "en", "text"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(name, text_of(names[i])))
            return true;
    return text_starts(name, TEXT("label")) || text_starts(name, TEXT("name"));
}

static int row_error(struct error *e, const struct table *t, uint32_t row, const char *what)
{
    return error_set(e, EX_DATAERR, (struct place){t->name, 0, 0}, "row %u: %s", row + 1, what);
}

static int column_of(const struct table *t, struct text name, struct error *e)
{
    int column = schema_find(t->schema, name);
    if (column == NO_COLUMN)
        error_set(e, EX_DATAERR, (struct place){t->name, 1, 0}, "no column \"%.*s\"", (int)name.len,
                  name.at);
    return column;
}

static int list_add(struct maker *l, const struct table *t, struct error *e)
{
    int code = column_of(t, TEXT("code"), e);
    if (code == NO_COLUMN)
        return -1;
    for (uint32_t row = 0; row < t->rows; row++) {
        struct text text = table_cell(t, row, (uint32_t)code);
        if (text_missing(text))
            return row_error(e, t, row, "no code");
        label_add(l, text, forms_add(l->codes, text, text), true);
    }
    const struct forms *codes = forms_made(l->codes);
    for (uint32_t c = 0; c < t->schema->columns; c++) {
        if ((int)c == code || !is_label(t->schema->name[c]))
            continue;
        for (uint32_t row = 0; row < t->rows; row++)
            label_add(l, table_cell(t, row, c),
                      forms_find(codes, table_cell(t, row, (uint32_t)code)), false);
    }
    return 0;
}

/* Two letters are a code in capitals only: `no`, `de`, `N/A` are not Norway, Germany, Namibia. */
static bool is_abbreviation(struct text kind)
{
    return text_equal(kind, TEXT("iso_alpha2"));
}

static int aliases_add(struct maker *l, const struct forms *codes, const struct table *t,
                       enum level level, struct error *e)
{
    int text = column_of(t, TEXT("text"), e), code = column_of(t, TEXT("code"), e);
    int kind = schema_find(t->schema, TEXT("kind"));
    if (text == NO_COLUMN || code == NO_COLUMN)
        return -1;
    for (uint32_t row = 0; row < t->rows; row++) {
        char buffer[FOLD_TEXT];
        struct text written = table_cell(t, row, (uint32_t)text);
        struct text name = table_cell(t, row, (uint32_t)code);
        if (text_missing(written) || text_missing(name))
            continue;
        uint32_t number = forms_find(codes, name);
        if (number == NO_FORM)
            return row_error(e, t, row, "the code of this alias is not in the list");
        if (level == LEVEL_ALIAS && is_abbreviation(table_get(t, row, kind))) {
            claim_add(l, LEVEL_EXACT, written, number, written);
            continue;
        }
        struct text form = alias_form(written, buffer);
        claim_add(l, level, form, number, written);
        if (level == LEVEL_ALIAS)
            compact_add(l, form, number, written);
    }
    return 0;
}

const struct forms *codelist_own(struct arena *arena, const struct forms *codes,
                                 const struct table *own, struct error *error)
{
    struct maker m = {.level[LEVEL_OWN] = forms_maker_new(arena)};
    if (own && aliases_add(&m, codes, own, LEVEL_OWN, error) < 0)
        return NULL;
    return forms_made(m.level[LEVEL_OWN]);
}

struct codelist *codelist_new(struct arena *arena, const struct table *list,
                              const struct table *aliases, const struct table *own,
                              struct error *error)
{
    struct codelist *l = arena_zalloc(arena, sizeof *l);
    struct maker m = {.codes = forms_maker_new(arena)};
    for (int i = LEVEL_EXACT; i < LEVELS; i++)
        m.level[i] = forms_maker_new(arena);
    if (list_add(&m, list, error) < 0)
        return NULL;
    l->codes = forms_made(m.codes);
    if (aliases && aliases_add(&m, l->codes, aliases, LEVEL_ALIAS, error) < 0)
        return NULL;
    for (int i = LEVEL_EXACT; i < LEVELS; i++)
        l->level[i] = forms_made(m.level[i]);
    l->level[LEVEL_OWN] = codelist_own(arena, l->codes, own, error);
    return l->level[LEVEL_OWN] ? l : NULL;
}
