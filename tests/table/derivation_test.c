/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Formulas against hand arithmetic and published figures: 23 096 of 27 649 requests is 83,5 % in
 * print, 50 000 of 54 000 is 92,6 %; networks 229 + 208 + 111 + 256 + 290 = 1 094.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "table/derivation.h"

#define HEAD                                                                                       \
    "indicator,nationality,sex,period,producer,as_of,scope,unit,value,qualifier,status,source\n"

static const char catalogue_text[] = "code,formula,unit,decimals,dimensions\n"
                                     "ASKED,,PS,0,nationality sex\n"
                                     "GIVEN,,PS,0,nationality sex\n"
                                     "NET,,NB,0,\n"
                                     "PEOPLE,,PS,0,\n"
                                     "RATE,\"ratio(GIVEN, ASKED)\",PT,1,nationality sex\n"
                                     "SHARE,\"share(ASKED, nationality)\",PT,1,nationality\n"
                                     "SUM,cumulative(NET),NB,0,\n"
                                     "CHANGE,change(NET),NB,0,\n"
                                     "GROWTH,growth(NET),PT,1,\n"
                                     "INDEX,\"index(NET, 2018)\",IX,1,\n"
                                     "MEAN,\"moving_average(NET, 3)\",NB,1,\n"
                                     "PER,\"per(NET, PEOPLE, 100000)\",PER_100000,2,\n";

static const char ranks_text[] = "code,rank\nA,0\nE,3\nP,4\nU,6\nL,8\nQ,9\nM,7\n";

static const char nationality_text[] =
    "code,kind\nFRA,country\nSEN,country\nNGA,country\nXXX,special\n_T,special\nX_SSA,group\n"
    "_O,group\n";

struct fixture {
    struct arena *arena;
    struct error error;
    struct catalogue catalogue;
    struct derivation d;
    char out[4000];
};

static const struct table *parse(struct fixture *f, const char *text)
{
    return table_parse(f->arena, "test.csv", text, strlen(text), &f->error);
}

static void add_rows(struct fixture *f, const struct table *t)
{
    struct observation_layout l;
    assert_int_equal(observation_layout(f->arena, t->schema, &l, &f->error), 0);
    struct text *name = arena_array(f->arena, l.dimensions, sizeof *name);
    f->d.dimensions = l.dimensions;
    f->d.dimension = name;
    for (uint32_t k = 0; k < l.dimensions; k++)
        name[k] = t->schema->name[l.dimension[k]];
    for (uint32_t row = 0; row < t->rows; row++) {
        struct observation *o = arena_zalloc(f->arena, sizeof *o);
        o->dimension = arena_array(f->arena, l.dimensions, sizeof *o->dimension);
        o->record = row + 1;
        for (int i = 0; i < OBS_COLUMNS; i++)
            o->field[i] = table_get(t, row, l.column[i]);
        for (uint32_t k = 0; k < l.dimensions; k++)
            o->dimension[k] = table_cell(t, row, l.dimension[k]);
        assert_int_equal(observation_parse(o), OBS_COLUMNS);
        figures_add(f->arena, &f->d.in, o);
    }
}

static void print_rows(struct fixture *f)
{
    static const enum observation_column shown[] = {
        OBS_PERIOD, OBS_PRODUCER, OBS_AS_OF, OBS_VALUE, OBS_QUALIFIER, OBS_STATUS, OBS_NOTE};
    size_t n = 0;
    f->out[0] = 0;
    for (uint32_t i = 0; i < f->d.out.count; i++) {
        const struct observation *o = f->d.out.at[i];
        n += (size_t)snprintf(f->out + n, sizeof f->out - n, "%.*s", (int)o->dimension[0].len,
                              o->dimension[0].at);
        for (size_t k = 0; k < sizeof shown / sizeof *shown; k++) {
            struct text t = o->field[shown[k]];
            n += (size_t)snprintf(f->out + n, sizeof f->out - n, "|%.*s", (int)t.len, t.at);
        }
        n += (size_t)snprintf(f->out + n, sizeof f->out - n, "\n");
    }
}

