/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parsers of texts that people write: the first byte chooses one, the rest is the text.
 *
 * Beside crashes it looks for answers that cannot be: an expression that gives a row another value
 * in another batch, a number that is not what the C library reads, a period or a number that does
 * not read back as written, a fold that folds on, a refusal without a reason.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/option.h"
#include "table/age_class.h"
#include "table/breach.h"
#include "table/catalogue.h"
#include "table/codelist.h"
#include "table/expression.h"
#include "table/fold.h"
#include "table/grammar.h"
#include "table/localise.h"
#include "table/margins.h"
#include "table/quantity.h"
#include "table/reconcile_quote.h"
#include "table/reference.h"
#include "table/span.h"
#include "table/table_schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "text_fuzz: %s\n", what);
    abort();
}

/* A result or an error, never both, never neither. */
static bool answered(bool good, const struct error *e)
{
    must(good == (e->code == 0), "a refusal without a reason, or a reason without one");
    return good;
}

static void nothing(void *context, uint32_t column)
{
    (void)context;
    (void)column;
}

/* ---- expressions ---- */

enum { ROWS = 3 };

static struct batch *rows_of(struct arena *a)
{
    static const char *const names[] = {"age", "sex", "income", "birth", "année", "empty", "word"};
    static const char *const cells[][ROWS] = {{"34", "", "-1"},
                                              {"F", "M", "x"},
                                              {"1250.50", "1e300", "0.000000001"},
                                              {"1984-02-29", "", "no"},
                                              {"2018", "2019", "20"},
                                              {"", "", ""},
                                              {"Élève", "المغرب", "  a b "}};
    struct schema *s = schema_new(a);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        schema_add(s, text_of(names[i]));
    struct batch *b = batch_new(a, s, ROWS);
    for (uint32_t c = 0; c < s->columns; c++) {
        struct text *cell = batch_new_text(b, c);
        for (uint32_t i = 0; i < ROWS; i++)
            cell[i] = text_of(cells[c][i]);
    }
    return b;
}

/* The cells of the value, or NULL. */
static const struct text *value(const struct expression *e, const struct batch *in)
{
    struct error error = {0};
    struct schema *s = schema_new(in->arena);
    schema_add(s, TEXT("x"));
    struct batch *out = batch_derive(in, s);
    return answered(expression_column(e, in, out, 0, &error) == 0, &error) ? batch_text(out, 0)
                                                                           : NULL;
}

/* The rows one by one give what they give together; all fail where one does. */
static void compare_rows(const struct expression *e, const struct batch *in)
{
    const struct text *together = value(e, in);
    bool all = true;
    for (uint32_t i = 0; i < ROWS; i++) {
        uint32_t *pick = arena_array(in->arena, 1, sizeof *pick);
        *pick = i;
        const struct text *alone = value(e, batch_pick(in, pick, 1));
        all &= alone != NULL;
        must(!together || (alone && text_equal(*alone, together[i])), "a row depends on others");
    }
    must(all == (together != NULL), "a batch fails where no row does, or does not where one does");
}

static void read_expression(struct arena *a, struct text t)
{
    struct error error = {0};
    struct text name;
    struct batch *in = rows_of(a);
    const char *source = text_copy(a, t).at;
    struct expression *e = t.len % 8 ? expression_parse(a, source, &error)
                                     : expression_parse_named(a, source, &name, &error);
    if (!answered(e != NULL, &error))
        return;
    if (answered(expression_bind(e, in->schema, &error) == 0, &error)) {
        uint8_t truth[ROWS];
        expression_columns(e, nothing, NULL);
        compare_rows(e, in);
        if (expression_need_truth(e, &error) == 0)
            expression_truth(e, in, truth, &(struct error){0});
    }
    expression_close(e);
}

static void read_rules(struct arena *a, struct text t)
{
    struct error error = {0};
    struct batch *in = rows_of(a);
    const struct table *table = table_parse(a, "rules", t.at, t.len, &error);
    if (!answered(table != NULL, &error))
        return;
    struct rule_set *set = rule_set_new(a, table, in->schema, FRENCH, &error);
    if (!answered(set != NULL, &error))
        return;
    const uint8_t *truth = rules_truth(set, in);
    struct localise *localise = localise_new(a, set, in->schema);
    struct breaches out = {.arena = a};
    struct localised found;
    bool elsewhere = false; /* rules that look into a table, which nobody has opened here */
    for (uint32_t i = 0; i < set->rules; i++)
        elsewhere |= set->rule[i].across && across_kind(set->rule[i].across) == ACROSS_EXISTS;
    for (uint32_t row = 0; row < ROWS && !elsewhere; row++) {
        rules_row(set, in, truth, row, row, &out);
        localise_row(localise, in, truth, row, &found);
    }
    free(out.at);
    localise_close(localise);
    rule_set_close(set);
}

