/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The levels of a code list, on a list small enough to read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "table/codelist.h"

struct sheet {
    struct arena *arena;
    struct error error;
};

/* A table of one text: cells by `,`, rows by `;`, the first row is the header. */
static const struct table *table_of(struct sheet *s, const char *csv)
{
    struct text rest = text_of(csv), row, cell;
    struct table *t = arena_zalloc(s->arena, sizeof *t);
    struct schema *schema = schema_new(s->arena);
    t->name = "list.csv";
    t->schema = schema;
    text_next(&rest, ';', &row);
    while (text_next(&row, ',', &cell))
        schema_add(schema, cell);
    t->column = arena_zarray(s->arena, schema->columns, sizeof *t->column);
    for (uint32_t c = 0; c < schema->columns; c++)
        t->column[c] = arena_zarray(s->arena, 64, sizeof **t->column);
    while (text_next(&rest, ';', &row)) {
        for (uint32_t c = 0; text_next(&row, ',', &cell); c++)
            t->column[c][t->rows] = cell;
        t->rows++;
    }
    return t;
}

static const char list[] = "code,fr,ar,en,note;"
                           "CIV,Côte d'Ivoire,كوت ديفوار,Ivory Coast,x1;"
                           "GIN,Guinée,غينيا,Guinea,x2;"
                           "NER,Niger,النيجر,Niger,x3;"
                           "NGA,Nigéria,نيجيريا,Nigeria,x4;"
                           "COG,Congo,الكونغو,Congo,x5;"
                           "COD,Congo (RDC),الكونغو الديمقراطية,DR Congo,x6;"
                           "_T,Ensemble,المجموع,Total,x7;"
                           "XXX,Non déclaré,غير مصرح به,Unknown,x8";
static const char aliases[] = "text,code,kind;"
                              "nigérien,NER,d;nigérien,NGA,d;"
                              "ivoirien,CIV,d;guinée,GIN,d;guinée,CIV,d;"
                              "Zaïre,COD,old;zaire du nord,COD,old;zaired unord,COG,odd";

static void resolves(const struct codelist *l, const char *text, enum match want, const char *code)
{
    struct text got;
    enum match m = codelist_resolve(l, text_of(text), &got);
    if (m != want || !text_equal(got, text_of(code)))
        print_error("%s: %s %.*s\n", text, match_name(m).at, (int)got.len, got.at);
    assert_int_equal(m, want);
    assert_true(text_equal(got, text_of(code)));
}

static void test_levels(void **state)
{
    struct sheet *s = *state;
    struct codelist *l =
        codelist_new(s->arena, table_of(s, list), table_of(s, aliases), NULL, &s->error);
    assert_non_null(l);
    resolves(l, "GIN", MATCH_EXACT, "GIN");
    resolves(l, "Guinée", MATCH_EXACT, "GIN"); /* labels win over aliases */
    resolves(l, "guinee", MATCH_FOLDED, "GIN");
    resolves(l, "NIGER", MATCH_FOLDED, "NER");
    resolves(l, "نيجر", MATCH_FOLDED, "NER");
    resolves(l, "Ivoirien", MATCH_ALIAS, "CIV");
    resolves(l, "ZAIRE", MATCH_ALIAS, "COD");
    resolves(l, "Nigérien", MATCH_AMBIGUOUS, "");
    resolves(l, "Cô te d’Ivoire", MATCH_FOLDED, "CIV");
    resolves(l, "COTEDIVOIRE", MATCH_FOLDED, "CIV");
    resolves(l, "ivoi rien", MATCH_FOLDED, "CIV");
    resolves(l, "ni ger", MATCH_UNKNOWN, "");         /* five letters */
    resolves(l, "zairedu nord", MATCH_AMBIGUOUS, ""); /* two aliases without their spaces */
    resolves(l, "Sénégal", MATCH_UNKNOWN, "");
    resolves(l, "x1", MATCH_UNKNOWN, ""); /* a note is no label */
    resolves(l, "_T", MATCH_EXACT, "_T");
    resolves(l, "T", MATCH_UNKNOWN, ""); /* the fold of _T is no name */
    resolves(l, "?", MATCH_UNKNOWN, "");
    resolves(l, "", MATCH_UNKNOWN, "");
}