/* Runs one indicator over rows; the result is in f->out. */
static int run(struct fixture *f, const char *code, const char *rows)
{
    static const struct table *list[2];
    memset(&f->d, 0, sizeof f->d);
    memset(&f->error, 0, sizeof f->error);
    f->d.arena = f->arena;
    f->d.language = ENGLISH;
    f->d.error = &f->error;
    f->d.catalogue = &f->catalogue;
    list[0] = parse(f, nationality_text);
    f->d.list = list;
    f->d.round = true;
    assert_int_equal(ranks_read(parse(f, ranks_text), &f->d.ranks[0], &f->error), 0);
    assert_int_equal(ranks_read(parse(f, ranks_text), &f->d.ranks[1], &f->error), 0);
    add_rows(f, parse(f, rows));
    const struct indicator *i = catalogue_find(&f->catalogue, text_of(code));
    assert_non_null(i);
    int result = derivation_run(&f->d, i);
    derivation_sort(&f->d);
    print_rows(f);
    return result;
}

static void check(void **state, const char *code, const char *rows, const char *expected)
{
    struct fixture *f = *state;
    int result = run(f, code, rows);
    if (result)
        fail_msg("%s", f->error.message);
    assert_string_equal(f->out, expected);
}

static int set_up(void **state)
{
    static struct fixture f;
    f.arena = arena_new();
    *state = &f;
    return catalogue_read(f.arena, parse(&f, catalogue_text), &f.catalogue, &f.error);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    arena_free(f->arena);
    return 0;
}

static void test_ratio(void **state)
{
    check(state, "RATE",
          HEAD
          "GIVEN,_T,_T,2014,CNDH,2015,,PS,23096,,A,x\nASKED,_T,_T,2014,CNDH,2015,,PS,27649,,A,y\n"
          "GIVEN,_T,_T,2017,GVT,2019,,PS,50000,~,A,x\nASKED,_T,_T,2017,GVT,2019,,PS,54000,,P,x\n",
          "_T|2014|CNDH|2015|83.5||A|\n_T|2017|GVT|2019|92.6|~|P|\n");
    assert_true(
        text_equal(((struct fixture *)*state)->d.out.at[0]->field[OBS_SOURCE], TEXT("x; y")));
}

/* Neither another producer's denominator nor another vintage's nor another scope's is taken. */
static void test_ratio_apart(void **state)
{
    struct fixture *f = *state;
    check(state, "RATE",
          HEAD
          "GIVEN,_T,_T,2014,CNDH,2015,,PS,23096,,A,x\nASKED,_T,_T,2014,MI,2015,,PS,27332,,A,y\n"
          "ASKED,_T,_T,2014,CNDH,2016,,PS,27649,,A,y\nASKED,_T,_T,2014,CNDH,2015,s,PS,1,,A,y\n",
          "");
    assert_int_equal(f->d.unmatched, 1);
}

static void test_ratio_missing(void **state)
{
    check(state, "RATE",
          HEAD "GIVEN,_T,_T,2014,M,2015,,PS,5,,A,x\nASKED,_T,_T,2014,M,2015,,PS,,,Q,y\n"
               "GIVEN,FRA,_T,2014,M,2015,,PS,5,>,A,x\nASKED,FRA,_T,2014,M,2015,,PS,0,,A,y\n"
               "GIVEN,SEN,_T,2014,M,2015,,PS,5,>,A,x\nASKED,SEN,_T,2014,M,2015,,PS,10,<,A,y\n",
          "FRA|2014|M|2015|||M|division by zero\nSEN|2014|M|2015|50|>|A|\n"
          "_T|2014|M|2015|||Q|no figure for ASKED\n");
}

static void test_share_total(void **state)
{
    check(state, "SHARE",
          HEAD "ASKED,_T,_T,2014,C,2015,,PS,27332,,A,x\nASKED,SEN,_T,2014,C,2015,,PS,6600,,A,x\n"
               "ASKED,X_SSA,_T,2014,C,2015,,PS,13666,,A,x\nASKED,SEN,F,2014,C,2015,,PS,100,,A,x\n"
               "ASKED,SEN,_T,2014,C,2016,,PS,7,,A,x\n",
          "SEN|2014|C|2015|24.1||A|\nSEN|2014|C|2016|||L|no total published\n"
          "X_SSA|2014|C|2015|50||A|\n_T|2014|C|2015|100||A|\n");
}