/* ---- numbers and periods ---- */

static bool same_decimal(struct decimal a, struct decimal b)
{
    return a.kind == b.kind && (a.kind != NUMBER_EXACT || decimal_compare(a, b) == 0);
}

static void read_number(struct arena *a, struct text t)
{
    char out[REAL_TEXT + DECIMAL_TEXT];
    double real, again;
    struct decimal d = decimal_parse(t), many[1];
    decimals_parse(&t, many, 1);
    must(same_decimal(d, many[0]) && d.scale == many[0].scale, "one number, and a column of it");
    bool number = real_parse(t, &real);
    must(number == (d.kind == NUMBER_EXACT || d.kind == NUMBER_WIDE), "a decimal and a double");
    if (!number)
        return;
    must(memcmp(&real, &(double){strtod(text_copy(a, t).at, NULL)}, sizeof real) == 0 || real == 0,
         "the C library reads another double");
    must(real_parse((struct text){out, (uint32_t)real_format(real, out)}, &again) && again == real,
         "the shortest text of a double is another double");
    if (d.kind != NUMBER_EXACT)
        return;
    must(decimal_real(d) == real, "the double of a decimal");
    struct text back = {out, (uint32_t)decimal_format(d, out)};
    must(same_decimal(decimal_parse(back), d), "a decimal does not read back");
    must(same_decimal(decimal_add(d, decimal_subtract(decimal_of(0), d)), decimal_of(0)), "x - x");
}

static void read_period(struct arena *a, struct text t)
{
    struct date first, last, first2, last2;
    char out[PERIOD_TEXT];
    (void)a;
    if (!period_parse(t, &first, &last))
        return;
    must(date_valid(first) && date_valid(last) && date_compare(first, last) <= 0, "a period");
    struct text back = {out, (uint32_t)period_format(first, last, out)};
    must(period_parse(back, &first2, &last2) && !date_compare(first, first2) &&
             !date_compare(last, last2),
         "a period does not read back");
    struct span span, before;
    if (span_parse(t, &span) && span_previous(span, &before))
        must(before.first <= before.last && span_compare(before, span) < 0, "the period before");
}

static void read_written(struct arena *a, struct text t)
{
    struct written_habits habits = {t.len & 1, t.len & 2};
    struct written_period p;
    struct quantity q;
    struct age_class age;
    char out[AGE_CLASS_TEXT + PERIOD_TEXT];
    if (written_period_read(t, habits, &p) != WRITTEN_UNKNOWN)
        for (uint32_t i = 0; i < p.readings; i++)
            must(date_valid(p.reading[i].first) && date_valid(p.reading[i].last) &&
                     date_compare(p.reading[i].first, p.reading[i].last) <= 0,
                 "a written period");
    if (age_class_read(t, &age) == AGE_READ) {
        struct age_class back;
        struct text code = {out, (uint32_t)age_class_format(age, out)};
        must(age_class_read(code, &back) == AGE_READ && back.first == age.first &&
                 back.last == age.last,
             "a class of ages does not read back");
    }
    for (int custom = CUSTOM_NONE; custom <= CUSTOM_ENGLISH; custom++)
        quantity_read(t, (enum custom)custom, &q);
    char *room = arena_alloc(a, t.len + 1);
    struct text folded = quote_fold(t, room);
    struct quote quote;
    for (uint32_t at = 0, was = 0; quote_next(folded, &at, &quote); was = at)
        must(at > was && quote.from < quote.to && quote.to <= folded.len, "a quote");
}

/* ---- names ---- */

static struct codelist *nationalities(void)
{
    static struct codelist *list;
    struct error error = {0};
    if (!list) {
        static struct arena *a;
        a = arena_new();
        list = codelist_new(a, reference_table(a, "nationality", &error),
                            reference_table(a, "nationality-alias", &error), NULL, &error);
        must(list != NULL, "the list of nationalities");
    }
    return list;
}