static void test_own_aliases(void **state)
{
    struct sheet *s = *state;
    const char *own = "text,code,status;nigérien,NGA,x;?,XXX,x;Congo,COD,x;Sahara,,x";
    struct codelist *l = codelist_new(s->arena, table_of(s, list), table_of(s, aliases),
                                      table_of(s, own), &s->error);
    assert_non_null(l);
    resolves(l, "NIGERIEN", MATCH_ALIAS, "NGA");
    resolves(l, "?", MATCH_ALIAS, "XXX");
    resolves(l, "-", MATCH_UNKNOWN, "");
    resolves(l, "Congo", MATCH_ALIAS, "COD"); /* over the label */
    resolves(l, "Sahara", MATCH_UNKNOWN, ""); /* a row that nobody filled in */
}

static void test_several_rows_a_code(void **state)
{
    struct sheet *s = *state;
    const struct table *t = table_of(s, "code,text;M,masculin;M,homme;F,femme;F,f;M,m;1,m");
    struct codelist *l = codelist_new(s->arena, t, NULL, NULL, &s->error);
    assert_non_null(l);
    resolves(l, "Homme", MATCH_FOLDED, "M");
    resolves(l, "F", MATCH_EXACT, "F");
    resolves(l, "f", MATCH_EXACT, "F");
    resolves(l, "m", MATCH_AMBIGUOUS, "");
}

static void is_text(struct text t, const char *want)
{
    assert_true(text_equal(t, text_of(want)));
}

static void test_review(void **state)
{
    struct sheet *s = *state;
    struct codelist *l =
        codelist_new(s->arena, table_of(s, list), table_of(s, aliases), NULL, &s->error);
    is_text(codelist_candidates(l, TEXT("nigérien"), s->arena), "NER|NGA");
    is_text(codelist_candidates(l, TEXT("niger"), s->arena), "");
    struct nearest n = codelist_nearest(l, TEXT("Guinnée"), s->arena);
    is_text(n.codes, "GIN|CIV"); /* as the label and the aliases have it */
    is_text(n.written, "Guinée");
    assert_int_equal(n.distance, 1);
    n = codelist_nearest(l, TEXT("Nigre"), s->arena);
    is_text(n.codes, "NER");
    n = codelist_nearest(l, TEXT("Afghanistan"), s->arena);
    is_text(n.codes, "");
    is_text(codelist_nearest(l, TEXT("?"), s->arena).codes, "");
}

static void fails(struct sheet *s, const char *csv, const char *own, const char *message)
{
    s->error.code = 0;
    assert_null(
        codelist_new(s->arena, table_of(s, csv), NULL, own ? table_of(s, own) : NULL, &s->error));
    assert_int_equal(s->error.code, EX_DATAERR);
    assert_non_null(strstr(s->error.message, message));
}

static void test_bad_tables(void **state)
{
    struct sheet *s = *state;
    fails(s, "kode,fr;A,b", NULL, "no column \"code\"");
    fails(s, "code,fr;A,b;,c", NULL, "row 2: no code");
    fails(s, "code,fr;A,b", "text,kode;x,A", "no column \"code\"");
    fails(s, "code,fr;A,b", "text,code;x,A;y,B", "row 2: the code of this alias");
}

static int setup(void **state)
{
    static struct sheet s;
    s = (struct sheet){.arena = arena_new()};
    *state = &s;
    return 0;
}

static int teardown(void **state)
{
    arena_free(((struct sheet *)*state)->arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_levels, setup, teardown),
        cmocka_unit_test_setup_teardown(test_own_aliases, setup, teardown),
        cmocka_unit_test_setup_teardown(test_several_rows_a_code, setup, teardown),
        cmocka_unit_test_setup_teardown(test_review, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bad_tables, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