static void test_share_sum(void **state)
{
    check(state, "SHARE",
          HEAD "ASKED,FRA,_T,2014,C,2015,,PS,1,,A,x\nASKED,SEN,_T,2014,C,2015,,PS,2,>,E,x\n"
               "ASKED,XXX,_T,2014,C,2015,,PS,5,,A,x\nASKED,X_SSA,_T,2014,C,2015,,PS,4,,A,x\n",
          "FRA|2014|C|2015|12.5|<|E|of the sum of 3 parts: no total published\n"
          "SEN|2014|C|2015|25|>|E|of the sum of 3 parts: no total published\n"
          "XXX|2014|C|2015|62.5|<|E|of the sum of 3 parts: no total published\n"
          "X_SSA|2014|C|2015|50|<|E|of the sum of 3 parts: no total published\n");
    check(state, "SHARE",
          HEAD "ASKED,FRA,_T,2014,C,2015,,PS,1,,A,x\nASKED,SEN,_T,2014,C,2015,,PS,,,Q,x\n",
          "FRA|2014|C|2015|||L|no total published, and a part is missing\n"
          "SEN|2014|C|2015|||Q|no figure for this part\n");
    check(state, "SHARE",
          HEAD "ASKED,FRA,_T,2014,C,2015,,PS,1,,A,x\nASKED,_O,_T,2014,C,2015,,PS,2,,A,x\n",
          "FRA|2014|C|2015|||L|no total published, and a part is a rest of others\n"
          "_O|2014|C|2015|||L|no total published, and a part is a rest of others\n");
}

#define NET(period, as_of, value, more)                                                            \
    "NET,_T,_T," period ",MI," as_of ",,NB," value "," more ",x\n"

static void test_cumulative(void **state)
{
    check(state, "SUM",
          HEAD NET("2018", "2020", "229", ",A") NET("2019", "2020", "208", ",A")
              NET("2020", "2021", "111", ",A") NET("2021", "2022", "256", ",A")
                  NET("2022", "2023-06", "290", "~,A"),
          "_T|2018|MI|2020|229||A|\n_T|2019|MI|2020|437||A|\n_T|2020|MI|2021|548||A|\n"
          "_T|2021|MI|2022|804||A|\n_T|2022|MI|2023-06|1094|~|A|\n");
}

/* 2017 is a gap too, but the first one is told.  A vintage of a year counts as its last day. */
static void test_cumulative_gap(void **state)
{
    check(state, "SUM",
          HEAD NET("2014", "2017", "105", ",A") NET("2016", "2017-10", "61", ",A")
              NET("2017-01-01/P9M", "2017-10", "58", ",A") NET("2018", "2019", "7", ",A"),
          "_T|2014|MI|2017|105||A|\n_T|2016|MI|2017|||L|gap: no figure for 2015\n"
          "_T|2018|MI|2019|||L|gap: no figure for 2015\n");
    check(state, "SUM",
          HEAD NET("2016", "2017-10", "61", ",A") NET("2017-01-01/P9M", "2017-10", "58", ",A")
              NET("2018", "2019", "7", ",A") NET("2012-01-01/P5Y", "2019", "392", ",A"),
          "_T|2016|MI|2017-10|61||A|\n_T|2018|MI|2019|||L|"
          "gap: no figure for 2017, only for a part of it: Jan–Sept 2017\n");
    check(state, "SUM", HEAD NET("2016", "2017", "", ",L") NET("2017", "2018", "1", ",A"),
          "_T|2016|MI|2017|||L|gap: no figure for 2016\n"
          "_T|2017|MI|2018|||L|gap: no figure for 2016\n");
}

/* The later vintage counts; an approximate one or one of unknown date does not supersede. */
static void test_vintages(void **state)
{
    check(state, "CHANGE",
          HEAD NET("2018", "2019", "100", ",A") NET("2018", "2020", "110", ",A")
              NET("2018", "2021", "120", "~,A") NET("2018", "_U", "130", ",A")
                  NET("2019", "2020-06", "115", ",P"),
          "_T|2018|MI|2020|||L|no figure for 2017\n_T|2019|MI|2020|5||P|\n");
}