static void read_name(struct arena *a, struct text t)
{
    char one[FOLD_TEXT], two[FOLD_TEXT];
    struct text folded = fold_text(t, one), code, again;
    must(text_equal(folded, fold_text(folded, two)), "a fold folds on");
    must(fold_compact(folded, two).len <= folded.len, "a compact fold");
    const struct codelist *list = nationalities();
    enum match m = codelist_resolve(list, t, &code);
    must((code.len > 0) == (m != MATCH_UNKNOWN && m != MATCH_AMBIGUOUS), "a code");
    must((codelist_candidates(list, t, a).len > 0) == (m == MATCH_AMBIGUOUS), "candidates");
    if (m == MATCH_FOLDED)
        must(codelist_resolve(list, folded, &again) != MATCH_UNKNOWN, "the fold is not known");
    if (m == MATCH_UNKNOWN)
        codelist_nearest(list, t, a);
    struct guess g = guess_begin(t);
    guess_offer(&g, TEXT("nationality"));
    guess_offer(&g, folded);
    static const char *const grammars[] = {"period", "age_group"};
    grammar_of(grammars[t.len & 1])(t, (struct written_habits){false, true}, a, &code);
}

/* ---- tables and schemas ---- */

static void read_schema(struct arena *a, struct text t)
{
    struct error error = {0};
    struct table_schema *s = table_schema_parse(a, "f", t, &error);
    static const char *const cells[] = {"", "1", "-2.5", "x", "2018-02-29", "true", "المغرب"};
    if (!answered(s != NULL, &error))
        return;
    for (uint32_t f = 0; f < s->fields; f++)
        for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
            rule_message(&s->field[f], field_check(&s->field[f], s, text_of(cells[i]), a), a);
    table_schema_free(s);
}

static void read_margins(const struct table *t, struct arena *a)
{
    struct error error = {0};
    struct margins *m = margins_new(a);
    struct text missing;
    struct batch *in = rows_of(a);
    if (answered(margins_add(m, t, &error) == 0, &error) &&
        margins_bind(m, in->schema, nothing, NULL, &missing) == 0) {
        struct margin_rows rows = {0};
        struct margins_fault fault;
        margins_code(m, in, NULL, t->rows & 1, &rows, NULL, &fault);
        margin_rows_free(&rows);
    }
    margins_free(m);
}

static void read_table(struct arena *a, struct text t)
{
    struct error error = {0};
    struct catalogue catalogue;
    const struct table *table = table_parse(a, "f", t.at, t.len, &error);
    if (!answered(table != NULL, &error))
        return;
    answered(catalogue_read(a, table, &catalogue, &error) == 0, &error);
    error = (struct error){0};
    answered(codelist_new(a, table, table, NULL, &error) != NULL, &error);
    read_margins(table, a);
}

static void read_options(struct arena *a, struct text t)
{
    static const struct option_spec table[] = {
        {"by", OPTION_COLUMNS, "COL,...", "group by", OPTION_REQUIRED | OPTION_REPEAT, ""},
        {"top", OPTION_INTEGER, "N", "the first", 0, ""},
        {"to", OPTION_CHOICE, "FORM", "form", 0, "csv|xlsx|html"},
        {"total", OPTION_FLAG, "", "total", 0, ""},
        {"A=B", OPTION_TEXT, "A=B", "pairs", OPTION_REPEAT, ""},
        {"FILE", OPTION_INPUT, "FILE", "input", 0, ""},
        {.name = ""}};
    struct options out;
    struct error error = {0};
    char *argv[64];
    int argc = 0;
    long long n;
    for (struct text word; argc < 64 && text_next(&t, ' ', &word); argc++)
        argv[argc] = arena_copy(a, word.at, word.len);
    if (answered(options_parse(a, table, NULL, argc, argv, &out, &error) == 0, &error))
        answered(options_integer(&out, "top", -5, 5, 1, &n, &error) == 0, &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const read[])(struct arena *, struct text) = {
        read_expression, read_rules,  read_number, read_period,  read_written,
        read_name,       read_schema, read_table,  read_options, read_expression};
    if (size < 1 || size > 1 << 16 || memchr(data + 1, '\0', size - 1))
        return 0;
    struct arena *a = arena_new();
    /* A copy of the very size: reading behind it would show. */
    char *copy = malloc(size - 1 ? size - 1 : 1);
    memcpy(copy, data + 1, size - 1);
    read[data[0] % (sizeof read / sizeof *read)](a, (struct text){copy, (uint32_t)size - 1});
    free(copy);
    arena_free(a);
    return 0;
}