static void test_change(void **state)
{
    check(state, "CHANGE",
          HEAD NET("2018", "2019", "10.5", ",A") NET("2019", "2020", "8", ">,A")
              NET("2021", "2022", "9", ",A") NET("2004-09-01", "2018", "51435", ",A")
                  NET("2014-09-01", "2018", "84001", ",A"),
          "_T|2004-09-01|MI|2018|||L|no earlier figure\n"
          "_T|2014-09-01|MI|2018|32566||A|since 1 Sept 2004\n"
          "_T|2018|MI|2019|||L|no figure for 2017\n_T|2019|MI|2020|-3|>|A|\n"
          "_T|2021|MI|2022|||L|no figure for 2020\n");
}

static void test_growth(void **state)
{
    check(state, "GROWTH",
          HEAD NET("2004-09-01", "2018", "51435", ",A") NET("2014-09-01", "2018", "84001", ",A")
              NET("2018", "2018", "0", ",A") NET("2019", "2019", "4", ",A"),
          "_T|2004-09-01|MI|2018|||L|no earlier figure\n"
          "_T|2014-09-01|MI|2018|63.3||A|since 1 Sept 2004\n"
          "_T|2018|MI|2018|||L|no figure for 2017\n_T|2019|MI|2019|||M|division by zero\n");
}

static void test_index(void **state)
{
    check(state, "INDEX", HEAD NET("2018", "2019", "80", "<,A") NET("2019", "2020", "100", ",A"),
          "_T|2018|MI|2019|100||A|\n_T|2019|MI|2020|125|>|A|\n");
    check(state, "INDEX", HEAD NET("2019", "2020", "100", ",A"),
          "_T|2019|MI|2020|||L|no figure for the base 2018\n");
}

static void test_average(void **state)
{
    check(state, "MEAN",
          HEAD NET("2018", "2019", "229", ",A") NET("2019", "2020", "208", ",A")
              NET("2020", "2021", "111", ",U"),
          "_T|2018|MI|2019|||L|no figure for 2017\n_T|2019|MI|2020|||L|no figure for 2017\n"
          "_T|2020|MI|2021|182.7||U|\n");
}

static const char two_producers[] = HEAD "NET,_T,_T,2018,ONM,2020,,NB,229,,A,x\n"
                                         "NET,_T,_T,2019,MI,2020,,NB,208,,A,y\n"
                                         "PEOPLE,_T,_T,2018,HCP,2019,,PS,35000000,,A,z\n";

/* Without --across-producers each producer is a series of its own. */
static void test_producers(void **state)
{
    struct fixture *f = *state;
    check(state, "SUM", two_producers, "_T|2018|ONM|2020|229||A|\n_T|2019|MI|2020|208||A|\n");
    check(state, "PER", two_producers, "");
    assert_int_equal(f->d.unmatched, 2);
}

static int run_across(struct fixture *f, const char *code, const char *rows)
{
    assert_int_equal(run(f, code, rows), 0);
    f->d.across = true;
    f->d.out.count = 0;
    int result = derivation_run(&f->d, catalogue_find(&f->catalogue, text_of(code)));
    print_rows(f);
    return result;
}

static void test_across(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(run_across(f, "SUM", two_producers), 0);
    assert_string_equal(f->out, "_T|2018|ONM|2020|229||A|\n_T|2019|marsad|2020|437||A|\n");
    assert_true(text_equal(f->d.out.at[1]->field[OBS_SOURCE], TEXT("ONM: x; MI: y")));
    assert_int_equal(run_across(f, "PER", two_producers), 0);
    assert_string_equal(f->out, "_T|2018|marsad|2020|0.65||A|\n");
    assert_int_equal(run_across(f, "SUM",
                                HEAD "NET,_T,_T,2019,MI,2020,,NB,208,,A,x\n"
                                     "NET,_T,_T,2019,DGSN,2019,,NB,62,,A,x\n"),
                     -1);
    assert_int_equal(f->error.code, EX_DATAERR);
}

static void test_duplicates(void **state)
{
    struct fixture *f = *state;
    check(state, "SUM",
          HEAD "NET,_T,_T,2018,MI,2019,,NB,5,,A,x\nNET,_T,_T,2018,MI,2019,,NB,5.0,,A,y\n"
               "NET,_T,_T,2018,MI,2019,,NB,7,~,A,z\n",
          "_T|2018|MI|2019|5||A|\n");
    assert_true(text_equal(f->d.out.at[0]->field[OBS_SOURCE], TEXT("x; y")));
    assert_int_equal(
        run(f, "SUM", HEAD NET("2018", "2019", "5", ",A") NET("2018", "2019", "6", ",A")), -1);
    assert_int_equal(f->error.code, EX_DATAERR);
    assert_non_null(strstr(f->error.message, "records 1 and 2"));
}

static void test_units(void **state)
{
    struct fixture *f = *state;
    check(state, "RATE",
          HEAD "GIVEN,_T,_T,2014,C,2015,,PT,24,,A,x\nASKED,_T,_T,2014,C,2015,,PS,10,,A,x\n", "");
    assert_int_equal(f->d.misfits, 1);
}

static void check_catalogue(void **state, const char *rows, const char *message, unsigned line)
{
    struct fixture *f = *state;
    struct catalogue c;
    memset(&f->error, 0, sizeof f->error);
    const char *text = arena_print(f->arena, "code,formula,dimensions\nA,,\n%s", rows);
    assert_int_equal(catalogue_read(f->arena, parse(f, text), &c, &f->error), -1);
    assert_int_equal(f->error.code, EX_CONFIG);
    assert_int_equal(f->error.place.line, line);
    assert_non_null(strstr(f->error.message, message));
}

static void test_catalogue(void **state)
{
    check_catalogue(state, "B,\"ratio(A, C)\",\n", "not there: C", 3);
    check_catalogue(state, "B,change(A),\nC,change(B),\n", "derived: B", 4);
    check_catalogue(state, "B,\"share(A, sex)\",age\n", "dimensions: sex", 3);
    check_catalogue(state, "A,,\n", "twice", 3);
    check_catalogue(state, "B,sum(A),\n", "character 1: ratio, share", 3);
    check_catalogue(state, "B,\"ratio(A A)\",\n", "character 9: , is expected", 3);
    check_catalogue(state, "B,change(A,\n", "character 9: ) is expected", 3);
    check_catalogue(state, "B,change(A) x,\n", "character 11: nothing", 3);
    check_catalogue(state, "B,\"index(A, soon)\",\n", "a period such as 2014", 3);
    check_catalogue(state, "B,\"per(A, A, 0)\",\n", "from 1 to", 3);
    check_catalogue(state, "B,\"moving_average(A, 1)\",\n", "from 2 to 100", 3);
    check_catalogue(state, "B,\"per(A, A, 99999999999)\",\n", "from 1 to", 3);
}

static void test_bearings(void **state)
{
    (void)state;
    assert_int_equal(bearing_join(BEARING_ABOVE, BEARING_EXACT), BEARING_ABOVE);
    assert_int_equal(bearing_join(BEARING_ABOVE, BEARING_BELOW), BEARING_UNCLEAR);
    assert_int_equal(bearing_join(BEARING_BELOW, BEARING_BELOW), BEARING_BELOW);
    assert_int_equal(bearing_join(BEARING_UNCLEAR, BEARING_BELOW), BEARING_UNCLEAR);
    assert_int_equal(bearing_turn(BEARING_UNCLEAR), BEARING_UNCLEAR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ratio),          cmocka_unit_test(test_ratio_apart),
        cmocka_unit_test(test_ratio_missing),  cmocka_unit_test(test_share_total),
        cmocka_unit_test(test_share_sum),      cmocka_unit_test(test_cumulative),
        cmocka_unit_test(test_cumulative_gap), cmocka_unit_test(test_vintages),
        cmocka_unit_test(test_change),         cmocka_unit_test(test_growth),
        cmocka_unit_test(test_index),          cmocka_unit_test(test_average),
        cmocka_unit_test(test_producers),      cmocka_unit_test(test_across),
        cmocka_unit_test(test_duplicates),     cmocka_unit_test(test_units),
        cmocka_unit_test(test_catalogue),      cmocka_unit_test(test_bearings),
    };
    return cmocka_run_group_tests_name("table/derivation", tests, set_up, tear_down);
}
